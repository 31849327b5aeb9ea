"""``refuse``: the listener is down, connections are refused.

A state of a listener rather than an answer to a request: only a session with ports of its own can
have it, and whoever owns the listeners brings it about. See dedicated.DedicatedPorts.
"""

from typing import ClassVar

from fakeproviders.faults.base import Interception


class Refuse(Interception, frozen=True):
    """Nobody gets as far as sending a request."""

    name: ClassVar[str] = "refuse"
