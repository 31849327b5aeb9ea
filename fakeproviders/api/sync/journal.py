# Made from journal.py by: python -m tests.api.synchronous
"""What a session's providers received."""

from typing import Unpack

import msgspec

from fakeproviders.api.answers import Exchange, Request
from fakeproviders.api.asked import Wanted
from fakeproviders.api.story import TOLD, story
from fakeproviders.api.sync.link import SyncLink


class SyncJournal:
    """The requests of one session."""

    def __init__(self, link: SyncLink, path: str) -> None:
        self._link = link
        self._path = f"{path}/requests"

    def requests(self, **wanted: Unpack[Wanted]) -> list[Request]:
        """In the order they came."""
        document = self._link.get(self._path, **wanted)
        return msgspec.convert(document["requests"], list[Request])

    def request(self, request_id: str) -> Exchange:
        """One of them whole."""
        return msgspec.convert(self._link.get(f"{self._path}/{request_id}"), Exchange)

    def story(self) -> str:
        """The newest of them in words: what came, and why it was refused."""
        found = self.requests(limit=TOLD + 1)
        told = [self.request(one.id) for one in found[-TOLD:]]
        return story(told, self._link.client.lang, evicted=len(found) > TOLD)
