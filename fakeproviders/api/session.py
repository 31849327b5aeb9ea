"""A session: everything that one test has to itself."""

from collections.abc import Mapping
from typing import Self, Unpack

import msgspec

from fakeproviders.api.answers import Exchange, Fault, Json, Panel, QuotaUse, Request
from fakeproviders.api.asked import Wanted
from fakeproviders.api.clock import Clock
from fakeproviders.api.errors import VerificationFailed
from fakeproviders.api.inbox import Inbox
from fakeproviders.api.journal import Journal
from fakeproviders.api.link import Link
from fakeproviders.api.outbox import Outbox
from fakeproviders.api.provider import Erban, Official, Provider, Reseller
from fakeproviders.clients.control import session_path
from fakeproviders.verify.expectation import Expectation


class Session:
    """A private world on a running server: providers, panel, faults, clock, inbox and journal.

    Every call raises ControlError for what the server refuses, and Unreachable when nobody answers.
    A ``with`` block ends the session; the end of its harness does so too.

    >>> _ = await session.official.fail("signature_mismatch", operation="send", times=1)
    >>> send_code("13800138000", code="482915")
    41004
    >>> send_code("13800138000", code="482915")
    >>> await session.inbox.wait_for_code("13800138000")
    '482915'
    """

    def __init__(self, link: Link, document: Json) -> None:
        self.link = link
        self.document = document
        """The control API's JSON of it."""
        self.id: str = document["id"]
        self.seed: int = document["seed"]
        self.name: str = document["name"]
        path = session_path(self.id)
        self._path = path
        self._journal = Journal(link, path)
        self.official = Official(link, path, "official", document)
        self.reseller = Reseller(link, path, "reseller", document)
        self.upstream = Provider(link, path, "upstream", document)
        """The reseller's own account at the official API."""
        self.erban = Erban(link, path, "erban", document)
        self.panel = msgspec.convert(document["panel"], Panel)
        self.clock = Clock(link, path)
        self.inbox = Inbox(link, path, self._journal)
        self.outbox = Outbox(link, path, self._journal)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}, seed {self.seed}>"

    async def __aenter__(self) -> Self:
        """The session itself."""
        return self

    async def __aexit__(self, *exc: object) -> None:
        """End it."""
        await self.delete()

    async def requests(self, **wanted: Unpack[Wanted]) -> list[Request]:
        """The requests that the providers received, in the order they came.

        >>> send_code("13800138000", code="482915")
        >>> requests = await session.requests(provider="official")
        >>> [(request.operation, request.outcome) for request in requests]
        [('token', 'accepted'), ('send', 'accepted')]
        """
        return await self._journal.requests(**wanted)

    async def request(self, request_id: str) -> Exchange:
        """One request whole: raw request and reply, and every check that it went through."""
        return await self._journal.request(request_id)

    async def story(self) -> str:
        """What the providers received and why they refused it, in words."""
        return await self._journal.story()

    async def inject(self, rule: Mapping[str, object]) -> Fault:
        """Add a fault rule that is written out, for any provider (``*`` is every one).

        >>> fault = await session.inject({"provider": "*", "do": "maintenance", "since": "+10m"})
        >>> faults = await session.faults()
        >>> faults[0].id == fault.id
        True
        """
        return msgspec.convert(await self.link.post(f"{self._path}/faults", rule), Fault)

    async def faults(self) -> list[Fault]:
        """The fault rules in the order in which they are tried."""
        document = await self.link.get(f"{self._path}/faults")
        return msgspec.convert(document["faults"], list[Fault])

    async def unfired_faults(self) -> list[Fault]:
        """Those that never fired, or whose script has steps left."""
        if not await self.faults():
            return []
        report = await self.link.post(f"{self._path}/verify", {"strict": True})
        return msgspec.convert(report["unfired_faults"], list[Fault])

    async def clear_faults(self, fault: Fault | None = None) -> None:
        """Take one rule, or all of them, out of force."""
        await self.link.delete(f"{self._path}/faults" + (f"/{fault.id}" if fault else ""))

    async def verify(
        self, *requests: Expectation, order: bool = False, strict: bool = False
    ) -> None:
        """Make sure that the requests came which are expected; see Expectation.

        ``order``: one after the other. ``strict``: no others, and no fault rule unfired.
        Raises VerificationFailed, with the nearest misses.

        >>> send_code("13800138000", code="482915")
        >>> await session.verify(
        ...     Expectation(operation="token"), Expectation(operation="send", count=1), order=True
        ... )
        """
        __tracebackhide__ = True
        expected = [msgspec.to_builtins(one) for one in requests]
        body = {"requests": expected, "order": order, "strict": strict}
        report: Json = await self.link.post(f"{self._path}/verify", body)
        if report["result"] != "pass":
            raise VerificationFailed(report["words"][self.link.client.lang], report)

    async def quota(self, provider: str | None = None) -> list[QuotaUse]:
        """How much of each limit is used.

        >>> _ = await session.official.configure(quotas={"mobile_per_day": 5})
        >>> send_code("13800138000", code="482915")
        >>> quota = await session.quota("official")
        >>> [(use.key, use.used) for use in quota if use.bucket == "mobile_per_day"]
        [('13800138000', 1)]
        """
        document = await self.link.get(f"{self._path}/quota", provider=provider)
        return msgspec.convert(document["quota"], list[QuotaUse])

    async def reset(self) -> None:
        """Back to how it was created: settings, clock, faults, inbox, journal, quotas, panel."""
        self.document = await self.link.post(f"{self._path}/reset")
        for provider in (self.official, self.reseller, self.erban):
            provider.take(self.document)
        self.inbox.forget()
        self.outbox.forget()

    async def delete(self, *, strict: bool = False) -> None:
        """End it; what it held is forgotten.

        ``strict``: raises ControlError (409) when it has unfired faults, and then it goes on.
        """
        await self.link.delete(self._path, strict="true" if strict else None)
        self.link.sessions.discard(self.id)
