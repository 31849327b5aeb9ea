"""Every method of the Erban service over real sockets, as SOAP and as plain HTTP."""

import json
from concurrent.futures import ThreadPoolExecutor
from hashlib import md5

import pytest

from tests.e2e import clients
from tests.e2e.clients import FILLED, MOBILE, erban_method, erban_returned
from tests.e2e.world import World
from tests.receiver import Receiver

OTHER = "13900139000"
NOON = "2026-01-01T12:00:00+08:00"
SENT = "0,短信发送成功"

doors = pytest.mark.parametrize("door", ["soap11", "soap12", "get", "post", "xfire"])


def numbered(world: World, *more: str) -> dict[str, str]:
    """Account, password and more, as in0, in1, ..."""
    values = (world.erban["account"], world.erban["password"], *more)
    return {f"in{place}": value for place, value in enumerate(values)}


def text_of(world: World) -> str:
    return f"{world.erban['signature']}{FILLED}"


@doors
def test_sends_with_parameters_that_have_numbers_for_names(world: World, door: str) -> None:
    sending = numbered(world, f"{MOBILE},{OTHER}", text_of(world), world.erban["channel"], "7")
    assert erban_returned(world, "SendSms5", door=door, **sending, in6="1") == SENT
    assert erban_returned(world, "SendSms", door=door, **sending) == "0"
    assert erban_returned(world, "SendSms", door=door, **sending) == "-18"
    assert [m["mobile"] for m in world.messages()] == [MOBILE, OTHER] * 2
    assert {m["content"] for m in world.messages()} == {text_of(world)}


@doors
def test_a_send_with_a_password_that_is_good_once(world: World, door: str) -> None:
    world.freeze(NOON)
    random = erban_returned(world, "GetRandom", door=door, in0=world.erban["account"])
    fields = proved_by(world, random)
    wrong = fields | {"password": world.erban["password"]}
    assert erban_returned(world, "SendSms2", door=door, **wrong) == "-1"
    assert erban_returned(world, "SendSms2", door=door, **fields) == "0"
    assert erban_returned(world, "SendSms2", door=door, **fields) == "-23"
    late = erban_returned(world, "GetRandom", door=door, in0=world.erban["account"])
    world.advance(60)
    assert erban_returned(world, "SendSms2", door=door, **proved_by(world, late)) == "-23"
    assert len(world.messages()) == 1


def proved_by(world: World, random: str) -> dict[str, str]:
    who, rest = world.erban, clients.erban_fields(world)
    secret = f"{who['login_password']}{who['auth_code']}{random}"
    password = md5(secret.encode()).hexdigest()
    first = {"account": who["account"], "password": password, "random": random}
    return first | {name: value for name, value in rest.items() if name not in first}


def test_ten_at_once_share_one_random_text_and_one_of_them_sends(world: World) -> None:
    random = erban_returned(world, "GetRandom", in0=world.erban["account"])
    fields = proved_by(world, random)
    with ThreadPoolExecutor(10) as pool:
        codes = list(pool.map(lambda _: erban_returned(world, "SendSms2", **fields), range(10)))
    assert sorted(codes) == ["-23"] * 9 + ["0"]
    assert len(world.messages()) == 1


@pytest.mark.fakeproviders(allow_unfired=True)
def test_a_fault_rule_leaves_a_foreign_account_foreign(world: World) -> None:
    world.fault("erban", "maintenance", match={"mobile": OTHER})
    random = erban_returned(world, "GetRandom", in0=world.erban["account"])
    fields = proved_by(world, random) | {"account": "99"}
    assert erban_returned(world, "SendSms2", **fields) == "-1"


@doors
def test_a_timed_send(world: World, door: str) -> None:
    world.freeze(NOON)
    before = world.balance("erban")
    fields = clients.erban_fields(world, sendType="2026-01-01 12:30:00")
    assert erban_returned(world, "SendTimingSms", door=door, **fields) == SENT
    assert world.balance("erban") == before - 1
    (message,) = world.messages()
    assert (message["status"], message["at"]) == ("scheduled", "2026-01-01T12:00:00.000+08:00")
    assert message["send_at"] == "2026-01-01T12:30:00.000+08:00"
    world.advance(1799)
    assert world.messages()[0]["status"] == "scheduled"
    world.advance(1)
    assert world.messages()[0]["status"] == "submitted"
    world.advance(3)
    (message,) = world.messages()
    assert (message["status"], message["done_at"]) == ("delivered", "2026-01-01T12:30:03.000+08:00")


def test_the_receipt_of_a_timed_send_comes_after_it(world: World) -> None:
    world.freeze(NOON)
    with Receiver() as receiver:
        world.patch("erban", callback_url=receiver.url)
        fields = clients.erban_fields(world, sendType="2026-01-01 12:30:00")
        assert erban_returned(world, "SendTimingSms", **fields) == SENT
        world.advance(1802)
        assert receiver.got == []
        world.advance(1)
        assert [json.loads(one.body)["time"] for one in receiver.got] == ["2026-01-01 12:30:03"]


def test_a_clock_that_is_set_back_sends_nothing_twice(world: World) -> None:
    world.freeze(NOON)
    with Receiver() as receiver:
        world.patch("erban", callback_url=receiver.url)
        fields = clients.erban_fields(world, sendType="2026-01-01 12:30:00")
        erban_returned(world, "SendTimingSms", **fields)
        for status in ("scheduled", "delivered"):
            world.freeze("2026-01-01T11:00:00+08:00")
            assert world.messages()[0]["status"] == status
            world.advance(7200)
            assert world.messages()[0]["status"] == "delivered"
        assert len(receiver.got) == 1


def test_a_reset_forgets_what_was_to_be_sent(world: World) -> None:
    world.freeze(NOON)
    with Receiver() as receiver:
        world.patch("erban", callback_url=receiver.url)
        fields = clients.erban_fields(world, sendType="2026-01-01 12:30:00")
        erban_returned(world, "SendTimingSms", **fields)
        world.control.post(f"{world.path}/reset")
        world.freeze(NOON)
        world.advance(7200)
        assert (world.messages(), receiver.got) == ([], [])


@pytest.mark.parametrize("when", ["2026-01-01 11:59:59", "1", ""])
def test_a_time_that_cannot_be_kept_is_refused(world: World, when: str) -> None:
    world.freeze(NOON)
    before = world.charges()
    fields = clients.erban_fields(world, sendType=when)
    assert erban_returned(world, "SendTimingSms", **fields) == "-22,时间格式错误或定时时间已过"
    assert world.charges() == before
    (line,) = world.requests(reason="time_invalid")
    last = world.request(line["id"])["trace"][-1]
    assert (last["rule"], last["passed"]) == ("send_time_ahead", False)


@doors
def test_a_batch_judges_every_line_by_itself(world: World, door: str) -> None:
    text = text_of(world)
    lines = f"{MOBILE},{text}\n\n12,{text}\n{OTHER},没有签名\n{OTHER},{text},再见"
    returned = erban_returned(
        world, "BatchSendSMS", door=door, **numbered(world, lines, world.erban["channel"])
    )
    codes = [line.partition(",")[0] for line in returned.split("\n")]
    assert codes == ["0", "-6", "-8", "0"]
    assert [(m["mobile"], m["content"]) for m in world.messages()] == [
        (MOBILE, text),
        (OTHER, f"{text},再见"),
    ]
    (line,) = world.requests(operation="batch")
    assert (line["outcome"], line["mobile"]) == ("accepted", f"{MOBILE},12,{OTHER},{OTHER}")


@pytest.mark.parametrize("lines", ["", " \n \n"])
def test_a_batch_without_a_line_is_refused_for_its_mobiles(world: World, lines: str) -> None:
    asked = numbered(world, lines, world.erban["channel"])
    assert erban_returned(world, "BatchSendSMS", **asked) == "-6,手机号码格式不正确"


@doors
def test_balances(world: World, door: str) -> None:
    world.patch("erban", balance=12)
    asked = numbered(world)
    assert erban_returned(world, "GetSmsMoney", door=door, **asked, in2="any") == "12"
    assert erban_returned(world, "GetSmsMoney2", door=door, **asked) == "12"


@doors
def test_channels_and_blocked_words(world: World, door: str) -> None:
    world.patch("erban", channels=["8000000101", "8000000102"], blocked_words=["贷款", "赌博"])
    asked = {"in0": "赌博和贷款"}
    if door != "post":  # no parameters, no form
        assert erban_returned(world, "GetChannel", door=door) == "8000000101,8000000102"
    assert erban_returned(world, "IsIncludeKeyWord", door=door, **asked) == "贷款,赌博"
    assert erban_returned(world, "IsIncludeKeyWord", door=door, in0="好") == ""


@doors
def test_replies_are_fetched_and_marked_read(world: World, door: str) -> None:
    world.freeze(NOON)
    first = reply_to(world, "好, 谢谢")
    world.advance(60)
    second = reply_to(world, "退订", mobile=OTHER)
    since = "2026-01-01 12:01:00"
    lines = [
        f"{first['id']},{MOBILE},好, 谢谢,2026-01-01 12:00:00",
        f"{second['id']},{OTHER},退订,{since}",
    ]
    fetched = erban_returned(world, "GetSmsMo", door=door, **numbered(world, ""))
    assert fetched.split("\n") == lines
    assert erban_returned(world, "GetSmsMo", door=door, **numbered(world, since)) == lines[1]
    assert erban_returned(world, "UpdateSmsMo", door=door, in0=first["id"]) == "0"
    assert erban_returned(world, "UpdateSmsMo", door=door, in0="9") == "-21"
    assert erban_returned(world, "GetSmsMo", door=door, **numbered(world, "")) == lines[1]
    states = [r["status"] for r in world.control.get(f"{world.path}/replies")["replies"]]
    assert states == ["read", "fetched"]


def reply_to(world: World, content: str, mobile: str = MOBILE) -> dict[str, str]:
    given = {"mobile": mobile, "content": content}
    return dict(world.control.post(f"{world.path}/replies", given))


def test_a_reply_names_its_session_where_the_address_does_not(world: World) -> None:
    reply = reply_to(world, "好")
    bare = world.server.addresses.erban
    answer = clients.knock(bare, "soap11", {"in0": reply["id"]}, method="UpdateSmsMo")
    assert "<UpdateSmsMoResult>0</UpdateSmsMoResult>" in answer.text
    assert [line["operation"] for line in world.requests()] == ["reply_read"]


def test_one_session_cannot_read_anothers_replies(world: World) -> None:
    other = World.create(world.server)
    try:
        theirs = reply_to(other, "好")
        assert erban_returned(world, "UpdateSmsMo", in0=theirs["id"]) == "-21"
        assert erban_returned(world, "GetSmsMo", **numbered(world, "")) == ""
    finally:
        other.delete()


@pytest.mark.parametrize(
    ("operation", "method", "fields"),
    [
        ("token", "GetRandom", {"in0": "1"}),
        ("batch", "BatchSendSMS", {"in0": "1", "in1": "p", "in2": "", "in3": "c"}),
        ("replies", "GetSmsMo", {"in0": "1", "in1": "p", "in2": ""}),
        ("reply_read", "UpdateSmsMo", {"in0": "1"}),
        ("channels", "GetChannel", {}),
        ("keywords", "IsIncludeKeyWord", {"in0": "好"}),
    ],
)
def test_fault_rules_the_journal_and_verify_know_the_operation(
    world: World, operation: str, method: str, fields: dict[str, str]
) -> None:
    world.fault("erban", "rate_limited", operation=operation, times=1)
    assert erban_returned(world, method, **fields).partition(",")[0] == "-13"
    erban_method(world, method, **fields)
    clients.send_well(world, "erban")
    assert len(world.requests(operation=operation)) == 2
    wanted = {"requests": [{"operation": operation, "count": 2}, {"operation": "send", "count": 1}]}
    assert world.control.post(f"{world.path}/verify", wanted)["result"] == "pass"
