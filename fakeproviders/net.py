"""Facts about addresses, and about who asks."""

import ipaddress
from collections.abc import Mapping
from functools import lru_cache

from fakeproviders.failures import Words


@lru_cache(maxsize=64)
def is_loopback(host: str) -> bool:
    """Whether a name or address is this machine's own, reachable by nobody else."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def foreign(headers: Mapping[str, str], scheme: str, *, only_local_names: bool) -> Words | None:
    """Why a request may not drive a server of ours, or None: no web page of another origin may.

    ``only_local_names``: the server listens on loopback, so that any other Host is a rebound name.
    """
    host = headers.get("Host", "")
    if only_local_names and not is_loopback(_without_port(host)):
        return Words(
            zh=f"Host 为 {host!r}，只接受 127.0.0.1、localhost 或 [::1]：防止网页驱动本服务",
            en=f"Host is {host!r}; only 127.0.0.1, localhost or [::1] may drive this server",
        )
    origin = headers.get("Origin")
    if origin is not None and origin != f"{scheme}://{host}":
        return Words(
            zh=f"Origin 为 {origin!r}，只接受本服务自己的页面：防止网页驱动本服务",
            en=f"Origin is {origin!r}; only this server's own pages may drive this server",
        )
    return None


def asked_language(accepted: str, default: str) -> str:
    """``zh`` or ``en``: the first of them in an Accept-Language header."""
    for part in accepted.split(","):
        tag = part.strip().lower()[:2]
        if tag in {"zh", "en"}:
            return tag
    return default


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]
