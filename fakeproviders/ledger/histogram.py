"""A histogram in steps of a tenth of a decade: bounded, and two of them can be added up."""

from bisect import bisect_left
from itertools import pairwise

import msgspec

_TENTHS = (1.0, 1.25, 1.6, 2.0, 2.5, 3.2, 4.0, 5.0, 6.3, 8.0)
BOUNDS = tuple(float(f"{step}e{decade}") for decade in range(-4, 4) for step in _TENTHS)
"""Upper bounds of the steps, from 0.0001 to 8000; what is more counts in the last."""
_BELOW = {high: low for low, high in pairwise((0.0, *BOUNDS))}


class Histogram(msgspec.Struct):
    """How often values occurred: by upper bound, the bound below excluded."""

    count: int = 0
    total: float = 0.0
    most: float = 0.0
    steps: dict[float, int] = msgspec.field(default_factory=dict)

    def add(self, value: float) -> None:
        """Count a value, 0 or more."""
        bound = BOUNDS[min(bisect_left(BOUNDS, value), len(BOUNDS) - 1)]
        self.count += 1
        self.total += value
        self.most = max(self.most, value)
        self.steps[bound] = self.steps.get(bound, 0) + 1

    def merge(self, other: "Histogram") -> None:
        """Count what the other has counted."""
        self.count += other.count
        self.total += other.total
        self.most = max(self.most, other.most)
        for bound, number in other.steps.items():
            self.steps[bound] = self.steps.get(bound, 0) + number

    def quantile(self, share: float) -> float:
        """The value that this share of all does not exceed, to within a step; 0 of nothing."""
        wanted, before = share * self.count, 0
        for bound, number in sorted(self.steps.items()):
            if before + number >= wanted:
                low = _BELOW[bound]
                return min(low + (bound - low) * (wanted - before) / number, self.most)
            before += number
        return self.most
