"""What the Python API raises beside ControlError (the server refused) and Unreachable (nobody answers)."""

from fakeproviders.api.answers import Json


class NoMessage(TimeoutError):
    """No message or letter came in time; the text says what the providers received meanwhile."""


class VerificationFailed(AssertionError):
    """The requests that came are not those expected. ``report`` is the control API's whole answer."""

    def __init__(self, words: str, report: Json) -> None:
        super().__init__(words)
        self.report = report
