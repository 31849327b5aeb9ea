"""A fault rule as the server has it, spelt as one would write it on the command line.

What cannot be written there - outage windows, ramps, matches in matches - is put into words.
"""

import json
from collections.abc import Mapping
from typing import Any

from fakeproviders.cli.lang import Lang
from fakeproviders.failures import Words
from fakeproviders.faults.words import GROUPS, IN, TYPE
from fakeproviders.punctuation import SEMICOLON

FORMS = {"prefix": "{}*", "suffix": "*{}", "regex": "/{}/"}
DEFAULTS = {
    "per": None, "times": None, "after": 0, "every": 1, "since": None, "until": None,
    "cycle": None, "probability": None,
}  # fmt: skip
CYCLE = Words(
    zh="生效 {on_seconds} 秒、停 {off_seconds} 秒", en="{on_seconds} s on / {off_seconds} s off"
)
RAMP = Words(
    zh="{start} 到 {end}（历时 {over_seconds} 秒）", en="{start} to {end} over {over_seconds} s"
)


def does(one: Mapping[str, Any]) -> str:
    """What a rule does, in the words of the short form."""
    return str(one["script"]) if one.get("script") else spelt(one.get("do"))


def spelt(outcome: object) -> str:
    """A ``do``: a name, a name with settings, or several."""
    if isinstance(outcome, list):
        return " + ".join(map(spelt, outcome))
    if isinstance(outcome, dict):
        return " ".join(
            f"{name} {spelt_settings(given)}".strip() for name, given in outcome.items()
        )
    return str(outcome)


def spelt_settings(given: object) -> str:
    """Settings as ``key=value``."""
    if not isinstance(given, dict):
        return "" if given is None else plain(given)
    return " ".join(f"{key}={plain(one)}" for key, one in given.items())


def plain(value: object) -> str:
    """A value: a text as it is, headers as in HTTP, a number without needless digits, else JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return f"({'; '.join(f'{key}: {plain(one)}' for key, one in value.items())})"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, ensure_ascii=False)


def conditions(one: Mapping[str, Any], lang: Lang) -> str:
    """When a rule acts: operation, match, counts; defaults left out."""
    parts = [str(one["operation"])] if one.get("operation") else []
    if one.get("match"):
        parts.append(spelt_match(one["match"], lang))
    for name, default in DEFAULTS.items():
        if one.get(name, default) != default:
            parts.append(f"{name}={in_time(one[name], lang)}")
    return ", ".join(parts)


def in_time(value: object, lang: Lang) -> str:
    """A setting of a rule: an outage window and a ramp in words."""
    if not isinstance(value, dict):
        return plain(value)
    words, usual = (CYCLE, {}) if "on_seconds" in value else (RAMP, {"start": 0, "end": 1})
    try:
        return words[lang].format(**{key: plain(n) for key, n in {**usual, **value}.items()})
    except KeyError:  # of a newer server
        return plain(value)


def spelt_match(match: Mapping[str, Any], lang: Lang) -> str:
    """A match as on the command line where it can be written there, else in words."""
    return ", ".join(spelt_test(name, test, lang) for name, test in match.items())


def spelt_test(name: str, test: object, lang: Lang) -> str:
    """One field's test, or a match made of matches."""
    if name in GROUPS:
        return spelt_group(name, test, lang)
    if isinstance(test, dict) and len(test) == 1:
        ((kind, operand),) = test.items()
        if kind in FORMS:
            return f"{name}={FORMS[kind].format(operand)}"
        if kind == "not":
            return GROUPS["not"][lang].format(spelt_test(name, operand, lang))
        if kind == "in" and isinstance(operand, list):
            return f"{name} {IN[lang].format(', '.join(map(plain, operand)))}"
        if kind == "type":
            return f"{name} {TYPE[lang].format(operand)}"
    return f"{name}={plain(test)}"


def spelt_group(name: str, parts: Any, lang: Lang) -> str:
    """``any``, ``all`` or ``not``, and the matches in it."""
    inner = parts if isinstance(parts, list) else [parts]
    listed = SEMICOLON[lang].join(spelt_match(one, lang) for one in inner)
    return GROUPS[name][lang].format(listed)
