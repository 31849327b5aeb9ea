"""A request to the panel: its language, its JSON; and the answer's."""

from datetime import datetime
from typing import Any, TypeVar

import msgspec
from aiohttp import web

from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit, located, told
from fakeproviders.net import asked_language
from fakeproviders.panel.declined import UNUSABLE, Declined, unusable

T = TypeVar("T")
LANGUAGES = ("zh", "en")
NO_JSON, BAD_BODY = 415, 400
MOST_ROWS, USUAL_ROWS = 1000, 100


def language_of(request: web.BaseRequest) -> str:
    """``zh`` or ``en``: ``?lang=``, else the cookie ``lang``, else Accept-Language, else Chinese."""
    for asked in (request.query.get("lang"), request.cookies.get("lang")):
        if asked in LANGUAGES:
            return str(asked)
    return asked_language(request.headers.get("Accept-Language", ""), "zh")


async def read_json(request: web.Request) -> dict[str, Any]:
    """The body, a JSON object; {} for no body. Raises Declined."""
    body = await request.read()
    if not body:
        return {}
    if request.content_type != "application/json":
        words = Words(
            zh="请求体必须是 JSON，并带 Content-Type: application/json",
            en="the body must be JSON with Content-Type: application/json",
        )
        raise Declined(words, status=NO_JSON)
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        why = told(error)
        words = Words(zh=f"请求体不是合法的 JSON：{why.zh}", en=f"the body is not JSON: {why.en}")
        raise Declined(words, status=BAD_BODY) from None
    if not isinstance(value, dict):
        raise unusable(Misfit("", Words(zh="必须是 JSON 对象", en="must be an object")))
    return value


async def read_body(request: web.Request, shape: type[T]) -> T:
    """The body as a shape. Raises Declined naming the field that does not fit."""
    return fitted(await read_json(request), shape)


def fitted(value: Any, shape: type[T]) -> T:
    """A JSON value as a shape. Raises Declined naming the field that does not fit."""
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        raise unusable(located(error, shape)) from None


def limit_of(request: web.Request) -> int:
    """``?limit=``. Raises Declined."""
    text = request.query.get("limit", str(USUAL_ROWS))
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if 1 <= number <= MOST_ROWS:
        return number
    words = Words(zh=f"应为 1 到 {MOST_ROWS} 的整数", en=f"must be a number from 1 to {MOST_ROWS}")
    raise unusable(Misfit("limit", words))


def only_known(request: web.Request, *allowed: str) -> None:
    """Raises Declined for a query parameter that this call does not know."""
    for name in request.query:
        if name not in (*allowed, "lang"):
            raise unusable(Misfit(name, Words(zh="未知的查询参数", en="unknown query parameter")))


def reply(request: web.BaseRequest, value: object, status: int = 200) -> web.Response:
    """A JSON answer; what is there in both languages is told in the request's."""
    body = msgspec.json.encode(shown(value, language_of(request)))
    return web.Response(status=status, body=body, content_type="application/json")


def refusal(request: web.BaseRequest, declined: Declined) -> web.Response:
    """The answer for a refusal."""
    whole: dict[str, Any] = {"error": declined.words, "failure": declined.failure}
    if declined.status == UNUSABLE:
        whole["errors"] = [{"field": f.field, "message": f.words} for f in declined.fields]
    return reply(request, whole, declined.status)


def shown(value: Any, lang: str) -> Any:
    """A value as JSON has it, in one language."""
    if isinstance(value, Words):
        return value[lang]
    if isinstance(value, msgspec.Struct):
        value = {name: getattr(value, name) for name in value.__struct_fields__}
    if isinstance(value, dict):
        return {name: shown(part, lang) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [shown(part, lang) for part in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    return value
