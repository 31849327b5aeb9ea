"""The words of scenarios are those of the panel, the targets and the control API."""

from typing import Any, get_args

from fakeproviders.clients.control import API
from fakeproviders.failures import Words
from fakeproviders.panel.events import EVENTS
from fakeproviders.panel.settings import GROUPS
from fakeproviders.scenario import actions
from fakeproviders.scenario.actions import ACTIONS
from fakeproviders.scenario.lint import sample_session
from fakeproviders.scenario.model import TARGETS
from fakeproviders.scenario.targets.named import target_of
from tests.e2e.running import RunningServer
from tests.e2e.world import Control


def test_events_are_those_of_the_notification_matrix() -> None:
    assert get_args(actions.Event) == tuple(EVENTS)


def test_set_takes_all_groups_of_settings() -> None:
    assert list(actions.Set.__struct_fields__) == list(GROUPS)


def test_every_action_says_what_it_is_in_both_languages() -> None:
    for name, action in ACTIONS.items():
        assert isinstance(action.words, Words)
        assert action.words.en.isascii(), name
        assert not action.words.zh.isascii(), name
        assert action.__doc__


def test_targets_are_those_that_there_are() -> None:
    assert tuple(target_of(name).name for name in TARGETS) == TARGETS


def test_templates_are_checked_against_a_session_as_it_is(server: RunningServer) -> None:
    real = Control(f"{server.addresses.control}{API}").get("/sessions/default")
    known = keys(sample_session())
    assert known <= keys(real)
    credentials = {key for key in keys(real) if key.partition(".")[0] in known and "." in key}
    assert credentials <= known


def keys(value: dict[str, Any]) -> set[str]:
    """The keys of an object, and those of the objects in it."""
    inner = {f"{k}.{n}" for k, part in value.items() if isinstance(part, dict) for n in part}
    return inner | set(value)
