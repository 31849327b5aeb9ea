"""The journal."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from aiohttp import web

from fakeproviders.control.bodies import only_values, read_page
from fakeproviders.control.exports import export
from fakeproviders.control.handlers.common import reply, session_of, up_to_date
from fakeproviders.control.problems import not_found
from fakeproviders.control.views import request_summary, request_view
from fakeproviders.failures import SLUGS, Words
from fakeproviders.journal import Entry, Journal
from fakeproviders.model import OPERATIONS
from fakeproviders.outcome import OUTCOMES

FILTERS = ("provider", "operation", "mobile", "outcome", "reason")
Wanted = Callable[[dict[str, Any]], bool]


async def list_all(request: web.Request) -> web.StreamResponse:
    """Requests in the order they came.

    With ``cursor`` those after it, oldest first; else the newest ``limit``. ``wait`` seconds for
    the first, when there is none. ``provider``, ``operation``, ``mobile``, ``outcome``, ``reason`` filter.
    ``format`` har or jsonl exports whole requests instead.
    """
    page = read_page(request, "format", *FILTERS)
    session = await up_to_date(request)
    only_values(
        request,
        provider=session.accounts,
        operation=OPERATIONS,
        outcome=OUTCOMES,
        reason=sorted(SLUGS),
    )
    wanted = _wanted(request)
    if request.query.get("format", "json") != "json":
        return await export(request, wanted, page)
    journal = session.journal
    found: list[dict[str, Any]] = []
    cursor = journal.next_serial if page.cursor is None else page.cursor
    if page.cursor is None:
        found = _take(journal.newest_first(), wanted, page.limit)[0]
        found.reverse()
    if not found:
        found, cursor = await _following(journal, wanted, cursor, page.limit, page.wait)
        session_of(request)  # it may have ended meanwhile
    bounds = {"evicted": journal.evicted, "oldest": _oldest(journal)}
    return reply({"requests": found, "cursor": str(cursor), **bounds})


async def get(request: web.Request) -> web.Response:
    """One request whole: raw, decided how and why, answered with what."""
    request_id = request.match_info["request"]
    number = request_id.removeprefix("r")
    is_number = number.isascii() and number.isdigit() and len(number) <= 18
    serial = int(number) if is_number else -1
    entry = (await up_to_date(request)).journal.get(serial)
    if entry is None:
        raise not_found(
            Words(
                zh=f"日志里没有请求 {request_id}：编号有误，或已被挤出",
                en=f"the journal has no request {request_id}: a wrong id, or evicted",
            )
        )
    return reply(request_view(serial, entry))


def _wanted(request: web.Request) -> Wanted:
    filters = {name: request.query[name] for name in FILTERS if name in request.query}
    return lambda summary: all(_matches(summary, name, value) for name, value in filters.items())


def _oldest(journal: Journal) -> str | None:
    """The id of the oldest request that is still here."""
    return f"r{journal.oldest}" if journal.oldest < journal.next_serial else None


async def _following(
    journal: Journal, wanted: Wanted, cursor: int, limit: int, wait: float
) -> tuple[list[dict[str, Any]], int]:
    """What came from the cursor on, waiting for the first that is wanted."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + wait
    while True:
        found, after = _take(journal.since(cursor), wanted, limit)
        cursor = max(cursor, journal.next_serial) if after is None else after
        if found or not await journal.wait_for(cursor, deadline - loop.time()):
            return found, cursor


def _take(
    entries: Iterable[tuple[int, Entry]], wanted: Wanted, limit: int
) -> tuple[list[dict[str, Any]], int | None]:
    """The first so many that are wanted, and the serial of the one after them, if there is one."""
    found: list[dict[str, Any]] = []
    for serial, entry in entries:
        if len(found) == limit:
            return found, serial
        summary = request_summary(serial, entry)
        if wanted(summary):
            found.append(summary)
    return found, None


def _matches(summary: dict[str, Any], name: str, value: str) -> bool:
    if name == "mobile":
        return value in summary["mobile"].split(",")
    return bool(summary[name] == value)
