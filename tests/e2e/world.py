"""A session of its own on a running server, driven as a tester drives it: over the control API."""

import json
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlencode

from fakeproviders import SyncSession
from tests.e2e.running import RunningServer
from tests.e2e.sockets import Reply, request

ROLES = ("official", "upstream", "reseller", "erban")


class Control:
    """The control API. ``call`` gives the reply as it is; ``get`` and the others want success."""

    def __init__(self, url: str, headers: Mapping[str, str] | None = None) -> None:
        self.url = url
        self.headers = dict(headers or {})

    def call(
        self,
        method: str,
        path: str,
        document: object = None,
        *,
        headers: Mapping[str, str] | None = None,
        **query: object,
    ) -> Reply:
        url = f"{self.url}{path}" + (f"?{urlencode(query)}" if query else "")
        sent = {**self.headers, **(headers or {})}
        if document is None:
            return request(method, url, headers=sent)
        sent.setdefault("Content-Type", "application/json")
        return request(method, url, json.dumps(document, ensure_ascii=False), sent)

    def get(self, path: str, **query: object) -> Any:
        return self._good("GET", path, None, **query)

    def post(self, path: str, document: object = None) -> Any:
        return self._good("POST", path, document)

    def put(self, path: str, document: object) -> Any:
        return self._good("PUT", path, document)

    def patch(self, path: str, document: object) -> Any:
        return self._good("PATCH", path, document)

    def delete(self, path: str) -> None:
        self._good("DELETE", path, None)

    def _good(self, method: str, path: str, document: object, **query: object) -> Any:
        reply = self.call(method, path, document, headers=None, **query)
        assert reply.status < 300, (method, path, reply.status, reply.text)
        return json.loads(reply.body) if reply.body else None


class World:
    """One session: its urls and credentials, its settings, and what has happened in it."""

    def __init__(self, server: RunningServer, session: dict[str, Any], control: Control) -> None:
        self.server = server
        self.session = session
        self.control = control
        self.id: str = session["id"]
        self.path = f"/api/v1/sessions/{self.id}"
        self.kept: dict[str, str] = {}
        """What clients keep between sends: access tokens."""

    @classmethod
    def create(cls, server: RunningServer, **wanted: object) -> "World":
        control = Control(server.addresses.control)
        return cls(server, control.post("/api/v1/sessions", wanted), control)

    @classmethod
    def of(cls, server: RunningServer, session: SyncSession) -> "World":
        return cls(server, session.document, Control(server.addresses.control))

    @property
    def official(self) -> dict[str, str]:
        return cast("dict[str, str]", self.session["official"])

    @property
    def reseller(self) -> dict[str, str]:
        return cast("dict[str, str]", self.session["reseller"])

    @property
    def erban(self) -> dict[str, str]:
        return cast("dict[str, str]", self.session["erban"])

    def delete(self) -> None:
        self.control.delete(self.path)

    def fault(self, provider: str, do: object = None, **rule: object) -> str:
        """Script a fault; its id."""
        whole = {"provider": provider, **({} if do is None else {"do": do}), **rule}
        return str(self.control.post(f"{self.path}/faults", whole)["id"])

    def patch(self, provider: str, **settings: object) -> dict[str, Any]:
        return cast(
            "dict[str, Any]", self.control.patch(f"{self.path}/providers/{provider}", settings)
        )

    def settings(self, provider: str) -> dict[str, Any]:
        return cast("dict[str, Any]", self.control.get(f"{self.path}/providers/{provider}"))

    def advance(self, seconds: float) -> None:
        self.control.post(f"{self.path}/clock/advance", {"seconds": seconds})

    def freeze(self, at: str) -> None:
        self.control.put(f"{self.path}/clock", {"mode": "frozen", "at": at})

    def messages(self, **query: object) -> list[dict[str, Any]]:
        return cast(
            "list[dict[str, Any]]", self.control.get(f"{self.path}/messages", **query)["messages"]
        )

    def requests(self, **query: object) -> list[dict[str, Any]]:
        return cast(
            "list[dict[str, Any]]", self.control.get(f"{self.path}/requests", **query)["requests"]
        )

    def request(self, request_id: str) -> dict[str, Any]:
        return cast("dict[str, Any]", self.control.get(f"{self.path}/requests/{request_id}"))

    def balance(self, provider: str) -> int:
        return int(self.settings(provider)["balance"])

    def charges(self) -> dict[str, object]:
        """All that a send would change: balances, quotas used, the inbox."""
        used = self.control.get(f"{self.path}/quota")["quota"]
        return {
            **{role: self.balance(role) for role in ROLES},
            "used": sorted(
                (u["provider"], u["bucket"], u["key"], u["used"]) for u in used if u["used"]
            ),
            "messages": [message["id"] for message in self.messages()],
        }
