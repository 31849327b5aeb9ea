"""What an account has registered with its provider, and what the provider holds against it.

These are the shapes of ``/sessions/{id}/providers/{provider}``. A provider adds its own credentials
to ``AccountSettings`` in its folder.
"""

import ipaddress
import re
from functools import lru_cache
from typing import ClassVar, Literal, Protocol

import msgspec

from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit

PLACEHOLDER = re.compile(r"\{(\w+)\}")
Status = Literal["pending", "approved", "rejected"]
MAX_SKEW_SECONDS = 10 * 366 * 86400.0
MAX_RECEIPT_SECONDS = 366 * 86400.0


class Signature(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A registered SMS signature: the text in 【】 before a message, and the key that names it."""

    sign_key: str = ""
    signature: str
    status: Status = "approved"
    reason: str = ""
    submitted_at: float | None = None
    """Epoch seconds of the session's clock; lets ``approve_after_seconds`` count."""


class Template(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A registered template; ``{name}`` in its content is a placeholder."""

    template_id: str
    name: str = ""
    content: str
    status: Status = "approved"
    reason: str = ""
    submitted_at: float | None = None

    def placeholders(self) -> frozenset[str]:
        """The names that a send must give."""
        return _placeholders(self.content)


@lru_cache(maxsize=10_000)
def _placeholders(content: str) -> frozenset[str]:
    return frozenset(PLACEHOLDER.findall(content))


class Quotas(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, frozen=True):
    """Limits of an account, all in force together; None is no limit. Days are Beijing days."""

    account_per_second: int | None = None
    account_per_day: int | None = None
    mobile_per_minute: int | None = None
    mobile_per_hour: int | None = None
    mobile_per_day: int | None = None
    ip_per_day: int | None = None

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            limit = getattr(self, name)
            if limit is not None and limit < 0:
                raise Misfit(
                    name,
                    Words(
                        zh=f"必须不小于 0，或为 null（不限），而不是 {limit}",
                        en=f"must be 0 or more, or null for no limit, not {limit}",
                    ),
                )


class Receipts(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, frozen=True):
    """What becomes of an accepted message, and when."""

    after_seconds: float | None = 3.0
    """Of the session's clock, after it was accepted; None leaves it to be driven by hand."""
    status: Literal["delivered", "undelivered"] = "delivered"
    error: str = ""
    """The operator's word for it, as ``UNDELIV``."""

    def __post_init__(self) -> None:
        after = self.after_seconds
        if after is not None and not 0 <= after <= MAX_RECEIPT_SECONDS:
            most = f"{MAX_RECEIPT_SECONDS:.0f}"
            raise Misfit(
                "after_seconds",
                Words(
                    zh=f"必须在 0 到 {most} 之间，或为 null",
                    en=f"must be from 0 to {most}, or null",
                ),
            )

    def due_at(self, accepted_at: float) -> float | None:
        """The moment at which a message becomes final by itself."""
        return None if self.after_seconds is None else accepted_at + self.after_seconds


BY_HAND = Receipts(after_seconds=None)


class AccountSettings(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What every provider has; subclasses add credentials."""

    enabled: bool = True
    signatures: list[Signature] | None = []
    """None (upstream only): whatever the reseller has registered."""
    templates: list[Template] | None = []
    quotas: Quotas = Quotas()
    price_per_segment: int = 1
    ip_allow: list[str] | None = None
    """Addresses or networks (CIDR) that may call; None lets everybody in."""
    mobile_blacklist: list[str] = []
    blocked_words: list[str] = []
    max_segments: int = 10
    skew_seconds: float = 0.0
    """Added to real time before a request's timestamp is judged."""
    approve_after_seconds: float | None = None
    """Pending signatures and templates are approved after this time of the session's clock."""
    receipts: Receipts = Receipts()
    """How messages accepted from now on become final."""
    callback_url: str | None = None
    """Where delivery receipts and people's replies are sent; an address that the server allows."""

    identity: ClassVar[str] = "account"
    """The field that is the account's identity, in the provider's word."""

    @property
    def account(self) -> str:
        """The identity that requests carry: AppId, 会员ID, 门牌号."""
        raise NotImplementedError

    @property
    def secret(self) -> str:
        """What a request's credential is made with."""
        raise NotImplementedError

    @property
    def known_channels(self) -> list[str] | None:
        """The channels that a send may name; None where the wire has none."""
        return None

    @property
    def forwards(self) -> bool:
        """Whether an accepted send goes on to a platform above."""
        return False

    def __post_init__(self) -> None:
        for place, entry in enumerate(self.ip_allow or ()):
            try:
                ipaddress.ip_network(entry, strict=False)
            except ValueError as error:
                words = Words(zh=f"{entry!r} 不是 IP 地址或网段", en=str(error))
                raise Misfit(f"ip_allow[{place}]", words) from None
        for name, floor in (("price_per_segment", 0), ("max_segments", 1)):
            if getattr(self, name) < floor:
                given = getattr(self, name)
                raise Misfit(
                    name,
                    Words(
                        zh=f"必须不小于 {floor}，而不是 {given}",
                        en=f"must be {floor} or more, not {given}",
                    ),
                )
        if abs(self.skew_seconds) > MAX_SKEW_SECONDS:
            most = f"{MAX_SKEW_SECONDS:.0f}"
            raise Misfit(
                "skew_seconds",
                Words(zh=f"必须在 -{most} 到 {most} 之间", en=f"must be within {most} of 0"),
            )


class Invention(Protocol):
    """What a new session draws an account's data from: unique identities, and Faker under its seed."""

    def digits(self, provider: str, length: int) -> str:
        """An identity of this many digits that no other session has."""

    def secret(self, length: int = 32) -> str:
        """Letters and digits under the session's seed."""

    def company(self) -> str:
        """A short company name in Chinese under the session's seed."""


DEFAULT_TEMPLATE = "您的验证码是{code}，{minutes}分钟内有效。"
AMPLE_BALANCE = 1_000_000_000
