"""The shapes of request bodies and query parameters, and how they are read."""

from collections.abc import Iterable
from typing import Annotated, Any, TypeVar

import msgspec
from aiohttp import web

from fakeproviders.broken_body import BROKEN_OFF, NO_BODY, give_up
from fakeproviders.clock import ClockState
from fakeproviders.control.problems import FieldError, Problem, bad_field, unusable
from fakeproviders.domain.content import is_mobile
from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit, located, told

T = TypeVar("T")
MAX_WAIT, MAX_LIMIT, DEFAULT_LIMIT = 60.0, 10_000, 100


class NewSession(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """``POST /sessions``: all optional. ``ttl_seconds`` counts from the last use."""

    name: Annotated[str, msgspec.Meta(max_length=100)] = ""
    seed: Annotated[int, msgspec.Meta(ge=0, lt=1 << 53)] | None = None
    clock: ClockState | None = None
    ttl_seconds: Annotated[float, msgspec.Meta(gt=0)] | None = None
    dedicated_ports: bool = False
    """Listeners of its own, which the fault ``refuse`` can take down."""
    providers: dict[str, dict[str, Any]] = {}


class Advance(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """``POST /clock/advance``: by ``seconds``, or ``to`` a moment (RFC 3339)."""

    seconds: Annotated[float, msgspec.Meta(ge=0, le=10 * 366 * 86400)] | None = None
    to: str | None = None

    def __post_init__(self) -> None:
        if (self.seconds is None) == (self.to is None):
            raise Misfit(
                "",
                Words(zh="seconds 和 to 必须给且只给一个", en="give exactly one of seconds and to"),
            )


class NewStatus(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """``POST /messages/{message}/status``."""

    status: str
    error: str = ""

    def __post_init__(self) -> None:
        known = ("submitted", "delivered", "undelivered")
        if self.status not in known:
            words = Words(
                zh=f"必须是 {'、'.join(known)} 之一", en=f"must be one of {', '.join(known)}"
            )
            raise Misfit("status", words)


class NewReply(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """``POST /replies``: what a person at this mobile answers to a provider."""

    mobile: str
    content: Annotated[str, msgspec.Meta(max_length=10_000)]
    provider: str = "erban"

    def __post_init__(self) -> None:
        if not is_mobile(self.mobile):
            words = Words(
                zh=f"{self.mobile!r} 不是大陆手机号：应为 13 到 19 开头的 11 位数字",
                en=f"{self.mobile!r} is no mainland mobile: 11 digits from 13 to 19",
            )
            raise Misfit("mobile", words)
        if not self.content:
            raise Misfit("content", Words(zh="不能为空", en="must not be empty"))


async def read_json(request: web.Request) -> Any:
    """The body's JSON value; {} for no body. Raises Problem."""
    try:
        body = await request.read()
    except BROKEN_OFF:
        give_up(request)
        raise Problem(400, NO_BODY) from None
    if not body:
        return {}
    if request.content_type != "application/json" and not request.content_type.endswith("+json"):
        raise Problem(
            415,
            Words(
                zh=f"请求体必须是 JSON，并带 Content-Type: application/json（收到 {request.content_type}）",
                en=f"the body must be JSON with Content-Type: application/json, not {request.content_type}",
            ),
        )
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        why = told(error)
        words = Words(zh=f"请求体不是合法的 JSON：{why.zh}", en=f"the body is not JSON: {why.en}")
        raise Problem(400, words) from None


async def read_body(request: web.Request, shape: type[T]) -> T:
    """The body as a shape. Raises Problem naming the field that does not fit."""
    value = await read_json(request)
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        raise unusable(located(error, shape)) from None


class Page(msgspec.Struct, frozen=True):
    """The query parameters of lists: ``limit``, ``cursor`` and ``wait`` (real seconds)."""

    limit: int
    cursor: int | None
    wait: float
    limited: bool = True
    """Whether a limit was asked for."""


def read_page(request: web.Request, *allowed: str) -> Page:
    """Paging parameters; others than these and ``allowed`` are errors. Raises Problem."""
    only_known(request, "limit", "cursor", "wait", *allowed)
    limit = _number(request, "limit", 1, MAX_LIMIT)
    cursor = _number(request, "cursor", 0, 1 << 62)
    wait = _number(request, "wait", 0, MAX_WAIT)
    return Page(
        limit=DEFAULT_LIMIT if limit is None else int(limit),
        cursor=None if cursor is None else int(cursor),
        wait=wait or 0.0,
        limited=limit is not None,
    )


def only_known(request: web.Request, *allowed: str) -> None:
    """Raises Problem for a query parameter that this call does not know."""
    for name in request.query:
        if name not in allowed and name != "lang":
            raise Problem(
                422,
                Words(
                    zh=f"未知的查询参数 {name}；可用的有：{'、'.join(allowed) or '无'}",
                    en=f"unknown query parameter {name}; known are: {', '.join(allowed) or 'none'}",
                ),
                FieldError(name, Words(zh="未知的查询参数", en="unknown query parameter")),
            )


def only_values(request: web.Request, **known: Iterable[str]) -> None:
    """Raises Problem for a filter that no row can ever pass: a typo must not read as "nothing there"."""
    for name, values in known.items():
        given = request.query.get(name)
        if given is not None and given not in values:
            words = Words(
                zh=f"{given!r} 不在其中：{'、'.join(values)}",
                en=f"{given!r} is none of {', '.join(values)}",
            )
            raise bad_field(name, words)


def _number(request: web.Request, name: str, low: float, high: float) -> float | None:
    text = request.query.get(name)
    if text is None:
        return None
    try:
        value = float(text) if name == "wait" else int(text[:20])
    except ValueError:
        raise bad_field(name, Words(zh="必须是数字", en="must be a number")) from None
    if not low <= value <= high:
        words = Words(
            zh=f"必须在 {low:g} 到 {high:g} 之间", en=f"must be between {low:g} and {high:g}"
        )
        raise bad_field(name, words)
    return value
