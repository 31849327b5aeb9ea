"""What one call of the control API is."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec
from aiohttp import web

from fakeproviders.failures import Words

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Route(msgspec.Struct, frozen=True):
    """One call. ``example`` is a request body that works as it stands; ``answer`` the shape of the reply's JSON."""

    method: str
    path: str
    handler: Handler
    summary: Words
    group: str
    body: Any = None
    example: Any = None
    query: tuple[str, ...] = ()
    status: int = 200
    answer: str = "object"


GROUPS = {
    "sessions": Words(zh="会话", en="Sessions"),
    "providers": Words(zh="服务商设置", en="Provider settings"),
    "faults": Words(zh="故障规则", en="Fault rules"),
    "clock": Words(zh="时钟", en="Clock"),
    "inbox": Words(zh="收件箱", en="Inbox"),
    "journal": Words(zh="请求日志与核对", en="Journal and verification"),
    "events": Words(zh="事件流", en="Events"),
    "quota": Words(zh="限额", en="Quotas"),
    "load": Words(zh="压测账本", en="Ledger of a load run"),
    "failures": Words(zh="故障目录", en="Failure catalogue"),
    "scenarios": Words(zh="场景", en="Scenarios"),
    "service": Words(zh="服务本身", en="The service itself"),
}
"""What the groups of calls are called, in the order they are shown."""

ROUTES_KEY: web.AppKey[Sequence[Route]] = web.AppKey("routes")
"""Where an application keeps its list of routes, for its own documentation."""

CONSOLE = "/console/"
"""Where the console's files are."""

ICON = "/favicon.ico"
"""Where browsers look for a page's icon by themselves."""

PUBLIC = frozenset(
    {"/", "/healthz", "/readyz", "/openapi.json", "/docs", CONSOLE, CONSOLE.rstrip("/"), ICON}
)
"""Paths that need no token: they show nothing of a session."""


def needs_token(path: str) -> bool:
    """Whether a path can show something of a session."""
    return path not in PUBLIC and not path.startswith(CONSOLE)
