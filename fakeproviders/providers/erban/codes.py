"""Every failure in Erban's words. The numbers are assumed (A): no public client names one.

A refusal is ``<code>,<text>`` with HTTP 200, in the shape of the door that was used. Four failures
are no answer of the application: three are pages of the web server, one is the method's own crash.
"""

from typing import Literal

import msgspec

from fakeproviders.failures import Reason, failure

Kind = Literal["text", "thrown", "unavailable", "not_found"]


class Code(msgspec.Struct, frozen=True):
    """How one reason looks on this wire."""

    number: int | None
    kind: Kind = "text"
    status: int = 200

    def wire_text(self, text: str) -> str:
        """``<code>,<text>``."""
        return f"{self.number},{text}"


THROWN = Code(None, "thrown", 500)
UNAVAILABLE = Code(None, "unavailable", 503)
NOT_FOUND = Code(None, "not_found", 404)

CODES: dict[Reason, Code] = {
    Reason.CREDENTIALS_INVALID: Code(-1),
    Reason.APP_DISABLED: Code(-2),
    Reason.IP_NOT_ALLOWED: Code(-3),
    Reason.PARAMETER_MISSING: Code(-4),
    Reason.CHANNEL_NOT_FOUND: Code(-5),
    Reason.MOBILE_INVALID: Code(-6),
    Reason.MOBILE_BLACKLISTED: Code(-7),
    Reason.SIGNATURE_NOT_FOUND: Code(-8),
    Reason.SIGNATURE_MISMATCH: Code(-9),
    Reason.CONTENT_BLOCKED: Code(-10),
    Reason.CONTENT_TOO_LONG: Code(-11),
    Reason.BALANCE_INSUFFICIENT: Code(-12),
    Reason.RATE_LIMITED: Code(-13),
    Reason.MOBILE_MINUTE_LIMIT: Code(-14),
    Reason.MOBILE_HOUR_LIMIT: Code(-15),
    Reason.MOBILE_DAY_LIMIT: Code(-16),
    Reason.IP_DAY_LIMIT: Code(-17),
    Reason.DUPLICATE_REQUEST: Code(-18),
    Reason.UPSTREAM_UNAVAILABLE: Code(-19),
    Reason.CODE_QUOTA_EXCEEDED: Code(-20),
    Reason.MESSAGE_NOT_FOUND: Code(-21),
    Reason.TIME_INVALID: Code(-22),
    Reason.TOKEN_EXPIRED: Code(-23),
    # What this service never finds by itself: it has no templates, no access tokens, no panel.
    Reason.SETTINGS_NOT_SAVED: Code(-51),
    Reason.INTERFACE_NOT_CONFIGURED: Code(-52),
    Reason.ACCESS_TOKEN_FAILED: Code(-53),
    Reason.OPERATION_NOTICE_DISABLED: Code(-55),
    Reason.TEMPLATE_ID_EMPTY: Code(-56),
    Reason.TEMPLATE_NOT_FOUND: Code(-57),
    Reason.TEMPLATE_NOT_APPROVED: Code(-58),
    Reason.TEMPLATE_PARAMS_MISMATCH: Code(-59),
    Reason.INTERNAL_ERROR: THROWN,
    Reason.MAINTENANCE: UNAVAILABLE,
    Reason.ENDPOINT_UNREACHABLE: UNAVAILABLE,
    Reason.BASE_URL_HAS_API_PATH: NOT_FOUND,
}


def text_of(reason: Reason) -> str:
    """The catalogue's text, or the failure's name where a provider has none of its own."""
    entry = failure(reason)
    return entry.text or entry.title.zh


def wire_form(reason: Reason) -> dict[str, object]:
    """One row of the catalogue; ``html`` where a page of the web server is the reply."""
    code = CODES[reason]
    if code.kind in {"unavailable", "not_found"}:
        return {"status": code.status, "code": None, "text": "", "html": True}
    number = None if code.number is None else str(code.number)
    return {"status": code.status, "code": number, "text": text_of(reason)}
