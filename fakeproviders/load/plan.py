"""A load plan: who sends, how many, in what shape, for how long, against which limits and faults.

A file is ``NAME.load.yaml``; those that are shipped are in ``loadtests/plans``.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from fakeproviders.failures import Words
from fakeproviders.load.thresholds import Thresholds
from fakeproviders.misfit import Misfit
from fakeproviders.scenario import grammars
from fakeproviders.scenario.load import read_file
from fakeproviders.scenario.mistakes import near, quoted
from fakeproviders.scenario.shapes import Finding, unknown_word
from fakeproviders.scenario.shipped import folder

SUFFIX = ".load.yaml"
ROLES = ("official", "upstream", "reseller", "erban")
Shape = Literal["steady", "ramp", "burst", "spike", "bombing"]
Role = Literal["official", "upstream", "reseller", "erban"]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=86_400)]

USERS: Mapping[str, Words] = {
    "official": Words(zh="官方接口", en="the official API"),
    "reseller": Words(zh="上级代理", en="the reseller proxy"),
    "erban-soap": Words(zh="二办 .asmx，SOAP 1.1", en="Erban's .asmx, SOAP 1.1"),
    "erban-form": Words(zh="二办 .aspx 表单，GBK", en="Erban's .aspx form, GBK"),
    "erban-xfire": Words(zh="二办 XFire（Java）", en="Erban's XFire service (Java)"),
    "erban-rest": Words(zh="二办 REST", en="Erban's REST interface"),
    "panel": Words(zh="面板的注册页", en="the panel's registration page"),
    "own": Words(zh="自己的系统（request）", en="a system of one's own (request)"),
    "scenario": Words(zh="运行场景（scenarios）", en="runs scenarios (scenarios)"),
    "good-client": Words(zh="规范的客户端", en="a well-behaved client"),
    "hammering-client": Words(zh="失败就立刻重试的客户端", en="a client that retries at once"),
    "new-ids-client": Words(zh="重试时换编号的客户端", en="a client with a new id for each retry"),
    "impatient-client": Words(
        zh="不等限额恢复、也不切换的客户端",
        en="a client that waits for no limit and never fails over",
    ),
}
"""Whom a plan may let loose."""


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a plan."""


class Texts(Part, frozen=True, kw_only=True):
    """A text in both languages."""

    zh: str
    en: str


class Weather(Part, frozen=True, kw_only=True):
    """A fault rule that is in force for a while. Seconds count from the first request of the load."""

    at: Seconds = 0.0
    until: Seconds | None = None
    """None is the end of the run."""
    rule: dict[str, Any]
    """As ``POST /faults`` takes it."""

    def __post_init__(self) -> None:
        if self.until is not None and self.until <= self.at:
            raise Misfit("until", Words(zh="必须晚于 at", en="must be later than at"))


class Pause(Part, frozen=True, kw_only=True):
    """Seconds that a user rests between two messages."""

    least: Seconds = 0.1
    most: Seconds = 0.5

    def __post_init__(self) -> None:
        if self.most < self.least:
            raise Misfit("most", Words(zh="不能小于 least", en="must not be less than least"))


class OwnRequest(Part, frozen=True, kw_only=True):
    """How a system of one's own is asked to send a code; ``{mobile}`` stands for the number."""

    method: Literal["POST", "GET", "PUT"] = "POST"
    path: str = "/"
    json: dict[str, Any] | None = None
    form: dict[str, str] | None = None
    headers: dict[str, str] = {}


class Plan(Part, frozen=True, kw_only=True):
    """A load run as it is planned."""

    title: Texts
    users: dict[str, Annotated[int, msgspec.Meta(ge=1, le=1000)]]
    """Kinds of users, and the weight of each."""
    count: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 10
    """Users at once, at the shape's height."""
    shape: Shape = "steady"
    seconds: Annotated[float, msgspec.Meta(ge=1, le=86_400)] = 10.0
    pause: Pause = Pause()
    mobiles: Annotated[int, msgspec.Meta(ge=1, le=100_000_000)] = 10_000
    """Numbers that messages go to; few of them are a bombardment."""
    seed: Annotated[int, msgspec.Meta(ge=0, lt=1 << 53)] = 7
    dedicated_ports: bool = False
    """Listeners of the session's own, which the fault ``refuse`` can take down."""
    providers: dict[Role, dict[str, Any]] = {}
    """Account settings, as ``PATCH /providers/{provider}`` takes them."""
    faults: tuple[Weather, ...] = ()
    scenarios: tuple[str, ...] = ()
    """Which scenarios the ``scenario`` user runs; all that are shipped, without any."""
    host: str | None = None
    """Address of a system of one's own, for ``own`` and ``panel``."""
    request: OwnRequest = OwnRequest()
    thresholds: Thresholds = Thresholds()


def plans() -> dict[str, Path]:
    """The shipped plans by name."""
    found = sorted((folder("loadtests") / "plans").glob(f"*{SUFFIX}"))
    return {path.name.removesuffix(SUFFIX): path for path in found}


def load_plan(name: str) -> Plan:
    """A shipped plan by name, or a file. Raises BadFile for its mistakes, Misfit when there is none."""
    path = plans().get(name, Path(name))
    if not path.is_file():
        raise Misfit("", _unknown(name))
    return read_file(path, Plan, _findings).value


def check_users(plan: Plan) -> None:
    """Raises Misfit for users that are unknown, or that lack what they need."""
    for name in plan.users:
        if name not in USERS:
            found = unknown_word(("users", name), name, list(USERS), at_key=True)
            raise Misfit("users", _with(found.words, found.suggestion))
    if "own" in plan.users and plan.host is None:
        words = Words(
            zh="own 用户需要自己系统的地址：请用 --host 给出（例如 --host http://127.0.0.1:8000），"
            "或写在计划的 host 里",
            en="the user own needs the address of your system: give it with --host "
            "(as --host http://127.0.0.1:8000), or as host in the plan",
        )
        raise Misfit("host", words)


def load_thresholds(path: Path) -> Thresholds:
    """Thresholds from a YAML or JSON file. Raises BadFile."""
    return read_file(path, Thresholds).value


def _findings(value: Mapping[str, Any]) -> Iterator[Finding]:
    """What the shape cannot say."""
    users = value.get("users")
    if users == {}:
        words = Words(
            zh=f"至少要有一种用户：{'、'.join(USERS)}",
            en=f"name at least one of {', '.join(USERS)}",
        )
        yield Finding(("users",), words)
    for name in users if isinstance(users, dict) else ():
        if name not in USERS:
            yield unknown_word(("users", name), name, list(USERS), at_key=True)
    providers, faults = value.get("providers"), value.get("faults")
    has_ports = value.get("dedicated_ports") is True
    for role, settings in providers.items() if isinstance(providers, dict) else ():
        if role in ROLES:
            yield from grammars.account_settings(role, settings, ("providers", role))
    for index, weather in enumerate(faults if isinstance(faults, list) else ()):
        if isinstance(weather, dict) and isinstance(weather.get("rule"), dict):
            place = ("faults", index, "rule")
            yield from grammars.fault_rule(weather["rule"], place, dedicated_ports=has_ports)


def _unknown(name: str) -> Words:
    words = Words(
        zh=f"没有叫 {quoted(name)} 的压测计划，也没有这个文件；有的计划：{'、'.join(plans())}",
        en=f"no load plan and no file is called {quoted(name)}; there are {', '.join(plans())}",
    )
    return _with(words, near(name, plans()))


def _with(words: Words, meant: str | None) -> Words:
    """What is wrong, and what was probably meant."""
    if meant is None:
        return words
    return Words(zh=f"{words.zh}；是不是 {meant}？", en=f"{words.en}; did you mean {meant}?")
