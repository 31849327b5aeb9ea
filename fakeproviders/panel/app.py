"""The panel's application: pages and JSON API of all tenants, behind the guard."""

import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler

from fakeproviders.broken_body import BROKEN_OFF, NO_BODY, give_up
from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit
from fakeproviders.panel.api.routes import ROUTES
from fakeproviders.panel.asking import BAD_BODY, refusal
from fakeproviders.panel.database import UnusableDatabase, open_database
from fakeproviders.panel.declined import Declined, unusable
from fakeproviders.panel.guard import Guard
from fakeproviders.panel.pages.routes import PAGES
from fakeproviders.panel.pages.serving import outside
from fakeproviders.panel.pages.told import BOARD, Board
from fakeproviders.panel.tenants import TENANTS, Describe, Tenants

_log = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def open_panel(
    describe: Describe, file: Path | None = None, real: Callable[[], float] = time.time
) -> AsyncIterator[Tenants]:
    """All tenants, with their data in a file or, without one, for as long as this lasts.

    Raises UnusableDatabase.
    """
    # A connection for each request: one that a provider has closed meanwhile would look like a failure.
    connector = aiohttp.TCPConnector(force_close=True, limit=0)
    async with open_database(file) as database, aiohttp.ClientSession(connector=connector) as http:
        tenants = Tenants(database, http, describe, real)
        try:
            await tenants.start()
        except Declined as error:
            raise UnusableDatabase(error.words) from None
        yield tenants


def build_panel(tenants: Tenants, *, bound_to: str, token: str | None = None) -> web.Application:
    """The application. ``bound_to`` is the address it listens on; off loopback ``token`` guards it."""
    guard = Guard(token, bound_to)

    @web.middleware
    async def answers(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return guard.entered(request) or await handler(request)
        except Declined as declined:
            return _refusal(request, declined)
        except Misfit as misfit:
            return _refusal(request, unusable(misfit))
        except web.HTTPException as error:
            if error.status < 400:
                raise
            return _as_refusal(request, error)
        except BROKEN_OFF:
            give_up(request)
            return _refusal(request, Declined(NO_BODY, status=BAD_BODY))
        except Exception:  # noqa: BLE001 - the last resort: logged, and never a traceback at a user
            _log.exception("%s %s failed: a defect, please report it", request.method, request.path)
            words = Words(zh="内部错误，详见服务器日志", en="internal error; see the server's log")
            return _refusal(request, Declined(words, status=500))

    app = web.Application(middlewares=[answers])
    app[TENANTS] = tenants
    app[BOARD] = Board()
    for prefix in ("", "/@{session}"):
        for route in (*ROUTES, *PAGES):
            app.router.add_route(route.method, f"{prefix}{route.path}", route.handler)
    return app


def _refusal(request: web.Request, declined: Declined) -> web.Response:
    """JSON for the API, a page for people."""
    path = request.path
    if path.startswith("/@"):
        path = f"/{path.partition('/')[2].partition('/')[2]}"
    return (refusal if path.startswith("/api/") else outside)(request, declined)


def _as_refusal(request: web.Request, error: web.HTTPException) -> web.Response:
    words = {
        404: Words(zh=f"没有 {request.path}", en=f"there is no {request.path}"),
        405: Words(
            zh=f"{request.path} 不支持 {request.method}",
            en=f"{request.path} does not take {request.method}",
        ),
        413: Words(zh="请求体太大", en="the body is too large"),
    }.get(error.status, Words(zh=f"请求无法处理（HTTP {error.status}）", en=error.reason))
    answer = _refusal(request, Declined(words, status=error.status))
    if "Allow" in error.headers:
        answer.headers["Allow"] = error.headers["Allow"]
    return answer
