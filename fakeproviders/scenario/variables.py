"""Templates: ``{{ ... }}`` in the texts of a scenario or target file.

A template is an expression of jinja2, no program: names, fields, items, slices, ``+ - ~``, comparisons,
``if else``, the filters of FILTERS, and the methods of ``fake``. A text that is one template as a whole
keeps the value's type.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.exceptions import TemplateError
from jinja2.filters import FILTERS as KNOWN_FILTERS
from jinja2.runtime import Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit
from fakeproviders.scenario.fake import FAKES, Fake
from fakeproviders.scenario.mistakes import near, quoted
from fakeproviders.scenario.positions import Path

FILTERS = ("default", "first", "last", "length", "lower", "string", "tojson", "trim", "upper", "urlencode")  # fmt: skip
MAX_TEMPLATE = 10_000
"""Characters of a text with templates, and of what it becomes."""
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""What a variable may be called."""


class BadTemplate(Misfit):
    """A template that cannot be filled in; ``suggestion`` is the name that was probably meant."""

    def __init__(self, path: Path, words: Words, suggestion: str | None = None) -> None:
        super().__init__(".".join(map(str, path)), words)
        self.path = path
        self.suggestion = suggestion


def filled(value: Any, names: Mapping[str, Any], path: Path = ()) -> Any:
    """A value with its templates filled in, at any depth. Raises BadTemplate with the text's path."""
    if isinstance(value, str):
        return _text(value, names, path)
    if isinstance(value, Mapping):
        return {key: filled(part, names, (*path, key)) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [filled(part, names, (*path, index)) for index, part in enumerate(value)]
    return value


def variables(texts: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    """The names together with variables; one may use those before it. Raises BadTemplate."""
    known = dict(names)
    for name, value in texts.items():
        known[name] = filled(value, known, (name,))
    return known


def has_template(text: str) -> bool:
    """Whether something in a text wants to be filled in, or looks as if it did."""
    return "{{" in text or "{%" in text


def _text(text: str, names: Mapping[str, Any], path: Path) -> Any:
    if not has_template(text):
        return text
    try:
        made = _evaluator(text)(names)
    except _Missing as error:
        raise BadTemplate(path, *_unknown(error, names)) from None
    except BadTemplate as error:
        raise BadTemplate(path, error.words, error.suggestion) from None
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        words = Words(
            zh=f"模板 {quoted(text)} 无法计算（{quoted(error)}）",
            en=f"the template {quoted(text)} cannot be worked out: {error}",
        )
        raise BadTemplate(path, words) from None
    if isinstance(made, str) and len(made) > MAX_TEMPLATE:
        raise BadTemplate(path, _TOO_LONG)
    return made


@lru_cache(maxsize=4096)
def _evaluator(text: str) -> Callable[[Mapping[str, Any]], Any]:
    """What fills in a text. Raises BadTemplate."""
    if len(text) > MAX_TEMPLATE:
        raise BadTemplate((), _TOO_LONG)
    try:
        return _compiled(text)
    except (TemplateSyntaxError, SyntaxError, RecursionError) as error:  # the second is Python's
        words = Words(
            zh=f"模板 {quoted(text)} 写法不对（{quoted(error)}）",
            en=f"the template {quoted(text)} is malformed: {error}",
        )
        raise BadTemplate((), words) from None


def _compiled(text: str) -> Callable[[Mapping[str, Any]], Any]:
    body = _ENVIRONMENT.parse(text).body
    parts = [part for output in body for part in getattr(output, "nodes", ())]
    _check(body)
    if len(parts) == 1 and not isinstance(parts[0], nodes.TemplateData):
        inner = text.strip()[2:-2].strip("+-")  # "{{-" takes the blanks before it away
        expression = _ENVIRONMENT.compile_expression(inner, undefined_to_none=False)
        return lambda names: _plain(expression(**names))
    return _ENVIRONMENT.from_string(text).render


def _check(body: list[nodes.Node]) -> None:
    """Refuse what is more than an expression."""
    for node in _walked(body):
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            raise BadTemplate((), *_unknown_word("filter", node.name, FILTERS))
        if isinstance(node, nodes.Call) and not _is_fake(node.node):
            raise BadTemplate(
                (),
                Words(
                    zh="模板里只能调用 fake 的方法", en="a template can call methods of fake alone"
                ),
            )
        if not isinstance(node, _ALLOWED):
            kind = type(node).__name__
            raise BadTemplate(
                (),
                Words(
                    zh=f"模板只能是表达式 {{{{ ... }}}}，不能用 {kind}",
                    en=f"a template is an expression, {{{{ ... }}}}; {kind} cannot be used",
                ),
            )


def _walked(body: list[nodes.Node]) -> Iterator[nodes.Node]:
    for node in body:
        yield node
        yield from node.find_all(nodes.Node)


def _is_fake(node: nodes.Node) -> bool:
    owner = node.node if isinstance(node, nodes.Getattr) else node
    return owner is not node and isinstance(owner, nodes.Name) and owner.name == "fake"


class _Missing(Exception):
    """A name or field that is not there."""

    def __init__(self, name: object, within: Any) -> None:
        super().__init__(name)
        self.name = name
        self.within = within


class _Strict(StrictUndefined):
    """Says which name is missing, and where."""

    def __init__(
        self, hint: object = None, obj: Any = missing, name: Any = None, exc: object = None
    ) -> None:
        del hint, exc
        super().__init__(None, obj, name, lambda message: _Missing(name, obj))  # type: ignore[arg-type]


def _plain(value: Any) -> Any:
    """The value of an expression. Raises _Missing, and TypeError for what no file can hold."""
    if isinstance(value, Undefined):
        str(value)
    if value is not None and not isinstance(value, (str, int, float, Mapping, list, tuple)):
        raise TypeError(f"{type(value).__name__} is not a value")
    return value


def _unknown(error: _Missing, names: Mapping[str, Any]) -> tuple[Words, str | None]:
    if isinstance(error.name, Undefined):  # an item that a missing name was to choose
        return _unknown_word("name", error.name._undefined_name, names)  # noqa: SLF001
    if error.within is missing:
        return _unknown_word("name", error.name, names)
    known = FAKES if isinstance(error.within, Fake) else ()
    if isinstance(error.within, Mapping):
        known = tuple(map(str, error.within))
    return _unknown_word("field", error.name, known)


def _unknown_word(kind: str, word: object, known: Any) -> tuple[Words, str | None]:
    names = _KINDS[kind]
    words = Words(
        zh=f"模板里的{names.zh} {quoted(word)} 不存在",
        en=f"the {names.en} {quoted(word)} in a template is unknown",
    )
    return words, near(word, known)


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        optimized=False,  # it takes seconds for a sum of a few hundred
        undefined=_Strict,
        finalize=_plain,
        keep_trailing_newline=True,
        comment_start_string=_NEVER,
        comment_end_string=_NEVER[::-1],
    )
    environment.globals.clear()
    environment.filters = {name: KNOWN_FILTERS[name] for name in FILTERS}
    environment.filters["tojson"] = partial(json.dumps, ensure_ascii=False)  # theirs is for HTML
    return environment


_NEVER = "{\0"
"""What no file has in it: templates know no comments."""
_ENVIRONMENT = _environment()
_ALLOWED = (
    nodes.Add, nodes.And, nodes.Call, nodes.Compare, nodes.Concat, nodes.CondExpr, nodes.Const,
    nodes.Dict, nodes.Filter, nodes.Getattr, nodes.Getitem, nodes.Keyword, nodes.List, nodes.Name,
    nodes.Neg, nodes.Not, nodes.Operand, nodes.Or, nodes.Output, nodes.Pair, nodes.Slice, nodes.Sub,
    nodes.TemplateData, nodes.Test, nodes.Tuple,
)  # fmt: skip
_KINDS = {
    "filter": Words(zh="过滤器", en="filter"),
    "name": Words(zh="名称", en="name"),
    "field": Words(zh="字段", en="field"),
}
_TOO_LONG = Words(
    zh=f"模板或其结果超过 {MAX_TEMPLATE} 个字符",
    en=f"a template or its result is longer than {MAX_TEMPLATE} characters",
)
