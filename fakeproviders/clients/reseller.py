"""A client of the reseller proxy. It appends /api/sms/ to the platform's home page by itself."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from fakeproviders.clients.answer import Answer
from fakeproviders.clients.envelope import EnvelopeClient, sign

OWN_TEXTS = {"会员ID或接口密钥错误": "credentials_invalid"}
"""Texts that differ from the catalogue's, and the entries that they stand for."""

PATH = "/api/sms/"


class Member(NamedTuple):
    """会员ID and 接口密钥."""

    member_id: str
    api_key: str


def signed(who: Member, fields: Mapping[str, Any], timestamp: str) -> dict[str, Any]:
    """A request's fields with member, time (Beijing wall clock) and proof."""
    whole = {"member_id": who.member_id, "timestamp": timestamp, **fields}
    return whole | {"sign": sign(whole, who.api_key)}


class ResellerClient(EnvelopeClient):
    """Calls of the reseller. ``base_url`` is the address of its home page.

    Every method raises aiohttp.ClientError or TimeoutError when the connection fails, and BadAnswer when
    the answer is no envelope.
    """

    async def send(self, who: Member, message: Mapping[str, Any]) -> Answer:
        """Send; ``message`` has sign_key, signature, mobile, template_id, params, out_id."""
        return await self.submit(signed(who, message, self._timestamp()))

    async def submit(self, fields: Mapping[str, Any]) -> Answer:
        """Post fields, whatever they are, to where sends go."""
        return await self._call("POST", PATH, json=dict(fields))

    async def report(self, who: Member, *, timestamp: str = "", **which: str) -> Answer:
        """The status of a message, by ``message_id`` or ``out_id``."""
        asked = signed(who, which, timestamp or self._timestamp())
        return await self._call("GET", f"{PATH}report", params=asked)

    async def balance(self, who: Member) -> Answer:
        """What is left."""
        asked = signed(who, {}, self._timestamp())
        return await self._call("GET", f"{PATH}balance", params=asked)
