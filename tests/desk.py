"""The core with receipts, and a receiver of them that answers as it is told."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from fakeproviders.clock import ClockState, iso
from fakeproviders.faults.rule import FaultSpec
from fakeproviders.journal import Entry
from fakeproviders.model import Message, RawReply, RawRequest
from fakeproviders.outgoing import Answer
from fakeproviders.pipeline import Pipeline
from fakeproviders.receipts import Dispatcher
from fakeproviders.session import Session
from tests.core import NOON, Core
from tests.e2e.clients import proof

URL = "http://127.0.0.1:9999/receipts?from=sms"
OK = 200
SECRET = "demo-app-secret"


class Got(NamedTuple):
    """One receipt that arrived: when, on the session's clock since NOON, and what it says."""

    after: float
    fields: dict[str, str]


class Desk(Core):
    """``answers`` are the receiver's, in turn: a status, or why there is none; then OK for ever."""

    session: Session

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[int | str] = []
        self.got: list[Got] = []
        self.requests: list[tuple[str, RawRequest]] = []
        self.dispatcher = Dispatcher(self.post, self.real)
        self.pipeline = Pipeline(
            self.sessions, lambda session: self.hop, self.real, self.dispatcher.expect
        )

    async def post(self, url: str, request: RawRequest) -> Answer:
        """Receive a receipt."""
        after = round(self.session.clock.now() - NOON, 6)
        self.got.append(Got(after, msgspec.json.decode(request.body)))
        self.requests.append((url, request))
        answer = self.answers.pop(0) if self.answers else OK
        if isinstance(answer, str):
            return Answer(None, answer)
        return Answer(RawReply(answer, (), b"answered"))

    async def open_frozen(self, **official: object) -> Session:
        """The default session at NOON, its official account with a callback address."""
        self.session = await self.open()
        await self.session.clock.set(ClockState(mode="frozen", at=iso(NOON)))
        await self.sessions.patch(self.session, "official", {"callback_url": URL, **official})
        return self.session

    async def send(self, **changed: Any) -> str:
        """An accepted send; its message's id."""
        answer = await self.official_send(**changed)
        assert answer["code"] == 0, answer
        return str(answer["data"]["message_id"])

    async def message(self, message_id: str) -> Message:
        """A message as it stands now."""
        found = await self.session.store.message(message_id)
        assert found is not None
        return found.as_of(self.session.clock.now())

    async def drive(self, message_id: str, status: str, error: str = "") -> None:
        """Set a status by hand."""
        store, now = self.session.store, self.session.clock.now()
        await store.set_status(message_id, status, error, now)
        message = await store.message(message_id)
        assert message is not None
        await self.dispatcher.settle(self.session, message)

    def fault(self, do: object, **rule: Any) -> None:
        """Script what happens to receipts."""
        settings = {"operation": "receipt", **rule}
        self.session.faults.add(FaultSpec(provider="official", do={"receipt": do}, **settings))

    @property
    def moments(self) -> list[float]:
        """When the receipts came."""
        return [got.after for got in self.got]

    def said(self, field: str) -> list[str]:
        """One field of all receipts."""
        return [got.fields[field] for got in self.got]

    def attempts(self) -> Sequence[Entry]:
        """The journal's entries of our own calls."""
        return [e for _, e in self.session.journal.since(0) if e.direction == "out"]


def is_proved(fields: Mapping[str, str], secret: str = SECRET) -> bool:
    """Whether the proof is right, by an implementation of its own."""
    rest = {name: value for name, value in fields.items() if name != "sign"}
    return fields["sign"] == proof(rest, secret)
