"""One SMS on its way: attempts with growing pauses by one route, and never two SMS for one.

An SMS keeps its out_id over all attempts. A provider that answers ``duplicate_request`` to our own
retry has accepted it before. When the outcome of an attempt is open, the provider is asked for its
report before anything is said, or done elsewhere.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence

import aiohttp
from msgspec.structs import replace

from fakeproviders.clients.answer import Answer
from fakeproviders.panel.channels import (
    Order,
    Route,
    client_of,
    official_client,
    parameters,
)
from fakeproviders.panel.clock import WALL_CLOCK, Clock
from fakeproviders.panel.findings import (
    NOT_CONFIGURED,
    TRANSPORT,
    Finding,
    broken,
    means,
    refused,
)
from fakeproviders.panel.messages import Attempt
from fakeproviders.panel.reports import Asking
from fakeproviders.panel.settings import Settings
from fakeproviders.panel.tokens import TokenRefused, Tokens

_LONGEST_PAUSE = 30.0
Sleep = Callable[[float], Awaitable[None]]


class Delivery:
    """What has been tried for one SMS, and what came of it."""

    def __init__(
        self,
        order: Order,
        settings: Settings,
        *,
        http: aiohttp.ClientSession,
        tokens: Tokens,
        clock: Clock,
        asking: Asking,
        sleep: Sleep,
    ) -> None:
        self.attempts: list[Attempt] = []
        self.message_id = ""
        self._order = order
        self._settings = settings
        self._http = http
        self._tokens = tokens
        self._clock = clock
        self._asking = asking
        self._sleep = sleep
        self._token_is_fresh = False

    async def along(self, routes: Sequence[Route]) -> Finding | None:
        """Try the routes in turn; None when the SMS was accepted, else why the last did not."""
        finding: Finding | None = None
        for route in routes:
            finding = await self._by(route)
            if finding is None or finding.unsure or not finding.failover:
                break
        return finding

    async def _by(self, route: Route) -> Finding | None:
        if route.address == "official" and not self._settings.interface.is_configured:
            return self._failed(route, NOT_CONFIGURED)
        finding: Finding | None = None
        unsure = False
        for pause in self._pauses():
            await self._sleep(pause)
            finding = await self._attempt(route, again=finding is not None)
            if finding is None:
                return None
            unsure = unsure or finding.unsure
            if not finding.retry:
                break
        if finding is None or not unsure:
            return finding
        accepted = await self._was_accepted(route)
        return None if accepted else replace(finding, unsure=accepted is None)

    def _pauses(self) -> Iterator[float]:
        sending = self._settings.sending
        yield 0.0
        for number in range(sending.retries):
            yield min(sending.pause_seconds * 2**number, _LONGEST_PAUSE)

    async def _attempt(self, route: Route, *, again: bool) -> Finding | None:
        try:
            token = await self._token() if route.parameters == "official" else ""
        except TokenRefused as error:
            return self._failed(route, refused(error.answer))
        except TRANSPORT as error:
            return self._failed(route, replace(broken("official", error), unsure=False))
        timestamp = self._timestamp()
        fields = parameters(
            route.parameters, self._order, self._settings, token=token, timestamp=timestamp
        )
        try:
            answer = await client_of(route.address, self._settings, self._http).submit(fields)
        except TRANSPORT as error:
            return self._failed(route, broken(route.address, error))
        return await self._judged(route, answer, again=again)

    async def _judged(self, route: Route, answer: Answer, *, again: bool) -> Finding | None:
        if answer.code == 0 or (again and means(answer, "duplicate_request")):
            self._accepted(route, answer)
            return None
        finding = self._failed(route, refused(answer))
        refresh = self._settings.sending.refresh_token and not self._token_is_fresh
        if refresh and means(answer, "token_expired"):
            self._token_is_fresh = True
            await self._tokens.clear()
            return await self._attempt(route, again=again)
        return finding

    async def _was_accepted(self, route: Route) -> bool | None:
        """Whether the provider knows the SMS; None when that cannot be found out."""
        if route.parameters != route.address:
            return None
        try:
            answer = await self._asking.of(route.address, self._order.out_id, self._settings)
        except (*TRANSPORT, TokenRefused):
            return None
        if answer is None:
            return None
        if answer.code == 0:
            self._accepted(route, answer)
            return True
        return False if means(answer, "message_not_found") else None

    async def _token(self) -> str:
        return await self._tokens.token(self._settings, official_client(self._settings, self._http))

    def _timestamp(self) -> str:
        return self._clock.shown(self._settings.time).strftime(WALL_CLOCK)

    def _accepted(self, route: Route, answer: Answer) -> None:
        if isinstance(answer.data, dict):
            self.message_id = str(answer.data.get("message_id") or "")
        self.attempts.append(Attempt(channel=route.address, accepted=True))

    def _failed(self, route: Route, finding: Finding) -> Finding:
        self.attempts.append(
            Attempt(
                channel=route.address, accepted=False, failure=finding.failure, error=finding.shown
            )
        )
        return finding
