"""A small control server: the routes that the commands use, over lists that a test fills."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, Self

from aiohttp import web

from tests.asyncs import let_others_run, listen, stop_listening

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Entry = dict[str, Any]


class Asked(NamedTuple):
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


def problem(status: int, detail: str, *errors: tuple[str, str]) -> web.Response:
    """An RFC 9457 document."""
    document: Entry = {"type": "about:blank", "title": "No", "status": status, "detail": detail}
    if errors:
        document["errors"] = [{"field": field, "message": message} for field, message in errors]
    return web.json_response(document, status=status, content_type="application/problem+json")


class FakeControl:
    """Serves in a thread of its own from ``with`` on; ``stop`` and ``start`` keep the port."""

    def __init__(self) -> None:
        self.port = 0
        self.asked: list[Asked] = []
        self.messages: list[Entry] = []
        self.letters: list[Entry] = []
        self.requests: list[Entry] = []
        self.faults: list[Entry] = []
        self.evicted = 0
        self.answer: Callable[[], web.StreamResponse] | None = None
        """Answers everything instead of the routes."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def start(self) -> None:
        ready = threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)))
        self.thread.start()
        assert ready.wait(10)

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.ended.set)
        self.thread.join(10)

    async def _serve(self, ready: threading.Event) -> None:
        self.loop = asyncio.get_running_loop()
        self.ended, self.released = asyncio.Event(), asyncio.Event()
        app = web.Application(middlewares=[self._record])
        prefix = "/api/v1/sessions/{session}"
        app.router.add_get(prefix + "/messages", self._list_messages)
        app.router.add_get(prefix + "/outbox", self._list_letters)
        app.router.add_get(prefix + "/requests", self._list_requests)
        app.router.add_get(prefix + "/requests/{id}", self._one_request)
        app.router.add_get(prefix + "/faults", self._list_faults)
        app.router.add_post(prefix + "/faults", self._add_fault)
        app.router.add_delete(prefix + "/faults", self._clear)
        app.router.add_delete(prefix + "/faults/{id}", self._clear)
        runner = web.AppRunner(app, shutdown_timeout=0.2)
        listener = await listen(runner, "127.0.0.1", self.port)
        self.port = listener.getsockname()[1]
        ready.set()
        await self.ended.wait()
        await stop_listening(
            runner, listener
        )  # before the long polls end: their callers are to find nobody
        self.released.set()
        await runner.cleanup()
        await let_others_run()  # the transports close

    @web.middleware
    async def _record(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        body = await request.json() if request.can_read_body else None
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Asked(
            request.method, request.raw_path.split("?")[0], dict(request.query), headers, body
        )
        self.asked.append(asked)
        return await handler(request) if self.answer is None else self.answer()

    async def _page(self, request: web.Request, key: str, entries: list[Entry]) -> web.Response:
        since = int(request.query.get("cursor", "0"))
        left = float(request.query.get("wait", "0"))
        while len(entries) <= since and left > 0 and not self.released.is_set():
            await asyncio.sleep(0.02)
            left -= 0.02
        fresh = entries[since:][-int(request.query.get("limit", "10000")) :]
        page = {key: fresh, "cursor": str(len(entries)), "evicted": self.evicted}
        return web.json_response(page)

    async def _list_messages(self, request: web.Request) -> web.Response:
        return await self._page(request, "messages", self.messages)

    async def _list_letters(self, request: web.Request) -> web.Response:
        return await self._page(request, "outbox", self.letters)

    async def _list_requests(self, request: web.Request) -> web.Response:
        return await self._page(request, "requests", self.requests)

    async def _one_request(self, request: web.Request) -> web.Response:
        wanted = request.match_info["id"]
        found = [entry for entry in self.requests if entry["id"] == wanted]
        return web.json_response(found[0]) if found else problem(404, f"no request {wanted}")

    async def _list_faults(self, request: web.Request) -> web.Response:
        return web.json_response({"faults": self.faults})

    async def _add_fault(self, request: web.Request) -> web.Response:
        rule = await request.json()
        if rule.get("do") == "nonsense":
            return problem(
                422, "the rule cannot be used", ("do", "no failure is called 'nonsense'")
            )
        made = {"id": f"f{len(self.faults) + 1}", "matched": 0, "fired": 0, **rule}
        self.faults.append(made)
        return web.json_response(made, status=201)

    async def _clear(self, request: web.Request) -> web.Response:
        wanted = request.match_info.get("id")
        if wanted and wanted not in {rule["id"] for rule in self.faults}:
            return problem(404, f"no fault rule {wanted}")
        self.faults = [rule for rule in self.faults if wanted and rule["id"] != wanted]
        return web.Response(status=204)


def a_message(number: int = 1, **changes: Any) -> Entry:
    """A message as the inbox gives it."""
    return {
        "id": f"m{number}", "provider": "official", "mobile": "13800138000", "code": "246810",
        "content": f"【云测】您的验证码是246810，5分钟内有效。第{number}条", "status": "delivered",
        "at": f"2026-03-01T09:30:{number % 60:02}.250+08:00", "segments": 1, "fee": 1,
    } | changes  # fmt: skip


def a_letter(number: int = 1, **changes: Any) -> Entry:
    """A letter as the outbox gives it."""
    return {
        "id": str(number), "kind": "mail", "event": "find_password_code", "recipient": "li@example.com",
        "title": "找回密码验证码", "content": f"您的验证码是135790，5分钟内有效。第{number}封", "code": "135790",
        "at": f"2026-03-01T09:31:{number % 60:02}.000+08:00",
    } | changes  # fmt: skip


def a_request(number: int = 1, **changes: Any) -> Entry:
    """A request as the journal lists it, with all its parts."""
    return {
        "id": f"r{number}", "at": f"2026-03-01T09:30:{number % 60:02}+08:00",
        "provider": "official", "operation": "send", "door": "json", "account": "100001", "mobile": "13800138000",
        "outcome": "refused", "reason": "signature_mismatch", "fault": None, "method": "POST",
        "path": "/api/sms/send", "status": 200, "took_ms": 1.234,
        "request": {"method": "POST", "path": "/api/sms/send", "headers": [["Host", "h"]],
                    "body": '{"Phone": "13800138000"}'},
        "reply": {"status": 200, "headers": [["Content-Type", "application/json"]],
                  "body": '{"msg": "签名数据不一致"}'},
        "trace": [{"rule": "auth", "passed": True, "zh": "凭证正确", "en": "proof is right"},
                  {"rule": "signature", "passed": False, "zh": "签名不同", "en": "it differs"}],
    } | changes  # fmt: skip
