"""Rules that cannot be used: the control API answers 422 and names the field."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.running import RunningServer
from tests.e2e.sockets import request
from tests.e2e.world import World

GOOD = {"provider": "official", "do": "maintenance"}
TURNED = {"start": 0, "end": 2, "over_seconds": 5}

BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"do": "maintenance"}, "provider", "is required"),
    ({**GOOD, "provider": "tencent"}, "provider", "'tencent' is none of official, upstream, res"),
    ({**GOOD, "provider": 1}, "provider", "Expected `str`, got `int`"),
    ({**GOOD, "operation": "SendSms3"}, "operation", "'SendSms3' is none of token, send, batch, "),
    ({**GOOD, "operation": "receipt"}, "do", "on operation receipt only the fault receipt can act"),
    ({"provider": "erban"}, "do", "give exactly one of do and script"),
    ({**GOOD, "script": "ok"}, "do", "give exactly one of do and script"),
    ({**GOOD, "do": "maintenence"}, "do", "no failure is called 'maintenence'; did you mean main"),
    ({**GOOD, "do": ["delay", "x"]}, "do[1]", "no failure is called 'x'"),
    ({**GOOD, "do": {"delay": {"ms": -1}}}, "do.delay", "ms must be between 0 and 3.6e+06, not -1"),
    ({**GOOD, "do": {"delay": {"s": 1}}}, "do.delay", "Object contains unknown field `s`"),
    ({**GOOD, "do": 5}, "do", "Expected `str | object | array | null`, got `int`"),
    ({"provider": "erban", "script": "fail; ok"}, "script", "step 1, 'fail; ok', is not a name"),
    ({"provider": "erban", "script": "fail, nope"}, "script", "no failure is called 'nope'"),
    ({"provider": "erban", "script": "ok x00"}, "script", "step 1, 'ok x00', is not a name or"),
    ({"provider": "erban", "script": "ok", "every": 2}, "every", "a script has a step for every"),
    ({**GOOD, "times": 0}, "times", "Expected `int` >= 1"),
    ({**GOOD, "times": 1.5}, "times", "Expected `int | null`, got `float`"),
    ({**GOOD, "after": -1}, "after", "Expected `int` >= 0"),
    ({**GOOD, "every": 0}, "every", "Expected `int` >= 1"),
    ({**GOOD, "probability": 1.1}, "probability", "Expected `float` <= 1.0"),
    ({**GOOD, "probability": -0.1}, "probability", "Expected `float` >= 0.0"),
    ({**GOOD, "probability": TURNED}, "probability.end", "Expected `float` <= 1.0"),
    ({**GOOD, "probability": {"end": 1}}, "probability.over_seconds", "is required"),
    ({**GOOD, "cycle": {"on_seconds": 1}}, "cycle.off_seconds", "is required"),
    ({**GOOD, "cycle": {"on_seconds": 0, "off_seconds": 1}}, "cycle.on_seconds", "Expected `float"),
    ({**GOOD, "since": "tomorrow"}, "since", "'tomorrow' is neither an RFC 3339 time nor like +3"),
    ({**GOOD, "until": "+5 m"}, "until", "'+5 m' is neither an RFC 3339 time nor like +30s"),
    ({**GOOD, "until": "2024-13-01"}, "until", "'2024-13-01' is neither"),
    ({**GOOD, "per": "phone"}, "per", "no field is called 'phone'; known are account, channel, "),
    ({**GOOD, "match": []}, "match", "Expected `object | null`, got `array`"),
    ({**GOOD, "match": {"phone": 1}}, "match.phone", "no field is called 'phone'"),
    ({**GOOD, "match": {"mobile": {"regex": "("}}}, "match.mobile.regex", "not a regular expres"),
    ({**GOOD, "match": {"any": [{}, {"a": 1}]}}, "match.any[1].a", "no field is called 'a'"),
    ({**GOOD, "chance": 0.5}, "chance", "unknown field"),
    ({"provider": "upstream", "do": "refuse"}, "provider", "upstream is asked at official's list"),
    ({**GOOD, "do": "refuse", "times": 1}, "times", "refuse takes the listener down, so that no r"),
    ({**GOOD, "do": "refuse", "match": {}}, "match", "refuse takes the listener down"),
    ({**GOOD, "do": "refuse", "probability": 0.5}, "probability", "refuse takes the listener"),
    ({**GOOD, "do": "refuse", "operation": "send"}, "operation", "refuse takes the listener"),
    ({**GOOD, "do": ["refuse"]}, "do", "refuse stands alone: it takes the listener down"),
    ({"provider": "erban", "script": "refuse, ok"}, "script", "refuse takes the listener down"),
]


@pytest.fixture(scope="module")
def shared(running_server: RunningServer) -> Iterator[World]:
    """One session for all of them: none of these rules comes into force."""
    world = World.create(running_server)
    yield world
    assert world.control.get(f"{world.path}/faults") == {"faults": []}
    world.delete()


@pytest.mark.parametrize(("rule", "field", "says"), BAD)
def test_it_is_refused_and_the_field_named(
    shared: World, rule: dict[str, Any], field: str, says: str
) -> None:
    reply = shared.control.call("POST", f"{shared.path}/faults", rule)
    problem = reply.json()
    assert reply.status == 422
    assert reply.type == "application/problem+json"
    (error,) = problem["errors"]
    assert error["field"] == field
    assert error["message"].startswith(says)
    assert problem["detail"].startswith(f"{field}: ")


@pytest.mark.parametrize(("body", "status"), [(b"{", 400), (b"[]", 422), (b'"x"', 422), (b"", 422)])
def test_a_body_that_is_no_rule(shared: World, body: bytes, status: int) -> None:
    url = f"{shared.control.url}{shared.path}/faults"
    reply = request("POST", url, body, {"Content-Type": "application/json"})
    assert reply.status == status


def test_the_field_is_named_in_chinese_too(shared: World) -> None:
    reply = shared.control.call(
        "POST", f"{shared.path}/faults", {**GOOD, "times": 0}, headers={"Accept-Language": "zh"}
    )
    assert reply.json()["detail"].startswith("字段 times 有误：")
