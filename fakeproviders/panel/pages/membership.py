"""Who is logged in on the members' side, and what its forms share: codes and the captcha before them."""

from aiohttp import web

from fakeproviders.failures import Words
from fakeproviders.panel.captcha import WIDTH, Answer, Challenge
from fakeproviders.panel.members import Member
from fakeproviders.panel.pages.form import Form
from fakeproviders.panel.pages.page import Page
from fakeproviders.panel.pages.told import Told

CODE = "send-code"
"""The form's part that asks for a code: where messages about it stand."""

_CODE_SENT = Words(
    zh="验证码已发送，请到收件箱查看，再填入下面",
    en="The code has been sent: read it in the inbox and enter it below",
)
_BY_MAIL = Words(
    zh="邮件在后台的【发件箱】里", en="The mail is in the outbox of the administration"
)


async def member_of(page: Page) -> Member | None:
    """Who is logged in; None is nobody."""
    token = token_of(page)
    return await page.tenant.members.of_token(token) if token else None


def token_of(page: Page) -> str:
    """The login's token; empty without one."""
    return page.request.cookies.get(_cookie(page), "")


def log_in(page: Page, response: web.Response, token: str) -> web.Response:
    """Leave the login's cookie, for this panel alone."""
    response.set_cookie(_cookie(page), token, path=_path(page), httponly=True, samesite="Lax")
    return response


def log_out(page: Page, response: web.Response) -> web.Response:
    """Take it away."""
    response.del_cookie(_cookie(page), path=_path(page))
    return response


async def challenge_of(page: Page) -> Challenge | None:
    """A fresh challenge; None when the behaviour captcha is off."""
    settings = await page.tenant.settings.all_saved()
    return await page.tenant.captcha.challenge() if settings.captcha.enabled else None


def answer_in(form: Form) -> Answer | None:
    """The slider's position; None where the form had no challenge."""
    if not form.text("captcha.id"):
        return None
    position = form.text("captcha.position")
    is_pixels = position.isdecimal() and len(position) <= len(str(WIDTH))
    return Answer(form.text("captcha.id"), int(position) if is_pixels else -1)


def code_sent(values: dict[str, str], *, mail: bool = False) -> Told:
    """A code is on its way."""
    more = (_BY_MAIL,) if mail else ()
    return Told(kind="good", words=_CODE_SENT, more=more, place=CODE, values=values)


def _cookie(page: Page) -> str:
    return f"member-{page.tenant.id}"


def _path(page: Page) -> str:
    return page.tenant.prefix or "/"
