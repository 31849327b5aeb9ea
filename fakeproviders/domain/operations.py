"""What each operation does once its rules have passed."""

from collections.abc import Awaitable, Callable
from typing import Any

from fakeproviders.account import Account
from fakeproviders.domain import rules
from fakeproviders.domain.attempt import Attempt
from fakeproviders.domain.send import batch, send
from fakeproviders.failures import Reason
from fakeproviders.model import (
    BALANCE,
    BATCH,
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
    TokenIssued,
)
from fakeproviders.settings import Signature, Template

TOKEN_LIFETIME, TOKEN_GRACE = 7200, 300
"""Seconds of the session's clock: of a token, and of an old one after a new one was fetched."""


async def decide(attempt: Attempt) -> Outcome:
    """The outcome of a call: its operation's rules, then its work."""
    work = _WORK.get(attempt.call.operation)
    if work is None:
        return Accepted()
    try:
        return Accepted(await work(attempt))
    except Refusal as refusal:
        return refused(refusal)


def refused(refusal: Refusal) -> Refused:
    """A raised refusal as an outcome."""
    rule = refusal.rule or rules.store_rule(refusal)
    return Refused(refusal.reason, refusal.cause, refusal.text, rule, refusal.facts)


async def _token(attempt: Attempt) -> TokenIssued:
    await _pass_gate(attempt)
    account = attempt.account
    token = token_text(attempt.session_id, account, attempt.random.getrandbits(128))
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
        kept = [s for s in account.settings.signatures if s.sign_key != submitted.sign_key]
        account.settings.signatures = [*kept, submitted]
        account.index()
    return [_as_of_now(account, s, attempt.now) for s in account.signatures()]


async def _templates(attempt: Attempt) -> list[Template]:
    await _pass_gate(attempt)
    call, account = attempt.call, attempt.account
    if call.submits and account.settings.templates is not None:
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


_WORK: dict[str, Callable[[Attempt], Awaitable[Any]]] = {
    TOKEN: _token,
    SEND: send,
    BATCH: batch,
    REPORT: _report,
    BALANCE: _balance,
    SIGNATURES: _signatures,
    TEMPLATES: _templates,
}


async def _pass_gate(attempt: Attempt) -> None:
    """The rules of an operation that charges nothing, its token among them."""
    call, provider = attempt.call, attempt.account.provider
    refusal = rules.run(
        rules.rules_of(provider.access, call.operation, templated=provider.templated), attempt
    )
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


def token_text(session_id: str, account: Account, luck: int) -> str:
    """A token that names its session and account even when it is no longer valid."""
    return f"{session_id}.{account.role[0]}.{luck:032x}"


def session_of_token(token: str) -> tuple[str, str]:
    """The session id and the initial of the role that a token names; empty for one not ours."""
    parts = token.split(".")
    return (parts[0], parts[1]) if len(parts) == 3 else ("", "")
