"""Sessions shared by all processes on one Redis; see sharing.base.Sharing for what each method promises.

Every session is a document in one hash. A change is made in a turn, numbered and published; whoever
hears of it takes the document over and says so, and the change returns when all have.

    {fp}:sessions   hash     session: <number of its last change> <document as MessagePack>
    {fp}:changes    string   the number of the last change of any session
    {fp}:turn       string   who may change something
    {fp}:used       hash     session: when a process last had a request of it, of those with a ttl
    {fp}:changed    channel  number, process and session of each change
    {fp}:ack:<process>       the numbers of its changes that others have taken over
    {fp}:fired      channel  session and rule of each fault that acted
"""

import asyncio
import contextlib
import logging
import secrets
from collections import Counter
from collections.abc import AsyncIterator

import msgspec

from fakeproviders.sharing.base import World
from fakeproviders.sharing.document import SessionDocument
from fakeproviders.stores.base import StoreUnavailable
from fakeproviders.stores.redis.client import Ask
from fakeproviders.stores.redis.counts import FIRED, RedisCounts
from fakeproviders.stores.redis.nodes import Nodes
from fakeproviders.stores.redis.scripts import IDLE_SECONDS

_log = logging.getLogger(__name__)
SESSIONS, CHANGES, TURN, USED = b"{fp}:sessions", b"{fp}:changes", b"{fp}:turn", b"{fp}:used"
CHANGED = b"{fp}:changed"
TURN_SECONDS = 5.0
"""After which a turn is over whose process has died."""
PATIENCE = TURN_SECONDS + 1.0
"""Seconds to wait for one's turn."""
FOLLOW_SECONDS = 1.0
"""That other processes have to take a change over; one that is slower is not waited for."""
TELL_SECONDS = 1.0
"""Between two reports of which sessions are in use."""
_RETRY_SECONDS = 0.003
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(SessionDocument).decode


class TellAsk(Ask, kw_only=True, gc=False, omit_defaults=False):
    """A change, for tell.lua."""

    token: str
    process: str
    session: str
    gone: bool
    channel: str = CHANGED.decode()
    idle: int = IDLE_SECONDS


class LeaveAsk(Ask, kw_only=True, gc=False, omit_defaults=False):
    """A turn that is over, for leave.lua."""

    token: str


class _Change(msgspec.Struct, array_like=True):
    """What is told on the channel."""

    number: int
    process: str
    session: str


_change = msgspec.msgpack.Decoder(_Change).decode


class RedisSharing:
    """One process's part in it."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._client = nodes.home
        self.process = nodes.worker
        self._acks = b"{fp}:ack:" + self.process.encode()
        self._world: World | None = None
        self._mine = asyncio.Lock()
        self._token = ""
        self._number = 0
        """Of the last change that this process knows."""
        self._numbers: dict[str, int] = {}
        """Of each session's last change that this process knows."""
        self._heard: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._acts: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        """Session and rule of each fault that has acted somewhere."""
        self._known = asyncio.Condition()
        self._taken_over: Counter[int] = Counter()
        self._acked = asyncio.Event()
        self._used: dict[str, float] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, world: World) -> None:
        self._world = world
        self._client.watch(CHANGED, self._heard.put_nowait)
        self._client.watch(self._acks, self._ack)
        self._client.watch(FIRED, self._fired)
        await self._client.execute("PING")  # subscribed, before everything is read
        await self._read_all()
        loop = asyncio.get_running_loop()
        works = (self._follow(), self._report_use(), self._tell_of_acts())
        self._tasks = [loop.create_task(work) for work in works]

    async def close(self) -> None:
        for channel in (CHANGED, self._acks, FIRED):
            self._client.unwatch(channel)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        async with self._mine:
            self._token = await self._take_turn()
            try:
                await self._catch_up()
                yield
            finally:
                await self._leave_turn()

    async def tell(self, document: SessionDocument) -> None:
        await self._tell(document.id, _encode(document))

    async def tell_ended(self, session_id: str) -> None:
        await self._tell(session_id, None)

    async def last_used(self, session_id: str) -> float:
        return float(await self._client.execute("HGET", USED, session_id) or 0.0)

    def used(self, session_id: str, at: float) -> None:
        self._used[session_id] = at

    def counts(self, session_id: str) -> RedisCounts:
        return RedisCounts(self._nodes.of(session_id), session_id)

    async def _take_turn(self) -> str:
        token, loop = secrets.token_hex(8), asyncio.get_running_loop()
        until = loop.time() + PATIENCE
        while loop.time() < until:
            life = int(TURN_SECONDS * 1000)
            if await self._client.execute("SET", TURN, token, "NX", "PX", life):
                return token
            await asyncio.sleep(_RETRY_SECONDS)
        raise StoreUnavailable("another process does not end its turn")

    async def _leave_turn(self) -> None:
        token, self._token = self._token, ""
        with contextlib.suppress(StoreUnavailable):  # it ends by itself
            await self._client.run("leave", (TURN,), LeaveAsk(token=token))

    async def _catch_up(self) -> None:
        """Return when all that others have changed is known here."""
        last = int(await self._client.execute("GET", CHANGES) or 0)
        if last <= self._number:
            return
        try:
            async with asyncio.timeout(FOLLOW_SECONDS), self._known:
                await self._known.wait_for(lambda: self._number >= last)
        except TimeoutError:
            await self._read_all()

    async def _tell(self, session_id: str, packed: bytes | None) -> None:
        ask = TellAsk(
            token=self._token, process=self.process, session=session_id, gone=packed is None
        )
        self._numbers.pop(session_id, None)  # should it fail, what others have is read again
        reply = await self._client.run("tell", (TURN, CHANGES, SESSIONS, USED), ask, packed or b"")
        if reply[0] == b"lost":
            self._heard.put_nowait(None)
            raise StoreUnavailable("the change took longer than a turn lasts")
        number, listeners = int(reply[1]), int(reply[2])
        self._number = max(self._number, number)
        if packed is not None:
            self._numbers[session_id] = number
        await self._all_follow(number, listeners - 1)

    async def _all_follow(self, number: int, others: int) -> None:
        try:
            async with asyncio.timeout(FOLLOW_SECONDS):
                while self._taken_over[number] < others:
                    self._acked.clear()
                    await self._acked.wait()
        except TimeoutError:
            late = others - self._taken_over[number]
            _log.warning("%s of %s processes have not taken change %s over", late, others, number)
        self._taken_over.pop(number, None)

    def _ack(self, told: bytes | None) -> None:
        if told is not None:
            self._taken_over[int(told)] += 1
            self._acked.set()

    def _fired(self, told: bytes | None) -> None:
        if told is not None:
            session_id, _, rule_id = told.decode().partition("/")
            self._acts.put_nowait((session_id, rule_id))

    async def _tell_of_acts(self) -> None:
        """Pass on which rules acted; of many at once each session's are counted once."""
        while True:
            acts = [await self._acts.get()]
            while not self._acts.empty():
                acts.append(self._acts.get_nowait())
            for session_id in dict.fromkeys(session_id for session_id, _ in acts):
                rules = [rule_id for its, rule_id in acts if its == session_id]
                with contextlib.suppress(StoreUnavailable):
                    await self._world_here().fired(session_id, rules)

    async def _follow(self) -> None:
        """Take over what others change, one change after the other."""
        while True:
            told = await self._heard.get()
            try:
                if told is None:
                    await self._come_back()
                else:
                    await self._follow_change(_change(told))
            except StoreUnavailable:
                continue  # when it is back, everything is read again
            except Exception:  # noqa: BLE001 - logged; what comes next is followed all the same
                _log.exception("a change could not be taken over: a defect, please report it")

    async def _follow_change(self, change: _Change) -> None:
        if change.process != self.process:
            held = await self._client.execute("HGET", SESSIONS, change.session)
            await self._take_over(change.session, held)
            channel = f"{{fp}}:ack:{change.process}"
            await self._client.execute("PUBLISH", channel, change.number)
        async with self._known:
            self._number = max(self._number, change.number)
            self._known.notify_all()

    async def _come_back(self) -> None:
        """After a break: take over what was changed meanwhile, unless Redis has lost its data."""
        last = int(await self._client.execute("GET", CHANGES) or 0)
        lost = last < self._number
        if lost:
            _log.warning("Redis has lost what was shared; the sessions of here are put there again")
            self._number = last
            self._numbers.clear()
        await self._read_all()
        if lost:  # beside this task, which has to follow what others put there
            work = self._world_here().tell_again()
            self._tasks.append(asyncio.get_running_loop().create_task(work))

    async def _read_all(self) -> None:
        """Bring every session to what it is now."""
        last = int(await self._client.execute("GET", CHANGES) or 0)
        held = await self._client.execute("HGETALL", SESSIONS)
        there = {session_id.decode(): packed for session_id, packed in held.items()}
        for session_id in [known for known in self._numbers if known not in there]:
            await self._take_over(session_id, None)
        for session_id, packed in there.items():
            await self._take_over(session_id, packed)
        async with self._known:
            self._number = max(self._number, last)
            self._known.notify_all()

    async def _take_over(self, session_id: str, held: bytes | None) -> None:
        if held is None:
            self._numbers.pop(session_id, None)
            await self._world_here().let_go(session_id)
            return
        number, _, packed = held.partition(b" ")
        if self._numbers.get(session_id) == int(number):
            return
        await self._world_here().adopt(_decode(packed))
        self._numbers[session_id] = int(number)

    def _world_here(self) -> World:
        assert self._world is not None  # noqa: S101 - nothing is heard before the start
        return self._world

    async def _report_use(self) -> None:
        while True:
            await asyncio.sleep(TELL_SECONDS)
            used, self._used = self._used, {}
            if used:
                words = [word for item in used.items() for word in item]
                with contextlib.suppress(StoreUnavailable):
                    await self._client.execute("HSET", USED, *words)
