"""A target file's shape: how the actions of scenarios are done at a system of one's own.

    base_url: "{{ env.SHOP_URL | default('http://127.0.0.1:8080') }}"
    prepare:                          # before the first step, with the settings that the scenario wants
      request: {method: PUT, path: /config, json: {gateway: "{{ settings.sms.channel }}"}}
    actions:
      send_code:
        request: {path: /signup/code, form: {phone: "{{ mobile }}"}}
        reply:
          success: {found: {css: .notice}}
          text: [{css: .notice}, {css: .error}]
      save: null                      # nothing to do: settings take effect at once
    wording:
      signature_mismatch: The gateway does not know our signature.

Texts are templates. They know ``session`` (the control API's session object), ``env``, ``kept``, and
  in an action  its parameters by name, ``parameters`` as they were given, ``others``: those but ``event``
  in prepare    ``changes``, ``drafts``, ``notifications``: what the scenario sets beyond a working installation
  everywhere    ``settings``: all that are in force, in the panel's words
An action that is not here, or a setting or event that is not supported, skips a scenario.
"""

from typing import Annotated, Any, Literal

import msgspec

from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit
from fakeproviders.scenario.targets.places import as_xpath, check_pointer, check_regex

Status = Annotated[int, msgspec.Meta(ge=100, le=599)]
_PLACES = ("json", "header", "css", "regex")


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Part of a target file; a key that it does not have is an error."""


class Find(Part, frozen=True, kw_only=True):
    """Something in a reply. Exactly one of the first four."""

    json: str | None = None
    """A JSON pointer (RFC 6901): ``/error``; the empty one is the whole document."""
    header: str | None = None
    css: str | None = None
    """A selector: the text of the first such element of an HTML page, or of ``all``."""
    regex: str | None = None
    """Searched in the body; its first group, or all that it matched."""
    attribute: str | None = None
    """With ``css``: this attribute instead of the text."""
    all: bool = False
    """With ``css``: a list of all such elements."""
    number: bool = False
    """What stands there is a number, and is taken for one."""

    def __post_init__(self) -> None:
        if len(self.places()) != 1:
            words = Words(
                zh=f"{'、'.join(_PLACES)} 必须给且只给一个",
                en=f"give exactly one of {', '.join(_PLACES)}",
            )
            raise Misfit("", words)
        if self.css is None and (self.all or self.attribute is not None):
            field = "all" if self.all else "attribute"
            raise Misfit(field, Words(zh="只能与 css 同用", en="goes with css alone"))
        self._check()

    def _check(self) -> None:
        if self.css is not None:
            as_xpath(self.css)
        if self.json is not None:
            check_pointer(self.json)
        if self.regex is not None:
            check_regex(self.regex)

    def places(self) -> list[str]:
        """Which of the ways to look are given."""
        return [place for place in _PLACES if getattr(self, place) is not None]


class Success(Part, frozen=True, kw_only=True):
    """How a good reply is known; all that is given must hold. Without any: a status below 400."""

    status: tuple[Status, ...] | None = None
    found: Find | None = None
    """There is such a thing, and it is neither empty nor false."""
    absent: Find | None = None
    """There is no such thing."""
    equals: Any = msgspec.UNSET
    """What ``found`` must be, letter by letter."""


class Reply(Part, frozen=True, kw_only=True):
    """What a reply says."""

    success: Success = Success()
    text: Find | tuple[Find, ...] = ()
    """What the user reads: the first of them that is there."""
    failure: Find | None = None
    """The slug, where the system finds out by itself; else it is told by ``wording``."""
    data: Find | None = None
    """An object: its fields are the answer's data."""
    fields: dict[str, Find] = {}
    """More fields of the answer's data, one by one."""


class Request(Part, frozen=True, kw_only=True):
    """An HTTP request."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "POST"
    path: str
    """Below ``base_url``."""
    query: dict[str, Any] = {}
    """A value of null is left out, here and in ``form`` and ``headers``."""
    headers: dict[str, Any] = {}
    json: Any = msgspec.UNSET
    form: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.json is not msgspec.UNSET and self.form is not None:
            raise Misfit("form", Words(zh="不能与 json 同用", en="does not go with json"))


class Exchange(Part, frozen=True, kw_only=True):
    """One request and what its reply says. Redirects are followed, cookies are kept for a scenario."""

    when: str | None = None
    """A template: where it is empty or false, the request is not made."""
    each: str | None = None
    """A template that gives an object: one request for each of its items, as ``key`` and ``value``."""
    request: Request
    reply: Reply = Reply()
    keep: dict[str, Find] = {}
    """What later requests need, as ``kept.NAME``: a CSRF token, a number."""


Doing = Exchange | tuple[Exchange, ...] | None


class Supports(Part, frozen=True, kw_only=True):
    """What of the scenarios' world the system has; without a list it is all of it."""

    settings: tuple[str, ...] | None = None
    """Paths like ``sms.official.signature``; ``sms.*`` is all below ``sms``."""
    fixed: dict[str, Any] = {}
    """Settings that are as they are: a scenario that wants another value is skipped."""
    drafts: bool = True
    """Settings can be entered without being in force."""
    events: tuple[str, ...] | None = None
    notifications: bool = True
    """The notification matrix can be set."""


class TargetFile(Part, frozen=True, kw_only=True):
    """A whole file."""

    base_url: str
    headers: dict[str, Any] = {}
    """Sent with every request."""
    timeout: Annotated[float, msgspec.Meta(gt=0, le=300)] = 30.0
    """Seconds that a reply may take."""
    at_once: Annotated[int, msgspec.Meta(ge=1, le=1000)] | None = 1
    """Scenarios that may run at the same time; null is any number."""
    prepare: Doing = None
    finish: Doing = None
    """After the last step, whatever became of it."""
    supports: Supports = Supports()
    actions: dict[str, Doing]
    wording: dict[str, str] = {}
    """How the system words a failure: by its slug, or by the very text that a scenario expects."""
