"""What mypy, as strict as it gets, says of a file that uses the Python API."""

import subprocess
import sys
from pathlib import Path

import pytest

USER = """
from collections.abc import Iterator
from datetime import datetime
from typing import assert_type

import pytest

from fakeproviders import (
    Expectation, Fault, Harness, Letter, Message, QuotaUse, Request, Session, SyncHarness, SyncSession,
)


@pytest.fixture
def session() -> Iterator[SyncSession]:
    with SyncHarness() as harness, harness.session(seed=7, clock="2026-01-01T00:00:00") as session:
        yield session


def test_blocking(session: SyncSession) -> None:
    assert_type(session.official.app_id, str)
    assert_type(session.official.fail("rate_limited", times=1, match={"mobile": "1"}), Fault)
    assert_type(session.inbox.wait_for_code("1"), str)
    assert_type(session.inbox.messages(), list[Message])
    assert_type(session.outbox.wait_for_letter("a@b", kind="mail"), Letter)
    assert_type(session.requests(outcome="refused"), list[Request])
    assert_type(session.clock.advance(hours=1), datetime)
    assert_type(session.quota(), list[QuotaUse])
    session.verify(Expectation(operation="send", count=1), order=True)


async def test_awaiting() -> None:
    async with Harness() as harness:
        session = await harness.session()
        assert_type(session, Session)
        assert_type(await session.erban.script("fail, ok"), Fault)
        assert_type(await session.inbox.wait_for_message(), Message)
        assert_type(await session.story(), str)


def test_mistakes(session: SyncSession) -> None:
    session.official.app_idd  # type: ignore[attr-defined]
    session.official.fail("rate_limited", tims=1)  # type: ignore[call-arg]
    session.requests(outcome="good")  # type: ignore[arg-type]
    session.clock.advance("1h")  # type: ignore[arg-type]
    SyncHarness(port=9400)  # type: ignore[call-arg]
"""


@pytest.mark.timeout(300)
def test_a_users_file_passes_mypy_in_strict_mode(tmp_path: Path) -> None:
    (tmp_path / "test_user.py").write_text(USER, "utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "test_user.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr
