"""What a desk does without being asked, where several processes work on one store.

It puts on the clocks what other processes' sends have made due, takes over what a desk that is gone
had to tell, and settles what a process that is gone has forwarded and neither confirmed nor released.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from functools import partial
from weakref import WeakKeyDictionary

from fakeproviders.domain.attempt import Hop
from fakeproviders.receipts import Dispatcher
from fakeproviders.session import Session
from fakeproviders.sessions import Sessions
from fakeproviders.stores.base import Reserved, StoreUnavailable
from fakeproviders.stores.pending import Due, Onward, Processes

_log = logging.getLogger(__name__)
LOOK_SECONDS = 2.0
"""Of real time, between two looks for what others have left."""


class Duties:
    """Of one desk. ``hop_of`` gives a session's way to the platform above."""

    def __init__(
        self,
        sessions: Sessions,
        processes: Processes,
        dispatcher: Dispatcher,
        hop_of: Callable[[Session], Hop],
    ) -> None:
        self._sessions = sessions
        self._processes = processes
        self._dispatcher = dispatcher
        self._hop_of = hop_of
        self._unread: set[str] = set()
        """Sessions of which something may have been missed, by their ids."""
        self._wake = asyncio.Event()
        self._settling: WeakKeyDictionary[Session, set[str]] = WeakKeyDictionary()
        """Reservations of each that are being settled."""

    @contextlib.asynccontextmanager
    async def done(self) -> AsyncIterator[None]:
        """Inside the block they are done; what there is at its begin is on the clocks by then."""
        self._processes.listen(self._heard)
        self._heard(None)
        with contextlib.suppress(StoreUnavailable):  # the next look makes up for it
            await self._processes.live_as(self._dispatcher.desk)
            await self.look()
        task = asyncio.get_running_loop().create_task(self._look_on())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def look(self) -> None:
        """Read what may have been missed, and take over what others have left. Raises StoreUnavailable."""
        due = self._dispatcher.due
        for session in self._sessions.all():
            if session.id in self._unread or session in due.unread:
                self._unread.discard(session.id)  # first, as there
                await due.read(session)
        await due.take_over(self._processes)
        for process in await self._processes.gone(await self._processes.known()):
            if not [s for s in self._sessions.all() if await self._settle(s, process)]:
                await self._processes.forget(process)

    async def _look_on(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._wake.wait()
            self._wake.clear()
            try:
                await self.look()
            except StoreUnavailable:
                continue  # when it is back everything is read again
            except Exception:  # noqa: BLE001 - logged, and the next look is another one
                _log.exception("looking for what is due failed: a defect, please report it")

    def _heard(self, due: Due | None) -> None:
        if due is None:
            self._unread |= {session.id for session in self._sessions.all()}
            self._wake.set()
            return
        session = self._sessions.get(due.session_id)
        if session is None:
            self._unread.add(due.session_id)
            return
        for message_id in due.message_ids:
            self._dispatcher.due.put(session, message_id, due.at)

    async def _settle(self, session: Session, process: str) -> int:
        """Find out what became of a dead process's sends; how many are not settled yet."""
        if session.store.pending is None:
            return 0
        left = await session.store.pending.left_by(process)
        for reserved, onward in left:
            self._find_out(session, reserved, onward)
        return len(left)

    def _find_out(self, session: Session, reserved: Reserved, onward: Onward) -> None:
        settling = self._settling.setdefault(session, set())
        if reserved.id not in settling:
            settling.add(reserved.id)
            _log.warning("%s of session %s was left open: asking above", onward.out_id, session.id)
            store = session.store
            self._hop_of(session).settle(
                onward, partial(store.confirm, reserved), partial(store.release, reserved)
            )
