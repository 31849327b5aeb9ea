"""The members' side, from outside: register and log in, each with a code by SMS."""

from aiohttp import web

from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit
from fakeproviders.panel.declined import Declined, unusable
from fakeproviders.panel.pages.form import Form
from fakeproviders.panel.pages.membership import (
    CODE,
    answer_in,
    challenge_of,
    code_sent,
    log_in,
    log_out,
    token_of,
)
from fakeproviders.panel.pages.menu import ACCOUNT, LOGIN, REGISTER, Place
from fakeproviders.panel.pages.page import Page
from fakeproviders.panel.pages.serving import PageHandler
from fakeproviders.panel.pages.told import Told, refusal

_REGISTERED = Words(
    zh="注册成功，请用短信验证码登录", en="You are registered: log in with an SMS code"
)
_LOGGED_IN = Words(zh="登录成功", en="You are logged in")
_LOGGED_OUT = Words(zh="已退出登录", en="You are logged out")
_NOT_THE_SAME = Words(zh="两次输入的密码不一致", en="The two passwords are not the same")
_EVENTS = {REGISTER: "register", LOGIN: "login"}
_KEPT = ("mobile", "email")


def show(place: Place) -> PageHandler:
    """The handler that shows the form."""

    async def handle(page: Page) -> web.StreamResponse:
        event = _EVENTS[place]
        return await page.show(f"members/{event}.html", place, challenge=await challenge_of(page))

    return handle


def send_code(place: Place) -> PageHandler:
    """The handler of the form's code button."""

    async def handle(page: Page) -> web.StreamResponse:
        form = await page.form()
        values = form.kept(*_KEPT)
        try:
            await page.tenant.codes.send(
                _EVENTS[place], form.mobile(), page.ip, captcha=answer_in(form)
            )
        except Declined as declined:
            return page.back(place.path, refusal(declined, place=CODE, values=values))
        return page.back(place.path, code_sent(values))

    return handle


async def register(page: Page) -> web.StreamResponse:
    """Make the member."""
    form = await page.form()
    try:
        await _register(page, form)
    except Declined as declined:
        return page.back(REGISTER.path, refusal(declined, values=form.kept(*_KEPT)))
    told = Told(kind="good", words=_REGISTERED, values=form.kept("mobile"))
    return page.back(LOGIN.path, told)


async def _register(page: Page, form: Form) -> None:
    password = form.secret("password")
    if password != form.secret("password_again"):
        raise unusable(Misfit("password_again", _NOT_THE_SAME))
    await page.tenant.members.register(form.mobile(), password, form.text("code"), form.email())


async def login(page: Page) -> web.StreamResponse:
    """Log in by code."""
    form = await page.form()
    try:
        token = await page.tenant.members.login(form.mobile(), form.text("code"))
    except Declined as declined:
        return page.back(LOGIN.path, refusal(declined, values=form.kept("mobile")))
    return log_in(page, page.back(ACCOUNT.path, Told(kind="good", words=_LOGGED_IN)), token)


async def logout(page: Page) -> web.StreamResponse:
    """Log out."""
    if token := token_of(page):
        await page.tenant.members.logout(token)
    return log_out(page, page.back(LOGIN.path, Told(kind="good", words=_LOGGED_OUT)))
