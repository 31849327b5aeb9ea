"""What the control API shows of a session is the same when its state is in Redis: the same tests, once more."""

from inspect import isfunction
from types import ModuleType

from tests.control import (
    test_events,
    test_export,
    test_inbox_and_journal,
    test_ledger,
    test_verify,
)
from tests.control.test_events import lone_world
from tests.e2e.world import World

__all__ = ["lone_world"]
AGAIN = (test_events, test_export, test_inbox_and_journal, test_ledger, test_verify)
"""Tests of the control API that read the journal."""


def named(module: ModuleType) -> dict[str, object]:
    """By names that tell them from other modules' tests."""
    prefix = module.__name__.rpartition(".")[2]
    return {
        f"{prefix}_{name.removeprefix('test_')}": test
        for name, test in vars(module).items()
        if name.startswith("test_") and isfunction(test)
    }


for again in AGAIN:
    globals().update(named(again))


def test_the_state_is_in_redis(world: World) -> None:
    session = world.server.harness.sessions.get(world.id)
    assert session is not None
    assert session.journal.is_shared
