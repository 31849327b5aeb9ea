"""Verification over the control API."""

import json

import pytest

from fakeproviders.journal import Journal
from tests.e2e import clients
from tests.e2e.sockets import Reply, request
from tests.e2e.world import World

MOBILE = clients.MOBILE


def verify(world: World, document: object, **headers: str) -> Reply:
    return world.control.call("POST", f"{world.path}/verify", document, headers=headers)


def test_a_pass_says_all(world: World) -> None:
    clients.send_well(world, "official")
    wanted = {
        "requests": [
            {"operation": "token", "count": 1},
            {"operation": "send", "match": {"mobile": MOBILE}, "outcome": "accepted"},
        ],
        "order": True,
        "strict": True,
    }
    reply = verify(world, wanted)
    seed = world.session["seed"]
    assert reply.status == 200
    assert reply.json() == {
        "result": "pass",
        "seed": seed,
        "checks": [
            {
                "expected": {"operation": "token", "count": {"min": 1, "max": 1}},
                "result": "pass", "count": 1, "matching": ["r0"], "near_misses": [], "counted_with": [],
            },
            {
                "expected": {
                    "operation": "send", "match": {"mobile": MOBILE}, "outcome": "accepted",
                    "count": {"min": 1, "max": None},
                },
                "result": "pass", "count": 1, "matching": ["r1"], "near_misses": [], "counted_with": [],
            },
        ],
        "order": {"result": "pass", "matching": ["r0", "r1"], "missing": None},
        "evicted": 0,
        "unfired_faults": [],
        "unexpected_requests": [],
        "unexpected": 0,
        "words": {
            "zh": f"通过：2 项期望中 2 项满足（会话种子 {seed}）",
            "en": f"Pass: 2 of 2 expectations met (the session's seed is {seed})",
        },
    }  # fmt: skip


@pytest.mark.fakeproviders(allow_unfired=True)
def test_a_failure_says_what_came_nearest(world: World) -> None:
    rule = world.fault("official", "maintenance")
    clients.send_well(world, "erban", mobile="13900000001")
    match = {"mobile": "13900000002"}
    wanted = {
        "requests": [{"provider": "erban", "operation": "send", "match": match}],
        "strict": True,
    }
    answer = verify(world, wanted).json()
    assert (answer["result"], answer["checks"][0]["count"]) == ("fail", 0)
    assert answer["checks"][0]["near_misses"] == [
        {
            "request": "r0",
            "misses": [
                {
                    "field": "mobile",
                    "actual": "13900000001",
                    "expected": "= 13900000002",
                    "expected_words": {"zh": "等于 13900000002", "en": "= 13900000002"},
                }
            ],
        }
    ]
    assert answer["unexpected_requests"] == ["r0"]
    assert [fault["id"] for fault in answer["unfired_faults"]] == [rule]


def test_a_double_send_after_a_lost_reply_is_seen(world: World) -> None:
    world.fault("erban", "reply_lost", times=1)
    with pytest.raises(ConnectionError):
        clients.send(world, "erban")
    clients.send_well(world, "erban")
    once = {"requests": [{"operation": "send", "outcome": "accepted", "count": {"max": 1}}]}
    assert verify(world, once).json()["result"] == "fail"
    assert [row["decided"] for row in world.requests()] == ["accepted", "accepted"]
    assert [row["outcome"] for row in world.requests()] == ["fault", "accepted"]


def test_the_reseller_hop_is_not_unexpected(world: World) -> None:
    clients.send_well(world, "reseller")
    strict = {
        "requests": [{"provider": "reseller", "operation": "send", "count": 1}],
        "strict": True,
    }
    assert verify(world, strict).json()["result"] == "pass"
    strict["requests"].append({"provider": "upstream", "operation": "send", "count": 1})  # type: ignore[attr-defined]
    assert verify(world, strict).json()["result"] == "pass"


def test_only_what_came_since_the_cursor(world: World) -> None:
    clients.send_well(world, "erban")
    cursor = world.control.get(f"{world.path}/requests")["cursor"]
    one = {"requests": [{"operation": "send", "count": 0}], "since": cursor}
    assert verify(world, one).json()["result"] == "pass"
    clients.send_well(world, "erban")
    assert verify(world, one).json()["result"] == "fail"


def test_what_was_evicted_makes_it_inconclusive(world: World) -> None:
    session = world.server.harness.sessions.get(world.id)
    assert session is not None
    session.journal = Journal(max_entries=3)
    for mobile in ("13900000001", "13900000002", "13900000002", "13900000002"):
        clients.send_well(world, "erban", mobile=mobile)
    first = {"requests": [{"match": {"mobile": "13900000001"}}]}
    answer = verify(world, first).json()
    assert (answer["result"], answer["evicted"]) == ("inconclusive", 1)
    assert "1" in answer["words"]["zh"].splitlines()[-1]
    since = {**first, "since": "1"}
    assert verify(world, since).json()["result"] == "fail"


def test_long_lists_are_cut_and_counted(world: World) -> None:
    for _ in range(25):
        request("POST", f"{world.erban['url']}/nowhere", "x")
    answer = verify(world, {"requests": [{"operation": "unknown"}]}).json()
    (check,) = answer["checks"]
    assert (check["count"], len(check["matching"])) == (25, 20)


@pytest.mark.parametrize(("wanted", "field"), [
    ({}, "requests"),
    ({"requests": [{"colour": "red"}]}, "requests[0].colour"),
    ({"requests": [], "strict": True, "colour": "red"}, "colour"),
    ({"requests": [{"provider": "nobody"}]}, "requests[0].provider"),
    ({"requests": [{"operation": "sned"}]}, "requests[0].operation"),
    ({"requests": [{"outcome": "good"}]}, "requests[0].outcome"),
    ({"requests": [{"reason": "nonsense"}]}, "requests[0].reason"),
    ({"requests": [{"match": {"mobile": {"regex": "["}}}]}, "requests[0].match.mobile.regex"),
    ({"requests": [{"count": {"min": 3, "max": 2}}]}, "requests[0].count"),
    ({"requests": [{"count": {"least": 3}}]}, "requests[0].count.least"),
    ({"requests": [{}], "since": "r7"}, "since"),
    ({"requests": [{}] * 101}, "requests"),
])  # fmt: skip
def test_a_problem_names_the_field(world: World, wanted: object, field: str) -> None:
    reply = verify(world, wanted)
    assert (reply.status, reply.type) == (422, "application/problem+json")
    assert [error["field"] for error in reply.json()["errors"]] == [field], reply.text


def test_other_problems(world: World) -> None:
    path = f"{world.path}/verify"
    assert world.control.call("POST", f"{path}?wait=1", {"requests": [{}]}).status == 422
    text = json.dumps({"requests": [{}]})
    url = world.control.url + path
    assert request("POST", url, text, {"Content-Type": "text/plain"}).status == 415
    assert request("POST", url, "{", {"Content-Type": "application/json"}).status == 400
    assert world.control.call("POST", "/api/v1/sessions/none/verify", {}).status == 404
