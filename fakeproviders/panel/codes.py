"""Verification codes: asked for, sent, checked.

A code is good for five minutes and one use, and void after five wrong tries.
"""

import hashlib
import hmac

import msgspec

from fakeproviders.failures import Words, failure
from fakeproviders.misfit import Misfit
from fakeproviders.panel.captcha import Answer, Captchas
from fakeproviders.panel.clock import Clock
from fakeproviders.panel.code_log import CAPTCHA, Asked, CodeLog, CodeRow
from fakeproviders.panel.database import Database
from fakeproviders.panel.declined import Declined, same, unusable
from fakeproviders.panel.desk import SettingsDesk
from fakeproviders.panel.events import Event
from fakeproviders.panel.findings import SEND_FAILED
from fakeproviders.panel.notices import Notices, Row, event_of
from fakeproviders.panel.outbox import Outbox
from fakeproviders.panel.sending import CODE_MINUTES, Sms, code_params, new_code

GOOD_SECONDS = CODE_MINUTES * 60
TRIES = 5
WRONG = Words(zh="验证码错误", en="wrong code")
EXPIRED = Words(zh="验证码已过期，请重新获取", en="the code has expired; ask for a new one")
VOID = Words(zh="验证码错误次数过多，请重新获取", en="too many wrong tries; ask for a new code")
_LATEST = (
    "SELECT id, digest, expires_at, tries FROM codes WHERE tenant = ? AND mobile = ? AND event = ?"
    " AND result IN ('pending', 'sent') AND used = 0 ORDER BY id DESC LIMIT 1"
)


class CodeSent(msgspec.Struct, frozen=True):
    """A code is on its way: for how many seconds it is good, and how it went."""

    expires_in: int
    sms: bool
    mail: bool


class Codes:
    """One tenant's."""

    def __init__(
        self,
        database: Database,
        tenant: str,
        *,
        desk: SettingsDesk,
        clock: Clock,
        notices: Notices,
        captchas: Captchas,
        sms: Sms,
        outbox: Outbox,
    ) -> None:
        self._database = database
        self._tenant = tenant
        self._desk = desk
        self._clock = clock
        self._notices = notices
        self._captchas = captchas
        self._sms = sms
        self._outbox = outbox
        self._log = CodeLog(database, tenant, clock)

    async def send(
        self,
        event: str,
        mobile: str,
        ip: str,
        *,
        email: str | None = None,
        captcha: Answer | None = None,
    ) -> CodeSent:
        """Send a new code by SMS, and by mail where that is on and an address known. Raises Declined."""
        code_event(event)
        row, asked = await self._notices.row(event), Asked(event, mobile, ip)
        address = email or await self._address_of(mobile)
        settings = await self._desk.all_saved()
        if settings.captcha.enabled:
            await self._solve(asked, captcha)
        if declined := _off(row, address):
            await self._log.refused(asked, declined)
            raise declined
        code = new_code()
        digest = self._digest(event, mobile, code)
        number = await self._log.admit(asked, settings, digest=digest, good_seconds=GOOD_SECONDS)
        return await self._deliver(asked, row, address, code, number)

    async def check(self, event: str, mobile: str, code: str) -> None:
        """See whether a code is right; it can be used afterwards. Raises Declined."""
        await self._check(event, mobile, code, use=False)

    async def use(self, event: str, mobile: str, code: str) -> None:
        """Use a code up. Raises Declined unless it is right."""
        await self._check(event, mobile, code, use=True)

    async def log(self, mobile: str | None = None, limit: int = 100) -> list[CodeRow]:
        """Who asked for codes, the newest first."""
        return await self._log.rows(mobile, limit)

    async def _solve(self, asked: Asked, captcha: Answer | None) -> None:
        try:
            await self._captchas.solve(captcha)
        except Declined as declined:
            await self._log.refused(asked, declined, CAPTCHA)
            raise

    async def _deliver(
        self, asked: Asked, row: Row, address: str, code: str, number: int
    ) -> CodeSent:
        sms, mail = bool(row.event.sms), row.switches.is_on("mail") and bool(address)
        if sms:
            await self._send_sms(asked, code, number)
        if mail:
            await self._mail(row, address, code)
        await self._log.sent(number)
        return CodeSent(GOOD_SECONDS, sms, mail)

    async def _send_sms(self, asked: Asked, code: str, number: int) -> None:
        try:
            await self._sms.send(asked.event, asked.mobile, code_params(code))
        except Declined as declined:
            await self._log.failed(number, declined)
            raise

    async def _mail(self, row: Row, address: str, code: str) -> None:
        body = row.templates["mail"]
        for name, value in code_params(code).items():
            body = body.replace(f"{{{name}}}", value)
        await self._outbox.put("mail", row.event.id, address, row.event.name.zh, body)

    async def _address_of(self, mobile: str) -> str:
        row = await self._database.row(
            "SELECT email FROM members WHERE tenant = ? AND mobile = ?", self._tenant, mobile
        )
        return "" if row is None else str(row["email"])

    async def _check(self, event: str, mobile: str, code: str, *, use: bool) -> None:
        code_event(event)
        now = (await self._clock.now()).timestamp()
        digest = self._digest(event, mobile, code)
        async with self._database.transaction() as transaction:
            row = await transaction.row(_LATEST, self._tenant, mobile, event)
            wrong = WRONG if row is None else None
            if row is not None:
                wrong = _verdict(dict(row), digest, now)
                tried, used = wrong is WRONG, use and wrong is None
                await transaction.change(
                    "UPDATE codes SET tries = tries + ?, used = ? WHERE id = ?",
                    tried,
                    used,
                    row["id"],
                )
        if wrong is not None:
            raise Declined(wrong)

    def _digest(self, event: str, mobile: str, code: str) -> str:
        return hashlib.sha256("|".join((self._tenant, event, mobile, code)).encode()).hexdigest()


def code_event(name: str) -> Event:
    """An event that sends codes. Raises Declined."""
    event = event_of(name)
    if not event.is_code:
        words = Words(zh="此事件不发送验证码", en="this event sends no code")
        raise unusable(Misfit("event", words))
    return event


def _verdict(row: dict[str, object], digest: str, now: float) -> Words | None:
    """What is wrong with a code, against the one that was sent."""
    tries, expires_at = row["tries"], row["expires_at"]
    assert isinstance(tries, int)  # noqa: S101 - the table's own types
    assert isinstance(expires_at, float)  # noqa: S101
    if tries >= TRIES:
        return VOID
    if now > expires_at:
        return EXPIRED
    return None if hmac.compare_digest(digest, str(row["digest"])) else WRONG


def _off(row: Row, address: str) -> Declined | None:
    """Why an event's code cannot be sent as its notice is set."""
    event = row.event
    if event.sms is None:
        if not row.switches.is_on("mail"):
            return _is_off(event, Words(zh="邮件", en="mail"))
        needed = Words(zh="需要邮箱地址", en="a mail address is needed")
        return None if address else unusable(Misfit("email", needed))
    if row.switches.is_on("sms"):
        return None
    if event.sensitive:
        entry = failure("operation_notice_disabled")
        return Declined(same(f"{entry.panel_prefix}{entry.text}"), entry.slug)
    return _is_off(event, Words(zh="短信", en="SMS"))


def _is_off(event: Event, channel: Words) -> Declined:
    return Declined(
        Words(
            zh=f"{SEND_FAILED.zh}{event.name.zh}{channel.zh}通知未开启",
            en=f"{SEND_FAILED.en}the {channel.en} notice of “{event.name.en}” is off",
        )
    )
