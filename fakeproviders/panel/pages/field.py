"""A field of a settings form: which setting it shows, and how its text becomes a value."""

import math
from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit
from fakeproviders.panel.pages.form import Form

Kind = Literal["text", "secret", "whole", "decimal", "switch", "choice"]


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field. ``path`` is the setting's below its group, and the input's name.

    A ``secret`` is never shown; left empty it stays what it is, and ``clearable`` ones can be emptied.
    """

    path: str
    label: Words
    hint: Words | None = None
    kind: Kind = "text"
    optional: bool = False
    """Whether an empty field is a value: none."""
    clearable: bool = False
    choices: Mapping[str, Words] = {}
    attributes: Mapping[str, str] = {}

    def shown(self, group: Any) -> str:
        """The setting as the form's text; a secret's is always empty."""
        return "" if self.kind == "secret" else as_text(value_at(group, self.path))

    def typed(self, form: Form) -> str:
        """What stood in a form that was sent, to be shown again; never a secret."""
        if self.kind == "switch":
            return "on" if form.has(self.path) else ""
        return "" if self.kind == "secret" else form.text(self.path)

    def read(self, form: Form) -> dict[str, Any]:
        """What a form changes, by path; nothing for a field it lacks or a secret left empty. Raises Misfit."""
        given = form.text(self.path)
        if self.kind == "secret":
            return self._secret(form)
        if self.kind == "switch":
            return {self.path: form.has(self.path)}
        if not form.has(self.path):
            return {}
        if not given and self.optional:
            return {self.path: None}
        return {self.path: _READERS.get(self.kind, _same)(self.path, given)}

    def _secret(self, form: Form) -> dict[str, Any]:
        given = form.text(self.path)
        if given:
            return {self.path: given}
        return {self.path: ""} if form.has(f"{self.path}.clear") else {}


def value_at(group: Any, path: str) -> Any:
    """The setting at a path; a template that is not there is empty."""
    for step in path.split("."):
        group = group.get(step, "") if isinstance(group, dict) else getattr(group, step, "")
    return group


def as_text(value: object) -> str:
    """A setting as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "on" if value else ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _same(path: str, given: str) -> str:
    del path
    return given


def _whole(path: str, given: str) -> int:
    try:
        return int(given)
    except ValueError:
        words = Words(zh="应为整数", en="must be a whole number")
        raise Misfit(path, words) from None


def _decimal(path: str, given: str) -> float:
    try:
        number = float(given)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise Misfit(path, Words(zh="应为数字", en="must be a number"))
    return number


_READERS: Mapping[Kind, Callable[[str, str], Any]] = {"whole": _whole, "decimal": _decimal}
