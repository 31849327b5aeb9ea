"""A request's way. Start reading here.

bytes -> decode -> whose is it? -> draw a fault -> rules and charge -> encode -> journal -> deliver
"""

import logging
import time
from collections.abc import Callable
from functools import partial

from fakeproviders.account import Account
from fakeproviders.domain.attempt import Attempt, Hop
from fakeproviders.domain.operations import decide
from fakeproviders.domain.template import preview
from fakeproviders.failures import Reason
from fakeproviders.faults.base import Fault, Wire
from fakeproviders.faults.engine import NO_DRAW, Draw
from fakeproviders.journal import Entry
from fakeproviders.model import Accepted, Call, Outcome, RawReply, RawRequest, Refused, Sent
from fakeproviders.providers.base import Provider
from fakeproviders.session import Session
from fakeproviders.sessions import Sessions

_log = logging.getLogger(__name__)
Hops = Callable[[Session], Hop]
Expect = Callable[[Session, Account, float, Sent], None]


class Pipeline:
    """Handles requests of all listeners.

    ``hops`` gives a session's way to the platform above; ``expect`` is told of sends whose receipts the
    account wants called back.
    """

    def __init__(
        self,
        sessions: Sessions,
        hops: Hops,
        real: Callable[[], float] = time.time,
        expect: Expect = lambda session, account, now, sent: None,
    ) -> None:
        self._sessions = sessions
        self._hops = hops
        self._expect = expect
        self._real = real

    async def handle(self, listener: Provider, raw: RawRequest, wire: Wire) -> RawReply | None:
        """The reply to write, or None when a fault has dealt with the connection."""
        arrived = self._real()
        call = listener.decode(raw)
        owner = self._sessions.owner(listener.name, raw.session_id, call)
        session, account = owner.session, owner.account
        call.provider = account.role
        now = session.clock.now()
        draw = self._draw(session, account, call, now)
        outcome = await self._outcome(session, account, call, draw.fault, now, arrived)
        reply = self._encode(listener, call, outcome, account)
        entry = Entry(
            at=now,
            real_at=arrived,
            role=account.role,
            provider=listener,
            request=raw,
            call=call,
            draw=draw,
            outcome=outcome,
            reply=reply,
            hint=owner.hint,
            rules=session.faults.rules,
        )
        session.journal.append(entry)
        if draw.fault.acts:
            reply = await draw.fault.deliver(wire, reply or _NOTHING, draw)
        entry.written = reply
        entry.took = self._real() - arrived
        return reply

    def _draw(self, session: Session, account: Account, call: Call, now: float) -> Draw:
        """The fault that meets the call; what the rules would only find out is filled in before."""
        if not session.faults.rules:
            return NO_DRAW
        if call.token is not None:
            call.account = account.id
        preview(call, account)
        return session.faults.draw(call, now)

    async def _outcome(
        self,
        session: Session,
        account: Account,
        call: Call,
        fault: Fault,
        now: float,
        arrived: float,
    ) -> Outcome | None:
        """What is decided about the call; None when a fault keeps it from being handled."""
        if fault.acts:
            if fault.intercepts:
                return None
            if fault.reason is not None:
                return Refused(fault.reason, rule="fault")
        if call.page is not None:
            return Accepted()
        attempt = Attempt(
            call=call,
            account=account,
            store=session.store,
            now=now,
            real_now=arrived,
            random=session.random,
            hop=self._hops(session) if account.settings.forwards else None,
            session_id=session.id,
        )
        if account.settings.callback_url is not None:
            attempt.on_sent = partial(self._expect, session, account, now)
        try:
            return await decide(attempt)
        except Exception:  # noqa: BLE001 - logged, and journaled as what it is
            _log.exception(
                "%s %s failed: a defect, please report it", call.provider, call.operation
            )
            return Refused(Reason.INTERNAL_ERROR, rule="defect")

    def _encode(
        self, listener: Provider, call: Call, outcome: Outcome | None, account: Account
    ) -> RawReply | None:
        if outcome is None:
            return None
        if call.page is not None and isinstance(outcome, Accepted):
            return call.page
        try:
            return listener.encode(call, outcome, account.settings)
        except Exception:  # noqa: BLE001 - logged, and the caller gets an answer all the same
            _log.exception("the reply of %s %s could not be written", call.provider, call.operation)
            broken = Refused(Reason.INTERNAL_ERROR, rule="encode")
            return listener.encode(call, broken, account.settings)


_NOTHING = RawReply(500, (), b"")
"""Stands for the reply of a request that was not handled; a fault that intercepts brings its own."""
