"""Many scenarios at a time: as many as asked for, and as a target bears, their results in order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from fakeproviders.failures import Words
from fakeproviders.scenario.model import PanelState, Scenario, UserSees
from fakeproviders.scenario.replay import Job, Replay
from fakeproviders.scenario.results import Seen
from fakeproviders.scenario.targets.base import Driven, TargetError, Values
from tests.e2e.running import RunningServer
from tests.scenario.replaying import scenario_of

SCENARIO = scenario_of(
    """
title: {zh: 试验, en: A trial}
cause: {clock: {mode: system}}
steps: [{do: save, expect: {user: {succeeds: true}}}]
"""
)


class Crowd:
    """A target that counts who is there; each stays until ``together`` are, or for a moment."""

    def __init__(self, at_once: int | None, together: int) -> None:
        self.name = "crowd"
        self.at_once = at_once
        self.present = self.most = 0
        self._together = together
        self._enough = asyncio.Event()

    def lacks(self, scenario: Scenario) -> Words | None:
        del scenario
        return None

    def expected(self, user: UserSees) -> UserSees:
        return user

    async def reach(self) -> None:
        pass

    @asynccontextmanager
    async def drive(self, session: Values) -> AsyncIterator[Driven]:
        del session
        self.present += 1
        self.most = max(self.most, self.present)
        if self.present >= self._together:
            self._enough.set()
        yield self
        self.present -= 1

    async def prepare(self, state: PanelState) -> None:
        del state
        await asyncio.wait_for(self._enough.wait(), 10)

    async def act(self, action: str, parameters: Values) -> Seen:
        del action, parameters
        return Seen(succeeded=True)


@pytest.mark.parametrize(
    ("at_once", "asked", "together"), [(None, 4, 4), (2, 4, 2), (1, 4, 1), (None, 1, 1)]
)
def test_no_more_at_a_time_than_asked_for_and_than_the_target_bears(
    server: RunningServer, at_once: int | None, asked: int, together: int
) -> None:
    async def story() -> None:
        target = Crowd(at_once, together)
        jobs = [Job(name=str(n), scenario=SCENARIO, target=target) for n in range(8)]
        replay = Replay(jobs, control_url=server.addresses.control, at_once=asked)
        summary = await replay.run()
        assert [result.name for result in summary.results] == [str(n) for n in range(8)]
        assert {result.outcome for result in summary.results} == {"passed"}
        assert target.most == together

    asyncio.run(story())


def test_a_target_that_is_not_there_stops_all_before_the_first(server: RunningServer) -> None:
    class Gone(Crowd):
        async def reach(self) -> None:
            raise TargetError(Words(zh="不在", en="gone"))

    async def story() -> Replay:
        job = Job(name="x", scenario=SCENARIO, target=Gone(None, 1))
        replay = Replay([job], control_url=server.addresses.control)
        with pytest.raises(TargetError, match="gone"):
            await replay.run()
        return replay

    assert asyncio.run(story()).summary().results == ()
