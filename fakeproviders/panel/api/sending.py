"""What sends: a test, codes, operations."""

import msgspec
from aiohttp import web

from fakeproviders.failures import Words
from fakeproviders.panel.asking import read_body, reply
from fakeproviders.panel.bodies import NewCode, Operation, Test, TypedCode
from fakeproviders.panel.events import EVENTS
from fakeproviders.panel.tenants import tenant_of

_SENT = Words(zh="短信发送成功", en="SMS sent")


async def test_sms(request: web.Request) -> web.Response:
    """测试发送."""
    tenant, body = await tenant_of(request), await read_body(request, Test)
    sent = await tenant.sms.test(body.channel, body.mobile)
    whole = {"sent": True, "out_id": sent.out_id, "channel": sent.channel, "message": _SENT}
    return reply(request, whole)


async def send_code(request: web.Request) -> web.Response:
    """Ask for a verification code."""
    tenant, body = await tenant_of(request), await read_body(request, NewCode)
    sent = await tenant.codes.send(
        body.event, body.mobile, _ip(request), email=body.email, captcha=body.captcha
    )
    whole = {
        "sent": True,
        "event": body.event,
        "mobile": body.mobile,
        **msgspec.structs.asdict(sent),
    }
    return reply(request, whole)


async def check_code(request: web.Request) -> web.Response:
    """See whether a code is right."""
    tenant, body = await tenant_of(request), await read_body(request, TypedCode)
    await tenant.codes.check(body.event, body.mobile, body.code)
    return reply(request, {"valid": True})


async def new_captcha(request: web.Request) -> web.Response:
    """A challenge."""
    tenant = await tenant_of(request)
    return reply(request, await tenant.captcha.challenge())


async def operate(request: web.Request) -> web.Response:
    """Begin or perform an operation that a code protects; or let an event happen."""
    tenant, body = await tenant_of(request), await read_body(request, Operation)
    event = request.match_info["event"]
    known = EVENTS.get(event)
    if known is not None and not known.is_code:
        outcomes = await tenant.notifier.notify(event, body.mobile, body.email)
        channels = {
            channel: {"sent": o.sent} if o.sent else {"sent": False, "error": o.words, "failure": o.failure}
            for channel, o in outcomes.items()
        }  # fmt: skip
        return reply(request, {"done": True, "channels": channels})
    if body.code is None:
        await tenant.codes.send(
            event, body.mobile, _ip(request), email=body.email, captcha=body.captcha
        )
        return reply(request, {"done": False, "code_sent": True})
    await tenant.codes.use(event, body.mobile, body.code)
    return reply(request, {"done": True})


def _ip(request: web.Request) -> str:
    return request.remote or ""
