"""The session's clock and its quota."""

from aiohttp import web

from fakeproviders.clock import ClockState, iso, parse_moment
from fakeproviders.control.bodies import Advance, only_known, only_values, read_body
from fakeproviders.control.handlers.common import context_of, reply, session_of
from fakeproviders.control.problems import bad_field, unusable
from fakeproviders.control.views import bucket_view
from fakeproviders.events import clock_facts
from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit
from fakeproviders.session import Session


async def get(request: web.Request) -> web.Response:
    """How the clock is set and what it shows."""
    only_known(request)
    return _clock(session_of(request))


async def put(request: web.Request) -> web.Response:
    """Set the clock; what became due by it has run when this returns."""
    session = session_of(request)
    wanted = await read_body(request, ClockState)
    await context_of(request).sessions.catch_up()
    await context_of(request).dispatcher.due.read(session)
    await session.clock.set(wanted)
    await _tell(request, session)
    await context_of(request).ports.settle(session)
    return _clock(session)


async def advance(request: web.Request) -> web.Response:
    """Move the clock forward; all that is due on the way has run, in order, when this returns."""
    session = session_of(request)
    wanted = await read_body(request, Advance)
    await context_of(request).sessions.catch_up()
    await context_of(request).dispatcher.due.read(session)
    seconds = wanted.seconds
    if wanted.to is not None:
        seconds = _until(wanted.to, session.clock.now())
    try:
        await session.clock.advance(seconds or 0.0)
    except Misfit as error:
        raise unusable(error) from None
    await _tell(request, session)
    return _clock(session)


async def quota(request: web.Request) -> web.Response:
    """Each bucket: used, limit, window, resets_at."""
    only_known(request, "provider")
    session = session_of(request)
    only_values(request, provider=session.accounts)
    now = session.clock.now()
    only = request.query.get("provider")
    shown = [
        bucket_view(role, use)
        for role, account in session.accounts.items()
        if only in {None, role}
        for use in await session.store.usage(role, account.settings.quotas, now)
    ]
    return reply({"quota": shown, "now": iso(now)})


async def _tell(request: web.Request, session: Session) -> None:
    """Have all processes' clocks stand alike.

    What was due has run before, out of turn: it may be a call to a program that changes this very session.
    """
    async with context_of(request).sessions.change(session):
        pass


def _until(to: str, now: float) -> float:
    try:
        moment = parse_moment(to)
    except Misfit as error:
        raise bad_field("to", error.words) from None
    if moment < now:
        words = Words(
            zh=f"{to} 已经过去：时钟现在是 {iso(now)}",
            en=f"{to} is in the past: this clock shows {iso(now)}",
        )
        raise bad_field("to", words)
    return moment - now


def _clock(session: Session) -> web.Response:
    return reply(clock_facts(session.clock))
