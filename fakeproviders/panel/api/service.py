"""The panel as an installation: its cache, its clock, a fresh start."""

import msgspec
from aiohttp import web

from fakeproviders.panel.asking import only_known, read_body, reply
from fakeproviders.panel.installation import Given
from fakeproviders.panel.tenants import TENANTS, tenant_of


async def get_cache(request: web.Request) -> web.Response:
    """Whether there is a cached token."""
    only_known(request)
    cached = await (await tenant_of(request)).tokens.cached()
    if cached is None:
        return reply(request, {"token": False, "fetched_at": None, "expires_at": None})
    return reply(request, {"token": True, **msgspec.structs.asdict(cached)})


async def clear_cache(request: web.Request) -> web.Response:
    """功能设置-清除缓存."""
    tenant = await tenant_of(request)
    return reply(request, {"cleared": await tenant.tokens.clear()})


async def get_time(request: web.Request) -> web.Response:
    """What the panel's clock shows, and what it should."""
    only_known(request)
    tenant = await tenant_of(request)
    setting = (await tenant.settings.all_saved()).time
    now, beijing = tenant.clock.shown(setting), await tenant.clock.beijing()
    return reply(request, {"now": now, "beijing": beijing, **msgspec.structs.asdict(setting)})


async def reset(request: web.Request) -> web.Response:
    """A fresh installation, with what is given in force."""
    tenant, given = await tenant_of(request), await read_body(request, Given)
    await request.app[TENANTS].reset(tenant.id, given)
    return reply(request, {"reset": True})
