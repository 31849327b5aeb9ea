"""A request's way. Start reading here.

bytes -> decode -> whose is it? -> draw a fault -> rules and charge -> encode -> journal -> deliver
"""

import logging
import time
from collections.abc import Awaitable, Callable
from functools import partial

from fakeproviders.account import Account
from fakeproviders.domain.attempt import Attempt, Hop
from fakeproviders.domain.operations import decide, refused
from fakeproviders.domain.template import preview
from fakeproviders.failures import Reason
from fakeproviders.faults.base import Wire
from fakeproviders.faults.engine import NO_DRAW, Draw
from fakeproviders.journal import Entry
from fakeproviders.model import (
    Accepted,
    Call,
    Outcome,
    RawReply,
    RawRequest,
    Refusal,
    Refused,
    Sent,
)
from fakeproviders.providers.base import Provider
from fakeproviders.session import Session
from fakeproviders.sessions import Owner, Sessions
from fakeproviders.soon import Soon, settled
from fakeproviders.tally import Tally

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
        self.tally = Tally()
        self._sessions = sessions
        self._hops = hops
        self._expect = expect
        self._real = real

    def handle(self, listener: Provider, raw: RawRequest, wire: Wire) -> Soon[RawReply | None]:
        """The reply to write, at once or soon; None when a fault has dealt with the connection."""
        arrived = self._real()
        call = listener.decode(raw)
        owner = self._sessions.owner(listener.name, raw.session_id, call)
        session, account = owner.session, owner.account
        call.provider = account.role
        now = session.clock.now()
        entry = Entry(
            at=now,
            real_at=arrived,
            role=account.role,
            provider=listener,
            request=raw,
            call=call,
            draw=NO_DRAW,
            outcome=None,
            reply=None,
            hint=owner.hint,
            rules=session.faults.rules,
        )
        if session.faults.rules:
            draw = self._draw(session, account, call, now)
            if not isinstance(draw, Draw):
                return self._wait_for_draw(owner, entry, draw, wire)
            entry.draw = draw
        return self._handle_drawn(owner, entry, wire)

    def _handle_drawn(self, owner: Owner, entry: Entry, wire: Wire) -> Soon[RawReply | None]:
        outcome = self._decide(owner, entry)
        awaits = entry.draw.fault.acts or owner.session.journal.is_shared
        if awaits or not isinstance(outcome, DECIDED):
            return self._wait(owner, entry, outcome, wire)
        reply = self._answer(owner, entry, outcome)
        entry.written, entry.took = reply, self._real() - entry.real_at
        self.tally.count(entry)
        return reply

    async def _wait_for_draw(
        self, owner: Owner, entry: Entry, draw: Awaitable[Draw], wire: Wire
    ) -> RawReply | None:
        """What handle() does where the matches of several processes are counted together."""
        try:
            entry.draw = await draw
        except Refusal as away:
            return await self._wait(owner, entry, refused(away), wire)
        return await settled(self._handle_drawn(owner, entry, wire))

    async def _wait(
        self, owner: Owner, entry: Entry, outcome: Soon[Outcome] | None, wire: Wire
    ) -> RawReply | None:
        """What handle() does where a store, a hop or a fault takes its time."""
        if not (outcome is None or isinstance(outcome, DECIDED)):
            try:
                outcome = await outcome
            except Exception:  # noqa: BLE001 - as in _decide
                outcome = _defect(entry.call)
        reply = self._answer(owner, entry, outcome)
        draw, journal = entry.draw, owner.session.journal
        if draw.fault.acts:
            await journal.prove(entry)
            reply = await draw.fault.deliver(wire, reply or _NOTHING, draw)
        entry.written, entry.took = reply, self._real() - entry.real_at
        self.tally.count(entry)
        await journal.settle(entry)
        return reply

    def _answer(self, owner: Owner, entry: Entry, outcome: Outcome | None) -> RawReply | None:
        """Encode, and journal: before delivery, so that a lost reply can be proved."""
        call, listener, settings = entry.call, entry.provider, owner.account.settings
        entry.outcome = outcome
        if outcome is None:
            reply = None
        elif call.page is not None and isinstance(outcome, Accepted):
            reply = call.page
        else:
            try:
                reply = listener.encode(call, outcome, settings)
            except Exception:  # noqa: BLE001 - logged, and the caller gets an answer all the same
                _log.exception(
                    "the reply of %s %s could not be written", call.provider, call.operation
                )
                reply = listener.encode(call, _UNWRITTEN, settings)
        entry.reply = reply
        owner.session.journal.append(entry)
        return reply

    def _draw(self, session: Session, account: Account, call: Call, now: float) -> Soon[Draw]:
        """The fault that meets the call; what the rules would only find out is filled in before."""
        if call.token is not None and not call.account:
            call.account = account.id
        preview(call, account)
        return session.faults.draw(call, now)

    def _decide(self, owner: Owner, entry: Entry) -> Soon[Outcome] | None:
        """What is decided about the call; None when a fault keeps it from being handled."""
        fault, call = entry.draw.fault, entry.call
        if fault.acts:
            if fault.intercepts:
                return None
            if fault.reason is not None:
                return Refused(fault.reason, rule="fault")
        if call.page is not None:
            return Accepted()
        try:
            return decide(self._attempt(owner, entry))
        except Exception:  # noqa: BLE001 - logged, and journaled as what it is
            return _defect(call)

    def _attempt(self, owner: Owner, entry: Entry) -> Attempt:
        session, account = owner.session, owner.account
        settings = account.settings
        attempt = Attempt(
            call=entry.call,
            account=account,
            store=session.store,
            now=entry.at,
            real_now=entry.real_at,
            random=session.random,
            hop=self._hops(session) if settings.forwards else None,
            session_id=session.id,
        )
        if session.journal.is_shared:
            attempt.record = session.journal.record(entry)
        if entry.call.submits:
            attempt.change = partial(self._sessions.change, session)
        if settings.callback_url is not None:
            attempt.on_sent = partial(self._expect, session, account, entry.at)
        return attempt


def _defect(call: Call) -> Outcome:
    _log.exception("%s %s failed: a defect, please report it", call.provider, call.operation)
    return Refused(Reason.INTERNAL_ERROR, rule="defect")


DECIDED = (Accepted, Refused)
_UNWRITTEN = Refused(Reason.INTERNAL_ERROR, rule="encode")
_NOTHING = RawReply(500, (), b"")
"""Stands for the reply of a request that was not handled; a fault that intercepts brings its own."""
