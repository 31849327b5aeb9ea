"""Sends of a panel: the selected channel, the fail-over channel behind it, and a record of each."""

import asyncio
import secrets
from collections.abc import Mapping

import aiohttp
import msgspec

from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit
from fakeproviders.panel.channels import Order, Route
from fakeproviders.panel.clock import Clock
from fakeproviders.panel.declined import unusable
from fakeproviders.panel.delivery import Delivery, Sleep
from fakeproviders.panel.desk import SettingsDesk
from fakeproviders.panel.events import TEST
from fakeproviders.panel.messages import MessageRow, Messages
from fakeproviders.panel.reports import Asking
from fakeproviders.panel.settings import CHANNELS, Channel, Settings
from fakeproviders.panel.tokens import Tokens

CODE_MINUTES = 5
"""How long a code is good for, as its text says."""


class Sent(msgspec.Struct, frozen=True):
    """An SMS that a provider has accepted."""

    out_id: str
    channel: str


class Sms:
    """One tenant's sends."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        desk: SettingsDesk,
        clock: Clock,
        tokens: Tokens,
        asking: Asking,
        records: Messages,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._http = http
        self._desk = desk
        self._clock = clock
        self._tokens = tokens
        self._asking = asking
        self._records = records
        self._sleep = sleep

    async def test(self, channel: str, mobile: str) -> Sent:
        """测试发送 of a block: to its address, whatever channel is selected. Raises Declined."""
        for tested in CHANNELS:
            if tested == channel:
                return await self._send(TEST, mobile, code_params(new_code()), tested)
        known = ", ".join(CHANNELS)
        words = Words(zh=f"没有这个通道；有：{known}", en=f"no such channel; there are {known}")
        raise unusable(Misfit("channel", words))

    async def send(self, event: str, mobile: str, params: Mapping[str, str]) -> Sent:
        """An event's SMS, by the selected channel. Raises Declined."""
        return await self._send(event, mobile, params, None)

    async def messages(self, mobile: str | None = None, limit: int = 100) -> list[MessageRow]:
        """What was sent, the newest first."""
        return await self._records.rows(mobile, limit)

    async def _send(
        self, event: str, mobile: str, params: Mapping[str, str], tested: Channel | None
    ) -> Sent:
        settings = await self._desk.all_saved()
        order = Order(
            out_id=secrets.token_hex(10), event=event, mobile=mobile, template=event, params=params
        )
        routes = _routes(settings, tested)
        at = self._clock.shown(settings.time).timestamp()
        await self._records.begin(order, routes[0].address, order.content(settings), at)
        delivery = Delivery(
            order, settings,
            http=self._http, tokens=self._tokens, clock=self._clock, asking=self._asking,
            sleep=self._sleep,
        )  # fmt: skip
        finding = await delivery.along(routes)
        if finding is not None:
            await self._records.failed(order, finding, delivery.attempts)
            raise finding.declined()
        channel = delivery.attempts[-1].channel
        await self._records.sent(order, channel, delivery.message_id, delivery.attempts)
        return Sent(order.out_id, channel)


def new_code() -> str:
    """Six digits."""
    return f"{secrets.randbelow(1_000_000):06}"


def code_params(code: str) -> dict[str, str]:
    """What a code's template is filled with."""
    return {"code": code, "minutes": str(CODE_MINUTES)}


def _routes(settings: Settings, tested: Channel | None) -> list[Route]:
    """A test goes to the address of its block; anything else has the fail-over channel behind it."""
    selected, failover = settings.sms.channel, settings.sending.failover
    if tested is not None:
        return [Route(selected, tested)]
    return [Route(channel, channel) for channel in dict.fromkeys((selected, failover or selected))]
