"""``wrong_charset``: the body is in another charset than its Content-Type says."""

import codecs
from typing import ClassVar

from fakeproviders.failures import Words
from fakeproviders.faults.base import Chance, Fault, Wire
from fakeproviders.misfit import Misfit
from fakeproviders.model import RawReply
from fakeproviders.replies import with_body


class WrongCharset(Fault, frozen=True):
    """The request is handled; the reply's UTF-8 body is written in ``charset``, its header unchanged."""

    name: ClassVar[str] = "wrong_charset"

    charset: str = "gbk"

    def __post_init__(self) -> None:
        try:
            codecs.lookup(self.charset)
            "文".encode(self.charset, "replace")
        except (LookupError, ValueError):
            words = Words(
                zh=f"没有叫 {self.charset!r} 的文本编码",
                en=f"no text encoding is called {self.charset!r}",
            )
            raise Misfit("charset", words) from None

    async def deliver(self, wire: Wire, reply: RawReply, chance: Chance) -> RawReply | None:
        """The reply in the other charset."""
        del wire, chance
        text = reply.body.decode("utf-8", "replace")
        return with_body(reply, text.encode(self.charset, "replace"))
