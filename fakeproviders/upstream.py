"""The reseller's way to the official API: a real HTTP hop, with a token of its own.

What is refused above comes back with its text. What could not be connected was not sent. Whatever
else goes wrong - a time-out, a broken connection, an answer that is none - leaves open whether it
was sent: that is settled in the background by asking for the send's out_id.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from itertools import count

import aiohttp

from fakeproviders.account import Account
from fakeproviders.clients.official import Answer, BadAnswer, Credentials, OfficialClient
from fakeproviders.domain.forward import Unsettled
from fakeproviders.failures import Reason
from fakeproviders.model import Call, Refusal
from fakeproviders.providers.official.codes import CODES
from fakeproviders.providers.reseller.settings import ResellerSettings
from fakeproviders.stores.base import StoreUnavailable
from fakeproviders.stores.pending import Onward

_BY_CODE = {
    number: reason
    for reason, code in CODES.items()
    for number in (code.code, *code.causes.values())
    if number
}
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
"""Real seconds before the second attempt to settle, doubled each time, and at most."""
_OPEN = (aiohttp.ClientError, TimeoutError, BadAnswer)

Then = Callable[[], Awaitable[object]]


class UpstreamHop:
    """One session's hop; see domain.attempt.Hop."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        url: str,
        reseller: Account,
        real: Callable[[], float] = time.time,
    ) -> None:
        self._http = http
        self._real = real
        self._url = url
        self._reseller = reseller
        self._token: tuple[Credentials, str] | None = None
        self._settling: set[asyncio.Task[None]] = set()
        self._over = False

    async def send(self, call: Call, out_id: str) -> None:
        """Forward a send; see Hop."""
        message = {
            "sign_key": call.sign_key,
            "signature": call.signature,
            "mobile": call.mobile,
            "template_id": call.template_id,
            "params": call.params,
            "out_id": out_id,
        }
        who = self._login(call.sign_key or "")
        token = await self._fetch_token(who)
        try:
            answer = await self._client().send(token, message)
            if _reason(answer) is Reason.TOKEN_EXPIRED:
                self._token = None
                answer = await self._client().send(await self._fetch_token(who), message)
        except aiohttp.ClientConnectorError as error:
            raise Refusal(Reason.UPSTREAM_UNAVAILABLE, "connect", why=str(error)) from None
        except _OPEN as error:
            why = str(error) or type(error).__name__
            raise Unsettled(why) from None
        if answer.code != 0:
            raise _refusal(answer)

    def settle(self, onward: Onward, accepted: Then, refused: Then) -> None:
        """See Hop."""
        if self._over:
            return
        finding_out = self._find_out(onward, accepted, refused)
        task = asyncio.get_running_loop().create_task(finding_out)
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)

    async def settled(self) -> None:
        """Return when nothing is left to settle."""
        while self._settling:
            await asyncio.gather(*self._settling)

    async def close(self) -> None:
        """Give up what is still to be settled: the session it concerns begins anew, or another process does it."""
        for task in self._settling:
            task.cancel()
        await asyncio.gather(*self._settling, return_exceptions=True)

    async def end(self) -> None:
        """Give it up for good: there is no session any more."""
        self._over = True
        await self.close()

    def _client(self) -> OfficialClient:
        seconds = self._settings().upstream_timeout_seconds
        return OfficialClient(self._http, self._url, timeout=seconds, now=self._real)

    def _settings(self) -> ResellerSettings:
        settings = self._reseller.settings
        assert isinstance(settings, ResellerSettings)  # noqa: S101 - its own type
        return settings

    def _login(self, sign_key: str) -> Credentials:
        """What the reseller has been told to log in with; the signature sent, unless one is named."""
        settings = self._settings()
        if settings.upstream_sign_key is not None:
            sign_key = settings.upstream_sign_key
        return Credentials(settings.upstream_app_id, settings.upstream_app_secret, sign_key)

    async def _fetch_token(self, who: Credentials) -> str:
        if self._token is not None and self._token[0] == who:
            return self._token[1]
        try:
            answer = await self._client().token(who)
        except _OPEN as error:
            why = str(error) or type(error).__name__
            raise Refusal(Reason.UPSTREAM_UNAVAILABLE, "token", why=why) from None
        if answer.code != 0:
            raise _refusal(answer)
        if not isinstance(answer.data, dict) or "access_token" not in answer.data:
            why = "the answer has no access_token"
            raise Refusal(Reason.UPSTREAM_UNAVAILABLE, "token", why=why)
        self._token = (who, str(answer.data["access_token"]))
        return self._token[1]

    async def _find_out(self, onward: Onward, accepted: Then, refused: Then) -> None:
        """Ask until there is an answer: a guess would charge one side and not the other."""
        who = self._login(onward.sign_key)
        for attempt in count():
            try:
                token = await self._fetch_token(who)
                answer = await self._client().report(token, out_id=onward.out_id)
            except (*_OPEN, Refusal):
                answer = None
            then = _then(answer, accepted, refused)
            if then is not None:
                with contextlib.suppress(StoreUnavailable):  # it does so when it is back
                    await then()
                return
            self._token = None
            await asyncio.sleep(min(_FIRST_PAUSE * 2 ** min(attempt, 10), _LONGEST_PAUSE))


def _then(answer: Answer | None, accepted: Then, refused: Then) -> Then | None:
    """What is to be done upon a report; None where it says nothing."""
    if answer is None:
        return None
    if answer.code == 0:
        return accepted
    return refused if _reason(answer) is Reason.MESSAGE_NOT_FOUND else None


def _reason(answer: Answer) -> Reason | None:
    return _BY_CODE.get(answer.code) if answer.code else None


def _refusal(answer: Answer) -> Refusal:
    reason = _reason(answer) or Reason.UPSTREAM_UNAVAILABLE
    return Refusal(reason, "upstream", text=answer.msg, code=answer.code)
