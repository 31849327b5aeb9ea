"""What a scenario needs of its target: actions, events, settings."""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from fakeproviders.scenario.model import Scenario, Step, UserSees


def steps_of(scenario: Scenario) -> tuple[Step, ...]:
    """All steps, the remedy's among them."""
    return (*scenario.steps, *scenario.remedy)


def actions_of(scenario: Scenario) -> list[str]:
    """The actions that it does, each once."""
    return list(dict.fromkeys(step.do for step in steps_of(scenario) if step.do is not None))


def events_of(scenario: Scenario) -> list[str]:
    """The events that it names, each once."""
    named = (step.parameters.get("event") for step in steps_of(scenario))
    return list(dict.fromkeys(str(event) for event in named if event is not None))


def roles_of(scenario: Scenario) -> set[str]:
    """The accounts that it names: in the world, in its steps, in what it expects."""
    named: list[object] = []
    for setup in (scenario.given, scenario.cause):
        named += [*setup.providers, *_roles_of_rules(setup.faults)]
    for step in steps_of(scenario):
        expect = step.expect
        named += [*(step.providers or ()), *_roles_of_rules(step.faults or ()), *expect.charged]
        named += [request.provider for request in expect.received]
        named += [message.provider for message in expect.inbox]
        named += [bucket.provider for bucket in expect.quota]
    return {str(role) for role in named if role not in {None, "*"}}


def _roles_of_rules(rules: Iterable[Mapping[str, Any]]) -> list[object]:
    return [rule.get("provider") for rule in rules]


def settings_of(scenario: Scenario) -> list[tuple[str, Any]]:
    """All settings that it sets, each path with its value: ``sms.official.signature``."""
    states = [scenario.given.panel, scenario.cause.panel]
    trees = [tree for state in states for tree in (state.settings, state.drafts)]
    trees += [step.parameters for step in steps_of(scenario) if step.do == "set"]
    return [leaf for tree in trees for leaf in leaves(tree)]


def unsupported(
    scenario: Scenario, patterns: tuple[str, ...] | None, fixed: Mapping[str, Any]
) -> list[str]:
    """Settings that it sets and the target does not have, or has with another value that stays."""
    return list(
        dict.fromkeys(
            path
            for path, value in settings_of(scenario)
            if (fixed[path] != value if path in fixed else not is_supported(path, patterns))
        )
    )


def needs_drafts(scenario: Scenario) -> bool:
    """Whether it tells settings that are entered from settings that are in force."""
    if scenario.given.panel.drafts or scenario.cause.panel.drafts:
        return True
    unsaved = False
    for step in steps_of(scenario):
        if step.do == "set":
            unsaved = True
        elif step.do == "save":
            unsaved = False
        elif step.do is not None and unsaved:
            return True
    return False


def needs_notifications(scenario: Scenario) -> bool:
    """Whether it sets the notification matrix before it begins."""
    return bool(scenario.given.panel.notifications or scenario.cause.panel.notifications)


def told_of(scenario: Scenario) -> Iterator[tuple[str, UserSees]]:
    """Each action with what its user must see."""
    for step in steps_of(scenario):
        if step.do is not None and step.expect.user is not None:
            yield step.do, step.expect.user


def leaves(tree: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted paths of all values that are no objects; an empty object is one too."""
    for key, value in tree.items():
        path = f"{above}.{key}" if above else key
        if isinstance(value, Mapping) and value:
            yield from leaves(value, path)
        else:
            yield path, value


def is_supported(path: str, patterns: tuple[str, ...] | None) -> bool:
    """Whether one of the patterns (``sms.*``) takes the path in; without patterns all are."""
    return patterns is None or any(fnmatchcase(path, pattern) for pattern in patterns)
