"""What a load process is told to do."""

import msgspec

MOBILES = 100_000
"""Mobiles of a stream that needs no fewer."""


class Stream(msgspec.Struct, frozen=True):
    """Attempts through one door."""

    door: str
    who: dict[str, str]
    """The session's address and credentials at the door's provider."""
    attempts: int
    connections: int
    token: str = ""
    mobiles: int = MOBILES


class Job(msgspec.Struct, frozen=True):
    """All that a load process is to do."""

    seed: str
    streams: list[Stream]
    records: str
    """The file for its records."""
    rest: float = 0.0
    """Seconds that a client waits after a refusal before its next attempt."""
