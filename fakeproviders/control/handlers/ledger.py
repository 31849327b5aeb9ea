"""The ledger of a session: begin a load run, end it, read what it did."""

from typing import Annotated

import msgspec
from aiohttp import web

from fakeproviders.control.bodies import only_known, read_body
from fakeproviders.control.handlers.common import reply, session_of, up_to_date
from fakeproviders.control.problems import not_found
from fakeproviders.failures import Words
from fakeproviders.ledger.ledger import Ledger
from fakeproviders.session import Session


class NewLedger(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """``POST /ledger``: what the run is called."""

    name: Annotated[str, msgspec.Meta(max_length=100)] = ""


async def begin(request: web.Request) -> web.Response:
    """Count what is sent from now on; an earlier run's ledger is replaced."""
    only_known(request)
    wanted = await read_body(request, NewLedger)
    ledger = await session_of(request).start_ledger(wanted.name)
    return reply(ledger.document(), 201)


async def get(request: web.Request) -> web.Response:
    """What the newest run has done so far, or did."""
    only_known(request)
    return reply(_ledger_of(await up_to_date(request)).document())


async def end(request: web.Request) -> web.Response:
    """End the run; what it did. Once more is harmless."""
    only_known(request)
    session = await up_to_date(request)
    ledger = _ledger_of(session)
    session.end_ledger()
    return reply(ledger.document())


def _ledger_of(session: Session) -> Ledger:
    if session.ledger is None:
        raise not_found(
            Words(
                zh="这个会话没有压测账本：POST /sessions/{id}/ledger 开始记账",
                en="this session has no ledger: POST /sessions/{id}/ledger begins one",
            )
        )
    return session.ledger
