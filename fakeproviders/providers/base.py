"""What the core asks of a provider. To add one, implement this in a folder beside the others."""

from typing import Literal, Protocol

import msgspec

from fakeproviders.failures import Reason
from fakeproviders.model import Call, Outcome, RawReply, RawRequest, Receipt, Reply
from fakeproviders.settings import AccountSettings, Invention

Access = Literal["token", "proof", "password"]


class Callback(msgspec.Struct, frozen=True, gc=False):
    """The body of a request that the provider makes by itself."""

    content_type: str
    body: bytes


class Provider(Protocol):
    """A provider's codec and its kind of account. Stateless: both directions are pure."""

    def __hash__(self) -> int:
        """Each is one object, by which is kept what is worked out for it."""

    @property
    def name(self) -> str:
        """The word for it in URLs, faults and the journal."""

    @property
    def access(self) -> Access:
        """How a send shows who sends it: a token fetched before, a proof, or a password."""

    @property
    def templated(self) -> bool:
        """Whether a send names a template and a sign_key; else its content is the whole text."""

    @property
    def max_body(self) -> int:
        """Bytes of a request body that it reads; of a longer one it gets only the fact."""

    @property
    def settings_type(self) -> type[AccountSettings]:
        """The shape of an account's settings here."""

    def default_settings(self) -> AccountSettings:
        """The fixed, documented account of the default session."""

    def invent_settings(self, invention: Invention) -> AccountSettings:
        """An account for a new session."""

    def describe(self, settings: AccountSettings, url: str) -> dict[str, object]:
        """The session object's part: the url and what a client must be configured with."""

    def decode(self, raw: RawRequest) -> Call:
        """Bytes to the core's words. Never raises for what a client sent."""

    def encode(self, call: Call, outcome: Outcome, settings: AccountSettings) -> RawReply:
        """The outcome in this provider's words, in the form the call came in."""

    def status_page(self, status: int, asked: RawRequest | None = None) -> RawReply:
        """The page that the provider's web server sends with a status when the application does not.

        ``asked`` is the request, where there is one that could be read: several servers may share a
        listener, and a page may follow the caller's language.
        """

    def write_receipt(self, receipt: Receipt, secret: str) -> Callback:
        """A delivery receipt in this provider's words, its proof made with a secret."""

    def write_reply(self, reply: Reply, secret: str) -> Callback:
        """A person's reply in this provider's words, its proof made with a secret."""

    def wire_form(self, reason: Reason) -> dict[str, object]:
        """How a refusal for this reason looks on the wire, for the catalogue: status, code, text."""
