"""What the processes of one server have counted, kept where each can read what the others did."""

from typing import Protocol


class Tallies(Protocol):
    """A tally of each process, as bytes. Those of processes that are gone stay as long as the server runs."""

    async def put(self, packed: bytes) -> None:
        """Replace this process's. Raises StoreUnavailable."""

    async def others(self) -> list[bytes]:
        """Those of all others. Raises StoreUnavailable."""
