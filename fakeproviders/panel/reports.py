"""What became of the SMS that were sent: the providers are asked for it.

For who has no callback address, and for a send whose reply was lost.
"""

import asyncio
from collections import Counter
from typing import Any

import aiohttp

from fakeproviders.clients.answer import Answer
from fakeproviders.panel.channels import member_of, official_client, reseller_client
from fakeproviders.panel.clock import WALL_CLOCK, Clock
from fakeproviders.panel.desk import SettingsDesk
from fakeproviders.panel.findings import TRANSPORT, broken, refused
from fakeproviders.panel.messages import Messages, Waiting
from fakeproviders.panel.settings import Channel, Settings
from fakeproviders.panel.tokens import TokenRefused, Tokens

AT_ONCE = 20
"""SMS that are asked for at a time, the newest."""
WAITING, FINAL = "waiting", ("delivered", "undelivered")


class Asking:
    """The report operations of one tenant's accounts."""

    def __init__(self, http: aiohttp.ClientSession, tokens: Tokens, clock: Clock) -> None:
        self._http = http
        self._tokens = tokens
        self._clock = clock

    async def of(self, channel: Channel, out_id: str, settings: Settings) -> Answer | None:
        """What the provider knows of an SMS by its id; None where it cannot be asked (Erban).

        Raises TokenRefused, and one of TRANSPORT.
        """
        if channel == "official":
            client = official_client(settings, self._http)
            token = await self._tokens.token(settings, client)
            return await client.report(token, out_id=out_id)
        if channel == "reseller":
            timestamp = self._clock.shown(settings.time).strftime(WALL_CLOCK)
            client_above = reseller_client(settings, self._http)
            who = member_of(settings)
            return await client_above.report(who, timestamp=timestamp, out_id=out_id)
        return None


class Reports:
    """What one tenant's SMS have come to."""

    def __init__(self, desk: SettingsDesk, clock: Clock, asking: Asking, records: Messages) -> None:
        self._desk = desk
        self._clock = clock
        self._asking = asking
        self._records = records

    async def ask(self) -> Counter[str]:
        """Ask for the newest SMS that wait for a receipt; of how many became what.

        All are asked at once, and it takes no longer than one request may. Raises Declined with the
        first refusal; what was answered until then is kept.
        """
        settings = await self._desk.all_saved()
        waiting = await self._records.waiting(AT_ONCE)
        try:
            async with asyncio.timeout(settings.sending.timeout_seconds):
                found = await asyncio.gather(
                    *(self._ask(message, settings) for message in waiting), return_exceptions=True
                )
        except TimeoutError as error:
            raise broken("official", error).declined() from None
        for status in found:
            if isinstance(status, BaseException):
                raise status
        return Counter(map(str, found))

    async def _ask(self, message: Waiting, settings: Settings) -> str:
        try:
            answer = await self._asking.of(message.channel, message.out_id, settings)
        except TokenRefused as error:
            raise refused(error.answer).declined() from None
        except TRANSPORT as error:
            raise broken(message.channel, error).declined() from None
        if answer is None:
            return WAITING
        if answer.code != 0:
            raise refused(answer).declined()
        data: dict[str, Any] = answer.data if isinstance(answer.data, dict) else {}
        status = str(data.get("status"))
        if status not in FINAL:
            return WAITING
        at = self._clock.shown(settings.time).timestamp()
        await self._records.reported(message, status, str(data.get("error") or ""), at)
        return status
