"""What has happened: the code log, the SMS with receipts and replies, the outbox."""

from aiohttp import web

from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit
from fakeproviders.panel.asking import fitted, limit_of, only_known, read_json, reply
from fakeproviders.panel.declined import unusable
from fakeproviders.panel.outbox import KINDS, Wanted
from fakeproviders.panel.receipts import Receipt
from fakeproviders.panel.replies import Reply
from fakeproviders.panel.reports import FINAL, WAITING
from fakeproviders.panel.tenants import tenant_of


async def code_log(request: web.Request) -> web.Response:
    """日志管理-验证码日志."""
    only_known(request, "mobile", "limit")
    tenant = await tenant_of(request)
    rows = await tenant.codes.log(request.query.get("mobile"), limit_of(request))
    return reply(request, {"codes": rows})


async def messages(request: web.Request) -> web.Response:
    """What was sent, and what became of it."""
    only_known(request, "mobile", "limit")
    tenant = await tenant_of(request)
    rows = await tenant.sms.messages(request.query.get("mobile"), limit_of(request))
    return reply(request, {"messages": rows})


async def ask_reports(request: web.Request) -> web.Response:
    """Ask the providers what became of the newest SMS that wait for a receipt."""
    tenant = await tenant_of(request)
    found = await tenant.reports.ask()
    return reply(request, {status: found[status] for status in (*FINAL, WAITING)})


async def outbox(request: web.Request) -> web.Response:
    """Mail, in-site messages, WeChat notices."""
    only_known(request, "kind", "limit")
    kind = request.query.get("kind")
    if kind is not None and kind not in KINDS:
        known = ", ".join(KINDS)
        words = Words(zh=f"应为 {known} 之一", en=f"must be one of {known}")
        raise unusable(Misfit("kind", words))
    tenant = await tenant_of(request)
    wanted = Wanted(kind=kind, limit=limit_of(request))
    return reply(request, {"outbox": await tenant.outbox.entries(wanted)})


async def get_receipts(request: web.Request) -> web.Response:
    """The receipts that came."""
    only_known(request, "limit")
    tenant = await tenant_of(request)
    return reply(request, {"receipts": await tenant.receipts.entries(limit_of(request))})


async def take_callback(request: web.Request) -> web.Response:
    """A provider reports what became of an SMS, or passes on what a person answered."""
    tenant, fields = await tenant_of(request), await read_json(request)
    if "reply_id" in fields:
        result = await tenant.replies.take(fitted(fields, Reply), fields)
    else:
        result = await tenant.receipts.take(fitted(fields, Receipt), fields)
    return reply(request, {"result": result})


async def get_replies(request: web.Request) -> web.Response:
    """What people answered."""
    only_known(request, "mobile", "limit")
    tenant = await tenant_of(request)
    rows = await tenant.replies.entries(request.query.get("mobile"), limit_of(request))
    return reply(request, {"replies": rows})
