"""Sessions as the panel's tenants: what the panel is told of a session, and that it goes with it."""

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial
from pathlib import Path
from weakref import WeakSet

from fakeproviders.config import StartError
from fakeproviders.panel.app import open_panel
from fakeproviders.panel.database import UnusableDatabase
from fakeproviders.panel.tenants import Tenants
from fakeproviders.session import Session
from fakeproviders.sessions import Sessions

Describe = Callable[[Session], Mapping[str, object]]
"""The session object, as the control API shows it."""


@contextlib.asynccontextmanager
async def open_tenants(
    sessions: Sessions, describe: Describe, file: Path | None, real: Callable[[], float]
) -> AsyncIterator[Tenants]:
    """A panel for each session that somebody visits. Raises StartError for a file that cannot be used."""
    bound: WeakSet[Session] = WeakSet()

    def visited(session_id: str) -> Mapping[str, object] | None:
        session = sessions.get(session_id)
        if session is None:
            return None
        if session not in bound:
            bound.add(session)
            drop = partial(tenants.drop, session_id)
            session.at_reset.append(drop)
            session.at_end.append(drop)
        return describe(session)

    async with contextlib.AsyncExitStack() as stack:
        try:
            tenants = await stack.enter_async_context(open_panel(visited, file, real))
        except UnusableDatabase as error:
            raise StartError(error.words) from None
        yield tenants
