"""A session's outbox: what its panel sent by other ways than SMS."""

import msgspec

from fakeproviders.api.answers import Letter
from fakeproviders.api.asked import LetterKind
from fakeproviders.api.errors import NoMessage
from fakeproviders.api.journal import Journal
from fakeproviders.api.link import Link
from fakeproviders.api.story import no_letter
from fakeproviders.api.unseen import MOST, Unseen


class Outbox:
    """Mails, in-site messages and WeChat notices of the panel, which go nowhere else.

    A recipient is a mail address, or the mobile of who is told. Waiting hands out each letter once;
    ``letters`` always shows all.

    >>> await session.outbox.letters(kind="mail")
    []
    """

    def __init__(self, link: Link, path: str, journal: Journal) -> None:
        self._link = link
        self._path = f"{path}/outbox"
        self._journal = journal
        self._unseen = Unseen(link, self._path, "outbox", Letter)

    async def letters(
        self, recipient: str | None = None, *, kind: LetterKind | None = None, limit: int = MOST
    ) -> list[Letter]:
        """The newest so many, in the order they were sent."""
        document = await self._link.get(self._path, recipient=recipient, kind=kind, limit=limit)
        return msgspec.convert(document["outbox"], list[Letter])

    async def wait_for_letter(
        self,
        recipient: str | None = None,
        *,
        kind: LetterKind | None = None,
        within: float = 10.0,
    ) -> Letter:
        """The newest letter, waiting for one that was not waited for before.

        Raises NoMessage when none has come within so many seconds of real time.

        >>> await session.outbox.wait_for_letter("ann@example.com", kind="mail", within=0.01)
        Traceback (most recent call last):
        fakeproviders.api.errors.NoMessage: no mail for ann@example.com within 0.01 s
        The providers received nothing.
        """
        __tracebackhide__ = True
        found = await self._unseen.newest(
            within, lambda letter: True, recipient=recipient, kind=kind
        )
        if found is None:
            what = no_letter(recipient, kind, within, self._link.client.lang)
            raise NoMessage(f"{what}\n{await self._journal.story()}")
        return found

    def forget(self) -> None:
        """Begin anew with what was waited for: the session was reset."""
        self._unseen.forget()
