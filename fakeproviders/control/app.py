"""The control API's application: routes behind the guard, errors as problem documents."""

import asyncio
import hmac
import logging

from aiohttp import web
from aiohttp.typedefs import Handler

from fakeproviders.control.context import CONTEXT, STOPPING, Context
from fakeproviders.control.handlers.service import index
from fakeproviders.control.problems import Problem, language_of, problem_response
from fakeproviders.control.route import PUBLIC, ROUTES_KEY
from fakeproviders.control.routes import ROUTES
from fakeproviders.control.streaming import STREAMS, has_begun
from fakeproviders.failures import Words
from fakeproviders.net import is_loopback

_log = logging.getLogger(__name__)
MAX_BODY = 8 << 20


def build_control(context: Context, stopping: asyncio.Event, *, bound_to: str) -> web.Application:
    """The application. ``stopping`` ends long polls; ``bound_to`` is the address it listens on."""
    guard = _Guard(context.token, only_local_names=is_loopback(bound_to))

    @web.middleware
    async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            guard.check(request)
            return await _until(stopping, request, handler(request))
        except Problem as problem:
            return problem_response(problem, language_of(request))
        except web.HTTPException as error:
            if error.status < 400:
                raise
            return _as_problem(request, error)
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
    app[ROUTES_KEY] = ROUTES
    for route in ROUTES:
        app.router.add_route(route.method, route.path, route.handler)
    app.router.add_get("/", index)
    return app


class _Guard:
    """Lets in who may drive this server: no web page of another origin, no one without the token."""

    def __init__(self, token: str | None, *, only_local_names: bool) -> None:
        self._token = token
        self._only_local_names = only_local_names

    def check(self, request: web.Request) -> None:
        """Raises Problem."""
        host = request.headers.get("Host", "")
        if self._only_local_names and not is_loopback(_without_port(host)):
            raise _forbidden(
                "Host", host, "127.0.0.1, localhost 或 [::1]", "127.0.0.1, localhost or [::1]"
            )
        origin = request.headers.get("Origin")
        if origin is not None and origin != f"{request.scheme}://{host}":
            raise _forbidden("Origin", origin, "本服务自己的页面", "this server's own pages")
        if self._token is not None and request.path not in PUBLIC:
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


async def _until(
    stopping: asyncio.Event, request: web.Request, answer: object
) -> web.StreamResponse:
    """The answer, unless the server stops first; long polls must not hold it up. Streams see to it themselves."""
    work = asyncio.ensure_future(answer)  # type: ignore[call-overload]
    stop = asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done() and has_begun(request):
            await asyncio.wait({work})
        if not work.done():
            raise Problem(503, Words(zh="服务正在停止", en="the server is stopping"))
        response: web.StreamResponse = work.result()
        return response
    finally:
        stop.cancel()
        work.cancel()


def _forbidden(header: str, given: str, zh: str, en: str) -> Problem:
    return Problem(
        403,
        Words(
            zh=f"{header} 为 {given!r}，只接受 {zh}：防止网页驱动本服务",
            en=f"{header} is {given!r}; only {en} may drive this server",
        ),
    )


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


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]
