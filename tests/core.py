"""The core without sockets: sessions, store and pipeline, with a host clock that the test sets."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec
from multidict import CIMultiDict

from fakeproviders.clients.official import sign
from fakeproviders.clock import beijing_text, parse_beijing
from fakeproviders.domain.attempt import Hop
from fakeproviders.journal import Entry
from fakeproviders.model import Call, RawReply, RawRequest
from fakeproviders.pipeline import Pipeline
from fakeproviders.providers.base import Provider
from fakeproviders.providers.erban import ERBAN
from fakeproviders.providers.official import OFFICIAL
from fakeproviders.providers.reseller import RESELLER
from fakeproviders.session import Session
from fakeproviders.sessions import Sessions
from fakeproviders.soon import settled
from fakeproviders.stores.base import Store
from fakeproviders.stores.memory import MemoryStore
from fakeproviders.stores.pending import Onward
from tests.faults.doubles import RecordingWire

NOON = parse_beijing("2024-05-06 12:00:00")
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
MOBILE = "13800000001"
DEMO_SIGNATURE = "【演示签名】"
SEND = {
    "sign_key": "demo-sign",
    "signature": DEMO_SIGNATURE,
    "mobile": MOBILE,
    "template_id": "1001",
    "params": {"code": "246810", "minutes": "5"},
}
"""A send that the default session accepts, but for what shows who sends."""

Then = Callable[[], Awaitable[object]]


class HostClock:
    """Real time, as far as a test is concerned."""

    def __init__(self, now: float = NOON) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class FakeHop:
    """A way to the platform above that accepts, or raises what it is told."""

    def __init__(self, raises: BaseException | None = None) -> None:
        self.raises = raises
        self.forwarded: list[tuple[Call, str]] = []
        self.open: list[tuple[Onward, Then, Then]] = []
        """What is to be found out, and what is to be done when it was accepted, and when it was not."""

    async def send(self, call: Call, out_id: str) -> None:
        self.forwarded.append((call, out_id))
        if self.raises is not None:
            raise self.raises

    def settle(self, onward: Onward, accepted: Then, refused: Then) -> None:
        self.open.append((onward, accepted, refused))


def request(
    method: str,
    target: str,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    *,
    session: str = "",
    ip: str = "10.0.0.9",
    too_large: bool = False,
) -> RawRequest:
    """A raw request; ``target`` may have a query."""
    path, _, query = target.partition("?")
    return RawRequest(
        method=method,
        path=path,
        query=query,
        headers=CIMultiDict(headers or {}),
        body=body,
        ip=ip,
        session_id=session,
        origin="http://127.0.0.1:9400",
        too_large=too_large,
    )


def post(target: str, values: Mapping[str, Any], *, session: str = "") -> RawRequest:
    """A JSON request."""
    return request("POST", target, msgspec.json.encode(values), JSON, session=session)


def get(path: str, values: Mapping[str, str], *, session: str = "") -> RawRequest:
    """A request with a query."""
    return request("GET", f"{path}?{urlencode(values)}", session=session)


def answer_of(reply: RawReply) -> dict[str, Any]:
    """The envelope of a reply."""
    answer: dict[str, Any] = msgspec.json.decode(reply.body)
    return answer


class Core:
    """Three providers in one process, or whichever are given, and one hop for all sessions."""

    def __init__(
        self,
        providers: Iterable[Provider] = (OFFICIAL, RESELLER, ERBAN),
        hop: Hop | None = None,
        store: Store | None = None,
    ) -> None:
        self.real = HostClock()
        self.store = store or MemoryStore()
        self.sessions = Sessions(providers, self.store, self.real, sharing=self.store.sharing())
        self.hop: Hop = hop or FakeHop()
        self.pipeline = Pipeline(self.sessions, lambda session: self.hop, self.real)

    async def open(self) -> Session:
        """The default session."""
        return await self.sessions.start()

    async def reply(self, provider: Provider, raw: RawRequest) -> RawReply:
        """What is written for a request."""
        reply = await settled(self.pipeline.handle(provider, raw, RecordingWire()))
        assert reply is not None
        return reply

    async def answer(self, provider: Provider, raw: RawRequest) -> dict[str, Any]:
        """The envelope that is written for a request."""
        return answer_of(await self.reply(provider, raw))

    def token_request(self, **changed: str) -> dict[str, str]:
        """A token request of the default session, proved after the changes."""
        values = {
            "app_id": "demo-app",
            "sign_key": "demo-sign",
            "timestamp": beijing_text(self.real.now),
            "nonce": "0123456789abcdef",
        } | changed
        values.setdefault("sign", sign(values, "demo-app-secret"))
        return values

    async def token(self) -> str:
        """An access token of the default session."""
        raw = post("/api/oauth/access_token", self.token_request())
        token: str = (await self.answer(OFFICIAL, raw))["data"]["access_token"]
        return token

    async def official_send(self, **changed: Any) -> dict[str, Any]:
        """The answer to a send with a fresh token; None takes a parameter out."""
        values = {"access_token": await self.token(), **SEND, **changed}
        kept = {name: value for name, value in values.items() if value is not None}
        return await self.answer(OFFICIAL, post("/api/sms/send", kept))

    def member(self, secret: str = "demo-api-key", **values: Any) -> dict[str, Any]:
        """Parameters of the default session's member at the reseller, proved; None takes one out."""
        whole = {"member_id": "10001", "timestamp": beijing_text(self.real.now), **values}
        kept = {name: value for name, value in whole.items() if value is not None}
        return {"sign": sign(kept, secret), **kept}

    async def reseller_send(self, **changed: Any) -> dict[str, Any]:
        """The answer to a proved send at the reseller; None takes a parameter out."""
        return await self.answer(RESELLER, post("/api/sms/", self.member(**{**SEND, **changed})))


def last_entry(session: Session) -> Entry:
    """The newest entry of a session's journal."""
    entries: Sequence[tuple[int, Entry]] = session.journal.newest_first()
    return entries[0][1]
