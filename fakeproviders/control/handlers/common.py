"""What every handler needs: its session, its reply."""

from typing import Any

import msgspec
from aiohttp import web

from fakeproviders.control.context import CONTEXT, Context
from fakeproviders.control.problems import Problem, not_found
from fakeproviders.failures import Words
from fakeproviders.session import Session


def context_of(request: web.Request) -> Context:
    """What the application was built with."""
    return request.app[CONTEXT]


def session_of(request: web.Request) -> Session:
    """The session that the path names. Raises Problem."""
    session_id = request.match_info["session"]
    session = context_of(request).sessions.get(session_id)
    if session is None:
        raise no_session(session_id)
    session.touch()
    return session


async def up_to_date(request: web.Request) -> Session:
    """The session that the path names, its journal read up to now. Raises Problem, StoreUnavailable."""
    session = session_of(request)
    await session.journal.sync()
    return session


def no_session(session_id: str) -> Problem:
    """There is none of this id, or no more."""
    return not_found(
        Words(
            zh=f"没有会话 {session_id}：可能已过期或已删除，GET /api/v1/sessions 可列出现有的",
            en=f"there is no session {session_id}: expired, or deleted; GET /api/v1/sessions lists those there are",
        )
    )


def reply(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """A JSON reply."""
    return web.Response(
        status=status,
        body=msgspec.json.encode(data),
        content_type="application/json",
        headers=headers,
    )


def no_content() -> web.Response:
    """Done, and there is nothing to say."""
    return web.Response(status=204)
