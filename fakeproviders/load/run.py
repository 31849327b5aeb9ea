"""One load run: session, limits, ledger, Locust, the plan's faults in their time - and the verdict."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from fakeproviders.clients.control import ControlClient, ControlError, control_client, session_path
from fakeproviders.failures import Words
from fakeproviders.ledger.document import Document
from fakeproviders.load.checks import judged
from fakeproviders.load.job import Job
from fakeproviders.load.locust import LoadError, check_installed, locust
from fakeproviders.load.plan import Plan, Weather
from fakeproviders.load.verdict import Stats, Verdict
from fakeproviders.system_errors import in_chinese

DEFAULT = "default"
TTL_SECONDS = 3600.0
"""A session that nobody removed goes by itself, this long after the run."""
FIRST_REQUEST_SECONDS = 30.0
"""That one question waits for the first request; it is asked again until the load is over."""
OnProgress = Callable[[Words], None]


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What to run and where."""

    name: str
    """The plan's."""
    plan: Plan
    control: str
    token: str | None = None
    session: str | None = None
    """One that is there, and stays; None makes one for this run."""
    workers: int = 0
    """Locust's worker processes; 0 is one process for all."""
    lang: str = "en"


async def run_load(order: Order, tell: OnProgress = lambda words: None) -> Verdict:
    """Run it and judge it. Raises LoadError, ControlError, Unreachable when it cannot be run."""
    check_installed()
    async with (
        control_client(order.control, token=order.token, lang=order.lang) as control,
        _session(order, control) as session,
    ):
        return await _Run(order, control, session, tell).verdict()


async def judge_session(order: Order) -> Verdict:
    """End and judge the ledger of a session that somebody else has loaded. Raises ControlError, Unreachable."""
    async with control_client(order.control, token=order.token, lang=order.lang) as control:
        ledger = await control.post(f"{session_path(order.session or DEFAULT)}/ledger/end")
    return _verdict(order, order.session or DEFAULT, ledger, Stats())


@asynccontextmanager
async def _session(order: Order, control: ControlClient) -> AsyncIterator[dict[str, Any]]:
    """The session object; one that was made for this run is removed in the end."""
    if order.session is not None:
        yield await control.get(session_path(order.session))
        return
    wanted = {
        "name": f"load {order.name}"[:100],
        "seed": order.plan.seed,
        "dedicated_ports": order.plan.dedicated_ports,
        "ttl_seconds": order.plan.seconds + TTL_SECONDS,
    }
    session = await control.post("/sessions", wanted)
    try:
        yield session
    finally:
        with contextlib.suppress(ControlError):
            await asyncio.shield(control.delete(session_path(session["id"])))


class _Run:
    """A run on its way."""

    def __init__(
        self, order: Order, control: ControlClient, session: dict[str, Any], tell: OnProgress
    ) -> None:
        self._order = order
        self._control = control
        self._session = session
        self._path = session_path(session["id"])
        self._tell = tell
        self._is_on = False
        """Whether the first request has come."""
        self._to_come = [each for each in order.plan.faults if each.at < order.plan.seconds]

    async def verdict(self) -> Verdict:
        """Run, and judge the ledger."""
        async with self._settings():
            await self._control.post(f"{self._path}/ledger", {"name": self._order.name})
            try:
                stats = await self._load()
            finally:
                ledger = await asyncio.shield(self._control.post(f"{self._path}/ledger/end"))
        return _verdict(self._order, self._session["id"], ledger, stats)

    @asynccontextmanager
    async def _settings(self) -> AsyncIterator[None]:
        """The plan's account settings in force; those of a session that stays are put back."""
        before: dict[str, dict[str, Any]] = {}
        try:
            for role, settings in self._order.plan.providers.items():
                path = f"{self._path}/providers/{role}"
                whole = await self._control.get(path)
                before[path] = {name: whole[name] for name in settings}
                await self._control.patch(path, settings)
            yield
        finally:
            if self._order.session is not None:
                for path, settings in before.items():
                    await asyncio.shield(self._control.patch(path, settings))

    async def _load(self) -> Stats:
        order = self._order
        job = Job(plan=order.plan, session=self._session, control=order.control, token=order.token)
        before = await self._control.get(f"{self._path}/requests", limit=1)
        with tempfile.TemporaryDirectory(prefix="fakeproviders-load-") as place:
            self._tell_of_those_left_out()
            self._tell(Words(zh="Locust 正在启动……", en="Locust is starting ..."))
            async with locust(job, order.workers, Path(place)) as running:
                weather = asyncio.create_task(self._weather(before["cursor"]))
                try:
                    stats = await running.stats()
                finally:
                    weather.cancel()
                    ended = await asyncio.gather(weather, return_exceptions=True)
        if isinstance(ended[0], Exception):
            raise ended[0]
        if stats.unanswered:
            raise LoadError(_no_answer(order.plan.host or self._session["panel"]["url"], stats))
        if self._to_come:
            no_request = _no_request(self._session["id"])
            raise LoadError(_never_began(self._to_come[0]) if self._is_on else no_request)
        return stats

    def _tell_of_those_left_out(self) -> None:
        for weather in self._order.plan.faults:
            if weather not in self._to_come:
                self._tell(_left_out(weather))

    async def _weather(self, cursor: str) -> None:
        """Each fault rule in its time, from the first request after the cursor on.

        All of them have ended when this does. Raises what went wrong first, which ends the others.
        """
        while not self._is_on:
            page = await self._control.get(
                f"{self._path}/requests", wait=FIRST_REQUEST_SECONDS, cursor=cursor, limit=1
            )
            self._is_on = bool(page["requests"])
        self._tell(Words(zh="负载已经开始。", en="The load is on."))
        try:
            async with asyncio.TaskGroup() as group:
                for weather in list(self._to_come):
                    group.create_task(self._one(weather))
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None

    async def _one(self, weather: Weather) -> None:
        await asyncio.sleep(weather.at)
        rule = await self._control.post(f"{self._path}/faults", weather.rule)
        self._to_come.remove(weather)
        self._tell(Words(zh=f"故障开始：{weather.rule}", en=f"A fault begins: {weather.rule}"))
        try:
            until = self._order.plan.seconds if weather.until is None else weather.until
            await asyncio.sleep(max(0.0, until - weather.at))
        finally:
            await self._control.delete(f"{self._path}/faults/{rule['id']}")
        self._tell(Words(zh=f"故障结束：{weather.rule}", en=f"A fault ends: {weather.rule}"))


def _no_answer(host: str, stats: Stats) -> Words:
    return Words(
        zh=f"{host} 没有应答任何请求（{in_chinese(stats.unanswered)}），压测已停止："
        "请确认系统正在运行，且 --host 的地址正确",
        en=f"{host} has not answered one request ({stats.unanswered}), and the load was stopped: "
        "see that your system runs, and that --host is its address",
    )


def _no_request(session_id: str) -> Words:
    return Words(
        zh=f"压测期间会话 {session_id} 没有收到任何请求，计划中的故障因此没有发生：请确认系统使用的是这个会话的地址",
        en=f"no request came to the session {session_id} during the load, so that the plan's faults never "
        "began: see that your system uses this session's addresses",
    )


def _never_began(weather: Weather) -> Words:
    return Words(
        zh=f"计划中的故障没有发生（首个请求后 {weather.at:g} 秒）：{weather.rule}。"
        "压测在此之前已结束，请把 seconds 调大",
        en=f"a fault of the plan never began ({weather.at:g} s after the first request): {weather.rule}; "
        "the load was over before that: give it more seconds",
    )


def _left_out(weather: Weather) -> Words:
    return Words(
        zh=f"压测在 {weather.at:g} 秒之前结束，不会发生的故障：{weather.rule}",
        en=f"the load ends before {weather.at:g} s, and this fault is left out: {weather.rule}",
    )


def _verdict(order: Order, session_id: str, ledger: object, stats: Stats) -> Verdict:
    plan = order.plan
    document = msgspec.convert(ledger, Document, str_keys=True)
    return Verdict(
        plan=order.name,
        title=Words(zh=plan.title.zh, en=plan.title.en),
        session=session_id,
        users=dict(plan.users),
        count=plan.count,
        shape=plan.shape,
        workers=order.workers,
        thresholds=plan.thresholds,
        checks=judged(document, stats, plan.thresholds),
        stats=stats,
        ledger=document,
    )
