"""``status``: an error page of the web server instead of the provider's reply."""

from typing import ClassVar, Literal

from fakeproviders.faults.base import Chance, Interception, Wire, between
from fakeproviders.model import RawReply
from fakeproviders.pages import error_page


class Status(Interception, frozen=True):
    """A 4xx or 5xx with the HTML page of ``server``; nothing is sent as an SMS.

    Without ``server`` it is the page of the provider's own web server.
    """

    name: ClassVar[str] = "status"

    status: int = 503
    server: Literal["nginx", "iis", "php"] | None = None

    def __post_init__(self) -> None:
        between("status", self.status, 400, 599)

    async def deliver(self, wire: Wire, reply: RawReply, chance: Chance) -> RawReply | None:
        """Answer with the page."""
        del reply, chance
        if self.server is None:
            return wire.status_page(self.status)
        return error_page(self.server, self.status)
