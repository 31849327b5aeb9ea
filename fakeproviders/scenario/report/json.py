"""Results as one JSON document.

{"scenarios": [{"name", "outcome": "passed, failed or skipped", "error": bool, "steps", ...}], "counts":
 {"passed", "failed", "skipped"}, "errors", "started_at": RFC 3339, "took": seconds, "interrupted": bool}

``error`` is true for a scenario that failed because it could not be tried; ``errors`` counts them.
"""

from typing import Any, get_args

import msgspec

from fakeproviders.scenario.results import Outcome, Summary


def document(summary: Summary) -> dict[str, Any]:
    """All that is known of a replay, in JSON's types."""
    return {
        "scenarios": msgspec.to_builtins(list(summary.results)),
        "counts": {outcome: summary.count(outcome) for outcome in get_args(Outcome)},
        "errors": summary.errors,
        "started_at": summary.started_at,
        "took": summary.took,
        "interrupted": summary.interrupted,
    }
