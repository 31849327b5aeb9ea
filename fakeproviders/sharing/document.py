"""A session as one process tells others of it: all that they have to know to serve it alike.

Quotas, tokens, messages are in the store. The journal has a way of its own.
"""

from typing import Any

import msgspec

from fakeproviders.clock import ClockState, Hands
from fakeproviders.faults.engine import KnownRule


class OwnPorts(msgspec.Struct, frozen=True, array_like=True):
    """Listeners of a session's own: which desk has them, and their numbers by provider."""

    desk: str
    numbers: dict[str, int]


class SessionDocument(msgspec.Struct, frozen=True, array_like=True):
    """A session's state at one moment. Accounts are named by role; moments are epoch seconds."""

    id: str
    seed: int
    name: str
    created_at: float
    ttl: float | None
    start: ClockState
    balances: dict[str, int]
    """What the accounts begin with."""
    initial: dict[str, dict[str, Any]]
    settings: dict[str, dict[str, Any]]
    """Of each account, at first and now."""
    hands: Hands
    rules: list[KnownRule]
    rules_made: int
    resets: int
    own_ports: OwnPorts | None
