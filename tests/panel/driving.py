"""A panel driven over its JSON API, as a person drives it with the pages."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from tests.e2e.sockets import Reply, request

MOBILE = "13800138000"
JSON = {"Content-Type": "application/json"}


class Refused(NamedTuple):
    """What the panel says when it refuses."""

    error: str
    failure: str | None


class Panel:
    """One session's panel. ``get``, ``post`` and ``put`` want success, ``refused`` a refusal."""

    def __init__(self, url: str) -> None:
        self.url = url

    def call(
        self,
        method: str,
        path: str,
        document: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        body = None if document is None else json.dumps(document, ensure_ascii=False)
        sent = {**(JSON if body is not None else {}), **(headers or {})}
        return request(method, f"{self.url}/api{path}", body, sent)

    def get(self, path: str) -> Any:
        return self._good("GET", path)

    def post(self, path: str, document: object = None) -> Any:
        return self._good("POST", path, document)

    def put(self, path: str, document: object) -> Any:
        return self._good("PUT", path, document)

    def refused(self, method: str, path: str, document: object = None, lang: str = "zh") -> Refused:
        reply = self.call(method, path, document, {"Accept-Language": lang})
        assert 400 <= reply.status < 500, (reply.status, reply.text)
        whole = reply.json()
        return Refused(whole["error"], whole["failure"])

    def enter(self, **groups: Mapping[str, Any]) -> None:
        """Fill in settings; nothing is in force."""
        for group, values in groups.items():
            self.put(f"/settings/{group}", values)

    def set(self, **groups: Mapping[str, Any]) -> None:
        """Fill in settings and save them."""
        self.enter(**groups)
        self.post("/settings/save")

    def test(self, channel: str = "official", mobile: str = MOBILE) -> Any:
        """测试发送, which succeeds."""
        return self.post("/sms/test", {"channel": channel, "mobile": mobile})

    def test_refused(self, channel: str = "official", mobile: str = MOBILE) -> Refused:
        return self.refused("POST", "/sms/test", {"channel": channel, "mobile": mobile})

    def code(self, event: str = "register", mobile: str = MOBILE, **more: object) -> Any:
        return self.post("/codes", {"event": event, "mobile": mobile, **more})

    def code_refused(
        self, event: str = "register", mobile: str = MOBILE, **more: object
    ) -> Refused:
        return self.refused("POST", "/codes", {"event": event, "mobile": mobile, **more})

    def messages(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get("/messages")["messages"]
        return found

    def last(self) -> dict[str, Any]:
        """The newest message."""
        return self.messages()[0]

    def _good(self, method: str, path: str, document: object = None) -> Any:
        reply = self.call(method, path, document)
        assert reply.status in (200, 201), (method, path, reply.status, reply.text)
        return reply.json()
