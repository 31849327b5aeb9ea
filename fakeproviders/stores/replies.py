"""What people answered in one session, as the in-process store keeps it; see SessionStore."""

from itertools import islice

from msgspec import structs

from fakeproviders.model import Reply
from fakeproviders.owned import owned
from fakeproviders.ring import Ring
from fakeproviders.stores.base import MessageFilter
from fakeproviders.stores.messages import serial_of

REPLIES_LIMIT = 10_000


class Replies:
    """A bounded ring; who asks gets copies."""

    def __init__(self, session_id: str) -> None:
        self._session_id = session_id
        self._ring: Ring[Reply] = Ring(REPLIES_LIMIT)

    def add(self, role: str, mobile: str, content: str, at: float) -> Reply:
        """Keep one."""
        reply_id = owned(self._session_id, role, f"{self._ring.next_serial:09d}")
        reply = Reply(reply_id, role, mobile, content, at)
        self._ring.append(reply)
        return structs.replace(reply)

    def get(self, reply_id: str) -> Reply | None:
        """The one with this id."""
        found = self._find(reply_id)
        return None if found is None else structs.replace(found)

    def fetch(self, role: str, *, since: float | None, limit: int) -> list[Reply]:
        """An account's that are not read, oldest first; now they are fetched."""
        unread = (
            reply
            for _, reply in self._ring.since(0)
            if reply.provider == role
            and reply.status != "read"
            and (since is None or reply.at >= since)
        )
        found = list(islice(unread, limit))
        for reply in found:
            reply.status = "fetched"
        return [structs.replace(reply) for reply in found]

    def mark_read(self, role: str, reply_id: str) -> bool:
        """False when the account has no such reply."""
        reply = self._find(reply_id)
        if reply is None or reply.provider != role:
            return False
        reply.status = "read"
        return True

    def latest(self, wanted: MessageFilter, limit: int) -> list[Reply]:
        """The newest, newest first."""
        fitting = (reply for _, reply in self._ring.newest_first() if wanted.fits(reply))
        return [structs.replace(reply) for reply in islice(fitting, limit)]

    def clear(self) -> None:
        """Forget all."""
        self._ring.clear()

    def _find(self, reply_id: str) -> Reply | None:
        serial = serial_of(reply_id.rpartition(".")[2])
        reply = None if serial is None else self._ring.get(serial)
        return reply if reply is not None and reply.id == reply_id else None
