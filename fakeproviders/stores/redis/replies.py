"""What people answered in one session, kept in Redis; see SessionStore."""

from typing import Any

import msgspec

from fakeproviders.model import Reply
from fakeproviders.owned import owned
from fakeproviders.stores.base import MessageFilter
from fakeproviders.stores.messages import serial_of
from fakeproviders.stores.redis.asks import Keys, ReplyAsk
from fakeproviders.stores.redis.client import Client

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Reply).decode


class RedisReplies:
    """Bounded, as in the process."""

    def __init__(self, session_id: str, client: Client, keys: Keys) -> None:
        self._session_id = session_id
        self._client = client
        self._keys = keys

    async def add_reply(self, role: str, mobile: str, content: str, at: float) -> Reply:
        reply = Reply("", role, mobile, content, at)
        serial = await self._run("add_reply", ReplyAsk(role=role), _encode(reply))
        return self._reply(serial, _encode(reply))

    async def reply(self, reply_id: str) -> Reply | None:
        serial = serial_of(reply_id.rpartition(".")[2])
        packed = None
        if serial is not None:
            packed = await self._client.execute("HGET", self._keys.replies, serial)
        if serial is None or packed is None:
            return None
        found = self._reply(serial, packed)
        return found if found.id == reply_id else None

    async def fetch_replies(self, role: str, *, since: float | None, limit: int) -> list[Reply]:
        ask = ReplyAsk(role=role, since=since, limit=limit)
        serials, packed = await self._run("fetch_replies", ask)
        return [self._reply(s, p) for s, p in zip(serials, packed, strict=True)]

    async def mark_read(self, role: str, reply_id: str) -> bool:
        found = await self.reply(reply_id)
        if found is None:
            return False
        serial = int(reply_id.rpartition(".")[2])
        return bool(await self._run("mark_read", ReplyAsk(role=role, serial=serial)))

    async def latest_replies(self, wanted: MessageFilter, limit: int) -> list[Reply]:
        kept = await self._client.execute("HGETALL", self._keys.replies)
        newest = sorted(((int(serial), packed) for serial, packed in kept.items()), reverse=True)
        replies = (self._reply(serial, packed) for serial, packed in newest)
        return [reply for reply in replies if wanted.fits(reply)][:limit]

    async def _run(self, script: str, ask: ReplyAsk, *more: bytes) -> Any:
        return await self._client.run(script, self._keys.all, ask, *more)

    def _reply(self, serial: int, packed: bytes) -> Reply:
        reply = _decode(packed)
        reply.id = owned(self._session_id, reply.provider, f"{serial:09d}")
        return reply
