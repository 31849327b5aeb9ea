"""What is measured, a line each: how, which figure of it counts, and how good that has to be."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

from loadtests.bench import (
    erban_send,
    fixture,
    memory,
    official_send,
    redis_send,
    reseller_send,
    servers,
    sessions,
    soap_send,
)
from loadtests.bench.compared import NotAllGoodError
from loadtests.bench.door import Door, measure
from loadtests.redis_server import PROGRAM

OFFICIAL = "official send, JSON"
WORKERS = "two workers against one, on one Redis, by CPU time"
IN_REDIS, PANEL = "a message in Redis", "a code asked for at the panel, its send included"
"""What the capacity is reckoned from."""
RUNS = 3
"""Of each ratio; the one in the middle counts."""
SENDS, FORWARDED = 10_000, 2_000
"""Of a run, and of a run in which each takes a hop to another server."""
FORM = 0.55
"""What a form-encoded body has to reach."""
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
    door: Door | None = None
    """What is held against its bare handler."""

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


def sends_by(
    door: Door, what: str, *, least: float | None = None, number: int = SENDS, runs: int = RUNS
) -> Line:
    """A door against its bare handler."""
    return Line(what, lambda: asyncio.run(measure(door, number)), least=least, runs=runs, door=door)


def start_up() -> Figures:
    """Seconds from the command to the line that says where everything is."""
    begun = time.perf_counter()
    with servers.fakeproviders():
        return {"seconds": time.perf_counter() - begun}


LINES = (
    sends_by(
        official_send.JSON,
        OFFICIAL,
        least=0.65,
        number=20_000,
        runs=2 * RUNS + 1,  # it is near its target, and single runs are far apart
    ),
    sends_by(official_send.FORM, "official send, form-encoded", least=FORM, number=20_000),
    sends_by(reseller_send.JSON, "reseller send, JSON"),
    sends_by(reseller_send.FORM, "reseller send, form-encoded", least=FORM),
    sends_by(
        reseller_send.HOP,
        "reseller send, JSON, and on to the official API",
        number=FORWARDED,
    ),
    sends_by(erban_send.SOAP11, "Erban SendSms3 over SOAP", least=0.5),
    Line(
        "… against aiohttp-spyne, which does nothing else",
        lambda: asyncio.run(soap_send.measure(5_000)),
        "times_framework",
        "× spyne",
    ),
    sends_by(erban_send.SOAP12, "Erban SendSms3 over SOAP 1.2 (door 1)"),
    sends_by(erban_send.GET, "Erban SendSms3 by HTTP GET (door 1)"),
    sends_by(erban_send.POST, "Erban SendSms3 by HTTP POST, a form (door 1)", least=FORM),
    sends_by(erban_send.PAGE, "Erban form page (door 2)", least=FORM, number=20_000),
    sends_by(erban_send.XFIRE, "Erban SendSms3 at the Java twin (door 3)"),
    sends_by(erban_send.REST, "Erban REST (door 4)"),
    Line(
        "official send, the state in a Redis, one worker",
        lambda: redis_send.run(20_000),
        least=0.45,
        runs=RUNS,
        needs=PROGRAM,
        door=official_send.JSON,
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
