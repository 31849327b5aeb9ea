"""Three ways to get it wrong, each in one respect only."""

from gevent import sleep
from locust import task

from loadtests.attempts import Ending
from loadtests.messages import Message, new_id
from loadtests.users.base import MAILBAG, SendingUser
from loadtests.users.good import GoodClient

MANY_TRIES = 20
FEW_TRIES, FIRST_PAUSE = 3, 0.025


class HammeringClient(SendingUser):
    """Retries at once, again and again, until it is accepted."""

    @task
    def send_a_code(self) -> None:
        """One message, however often it takes."""
        message = MAILBAG.next()
        for _ in range(MANY_TRIES):
            result = self.doors.attempt("official", message)
            if result.ending is Ending.ACCEPTED or result.slug == "duplicate_request":
                return


class NewIdsClient(GoodClient):
    """Good in all else: it makes up a new id for each retry, so that a lost reply costs a second SMS."""

    def numbered(self, message: Message, tries: int) -> Message:
        """Under another id each time."""
        return message._replace(id=new_id()) if tries else message


class ImpatientClient(SendingUser):
    """Backs off, but not for as long as a quota takes to be free; and it knows one provider only."""

    @task
    def send_a_code(self) -> None:
        """One message, a few times."""
        message = MAILBAG.next()
        for tries in range(FEW_TRIES):
            if tries:
                sleep(FIRST_PAUSE * 2.0**tries)
            result = self.doors.attempt("official", message)
            if result.ending is Ending.ACCEPTED or result.slug == "duplicate_request":
                return
