"""The three providers' clients behind one face, for bare clients."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from secrets import token_hex
from typing import Any, ClassVar

import aiohttp

from fakeproviders.clients.answer import Answer, BadAnswer
from fakeproviders.clients.erban import ErbanClient, Login
from fakeproviders.clients.official import Credentials, OfficialClient
from fakeproviders.clients.reseller import Member, ResellerClient

Values = dict[str, Any]
SUCCESS = 0


class Channel:
    """One provider's client with settings, as the panel's are, and what it keeps between calls."""

    actions: ClassVar[tuple[str, ...]] = ()
    """What it can do beside sending."""
    settings: ClassVar[tuple[str, ...]]
    """Paths of the settings that it goes by."""
    roles: ClassVar[frozenset[str]]
    """Accounts that are about it."""

    def __init__(self, http: aiohttp.ClientSession, session: Values) -> None:
        self._http = http
        self._session = session
        self._last = ""
        self.settings_now: Values = {}

    async def send(self, message: Values) -> Answer:
        """Send; ``message`` has mobile, template_id, params, content, and what else is to be said."""
        raise NotImplementedError

    async def act(self, action: str, wanted: Any) -> Answer:
        """Do one of ``actions``, or the action ``send``."""
        if action == "send":
            return await self.send(given(wanted))
        answer: Answer = await getattr(self, action)(wanted)
        return answer

    def note(self, answer: Answer) -> Answer:
        """Remember which message was sent last; the answer as it is."""
        if answer.code == SUCCESS and isinstance(answer.data, Mapping):
            self._last = str(answer.data.get("message_id", ""))
        return answer

    def asked_about(self, wanted: Any) -> str:
        """The message that a report is asked of: the newest that was sent, unless one is named."""
        return str(wanted.message_id or self._last)

    @property
    def timeout(self) -> float:
        """Seconds that a reply may take."""
        return float(self.settings_now["sending"]["timeout_seconds"])


class Official(Channel):
    """The official API; the token is fetched when it is first needed, and kept."""

    actions = ("batch", "token", "report", "balance", "clear_cache")
    settings = ("sms.official.sign_key", "sms.official.signature", "interface.*")
    roles = frozenset({"official"})
    _token = ""

    async def send(self, message: Values) -> Answer:
        """Fetch a token where there is none, and send."""
        return await self._with_token(lambda: self._send(message))

    async def token(self, wanted: Any) -> Answer:
        """A new token."""
        del wanted
        interface, own = self.settings_now["interface"], self.settings_now["sms"]["official"]
        who = Credentials(interface["app_id"], interface["app_secret"], own["sign_key"])
        answer = await self._client().token(who)
        if answer.code == SUCCESS:
            self._token = _issued(answer)
        return answer

    async def batch(self, wanted: Any) -> Answer:
        """Send one text to several."""
        return await self._with_token(lambda: self._batch(wanted.mobiles))

    async def report(self, wanted: Any) -> Answer:
        """What became of a message."""
        return await self._with_token(
            lambda: self._client().report(self._token, message_id=self.asked_about(wanted))
        )

    async def balance(self, wanted: Any) -> Answer:
        """What is left."""
        del wanted
        return await self._with_token(lambda: self._client().balance(self._token))

    async def clear_cache(self, wanted: Any) -> Answer:
        """Forget the token."""
        del wanted
        self._token = ""
        return Answer(SUCCESS, "")

    async def _send(self, message: Values) -> Answer:
        own = self.settings_now["sms"]["official"]
        fields = templated(message, own, self._template)
        return self.note(await self._client().send(self._token, fields))

    async def _batch(self, mobiles: Sequence[str]) -> Answer:
        own = self.settings_now["sms"]["official"]
        fields = templated({"mobiles": list(mobiles)}, own, self._template)
        return await self._client().batch(self._token, fields)

    async def _with_token(self, call: Callable[[], Awaitable[Answer]]) -> Answer:
        if not self._token:
            answer = await self.token(None)
            if answer.code != SUCCESS:
                return answer
        return await call()

    @property
    def _template(self) -> str:
        return str(self._session["official"]["template_id"])

    def _client(self) -> OfficialClient:
        url = self.settings_now["interface"]["url"]
        return OfficialClient(self._http, url, timeout=self.timeout)


class Reseller(Channel):
    """The proxy in front of the official API."""

    actions = ("report", "balance")
    settings = ("sms.reseller.*",)
    roles = frozenset({"reseller", "upstream"})

    async def send(self, message: Values) -> Answer:
        """Send."""
        template = str(self._session["reseller"]["template_id"])
        fields = templated(message, self._own, template)
        return self.note(await self._client().send(self._who, fields))

    async def report(self, wanted: Any) -> Answer:
        """What became of a message."""
        return await self._client().report(self._who, message_id=self.asked_about(wanted))

    async def balance(self, wanted: Any) -> Answer:
        """What is left."""
        del wanted
        return await self._client().balance(self._who)

    @property
    def _own(self) -> Values:
        own: Values = self.settings_now["sms"]["reseller"]
        return own

    @property
    def _who(self) -> Member:
        return Member(self._own["member_id"], self._own["api_key"])

    def _client(self) -> ResellerClient:
        return ResellerClient(self._http, self._own["url"], timeout=self.timeout)


class Erban(Channel):
    """SendSms3 over SOAP, or the GBK form: as the address says. Several mobiles go in one field."""

    actions = ("batch",)
    settings = ("sms.erban.*",)
    roles = frozenset({"erban"})

    async def send(self, message: Values) -> Answer:
        """Send the whole text, signature included."""
        own = self.settings_now["sms"]["erban"]
        who = Login(own["account"], own["login_password"], own["auth_code"], own["channel"])
        signature = message.get("signature") or own["signature"]
        sent = {
            "mobile": message["mobile"],
            "content": f"{signature}{message.get('content') or CONTENT}",
            "smsid": message.get("out_id") or token_hex(8),
        }
        return await ErbanClient(self._http, own["url"], timeout=self.timeout).send(who, sent)

    async def batch(self, wanted: Any) -> Answer:
        """Send one text to several."""
        return await self.send({**given(wanted), "mobile": ",".join(wanted.mobiles)})


CONTENT = "您的验证码是246810，5分钟内有效。"
PARAMS = {"code": "246810", "minutes": "5"}
CHANNELS: Mapping[str, type[Channel]] = {
    "official": Official,
    "reseller": Reseller,
    "erban": Erban,
}


def _issued(answer: Answer) -> str:
    """The token. Raises BadAnswer for an answer that has none, whatever its code."""
    token = answer.data.get("access_token") if isinstance(answer.data, Mapping) else None
    if not isinstance(token, str):
        raise BadAnswer(HTTPStatus.OK, answer.msg)
    return token


def given(wanted: Any) -> Values:
    """An action's parameters, those that were given."""
    names = wanted.__struct_fields__
    return {name: getattr(wanted, name) for name in names if getattr(wanted, name) is not None}


def templated(message: Values, own: Values, template_id: str) -> Values:
    """The fields of a send by template; what the message does not say is the settings' or the account's."""
    return {
        "sign_key": message.get("sign_key", own["sign_key"]),
        "signature": message.get("signature", own["signature"]),
        "template_id": message.get("template_id", template_id),
        "params": message.get("params", PARAMS),
        **{name: message[name] for name in ("mobile", "mobiles", "out_id") if name in message},
    }
