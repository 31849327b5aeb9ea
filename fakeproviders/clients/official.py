"""A client of the official API, as an integration would write it."""

from collections.abc import Mapping
from secrets import token_hex
from typing import Any, NamedTuple

from fakeproviders.clients.answer import Answer, BadAnswer
from fakeproviders.clients.envelope import EnvelopeClient, sign

__all__ = ["Answer", "BadAnswer", "Credentials", "OfficialClient", "sign"]


class Credentials(NamedTuple):
    """What the official API is used with."""

    app_id: str
    app_secret: str
    sign_key: str


class OfficialClient(EnvelopeClient):
    """Calls of the official API.

    Every method raises aiohttp.ClientError or TimeoutError when the connection fails, and BadAnswer when
    the answer is no envelope.
    """

    async def token(self, who: Credentials, *, timestamp: str = "") -> Answer:
        """Fetch an access token; ``data`` has ``access_token`` and ``expires_in``.

        ``timestamp`` is what the client takes for Beijing time, the real one by default.
        """
        request = {
            "app_id": who.app_id,
            "sign_key": who.sign_key,
            "timestamp": timestamp or self._timestamp(),
            "nonce": token_hex(8),
        }
        signed = request | {"sign": sign(request, who.app_secret)}
        return await self._call("POST", "/api/oauth/access_token", json=signed)

    async def send(self, access_token: str, message: Mapping[str, Any]) -> Answer:
        """Send; ``message`` has sign_key, signature, mobile, template_id, params, out_id."""
        return await self.submit({"access_token": access_token, **message})

    async def batch(self, access_token: str, message: Mapping[str, Any]) -> Answer:
        """Send to several: ``mobiles`` in the place of ``mobile``; ``data`` has ``results``, one for each."""
        fields = {"access_token": access_token, **message}
        return await self._call("POST", "/api/sms/batch", json=fields)

    async def submit(self, fields: Mapping[str, Any]) -> Answer:
        """Post fields, whatever they are, to where sends go."""
        return await self._call("POST", "/api/sms/send", json=dict(fields))

    async def report(self, access_token: str, **which: str) -> Answer:
        """The status of a message, by ``message_id`` or ``out_id``."""
        return await self._call(
            "GET", "/api/sms/report", params={"access_token": access_token, **which}
        )

    async def balance(self, access_token: str) -> Answer:
        """What is left."""
        return await self._call("GET", "/api/sms/balance", params={"access_token": access_token})
