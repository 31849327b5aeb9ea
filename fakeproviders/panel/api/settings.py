"""Settings with their drafts, and the notification matrix."""

from typing import Any

import msgspec
from aiohttp import web

from fakeproviders.panel.asking import only_known, read_json, reply
from fakeproviders.panel.events import CHANNELS
from fakeproviders.panel.notices import Row
from fakeproviders.panel.settings import Group, Sms
from fakeproviders.panel.tenants import Tenant, tenant_of


async def get_settings(request: web.Request) -> web.Response:
    """A group: what is in force, and what is entered and not saved."""
    only_known(request)
    tenant = await tenant_of(request)
    return reply(request, await _settings(tenant, request.match_info["group"]))


async def put_settings(request: web.Request) -> web.Response:
    """Enter settings; they are a draft."""
    tenant, group = await tenant_of(request), request.match_info["group"]
    await tenant.settings.put(group, await read_json(request))
    return reply(request, await _settings(tenant, group))


async def save_settings(request: web.Request) -> web.Response:
    """保存设置."""
    tenant = await tenant_of(request)
    return reply(request, {"saved": await tenant.settings.save()})


async def discard_settings(request: web.Request) -> web.Response:
    """Forget what is entered and not saved."""
    tenant = await tenant_of(request)
    return reply(request, {"discarded": await tenant.settings.discard()})


async def get_notifications(request: web.Request) -> web.Response:
    """The matrix."""
    only_known(request)
    return await _matrix(request, await tenant_of(request))


async def put_notifications(request: web.Request) -> web.Response:
    """Switch events; in force at once."""
    tenant = await tenant_of(request)
    await tenant.notices.put(await read_json(request))
    return await _matrix(request, tenant)


async def _settings(tenant: Tenant, group: str) -> dict[str, Any]:
    saved, draft = await tenant.settings.saved(group), await tenant.settings.draft(group)
    whole = {
        "group": group,
        "saved": _masked(saved),
        "draft": None if draft is None else _masked(draft),
    }
    if isinstance(saved, Sms):
        whole["secrets"] = {"reseller.api_key": bool(saved.reseller.api_key)}
    return whole


def _masked(group: Group) -> dict[str, Any]:
    """接口密钥 is never shown: put back as it was shown, it stays what it is."""
    shown: dict[str, Any] = msgspec.to_builtins(group)
    if isinstance(group, Sms):
        shown["reseller"]["api_key"] = ""
    return shown


async def _matrix(request: web.Request, tenant: Tenant) -> web.Response:
    rows = await tenant.notices.rows()
    return reply(request, {"notifications": {row.event.id: _row(row) for row in rows}})


def _row(row: Row) -> dict[str, Any]:
    channels = {channel: row.channels[channel] for channel in CHANNELS}
    return {
        "name": row.event.name, "row": row.row, **channels,
        "locked": row.locked, "templates": row.templates,
    }  # fmt: skip
