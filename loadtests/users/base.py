"""What all users stand on: a rest between messages, and one attempt at a message through a door."""

import os
from typing import Any

from locust import FastHttpUser, between, constant

from fakeproviders.clients.answer import BadAnswer
from loadtests.attempts import Ending, Result, result_of, result_of_bad
from loadtests.doors import DOORS, Door, OfficialDoor, Request
from loadtests.job import the_job
from loadtests.messages import Mailbag, Message

JOB = the_job()
PAUSE = JOB.plan.pause
MAILBAG = Mailbag(JOB.plan.mobiles, f"{JOB.plan.seed}|{os.getpid()}")
ANSWER_SECONDS = 5.0
TOKEN_GONE = frozenset({"token_expired", "access_token_failed"})


class BaseUser(FastHttpUser):
    """A user of this load."""

    abstract = True
    host = JOB.control
    network_timeout = connection_timeout = ANSWER_SECONDS
    wait_time = constant(0) if JOB.plan.shape == "bombing" else between(PAUSE.least, PAUSE.most)


class SendingUser(BaseUser):
    """A user who sends by the providers' doors."""

    abstract = True

    def on_start(self) -> None:
        """Have connections of its own."""
        self.doors = Doors(self)


class Doors:
    """Attempts through any provider's doors, on a user's connections."""

    def __init__(self, user: FastHttpUser) -> None:
        self._client: Any = user.client
        self._token = ""

    def attempt(self, name: str, message: Message) -> Result:
        """Send a message once; an access token is fetched when there is none, or it is refused."""
        door = DOORS[name](JOB.of(DOORS[name].provider))
        if not isinstance(door, OfficialDoor):
            return self._exchange(name, door, door.send(message, ""))
        if not self._token:
            failed = self._fetch_token(name, door)
            if failed is not None:
                return failed
        result = self._exchange(name, door, door.send(message, self._token))
        if result.slug in TOKEN_GONE:
            self._token = ""
        return result

    def was_accepted(self, name: str, message: Message) -> bool | None:
        """Ask the provider about a message whose reply got lost; None when it cannot tell."""
        door = DOORS[name](JOB.of(DOORS[name].provider))
        if not isinstance(door, OfficialDoor):
            return None
        result = self._exchange(f"{name} report", door, door.report(message, self._token))
        if result.slug == "message_not_found":
            return False
        return True if result.ending is Ending.ACCEPTED else None

    def _fetch_token(self, name: str, door: OfficialDoor) -> Result | None:
        """Get a token; the result of the attempt when there is none to be had."""
        tokens: list[str] = []
        result = self._exchange(f"{name} token", door, door.token(), tokens)
        if result.ending is Ending.ACCEPTED and tokens:
            self._token = tokens[0]
            return None
        return result._replace(ending=Ending.DOWN)  # whatever it was: no message was sent

    def _exchange(
        self, name: str, door: Door, request: Request, tokens: list[str] | None = None
    ) -> Result:
        """One request. A refusal is an answer; no answer is a failure of the load's own statistics."""
        method = "POST" if request.body else "GET"
        with self._client.request(
            method, request.url, name=name, data=request.body, headers=request.headers,
            catch_response=True,
        ) as response:  # fmt: skip
            if not response.status_code:
                response.failure(f"{type(response.error).__name__}: {response.error}"[:80])
                refused = isinstance(response.error, ConnectionRefusedError)
                return Result(Ending.DOWN if refused else Ending.UNKNOWN)
            try:
                answer = door.read(response.status_code, response.text or "")
            except BadAnswer as error:
                response.failure(str(error)[:80])
                return result_of_bad(error)
            response.success()
        if tokens is not None and isinstance(answer.data, dict):
            tokens.append(str(answer.data.get("access_token", "")))
        return result_of(answer)
