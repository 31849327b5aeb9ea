"""Problem documents (RFC 9457): every error of the control API, in Chinese or English."""

import msgspec
from aiohttp import web

from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit
from fakeproviders.net import asked_language
from fakeproviders.pages import reason_phrase

MEDIA_TYPE = "application/problem+json"


class FieldError(msgspec.Struct, frozen=True):
    """One field that is wrong: its path, and what is wrong with it."""

    field: str
    message: Words


class Problem(Exception):
    """Raised by a handler; becomes the reply."""

    def __init__(
        self,
        status: int,
        detail: Words,
        *fields: FieldError,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail.en)
        self.status = status
        self.detail = detail
        self.fields = fields
        self.headers = headers or {}

    def document(self, lang: str) -> dict[str, object]:
        """The document."""
        whole: dict[str, object] = {
            "type": "about:blank",
            "title": reason_phrase(self.status),
            "status": self.status,
            "detail": self.detail[lang],
        }
        if self.fields:
            whole["errors"] = [
                {"field": error.field, "message": error.message[lang]} for error in self.fields
            ]
        return whole


def problem_response(problem: Problem, lang: str) -> web.Response:
    """The reply for a problem."""
    return web.Response(
        status=problem.status,
        body=msgspec.json.encode(problem.document(lang)),
        content_type=MEDIA_TYPE,
        headers=problem.headers,
    )


def bad_field(field: str, words: Words) -> Problem:
    """422: the body is JSON, and one field of it cannot be used."""
    name = field or "body"
    return Problem(
        422,
        Words(zh=f"字段 {name} 有误：{words.zh}", en=f"{name}: {words.en}"),
        FieldError(name, words),
    )


def unusable(misfit: Misfit) -> Problem:
    """422, for what was found out about the body."""
    return bad_field(misfit.field, misfit.words)


def not_found(what: Words) -> Problem:
    """404: there is no such thing."""
    return Problem(404, what)


def language_of(request: web.BaseRequest) -> str:
    """``zh`` or ``en``: ``?lang=``, else the first of them in Accept-Language, else English."""
    asked = request.query.get("lang", "")
    if asked in {"zh", "en"}:
        return asked
    return asked_language(request.headers.get("Accept-Language", ""), "en")
