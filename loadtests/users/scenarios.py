"""A user that runs scenarios, one after the other, each in a session of its own on the control server."""

import random
import time
from itertools import count
from typing import Any

from gevent import sleep
from locust import task

from fakeproviders.scenario.shipped import shipped
from loadtests.users.base import JOB, BaseUser

LOOK_SECONDS = 0.2
PATIENCE = 120.0
_NUMBERS = count()


class ScenarioUser(BaseUser):
    """Starts a run, and waits for its end; a scenario that does not pass is a failure."""

    def on_start(self) -> None:
        """Begin somewhere else than the others."""
        self._names = list(JOB.plan.scenarios or shipped())
        self._random = random.Random(f"{JOB.plan.seed}|{next(_NUMBERS)}")
        self._headers = {"Content-Type": "application/json"}
        if JOB.token:
            self._headers["Authorization"] = f"Bearer {JOB.token}"

    @task
    def run_one(self) -> None:
        """One scenario, from the start to its result."""
        name = self._random.choice(self._names)
        began = time.perf_counter()
        outcome = self._outcome(name)
        self.environment.events.request.fire(
            request_type="RUN",
            name=name,
            response_time=(time.perf_counter() - began) * 1000,
            response_length=0,
            exception=None if outcome in {"passed", "skipped"} else RuntimeError(outcome),
            context={},
        )

    def _outcome(self, name: str) -> str:
        client: Any = self.client
        started = client.post(f"/api/v1/scenarios/{name}/runs", "{}", headers=self._headers)
        if started.status_code != 201:
            return f"HTTP {started.status_code}"
        address = f"/api/v1/runs/{started.json()['id']}"
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            run = client.get(address, name="/api/v1/runs/{run}", headers=self._headers).json()
            if run["result"] is not None:
                return str(run["result"]["outcome"])
            sleep(LOOK_SECONDS)
        return "not over in time"
