"""The console: static files for the browser, which asks the control API for all that it shows.

The files hold nothing of a session, so they need no token. Their policy lets a page load and talk to
this server only, and run no script and no style but their own.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

from aiohttp import web

from fakeproviders.control.route import CONSOLE

INDEX = "index.html"
ICON_FILE = "icon.svg"
_TYPES = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}
_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in _POLICY.items()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


class File(NamedTuple):
    """One of the console's files."""

    content_type: str
    etag: str
    body: bytes


async def index(request: web.Request) -> web.Response:
    """The address alone leads browsers to the console, and others to the documentation."""
    wants_pages = "text/html" in request.headers.get("Accept", "")
    raise web.HTTPFound(CONSOLE if wants_pages else "/docs", headers={"Vary": "Accept"})


async def console(request: web.Request) -> web.Response:
    """The console's page."""
    return _answer(request, _files()[INDEX])


async def whole_address(request: web.Request) -> web.Response:
    """The console's address without its last slash, from which the page's files would not be found."""
    raise web.HTTPFound(request.rel_url.with_path(CONSOLE).with_query(request.query))


async def icon(request: web.Request) -> web.Response:
    """The console's icon, for the pages that name none."""
    return _answer(request, _files()[ICON_FILE])


async def file(request: web.Request) -> web.Response:
    """What the page loads. It is asked for anew each time, and sent only when it has changed."""
    found = _files().get(request.match_info["file"])
    if found is None:
        raise web.HTTPNotFound
    return _answer(request, found)


def _answer(request: web.Request, found: File) -> web.Response:
    known = request.if_none_match or ()
    is_known = any(found.etag == tag.value for tag in known)
    response = web.Response(status=304) if is_known else web.Response(body=found.body)
    response.content_type = found.content_type
    response.charset = "utf-8"
    response.etag = found.etag
    response.headers.update(HEADERS)
    return response


@cache
def _files() -> Mapping[str, File]:
    """By path below the console's address."""
    return dict(_below(files("fakeproviders.control").joinpath("console"), ""))


def _below(folder: Traversable, prefix: str) -> Iterator[tuple[str, File]]:
    for entry in folder.iterdir():
        path = f"{prefix}{entry.name}"
        if entry.is_dir():
            yield from _below(entry, f"{path}/")
        elif (content_type := _TYPES.get(path.rpartition(".")[2])) is not None:
            body = entry.read_bytes()
            yield path, File(content_type, blake2b(body, digest_size=12).hexdigest(), body)
