"""What people answer: mobile-originated messages, fetched by the account or called back to it."""

from aiohttp import web

from fakeproviders.control.bodies import NewReply, only_known, only_values, read_body, read_page
from fakeproviders.control.handlers.common import context_of, reply, session_of
from fakeproviders.control.problems import bad_field
from fakeproviders.control.views import reply_view
from fakeproviders.failures import Words
from fakeproviders.stores.base import MessageFilter


async def add(request: web.Request) -> web.Response:
    """A person answers; an account that has a callback_url has been called once when this returns."""
    session = session_of(request)
    given = await read_body(request, NewReply)
    if given.provider not in session.accounts:
        known = list(session.accounts)
        words = Words(
            zh=f"没有这个服务商；有：{'、'.join(known)}",
            en=f"no such provider; known are {', '.join(known)}",
        )
        raise bad_field("provider", words)
    store = session.store
    added = await store.add_reply(given.provider, given.mobile, given.content, session.clock.now())
    session.events.replied(reply_view(added))
    await context_of(request).dispatcher.pass_on(session, added)
    return reply(reply_view(await store.reply(added.id) or added), 201)


async def list_all(request: web.Request) -> web.Response:
    """The newest replies in the order they came, with what became of them."""
    only_known(request, "mobile", "provider", "limit")
    session = session_of(request)
    only_values(request, provider=session.accounts)
    limit = read_page(request, "mobile", "provider").limit
    wanted = MessageFilter(request.query.get("mobile", ""), request.query.get("provider", ""))
    found = reversed(await session.store.latest_replies(wanted, limit))
    return reply({"replies": [reply_view(each) for each in found]})
