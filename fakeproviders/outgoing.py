"""What we send by ourselves: to which addresses, and the request itself.

Only addresses that the operator allowed are called: loopback, and what ``--allow-callback`` names. A
name is looked up once and stays what it was then, so that it cannot lead elsewhere later.
"""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Iterable

import aiohttp
import msgspec
from multidict import CIMultiDict
from yarl import URL

from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit
from fakeproviders.model import RawReply, RawRequest
from fakeproviders.net import is_loopback
from fakeproviders.providers.base import Callback

TIMEOUT_SECONDS = 5.0
MAX_REPLY = 64 << 10
"""Bytes of an answer's body that are kept."""
LOCALHOST = ("127.0.0.1", "::1")
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\Z")
_BY_AIOHTTP = ("User-Agent", "Accept", "Accept-Encoding")
"""Headers that aiohttp adds to those given; these requests have none of them."""

Resolve = Callable[[str], Awaitable[tuple[str, ...]]]


class NotAllowed(Misfit):
    """An address that may not be called, and why."""

    def __init__(self, words: Words) -> None:
        super().__init__("", words)


class Answer(msgspec.Struct, frozen=True, gc=False):
    """What came of a request: the reply, or why there was none."""

    reply: RawReply | None
    error: str = ""

    @property
    def accepted(self) -> bool:
        """Whether it was answered 2xx."""
        return self.reply is not None and 200 <= self.reply.status < 300


class AllowedAddresses:
    """Loopback, and hosts by name or address, each with one port or all. Raises Misfit."""

    def __init__(self, entries: Iterable[str] = ()) -> None:
        self._allowed = frozenset(_host_and_port(entry) for entry in entries)

    def check(self, url: str) -> URL:
        """The address taken apart. Raises NotAllowed."""
        target = _parsed(url)
        host, port = target.raw_host or "", target.port
        if is_loopback(host) or not self._allowed.isdisjoint({(host, None), (host, port)}):
            return target
        raise NotAllowed(
            Words(
                zh=f"不允许的地址 {host}:{port}：只能是本机回环地址，"
                "或启动时用 --allow-callback HOST[:PORT] 给出的地址",
                en=f"{host}:{port} is not an allowed address: loopback is, and what the server was "
                "started with in --allow-callback HOST[:PORT]",
            )
        )


LOOPBACK = AllowedAddresses()


class Outgoing:
    """Makes requests over a client session. ``timeout`` is in seconds of real time, for all of one."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        allowed: AllowedAddresses = LOOPBACK,
        *,
        timeout: float = TIMEOUT_SECONDS,
        resolve: Resolve | None = None,
    ) -> None:
        self._http = http
        self._allowed = allowed
        self._timeout = timeout
        self._resolve = resolve or look_up
        self._pinned: dict[str, tuple[str, ...]] = {"localhost": LOCALHOST}

    async def post(self, url: str, request: RawRequest) -> Answer:
        """Send it. Redirects are not followed; never raises for what the other side does."""
        try:
            target = self._allowed.check(url)
            async with asyncio.timeout(self._timeout):
                return Answer(await self._to_any(target, request))
        except TimeoutError:
            return Answer(None, f"no answer within {self._timeout:g} s")
        except (aiohttp.ClientError, OSError, NotAllowed) as error:
            return Answer(None, str(error) or type(error).__name__)

    async def _to_any(self, target: URL, request: RawRequest) -> RawReply:
        """To the first of the host's addresses that can be connected."""
        first, *others = await self._addresses(target.raw_host or "")
        try:
            return await self._to(first, target, request)
        except aiohttp.ClientConnectorError:
            for address in others:
                try:
                    return await self._to(address, target, request)
                except aiohttp.ClientConnectorError:
                    continue
            raise

    async def _to(self, address: str, target: URL, request: RawRequest) -> RawReply:
        name = target.raw_host if target.scheme == "https" else None
        async with self._http.post(
            target.with_host(address),
            data=request.body,
            headers=request.headers,
            skip_auto_headers=_BY_AIOHTTP,
            allow_redirects=False,
            server_hostname=name,
        ) as response:
            headers = tuple(
                (k.decode("latin-1"), v.decode("latin-1")) for k, v in response.raw_headers
            )
            return RawReply(response.status, headers, await _start_of(response.content))

    async def _addresses(self, host: str) -> tuple[str, ...]:
        if _is_address(host):
            return (host,)
        if host not in self._pinned:
            self._pinned[host] = await self._resolve(host)
        return self._pinned[host]


def outgoing_request(url: str, callback: Callback) -> RawRequest:
    """The request as it is going to be on the wire. Raises ValueError for a URL that is none."""
    target = URL(url)
    headers = {
        "Host": target.host_port_subcomponent or "",
        "Content-Type": callback.content_type,
        "Content-Length": str(len(callback.body)),
        "Connection": "close",
    }
    return RawRequest(
        method="POST",
        path=target.path,
        query=target.raw_query_string,
        headers=CIMultiDict(headers),
        raw_headers=tuple((k.encode(), v.encode()) for k, v in headers.items()),
        body=callback.body,
        origin=str(target.origin()),
    )


def client_session() -> aiohttp.ClientSession:
    """For Outgoing alone: who keeps us waiting is in nobody else's way, and no cookie is kept."""
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())


async def _start_of(content: aiohttp.StreamReader) -> bytes:
    found = bytearray()
    while len(found) < MAX_REPLY and (chunk := await content.read(MAX_REPLY - len(found))):
        found += chunk
    return bytes(found)


async def look_up(name: str) -> tuple[str, ...]:
    """All addresses of a name. Raises OSError."""
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise OSError(f"the name {name} cannot be looked up: {error.strerror or error}") from None
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


def _parsed(url: str) -> URL:
    if not url.isprintable() or " " in url:
        raise NotAllowed(
            Words(zh="含有 URL 里不能有的字符", en="has a character that no URL may have")
        )
    try:
        target = URL(url)
        port = target.port
    except ValueError as error:
        raise NotAllowed(Words(zh="不是 URL", en=f"is not a URL: {error}")) from None
    if target.scheme not in {"http", "https"} or not target.raw_host or not port:
        raise NotAllowed(
            Words(
                zh="必须是像 http://127.0.0.1:8080/path 这样的地址（也可以是 https）",
                en="must be an address like http://127.0.0.1:8080/path (or https)",
            )
        )
    if target.raw_user is not None or target.raw_password is not None:
        raise NotAllowed(Words(zh="不能带用户名和密码", en="must have no user and password in it"))
    return target


def _host_and_port(entry: str) -> tuple[str, int | None]:
    """``HOST``, ``HOST:PORT``, an IPv6 address with or without brackets. Raises Misfit."""
    try:
        target = URL(
            f"http://[{entry}]" if _is_address(entry) and ":" in entry else f"http://{entry}"
        )
        host, port = target.raw_host or "", target.explicit_port
        whole = target == target.origin() and entry.isprintable() and port != 0
    except ValueError:
        host, port, whole = "", None, False
    if not whole or not (_is_address(host) or _NAME.match(host)):
        raise Misfit(
            "",
            Words(
                zh=f"{entry!r} 不是 HOST 或 HOST:PORT，例如 hooks.example 或 10.0.0.5:8080",
                en=f"{entry!r} is not HOST or HOST:PORT, as hooks.example or 10.0.0.5:8080",
            ),
        )
    return host, port


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
