"""Every door of the load, against the real servers: it is accepted, and a refusal is understood."""

import pytest

from fakeproviders.clients.answer import BadAnswer
from fakeproviders.load.plan import USERS
from loadtests.attempts import Ending, Result, result_of, result_of_bad
from loadtests.doors import DOORS, OfficialDoor, Request
from loadtests.messages import Message
from tests.e2e.sockets import request
from tests.e2e.world import World

MESSAGE = Message("id-1", "13900000001", "246810")
EACH_DOOR = pytest.mark.parametrize("name", list(DOORS))


class Caller:
    """Sends through a door of the world's session."""

    def __init__(self, world: World, name: str) -> None:
        kind = DOORS[name]
        self.door = kind(world.session[kind.provider])
        self.token = ""
        if isinstance(self.door, OfficialDoor):
            self.token = self._answer(self.door.token()).data["access_token"]

    def send(self, message: Message = MESSAGE) -> Result:
        try:
            return result_of(self._answer(self.door.send(message, self.token)))
        except BadAnswer as error:
            return result_of_bad(error)

    def _answer(self, asked: Request):  # type: ignore[no-untyped-def]
        reply = request("POST", asked.url, asked.body, asked.headers)
        return self.door.read(reply.status, reply.body.decode("utf-8", "replace"))


@EACH_DOOR
def test_a_message_arrives(world: World, name: str) -> None:
    assert Caller(world, name).send() == Result(Ending.ACCEPTED)
    (message,) = world.messages()
    assert (message["mobile"], message["code"]) == (MESSAGE.mobile, MESSAGE.code)
    assert message["out_id"] == MESSAGE.id


@EACH_DOOR
def test_a_retry_under_the_same_id_is_known_for_one(world: World, name: str) -> None:
    caller = Caller(world, name)
    caller.send()
    again = caller.send()
    assert (again.ending, again.slug) == (Ending.REFUSED, "duplicate_request")


@EACH_DOOR
def test_a_refusal_is_told_apart(world: World, name: str) -> None:
    caller = Caller(world, name)
    world.patch(DOORS[name].provider, quotas={"mobile_per_minute": 0})
    assert caller.send().slug == "mobile_minute_limit"


@EACH_DOOR
def test_an_error_page_is_no_answer_and_the_message_was_not_sent(world: World, name: str) -> None:
    caller = Caller(world, name)
    world.fault(DOORS[name].provider, {"status": {"status": 503}})
    assert caller.send().ending is Ending.DOWN


def test_the_official_api_can_be_asked_what_became_of_a_message(world: World) -> None:
    caller = Caller(world, "official")
    assert isinstance(caller.door, OfficialDoor)

    def asked() -> Result:
        assert isinstance(caller.door, OfficialDoor)
        question = caller.door.report(MESSAGE, caller.token)
        reply = request("GET", question.url, None, question.headers)
        return result_of(caller.door.read(reply.status, reply.text))

    assert asked().slug == "message_not_found"
    caller.send()
    assert asked().ending is Ending.ACCEPTED


def test_every_door_is_a_kind_of_user() -> None:
    assert set(DOORS) <= set(USERS)
