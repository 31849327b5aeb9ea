# Made from harness.py by: python -m tests.api.synchronous
"""The servers, as a test has them: started for it, or running already."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Self

from fakeproviders.api.moment import ClockSetting, clock_state
from fakeproviders.api.serving import serving
from fakeproviders.api.sync.link import SyncLink
from fakeproviders.api.sync.session import SyncSession
from fakeproviders.api.thread import LoopThread, waited
from fakeproviders.clients.control import ControlError, Unreachable, session_path

_LEFT_BEHIND = 3600.0
"""Seconds after which a running server forgets a session that nobody has used."""


class SyncHarness:
    """All providers, for the length of a ``with`` block.

    They listen on free ports of this machine, in a thread of their own, so that a test may block. With
    ``url`` the control API of a running server is used instead (``token`` if it asks for one), and the
    sessions made here end with the block. ``lang`` is the language of the server's words;
    ``allow_callbacks`` names hosts beside this machine that receipts may be sent to.

    >>> with SyncHarness() as harness:
    ...     session = harness.session(seed=7, clock="2026-01-01T09:00:00")
    ...     now = session.clock.now()
    >>> session.seed, now.isoformat()
    (7, '2026-01-01T09:00:00+08:00')
    """

    def __init__(
        self,
        *,
        url: str | None = None,
        token: str | None = None,
        lang: str = "en",
        allow_callbacks: Sequence[str] = (),
    ) -> None:
        self._is_ours = url is None
        self._thread = LoopThread(lambda: serving(url, token, lang, allow_callbacks))
        self._link: SyncLink | None = None

    def __enter__(self) -> Self:
        """Start, or connect. Raises StartError or Unreachable."""
        try:
            client = waited(self._thread.start())
        except Exception:
            self._thread.join()
            raise
        except BaseException:  # cancelled, or interrupted
            self._thread.give_up()
            raise
        self._link = SyncLink(self._thread, client)
        return self

    def __exit__(self, *exc: object) -> None:
        """End the sessions made here, and the servers if they are one's own."""
        try:
            self._end_sessions()
        finally:
            waited(self._thread.stop())
            self._thread.join()

    @property
    def url(self) -> str:
        """The address of the control API, which other programs can use too."""
        return self.link.client.url

    def session(
        self,
        *,
        seed: int | None = None,
        name: str = "",
        clock: ClockSetting | None = None,
        providers: Mapping[str, Mapping[str, object]] | None = None,
        dedicated_ports: bool = False,
        ttl_seconds: float | None = None,
    ) -> SyncSession:
        """A new private world.

        ``seed`` and ``name`` repeat secrets and probabilities; ``clock`` is a moment to stand still at;
        ``providers`` has settings to begin with; ``dedicated_ports`` lets it have the fault ``refuse``;
        ``ttl_seconds`` ends it so long after its last use. Raises ControlError for what does not fit.

        >>> session = harness.session(providers={"official": {"balance": 1}})
        >>> settings = session.official.settings()
        >>> settings["balance"]
        1
        """
        wanted = {
            "seed": seed,
            "name": name,
            "clock": None if clock is None else clock_state(clock),
            "providers": providers or {},
            "dedicated_ports": dedicated_ports,
            "ttl_seconds": ttl_seconds or (None if self._is_ours else _LEFT_BEHIND),
        }
        session = SyncSession(self.link, self.link.post("/sessions", wanted))
        if not self._is_ours:
            self.link.sessions.add(session.id)
        return session

    def open(self, session_id: str = "default") -> SyncSession:
        """A session that there is already; ``default`` has the documented credentials.

        >>> default = harness.open()
        >>> default.official.app_id
        'demo-app'
        """
        return SyncSession(self.link, self.link.get(session_path(session_id)))

    @property
    def link(self) -> SyncLink:
        """The way to the control API. Raises RuntimeError outside of the block."""
        if self._link is None:
            raise RuntimeError("the harness is not running: use it inside its with block")
        return self._link

    def _end_sessions(self) -> None:
        for session_id in tuple(self.link.sessions):  # others may end some meanwhile
            try:
                self.link.delete(session_path(session_id))
            except ControlError as error:
                if error.status != HTTPStatus.NOT_FOUND:  # it may have ended before
                    raise
            except Unreachable:
                return  # the server went first
