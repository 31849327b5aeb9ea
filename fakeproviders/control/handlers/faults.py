"""Fault rules and the failure catalogue."""

from aiohttp import web

from fakeproviders.control.bodies import only_known, read_body
from fakeproviders.control.handlers.common import context_of, no_content, reply, session_of
from fakeproviders.control.problems import Problem, not_found, unusable
from fakeproviders.control.views import failure_view, fault_view
from fakeproviders.failures import Words, catalogue
from fakeproviders.faults.registry import BadRule
from fakeproviders.faults.rule import FaultSpec, Rule
from fakeproviders.session import Session


async def add(request: web.Request) -> web.Response:
    """Put a rule in force, after those there are."""
    session = session_of(request)
    spec = await read_body(request, FaultSpec)
    async with context_of(request).sessions.change(session):
        try:
            rule = session.faults.add(spec)
        except BadRule as error:
            raise unusable(error) from None
        if rule.refuses:
            await _take_down(request, session, rule)
    location = {"Location": f"/api/v1/sessions/{session.id}/faults/{rule.id}"}
    return reply(fault_view(rule), 201, location)


async def list_all(request: web.Request) -> web.Response:
    """The rules in the order in which they are tried."""
    only_known(request)
    session = session_of(request)
    await session.faults.count_again()
    return reply({"faults": [fault_view(rule) for rule in session.faults.rules]})


async def clear(request: web.Request) -> web.Response:
    """Take all rules out of force."""
    session = session_of(request)
    async with context_of(request).sessions.change(session):
        session.faults.clear()
    await context_of(request).ports.settle(session)
    return no_content()


async def remove(request: web.Request) -> web.Response:
    """Take one rule out of force."""
    session, rule_id = session_of(request), request.match_info["fault"]
    async with context_of(request).sessions.change(session):
        if session.faults.remove(rule_id) is None:
            words = Words(zh=f"没有故障规则 {rule_id}", en=f"there is no fault rule {rule_id}")
            raise not_found(words)
    await context_of(request).ports.settle(session)
    return no_content()


async def _take_down(request: web.Request, session: Session, rule: Rule) -> None:
    ports = context_of(request).ports
    if not ports.has(session):
        session.faults.remove(rule.id)
        raise Problem(
            409,
            Words(
                zh='refuse 会关掉监听端口，只能用于新建时带 "dedicated_ports": true 的会话',
                en='refuse takes a listener down; only a session made with "dedicated_ports": true has one',
            ),
        )
    await ports.settle(session)


async def failures(request: web.Request) -> web.Response:
    """The catalogue: every failure with text, cause, remedy, provenance and wire forms."""
    only_known(request)
    providers = list(context_of(request).sessions.providers.values())
    return reply({"failures": [failure_view(f, providers) for f in catalogue().values()]})
