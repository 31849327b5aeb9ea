"""``wrong_content_type``: the right body under a type it does not have."""

from typing import ClassVar

from fakeproviders.failures import Words
from fakeproviders.faults.base import Chance, Fault, Wire
from fakeproviders.misfit import Misfit
from fakeproviders.model import RawReply
from fakeproviders.replies import with_header


class WrongContentType(Fault, frozen=True):
    """The request is handled; the reply's Content-Type is ``content_type``."""

    name: ClassVar[str] = "wrong_content_type"

    content_type: str = "text/html; charset=utf-8"

    def __post_init__(self) -> None:
        if not self.content_type.isascii() or not self.content_type.isprintable():
            words = Words(
                zh="content_type 必须是可打印的 ASCII 字符",
                en="content_type must be printable ASCII",
            )
            raise Misfit("", words)

    async def deliver(self, wire: Wire, reply: RawReply, chance: Chance) -> RawReply | None:
        """The reply under the other type."""
        del wire, chance
        return with_header(reply, "Content-Type", self.content_type)
