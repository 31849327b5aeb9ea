"""What we report by ourselves: a message becomes final, or a person replies, and the account is told.

accepted -> due, on the session's clock -> final -> draw a fault -> write -> POST, again until 2xx
                            a person's reply ---^

An account without a ``callback_url`` costs nothing of this: its messages become final by being
looked at (Message.as_of).
"""

import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Protocol
from weakref import WeakKeyDictionary

import msgspec

from fakeproviders.account import Account
from fakeproviders.clock import Timer
from fakeproviders.faults.chaos import Chaos
from fakeproviders.faults.engine import NO_DRAW, Draw
from fakeproviders.faults.rule import Rule
from fakeproviders.journal import Entry, Posting
from fakeproviders.model import (
    RECEIPT,
    REPLY,
    Accepted,
    Call,
    Message,
    RawRequest,
    Receipt,
    Reply,
    Sent,
)
from fakeproviders.outgoing import Answer, outgoing_request
from fakeproviders.providers.base import Callback
from fakeproviders.session import Session
from fakeproviders.stores.base import StoreUnavailable

ATTEMPTS = 10
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 3600.0
"""Seconds of the session's clock before the second attempt, doubled each time, and at most."""
STORE_PAUSE = 1.0
"""Seconds of the session's clock after which a store that was away is asked again."""
HELD_SECONDS = 60.0
"""How long a receipt that is to come out of order waits for another one."""
UNDELIVERED = "UNDELIV"
"""What a contradiction gives as the operator's word."""


Write = Callable[[str], Callback]
"""Puts what is told in the provider's words, its proof made with a secret."""


class Post(Protocol):
    """Makes the request; see Outgoing.post."""

    async def __call__(self, url: str, request: RawRequest) -> Answer:
        """What came of it; never raises for what the other side does."""


class Letter(msgspec.Struct, gc=False):
    """One receipt or reply on its way, until it is accepted or given up."""

    session: Session
    account: Account
    call: Call
    draw: Draw
    rules: tuple[Rule, ...]
    """That were in force at the draw."""
    write: Write
    era: int
    """Of the session's clock when it began."""
    accepted: Callable[[], Awaitable[object]] | None = None
    """What is to be done when it is accepted."""
    attempt: int = 1

    @property
    def chaos(self) -> Chaos:
        """What was drawn for it."""
        return self.draw.fault.chaos

    @property
    def is_void(self) -> bool:
        """Whether its session has been reset or deleted meanwhile."""
        return self.era != self.session.clock.era


class Held(msgspec.Struct, gc=False):
    """What waits for the account's next receipt or reply, and the timer that ends the wait."""

    letters: Sequence[Letter]
    timer: Timer


class Dispatcher:
    """Brings the receipts and replies of all sessions on their way."""

    def __init__(self, post: Post, real: Callable[[], float] = time.time) -> None:
        self._post = post
        self._real = real
        self._held: WeakKeyDictionary[Session, dict[str, Held]] = WeakKeyDictionary()

    def expect(self, session: Session, account: Account, accepted_at: float, sent: Sent) -> None:
        """Have the receipts of a send called back when they are due."""
        sent_at = accepted_at if sent.send_at is None else sent.send_at
        due_at = account.settings.receipts.due_at(sent_at)
        if due_at is None:
            return
        for message_id in sent.message_ids:
            fall_due = partial(self._fall_due, session, account, message_id)
            session.clock.call_at(due_at, fall_due)

    async def settle(self, session: Session, message: Message) -> None:
        """Call back for a message that was driven by hand; returns after the first attempt."""
        if message.done_at is not None:
            self._report(session, session.accounts[message.provider], message, message.done_at)
            await session.clock.advance(0)

    async def pass_on(self, session: Session, reply: Reply) -> None:
        """Call back for a person's reply, if its account wants that; returns after the first attempt."""
        account = session.accounts[reply.provider]
        if account.settings.callback_url is None:
            return
        write = partial(account.provider.write_reply, reply)
        self._dispatch(
            session,
            account,
            _call_of_reply(account, reply),
            reply.at,
            lambda chaos: [write] * chaos.copies,
            partial(session.store.mark_read, reply.provider, reply.id),
        )
        await session.clock.advance(0)

    async def _fall_due(self, session: Session, account: Account, message_id: str) -> None:
        try:
            await self._finish(session, account, message_id)
        except StoreUnavailable:
            again = partial(self._fall_due, session, account, message_id)
            session.clock.call_at(session.clock.now() + STORE_PAUSE, again)

    async def _finish(self, session: Session, account: Account, message_id: str) -> None:
        message = await session.store.message(message_id)
        if message is None or message.due_at is None:
            return  # forgotten, or driven by hand meanwhile
        due_at = message.due_at
        final = message.as_of(due_at)
        await session.store.set_status(message_id, final.status, final.error, due_at)
        self._report(session, account, final, due_at)

    def _report(self, session: Session, account: Account, message: Message, at: float) -> None:
        """Tell the account that a message became final, if it wants that."""
        if account.settings.callback_url is None:
            return
        write = account.provider.write_receipt
        self._dispatch(
            session,
            account,
            _call(account, message),
            at,
            lambda chaos: [partial(write, receipt) for receipt in receipts(message, at, chaos)],
        )

    def _dispatch(
        self,
        session: Session,
        account: Account,
        call: Call,
        at: float,
        tell: Callable[[Chaos], list[Write]],
        accepted: Callable[[], Awaitable[object]] | None = None,
    ) -> None:
        """Draw what happens to it, and see to that. ``tell`` says what is told under a chaos."""
        rules = session.faults.rules
        draw = session.faults.draw(call, session.clock.now()) if rules else NO_DRAW
        chaos = draw.fault.chaos
        letters = [
            Letter(session, account, call, draw, rules, write, session.clock.era, accepted)
            for write in tell(chaos)
        ]
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
        if url is None:
            return  # taken away meanwhile
        entry = _entry(letter, outgoing_request(url, _written(letter)), clock.now(), began)
        if letter.chaos.never:
            entry.posting = Posting(attempt=0)
        else:
            answer = await self._post(url, entry.request)
            if letter.is_void:
                return
            next_at = None if answer.accepted else self._again(letter)
            entry.posting = Posting(letter.attempt, answer.accepted, answer.error, next_at)
            entry.outcome = Accepted() if answer.accepted else None
            entry.reply = entry.written = answer.reply
            entry.took = self._real() - began
            letter.attempt += 1
            if answer.accepted and letter.accepted is not None:
                await letter.accepted()
        letter.session.journal.append(entry)

    def _again(self, letter: Letter) -> float | None:
        """Have a failed attempt repeated; the moment, or None when it was the last."""
        if letter.attempt >= ATTEMPTS:
            return None
        clock = letter.session.clock
        at = clock.now() + pause(letter.attempt)
        clock.call_at(at, partial(self._attempt, letter))
        return at


def receipts(message: Message, at: float, chaos: Chaos) -> list[Receipt]:
    """What is told of a message that became final: one receipt, or what a fault makes of it."""
    told = [_receipt(message, at)] * chaos.copies
    return [*told, _opposite(told[0])] if chaos.contradict else told


def pause(attempt: int) -> float:
    """Seconds of the session's clock after an attempt that failed; the first is 1."""
    return float(min(FIRST_PAUSE * 2 ** (attempt - 1), LONGEST_PAUSE))


def _receipt(message: Message, at: float) -> Receipt:
    return Receipt(message.id, message.mobile, message.status, message.error, at, message.out_id)


def _opposite(receipt: Receipt) -> Receipt:
    delivered = receipt.status != "delivered"
    return msgspec.structs.replace(
        receipt,
        status="delivered" if delivered else "undelivered",
        error="" if delivered else UNDELIVERED,
    )


def _call(account: Account, message: Message) -> Call:
    """The receipt as fault rules meet it."""
    return Call(
        provider=account.role,
        operation=RECEIPT,
        account=account.id,
        mobiles=(message.mobile,),
        signature=message.signature,
        template_id=message.template_id,
        content=message.content,
        out_id=message.out_id,
        message_id=message.id,
    )


def _call_of_reply(account: Account, reply: Reply) -> Call:
    """The reply as fault rules meet it."""
    return Call(
        provider=account.role,
        operation=REPLY,
        account=account.id,
        mobiles=(reply.mobile,),
        content=reply.content,
        reply_id=reply.id,
    )


def _queue(
    letters: Sequence[Letter], at: float, attempt: Callable[[Letter], Awaitable[None]]
) -> None:
    for letter in letters:
        if not letter.is_void:
            letter.session.clock.call_at(at, partial(attempt, letter))


def _written(letter: Letter) -> Callback:
    secret = letter.account.secret
    if letter.chaos.wrong_proof:
        secret = f"not {secret}"
    return letter.write(secret)


def _entry(letter: Letter, request: RawRequest, at: float, real_at: float) -> Entry:
    return Entry(
        at=at,
        real_at=real_at,
        role=letter.account.role,
        provider=letter.account.provider,
        request=request,
        call=letter.call,
        draw=letter.draw,
        outcome=None,
        reply=None,
        rules=letter.rules,
    )
