"""The template: numbered, registered, approved, and filled by the parameters."""

from functools import lru_cache
from typing import Any

from fakeproviders.account import Account
from fakeproviders.domain.attempt import Attempt
from fakeproviders.failures import Reason
from fakeproviders.model import BATCH, SEND, Call, Refusal
from fakeproviders.settings import PLACEHOLDER, Template


def template_numbered(attempt: Attempt) -> None:
    """The request has a template number (the guide's §8)."""
    if not attempt.call.template_id:
        raise Refusal(Reason.TEMPLATE_ID_EMPTY)


def template_approved(attempt: Attempt) -> None:
    """The number is a registered template's, and that was approved."""
    template_id = attempt.call.template_id or ""
    template = attempt.template = attempt.account.template(template_id)
    if template is None:
        raise Refusal(Reason.TEMPLATE_NOT_FOUND, template_id=template_id)
    if template.status == "approved":
        return
    status = attempt.account.status(template, attempt.now)
    if status != "approved":
        raise Refusal(
            Reason.TEMPLATE_NOT_APPROVED, status, template_id=template_id, why=template.reason
        )


def params_fit(attempt: Attempt) -> None:
    """The parameters are the template's placeholders, each with a value."""
    wanted = (attempt.template or _template(attempt)).placeholders()
    params = attempt.call.params or {}
    texts = attempt.texts = _texts(params)
    if texts.keys() != wanted or not all(texts.values()):
        raise Refusal(
            Reason.TEMPLATE_PARAMS_MISMATCH,
            given=", ".join(sorted(params)),
            expected=", ".join(sorted(wanted)),
        )


def _template(attempt: Attempt) -> Template:
    """The call's, where template_approved has not looked it up."""
    template = attempt.account.template(attempt.call.template_id or "")
    assert template is not None  # noqa: S101 - that rule guarantees it
    return template


def fill(template: Template, params: dict[str, Any]) -> str:
    """The template's content with its placeholders replaced."""
    return _filled(template, _texts(params))


def _filled(template: Template, texts: dict[str, str]) -> str:
    return _format(template.content) % texts


def _texts(params: dict[str, Any]) -> dict[str, str]:
    """The parameters as they stand in the message."""
    if _ALL_TEXT.issuperset(map(type, params.values())):
        return params
    return {name: as_text(value) for name, value in params.items()}


_ALL_TEXT = frozenset({str})


@lru_cache(maxsize=10_000)
def _format(content: str) -> str:
    """A template's content as the ``%`` operator takes it."""
    return PLACEHOLDER.sub(r"%(\1)s", content.replace("%", "%%"))


def as_text(value: object) -> str:
    """A parameter as it stands in the message; empty for what is no text and no number."""
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return ""


def preview(call: Call, account: Account) -> None:
    """Fill in the text that the call would have if it passed, so that a fault rule can match it."""
    if call.operation not in {SEND, BATCH} or not account.provider.templated:
        return
    template = account.template(call.template_id or "")
    params = call.params or {}
    if template is not None and template.placeholders() <= params.keys():
        call.content = (call.signature or "") + fill(template, params)


def message_composed(attempt: Attempt) -> None:
    """The text of the SMS: the signature, then the filled template. Never refuses."""
    call, template = attempt.call, attempt.template or _template(attempt)
    texts = attempt.texts or _texts(call.params or {})
    call.content = (call.signature or "") + _filled(template, texts)
