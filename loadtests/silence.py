"""Whether the system under load has answered anything: one that is not there is not loaded in vain."""

from locust.stats import RequestStats

from loadtests.users.base import ANSWER_SECONDS
from loadtests.users.systems import NO_ANSWER, OwnUser, PanelUser

SILENT_SECONDS = ANSWER_SECONDS + 3.0
"""After so long a first answer has come, or the first request has been given up and counted."""
SYSTEMS = frozenset({OwnUser.__name__, PanelUser.__name__})
"""What the requests to a whole system are called."""


def unanswered(stats: RequestStats) -> str:
    """What came most often instead of an answer; empty where one came, or no system was asked."""
    # Errors that came from a worker are the text of an exception, in its quotes and brackets.
    asked = sum(entry.num_requests for entry in stats.entries.values() if entry.name in SYSTEMS)
    silent = {
        str(error.error).partition(NO_ANSWER)[2].rstrip("')\""): error.occurrences
        for error in stats.errors.values()
        if error.name in SYSTEMS and NO_ANSWER in str(error.error)
    }
    return (
        max(silent, key=lambda why: silent[why]) if asked and sum(silent.values()) == asked else ""
    )
