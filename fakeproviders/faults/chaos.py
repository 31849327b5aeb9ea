"""What can go wrong with a delivery receipt: the settings of the fault ``receipt``."""

import msgspec

LONGEST = 366 * 86400.0
MOST_COPIES = 100


class Chaos(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, frozen=True):
    """One receipt's disorder; without any setting it goes as it should."""

    never: bool = False
    """It is not sent at all."""
    late_seconds: float = 0.0
    """It is sent so much later, on the session's clock; the message's own status is in time."""
    copies: int = 1
    """It is sent so often, one right after the other."""
    contradict: bool = False
    """A second one follows, and says the opposite."""
    out_of_order: bool = False
    """It is held back until the account's next receipt has gone, 60 seconds of the session's clock at most."""
    wrong_proof: bool = False
    """Its ``sign`` is made with another secret."""


ORDERLY = Chaos()
