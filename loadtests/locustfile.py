"""What Locust runs: the users and the shape that the plan names.

fakeproviders load PLAN                        starts it, and judges what came of it
python -m locust -f loadtests/locustfile.py    by hand; loadtests/README.md says how
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from locust import LoadTestShape, events
from locust.env import Environment
from locust.runners import WorkerRunner

from fakeproviders.load.job import JOB_FILE, STATS_FILE
from loadtests.shapes import users_at
from loadtests.silence import SILENT_SECONDS, unanswered
from loadtests.users.bad import HammeringClient, ImpatientClient, NewIdsClient
from loadtests.users.base import JOB, BaseUser
from loadtests.users.good import GoodClient
from loadtests.users.providers import (
    ErbanFormUser,
    ErbanRestUser,
    ErbanSoapUser,
    ErbanXFireUser,
    OfficialUser,
    ResellerUser,
)
from loadtests.users.scenarios import ScenarioUser
from loadtests.users.systems import OwnUser, PanelUser

USERS: dict[str, type[BaseUser]] = {
    "official": OfficialUser,
    "reseller": ResellerUser,
    "erban-soap": ErbanSoapUser,
    "erban-form": ErbanFormUser,
    "erban-xfire": ErbanXFireUser,
    "erban-rest": ErbanRestUser,
    "panel": PanelUser,
    "own": OwnUser,
    "scenario": ScenarioUser,
    "good-client": GoodClient,
    "hammering-client": HammeringClient,
    "new-ids-client": NewIdsClient,
    "impatient-client": ImpatientClient,
}


def choose(wanted: Mapping[str, int]) -> None:
    """Let loose those that are wanted: Locust takes every class of this module that is not abstract."""
    for name, user in USERS.items():
        user.abstract = name not in wanted
        user.weight = wanted.get(name, 1)


choose(JOB.plan.users)


class PlanShape(LoadTestShape):
    """The plan's shape."""

    def tick(self) -> tuple[int, float] | None:
        """Users now, and how many may start a second; None ends the run, early where nobody answers."""
        plan = JOB.plan
        at: float = self.get_run_time()  # type: ignore[no-untyped-call]
        if at > SILENT_SECONDS and unanswered(self.runner.stats):  # type: ignore[union-attr]
            return None
        number = users_at(plan.shape, at, plan.seconds, plan.count)
        return None if number is None else (number, float(plan.count))


@events.quitting.add_listener  # type: ignore[untyped-decorator]
def write_stats(environment: Environment, **others: Any) -> None:
    """Leave the load's own counts beside the job's file, for the verdict."""
    file = os.environ.get(JOB_FILE)
    if file and not isinstance(environment.runner, WorkerRunner):
        stats = environment.stats
        errors = {f"{e.name}: {e.error}": e.occurrences for e in stats.errors.values()}
        counts = {
            "requests": stats.total.num_requests,
            "failures": stats.total.num_failures,
            "errors": errors,
            "unanswered": unanswered(stats),
        }
        Path(file).with_name(STATS_FILE).write_bytes(msgspec.json.encode(counts))
