"""What a desk has to tell, where that is kept in a store: on the sessions' clocks, and told by one desk.

announced or read -> on the clock -> due -> claimed -> told, by one or more letters -> done

A thing stays in the store until its last letter has been accepted or given up. So it is told at
least once: a desk that dies in between leaves it to itself after its restart, or to another desk,
which begins with the first attempt.
"""

from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from weakref import WeakKeyDictionary, WeakSet

from fakeproviders.session import Session
from fakeproviders.stores.base import StoreUnavailable
from fakeproviders.stores.pending import Processes

STORE_PAUSE = 1.0
"""Seconds of the session's clock after which a store that was away is asked again."""


class _Agenda:
    """One session's things, in one era of its clock."""

    def __init__(self, era: int) -> None:
        self.era = era
        self.on_clock: set[str] = set()
        self.letters: Counter[str] = Counter()
        """Of each thing that this desk tells: how many are not over yet."""
        self.elsewhere: dict[str, str] = {}
        """Things that another desk tells, and which."""


class DueThings:
    """``desk`` names this desk among others; ``tell`` sends the letters of a thing that fell due."""

    def __init__(self, desk: str, tell: Callable[[Session, str], Awaitable[None]]) -> None:
        self._desk = desk
        self._tell = tell
        self._agendas: WeakKeyDictionary[Session, _Agenda] = WeakKeyDictionary()
        self._gone: set[str] = set()
        self.unread: WeakSet[Session] = WeakSet()
        """Whose clocks have forgotten something."""

    def put(self, session: Session, thing: str, at: float) -> None:
        """Have it told at a moment of the session's clock, unless that is under way."""
        agenda = self._agenda(session)
        if thing in agenda.on_clock or thing in agenda.letters or thing in agenda.elsewhere:
            return
        agenda.on_clock.add(thing)
        self._call_at(session, thing, at)

    async def read(self, session: Session) -> None:
        """Put everything on the clock that the store has. Raises StoreUnavailable."""
        self.unread.discard(session)  # first: what is forgotten meanwhile is read the next time
        if session.store.pending is None:
            return
        try:
            for thing, at in await session.store.pending.due():
                self.put(session, thing, at)
        except StoreUnavailable:
            self.unread.add(session)
            raise

    async def tell_now(self, session: Session, thing: str, at: float) -> None:
        """Tell a thing of this moment without waiting for the clock. Raises StoreUnavailable."""
        try:
            if session.store.pending is not None:
                await session.store.pending.claim(thing, self._desk, at=at)
            await self._begin(session, thing)
        except StoreUnavailable:
            self.unread.add(session)
            raise

    async def drop(self, session: Session, thing: str) -> None:
        """It is not to be told after all."""
        if session.store.pending is not None:
            await session.store.pending.done(thing, self._desk)

    def add_letters(self, session: Session, thing: str, number: int) -> None:
        """So many are on their way; over() is to be called for each."""
        if session.store.pending is not None:
            self._agenda(session).letters[thing] += number

    async def over(self, session: Session, thing: str) -> None:
        """A letter has been accepted or given up; with the last one the thing is done."""
        letters = self._agenda(session).letters
        if thing not in letters:
            return  # of an earlier era, or a store that keeps nothing
        letters[thing] -= 1
        if not letters[thing]:
            del letters[thing]
            await self.drop(session, thing)

    async def take_over(self, processes: Processes) -> None:
        """Tell what was another desk's that is gone, and forget what it has told. Raises StoreUnavailable."""
        agendas = [(s, a) for s, a in self._agendas.items() if a.elsewhere]
        holders = {holder for _, agenda in agendas for holder in agenda.elsewhere.values()}
        self._gone = await processes.gone(holders)
        for session, agenda in agendas:
            await self._look_elsewhere(session, agenda)

    async def _look_elsewhere(self, session: Session, agenda: _Agenda) -> None:
        assert session.store.pending is not None  # noqa: S101 - else nobody else has anything
        left = dict(await session.store.pending.due())
        for thing, holder in list(agenda.elsewhere.items()):
            if thing not in left or holder in self._gone:
                del agenda.elsewhere[thing]
                if thing in left:
                    self.put(session, thing, left[thing])

    async def _fall_due(self, session: Session, thing: str) -> None:
        agenda, pending = self._agenda(session), session.store.pending
        assert pending is not None  # noqa: S101 - it came from there
        try:
            holder = await pending.claim(thing, self._desk, self._gone)
            agenda.on_clock.discard(thing)
            if holder == self._desk and thing not in agenda.letters:
                await self._begin(session, thing)
            elif holder and holder != self._desk:
                agenda.elsewhere[thing] = holder
        except StoreUnavailable:
            agenda.on_clock.add(thing)
            self._call_at(session, thing, session.clock.now() + STORE_PAUSE)

    async def _begin(self, session: Session, thing: str) -> None:
        """Send its letters; where there are none it is done."""
        self.add_letters(session, thing, 1)
        try:
            await self._tell(session, thing)
        except StoreUnavailable:
            self._agenda(session).letters.pop(thing, None)
            raise
        await self.over(session, thing)

    def _call_at(self, session: Session, thing: str, at: float) -> None:
        session.clock.call_at(
            at, partial(self._fall_due, session, thing), partial(self.unread.add, session)
        )

    def _agenda(self, session: Session) -> _Agenda:
        agenda = self._agendas.get(session)
        if agenda is None or agenda.era != session.clock.era:
            agenda = self._agendas[session] = _Agenda(session.clock.era)
        return agenda
