"""The inbox."""

from aiohttp import web

from fakeproviders.control.bodies import NewStatus, only_values, read_body, read_page
from fakeproviders.control.handlers.common import context_of, reply, session_of
from fakeproviders.control.problems import not_found
from fakeproviders.control.views import message_view
from fakeproviders.failures import Words
from fakeproviders.model import Message
from fakeproviders.stores.base import MessageFilter


async def list_all(request: web.Request) -> web.Response:
    """Messages in the order they were accepted.

    With ``cursor`` those after it, oldest first; else the newest ``limit``. ``wait`` seconds for
    the first, when there is none.
    """
    page = read_page(request, "mobile", "provider")
    session = session_of(request)
    store = session.store
    only_values(request, provider=session.accounts)
    wanted = MessageFilter(request.query.get("mobile", ""), request.query.get("provider", ""))
    ends = await store.inbox_ends()
    latest = (
        await store.latest_messages(wanted, page.limit, ends.next) if page.cursor is None else []
    )
    if latest:
        found = list(reversed(latest))
        cursor = ends.next
    else:
        after = ends.next if page.cursor is None else page.cursor
        new, cursor = await store.messages(wanted, after=after, limit=page.limit, wait=page.wait)
        found = list(new)
        session_of(request)  # it may have ended meanwhile
        ends = await store.inbox_ends()
    now = session.clock.now()
    shown = [message_view(message.as_of(now)) for message in found]
    return reply({"messages": shown, "cursor": str(cursor), "evicted": ends.evicted})


async def get(request: web.Request) -> web.Response:
    """One message."""
    message = await _message(request)
    return reply(message_view(message.as_of(session_of(request).clock.now())))


async def set_status(request: web.Request) -> web.Response:
    """Drive delivery by hand; a receipt that the account wants has been tried once when this returns."""
    session = session_of(request)
    wanted = await read_body(request, NewStatus)
    message_id = (await _message(request)).id
    await session.store.set_status(message_id, wanted.status, wanted.error, session.clock.now())
    await context_of(request).dispatcher.settle(session, await _message(request))
    return await get(request)


async def _message(request: web.Request) -> Message:
    """The message that the path names. Raises Problem."""
    message = await session_of(request).store.message(request.match_info["message"])
    if message is None or not message.listed:
        raise _no_message(request)
    return message


def _no_message(request: web.Request) -> Exception:
    message_id = request.match_info["message"]
    return not_found(
        Words(
            zh=f"收件箱里没有短信 {message_id}",
            en=f"there is no message {message_id} in the inbox",
        )
    )
