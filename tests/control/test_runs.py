"""Scenarios over the control API: what there is, a run with its steps as they happen, its report."""

import asyncio
import http.client
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from fakeproviders.control import runs as kept
from fakeproviders.control.problems import Problem
from fakeproviders.control.runs import Run, Runs
from fakeproviders.scenario.shipped import shipped
from tests.e2e.running import RunningServer
from tests.e2e.sockets import Reply, request
from tests.e2e.world import Control

API = "/api/v1"
NAME = "3-signature-mismatch"
PATIENCE = 30.0


@pytest.fixture
def control(server: RunningServer) -> Control:
    return Control(server.addresses.control)


def start(control: Control, name: str = NAME, **wanted: object) -> dict[str, Any]:
    made: dict[str, Any] = control.post(f"{API}/scenarios/{name}/runs", wanted)
    return made


def stream(control: Control, run: str, last_id: str = "") -> Reply:
    """The whole stream of a run, up to its end."""
    headers = {"Last-Event-ID": last_id} if last_id else {}
    return request(
        "GET", f"{control.url}{API}/runs/{run}/events", headers=headers, timeout=PATIENCE
    )


def events(reply: Reply) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Id, kind and data of each event."""
    for block in reply.text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
        if "data" in fields:
            yield int(fields["id"]), fields["event"], json.loads(fields["data"])


def finished(control: Control, **wanted: object) -> dict[str, Any]:
    """A run that is over."""
    run = start(control, NAME, **wanted)
    stream(control, run["id"])
    view: dict[str, Any] = control.get(f"{API}/runs/{run['id']}")
    return view


def test_all_shipped_scenarios_are_listed_with_their_steps(control: Control) -> None:
    found = {each["name"]: each for each in control.get(f"{API}/scenarios")["scenarios"]}
    assert found.keys() == shipped().keys()
    one = found[NAME]
    assert (one["section"], one["failure"], one["target"]) == ("3", "signature_mismatch", "panel")
    assert all((one["title"]["zh"], one["title"]["en"]))
    assert {step["phase"] for step in one["steps"]} == {"steps", "remedy"}
    assert all(step["words"]["zh"] and step["words"]["en"] for step in one["steps"])


def test_a_run_goes_from_waiting_to_its_result(control: Control) -> None:
    begun = start(control, seed=7)
    assert (begun["scenario"], begun["seed"], begun["target"]) == (NAME, 7, "panel")
    assert begun["state"] in {"waiting", "running"}
    stream(control, begun["id"])
    view = control.get(f"{API}/runs/{begun['id']}")
    assert (view["state"], view["result"]["outcome"], view["result"]["seed"]) == (
        "finished",
        "passed",
        7,
    )
    assert view["steps"] == view["result"]["steps"]
    listed = {run["id"]: run for run in control.get(f"{API}/runs")["runs"]}
    assert listed[begun["id"]]["outcome"] == "passed"


def test_steps_are_told_as_events_and_missed_ones_again(control: Control) -> None:
    run = start(control)["id"]
    told = list(events(stream(control, run)))
    assert [number for number, _, _ in told] == list(range(1, len(told) + 1))
    kinds = [kind for _, kind, _ in told]
    assert (kinds[0], kinds[-1]) == ("scenario_started", "scenario_finished")
    steps = told[0][2]["steps"]
    assert kinds[1:-1] == ["step_started", "step_finished"] * steps
    assert list(events(stream(control, run, last_id="3"))) == told[3:]
    assert stream(control, run, last_id=str(len(told))).status == 204
    assert list(events(stream(control, run, last_id="nonsense"))) == told


def test_a_listener_sees_a_step_before_the_run_is_over(control: Control) -> None:
    run = start(control, "hang")["id"]
    connection = http.client.HTTPConnection(urlsplit(control.url).netloc, timeout=PATIENCE)
    connection.request("GET", f"{API}/runs/{run}/events")
    reply = connection.getresponse()
    assert reply.headers["Content-Type"] == "text/event-stream"
    assert reply.readline() == b"event: scenario_started\n"
    assert control.get(f"{API}/runs/{run}")["state"] == "running"
    reply.read()
    connection.close()
    assert control.get(f"{API}/runs/{run}")["state"] == "finished"


def test_another_target_and_a_kept_session(control: Control) -> None:
    view = finished(control, target="client:official", keep=True)
    assert view["result"]["outcome"] == "passed"
    path = f"{API}/sessions/{view['result']['session']}"
    assert control.get(f"{path}/messages")["messages"]
    control.delete(path)


@pytest.mark.parametrize(("lang", "words"), [("zh", "签名数据不一致"), ("en", "signature")])
def test_a_report_is_one_page(control: Control, lang: str, words: str) -> None:
    run = finished(control)["id"]
    reply = control.call("GET", f"{API}/runs/{run}/report?lang={lang}")
    assert reply.type == "text/html; charset=utf-8"
    assert words in reply.text
    assert NAME in reply.text


def test_a_run_that_has_not_ended_has_no_report(control: Control) -> None:
    run = start(control, "hang")["id"]
    assert control.call("GET", f"{API}/runs/{run}/report").status == 409
    stream(control, run)
    assert control.call("GET", f"{API}/runs/{run}/report").status == 200


def test_a_name_that_is_nearly_right(control: Control) -> None:
    reply = control.call("POST", f"{API}/scenarios/3-signature-mismach/runs", {})
    assert reply.status == 404
    assert reply.json()["detail"].endswith(f"did you mean {NAME}?")


def test_runs_that_are_waiting_have_their_turn(control: Control) -> None:
    runs = [start(control, "hang", seed=number)["id"] for number in range(kept.AT_ONCE + 2)]
    assert control.get(f"{API}/runs/{runs[-1]}")["state"] == "waiting"
    began = time.monotonic()
    for run in runs:
        stream(control, run)
    states = {control.get(f"{API}/runs/{run}")["state"] for run in runs}
    assert states == {"finished"}
    assert time.monotonic() - began < PATIENCE


def test_a_run_can_be_stopped_and_keeps_its_steps_so_far(control: Control) -> None:
    run = start(control, "hang", keep=True)["id"]
    connection = http.client.HTTPConnection(urlsplit(control.url).netloc, timeout=PATIENCE)
    connection.request("GET", f"{API}/runs/{run}/events")
    events = connection.getresponse()
    while events.readline() != b"event: step_finished\n":
        pass
    session = control.get(f"{API}/runs/{run}")["session"]
    stopped = control.call("DELETE", f"{API}/runs/{run}").json()
    assert (stopped["state"], stopped["session"], stopped["result"]) == ("stopped", None, None)
    assert stopped["steps"][0]["phase"] == "given"
    assert b"scenario_finished" not in events.read()
    connection.close()
    assert control.call("GET", f"{API}/sessions/{session}").status == 404
    assert control.get(f"{API}/runs/{run}") == stopped
    assert control.call("DELETE", f"{API}/runs/{run}").json() == stopped
    assert control.call("GET", f"{API}/runs/{run}/report").status == 409
    assert control.call("DELETE", f"{API}/runs/run0").status == 404


def test_one_that_waits_or_has_not_begun_can_be_stopped_too() -> None:
    async def story() -> None:
        runs = Runs()

        async def work(run: Run) -> None:
            await asyncio.Event().wait()

        started = [runs.start("x", {}, work) for _ in range(kept.AT_ONCE + 1)]
        await runs.stop(started[0])
        await asyncio.sleep(0)
        await runs.stop(started[-1])
        assert [run.state for run in started] == [
            "stopped",
            "waiting",
            "waiting",
            "waiting",
            "stopped",
        ]
        await runs.close()
        assert {run.state for run in started} == {"stopped"}

    asyncio.run(story())


def test_a_run_that_is_over_cannot_be_stopped_any_more(control: Control) -> None:
    run = finished(control)
    assert control.call("DELETE", f"{API}/runs/{run['id']}").json() == run


def test_only_the_newest_are_kept_and_those_that_are_not_over() -> None:
    async def story() -> None:
        runs, ends = Runs(), asyncio.Event()

        async def work(run: Run) -> None:
            await ends.wait()
            raise RuntimeError("a defect")

        first = runs.start("x", {}, work)
        most = kept.AT_ONCE + kept.MOST_WAITING
        others = [runs.start("x", {}, work) for _ in range(most - 1)]
        assert runs.get(first.id) is first
        with pytest.raises(Problem) as refused:
            runs.start("x", {}, work)
        assert refused.value.status == 429
        ends.set()
        for run in others:
            await asyncio.wait_for(run.changed(0), PATIENCE)
        assert {run.state for run in others} == {"broken_off"}
        last = runs.start("x", {}, work)
        assert len(runs.all()) == kept.KEPT
        assert runs.all()[-1] is last
        with pytest.raises(Problem):
            runs.get(first.id)
        await runs.close()

    asyncio.run(story())


def test_a_server_that_stops_does_not_wait_for_a_run() -> None:
    with RunningServer() as server:
        control = Control(server.addresses.control)
        run = start(control, "hang")["id"]
        connection = http.client.HTTPConnection(urlsplit(control.url).netloc, timeout=PATIENCE)
        connection.request("GET", f"{API}/runs/{run}/events")
        assert connection.getresponse().readline() == b"event: scenario_started\n"
        began = time.monotonic()
    assert time.monotonic() - began < 5
    connection.close()
