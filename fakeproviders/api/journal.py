"""What a session's providers received."""

from typing import Unpack

import msgspec

from fakeproviders.api.answers import Exchange, Request
from fakeproviders.api.asked import Wanted
from fakeproviders.api.link import Link
from fakeproviders.api.story import TOLD, story


class Journal:
    """The requests of one session."""

    def __init__(self, link: Link, path: str) -> None:
        self._link = link
        self._path = f"{path}/requests"

    async def requests(self, **wanted: Unpack[Wanted]) -> list[Request]:
        """In the order they came."""
        document = await self._link.get(self._path, **wanted)
        return msgspec.convert(document["requests"], list[Request])

    async def request(self, request_id: str) -> Exchange:
        """One of them whole."""
        return msgspec.convert(await self._link.get(f"{self._path}/{request_id}"), Exchange)

    async def story(self) -> str:
        """The newest of them in words: what came, and why it was refused."""
        found = await self.requests(limit=TOLD + 1)
        told = [await self.request(one.id) for one in found[-TOLD:]]
        return story(told, self._link.client.lang, evicted=len(found) > TOLD)
