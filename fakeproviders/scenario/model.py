"""A scenario file's shape: the language, in one place.

    title:   {zh: 签名数据不一致, en: The signature is not the registered one}
    section: "3"                      # of the operators' guide
    failure: signature_mismatch
    tags:    [guide, official]
    variables:
      mobile: "{{ fake.mobile() }}"
    given:                            # the world before anything happens
      panel: {settings: {sms: {channel: official}}}
    cause:                            # what makes it fail: without it the scenario must not pass
      panel: {settings: {sms: {official: {signature: 【别家公司】}}}}
    steps:
      - do: send_code
        with: {event: register, mobile: "{{ mobile }}"}
        expect:
          user: {sees: "短信发送失败: 签名数据不一致", failure: signature_mismatch}
          received: [{provider: official, operation: send, outcome: refused, count: 1}]
          inbox: [{mobile: "{{ mobile }}", count: 0}]
    remedy:
      - do: set
        with: {sms: {official: {signature: "{{ session.official.signature }}"}}}
      - do: save
      - do: send_code
        with: {event: register, mobile: "{{ mobile }}"}
        expect: {user: {succeeds: true}, inbox: [{mobile: "{{ mobile }}", count: 1}]}

Text anywhere below ``variables`` is a template, but for the clock of ``given`` and ``cause``. What these
shapes cannot say (that an action exists, that a fault rule can be used) is checked where a file is loaded.
"""

from typing import Annotated, Any, Literal, get_args

import msgspec

from fakeproviders.clock import ClockState
from fakeproviders.verify.expectation import Bounds, Expectation

Values = dict[str, Any]
Role = Literal["official", "upstream", "reseller", "erban"]
TargetName = Literal["panel", "client:official", "client:reseller", "client:erban"]
TARGETS: tuple[TargetName, ...] = get_args(TargetName)
"""Those that are built in; a target file is the fifth."""
Section = Literal["preface", "1", "2", "3", "4", "5", "6", "7", "8", "9"]
Seed = Annotated[int, msgspec.Meta(ge=0, lt=1 << 53)]
"""What every JSON reader keeps exact."""
Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Times = Annotated[int, msgspec.Meta(ge=1, le=10_000)]
Tag = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_-]*$")]


class Shape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):  # fmt: skip
    """Part of a scenario; a key that it does not have is an error."""


class Title(Shape, frozen=True, kw_only=True):
    """A text in both languages."""

    zh: str
    en: str


class PanelState(Shape, frozen=True, kw_only=True):
    """What the target's settings are before the first step, beyond a working installation."""

    settings: Values = {}
    """In force, by group: sms, interface, member, time, captcha, sending."""
    drafts: Values = {}
    """Entered but not saved."""
    notifications: Values = {}
    """By event: ``{row, sms, mail, site, wechat}``, each true or false."""


class Setup(Shape, frozen=True, kw_only=True):
    """A state of the world. A second one is laid over the first."""

    providers: dict[Role, Values] = {}
    """Account settings, as ``PATCH /providers/{provider}`` takes them."""
    faults: tuple[Values, ...] = ()
    """Fault rules, as ``POST /faults`` takes them."""
    clock: ClockState | None = None
    panel: PanelState = PanelState()


class UserSees(Shape, frozen=True, kw_only=True):
    """What the user is told. With ``sees`` or ``failure`` the action must have been refused."""

    succeeds: bool | None = None
    sees: str | None = None
    """The exact text, as the panel words it; a target of one's own has its own wording."""
    failure: str | None = None
    """The catalogue's slug that the target itself has found out."""
    data: Values = {}
    """Fields that the answer must have, among others: an object its fields, a list for each item here one
    that fits. An empty list must be empty."""


class InboxHolds(Shape, frozen=True, kw_only=True):
    """Messages that the inbox must hold now; all fields that are given must fit."""

    mobile: str | None = None
    provider: Role | None = None
    contains: str | None = None
    """Text that the content has in it."""
    status: str | None = None
    count: Count | Bounds | None = None
    """Exactly so many, or bounds; without it at least one."""


class QuotaUsed(Shape, frozen=True, kw_only=True):
    """Use of a bucket."""

    provider: Role
    bucket: str
    key: str | None = None
    """The mobile or address that it counts for."""
    used: Count
    limit: Count | None = None


class Expect(Shape, frozen=True, kw_only=True):
    """What must be true after a step. ``within`` gives it real seconds to become true."""

    user: UserSees | None = None
    received: tuple[Expectation, ...] = ()
    """Requests that this step made the providers receive."""
    order: bool = False
    """The requests of ``received`` came one after the other."""
    strict: bool = False
    """No other requests came."""
    inbox: tuple[InboxHolds, ...] = ()
    quota: tuple[QuotaUsed, ...] = ()
    charged: dict[Role, Count] = {}
    """SMS units taken from a balance by this step."""
    within: Annotated[float, msgspec.Meta(ge=0, le=30)] = 0


class ClockMove(Shape, frozen=True, kw_only=True):
    """The session's clock goes forward: by a time, or to a moment. Exactly one."""

    advance: float | str | None = None
    """Seconds, or ``90s``, ``5m``, ``2h``, ``1d``."""
    to: str | None = None
    """RFC 3339, or ``HH:MM[:SS]``, the next such time of day in Beijing."""


class Delivery(Shape, frozen=True, kw_only=True):
    """The network's word on the newest message to a mobile."""

    mobile: str
    status: Literal["delivered", "undelivered"]
    error: str | None = None


class Answer(Shape, frozen=True, kw_only=True):
    """The person behind a mobile answers."""

    mobile: str
    content: str


class Step(Shape, frozen=True, kw_only=True):
    """One thing that happens, and what must be true after it. Exactly one of the first seven."""

    do: str | None = None
    """An action of the target, with its parameters in ``with``."""
    clock: ClockMove | None = None
    providers: dict[Role, Values] | None = None
    """The provider's staff change an account: approve a signature, raise a quota."""
    faults: tuple[Values, ...] | None = None
    """Fault rules come into force."""
    clear_faults: bool | None = None
    """All fault rules end: the outage is over."""
    deliver: Delivery | None = None
    reply: Answer | None = None

    parameters: Values = msgspec.field(default={}, name="with")
    times: Times = 1
    """How often ``do`` is done; each time must meet ``user``, all together the rest."""
    together: bool = False
    """All ``times`` at once instead of one after the other."""
    cause: bool = False
    """This step is (part of) what makes it fail: without it the scenario must not pass."""
    note: Title | None = None
    """What it is, in words; by default the action's own."""
    expect: Expect = Expect()


class Scenario(Shape, frozen=True, kw_only=True):
    """A whole file. Its name is the file's, without ``.scenario.yaml``."""

    title: Title
    about: Title | None = None
    """A sentence or two for whoever reads the list."""
    section: Section | None = None
    """Of the operators' guide."""
    failure: str | None = None
    """The entry of the catalogue that it shows."""
    tags: tuple[Tag, ...] = ()
    seed: Seed = 1
    target: TargetName = "panel"
    """Where it runs when nothing else is asked for."""
    dedicated_ports: bool = False
    """The session has listeners of its own; ``refuse`` takes one down, and needs it."""
    variables: Values = {}
    given: Setup = Setup()
    cause: Setup = Setup()
    """What makes it fail, laid over ``given``: with any part of it taken away it must not pass."""
    steps: Annotated[tuple[Step, ...], msgspec.Meta(min_length=1)]
    remedy: tuple[Step, ...] = ()
    """What the guide advises, and the proof that it works."""
