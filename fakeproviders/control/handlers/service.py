"""Outside /api/v1: health, documentation."""

from aiohttp import web

from fakeproviders.control.docs import docs_page
from fakeproviders.control.handlers.common import context_of, reply
from fakeproviders.control.openapi import openapi
from fakeproviders.control.problems import language_of
from fakeproviders.control.route import ROUTES_KEY


async def healthz(request: web.Request) -> web.Response:
    """The process answers."""
    del request
    return reply({"status": "ok"})


async def readyz(request: web.Request) -> web.Response:
    """The store can work, and where there are workers, one of them at least."""
    context = context_of(request)
    workers = context.workers
    status = "ok"
    if not await context.store.ready():
        status = "store unavailable"
    elif workers is not None and not workers.alive:
        status = "no worker serves"
    document: dict[str, object] = {"status": status}
    if workers is not None:
        document["workers"] = {"wanted": workers.wanted, "alive": workers.alive}
    return reply(document, 200 if status == "ok" else 503)


async def openapi_json(request: web.Request) -> web.Response:
    """The control API as OpenAPI 3.1."""
    return reply(openapi(request.app[ROUTES_KEY], language_of(request)))


async def metrics(request: web.Request) -> web.Response:
    """Numbers for Prometheus."""
    # Its client takes 60 ms to import, which only who scrapes has to wait for.
    from fakeproviders.metrics import CONTENT_TYPE, exposition

    context = context_of(request)
    body = await exposition(await context.tally.whole(), context.sessions, context.store)
    return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE})


async def docs(request: web.Request) -> web.Response:
    """The control API for people."""
    page = docs_page(request.app[ROUTES_KEY], language_of(request))
    return web.Response(text=page, content_type="text/html", charset="utf-8")
