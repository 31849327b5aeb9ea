"""Where a Redis is: ``redis://[user:password@]host[:port][/db]``, ``rediss://`` (TLS) or ``unix:///path[?db=n]``."""

from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import msgspec

from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit

USUAL_PORT = 6379
SCHEMES = ("redis", "rediss", "unix")


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """A Redis, and which of its databases. ``path`` is a Unix socket's."""

    host: str = ""
    port: int = USUAL_PORT
    path: str = ""
    db: int = 0
    username: str = ""
    password: str = ""
    tls: bool = False

    def __str__(self) -> str:
        """For people: no password."""
        return self.path or f"{self.host}:{self.port}"


def parse_address(text: str) -> Address:
    """The address that a text gives. Raises Misfit."""
    try:
        parts = urlsplit(text)
        port = parts.port or USUAL_PORT
    except ValueError:
        raise _misfit(text) from None
    place = parts.path if parts.scheme == "unix" else parts.hostname
    db = _database(parts)
    if parts.scheme not in SCHEMES or not place or not (db.isascii() and db.isdigit()):
        raise _misfit(text)
    return Address(
        host="" if parts.scheme == "unix" else place,
        port=port,
        path=place if parts.scheme == "unix" else "",
        db=int(db[:9]),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=parts.scheme == "rediss",
    )


def _database(parts: SplitResult) -> str:
    if parts.scheme == "unix":
        return parse_qs(parts.query).get("db", ["0"])[0]
    return parts.path.strip("/") or "0"


def _misfit(text: str) -> Misfit:
    known = "redis://host:6379/0、rediss://host:6380/0、unix:///run/redis.sock"
    return Misfit(
        "",
        Words(
            zh=f"{text!r} 不是 Redis 地址；应如 {known}",
            en=f"{text!r} is no Redis address; give one like {known.replace('、', ', ')}",
        ),
    )
