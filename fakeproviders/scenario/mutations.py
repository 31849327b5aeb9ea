"""A scenario without one part of its cause, for each part: none of these may pass.

A scenario that passes without what should make it fail proves nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

from fakeproviders.scenario.model import PanelState, Scenario, Setup
from fakeproviders.scenario.steps import rule_words

Values = dict[str, Any]


class Mutant(NamedTuple):
    """``without`` names the part that was taken away."""

    without: str
    scenario: Scenario


def mutations(scenario: Scenario) -> list[Mutant]:
    """Every mutant: each fault, setting, draft, notification and the clock of ``cause``; each causing step."""
    causes = [
        Mutant(f"cause.{what}", replace(scenario, cause=cause))
        for what, cause in _setups(scenario.cause)
    ]
    steps = [
        Mutant(f"steps[{number}]", replace(scenario, steps=_without(scenario.steps, number)))
        for number, step in enumerate(scenario.steps)
        if step.cause
    ]
    return causes + [mutant for mutant in steps if mutant.scenario.steps]


def _setups(cause: Setup) -> Iterator[tuple[str, Setup]]:
    if cause.clock is not None:
        yield "clock", replace(cause, clock=None)
    for number, rule in enumerate(cause.faults):
        what = f"faults[{number}] ({rule_words(rule)})"
        yield what, replace(cause, faults=_without(cause.faults, number))
    for path, providers in pruned(cause.providers):
        yield f"providers.{path}", replace(cause, providers=providers)
    for name in PanelState.__struct_fields__:
        for path, part in pruned(getattr(cause.panel, name)):
            panel = replace(cause.panel, **{name: part})
            yield f"panel.{name}.{path}", replace(cause, panel=panel)


def pruned(tree: Mapping[Any, Any], above: str = "") -> Iterator[tuple[str, Values]]:
    """The tree without one leaf, for each: its dotted path, and what is left. A list is a leaf."""
    for key, part in tree.items():
        path = f"{above}{key}"
        rest = {name: value for name, value in tree.items() if name != key}
        if isinstance(part, Mapping) and part:
            for below, left in pruned(part, f"{path}."):
                yield below, ({**tree, key: left} if left else rest)
        else:
            yield path, rest


def _without(items: Sequence[Any], number: int) -> tuple[Any, ...]:
    return (*items[:number], *items[number + 1 :])
