"""The session that a scenario runs in, as the control API shows and drives it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from fakeproviders.clients.control import ControlClient, ControlError, session_path
from fakeproviders.clock import ClockState, iso, parse_moment
from fakeproviders.failures import Words
from fakeproviders.scenario.moments import moment, seconds
from fakeproviders.scenario.results import Decision, Trace

Values = dict[str, Any]
TTL_SECONDS = 900.0
"""A session that nobody removed goes by itself after so long without use."""
MOST = 10_000
"""Entries that one call can give."""
SHOWN = 200
"""Requests and messages of one step that are told of."""


class Mark(msgspec.Struct, frozen=True):
    """A place in the journal and the inbox, and what the balances were then."""

    requests: str
    messages: str
    balances: Mapping[str, int]


class World:
    """One session. Methods raise what the control client does."""

    def __init__(self, control: ControlClient, session: Values) -> None:
        self.session = session
        self.id: str = session["id"]
        self._control = control
        self._path = session_path(self.id)
        self._codes: dict[str, str] = {}
        self._codes_from = "0"

    @classmethod
    async def create(
        cls,
        control: ControlClient,
        *,
        name: str,
        seed: int,
        dedicated_ports: bool = False,
        lasting: bool = False,
    ) -> "World":
        """A new session; one that is not ``lasting`` goes by itself when it is left alone."""
        wanted = {
            "name": name[:100],
            "seed": seed,
            "ttl_seconds": None if lasting else TTL_SECONDS,
            "dedicated_ports": dedicated_ports,
        }
        return cls(control, await control.post("/sessions", wanted))

    async def delete(self) -> None:
        """End it; that it is gone already is no error."""
        try:
            await self._control.delete(self._path)
        except ControlError as error:
            if error.status != 404:
                raise

    async def patch(self, role: str, settings: Values) -> None:
        """Change an account's settings."""
        await self._control.patch(f"{self._path}/providers/{role}", settings)

    async def add_fault(self, rule: Values) -> None:
        """Put a fault rule in force."""
        await self._control.post(f"{self._path}/faults", rule)

    async def clear_faults(self) -> None:
        """Take all fault rules out of force."""
        await self._control.delete(f"{self._path}/faults")

    async def set_clock(self, state: ClockState) -> None:
        """Set the clock."""
        await self._control.put(f"{self._path}/clock", msgspec.to_builtins(state))

    async def now(self) -> str:
        """What the clock shows (RFC 3339)."""
        return str((await self._control.get(f"{self._path}/clock"))["now"])

    async def advance(self, duration: float | str | None, to: str | None) -> None:
        """Move the clock on. Raises Misfit for a time that cannot be read."""
        if to is not None:
            body: Values = {"to": iso(moment(to, parse_moment(await self.now())))}
        else:
            body = {"seconds": seconds(duration or 0)}
        await self._control.post(f"{self._path}/clock/advance", body)

    async def deliver(self, mobile: str, status: str, error: str | None) -> bool:
        """Decide on the newest message to a mobile; False when there is none."""
        found = await self.messages(mobile=mobile, limit=1)
        if not found:
            return False
        body = {"status": status, **({} if error is None else {"error": error})}
        await self._control.post(f"{self._path}/messages/{found[-1]['id']}/status", body)
        return True

    async def answer(self, mobile: str, content: str) -> None:
        """The person behind a mobile answers."""
        await self._control.post(f"{self._path}/replies", {"mobile": mobile, "content": content})

    async def codes(self) -> dict[str, str]:
        """The newest verification code of each mobile."""
        page = await self._page("messages", cursor=self._codes_from, limit=MOST)
        self._codes_from = page["cursor"]
        self._codes |= {m["mobile"]: m["code"] for m in page["messages"] if m["code"]}
        return dict(self._codes)

    async def mark(self, charged: Mapping[str, int]) -> Mark:
        """Where things stand; of the balances, those that matter."""
        requests = await self._page("requests", limit=1)
        messages = await self._page("messages", limit=1)
        balances = {role: await self.balance(role) for role in charged}
        return Mark(requests["cursor"], messages["cursor"], balances)

    async def balance(self, role: str) -> int:
        """What is left in an account."""
        return int((await self._control.get(f"{self._path}/providers/{role}"))["balance"])

    async def requests(self, **query: object) -> list[Values]:
        """Requests of the journal, oldest first."""
        found: list[Values] = (await self._page("requests", **query))["requests"]
        return found

    async def wait_for_request(self, cursor: str, seconds: float) -> str:
        """Return when another request has come, or the time is up; the cursor then."""
        page = await self._control.get(
            f"{self._path}/requests", wait=seconds, cursor=cursor, limit=MOST
        )
        return str(page["cursor"])

    async def messages(self, **query: object) -> list[Values]:
        """Messages of the inbox, oldest first."""
        found: list[Values] = (await self._page("messages", **query))["messages"]
        return found

    async def quota(self, role: str) -> list[Values]:
        """Use of an account's buckets."""
        page = await self._control.get(f"{self._path}/quota", provider=role)
        found: list[Values] = page["quota"]
        return found

    async def verify(self, wanted: Values) -> Values:
        """Compare the journal with what is expected of it."""
        report: Values = await self._control.post(f"{self._path}/verify", wanted)
        return report

    async def trace(self, request: str) -> Trace:
        """Why a request was answered as it was."""
        entry = await self._control.get(f"{self._path}/requests/{request}")
        return Trace(
            request=entry["id"],
            provider=entry["provider"],
            operation=entry["operation"],
            outcome=entry["outcome"],
            reason=entry["reason"],
            decisions=tuple(
                Decision(
                    rule=step["rule"],
                    passed=step["passed"],
                    words=Words(zh=step["zh"], en=step["en"]),
                )
                for step in entry["trace"]
            ),
        )

    async def _page(self, what: str, **query: object) -> Values:
        page: Values = await self._control.get(f"{self._path}/{what}", wait=0, **query)
        return page
