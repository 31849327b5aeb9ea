"""From a route's request to a page's handler: the language is found, and what goes wrong is a page too."""

from collections.abc import Awaitable, Callable
from functools import wraps

from aiohttp import web

from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit
from fakeproviders.panel.asking import language_of
from fakeproviders.panel.declined import UNAUTHORISED, Declined
from fakeproviders.panel.pages import language
from fakeproviders.panel.pages.menu import HOME
from fakeproviders.panel.pages.page import Page, html
from fakeproviders.panel.pages.rendering import render, texts
from fakeproviders.panel.route import Handler
from fakeproviders.panel.tenants import tenant_of

PageHandler = Callable[[Page], Awaitable[web.StreamResponse]]
_TOO_LARGE = Words(zh="表单太大", en="The form is too large")
_NO_SUCH_PAGE = Words(
    zh="没有这个页面：地址有误，或页面已经移走",
    en="There is no such page: the address is wrong, or the page has moved",
)


def page(handler: PageHandler) -> Handler:
    """A route's handler."""

    @wraps(handler)
    async def handle(request: web.Request) -> web.StreamResponse:
        lang = language_of(request)
        try:
            tenant = await tenant_of(request)
        except Declined as declined:
            return outside(request, declined)
        response = await _answer(handler, Page(request, tenant, lang))
        language.remember(request, response)
        return response

    return handle


async def not_found(page: Page) -> web.StreamResponse:
    """For addresses below the pages' own that lead to none."""
    return await _problem(page, _NO_SUCH_PAGE, 404)


async def _answer(handler: PageHandler, page: Page) -> web.StreamResponse:
    try:
        return await handler(page)
    except Declined as declined:
        return await _problem(page, declined.words, declined.status)
    except Misfit as misfit:
        return await _problem(page, misfit.whole, 422)
    except web.HTTPRequestEntityTooLarge as error:
        return await _problem(page, _TOO_LARGE, error.status)


async def _problem(page: Page, words: Words, status: int) -> web.Response:
    return await page.show("problem.html", HOME, status=status, words=words)


def outside(request: web.BaseRequest, declined: Declined) -> web.Response:
    """A refusal that is no panel's: its page stands alone. Who lacks the token can enter it there."""
    lang = language_of(request)
    context = {
        "html_lang": language.TAG[lang],
        "t": texts(lang),
        "words": declined.words[lang],
        "asks_token": declined.status == UNAUTHORISED,
        "here": request.path,
    }
    return html(render("outside.html", context), declined.status)
