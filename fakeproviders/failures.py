"""The failure catalogue: every failure that can be caused or scripted, as data.

The entries stand in failures.yaml; this module names their slugs and reads them. What an entry looks
like on a provider's wire stands in that provider's codes.py.
"""

from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec


class Reason(StrEnum):
    """Slugs of all failures that are an answer of the provider (documented and gateway)."""

    SETTINGS_NOT_SAVED = "settings_not_saved"
    INTERFACE_NOT_CONFIGURED = "interface_not_configured"
    PARAMETER_MISSING = "parameter_missing"
    SIGNATURE_MISMATCH = "signature_mismatch"
    SIGNATURE_NOT_FOUND = "signature_not_found"
    ACCESS_TOKEN_FAILED = "access_token_failed"  # noqa: S105
    CODE_QUOTA_EXCEEDED = "code_quota_exceeded"
    OPERATION_NOTICE_DISABLED = "operation_notice_disabled"
    TEMPLATE_ID_EMPTY = "template_id_empty"
    BASE_URL_HAS_API_PATH = "base_url_has_api_path"
    ENDPOINT_UNREACHABLE = "endpoint_unreachable"
    TOKEN_EXPIRED = "token_expired"  # noqa: S105
    APP_DISABLED = "app_disabled"
    IP_NOT_ALLOWED = "ip_not_allowed"
    MOBILE_INVALID = "mobile_invalid"
    MOBILE_BLACKLISTED = "mobile_blacklisted"
    TEMPLATE_NOT_FOUND = "template_not_found"
    TEMPLATE_NOT_APPROVED = "template_not_approved"
    TEMPLATE_PARAMS_MISMATCH = "template_params_mismatch"
    CONTENT_BLOCKED = "content_blocked"
    CONTENT_TOO_LONG = "content_too_long"
    BALANCE_INSUFFICIENT = "balance_insufficient"
    RATE_LIMITED = "rate_limited"
    MOBILE_MINUTE_LIMIT = "mobile_minute_limit"
    MOBILE_HOUR_LIMIT = "mobile_hour_limit"
    MOBILE_DAY_LIMIT = "mobile_day_limit"
    IP_DAY_LIMIT = "ip_day_limit"
    DUPLICATE_REQUEST = "duplicate_request"
    UPSTREAM_UNAVAILABLE = "upstream_unavailable"
    MAINTENANCE = "maintenance"
    INTERNAL_ERROR = "internal_error"
    CREDENTIALS_INVALID = "credentials_invalid"
    CHANNEL_NOT_FOUND = "channel_not_found"
    MESSAGE_NOT_FOUND = "message_not_found"
    TIME_INVALID = "time_invalid"


SLUGS = frozenset(reason.value for reason in Reason)
"""All of them as plain texts."""


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text in both languages."""

    zh: str
    en: str

    def __getitem__(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


class Failure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One entry of the catalogue.

    ``text`` is the wire string, byte for byte; empty where the failure has none. ``panel_prefix``
    is what the operator's panel puts before it. ``provenance`` is D (documented in the operators'
    guide), O (observed in public clients) or A (assumed).
    """

    slug: str
    kind: Literal["documented", "gateway", "transport"]
    section: str = ""
    provenance: Literal["D", "O", "A"]
    title: Words
    text: str = ""
    panel_prefix: str = ""
    cause: Words
    remedy: Words
    everywhere: bool = False
    """A scripted rule without an operation meets documents (help page, WSDL) too."""


@cache
def catalogue() -> dict[str, Failure]:
    """All entries by slug, in the order of failures.yaml.

    Raises msgspec.ValidationError when the file does not fit: a defect of the package.
    """
    raw = files(__package__).joinpath("failures.yaml").read_bytes()
    import yaml  # here, because only this function and user files need it

    entries = msgspec.convert(yaml.load(raw, yaml.CSafeLoader), list[Failure])
    return {entry.slug: entry for entry in entries}


def failure(slug: str) -> Failure:
    """The entry of a slug. Raises KeyError for a slug that is none."""
    return catalogue()[slug]
