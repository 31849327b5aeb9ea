"""What the panel sends by other ways than SMS: mail, in-site messages, WeChat notices."""

from aiohttp import web

from fakeproviders.control.bodies import only_values, read_page
from fakeproviders.control.handlers.common import context_of, reply, session_of
from fakeproviders.control.views import letter_view
from fakeproviders.panel.outbox import KINDS, Wanted


async def list_all(request: web.Request) -> web.Response:
    """Letters in the order they were put; ``limit``, ``cursor`` and ``wait`` as in the inbox."""
    page = read_page(request, "kind", "recipient")
    session = session_of(request)
    only_values(request, kind=KINDS)
    wanted = Wanted(
        kind=request.query.get("kind"),
        recipient=request.query.get("recipient"),
        after=page.cursor,
        limit=page.limit,
    )
    found = await context_of(request).letters(session.id, wanted, page.wait)
    session_of(request)  # it may have ended meanwhile
    found.sort(key=lambda letter: letter.id)
    cursor = found[-1].id if found else page.cursor or 0
    return reply({"outbox": [letter_view(letter) for letter in found], "cursor": str(cursor)})
