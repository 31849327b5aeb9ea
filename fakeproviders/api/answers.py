"""What the Python API gives back: the control API's JSON as frozen, typed values."""

from datetime import datetime
from typing import Any

import msgspec

Json = dict[str, Any]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """Fields that a newer server adds are left out."""


class Message(Answer, frozen=True, kw_only=True):
    """An SMS that a provider accepted, as its receiver sees it.

    ``code`` is the verification code found in ``content``; ``status`` is submitted, delivered or
    undelivered; ``at`` and ``done_at`` are moments of the session's clock.
    """

    id: str
    provider: str
    mobile: str
    content: str
    code: str | None
    status: str
    error: str
    at: datetime
    done_at: datetime | None
    signature: str
    template_id: str
    out_id: str
    segments: int
    fee: int


class Reply(Answer, frozen=True, kw_only=True):
    """What a person answered; ``status`` is new, fetched or read."""

    id: str
    provider: str
    mobile: str
    content: str
    status: str
    at: datetime


class Letter(Answer, frozen=True, kw_only=True):
    """What the panel sent by another way than SMS; ``kind`` is mail, site or wechat.

    ``recipient`` is a mail address, or the mobile of who is told; ``code`` is the verification code found
    in ``content``; ``event`` is the row of the notification matrix; ``at`` is a moment of the panel's clock.
    """

    id: str
    kind: str
    event: str
    recipient: str
    title: str
    content: str
    code: str | None
    at: datetime


class Panel(Answer, frozen=True, kw_only=True):
    """The operators' panel of a session: ``url`` is its home page."""

    url: str


class FaultDrawn(Answer, frozen=True, kw_only=True):
    """The fault that met a request: its rule, what it did, and the number of the rule's match, from 1."""

    id: str
    do: str
    nth: int


class Request(Answer, frozen=True, kw_only=True):
    """A request that a provider received; also a receipt that it sent (operation ``receipt``).

    ``outcome`` is accepted, refused, fault, page ...; ``reason`` the failure it was refused for;
    ``status`` the HTTP status of the reply, None where none was written.
    """

    id: str
    at: datetime
    provider: str
    operation: str
    door: str
    account: str
    mobile: str
    outcome: str
    reason: str | None
    fault: FaultDrawn | None
    method: str
    path: str
    status: int | None
    hint: str | None


class Step(Answer, frozen=True, kw_only=True):
    """One check of a request: passed or not, in words of both languages."""

    rule: str
    passed: bool
    zh: str
    en: str


class Content(Answer, frozen=True, kw_only=True):
    """Headers and body, as they went over the wire; a body that is no UTF-8 has its bytes escaped."""

    headers: tuple[tuple[str, str], ...]
    body: str


class Exchange(Request, frozen=True, kw_only=True):
    """A request whole: what came in, why it was answered so, and what went out."""

    request: Content
    trace: tuple[Step, ...]
    reply: Content | None


class Fault(Answer, frozen=True, kw_only=True):
    """A fault rule in force: how many calls it met, how often it acted, whether it is used up."""

    id: str
    provider: str
    matched: int
    fired: int
    exhausted: bool
    operation: str | None = None
    do: Any = None
    script: str | None = None


class QuotaUse(Answer, frozen=True, kw_only=True):
    """One quota of an account: how much of it is used in the present window."""

    provider: str
    bucket: str
    key: str
    used: int
    limit: int | None
    resets_at: datetime
