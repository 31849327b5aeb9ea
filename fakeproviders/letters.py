"""One receipt or reply on its way to an account: what it tells, and how fault rules and the journal see it."""

from collections.abc import Awaitable, Callable

import msgspec

from fakeproviders.account import Account
from fakeproviders.faults.chaos import Chaos
from fakeproviders.faults.engine import Draw
from fakeproviders.faults.rule import Rule
from fakeproviders.journal import Entry
from fakeproviders.model import RECEIPT, REPLY, Call, Message, RawRequest, Receipt, Reply
from fakeproviders.providers.base import Callback
from fakeproviders.session import Session

UNDELIVERED = "UNDELIV"
"""What a contradiction gives as the operator's word."""


Write = Callable[[str], Callback]
"""Puts what is told in the provider's words, its proof made with a secret."""


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
    thing: str
    """That is told; see Pending."""
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


def receipts(message: Message, at: float, chaos: Chaos) -> list[Receipt]:
    """What is told of a message that became final: one receipt, or what a fault makes of it."""
    told = [_receipt(message, at)] * chaos.copies
    return [*told, _opposite(told[0])] if chaos.contradict else told


def call_of_message(account: Account, message: Message) -> Call:
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


def call_of_reply(account: Account, reply: Reply) -> Call:
    """The reply as fault rules meet it."""
    return Call(
        provider=account.role,
        operation=REPLY,
        account=account.id,
        mobiles=(reply.mobile,),
        content=reply.content,
        reply_id=reply.id,
    )


def written(letter: Letter) -> Callback:
    """What is told, with its proof."""
    secret = letter.account.secret
    if letter.chaos.wrong_proof:
        secret = f"not {secret}"
    return letter.write(secret)


def entry_of(letter: Letter, request: RawRequest, at: float, real_at: float) -> Entry:
    """An attempt as the journal keeps it; its outcome is still to come."""
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


def _receipt(message: Message, at: float) -> Receipt:
    return Receipt(message.id, message.mobile, message.status, message.error, at, message.out_id)


def _opposite(receipt: Receipt) -> Receipt:
    delivered = receipt.status != "delivered"
    return msgspec.structs.replace(
        receipt,
        status="delivered" if delivered else "undelivered",
        error="" if delivered else UNDELIVERED,
    )
