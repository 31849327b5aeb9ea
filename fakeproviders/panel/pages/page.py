"""One request of a page: whose panel, which language, and the ways to answer it."""

from collections.abc import Mapping
from urllib.parse import urlencode

from aiohttp import web

from fakeproviders.panel.pages import language
from fakeproviders.panel.pages.drafts import unsaved
from fakeproviders.panel.pages.form import Form
from fakeproviders.panel.pages.menu import MENU, Place, full_name, group_of
from fakeproviders.panel.pages.remedies import mended_at, origin_of
from fakeproviders.panel.pages.rendering import entry_of, render, texts
from fakeproviders.panel.pages.told import BOARD, QUERY, Board, Told
from fakeproviders.panel.tenants import DEFAULT, Tenant

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def html(text: str, status: int = 200) -> web.Response:
    """A page's response: nothing from elsewhere may run in it or frame it."""
    return web.Response(text=text, status=status, content_type="text/html", headers=_HEADERS)


class Page:
    """What a handler of a page gets."""

    def __init__(self, request: web.Request, tenant: Tenant, lang: str) -> None:
        self.request = request
        self.tenant = tenant
        self.lang = lang

    @property
    def query(self) -> Mapping[str, str]:
        """The address's parameters."""
        return self.request.query

    @property
    def told(self) -> Told | None:
        """What the redirect that led here has to say."""
        return self._board.find(self.tenant.id, self.query.get(QUERY, ""))

    @property
    def ip(self) -> str:
        """Who asks."""
        return self.request.remote or ""

    async def form(self) -> Form:
        """The form that was sent. Raises Misfit when the body is none."""
        return await Form.of(self.request)

    def url(self, path: str, fragment: str = "", **query: str) -> str:
        """The address of a page of this panel."""
        asked = f"?{urlencode(query)}" if query else ""
        return f"{self.tenant.prefix}{path}{asked}" + (f"#{fragment}" if fragment else "")

    def back(self, path: str, told: Told | None = None, **query: str) -> web.Response:
        """To a page, after a form was sent; ``told`` is shown there."""
        if told is not None:
            query[QUERY] = self._board.keep(self.tenant.id, told)
        where = self.url(path, told.place if told else "", **query)
        return web.Response(status=303, headers={"Location": where})

    async def show(
        self, template: str, place: Place, *, status: int = 200, **context: object
    ) -> web.Response:
        """A page. ``context`` is what the template needs beside the frame's."""
        whole = await self._frame(place) | context
        return html(render(template, whole), status)

    async def _frame(self, place: Place) -> dict[str, object]:
        t = texts(self.lang)
        other = language.other(self.lang)
        return {
            "lang": self.lang,
            "html_lang": language.TAG[self.lang],
            "other_html_lang": language.TAG[other],
            "other_language": language.NAME[other],
            "switch": self._in(other, place),
            "t": t,
            "url": self.url,
            "session_id": self.tenant.id,
            "menu": MENU,
            "place": place,
            "group": group_of(place),
            "told": self.told,
            "drafts": await unsaved(self.tenant),
            "entry_of": entry_of,
            "mended_at": mended_at,
            "full_name": lambda place: full_name(place)[self.lang],
            "inbox_command": _inbox_command(self.tenant.id),
            "origin_of": lambda entry: origin_of(entry)[self.lang],
        }

    def _in(self, lang: str, place: Place) -> str:
        """This page in another language; after a form that was wrong, the page that it is on."""
        if self.request.method != "GET":
            return self.url(place.path, lang=lang)
        return str(self.request.rel_url.update_query({language.QUERY: lang}))

    @property
    def _board(self) -> Board:
        return self.request.app[BOARD]


def _inbox_command(session_id: str) -> str:
    """What shows the SMS of a session as they come."""
    command = "fakeproviders inbox --follow"
    return command if session_id == DEFAULT else f"{command} --session {session_id}"
