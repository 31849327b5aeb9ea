"""Verification of the journal."""

import asyncio

from aiohttp import web

from fakeproviders.control.bodies import only_known, read_body
from fakeproviders.control.handlers.common import reply, up_to_date
from fakeproviders.control.problems import unusable
from fakeproviders.control.views import report_view
from fakeproviders.faults.registry import BadRule
from fakeproviders.verify.expectation import Verification
from fakeproviders.verify.report import gather, verify


async def post(request: web.Request) -> web.Response:
    """Whether the requests came that were expected: ``pass``, ``fail`` or ``inconclusive``, and why."""
    only_known(request)
    wanted = await read_body(request, Verification)
    session = await up_to_date(request)
    try:
        evidence = gather(wanted, session.journal, session.faults.rules)
        report = await asyncio.to_thread(verify, wanted, evidence)
    except BadRule as error:
        raise unusable(error) from None
    return reply(report_view(report, session.seed))
