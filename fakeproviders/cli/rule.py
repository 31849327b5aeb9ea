"""The short form of a fault rule: words of a shell line into the rule object of the control API.

    official rate_limited            {"provider": "official", "do": "rate_limited"}
    erban delay ms=800 reset         {"provider": "erban", "do": [{"delay": {"ms": 800}}, "reset"]}

Names of failures, operations and fields are left to the server: it knows them all.
"""

import json
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from fakeproviders.cli.errors import CliError, place_in_json
from fakeproviders.cli.lang import Lang
from fakeproviders.failures import Words

PROVIDERS = ("official", "reseller", "erban", "upstream", "any")
"""What the first word may be. ``upstream``: the reseller's own account; ``any``: all."""

Rule = dict[str, Any]
MOBILE_LENGTH = 11


def parse(words: Sequence[str], settings: Mapping[str, object], lang: Lang) -> list[Rule]:
    """The rules that a line stands for: JSON objects, one a word, or one rule in the short form.

    ``settings`` are the options given with it. Raises CliError.
    """
    if not any(word.lstrip().startswith("{") for word in words):
        return [short(words, settings, lang)]
    if settings:
        said = Words(
            zh="JSON 规则自带全部设置，不能再加选项：",
            en="A JSON rule has all its settings in it; leave out the options: ",
        )
        raise CliError(said[lang] + ", ".join(f"--{name}" for name in settings))
    return [from_json(word, lang) for word in words]


def from_json(word: str, lang: Lang) -> Rule:
    """One rule object."""
    try:
        rule = json.loads(word)
    except ValueError as error:
        said = Words(
            zh=f"规则不是有效的 JSON（{place_in_json(error)}）。",
            en=f"The rule is not valid JSON: {error}",
        )
        raise CliError(said[lang]) from None
    if not isinstance(rule, dict):
        said = Words(zh="规则必须是 JSON 对象。", en="A rule must be a JSON object.")
        raise CliError(said[lang])
    return rule


def short(words: Sequence[str], settings: Mapping[str, object], lang: Lang) -> Rule:
    """PROVIDER, then failures with their settings, or a script among the options."""
    rule: Rule = {"provider": provider(words[0], lang)}
    if "script" not in settings:
        rule["do"] = outcome(words[1:], lang)
    elif words[1:]:
        said = Words(
            zh=f"--script 已给出全部步骤，不要再写 {words[1]!r}。",
            en=f"--script has all the steps; leave out {words[1]!r}.",
        )
        raise CliError(said[lang])
    return rule | dict(settings)


def provider(word: str, lang: Lang) -> str:
    """The provider's name in the rule."""
    if word in PROVIDERS:
        return "*" if word == "any" else word
    near = get_close_matches(word, PROVIDERS, 1) or PROVIDERS[:1]
    said = Words(
        zh=f"规则的第一个词必须是 {'、'.join(PROVIDERS)} 之一，而不是 {word!r}（例如 {near[0]}）。",
        en=f"A rule's first word is one of {', '.join(PROVIDERS)}, not {word!r} (say {near[0]}).",
    )
    raise CliError(said[lang])


def outcome(words: Sequence[str], lang: Lang) -> object:
    """What happens: names, each followed by its ``key=value`` settings. Several become a list."""
    parts: list[tuple[str, dict[str, object]]] = []
    for word in words:
        name, equals, text = word.partition("=")
        if not equals:
            parts.append((word, {}))
        elif parts and name:
            parts[-1][1][name] = value(text)
        else:
            said = Words(
                zh=f"{word!r} 之前要先写故障代号，例如 delay ms=800。",
                en=f"{word!r} must follow a failure's name, as in delay ms=800.",
            )
            raise CliError(said[lang])
    if not parts:
        said = Words(
            zh="规则缺少故障代号（或 --script）。`fakeproviders failures` 列出全部代号。",
            en="The rule lacks a failure's name (or --script). "
            "`fakeproviders failures` lists the names.",
        )
        raise CliError(said[lang])
    listed = [{name: given} if given else name for name, given in parts]
    return listed[0] if len(listed) == 1 else listed


def value(text: str) -> object:
    """A setting: JSON where it is JSON (numbers, true, "quoted"), else the text itself."""
    try:
        return json.loads(text, parse_constant=lambda name: name)
    except ValueError:
        return text


def match(pairs: Sequence[str], mobile: str | None, lang: Lang) -> Rule:
    """The match object of ``--match field=value`` options and ``--mobile``."""
    tests = [field_test(pair, lang) for pair in pairs]
    if mobile is not None:
        tests.append({"mobile": mobile_pattern(mobile, lang)})
    fields = {field for one in tests for field in one}
    if len(fields) < len(tests):
        return {"all": tests}
    return {field: pattern for one in tests for field, pattern in one.items()}


def field_test(pair: str, lang: Lang) -> Rule:
    """One ``field=value``."""
    field, equals, text = pair.partition("=")
    if not field or not equals:
        said = Words(
            zh=f"--match 要写成 字段=值，而不是 {pair!r}。",
            en=f"--match takes FIELD=VALUE, not {pair!r}.",
        )
        raise CliError(said[lang])
    return {field: pattern(text, lang)}


def pattern(text: str, lang: Lang) -> object:
    """A match value: ``138*`` a prefix, ``*00`` a suffix, ``/regex/``, else the value itself."""
    if len(text) > 2 and text.startswith("/") and text.endswith("/"):
        return {"regex": text[1:-1]}
    if len(text) > 1 and text.startswith("*") and text.endswith("*"):
        said = Words(
            zh=f"{text!r} 两端都有 *；包含关系请写正则 /{text[1:-1]}/。",
            en=f"{text!r} has a * at both ends; for a part in the middle write /{text[1:-1]}/.",
        )
        raise CliError(said[lang])
    if text.endswith("*"):
        return {"prefix": text[:-1]}
    if text.startswith("*"):
        return {"suffix": text[1:]}
    return text


def mobile_pattern(text: str, lang: Lang) -> object:
    """A mobile: like any match value, but the beginning of a number stands for a prefix."""
    if text.isdecimal() and len(text) < MOBILE_LENGTH:
        return {"prefix": text}
    return pattern(text, lang)
