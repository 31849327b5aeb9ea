"""The three channels: what a send's parameters are, and where they are posted to.

The parameters are those of the selected channel. The address is that of the block: a test send from
another block than the selected channel's posts one channel's parameters to the other's address (the
guide's §2).
"""

import re
from collections.abc import Mapping
from typing import Any, Protocol

import aiohttp
import msgspec

from fakeproviders.clients.answer import Answer
from fakeproviders.clients.erban import ErbanClient, Login, fields_of
from fakeproviders.clients.official import OfficialClient
from fakeproviders.clients.reseller import Member, ResellerClient, signed
from fakeproviders.panel.settings import Channel, Settings

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One SMS to be sent. ``out_id`` is its own for ever, whatever is tried: no two SMS have one."""

    out_id: str
    event: str
    mobile: str
    template: str
    params: Mapping[str, str]

    def content(self, settings: Settings) -> str:
        """The text, without its signature."""
        text = settings.sms.template(self.template).content
        return _PLACEHOLDER.sub(lambda found: self.params.get(found[1], found[0]), text)


class Route(msgspec.Struct, frozen=True):
    """By which channel an SMS goes: whose parameters, and to whose address."""

    parameters: Channel
    address: Channel


class Submitting(Protocol):
    """A provider's client, as far as a send needs it."""

    async def submit(self, fields: Mapping[str, Any]) -> Answer:
        """Post the fields to where sends go."""


def parameters(
    channel: Channel, order: Order, settings: Settings, *, token: str, timestamp: str
) -> dict[str, Any]:
    """What a send through this channel carries. ``token`` is the official API's."""
    if channel == "erban":
        content = f"{settings.sms.erban.signature}{order.content(settings)}"
        text = {"mobile": order.mobile, "content": content, "smsid": order.out_id}
        return dict(fields_of(_login(settings), text))
    message = _numbered(channel, order, settings)
    if channel == "official":
        return {"access_token": token, **message}
    return signed(member_of(settings), message, timestamp)


def _numbered(channel: Channel, order: Order, settings: Settings) -> dict[str, Any]:
    """What the two channels with numbered templates say of a message."""
    template = settings.sms.template(order.template)
    official = channel == "official"
    block = settings.sms.official if official else settings.sms.reseller
    return {
        "sign_key": block.sign_key,
        "signature": block.signature,
        "mobile": order.mobile,
        "template_id": template.official if official else template.reseller,
        "params": dict(order.params),
        "out_id": order.out_id,
    }


def client_of(channel: Channel, settings: Settings, http: aiohttp.ClientSession) -> Submitting:
    """The client that posts to this channel's address."""
    if channel == "official":
        return official_client(settings, http)
    if channel == "reseller":
        return reseller_client(settings, http)
    return ErbanClient(http, settings.sms.erban.url, timeout=settings.sending.timeout_seconds)


def official_client(settings: Settings, http: aiohttp.ClientSession) -> OfficialClient:
    """The client of the official interface."""
    timeout = settings.sending.timeout_seconds
    return OfficialClient(http, settings.interface.url, timeout=timeout)


def reseller_client(settings: Settings, http: aiohttp.ClientSession) -> ResellerClient:
    """The client of the reseller's platform."""
    timeout = settings.sending.timeout_seconds
    return ResellerClient(http, settings.sms.reseller.url, timeout=timeout)


def member_of(settings: Settings) -> Member:
    """What the reseller's platform knows the panel by."""
    return Member(settings.sms.reseller.member_id, settings.sms.reseller.api_key)


def secrets_of(settings: Settings) -> dict[Channel, str]:
    """By channel, what the provider proves its receipts with."""
    erban = settings.sms.erban
    return {
        "official": settings.interface.app_secret,
        "reseller": settings.sms.reseller.api_key,
        "erban": erban.login_password + erban.auth_code,
    }


def _login(settings: Settings) -> Login:
    block = settings.sms.erban
    return Login(block.account, block.login_password, block.auth_code, block.channel)
