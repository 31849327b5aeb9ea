"""The journal as a file to download."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from aiohttp import web

from fakeproviders.control.bodies import Page
from fakeproviders.control.handlers.common import session_of
from fakeproviders.control.problems import bad_field
from fakeproviders.control.streaming import Write, stream
from fakeproviders.control.views import request_summary, request_view
from fakeproviders.export import Found, har, json_lines
from fakeproviders.failures import Words
from fakeproviders.session import Session

MEDIA_TYPES = {"har": "application/json", "jsonl": "application/x-ndjson"}
_CHUNK = 64 << 10
Wanted = Callable[[dict[str, Any]], bool]


async def export(request: web.Request, wanted: Wanted, page: Page) -> web.StreamResponse:
    """All requests that are wanted, or the newest ``limit``, as HAR or JSON lines."""
    form = request.query["format"]
    if form not in MEDIA_TYPES:
        words = Words(
            zh=f"必须是 {'、'.join(('json', *MEDIA_TYPES))} 之一",
            en=f"must be json, {' or '.join(MEDIA_TYPES)}",
        )
        raise bad_field("format", words)
    if page.wait:
        raise bad_field("wait", Words(zh="导出时不能等待", en="an export does not wait"))
    session = session_of(request)
    entries = _entries(session, wanted, page)
    pieces = _har(session, entries) if form == "har" else _json_lines(entries)
    headers = {
        "Content-Type": MEDIA_TYPES[form],
        "Content-Disposition": f'attachment; filename="fakeproviders-{session.id}.{form}"',
    }

    async def body(write: Write) -> None:
        for chunk in _chunks(pieces):
            await write(chunk)
            await asyncio.sleep(0)  # an export of ten thousand requests is not to hold up others

    return await stream(request, headers, body)


def _entries(session: Session, wanted: Wanted, page: Page) -> list[Found]:
    """As they are now; what is evicted while they are written is kept until then."""
    found = [
        (serial, entry)
        for serial, entry in session.journal.since(page.cursor or 0)
        if wanted(request_summary(serial, entry))
    ]
    return found[-page.limit :] if page.limited else found


def _har(session: Session, entries: list[Found]) -> Iterator[bytes]:
    about = {
        "session": session.id,
        "seed": session.seed,
        "name": session.name,
        "evicted": session.journal.evicted,
    }
    with_facts = ((found, {"session": session.id, **_facts(found)}) for found in entries)
    return har(with_facts, about)


def _facts(found: Found) -> dict[str, Any]:
    """What HAR has no place for: the request's view without request and reply themselves."""
    view = request_view(*found)
    return {name: value for name, value in view.items() if name not in {"request", "reply"}}


def _json_lines(entries: list[Found]) -> Iterator[bytes]:
    return json_lines(request_view(*found) for found in entries)


def _chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Joined to pieces that are worth a write."""
    waiting: list[bytes] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= _CHUNK:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)
