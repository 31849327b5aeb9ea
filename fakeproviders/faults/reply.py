"""``reply``: a raw reply written out in the rule."""

from functools import lru_cache
from typing import ClassVar

import msgspec

from fakeproviders.failures import Words
from fakeproviders.faults.base import Chance, Interception, Wire, between
from fakeproviders.http1 import WRITTEN_BY_US
from fakeproviders.misfit import Misfit
from fakeproviders.model import RawReply


class Reply(Interception, frozen=True):
    """Any status, headers and body instead of the provider's reply; nothing is sent as an SMS."""

    name: ClassVar[str] = "reply"

    status: int = 200
    headers: dict[str, str] = msgspec.field(default_factory=dict)
    body: str = ""

    def __post_init__(self) -> None:
        between("status", self.status, 200, 599)
        for name, value in self.headers.items():
            if not name or not (name + value).isprintable():
                words = Words(
                    zh=f"{name!r} 含有报头里不能有的字符",
                    en=f"{name!r} has a character that no header may have",
                )
                raise Misfit("headers", words)
            if name.lower() in WRITTEN_BY_US:
                words = Words(
                    zh=f"{name} 由服务器自己写", en=f"{name} is written by the server itself"
                )
                raise Misfit("headers", words)
        if self.body and self.status in {204, 304}:
            words = Words(
                zh=f"状态 {self.status} 的响应没有正文",
                en=f"a reply of status {self.status} has no body",
            )
            raise Misfit("body", words)

    async def deliver(self, wire: Wire, reply: RawReply, chance: Chance) -> RawReply | None:
        """Answer with what the rule says."""
        del wire, reply, chance
        return RawReply(self.status, tuple(self.headers.items()), _encoded(self.body))


@lru_cache(maxsize=256)
def _encoded(body: str) -> bytes:
    """One copy for all the journal's entries that keep it."""
    return body.encode()
