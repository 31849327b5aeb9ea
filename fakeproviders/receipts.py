"""What we report by ourselves: a message becomes final, or a person replies, and the account is told.

accepted -> due, on the session's clock -> final -> draw a fault -> write -> POST, again until 2xx
                            a person's reply ---^

An account without a ``callback_url`` costs nothing of this: its messages become final by being
looked at (Message.as_of). Where the store outlives the process it keeps what is to be told; see due.
"""

import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from secrets import token_hex
from typing import Protocol
from weakref import WeakKeyDictionary

import msgspec

from fakeproviders.account import Account
from fakeproviders.clock import Timer
from fakeproviders.due import STORE_PAUSE, DueThings
from fakeproviders.faults.chaos import Chaos
from fakeproviders.faults.engine import NO_DRAW
from fakeproviders.journal import Posting
from fakeproviders.letters import (
    Letter,
    Write,
    call_of_message,
    call_of_reply,
    entry_of,
    receipts,
    written,
)
from fakeproviders.model import Accepted, Call, Message, RawRequest, Reply, Sent
from fakeproviders.outgoing import Answer, outgoing_request
from fakeproviders.session import Session
from fakeproviders.soon import settled
from fakeproviders.stores.base import StoreUnavailable
from fakeproviders.stores.pending import reply_told, told_reply

ATTEMPTS = 10
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 3600.0
"""Seconds of the session's clock before the second attempt, doubled each time, and at most."""
HELD_SECONDS = 60.0
"""How long a receipt that is to come out of order waits for another one."""


class Post(Protocol):
    """Makes the request; see Outgoing.post."""

    async def __call__(self, url: str, request: RawRequest) -> Answer:
        """What came of it; never raises for what the other side does."""


class Held(msgspec.Struct, gc=False):
    """What waits for the account's next receipt or reply, and the timer that ends the wait."""

    letters: Sequence[Letter]
    timer: Timer


class Dispatcher:
    """Brings the receipts and replies of all sessions on their way.

    ``desk`` names this process among others on one store, and should outlive it: what a desk of this
    name has left is told again at once.
    """

    def __init__(
        self, post: Post, real: Callable[[], float] = time.time, desk: str | None = None
    ) -> None:
        self.desk = desk or token_hex(4)
        self.due = DueThings(self.desk, self._tell)
        self._post = post
        self._real = real
        self._held: WeakKeyDictionary[Session, dict[str, Held]] = WeakKeyDictionary()

    def expect(self, session: Session, account: Account, accepted_at: float, sent: Sent) -> None:
        """Have the receipts of a send called back when they are due."""
        if session.store.pending is not None:
            return  # they were put there with the send itself
        sent_at = accepted_at if sent.send_at is None else sent.send_at
        due_at = account.settings.receipts.due_at(sent_at)
        if due_at is None:
            return
        for message_id in sent.message_ids:
            session.clock.call_at(due_at, partial(self._fall_due, session, message_id))

    async def settle(self, session: Session, message: Message) -> None:
        """Call back for a message that was driven by hand; returns after the first attempt."""
        if message.done_at is None:
            await self.due.drop(session, message.id)
        elif session.accounts[message.provider].settings.callback_url is not None:
            await self.due.tell_now(session, message.id, message.done_at)
            await session.clock.advance(0)

    async def pass_on(self, session: Session, reply: Reply) -> None:
        """Call back for a person's reply, if its account wants that; returns after the first attempt."""
        if session.accounts[reply.provider].settings.callback_url is not None:
            await self.due.tell_now(session, told_reply(reply.id), reply.at)
            await session.clock.advance(0)

    async def _fall_due(self, session: Session, message_id: str) -> None:
        message = await session.store.message(message_id)
        if message is not None and message.due_at is not None:
            await self._finish(session, message, message.due_at)  # else it was driven by hand

    async def _tell(self, session: Session, thing: str) -> None:
        """Send the letters of a message or a reply. Raises StoreUnavailable."""
        reply_id = reply_told(thing)
        if reply_id:
            reply = await session.store.reply(reply_id)
            if reply is not None and reply.status != "read":
                await self._pass_on(session, reply)
            return
        message = await session.store.message(thing)
        if message is None:
            return  # forgotten
        if message.due_at is not None:
            await self._finish(session, message, message.due_at)
        elif message.done_at is not None:
            await self._report(session, message, message.done_at)

    async def _finish(self, session: Session, message: Message, due_at: float) -> None:
        final = message.as_of(due_at)
        await session.store.set_status(message.id, final.status, final.error, due_at)
        await self._report(session, final, due_at)

    async def _report(self, session: Session, message: Message, at: float) -> None:
        """Tell the account that a message became final, if it wants that."""
        account = session.accounts[message.provider]
        write = account.provider.write_receipt
        await self._dispatch(
            session,
            message.id,
            call_of_message(account, message),
            at,
            lambda chaos: [partial(write, receipt) for receipt in receipts(message, at, chaos)],
        )

    async def _pass_on(self, session: Session, reply: Reply) -> None:
        account = session.accounts[reply.provider]
        write = partial(account.provider.write_reply, reply)
        await self._dispatch(
            session,
            told_reply(reply.id),
            call_of_reply(account, reply),
            reply.at,
            lambda chaos: [write] * chaos.copies,
            partial(session.store.mark_read, reply.provider, reply.id),
        )

    async def _dispatch(
        self,
        session: Session,
        thing: str,
        call: Call,
        at: float,
        tell: Callable[[Chaos], list[Write]],
        accepted: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        """Draw what happens to it, and see to that. ``tell`` says what is told under a chaos.

        Nothing where the account wants to be told nothing.
        """
        account = session.accounts[call.provider]
        if account.settings.callback_url is None:
            return
        era, rules = session.clock.era, session.faults.rules
        drawn = session.faults.draw(call, session.clock.now()) if rules else NO_DRAW
        draw = await settled(drawn)
        chaos = draw.fault.chaos
        letters = [
            Letter(session, account, call, draw, rules, write, era, thing, accepted)
            for write in tell(chaos)
        ]
        self.due.add_letters(session, thing, len(letters))
        at += chaos.late_seconds
        session.clock.call_at(at, partial(self._send_off, letters, at))

    async def _send_off(self, letters: Sequence[Letter], at: float) -> None:
        session, role, chaos = letters[0].session, letters[0].account.role, letters[0].chaos
        held = self._held.setdefault(session, {})
        waiting = role in held and not held[role].letters[0].is_void
        release = partial(self._release, session, role)
        if chaos.out_of_order and not waiting:
            until = at + HELD_SECONDS
            held[role] = Held(letters, session.clock.call_at(until, partial(release, until)))
            return
        _queue(letters, at, self._attempt)
        if not chaos.never:  # behind them in the queue, at the same moment
            session.clock.call_at(at, partial(release, at))

    async def _release(self, session: Session, role: str, at: float) -> None:
        """Let go what was held back for this account."""
        held = self._held.get(session, {}).pop(role, None)
        if held is not None:
            held.timer.cancel()
            _queue(held.letters, at, self._attempt)

    async def _attempt(self, letter: Letter) -> None:
        clock, began = letter.session.clock, self._real()
        url = letter.account.settings.callback_url
        if url is None:  # taken away meanwhile
            await self.due.over(letter.session, letter.thing)
            return
        entry = entry_of(letter, outgoing_request(url, written(letter)), clock.now(), began)
        if letter.chaos.never:
            entry.posting = posting = Posting(attempt=0)
        else:
            answer = await self._post(url, entry.request)
            if letter.is_void:
                return
            next_at = None if answer.accepted else self._again(letter)
            posting = Posting(letter.attempt, answer.accepted, answer.error, next_at)
            entry.posting = posting
            entry.outcome = Accepted() if answer.accepted else None
            entry.reply = entry.written = answer.reply
            entry.took = self._real() - began
            letter.attempt += 1
        letter.session.journal.append(entry)
        if posting.next_at is None:
            await self._end(letter, accepted=posting.accepted)

    async def _end(self, letter: Letter, *, accepted: bool) -> None:
        """It was accepted or given up: keep that, as soon as the store can."""
        try:
            if accepted and letter.accepted is not None:
                await letter.accepted()
        except StoreUnavailable:
            again = partial(self._end, letter, accepted=accepted)
            letter.session.clock.call_at(letter.session.clock.now() + STORE_PAUSE, again)
        else:
            await self.due.over(letter.session, letter.thing)

    def _again(self, letter: Letter) -> float | None:
        """Have a failed attempt repeated; the moment, or None when it was the last."""
        if letter.attempt >= ATTEMPTS:
            return None
        clock = letter.session.clock
        at = clock.now() + pause(letter.attempt)
        clock.call_at(at, partial(self._attempt, letter))
        return at


def pause(attempt: int) -> float:
    """Seconds of the session's clock after an attempt that failed; the first is 1."""
    return float(min(FIRST_PAUSE * 2 ** (attempt - 1), LONGEST_PAUSE))


def _queue(
    letters: Sequence[Letter], at: float, attempt: Callable[[Letter], Awaitable[None]]
) -> None:
    for letter in letters:
        if not letter.is_void:
            letter.session.clock.call_at(at, partial(attempt, letter))
