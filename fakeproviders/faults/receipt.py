"""``receipt``: a delivery receipt never comes, comes late, twice, out of order, or is wrong.

    {"provider": "official", "operation": "receipt", "do": {"receipt": {"copies": 2}}}

The one fault for the operations ``receipt`` and ``reply`` (what a person answered, called back), which
meets each of them once; its retries repeat what was drawn.
"""

from typing import ClassVar

from fakeproviders.failures import Words
from fakeproviders.faults.base import Fault, between
from fakeproviders.faults.chaos import LONGEST, MOST_COPIES, ORDERLY, Chaos
from fakeproviders.misfit import Misfit


class Receipt(Fault, Chaos, frozen=True):
    """At least one of the settings; several act together, but for ``never``."""

    name: ClassVar[str] = "receipt"

    def __post_init__(self) -> None:
        between("late_seconds", self.late_seconds, 0, LONGEST)
        between("copies", self.copies, 1, MOST_COPIES)
        given = self._given()
        if not given:
            known = Chaos.__struct_fields__
            words = Words(
                zh=f"至少给出其中一项：{'、'.join(known)}",
                en=f"give at least one of {', '.join(known)}",
            )
            raise Misfit("", words)
        if self.never and len(given) > 1:
            words = Words(
                zh="不发送的回执不能再有其他设置",
                en="a receipt that is not sent can be nothing else",
            )
            raise Misfit("never", words)

    @property
    def chaos(self) -> Chaos:
        """Its settings."""
        return self

    @property
    def label(self) -> str:
        """Its name and what it does: ``receipt (copies 2, contradict)``."""
        return f"{self.name} ({', '.join(self._given())})"

    def _given(self) -> list[str]:
        """The settings that are not as they are without the fault."""
        found = []
        for name in Chaos.__struct_fields__:
            value = getattr(self, name)
            if value != getattr(ORDERLY, name):
                found.append(name if value is True else f"{name} {value:g}")
        return found
