"""The blocking twins are what the asynchronous classes say, and both can do the same."""

import inspect

import pytest

from fakeproviders.api.harness import Harness
from fakeproviders.api.session import Session
from fakeproviders.api.sync.harness import SyncHarness
from fakeproviders.api.sync.session import SyncSession
from tests.api.synchronous import API, ASYNC, MODULES, SYNC, synchronous


@pytest.mark.parametrize("name", MODULES)
def test_a_twin_is_made_from_its_source(name: str) -> None:
    made, found = synchronous(API / f"{name}.py"), (SYNC / f"{name}.py").read_text("utf-8")
    assert found == made, "run: python -m tests.api.synchronous"


def test_there_are_no_other_twins() -> None:
    assert {path.stem for path in SYNC.glob("*.py")} == {*MODULES, "__init__"}


@pytest.mark.parametrize("name", MODULES)
def test_a_twin_awaits_nothing(name: str) -> None:
    assert not ASYNC.search((SYNC / f"{name}.py").read_text("utf-8"))


@pytest.mark.parametrize(
    ("asynchronous", "blocking"), [(Harness, SyncHarness), (Session, SyncSession)]
)
def test_twins_have_the_same_methods(asynchronous: type, blocking: type) -> None:
    assert _methods(asynchronous) == _methods(blocking)


def _methods(shape: type) -> dict[str, list[str]]:
    found = inspect.getmembers(shape, inspect.isfunction)
    return {n: list(inspect.signature(f).parameters) for n, f in found if not n.startswith("__")}
