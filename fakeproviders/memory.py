"""The garbage collector of a server that stays."""

import gc


def settle() -> None:
    """Take what was made at the start out of the garbage collector's sight.

    Requests make no cycles; without this, full collections walk through all imported modules again
    and again, a tenth of the time under load.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
