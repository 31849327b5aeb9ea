"""The nouns of the core: what a request becomes on its way, and what comes back.

Bytes arrive as a RawRequest, a provider's codec reads a Call out of it, the rules turn the call
into an outcome (Accepted or Refused), and the codec writes that as a RawReply.
Field names here are the core's own; a provider's words stay in its folder.
"""

from collections.abc import Mapping
from typing import Any, Protocol

import msgspec
from msgspec import structs

from fakeproviders.failures import Reason, Words

TOKEN, SEND, BATCH, REPORT, BALANCE = "token", "send", "batch", "report", "balance"
SIGNATURES, TEMPLATES = "signatures", "templates"
REPLIES, REPLY_READ = "replies", "reply_read"
"""What people answered, fetched; and one of it marked read."""
CHANNELS, KEYWORDS = "channels", "keywords"
RECEIPT, REPLY = "receipt", "reply"
OWN_CALLS = frozenset({RECEIPT, REPLY})
"""Our own calls, to the address that an account gave: a delivery receipt, a person's reply."""
HOME, HELP, WSDL, UNKNOWN = "home", "help", "wsdl", "unknown"

PAGES = frozenset({HOME, HELP, WSDL, UNKNOWN})
"""Operations that serve documents: a fault rule meets them only when it names them."""

OPERATIONS = (
    TOKEN, SEND, BATCH, REPORT, BALANCE, SIGNATURES, TEMPLATES, REPLIES, REPLY_READ, CHANNELS, KEYWORDS,
    RECEIPT, REPLY, HOME, HELP, WSDL, UNKNOWN,
)  # fmt: skip
"""The same words on every provider; SendSms3 and its sisters are ``send``."""


class RawRequest(msgspec.Struct, gc=False):
    """One HTTP request as it arrived, its session prefix taken off the path."""

    method: str
    path: str
    """Percent-decoded, without query and without ``/@<session>``."""
    query: str
    """As sent, undecoded."""
    headers: Mapping[str, str]
    """Case-insensitive."""
    raw_headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    ip: str = ""
    session_id: str = ""
    """From the address prefix; empty without one."""
    origin: str = ""
    """``scheme://host[:port]`` as the client addressed us."""
    prefixed: bool = True
    """Whether the address carried the session; a session's own port names it without."""
    too_large: bool = False
    """The body exceeded the listener's limit: it was drained, ``body`` is empty."""

    @property
    def base_url(self) -> str:
        """The address this request's session has on this listener, without a trailing slash."""
        if self.session_id and self.prefixed:
            return f"{self.origin}/@{self.session_id}"
        return self.origin


class RawReply(msgspec.Struct, gc=False):
    """One HTTP reply before it is written: status, headers in order, body bytes."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Credential(Protocol):
    """How a request shows who sends it; each provider's proof.py has its own kind."""

    def verify(self, secret: str) -> bool:
        """Whether it was made with this account secret."""

    def explain(self, secret: str) -> dict[str, str]:
        """Facts for the decision trace: ``given``, ``expected``, ``signed``."""


class NoCredential(msgspec.Struct, frozen=True, gc=False):
    """A request that shows nothing."""

    def verify(self, secret: str) -> bool:
        """Nothing shown is never right."""
        del secret
        return False

    def explain(self, secret: str) -> dict[str, str]:
        """There is nothing to explain."""
        del secret
        return {"given": "", "expected": "", "signed": ""}


NO_CREDENTIAL = NoCredential()


class Line(msgspec.Struct, frozen=True, gc=False):
    """One of a batch's lines: a mobile and the text it gets."""

    mobile: str
    content: str
    signature: str | None = None


class Call(msgspec.Struct, gc=False):
    """A request in the core's words. ``None`` is "not sent", ``""`` is "sent empty"."""

    provider: str
    """Listener that was asked; becomes ``upstream`` when the account is the reseller's own."""
    operation: str
    door: str = ""
    """Which of the provider's forms was used, so that the reply takes the same."""
    account: str = ""
    credential: Credential = NO_CREDENTIAL
    timestamp: str | None = None
    """Beijing wall-clock text; None where the wire has none."""
    token: str | None = None
    """Of an earlier token request: good for a while, or for a while and one send."""
    missing: str = ""
    """The first required parameter that is absent, in the wire's own word."""
    foreign: tuple[str, ...] = ()
    """Parameters that this operation does not know."""
    unreadable: Words | None = None
    """Why no parameter could be read at all, for the trace."""
    mobiles: tuple[str, ...] = ()
    lines: tuple[Line, ...] | None = None
    """Of a batch that has a text for each mobile; ``content`` is then all of them as sent."""
    signature: str | None = None
    sign_key: str | None = None
    template_id: str | None = None
    params: dict[str, Any] | None = None
    """As sent: numbers are numbers, so that a matcher can tell."""
    content: str | None = None
    channel: str | None = None
    out_id: str = ""
    send_at: str | None = None
    """When it is to be sent, as given; None is at once."""
    message_id: str = ""
    reply_id: str = ""
    since: str = ""
    """From when on replies are asked for, as given."""
    name: str = ""
    """Of a template being submitted."""
    ip: str = ""
    lang: str = "zh"
    """For pages a person reads."""
    submits: bool = False
    """Signatures and templates: True registers one, False lists them."""
    page: RawReply | None = None
    """A reply that the codec gives by itself: documents and protocol errors."""

    @property
    def mobile(self) -> str:
        """All mobiles as one comma-joined text, the form in which a matcher meets them."""
        return ",".join(self.mobiles)

    def field(self, name: str) -> object:
        """A field by its core name; a template parameter as ``params.<name>``.

        Raises AttributeError for a name that is no field.
        """
        if name.startswith("params."):
            return (self.params or {}).get(name[7:])
        return getattr(self, name)


class Refusal(Exception):
    """Raised by a rule: the call is refused, for this reason, by these facts.

    ``cause`` tells apart the ways to one reason (a token request fails in four); ``text`` replaces
    the catalogue's text where another provider's words are passed on. ``rule`` is set by who runs the rules.
    """

    def __init__(self, reason: Reason, cause: str = "", text: str = "", **facts: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.cause = cause
        self.text = text
        self.rule = ""
        self.facts = facts


class Refused(msgspec.Struct, gc=False, frozen=True):
    """The outcome of a refused call. ``rule`` names the rule that refused, or ``fault``."""

    reason: Reason
    cause: str = ""
    text: str = ""
    rule: str = ""
    facts: dict[str, object] = {}


class Accepted(msgspec.Struct, gc=False, frozen=True):
    """The outcome of a call that went through; ``result`` is one of the classes below."""

    result: Any = None


Outcome = Accepted | Refused


class TokenIssued(msgspec.Struct, gc=False, frozen=True):
    """A fresh access token and its lifetime in seconds."""

    token: str
    expires_in: int


class Sent(msgspec.Struct, gc=False, frozen=True):
    """One accepted send: a message id a mobile, segments of each, fee of all."""

    message_ids: tuple[str, ...]
    segments: int
    fee: int
    send_at: float | None = None
    """The moment of the session's clock at which they are sent; None is now."""


class BatchSent(msgspec.Struct, gc=False, frozen=True):
    """A batch: each mobile with an outcome of its own, in the order sent."""

    results: tuple[tuple[str, Outcome], ...]


class Message(msgspec.Struct, gc=False):
    """One SMS in the inbox. Times are epoch seconds of the session's clock, ``at`` of its acceptance."""

    id: str
    provider: str
    mobile: str
    content: str
    at: float
    signature: str = ""
    template_id: str = ""
    out_id: str = ""
    segments: int = 1
    fee: int = 1
    status: str = "submitted"
    """``scheduled`` (as_of() says so), ``submitted``, ``delivered`` or ``undelivered``."""
    error: str = ""
    done_at: float | None = None
    """When the status became final."""
    listed: bool = True
    """False for the hop behind a reseller's send: the inbox shows one message a send."""
    due_at: float | None = None
    """When it is to become final by itself; None when it has, or is driven by hand alone."""
    send_at: float | None = None
    """When a timed send goes out; None where it went at once."""
    fate: str = "delivered"
    fate_error: str = ""
    """Status and error that it then has."""

    def as_of(self, now: float) -> "Message":
        """The message as it stands at a moment. Nothing has to happen for it to go out or become final."""
        if self.due_at is not None and now >= self.due_at:
            return structs.replace(
                self, status=self.fate, error=self.fate_error, done_at=self.due_at, due_at=None
            )
        if self.send_at is not None and now < self.send_at and self.status == "submitted":
            return structs.replace(self, status="scheduled")
        return self


class Reply(msgspec.Struct, gc=False):
    """What a person answered. ``provider`` is the account that it was sent to."""

    id: str
    """Names its session, as a token does."""
    provider: str
    mobile: str
    content: str
    at: float
    """Epoch seconds of the session's clock."""
    status: str = "new"
    """``new``; ``fetched`` once the account was given it; ``read`` once it marked it read, or accepted a callback."""


class Receipt(msgspec.Struct, gc=False, frozen=True):
    """What a delivery receipt says of a message. ``at`` is when the status became final."""

    message_id: str
    mobile: str
    status: str
    error: str
    at: float
    out_id: str = ""
