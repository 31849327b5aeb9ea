"""The control API's application: routes behind the guard, errors as problem documents."""

import asyncio
import hmac
import logging
from collections.abc import AsyncIterator
from typing import Literal

from aiohttp import web
from aiohttp.typedefs import Handler

from fakeproviders.control.context import CONTEXT, STOPPING, Context
from fakeproviders.control.handlers import console
from fakeproviders.control.handlers.common import no_session
from fakeproviders.control.problems import Problem, language_of, problem_response
from fakeproviders.control.route import CONSOLE, ICON, ROUTES_KEY, needs_token
from fakeproviders.control.routes import ROUTES
from fakeproviders.control.runs import keeping_runs
from fakeproviders.control.streaming import STREAMS, has_begun
from fakeproviders.failures import Words
from fakeproviders.net import foreign, is_loopback
from fakeproviders.sessions import SessionOver
from fakeproviders.stores.base import StoreUnavailable

_log = logging.getLogger(__name__)
MAX_BODY = 8 << 20
_STOP: web.AppKey[asyncio.Task[Literal[True]]] = web.AppKey("stop", asyncio.Task)
"""Done when the server stops."""


def build_control(context: Context, stopping: asyncio.Event, *, bound_to: str) -> web.Application:
    """The application. ``stopping`` ends long polls; ``bound_to`` is the address it listens on."""
    guard = _Guard(context.token, only_local_names=is_loopback(bound_to))

    @web.middleware
    async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            guard.check(request)
            return await _until(request.app[_STOP], request, handler(request))
        except Problem as problem:
            return problem_response(problem, language_of(request))
        except web.HTTPException as error:
            if error.status < 400:
                raise
            return _as_problem(request, error)
        except SessionOver as over:
            return problem_response(no_session(*over.args), language_of(request))
        except StoreUnavailable as away:
            return problem_response(_out_of_order(away), language_of(request))
        except asyncio.CancelledError:
            raise
        except Exception:  # noqa: BLE001 - the last resort: logged, and never a traceback at a user
            _log.exception("%s %s failed: a defect, please report it", request.method, request.path)
            words = Words(zh="内部错误，详见服务器日志", en="internal error; see the server's log")
            return problem_response(Problem(500, words), language_of(request))

    app = web.Application(middlewares=[problems], client_max_size=MAX_BODY)
    app[CONTEXT] = context
    app[STOPPING] = stopping
    app[STREAMS] = set()
    app.cleanup_ctx.append(keeping_runs)
    app.cleanup_ctx.append(_watching_for_the_stop)
    app[ROUTES_KEY] = ROUTES
    for route in ROUTES:
        app.router.add_route(route.method, route.path, route.handler)
    app.router.add_get("/", console.index)
    app.router.add_get(ICON, console.icon)
    app.router.add_get(CONSOLE.rstrip("/"), console.whole_address)
    app.router.add_get(f"{CONSOLE}{{file:.+}}", console.file)
    return app


def _out_of_order(away: StoreUnavailable) -> Problem:
    words = Words(
        zh=f"存储暂不可用（{away.why}），恢复后自动继续；请稍后再试",
        en=f"the store is away ({away.why}); it is tried again by itself: ask again later",
    )
    return Problem(503, words, headers={"Retry-After": "1"})


class _Guard:
    """Lets in who may drive this server: no web page of another origin, no one without the token."""

    def __init__(self, token: str | None, *, only_local_names: bool) -> None:
        self._token = token
        self._only_local_names = only_local_names

    def check(self, request: web.Request) -> None:
        """Raises Problem."""
        why = foreign(request.headers, request.scheme, only_local_names=self._only_local_names)
        if why is not None:
            raise Problem(403, why)
        if self._token is not None and needs_token(request.path):
            self._check_token(request)

    def _check_token(self, request: web.Request) -> None:
        given = request.headers.get("Authorization", "")
        expected = f"Bearer {self._token}"
        if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), expected.encode()):
            raise Problem(
                401,
                Words(
                    zh="需要令牌：Authorization: Bearer <令牌>，启动时已打印或由 --token 给出",
                    en="a token is needed: Authorization: Bearer <token>, printed at the start or given by --token",
                ),
                headers={"WWW-Authenticate": "Bearer"},
            )


async def _watching_for_the_stop(app: web.Application) -> AsyncIterator[None]:
    """One task for all requests."""
    app[_STOP] = asyncio.get_running_loop().create_task(app[STOPPING].wait())
    yield
    app[_STOP].cancel()


async def _until(
    stop: asyncio.Task[Literal[True]], request: web.Request, answer: object
) -> web.StreamResponse:
    """The answer, unless the server stops first; long polls must not hold it up. Streams see to it themselves."""
    work = asyncio.ensure_future(answer)  # type: ignore[call-overload]
    try:
        await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done() and has_begun(request):
            await asyncio.wait({work})
        if not work.done():
            raise Problem(503, Words(zh="服务正在停止", en="the server is stopping"))
        response: web.StreamResponse = work.result()
        return response
    finally:
        work.cancel()


def _as_problem(request: web.Request, error: web.HTTPException) -> web.StreamResponse:
    words = {
        404: Words(
            zh=f"没有 {request.path}；接口文档在 /docs",
            en=f"there is no {request.path}; /docs has the documentation",
        ),
        405: Words(
            zh=f"{request.path} 不支持 {request.method}",
            en=f"{request.path} does not take {request.method}",
        ),
        413: Words(
            zh=f"请求体超过 {MAX_BODY >> 20} MiB",
            en=f"the body is larger than {MAX_BODY >> 20} MiB",
        ),
    }.get(error.status, Words(zh=f"请求无法处理（HTTP {error.status}）", en=error.reason))
    allow = error.headers.get("Allow")
    problem = Problem(error.status, words, headers={"Allow": allow} if allow else None)
    return problem_response(problem, language_of(request))
