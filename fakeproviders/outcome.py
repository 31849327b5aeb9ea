"""How a request of the journal ended, in one word or in all that apply."""

from fakeproviders.journal import Entry
from fakeproviders.model import PAGES, Refused

ACCEPTED, REFUSED, FAULT, PAGE = "accepted", "refused", "fault", "page"
OUTCOMES = (ACCEPTED, REFUSED, FAULT, PAGE)


def outcome_word(entry: Entry) -> str:
    """``accepted``, ``refused``, ``page`` (a document or protocol error), or ``fault``."""
    return FAULT if entry.draw.fault.acts else decided(entry) or FAULT


def decided(entry: Entry) -> str | None:
    """What was decided, whatever a fault did to the reply; None when a fault kept it from that."""
    if entry.posting is not None and entry.posting.attempt:
        return ACCEPTED if entry.posting.accepted else REFUSED
    if entry.outcome is None:
        return None
    if isinstance(entry.outcome, Refused):
        return REFUSED
    is_page = entry.call.page is not None or entry.call.operation in PAGES
    return PAGE if is_page else ACCEPTED


def outcomes(entry: Entry) -> tuple[str, ...]:
    """Every word that applies: a send whose reply got lost is a ``fault``, and was ``accepted``."""
    word = decided(entry)
    faulted = (FAULT,) if entry.draw.fault.acts else ()
    return faulted if word is None else (*faulted, word)


def reason_of(entry: Entry) -> str | None:
    """The slug that it was refused for, by a rule or by a fault."""
    return str(entry.outcome.reason) if isinstance(entry.outcome, Refused) else None
