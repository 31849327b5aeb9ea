"""What a provider answered, in one shape for all of them."""

from typing import Any, NamedTuple

STARTS = 80
"""Characters of an answer that is none which its error shows."""


class Answer(NamedTuple):
    """``code`` 0 is success; ``msg`` is the provider's text."""

    code: int
    msg: str
    data: Any = None


class BadAnswer(Exception):
    """What came back is not what the interface answers: a web page, broken JSON or XML.

    ``status`` is HTTP's, ``text`` the whole body.
    """

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"HTTP {status}, not an answer of the interface: {text[:STARTS]!r}")
        self.status = status
        self.text = text

    @property
    def is_page(self) -> bool:
        """Whether it is a web page."""
        return self.text.lstrip()[:9].lower().startswith(("<!doctype", "<html"))


class Fault(BadAnswer):
    """The service's method broke down; ``reason`` is what it says of that."""

    def __init__(self, status: int, text: str, reason: str) -> None:
        super().__init__(status, text)
        self.reason = reason
