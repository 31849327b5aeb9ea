"""A session's inbox: the messages that its providers accepted."""

import msgspec

from fakeproviders.api.answers import Message, Reply
from fakeproviders.api.asked import Status
from fakeproviders.api.errors import NoMessage
from fakeproviders.api.journal import Journal
from fakeproviders.api.link import Link
from fakeproviders.api.story import no_message
from fakeproviders.api.unseen import MOST, Unseen


class Inbox:
    """Messages across providers. Waiting hands out each message once; ``messages`` always shows all.

    >>> send_code("13800138000", code="482915")
    >>> await session.inbox.wait_for_code("13800138000")
    '482915'
    >>> messages = await session.inbox.messages()
    >>> [(message.mobile, message.status) for message in messages]
    [('13800138000', 'submitted')]
    """

    def __init__(self, link: Link, path: str, journal: Journal) -> None:
        self._link = link
        self._path = f"{path}/messages"
        self._replies_path = f"{path}/replies"
        self._journal = journal
        self._unseen = Unseen(link, self._path, "messages", Message)

    async def messages(
        self, mobile: str | None = None, *, provider: str | None = None, limit: int = MOST
    ) -> list[Message]:
        """The newest so many, in the order they were accepted."""
        document = await self._link.get(self._path, mobile=mobile, provider=provider, limit=limit)
        return msgspec.convert(document["messages"], list[Message])

    async def wait_for_message(
        self, mobile: str | None = None, *, provider: str | None = None, within: float = 10.0
    ) -> Message:
        """The newest message, waiting for one that was not waited for before.

        Raises NoMessage when none has come within so many seconds of real time.
        """
        __tracebackhide__ = True
        return await self._wait(mobile, provider, within, with_code=False)

    async def wait_for_code(
        self, mobile: str | None = None, *, provider: str | None = None, within: float = 10.0
    ) -> str:
        """The verification code of the newest message, waited for in the same way.

        >>> await session.inbox.wait_for_code("13900139000", within=0.01)
        Traceback (most recent call last):
        fakeproviders.api.errors.NoMessage: no message with a code for 13900139000 within 0.01 s
        The providers received nothing.
        """
        __tracebackhide__ = True
        message = await self._wait(mobile, provider, within, with_code=True)
        return str(message.code)

    async def set_status(self, message: Message, status: Status, error: str = "") -> Message:
        """Decide what became of a message; ``error`` is the operator's word for it, as UNDELIV."""
        body = {"status": status, "error": error}
        document = await self._link.post(f"{self._path}/{message.id}/status", body)
        return msgspec.convert(document, Message)

    async def answer(self, mobile: str, content: str, *, provider: str = "erban") -> Reply:
        """Let the person at a mobile answer: to be fetched by the account, or called back to it.

        >>> answer = await session.inbox.answer("13800138000", "T")
        >>> answer.status
        'new'
        """
        body = {"mobile": mobile, "content": content, "provider": provider}
        return msgspec.convert(await self._link.post(self._replies_path, body), Reply)

    def forget(self) -> None:
        """Begin anew with what was waited for: the session was reset."""
        self._unseen.forget()

    async def _wait(
        self, mobile: str | None, provider: str | None, within: float, *, with_code: bool
    ) -> Message:
        __tracebackhide__ = True
        found = await self._unseen.newest(
            within,
            lambda message: bool(message.code) or not with_code,
            mobile=mobile,
            provider=provider,
        )
        if found is None:
            what = no_message(mobile, within, self._link.client.lang, with_code=with_code)
            raise NoMessage(f"{what}\n{await self._journal.story()}")
        return found
