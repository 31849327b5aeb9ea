"""A catalogue entry, scripted: the provider refuses for this reason."""

from fakeproviders.failures import Reason
from fakeproviders.faults.base import Fault


class RefusalFault(Fault, frozen=True):
    """Answers with the entry's wire form at this provider; nothing is charged."""

    slug: Reason

    @property
    def reason(self) -> Reason:
        """The scripted entry."""
        return self.slug

    @property
    def label(self) -> str:
        """The entry's slug."""
        return self.slug
