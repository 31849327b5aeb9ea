"""The switch between the languages: its link, and the cookie that it leaves."""

from typing import Final

from aiohttp import web

COOKIE = "lang"
QUERY = "lang"
_KEEP_SECONDS = 365 * 24 * 3600
TAG: Final = {"zh": "zh-CN", "en": "en"}
"""What the ``lang`` attribute says."""

NAME: Final = {"zh": "中文", "en": "English"}
"""Each in itself."""


def other(lang: str) -> str:
    """The language that the switch leads to."""
    return "en" if lang == "zh" else "zh"


def remember(request: web.BaseRequest, response: web.StreamResponse) -> None:
    """Leave the switch's cookie; what is not a language of ours is not kept."""
    given = request.query.get(QUERY, "")
    if given in TAG:
        response.set_cookie(COOKIE, given, max_age=_KEEP_SECONDS, path="/", samesite="Lax")
