"""What the panel refuses, in the words that its user sees."""

from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit

UNAUTHORISED, FORBIDDEN, NOT_FOUND, CONFLICT, UNUSABLE = 401, 403, 404, 409, 422
UNAVAILABLE = 503


class Declined(Exception):
    """A refusal: the exact text, and the catalogue's slug if it is one of its failures.

    ``fields`` says of bad input which field is wrong, and why.
    """

    def __init__(
        self,
        words: Words,
        failure: str | None = None,
        *,
        status: int = CONFLICT,
        fields: tuple[Misfit, ...] = (),
    ) -> None:
        super().__init__(words.en)
        self.words = words
        self.failure = failure
        self.status = status
        self.fields = fields


def unusable(misfit: Misfit) -> Declined:
    """Bad input: one field, and what is wrong with it."""
    return Declined(misfit.whole, status=UNUSABLE, fields=(misfit,))


def not_found(words: Words) -> Declined:
    """There is no such thing."""
    return Declined(words, status=NOT_FOUND)


def same(text: str) -> Words:
    """A text that is the same whoever reads it: a provider's own."""
    return Words(zh=text, en=text)
