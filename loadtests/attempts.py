"""What came of one attempt at a message, as far as a client can know."""

from enum import Enum
from functools import cache
from typing import NamedTuple

from fakeproviders.clients.answer import Answer, BadAnswer
from fakeproviders.failures import catalogue


class Ending(Enum):
    """How an attempt ended."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    DOWN = "down"
    """The provider did not handle it: no connection, or an error page."""
    UNKNOWN = "unknown"
    """It may have been accepted: the connection broke, or what came back cannot be read."""


class Result(NamedTuple):
    """An attempt's ending; ``slug`` is the refusal's in the failure catalogue, ``text`` what was said."""

    ending: Ending
    slug: str = ""
    text: str = ""


def result_of(answer: Answer) -> Result:
    """The result that an answer stands for."""
    if answer.code == 0:
        return Result(Ending.ACCEPTED)
    return Result(Ending.REFUSED, _slugs().get(answer.msg, ""), answer.msg)


def result_of_bad(error: BadAnswer) -> Result:
    """The result that no answer stands for: an error page was not handled, anything else may have been."""
    ending = Ending.DOWN if error.status >= 400 else Ending.UNKNOWN
    return Result(ending, text=str(error))


@cache
def _slugs() -> dict[str, str]:
    """The failures by the text that providers give for them."""
    return {entry.text: entry.slug for entry in catalogue().values() if entry.text}
