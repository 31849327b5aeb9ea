"""What can be chosen about a server, where everything is once it runs, and why it could not start."""

import secrets
from pathlib import Path
from typing import Literal

import msgspec

from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit
from fakeproviders.net import is_loopback
from fakeproviders.outgoing import TIMEOUT_SECONDS, AllowedAddresses

Part = Literal["whole", "desk", "worker"]
"""What a process is: all of it, or where several serve, the one that is asked or one of those that answer."""


class Ports(msgspec.Struct, frozen=True, kw_only=True):
    """Where to listen; 0 is any free port."""

    control: int = 9400
    official: int = 9401
    reseller: int = 9402
    erban: int = 9403
    panel: int = 9404

    @classmethod
    def free(cls) -> "Ports":
        """All free ones."""
        return cls(control=0, official=0, reseller=0, erban=0, panel=0)


class ServersConfig(msgspec.Struct, frozen=True, kw_only=True):
    """What can be chosen about a server. ``token`` guards the control API; off loopback one is made."""

    host: str = "127.0.0.1"
    ports: Ports = Ports()
    token: str | None = None
    allow_callbacks: tuple[str, ...] = ()
    """``HOST`` or ``HOST:PORT``, beside loopback: where receipts may be sent."""
    callback_timeout_seconds: float = TIMEOUT_SECONDS
    """Of real time, for one attempt."""
    panel_database: Path | None = None
    """Where the panel keeps its data over restarts; without it they end with the server."""

    store: str | None = None
    """Address of the Redis that keeps the state; without it the state is in the process."""

    part: Part = "whole"
    run: str = ""
    """Tells the processes of this server from those of others on the same store; empty where it is one."""
    workers: int = 0
    """How many of them there are, where several processes serve."""
    desk: str | None = None
    """Names a desk among those on one store; one that replaces another has its name, and its receipts."""
    inherited: dict[str, tuple[int, ...]] = {}
    """Of a desk: the descriptors of sockets that listen already, for ``control`` and ``panel``."""

    def guarded(self) -> "ServersConfig":
        """With the token that is mandatory off loopback, made if none was given."""
        if self.token or is_loopback(self.host):
            return self
        return msgspec.structs.replace(self, token=secrets.token_urlsafe(24))

    def allowed_addresses(self) -> AllowedAddresses:
        """Where callbacks may go. Raises StartError."""
        try:
            return AllowedAddresses(self.allow_callbacks)
        except Misfit as error:
            raise StartError(
                Words(
                    zh=f"--allow-callback 的值无效：{error.words.zh}",
                    en=f"--allow-callback: {error.words.en}",
                )
            ) from None


class Addresses(msgspec.Struct, frozen=True, kw_only=True):
    """Where everything is, once it runs: base URLs without a trailing slash."""

    control: str
    official: str
    reseller: str
    erban: str
    panel: str
    session: dict[str, object]
    """The default session's object, as the control API shows it; a worker shows none."""
    token: str | None = None

    def of(self, provider: str) -> str:
        """A provider's base URL."""
        return str(getattr(self, provider))


class StartError(Exception):
    """The server cannot start; one readable line says why and what to do."""

    is_usage = True
    """Whether what was asked for is wrong, or the environment that it was asked in."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self._words = words

    def words(self, lang: str) -> str:
        """The line in ``zh`` or ``en``."""
        return self._words[lang]
