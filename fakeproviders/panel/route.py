"""One address of the panel."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Route(NamedTuple):
    """One call, page or form. ``path`` is without the session's prefix."""

    method: str
    path: str
    handler: Handler
