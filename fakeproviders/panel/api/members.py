"""Members."""

from aiohttp import web

from fakeproviders.panel.asking import only_known, read_body, reply
from fakeproviders.panel.bodies import NewLogin, NewMember, NewMobile, OldLogin
from fakeproviders.panel.tenants import tenant_of


async def get_members(request: web.Request) -> web.Response:
    """All members."""
    only_known(request)
    return reply(request, {"members": await (await tenant_of(request)).members.all()})


async def register(request: web.Request) -> web.Response:
    """A new member."""
    tenant, body = await tenant_of(request), await read_body(request, NewMember)
    member = await tenant.members.register(body.mobile, body.password, body.code, body.email)
    return reply(request, {"member": member}, 201)


async def login(request: web.Request) -> web.Response:
    """Log in by code."""
    tenant, body = await tenant_of(request), await read_body(request, NewLogin)
    token = await tenant.members.login(body.mobile, body.code)
    return reply(request, {"token": token, "member": await tenant.members.of_token(token)})


async def logout(request: web.Request) -> web.Response:
    """Log out."""
    tenant, body = await tenant_of(request), await read_body(request, OldLogin)
    await tenant.members.logout(body.token)
    return reply(request, {"logged_out": True})


async def change_mobile(request: web.Request) -> web.Response:
    """Bind another mobile."""
    tenant, body = await tenant_of(request), await read_body(request, NewMobile)
    member = await tenant.members.change_mobile(body.token, body.mobile, body.code)
    return reply(request, {"member": member})
