"""Doing a step: what is done at once ends at once."""

import asyncio
from typing import Any, cast

import pytest

from fakeproviders.failures import Words
from fakeproviders.scenario.model import PanelState, Step
from fakeproviders.scenario.results import Seen
from fakeproviders.scenario.steps import done
from fakeproviders.scenario.targets.base import TargetError
from fakeproviders.scenario.world import World
from tests.asyncs import asynchronous


class Failing:
    """A target whose first answer fails at once, and whose others take longer."""

    def __init__(self) -> None:
        self.begun = 0
        self.ended = 0

    async def prepare(self, state: PanelState) -> None:
        del state

    async def act(self, action: str, parameters: dict[str, Any]) -> Seen:
        del action, parameters
        self.begun += 1
        if self.begun == 1:
            raise TargetError(Words(zh="坏了", en="broken"))
        await asyncio.sleep(0)
        self.ended += 1
        return Seen(succeeded=True)


@asynchronous
async def test_nothing_done_at_once_goes_on_after_one_has_failed() -> None:
    target = Failing()
    with pytest.raises(TargetError, match="broken"):
        await done(Step(do="save", times=3, together=True), cast("World", None), target)
    assert (target.begun, target.ended) == (3, 2)
