"""What a scenario's shape cannot say: that its words are known, its rules usable, and its story whole.

Templates are filled in with a sample session before anything is checked, so that a variable's typo and
a wrong value are both found where they stand.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from fakeproviders.failures import Words, catalogue
from fakeproviders.misfit import Misfit
from fakeproviders.scenario import grammars
from fakeproviders.scenario.actions import ACTIONS
from fakeproviders.scenario.fake import Fake
from fakeproviders.scenario.mistakes import quoted
from fakeproviders.scenario.model import Answer, ClockMove, Delivery, Expect, Title
from fakeproviders.scenario.moments import moment, seconds
from fakeproviders.scenario.positions import Path
from fakeproviders.scenario.shapes import (
    Finding,
    findings,
    of_misfit,
    unknown_failure,
    unknown_word,
)
from fakeproviders.scenario.variables import NAME, BadTemplate, filled
from fakeproviders.stores.windows import BUCKETS

RESERVED = ("session", "codes", "fake")
"""Names that templates have without being given them."""
EVENTS_OF_A_STEP = ("do", "clock", "providers", "faults", "clear_faults", "deliver", "reply")
STATUSES = ("submitted", "delivered", "undelivered")
ONLY_WITH_DO = ("with", "times", "together")
_PARTS_OF_A_STEP = {"clock": ClockMove, "deliver": Delivery, "reply": Answer, "note": Title}


def scenario_findings(value: Mapping[str, Any]) -> list[Finding]:
    """All that is wrong with a scenario's value beyond its shape; wrong shapes are passed over."""
    return list(_Linter().of(value))


class SampleCodes(dict[str, str]):
    """A code for whatever mobile is asked for."""

    def __missing__(self, mobile: str) -> str:
        return "123456"


@cache
def sample_session() -> dict[str, Any]:
    """A session object as the control API shows it."""
    from fakeproviders.providers.erban import ERBAN  # loads spyne: only where files are checked
    from fakeproviders.providers.official import OFFICIAL
    from fakeproviders.providers.reseller import RESELLER

    url = "http://127.0.0.1:9400"
    parts = {p.name: p.describe(p.default_settings(), url) for p in (OFFICIAL, RESELLER, ERBAN)}
    return {"id": "sample", "seed": 1, "name": "", **parts, "panel": {"url": url}}


class _Linter:
    """Goes through one scenario; ``names`` are what its templates may use by now."""

    def __init__(self) -> None:
        self._names: dict[str, Any] = {
            "session": sample_session(),
            "codes": SampleCodes(),
            "fake": Fake(1),
        }
        self._dedicated_ports = False

    def of(self, value: Mapping[str, Any]) -> Iterator[Finding]:
        """All findings, in no order."""
        self._dedicated_ports = value.get("dedicated_ports") is True
        yield from _head(value)
        yield from self._variables(_mapping(value.get("variables")))
        for name in ("given", "cause"):
            yield from self._setup(_mapping(value.get(name)), (name,))
        for phase in ("steps", "remedy"):
            for index, step in enumerate(_list(value.get(phase))):
                yield from self._step(_mapping(step), (phase, index))

    def _variables(self, texts: Mapping[str, Any]) -> Iterator[Finding]:
        for name, value in texts.items():
            path: Path = ("variables", name)
            if not NAME.fullmatch(name) or name in RESERVED:
                words = Words(
                    zh=f"变量不能叫 {quoted(name)}：用字母、数字和下划线，且不是 {'、'.join(RESERVED)}",
                    en=f"a variable cannot be called {quoted(name)}: letters, digits and underscores, "
                    f"and none of {', '.join(RESERVED)}",
                )
                yield Finding(path, words, at_key=True)
                continue
            made, bad = self._filled(value, path)
            yield from bad
            self._names[name] = made

    def _setup(self, setup: Mapping[str, Any], path: Path) -> Iterator[Finding]:
        yield from self._providers(_mapping(setup.get("providers")), (*path, "providers"))
        yield from self._faults(_list(setup.get("faults")), (*path, "faults"))
        panel = _mapping(setup.get("panel"))
        for name, check in (
            ("settings", grammars.panel_settings),
            ("drafts", grammars.panel_settings),
            ("notifications", grammars.notifications),
        ):
            here = (*path, "panel", name)
            made, bad = self._filled(_mapping(panel.get(name)), here)
            yield from bad or check(made, here)

    def _providers(self, patches: Mapping[str, Any], path: Path) -> Iterator[Finding]:
        for role, patch in patches.items():
            made, bad = self._filled(_mapping(patch), (*path, role))
            yield from bad or grammars.account_settings(role, made, (*path, role))

    def _faults(self, rules: list[Any], path: Path) -> Iterator[Finding]:
        for index, rule in enumerate(rules):
            made, bad = self._filled(_mapping(rule), (*path, index))
            here = (*path, index)
            yield from bad or grammars.fault_rule(made, here, dedicated_ports=self._dedicated_ports)

    def _step(self, step: Mapping[str, Any], path: Path) -> Iterator[Finding]:
        yield from _one_thing(step, path)
        if path[0] == "remedy" and step.get("cause"):
            words = Words(zh="处理步骤不能是原因", en="what mends is no cause")
            yield Finding((*path, "cause"), words, at_key=True)
        if isinstance(step.get("do"), str):
            yield from self._action(step, path)
        yield from self._providers(_mapping(step.get("providers")), (*path, "providers"))
        yield from self._faults(_list(step.get("faults")), (*path, "faults"))
        for name, shape in _PARTS_OF_A_STEP.items():
            if isinstance(step.get(name), Mapping):
                made, bad = self._filled(step[name], (*path, name))
                bad = bad or findings(made, shape, (*path, name))
                yield from bad or (_clock_move(made, (*path, name)) if name == "clock" else ())
        yield from self._expect(_mapping(step.get("expect")), (*path, "expect"))

    def _action(self, step: Mapping[str, Any], path: Path) -> Iterator[Finding]:
        action = ACTIONS.get(step["do"])
        if action is None:
            yield unknown_word((*path, "do"), step["do"], list(ACTIONS))
            return
        here = (*path, "with") if "with" in step else (*path, "do")
        made, bad = self._filled(_mapping(step.get("with")), here)
        yield from bad or findings(made, action, here)

    def _expect(self, expect: Mapping[str, Any], path: Path) -> Iterator[Finding]:
        made, bad = self._filled(expect, path)
        yield from bad
        if bad:
            return
        yield from findings(made, Expect, path)
        user = _mapping(made.get("user"))
        if isinstance(user.get("failure"), str):
            yield from _known_failure(user["failure"], (*path, "user", "failure"))
        if user.get("succeeds") and ("sees" in user or "failure" in user):
            words = Words(
                zh="sees 和 failure 说的是被拒绝的操作，不能与 succeeds: true 同用",
                en="sees and failure are about what was refused; leave them out beside succeeds: true",
            )
            yield Finding((*path, "user", "succeeds"), words, at_key=True)
        for index, request in enumerate(_list(made.get("received"))):
            here = (*path, "received", index)
            yield from grammars.expected_request(_mapping(request), here)
        yield from _few_words(made, "inbox", "status", STATUSES, path)
        yield from _few_words(made, "quota", "bucket", tuple(BUCKETS), path)

    def _filled(self, value: Any, path: Path) -> tuple[Any, list[Finding]]:
        """A value with its templates filled in, and each template that could not be."""
        if isinstance(value, str):
            try:
                return filled(value, self._names), []
            except BadTemplate as error:
                return "", [Finding(path, error.words, error.suggestion)]
        bad: list[Finding] = []
        items = value.items() if isinstance(value, Mapping) else enumerate(_list(value))
        made: dict[Any, Any] = {}
        for key, part in items:
            made[key], more = self._filled(part, (*path, key))
            bad.extend(more)
        if isinstance(value, Mapping):
            return made, bad
        return (list(made.values()) if isinstance(value, list) else value), bad


def _head(value: Mapping[str, Any]) -> Iterator[Finding]:
    """What the file says about itself, and whether its story is whole."""
    slug = value.get("failure")
    if isinstance(slug, str):
        yield from _known_failure(slug, ("failure",))
        yield from _as_the_guide_has_it(value, slug)
    steps = [_mapping(step) for step in _list(value.get("steps"))]
    if not value.get("cause") and not any(step.get("cause") for step in steps):
        words = Words(
            zh="没有原因：给出 cause，或给一个步骤加 cause: true；去掉原因，场景就必须不通过",
            en="nothing makes it fail: give cause, or mark a step with cause: true; "
            "without it the scenario must not pass",
        )
        yield Finding(("cause",), words)


def _as_the_guide_has_it(value: Mapping[str, Any], slug: str) -> Iterator[Finding]:
    entry = catalogue().get(slug)
    if entry is None or not entry.section:
        return
    section = value.get("section")
    if not isinstance(section, str):
        return  # it is a story that the failure is a part of
    if section != entry.section:
        words = Words(
            zh=f"{slug} 在指南的 {entry.section} 节，不在 {section} 节",
            en=f"{slug} is in section {entry.section} of the guide, not {section}",
        )
        yield Finding(("section",), words, f'"{entry.section}"')
    if not value.get("remedy"):
        words = Words(
            zh=f"指南说了 {slug} 怎么处理：给出 remedy，并证明随后能发送成功",
            en=f"the guide says how to mend {slug}: give a remedy, and prove that a send then succeeds",
        )
        yield Finding(("remedy",), words)


def _known_failure(slug: str, path: Path) -> Iterator[Finding]:
    if slug not in catalogue():
        yield unknown_failure(path, slug, catalogue())


def _one_thing(step: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    given = [name for name in EVENTS_OF_A_STEP if step.get(name) is not None]
    if len(given) != 1:
        known = ", ".join(EVENTS_OF_A_STEP)
        words = Words(
            zh=f"一个步骤必须给且只给 {known} 中的一个",
            en=f"a step has exactly one of {known}",
        )
        yield Finding((*path, given[1]) if given else path, words, at_key=True)
    elif given != ["do"]:
        surplus = [name for name in ONLY_WITH_DO if name in step]
        if "user" in _mapping(step.get("expect")):
            surplus.append("user")
        for name in surplus:
            where = (*path, "expect", name) if name == "user" else (*path, name)
            words = Words(zh=f"{name} 只能与 do 同用", en=f"{name} goes with do alone")
            yield Finding(where, words, at_key=True)


def _clock_move(move: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    advance, to = move.get("advance"), move.get("to")
    if (advance is None) == (to is None):
        words = Words(zh="advance 和 to 必须给且只给一个", en="give exactly one of advance and to")
        yield Finding(path, words)
        return
    try:
        if isinstance(advance, (int, float, str)):
            seconds(advance)
        elif isinstance(to, str):
            moment(to, 0.0)
    except Misfit as error:
        yield of_misfit(error, path)


def _few_words(
    expect: Mapping[str, Any], part: str, field: str, known: tuple[str, ...], path: Path
) -> Iterator[Finding]:
    for index, item in enumerate(_list(expect.get(part))):
        word = _mapping(item).get(field)
        if isinstance(word, str) and word not in known:
            yield unknown_word((*path, part, index, field), word, list(known))


def _mapping(value: Any) -> Mapping[str, Any]:
    """The value, if it is one of keys; what is not is the shape's to report."""
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
