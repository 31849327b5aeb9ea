"""An account: one party registered with one provider, within one session."""

import ipaddress
from typing import TypeVar

from fakeproviders.providers.base import Provider
from fakeproviders.settings import AccountSettings, Signature, Template

UPSTREAM = "upstream"
"""The role of the account that the reseller itself has with the official API."""

_Registered = TypeVar("_Registered", Signature, Template)


class Account:
    """Settings with the look-ups that rules need, built once a change.

    ``role`` is its word in URLs, faults, quotas and the inbox: the provider's name, or ``upstream`` for
    the account that the reseller itself has with the official API. ``fallback`` lends its
    signatures and templates where the settings have none of their own (null).
    """

    def __init__(
        self,
        role: str,
        provider: Provider,
        settings: AccountSettings,
        fallback: "Account | None" = None,
    ) -> None:
        self.role = role
        self.provider = provider
        self.listed = role != UPSTREAM
        """Whether its messages show in the inbox; the hop behind a reseller's send does not."""
        self._fallback = fallback
        self.put(settings)

    def put(self, settings: AccountSettings) -> None:
        """Bring settings into force."""
        self.settings = settings
        """What is in force; to be replaced by put() alone."""
        self.id = settings.account
        self.secret = settings.secret
        self.networks = None if settings.ip_allow is None else _networks(settings.ip_allow)
        self.blacklist = frozenset(settings.mobile_blacklist)
        self.index()

    def index(self) -> None:
        """Rebuild the look-ups after a signature or template was added."""
        self._by_key = {s.sign_key: s for s in self.settings.signatures or ()}
        self._by_text = {s.signature: s for s in self.settings.signatures or ()}
        self._by_id = {t.template_id: t for t in self.settings.templates or ()}

    def signatures(self) -> list[Signature]:
        """All registered signatures."""
        if self.settings.signatures is None:
            return self._fallback.signatures() if self._fallback else []
        return self.settings.signatures

    def templates(self) -> list[Template]:
        """All registered templates."""
        if self.settings.templates is None:
            return self._fallback.templates() if self._fallback else []
        return self.settings.templates

    def signature(self, sign_key: str) -> Signature | None:
        """The signature that a key names."""
        if self.settings.signatures is None and self._fallback:
            return self._fallback.signature(sign_key)
        return self._by_key.get(sign_key)

    def signature_by_text(self, text: str) -> Signature | None:
        """The signature with this text, 【】 included."""
        if self.settings.signatures is None and self._fallback:
            return self._fallback.signature_by_text(text)
        return self._by_text.get(text)

    def template(self, template_id: str) -> Template | None:
        """The template with this number."""
        if self.settings.templates is None and self._fallback:
            return self._fallback.template(template_id)
        return self._by_id.get(template_id)

    def lets_in(self, ip: str) -> bool:
        """Whether this address may call."""
        if self.networks is None:
            return True
        try:
            address = ipaddress.ip_address(ip)
        except ValueError:
            return False
        return any(address in network for network in self.networks)

    def status(self, item: _Registered, now: float) -> str:
        """A registered item's status at a moment: what is pending may approve itself with time."""
        wait = self.settings.approve_after_seconds
        if item.status == "pending" and wait is not None and item.submitted_at is not None:
            return "approved" if now >= item.submitted_at + wait else "pending"
        return item.status


def _networks(
    entries: list[str],
) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    return tuple(ipaddress.ip_network(entry, strict=False) for entry in entries)
