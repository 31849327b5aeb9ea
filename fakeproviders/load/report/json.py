"""The verdict as one JSON document.

{"plan", "passed": bool, "failed": [names], "checks": [{"name", "outcome", "expected", "actual", ...}], "thresholds",
 "stats", "ledger": as GET /sessions/{id}/ledger gives it, ...}
"""

from typing import Any

import msgspec

from fakeproviders.load.verdict import Verdict


def document(verdict: Verdict) -> dict[str, Any]:
    """All of it, in JSON's types."""
    whole: dict[str, Any] = msgspec.to_builtins(verdict, str_keys=True)
    return {"passed": verdict.passed, "failed": list(verdict.failed), **whole}
