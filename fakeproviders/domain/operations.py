"""What each operation does once its rules have passed."""

from collections.abc import Awaitable, Callable
from typing import Any

from fakeproviders.account import Account
from fakeproviders.domain import rules
from fakeproviders.domain.attempt import Attempt
from fakeproviders.domain.send import batch, send
from fakeproviders.domain.timing import since_moment
from fakeproviders.failures import Reason
from fakeproviders.model import (
    BALANCE,
    BATCH,
    CHANNELS,
    KEYWORDS,
    REPLIES,
    REPLY_READ,
    REPORT,
    SEND,
    SIGNATURES,
    TEMPLATES,
    TOKEN,
    Accepted,
    Message,
    Outcome,
    Refusal,
    Refused,
    Reply,
    Sent,
    TokenIssued,
)
from fakeproviders.owned import owned
from fakeproviders.settings import Signature, Template
from fakeproviders.soon import Soon

TOKEN_LIFETIME, TOKEN_GRACE = 7200, 300
"""Seconds of the session's clock: of a token, and of an old one after a new one was fetched."""
ONCE_LIFETIME = 60
"""Seconds of the session's clock: of a token that is good for one send."""
REPLIES_AT_ONCE = 1000
"""Replies that one request is given at most (A)."""


def decide(attempt: Attempt) -> Soon[Outcome]:
    """The outcome of a call: its operation's rules, then its work."""
    if attempt.call.operation != SEND:
        work = _WORK.get(attempt.call.operation)
        return Accepted() if work is None else _outcome(work(attempt))
    try:
        sent = send(attempt)
    except Refusal as refusal:
        return refused(refusal)
    return Accepted(sent) if isinstance(sent, Sent) else _outcome(sent)


async def _outcome(work: Awaitable[Any]) -> Outcome:
    try:
        return Accepted(await work)
    except Refusal as refusal:
        return refused(refusal)


def refused(refusal: Refusal) -> Refused:
    """A raised refusal as an outcome."""
    rule = refusal.rule or rules.store_rule(refusal)
    return Refused(refusal.reason, refusal.cause, refusal.text, rule, refusal.facts)


async def _token(attempt: Attempt) -> TokenIssued:
    await _pass_gate(attempt)
    account = attempt.account
    token = owned(attempt.session_id, account.role, f"{attempt.random.getrandbits(128):032x}")
    if account.provider.access != "token":
        await attempt.store.issue_once(account.role, token, now=attempt.now, lifetime=ONCE_LIFETIME)
        return TokenIssued(token, ONCE_LIFETIME)
    await attempt.store.issue_token(
        account.role, token, now=attempt.now, lifetime=TOKEN_LIFETIME, grace=TOKEN_GRACE
    )
    return TokenIssued(token, TOKEN_LIFETIME)


async def _report(attempt: Attempt) -> Message:
    await _pass_gate(attempt)
    call, store = attempt.call, attempt.store
    if call.message_id:
        message = await store.message(call.message_id)
    else:
        message = await store.message_by_out_id(attempt.account.role, call.out_id)
    if message is None or message.provider != attempt.account.role:
        raise _marked(Refusal(Reason.MESSAGE_NOT_FOUND, given=call.message_id or call.out_id))
    return message.as_of(attempt.now)


async def _balance(attempt: Attempt) -> int:
    await _pass_gate(attempt)
    return await attempt.store.balance(attempt.account.role)


async def _signatures(attempt: Attempt) -> list[Signature]:
    await _pass_gate(attempt)
    call, account = attempt.call, attempt.account
    if call.submits and account.settings.signatures is not None:
        submitted = Signature(
            sign_key=call.sign_key or "",
            signature=call.signature or "",
            status="pending",
            submitted_at=attempt.now,
        )
        async with attempt.change():
            kept = [s for s in account.settings.signatures if s.sign_key != submitted.sign_key]
            account.settings.signatures = [*kept, submitted]
            account.index()
    return [_as_of_now(account, s, attempt.now) for s in account.signatures()]


async def _templates(attempt: Attempt) -> list[Template]:
    await _pass_gate(attempt)
    call, account = attempt.call, attempt.account
    if call.submits and account.settings.templates is not None:
        async with attempt.change():
            submitted = Template(
                template_id=_free_number(account),
                name=call.name,
                content=call.content or "",
                status="pending",
                submitted_at=attempt.now,
            )
            account.settings.templates = [*account.settings.templates, submitted]
            account.index()
    return [_as_of_now(account, t, attempt.now) for t in account.templates()]


async def _replies(attempt: Attempt) -> list[Reply]:
    await _pass_gate(attempt)
    return await attempt.store.fetch_replies(
        attempt.account.role, since=since_moment(attempt.call), limit=REPLIES_AT_ONCE
    )


async def _reply_read(attempt: Attempt) -> None:
    await _pass_gate(attempt)
    reply_id = attempt.call.reply_id
    if not await attempt.store.mark_read(attempt.account.role, reply_id):
        raise _marked(Refusal(Reason.MESSAGE_NOT_FOUND, given=reply_id))


async def _channels(attempt: Attempt) -> list[str]:
    await _pass_gate(attempt)
    return attempt.account.settings.known_channels or []


async def _keywords(attempt: Attempt) -> list[str]:
    await _pass_gate(attempt)
    content = attempt.call.content or ""
    return [word for word in attempt.account.settings.blocked_words if word in content]


_WORK: dict[str, Callable[[Attempt], Awaitable[Any]]] = {
    TOKEN: _token,
    BATCH: batch,
    REPORT: _report,
    BALANCE: _balance,
    SIGNATURES: _signatures,
    TEMPLATES: _templates,
    REPLIES: _replies,
    REPLY_READ: _reply_read,
    CHANNELS: _channels,
    KEYWORDS: _keywords,
}


async def _pass_gate(attempt: Attempt) -> None:
    """The rules of an operation that charges nothing, its token among them."""
    call, provider = attempt.call, attempt.account.provider
    refusal = rules.run(rules.rules_for(provider, call.operation), attempt)
    if refusal is not None and refusal.rule == rules.FIRST:
        raise refusal
    if call.token is not None and not await attempt.store.token_valid(
        attempt.account.role, call.token, attempt.now
    ):
        raise Refusal(Reason.TOKEN_EXPIRED, token=call.token)
    if refusal is not None:
        raise refusal


def _marked(refusal: Refusal) -> Refusal:
    refusal.rule = "message_known"
    return refusal


def _as_of_now(account: Account, item: Any, now: float) -> Any:
    """A copy that shows the status at this moment."""
    shown = type(item)(**{f: getattr(item, f) for f in item.__struct_fields__})
    shown.status = account.status(item, now)
    return shown


def _free_number(account: Account) -> str:
    taken = {t.template_id for t in account.templates()}
    number = 1001 + len(taken)
    while str(number) in taken:
        number += 1
    return str(number)
