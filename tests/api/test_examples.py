"""The examples in the docstrings run, each in a session of its own, and print what they show."""

import ast
import asyncio
import doctest
import inspect
import traceback
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from types import ModuleType
from typing import Any

import pytest

import fakeproviders as package
from fakeproviders import Harness, Session, SyncHarness, SyncSession
from fakeproviders.api import clock, harness, inbox, outbox, provider, session
from fakeproviders.api.sync import clock as sync_clock
from fakeproviders.api.sync import harness as sync_harness
from fakeproviders.api.sync import inbox as sync_inbox
from fakeproviders.api.sync import outbox as sync_outbox
from fakeproviders.api.sync import provider as sync_provider
from fakeproviders.api.sync import session as sync_session
from tests.api.sending import sender

ASYNCHRONOUS = (harness, session, provider, clock, inbox, outbox)
BLOCKING = (sync_harness, sync_session, sync_provider, sync_clock, sync_inbox, sync_outbox)
PUBLIC = {name: getattr(package, name) for name in package.__all__}


@pytest.fixture
def asynchronous_harness(fakeproviders_server: SyncHarness) -> Iterator[Harness]:
    """The same server, for those who await."""
    with asyncio.Runner() as loop:
        harness = Harness(url=fakeproviders_server.url)
        loop.run(harness.__aenter__())
        yield harness
        loop.run(harness.__aexit__())


def documented(*modules: ModuleType) -> list[Any]:
    """Every docstring with examples."""
    finder = doctest.DocTestFinder()
    found = [test for module in modules for test in finder.find(module) if test.examples]
    return [pytest.param(t, id=t.name.removeprefix("fakeproviders.api.")) for t in found]


def run(test: doctest.DocTest, names: dict[str, object]) -> None:
    """Run the examples of a docstring, those that await too, and compare what they print."""
    names = PUBLIC | names
    with asyncio.Runner() as loop:
        for example in test.examples:
            said = _said(loop, example.source, names)
            assert said == (example.exc_msg or example.want), example.source


def _said(loop: asyncio.Runner, source: str, names: dict[str, object]) -> str:
    code = compile(source, "<example>", "single", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    with redirect_stdout(StringIO()) as said:
        try:
            result = eval(code, names)
            if inspect.iscoroutine(result):
                loop.run(result)
        except Exception as error:  # noqa: BLE001 - an example may show one
            return "".join(traceback.format_exception_only(error))
    return said.getvalue()


def test_the_package_says_what_it_offers() -> None:
    assert dir(package) == package.__all__
    with pytest.raises(AttributeError, match="has no attribute 'Harnes'"):
        package.__getattr__("Harnes")


@pytest.mark.fakeproviders(allow_unfired=True)
@pytest.mark.parametrize("test", documented(*BLOCKING))
def test_blocking_examples(
    test: doctest.DocTest, fakeproviders_server: SyncHarness, fakeproviders: SyncSession
) -> None:
    names = {"harness": fakeproviders_server, "session": fakeproviders}
    run(test, {**names, "send_code": sender(fakeproviders.official)})


@pytest.mark.fakeproviders(allow_unfired=True)
@pytest.mark.parametrize("test", documented(*ASYNCHRONOUS))
def test_examples_that_await(
    test: doctest.DocTest, asynchronous_harness: Harness, fakeproviders_async: Session
) -> None:
    names = {"harness": asynchronous_harness, "session": fakeproviders_async}
    run(test, {**names, "send_code": sender(fakeproviders_async.official)})
