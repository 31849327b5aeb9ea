"""Sessions and their providers' settings."""

from typing import Any

from aiohttp import web

from fakeproviders.clock import iso
from fakeproviders.control.bodies import (
    NewSession,
    only_known,
    only_values,
    read_body,
    read_json,
    read_page,
)
from fakeproviders.control.handlers.common import context_of, no_content, reply, session_of
from fakeproviders.control.problems import Problem, bad_field, not_found, unusable
from fakeproviders.control.views import settings_view
from fakeproviders.failures import Words
from fakeproviders.session import DEFAULT, Session
from fakeproviders.sessions import BadSettings
from fakeproviders.sharing.document import OwnPorts
from fakeproviders.system_errors import why
from fakeproviders.verify.report import is_unfired


async def create(request: web.Request) -> web.Response:
    """A new private world."""
    wanted = await read_body(request, NewSession)
    context = context_of(request)
    try:
        session = await context.sessions.create(
            name=wanted.name,
            seed=wanted.seed,
            clock=wanted.clock,
            ttl=wanted.ttl_seconds,
            providers=wanted.providers,
        )
    except BadSettings as error:
        raise unusable(error) from None
    if wanted.dedicated_ports:
        await _open_ports(request, session)
    location = {"Location": f"/api/v1/sessions/{session.id}"}
    return reply(_whole(request, session), 201, location)


async def list_all(request: web.Request) -> web.Response:
    """The live sessions, oldest first; ``cursor`` goes on where the last answer ended."""
    page = read_page(request)
    sessions = context_of(request).sessions.all()
    first = page.cursor or 0
    shown = sessions[first : first + page.limit]
    more = str(first + page.limit) if first + page.limit < len(sessions) else None
    whole = [_whole(request, session) for session in shown]
    return reply({"sessions": whole, "total": len(sessions), "cursor": more})


async def get(request: web.Request) -> web.Response:
    """One session."""
    only_known(request)
    return reply(_whole(request, session_of(request)))


async def delete(request: web.Request) -> web.Response:
    """End a session; what it held is forgotten. ``strict=true`` keeps one whose faults have not all fired."""
    only_known(request, "strict")
    only_values(request, strict=("true", "false"))
    session = session_of(request)
    if session.id == DEFAULT:
        raise Problem(
            409,
            Words(
                zh="默认会话不能删除；要清空它，请 POST /sessions/default/reset",
                en="the default session cannot be deleted; POST /sessions/default/reset empties it",
            ),
        )
    if request.query.get("strict") == "true":
        await session.faults.count_again()
        _all_fired(session)
    await context_of(request).sessions.delete(session.id)
    return no_content()


async def reset(request: web.Request) -> web.Response:
    """Back to how the session was created."""
    session = session_of(request)
    await context_of(request).sessions.reset(session)
    await context_of(request).ports.settle(session)
    return reply(_whole(request, session))


async def get_provider(request: web.Request) -> web.Response:
    """An account's settings."""
    session, role = _account(request)
    balance = await session.store.balance(role)
    return reply(settings_view(session.accounts[role], balance))


async def patch_provider(request: web.Request) -> web.Response:
    """Change settings: objects merge, lists are replaced; in force when this returns."""
    session, role = _account(request)
    patch = await read_json(request)
    if not isinstance(patch, dict):
        raise bad_field("", Words(zh="必须是 JSON 对象", en="must be an object"))
    await session.journal.sync()  # a load run's ledger judges what came before by what held then
    try:
        await context_of(request).sessions.patch(session, role, patch)
    except BadSettings as error:
        raise unusable(error) from None
    return await get_provider(request)


async def _open_ports(request: web.Request, session: Session) -> None:
    context = context_of(request)
    try:
        await context.ports.open(session, list(context.urls))
        async with context.sessions.change(session):
            session.own_ports = OwnPorts(context.dispatcher.desk, context.ports.numbers(session))
    except OSError as error:
        await context.sessions.delete(session.id)
        reason = why(error)
        words = Words(
            zh=f"无法为会话开端口：{reason.zh}", en=f"no ports for the session: {reason.en}"
        )
        raise Problem(503, words) from None


def _all_fired(session: Session) -> None:
    """Raises Problem for fault rules that never fired, or have steps of their script left."""
    unfired = [rule.id for rule in session.faults.rules if is_unfired(rule)]
    if unfired:
        raise Problem(
            409,
            Words(
                zh=f"故障规则 {'、'.join(unfired)} 从未触发，或脚本未走完；会话未删除",
                en=f"fault rules that never fired, or have steps left: {', '.join(unfired)}; "
                "the session is still there",
            ),
        )


def _account(request: web.Request) -> tuple[Session, str]:
    session, role = session_of(request), request.match_info["provider"]
    if role not in session.accounts:
        known = list(session.accounts)
        raise not_found(
            Words(
                zh=f"没有服务商 {role}；有：{'、'.join(known)}",
                en=f"no provider {role}; there are {', '.join(known)}",
            )
        )
    return session, role


def _whole(request: web.Request, session: Session) -> dict[str, Any]:
    return {
        **context_of(request).describe(session),
        "created_at": iso(session.created_at),
        "ttl_seconds": session.ttl,
        "ledger": _ledger_state(session),
    }


def _ledger_state(session: Session) -> str | None:
    """``running`` or ``ended``; None where no load run was begun."""
    if session.ledger is None:
        return None
    return "running" if session.ledger.running else "ended"
