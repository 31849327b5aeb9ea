"""Events that somebody is told of, by every channel that is on."""

import msgspec

from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit
from fakeproviders.panel.declined import Declined, unusable
from fakeproviders.panel.events import CHANNELS
from fakeproviders.panel.notices import Notices, Row
from fakeproviders.panel.outbox import Outbox
from fakeproviders.panel.sending import Sms

ROW_OFF = Words(zh="此事件的通知未开启", en="the notice of this event is off")
NO_ADDRESS = Words(zh="没有邮箱地址", en="no mail address is known")


class Outcome(msgspec.Struct, frozen=True):
    """What became of a notice by one channel."""

    sent: bool
    words: Words | None = None
    failure: str | None = None


class Notifier:
    """One tenant's."""

    def __init__(self, notices: Notices, sms: Sms, outbox: Outbox) -> None:
        self._notices = notices
        self._sms = sms
        self._outbox = outbox

    async def notify(self, event: str, mobile: str, email: str | None = None) -> dict[str, Outcome]:
        """Tell of an event by every channel that is on; what became of each. Raises Declined."""
        row = await self._notices.row(event)
        if row.event.is_code:
            words = Words(
                zh="此事件发送验证码，不是通知", en="this event sends a code, it is no notice"
            )
            raise unusable(Misfit("event", words))
        if not row.row:
            raise Declined(ROW_OFF)
        return {
            channel: await self._tell(row, channel, mobile, email or "")
            for channel in CHANNELS
            if row.switches.is_on(channel)
        }

    async def _tell(self, row: Row, channel: str, mobile: str, email: str) -> Outcome:
        event = row.event
        if channel == "sms":
            try:
                await self._sms.send(event.id, mobile, {"name": event.name.zh})
            except Declined as declined:
                return Outcome(sent=False, words=declined.words, failure=declined.failure)
            return Outcome(sent=True)
        recipient = email if channel == "mail" else mobile
        if not recipient:
            return Outcome(sent=False, words=NO_ADDRESS)
        body = row.templates[channel].replace("{name}", event.name.zh)
        await self._outbox.put(channel, event.id, recipient, event.name.zh, body)
        return Outcome(sent=True)
