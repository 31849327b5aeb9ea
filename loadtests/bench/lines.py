"""What is measured, a line each: how, which figure of it counts, and how good that has to be."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

from loadtests.bench import (
    erban_form,
    fixture,
    memory,
    official_send,
    redis_send,
    servers,
    sessions,
    soap_send,
)
from loadtests.bench.compared import NotAllGoodError
from loadtests.redis_server import PROGRAM

OFFICIAL = "official send, JSON"
WORKERS = "two workers against one, on one Redis, by CPU time"
IN_REDIS, PANEL = "a message in Redis", "a code asked for at the panel, its send included"
"""What the capacity is reckoned from."""
RUNS = 3
"""Of each ratio; the one in the middle counts."""
Figures = Mapping[str, float]


class Line(NamedTuple):
    """One benchmark: which of its figures is shown, in what unit, and how high or low it must be."""

    what: str
    measure: Callable[[], Figures]
    figure: str = "ratio"
    unit: str = "× bare"
    least: float | None = None
    most: float | None = None
    runs: int = 1
    needs: str = ""
    """A program without which it cannot be measured."""

    @property
    def target(self) -> str:
        """What is demanded, in a word."""
        if self.least is not None:
            return f"≥ {self.least:g}"
        return "" if self.most is None else f"≤ {self.most:g}"

    def met_by(self, value: float) -> bool | None:
        """Whether a figure is good enough; None where nothing is demanded."""
        if self.least is not None:
            return value >= self.least
        return None if self.most is None else value <= self.most


def own_process(name: str, *arguments: str) -> Figures:
    """What a benchmark prints that must not share its process with others. Raises NotAllGoodError."""
    command = [sys.executable, "-m", f"loadtests.bench.{name}", *arguments]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE)
    if done.returncode:
        raise NotAllGoodError(f"{name} has failed, see above")
    figures: Figures = json.loads(done.stdout)
    return figures


def start_up() -> Figures:
    """Seconds from the command to the line that says where everything is."""
    begun = time.perf_counter()
    with servers.fakeproviders():
        return {"seconds": time.perf_counter() - begun}


LINES = (
    Line(
        OFFICIAL,
        lambda: asyncio.run(official_send.measure(20_000)),
        least=0.65,
        runs=2 * RUNS + 1,  # it is near its target, and single runs are far apart
    ),
    Line(
        "official send, form-encoded",
        lambda: asyncio.run(official_send.measure(20_000, format_="form")),
        least=0.55,
        runs=RUNS,
    ),
    Line(
        "Erban form page (door 2)",
        lambda: asyncio.run(erban_form.measure(20_000)),
        least=0.55,
        runs=RUNS,
    ),
    Line(
        "Erban SendSms3 over SOAP",
        lambda: asyncio.run(soap_send.measure(10_000)),
        least=0.5,
        runs=RUNS,
    ),
    Line(
        "… against aiohttp-spyne, which does nothing else",
        lambda: asyncio.run(soap_send.measure(5_000)),
        "times_framework",
        "× spyne",
    ),
    Line(
        "official send, the state in a Redis, one worker",
        lambda: redis_send.run(20_000),
        least=0.45,
        runs=RUNS,
        needs=PROGRAM,
    ),
    Line(
        WORKERS,
        lambda: own_process("workers"),
        unit="× one",
        least=1.4,
        runs=RUNS,
        needs=PROGRAM,
    ),
    Line(
        "a send with 10,000 sessions against one with 10",
        lambda: asyncio.run(sessions.measure(20_000, 10_000)),
        unit="× with 10",
    ),
    Line(
        "an idle session",
        lambda: asyncio.run(sessions.measure(2_000, 2_000)),
        "kib_per_idle_session",
        "KiB",
    ),
    Line(
        IN_REDIS,
        lambda: own_process("redis_costs"),
        "message_bytes",
        "bytes",
        needs=PROGRAM,
    ),
    Line(PANEL, lambda: own_process("panel_code"), "code_us", "µs"),
    Line(
        "memory: 1,000,000 sends to 20,000 mobiles, from the 100,000th on",
        lambda: own_process("memory", "1000000", "20000"),
        "growth_mib",
        "MiB",
        most=10,
    ),
    Line(
        "memory: the same over sockets, 300,000 sends",
        lambda: asyncio.run(memory.measure(300_000, 20_000, sockets=True)),
        "growth_mib",
        "MiB",
        most=10,
    ),
    Line(
        "memory: 1,000,000 sends to as many mobiles in a day, in all",
        lambda: own_process("memory", "1000000", "1000000"),
        "last_mib",
        "MiB",
    ),
    Line("start-up of all servers", start_up, "seconds", "s", runs=RUNS),
    Line("the pytest fixture, a test", lambda: fixture.measure(200), "median_ms", "ms", most=3),
)
