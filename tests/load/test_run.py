"""A run from its session to its verdict, with Locust for real."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from fakeproviders.clients.control import ControlError
from fakeproviders.failures import Words
from fakeproviders.load import locust
from fakeproviders.load import run as running
from fakeproviders.load.locust import LoadError
from fakeproviders.load.plan import Pause, Plan, Weather, load_plan
from fakeproviders.load.run import Order, judge_session, run_load
from fakeproviders.load.verdict import Stats, Verdict
from tests.e2e.clients import send_well
from tests.e2e.running import RunningServer
from tests.e2e.world import World
from tests.load.systems import failing_system

pytestmark = pytest.mark.timeout(120)
PATIENCE = 50.0
"""Seconds in which a load that is stopped early has ended, on a machine that is busy."""


def a_plan(**changed: Any) -> Plan:
    """A short one, within limits."""
    given = {
        "users": {"official": 1},
        "count": 4,
        "seconds": 2.0,
        "pause": Pause(least=0.05, most=0.1),
    }
    return structs.replace(load_plan("doors"), **{**given, **changed})


def run(server: RunningServer, plan: Plan, **order: Any) -> Verdict:
    control = server.addresses.control
    return asyncio.run(run_load(Order(name="test", plan=plan, control=control, **order)))


def test_a_master_and_its_workers_carry_one_load(server: RunningServer) -> None:
    before = set(server.harness.sessions._by_id)
    verdict = run(server, a_plan(seconds=4.0), workers=2)
    assert verdict.passed
    assert verdict.workers == 2
    sends = sum(door.accepted for door in verdict.ledger.doors if door.operation == "send")
    tokens = sum(door.accepted for door in verdict.ledger.doors if door.operation == "token")
    assert sends > 10
    assert tokens >= 4, "a user each, over both workers"
    assert 0 < verdict.stats.requests <= sends + tokens
    assert set(server.harness.sessions._by_id) == before, "its session is gone"


def test_a_session_of_ones_own_stays_and_is_as_it_was(world: World) -> None:
    world.patch("official", quotas={"mobile_per_day": 7})
    send_well(world, "official")  # what is there already does not start the plan's faults
    plan = a_plan(
        providers={"official": {"quotas": {"account_per_second": 3}}},
        faults=(Weather(rule={"provider": "official", "operation": "send", "do": "maintenance", "times": 2}),),
        mobiles=1_000_000,
    )  # fmt: skip
    verdict = run(world.server, plan, session=world.id)
    assert verdict.session == world.id
    (door,) = (d for d in verdict.ledger.doors if d.operation == "send")
    assert door.refused["maintenance"] == 2
    assert door.refused["rate_limited"] > 0
    settings = world.settings("official")["quotas"]
    assert (settings["account_per_second"], settings["mobile_per_day"]) == (None, 7)
    assert world.control.get(f"{world.path}/faults")["faults"] == []


def test_settings_that_are_refused_leave_those_before_them_as_they_were(world: World) -> None:
    providers: dict[Any, Any] = {"official": {"balance": 1}, "erban": {"balance": "much"}}
    balance = world.settings("official")["balance"]
    with pytest.raises(ControlError, match="balance"):
        run(world.server, a_plan(providers=providers), session=world.id)
    assert world.settings("official")["balance"] == balance


def test_a_fault_that_is_refused_leaves_no_other_in_force(world: World) -> None:
    rule = {"provider": "official", "operation": "send", "do": "maintenance"}
    faults = (
        Weather(until=60.0, rule=rule),
        Weather(at=0.3, rule={**rule, "do": "nothing_known"}),
    )
    with pytest.raises(ControlError, match="nothing_known"):
        run(world.server, a_plan(faults=faults), session=world.id)
    assert world.control.get(f"{world.path}/faults")["faults"] == []


MAINTENANCE = {"provider": "official", "operation": "send", "do": "maintenance"}


def test_faults_begin_with_the_first_request_however_late_it_comes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "FIRST_REQUEST_SECONDS", 0.05)
    plan = a_plan(seconds=4.0, faults=(Weather(rule={**MAINTENANCE, "times": 2}),))
    verdict = run(world.server, plan, session=world.id)
    (door,) = (d for d in verdict.ledger.doors if d.operation == "send")
    assert door.refused["maintenance"] == 2


@pytest.mark.parametrize("comes", [True, False])
def test_a_fault_that_never_began_is_an_error(
    world: World, monkeypatch: pytest.MonkeyPatch, comes: bool
) -> None:
    is_on = asyncio.Event()

    def tell(words: Words) -> None:
        if words.en == "The load is on.":
            is_on.set()

    class Load:
        async def stats(self) -> Stats:
            if comes:
                await asyncio.to_thread(send_well, world, "official")
                await is_on.wait()
            return Stats(requests=1)

    @contextlib.asynccontextmanager
    async def ends_at_once(*given: object) -> AsyncIterator[Load]:
        yield Load()

    monkeypatch.setattr(running, "locust", ends_at_once)
    plan = a_plan(seconds=60.0, faults=(Weather(at=50.0, rule=MAINTENANCE),))
    order = Order(name="test", plan=plan, control=world.control.url, session=world.id)
    words = "a fault of the plan never began" if comes else "no request came to the session"
    with pytest.raises(LoadError, match=words) as caught:
        asyncio.run(run_load(order, tell))
    assert ("故障没有发生" if comes else "没有收到任何请求") in caught.value.words.zh
    assert world.control.get(f"{world.path}/faults")["faults"] == []


def test_a_fault_after_the_end_is_left_out_and_that_is_said(world: World) -> None:
    told: list[Words] = []
    plan = a_plan(faults=(Weather(at=2.0, rule=MAINTENANCE),))
    order = Order(name="test", plan=plan, control=world.control.url, session=world.id)
    verdict = asyncio.run(run_load(order, told.append))
    assert not any("maintenance" in door.refused for door in verdict.ledger.doors)
    assert [words.en for words in told if "left out" in words.en]


def test_a_load_from_elsewhere_can_be_judged(world: World) -> None:
    world.control.post(f"{world.path}/ledger", {"name": "by hand"})
    send_well(world, "official")
    order = Order(
        name="doors", plan=load_plan("doors"), control=world.control.url, session=world.id
    )
    verdict = asyncio.run(judge_session(order))
    assert (verdict.failed, verdict.ledger.name, verdict.ledger.running) == ((), "by hand", False)


def test_the_panel_and_scenarios_can_be_loaded(server: RunningServer) -> None:
    users = {"panel": 1, "scenario": 1}
    plan = a_plan(users=users, seconds=4.0, scenarios=("3-signature-mismatch",))
    verdict = run(server, plan)
    assert verdict.stats.failures == 0, verdict.stats.errors
    assert sum(slot.attempts for slot in verdict.ledger.series.slots) > 0


def test_a_session_that_is_not_there_is_an_error(server: RunningServer) -> None:
    with pytest.raises(ControlError, match="there is no session"):
        run(server, a_plan(), session="nobody")


def test_without_locust_it_says_what_to_install(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locust, "find_spec", lambda name: None)
    with pytest.raises(LoadError, match=r"pip install 'fakeproviders\[load\]'"):
        run(server, a_plan())


def test_a_locust_that_breaks_down_is_quoted(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "locustfile.py").write_text("raise RuntimeError('no users today')")
    monkeypatch.setattr(locust, "folder", lambda kind: tmp_path)
    with pytest.raises(LoadError, match="no users today"):
        run(server, a_plan())


def test_a_locust_that_hangs_is_stopped(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "locustfile.py").write_text("import time\ntime.sleep(60)")
    monkeypatch.setattr(locust, "folder", lambda kind: tmp_path)
    monkeypatch.setattr(locust, "START_SECONDS", -1.0)
    monkeypatch.setattr(locust, "END_SECONDS", 1.5)
    with pytest.raises(LoadError, match="did not end within"):
        run(server, a_plan())


def test_a_system_that_answers_nothing_ends_the_load(server: RunningServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"http://127.0.0.1:{silent.getsockname()[1]}"
        plan = a_plan(users={"own": 1}, seconds=100 * PATIENCE, host=host)
        with pytest.raises(LoadError, match=f"{host} has not answered one request") as caught:
            run(server, plan)
    assert "（超时，没有应答）" in caught.value.words.zh


def test_a_system_that_only_fails_has_answered(server: RunningServer) -> None:
    with failing_system() as host:
        verdict = run(server, a_plan(users={"own": 1}, host=host))
    assert verdict.stats.failures > 0
    assert verdict.stats.unanswered == ""
