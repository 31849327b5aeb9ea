"""Parts of a scenario that have a grammar of their own, checked by those who use them.

Fault rules by the engine's rules, account settings and panel settings by their shapes, expected
requests by verification's criteria. Values come with their templates filled in.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import msgspec

from fakeproviders.failures import SLUGS, Words
from fakeproviders.faults.matchers import FIELDS
from fakeproviders.faults.registry import FAULTS
from fakeproviders.faults.rule import PROVIDERS, FaultSpec, Rule
from fakeproviders.merge import merged
from fakeproviders.misfit import Misfit
from fakeproviders.model import OPERATIONS
from fakeproviders.panel.events import CHANNELS, EVENTS
from fakeproviders.panel.settings import GROUPS
from fakeproviders.scenario.mistakes import near, quoted
from fakeproviders.scenario.positions import Path
from fakeproviders.scenario.shapes import (
    Finding,
    findings,
    of_misfit,
    unknown_failure,
    unknown_key,
    unknown_word,
)
from fakeproviders.settings import AccountSettings
from fakeproviders.verify.expectation import Criteria, Expectation

_WORDS = {"provider": (*PROVIDERS, "*"), "operation": (*OPERATIONS, "*")}
"""Fields of a rule or expectation that are one of few words."""
_FAULTS = (*sorted(SLUGS), *FAULTS)
_NO_LISTENER = Words(
    zh="refuse 会关掉监听端口：在文件顶层写上 dedicated_ports: true，让会话有自己的端口",
    en="refuse takes a listener down: write dedicated_ports: true at the top of the file, so that "
    "the session has its own",
)


def fault_rule(value: Any, path: Path, *, dedicated_ports: bool) -> Iterator[Finding]:
    """A rule as ``POST /faults`` takes it, in a session with or without listeners of its own."""
    found = findings(value, FaultSpec, path)
    if not found:
        found = [*_bad_words(value, path), *_bad_faults(value.get("do"), (*path, "do"))]
    if not found:
        try:
            rule = Rule("lint", msgspec.convert(value, FaultSpec), now=0.0)
        except Misfit as error:
            found = [_meaning(of_misfit(error, path))]
        else:
            found = (
                [Finding((*path, "do"), _NO_LISTENER)]
                if rule.refuses and not dedicated_ports
                else []
            )
    yield from found


def expected_request(value: Any, path: Path) -> Iterator[Finding]:
    """An expectation as ``POST /verify`` takes it; its shape has been checked."""
    found = list(_bad_words(value, path))
    if not found:
        try:
            Criteria(msgspec.convert(value, Expectation))
        except Misfit as error:
            found = [_meaning(of_misfit(error, path))]
        except msgspec.ValidationError:
            return  # the shape's own findings say so
    yield from found


def account_settings(role: str, patch: Any, path: Path) -> Iterator[Finding]:
    """Settings as ``PATCH /providers/{provider}`` takes them."""
    patch = dict(patch)
    yield from findings(patch.pop("balance", 0), int, (*path, "balance"))
    account = accounts().get(role)
    if account is not None:
        whole = merged(msgspec.to_builtins(account), patch)
        yield from findings(whole, type(account), path)


def panel_settings(groups: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    """Settings by group, as far as they are given."""
    for name, values in groups.items():
        if name in GROUPS:
            yield from findings(values, GROUPS[name], (*path, name))
        else:
            yield unknown_key((*path, name), list(GROUPS))


def notifications(events: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    """Switches of the notification matrix, by event."""
    for event, switches in events.items():
        here = (*path, event)
        if event not in EVENTS:
            yield unknown_word(here, event, list(EVENTS), at_key=True)
            continue
        yield from findings(switches, dict[str, bool], here)
        for name in switches if isinstance(switches, Mapping) else ():
            yield from _switch(event, name, (*here, name))


def _switch(event: str, name: str, path: Path) -> Iterator[Finding]:
    known = [c for c in CHANNELS if getattr(EVENTS[event], c) is not None]
    if name not in {"row", *CHANNELS}:
        yield unknown_key(path, ["row", *CHANNELS])
    elif name not in {"row", *known}:
        words = Words(
            zh=f"{event} 没有 {name} 通知，只有 {'、'.join(known)}",
            en=f"{event} has no {name} notice, only {', '.join(known)}",
        )
        yield Finding(path, words, at_key=True)


@cache
def accounts() -> dict[str, AccountSettings]:
    """The default account of each role."""
    from fakeproviders.providers.erban import ERBAN  # loads spyne: only where settings are checked
    from fakeproviders.providers.official import OFFICIAL
    from fakeproviders.providers.reseller import RESELLER

    official = OFFICIAL.default_settings()
    return {
        "official": official,
        "upstream": official,
        "reseller": RESELLER.default_settings(),
        "erban": ERBAN.default_settings(),
    }


def _bad_words(value: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    for field, known in _WORDS.items():
        word = value.get(field)
        if isinstance(word, str) and word not in known:
            yield unknown_word((*path, field), word, list(known))
    reason = value.get("reason")
    if isinstance(reason, str) and reason not in SLUGS:
        yield unknown_failure((*path, "reason"), reason, SLUGS)


def _bad_faults(do: Any, path: Path) -> Iterator[Finding]:
    """Faults that there are not, and settings that do not fit theirs."""
    if isinstance(do, list):
        for index, part in enumerate(do):
            yield from _bad_faults(part, (*path, index))
    elif isinstance(do, str) and do not in _FAULTS:
        yield unknown_failure(path, do, _FAULTS)
    elif isinstance(do, Mapping) and len(do) == 1:
        ((name, settings),) = do.items()
        if name not in _FAULTS:
            yield unknown_failure((*path, name), name, _FAULTS, at_key=True)
        elif name in FAULTS and settings is not None:
            yield from findings(settings, FAULTS[name], (*path, name))


def _meaning(finding: Finding) -> Finding:
    """A misfit of a match, with the field that was probably meant."""
    name = finding.path[-1]
    if "match" not in finding.path or name in FIELDS:
        return finding
    words = Words(
        zh=f"没有叫 {quoted(name)} 的字段", en=f"no field of a request is called {quoted(name)}"
    )
    meant = near(name, FIELDS)
    return Finding(finding.path, words, meant, at_key=True) if meant else finding
