"""The sessions' ways to the platform above: made when one is first needed, ended with the session."""

import time
from collections.abc import Callable, Mapping
from weakref import WeakKeyDictionary

import aiohttp

from fakeproviders.account import UPSTREAM
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.providers.reseller import RESELLER
from fakeproviders.session import Session
from fakeproviders.upstream import UpstreamHop


class Hops:
    """One hop a session. ``urls`` has the official API's; ``http`` is set before requests come."""

    http: aiohttp.ClientSession

    def __init__(self, urls: Mapping[str, str], real: Callable[[], float] = time.time) -> None:
        self._urls = urls
        self._real = real
        self._by_session: WeakKeyDictionary[Session, UpstreamHop] = WeakKeyDictionary()

    def get(self, session: Session) -> UpstreamHop | None:
        """A session's hop, if it has needed one."""
        return self._by_session.get(session)

    def of(self, session: Session) -> UpstreamHop:
        """A session's hop."""
        hop = self._by_session.get(session)
        if hop is None:
            url = f"{self._urls[OFFICIAL.name]}/@{session.id}.{UPSTREAM}"
            hop = UpstreamHop(self.http, url, session.accounts[RESELLER.name], self._real)
            self._by_session[session] = hop
            session.at_reset.append(hop.close)
            session.at_end.append(hop.end)
        return hop

    async def close(self) -> None:
        """Give up what they still have to settle."""
        for hop in list(self._by_session.values()):
            await hop.close()
