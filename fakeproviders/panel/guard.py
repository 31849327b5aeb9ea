"""Who may use the panel's server: no web page of another origin, no one without the token."""

import hmac

from aiohttp import web

from fakeproviders.failures import Words
from fakeproviders.net import foreign, is_loopback
from fakeproviders.panel.api.logs import take_callback
from fakeproviders.panel.declined import FORBIDDEN, UNAUTHORISED, Declined
from fakeproviders.panel.pages.handlers import static

COOKIE = "panel_token"
_OPEN = frozenset({take_callback, static.show})
"""Providers prove what they say; what pages load is no secret."""
_NEEDS_TOKEN = Words(
    zh="需要令牌：Authorization: Bearer <令牌>，或在地址后加 ?token=<令牌> 打开一次；启动时已打印或由 --token 给出",
    en="a token is needed: Authorization: Bearer <token>, or open the address with ?token=<token> once; "
    "it was printed at the start or given by --token",
)


class Guard:
    """The guard of a server that listens on ``bound_to``: on loopback it asks for no token."""

    def __init__(self, token: str | None, bound_to: str) -> None:
        self._only_local_names = is_loopback(bound_to)
        self._token = None if self._only_local_names else token

    def entered(self, request: web.Request) -> web.Response | None:
        """None to let pass; a person who brings the token in the address gets it as a cookie. Raises Declined."""
        why = foreign(request.headers, request.scheme, only_local_names=self._only_local_names)
        if why is not None:
            raise Declined(why, status=FORBIDDEN)
        if self._token is None or request.match_info.handler in _OPEN:
            return None
        if self._is_token(request.query.get("token", "")):
            answer = web.Response(status=303, headers={"Location": request.path})
            answer.set_cookie(COOKIE, self._token, httponly=True, samesite="Strict", path="/")
            return answer
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not self._is_token(given or request.cookies.get(COOKIE, "")):
            raise Declined(_NEEDS_TOKEN, status=UNAUTHORISED)
        return None

    def _is_token(self, given: str) -> bool:
        expected = self._token or ""
        return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), expected.encode())
