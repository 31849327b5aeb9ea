"""Facts about addresses."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Whether a name or address is this machine's own, reachable by nobody else."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
