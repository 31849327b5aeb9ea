"""The members' side, from inside: the account, another phone, an operation protected by a code."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from fakeproviders.failures import Words
from fakeproviders.panel.declined import Declined
from fakeproviders.panel.events import EVENTS
from fakeproviders.panel.members import Member
from fakeproviders.panel.pages.membership import (
    CODE,
    answer_in,
    challenge_of,
    code_sent,
    log_out,
    member_of,
    token_of,
)
from fakeproviders.panel.pages.menu import ACCOUNT, LOGIN, OPERATION, PHONE
from fakeproviders.panel.pages.page import Page
from fakeproviders.panel.pages.serving import PageHandler
from fakeproviders.panel.pages.told import Told, refusal

_LOG_IN_FIRST = Words(zh="请先登录", en="Log in first")
_PHONE_CHANGED = Words(zh="绑定手机已修改", en="The phone number has been changed")
_DONE = Words(zh="验证通过，操作已执行", en="The code is right: the operation has been done")
_NOT_PROTECTED = frozenset({"register", "login", "change_mobile_code", "admin_login_code"})
_OPERATIONS = {
    event.id: event.label
    for event in EVENTS.values()
    if event.is_code and event.id not in _NOT_PROTECTED
}
"""What a member can do that asks for a code; 操作保护 first."""
_FIRST = "operation_code"
_Inside = Callable[[Page, Member], Awaitable[web.StreamResponse]]


def members_only(handler: _Inside) -> PageHandler:
    """A handler for who is logged in; others are sent to log in."""

    async def handle(page: Page) -> web.StreamResponse:
        member = await member_of(page)
        if member is not None:
            return await handler(page, member)
        return log_out(page, page.back(LOGIN.path, Told(kind="warn", words=_LOG_IN_FIRST)))

    return handle


async def show(page: Page, member: Member) -> web.StreamResponse:
    """The account."""
    return await page.show("members/account.html", ACCOUNT, member=member)


async def phone(page: Page, member: Member) -> web.StreamResponse:
    """The form for another phone."""
    return await page.show(
        "members/phone.html", PHONE, member=member, challenge=await challenge_of(page)
    )


async def phone_code(page: Page, member: Member) -> web.StreamResponse:
    """Send the code to the new phone."""
    del member
    form = await page.form()
    values = form.kept("mobile")
    try:
        await page.tenant.codes.send(
            "change_mobile_code", form.mobile(), page.ip, captcha=answer_in(form)
        )
    except Declined as declined:
        return page.back(PHONE.path, refusal(declined, place=CODE, values=values))
    return page.back(PHONE.path, code_sent(values))


async def change_phone(page: Page, member: Member) -> web.StreamResponse:
    """Change it."""
    del member
    form = await page.form()
    try:
        await page.tenant.members.change_mobile(token_of(page), form.mobile(), form.text("code"))
    except Declined as declined:
        return page.back(PHONE.path, refusal(declined, values=form.kept("mobile")))
    return page.back(ACCOUNT.path, Told(kind="good", words=_PHONE_CHANGED))


async def operation(page: Page, member: Member) -> web.StreamResponse:
    """The form for a protected operation."""
    return await page.show(
        "members/operation.html",
        OPERATION,
        member=member,
        operations=_OPERATIONS,
        first=_FIRST,
        challenge=await challenge_of(page),
    )


async def begin(page: Page, member: Member) -> web.StreamResponse:
    """Send the operation's code to the member."""
    form = await page.form()
    values = form.kept("event")
    try:
        sent = await page.tenant.codes.send(
            form.text("event"), member.mobile, page.ip, captcha=answer_in(form)
        )
    except Declined as declined:
        return page.back(OPERATION.path, refusal(declined, place=CODE, values=values))
    return page.back(OPERATION.path, code_sent(values, mail=sent.mail))


async def perform(page: Page, member: Member) -> web.StreamResponse:
    """Do it, with the code."""
    form = await page.form()
    try:
        await page.tenant.codes.use(form.text("event"), member.mobile, form.text("code"))
    except Declined as declined:
        return page.back(OPERATION.path, refusal(declined, values=form.kept("event")))
    return page.back(OPERATION.path, Told(kind="good", words=_DONE, values=form.kept("event")))
