"""Shipped scenarios, their runs, and a run's steps as they happen."""

import asyncio
from types import ModuleType
from typing import Any

import msgspec
from aiohttp import web

from fakeproviders.control.bodies import only_known, read_body
from fakeproviders.control.context import STOPPING
from fakeproviders.control.handlers.common import context_of, reply
from fakeproviders.control.problems import Problem, language_of
from fakeproviders.control.runs import RUNS, Run
from fakeproviders.control.streaming import EVENT_STREAM, HEARTBEAT_SECONDS, Write, first
from fakeproviders.control.streaming import stream as streamed
from fakeproviders.failures import Words
from fakeproviders.scenario.model import Seed, TargetName


class NewRun(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """``POST /scenarios/{name}/runs``: all optional. ``keep`` leaves the run's session there."""

    target: TargetName | None = None
    """By default the scenario's own."""
    seed: Seed | None = None
    keep: bool = False


async def list_all(request: web.Request) -> web.Response:
    """All that can be run, the guide's first."""
    only_known(request)
    return reply({"scenarios": await asyncio.to_thread(_stage().views)})


async def start(request: web.Request) -> web.Response:
    """Run a scenario; the answer comes at once, the run has its own address."""
    file = await asyncio.to_thread(_stage().scenario_file, request.match_info["scenario"])
    wanted = await read_body(request, NewRun)
    performance = _stage().Performance(
        file,
        target=wanted.target or file.value.target,
        seed=file.value.seed if wanted.seed is None else wanted.seed,
        keep=wanted.keep,
        control_url=_own_url(request),
        token=context_of(request).token,
        lang=language_of(request),
    )
    run = request.app[RUNS].start(file.name, performance.about, performance.perform)
    return reply(run.view(), 201, {"Location": f"/api/v1/runs/{run.id}"})


async def list_runs(request: web.Request) -> web.Response:
    """The runs that are kept, oldest first, without their steps."""
    only_known(request)
    shown = [run.view() for run in request.app[RUNS].all()]
    for run in shown:
        result = run.pop("result")
        run["outcome"] = result and result["outcome"]
        del run["steps"]
    return reply({"runs": shown})


async def get_run(request: web.Request) -> web.Response:
    """A run: its state, the steps that are done, and its result in the end."""
    only_known(request)
    return reply(_run_of(request).view())


async def stop_run(request: web.Request) -> web.Response:
    """End a run that is not over, and show it: its session is gone, its steps so far are kept."""
    only_known(request)
    run = _run_of(request)
    await request.app[RUNS].stop(run)
    return reply(run.view())


async def run_events(request: web.Request) -> web.StreamResponse:
    """Server-sent events of a run: scenario_started, step_started, step_finished, scenario_finished.

    Ids count from 1, and after Last-Event-ID it goes on with the next; from the start without one.
    It ends with the run; whoever comes back then gets 204, and need not come again.
    """
    only_known(request)
    run = _run_of(request)
    told = _told(request.headers.get("Last-Event-ID", ""))
    if run.over and told >= len(run.events):
        return web.Response(status=204)

    async def body(write: Write) -> None:
        await first(_write_all(run, told, write), request.app[STOPPING].wait())

    return await streamed(request, EVENT_STREAM, body)


async def report(request: web.Request) -> web.Response:
    """A finished run's report: one HTML page, with nothing from outside."""
    only_known(request)
    run = _run_of(request)
    if run.result is None:
        raise Problem(
            409,
            Words(
                zh=f"运行 {run.id} 没有运行到底（{run.state}），没有报告",
                en=f"run {run.id} has not come to its end ({run.state}): it has no report",
            ),
        )
    page = await asyncio.to_thread(_stage().page, run.result, language_of(request))
    return web.Response(text=page, content_type="text/html", charset="utf-8")


def _stage() -> ModuleType:
    """What scenarios run on; it is loaded when they are first asked for, a tenth of a second."""
    from fakeproviders.control import stage

    return stage


def _run_of(request: web.Request) -> Run:
    return request.app[RUNS].get(request.match_info["run"])


def _own_url(request: web.Request) -> str:
    """This server's address, as the one who asks has reached it."""
    assert request.transport is not None  # noqa: S101 - the request has just come by it
    host, port = request.transport.get_extra_info("sockname")[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _told(last_event_id: str) -> int:
    """How many events a listener has had; one that says something else has had none."""
    text = last_event_id.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


async def _write_all(run: Run, told: int, write: Write) -> None:
    while not run.over or told < len(run.events):
        try:
            async with asyncio.timeout(HEARTBEAT_SECONDS):
                await run.changed(told)
        except TimeoutError:
            await write(b": still here\n\n")
        for event in run.events[told:]:
            told += 1
            await write(_sse(told, event))


def _sse(number: int, event: Any) -> bytes:
    data = msgspec.to_builtins(event)
    head = f"event: {data['kind']}\nid: {number}\ndata: ".encode()
    return head + msgspec.json.encode(data) + b"\n\n"
