"""What a target is to a scenario."""

from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from fakeproviders.failures import Words
from fakeproviders.scenario.model import PanelState, Scenario, UserSees
from fakeproviders.scenario.results import Seen

Values = dict[str, Any]


class TargetError(Exception):
    """The target cannot be driven: it does not answer, or not in the way that was agreed."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


class Driven(Protocol):
    """A target during one scenario. Both methods raise TargetError."""

    async def prepare(self, state: PanelState) -> None:
        """Bring it into the state that the scenario begins with."""

    async def act(self, action: str, parameters: Values) -> Seen:
        """Do an action of the vocabulary; what the user sees of it."""


class Target(Protocol):
    """Something that can be driven, one scenario after the other or several at once."""

    name: str
    """``panel``, ``client:official`` and the like, or the target file's path."""
    at_once: int | None
    """How many scenarios it bears at a time; None is any number."""

    def lacks(self, scenario: Scenario) -> Words | None:
        """What the scenario needs and this does not have: then it is skipped for that reason."""

    def expected(self, user: UserSees) -> UserSees:
        """What its user must see, in its own words."""

    async def reach(self) -> None:
        """Find out whether it is there, where that does not need a session. Raises TargetError."""

    def drive(self, session: Values) -> AbstractAsyncContextManager[Driven]:
        """Drive it in a session, whose object the control API has given."""
