"""HTTP requests to a system as a target file has them, and what its replies say."""

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp
import msgspec

from fakeproviders.failures import Words
from fakeproviders.scenario.mistakes import quoted
from fakeproviders.scenario.results import Seen
from fakeproviders.scenario.targets.base import TargetError, Values
from fakeproviders.scenario.targets.find import Answered
from fakeproviders.scenario.targets.shapes import Doing, Exchange, Reply, Request, TargetFile
from fakeproviders.scenario.variables import BadTemplate, filled
from fakeproviders.system_errors import why

MAX_BODY = 4 << 20
"""Bytes of a reply."""


class Conversation:
    """Requests to one system, and what is kept from their replies."""

    def __init__(
        self, file: TargetFile, http: aiohttp.ClientSession, base: str, context: Values
    ) -> None:
        self._file = file
        self._http = http
        self._base = base.rstrip("/")
        self._kept: Values = {}
        self._context = {**context, "kept": self._kept}

    async def knock(self) -> None:
        """Any answer will do. Raises TargetError."""
        await self._send(Request(method="GET", path="/"), {})

    async def hold(self, doing: Doing, context: Values) -> Seen:
        """One exchange after the other, up to the first that is refused; what the last one says."""
        seen = Seen(succeeded=True)
        whole = {**self._context, **context}
        for exchange in exchanges_of(doing):
            for bound in _repetitions(exchange, whole):
                seen = await self._exchange(exchange, {**whole, **bound})
                if not seen.succeeded:
                    return seen
        return seen

    async def _exchange(self, exchange: Exchange, context: Values) -> Seen:
        answered = await self._send(exchange.request, context)
        for name, wanted in exchange.keep.items():
            self._kept[name] = answered.find(wanted)
        return _seen(answered, exchange.reply)

    async def _send(self, request: Request, context: Values) -> Answered:
        url = self._base + str(filled_in(request.path, context))
        headers = filled_in({**self._file.headers, **request.headers}, context)
        content: Values = {"params": _texts(filled_in(request.query, context))}
        if request.json is not msgspec.UNSET:
            content["json"] = filled_in(request.json, context)
        elif request.form is not None:
            content["data"] = _texts(filled_in(request.form, context))
        try:
            async with asyncio.timeout(self._file.timeout):
                return await self._answer(request.method, url, headers=_texts(headers), **content)
        except TimeoutError:
            raise TargetError(_no_reply(request.method, url, self._file.timeout)) from None
        except aiohttp.ClientConnectorError as error:
            raise TargetError(_unreachable(url, why(error.os_error))) from None
        except (aiohttp.ClientError, ValueError) as error:
            raise TargetError(_broken(request.method, url, error)) from None

    async def _answer(self, method: str, url: str, **content: Any) -> Answered:
        async with self._http.request(method, url, **content) as reply:
            body = bytearray()
            async for part in reply.content.iter_any():
                body += part
                if len(body) > MAX_BODY:
                    raise TargetError(_too_much(method, url))
            return Answered(reply.status, reply.headers, _decoded(body, reply.charset))


def exchanges_of(doing: Doing) -> tuple[Exchange, ...]:
    """An action's exchanges; none when there is nothing to do."""
    if doing is None:
        return ()
    return (doing,) if isinstance(doing, Exchange) else doing


def _repetitions(exchange: Exchange, context: Values) -> list[Values]:
    """What is bound in each repetition of an exchange; empty when it is not made at all."""
    if exchange.when is not None and not filled_in(exchange.when, context):
        return []
    if exchange.each is None:
        return [{}]
    items = filled_in(exchange.each, context)
    if not isinstance(items, Mapping):
        raise TargetError(
            Words(
                zh=f"目标文件的 each 应得到一个对象，而 {quoted(exchange.each)} 得到的是 {quoted(items)}",
                en=f"each of the target file must give an object, and {quoted(exchange.each)} "
                f"gives {quoted(items)}",
            )
        )
    return [{"key": key, "value": value} for key, value in items.items()]


def _seen(answered: Answered, reply: Reply) -> Seen:
    """What the user sees of a reply. A refusal without a text is shown by its status."""
    succeeded = answered.meets(reply.success)
    text = answered.first(reply.text)
    if text is None and not succeeded:
        text = f"HTTP {answered.status}"
    data = answered.find(reply.data) if reply.data is not None else None
    fields = {name: answered.find(wanted) for name, wanted in reply.fields.items()}
    failure = answered.find(reply.failure) if reply.failure is not None else None
    return Seen(
        succeeded=succeeded,
        text="" if text is None else str(text),
        failure=None if failure is None else str(failure),
        data={**(data if isinstance(data, dict) else {}), **fields},
    )


def filled_in(value: Any, context: Values) -> Any:
    """A value with its templates filled in. Raises TargetError."""
    try:
        return filled(value, context)
    except BadTemplate as error:
        words = error.words
        raise TargetError(
            Words(
                zh=f"目标文件的模板出错：{words.zh}",
                en=f"a template of the target file: {words.en}",
            )
        ) from None


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    """Values as forms and headers have them; null is left out."""
    return {name: _text(value) for name, value in values.items() if value is not None}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def client() -> aiohttp.ClientSession:
    """Connections and cookies of one's own."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


def _decoded(body: bytearray, charset: str | None) -> str:
    """A body as text, by its own word; a charset that there is not is UTF-8."""
    try:
        return body.decode(charset or "utf-8", "replace")
    except (LookupError, UnicodeError):
        return body.decode("utf-8", "replace")


def _too_much(method: str, url: str) -> Words:
    return Words(
        zh=f"{method} {url} 的响应超过 {MAX_BODY >> 20} MiB",
        en=f"the reply to {method} {url} is larger than {MAX_BODY >> 20} MiB",
    )


def _no_reply(method: str, url: str, seconds: float) -> Words:
    return Words(
        zh=f"{method} {url} 在 {seconds:g} 秒内没有响应（目标文件的 timeout）",
        en=f"{method} {url} gave no reply within {seconds:g} s (timeout in the target file)",
    )


def _unreachable(url: str, reason: Words) -> Words:
    return Words(
        zh=f"无法连接目标 {url}（{reason.zh}）：请确认它在运行，且 base_url 正确",
        en=f"cannot connect to the target at {url} ({reason.en}): is it running, and is base_url right?",
    )


def _broken(method: str, url: str, error: Exception) -> Words:
    why = str(error) or type(error).__name__
    return Words(
        zh=f"{method} {url} 没有得到完整的响应（`{why}`）",
        en=f"{method} {url} got no whole reply: {why}",
    )
