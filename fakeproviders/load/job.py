"""What Locust's processes are told: a file of JSON, whose address is in their environment."""

from typing import Any

import msgspec

from fakeproviders.load.plan import Plan

JOB_FILE = "FAKEPROVIDERS_LOAD_JOB"
"""The environment variable that names the file."""
STATS_FILE = "stats.json"
"""Beside the job's file: what the load has counted itself."""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One load. ``session`` is the session object of the control API."""

    plan: Plan
    session: dict[str, Any]
    control: str
    token: str | None = None

    def of(self, provider: str) -> dict[str, str]:
        """A provider's address and credentials."""
        who: dict[str, str] = self.session[provider]
        return who
