"""Verification codes: limits that are exact, one use, the log and its marks, the captcha."""

import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from tests.e2e.world import World
from tests.panel.driving import MOBILE, Panel, Refused

OVER = Refused("发送失败，已达验证码发送上限", "code_quota_exceeded")
WRONG = Refused("验证码错误", None)


def check(panel: Panel, code: str, event: str = "register") -> object:
    return panel.post("/codes/check", {"event": event, "mobile": MOBILE, "code": code})


def check_refused(panel: Panel, code: str, event: str = "register") -> Refused:
    return panel.refused("POST", "/codes/check", {"event": event, "mobile": MOBILE, "code": code})


def the_code(world: World) -> str:
    return str(world.messages()[-1]["code"])


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


@pytest.mark.parametrize(
    "limits", [{"codes_per_hour": 7}, {"codes_per_hour": None, "codes_per_day": 7}]
)
def test_fifty_at_once_get_exactly_what_the_limit_allows(
    world: World, panel: Panel, limits: dict[str, int | None]
) -> None:
    panel.set(member=limits)
    body = {"event": "register", "mobile": MOBILE}
    ready = threading.Barrier(50)

    def ask(_: int) -> int:
        ready.wait(20)
        return panel.call("POST", "/codes", body).status

    with ThreadPoolExecutor(50) as pool:
        statuses = Counter(pool.map(ask, range(50)))
    assert statuses == {200: 7, 409: 43}
    assert len(world.messages()) == 7
    log = panel.get("/logs/codes")["codes"]
    assert Counter(row["result"] for row in log) == {"sent": 7, "refused": 43}
    assert {row["failure"] for row in log if row["result"] == "refused"} == {OVER.failure}


def test_a_code_whose_sms_failed_does_not_count(world: World, panel: Panel) -> None:
    panel.set(member={"codes_per_hour": 1}, sending={"retries": 0})
    world.fault("official", "signature_mismatch", operation="send", times=2)
    for _ in range(2):
        assert panel.code_refused().failure == "signature_mismatch"
    panel.code()
    assert panel.code_refused() == OVER
    results = [row["result"] for row in panel.get("/logs/codes")["codes"]]
    assert results == ["refused", "sent", "failed", "failed"]


def test_an_hour_is_sixty_minutes_and_a_day_ends_at_the_panels_midnight(panel: Panel) -> None:
    panel.set(sms={"channel": "erban"}, member={"codes_per_hour": 1, "codes_per_day": 2})
    now = datetime.fromisoformat(panel.get("/time")["now"])
    noon = (now + timedelta(days=1)).replace(hour=12, minute=0, second=0)

    def at(moment: datetime) -> None:
        panel.set(time={"offset_seconds": (moment - now).total_seconds()})

    at(noon)
    panel.code()
    at(noon + timedelta(minutes=59))
    assert panel.code_refused() == OVER
    at(noon + timedelta(minutes=61))
    panel.code()
    at(noon.replace(hour=23, minute=50))
    assert panel.code_refused() == OVER
    at(noon + timedelta(hours=12, minutes=5))
    panel.code()


def test_a_limit_may_be_lifted_altogether(panel: Panel) -> None:
    panel.set(member={"codes_per_hour": 0})
    assert panel.code_refused() == OVER
    panel.set(member={"codes_per_hour": None, "codes_per_day": None})
    for _ in range(21):
        panel.code()


def test_a_code_is_checked_any_number_of_times_and_used_once(world: World, panel: Panel) -> None:
    panel.code("operation_code")
    code = the_code(world)
    for _ in range(2):
        assert check(panel, code, "operation_code") == {"valid": True}
    assert check_refused(panel, code, "login") == WRONG
    body = {"mobile": MOBILE, "code": code}
    assert panel.post("/operations/operation_code", body) == {"done": True}
    assert panel.refused("POST", "/operations/operation_code", body) == WRONG


def test_only_the_latest_code_is_good(world: World, panel: Panel) -> None:
    panel.code()
    first = the_code(world)
    panel.code()
    second = the_code(world)
    check(panel, second)
    if first != second:
        assert check_refused(panel, first) == WRONG


def test_five_wrong_tries_make_a_code_void(world: World, panel: Panel) -> None:
    panel.code()
    code = the_code(world)
    for _ in range(5):
        assert check_refused(panel, other_than(code)) == WRONG
    assert check_refused(panel, code).error == "验证码错误次数过多，请重新获取"


def test_a_code_expires_by_the_panels_clock(world: World, panel: Panel) -> None:
    panel.code()
    panel.set(time={"offset_seconds": 299})
    check(panel, the_code(world))
    panel.set(time={"offset_seconds": 302})
    assert check_refused(panel, the_code(world)).error == "验证码已过期，请重新获取"


def test_the_log_marks_what_looks_like_abuse_of_a_mobile(panel: Panel) -> None:
    for _ in range(5):
        panel.code()
    panel.code(mobile="13900139000")
    rows = panel.get("/logs/codes")["codes"]
    assert [bool(row["suspicious"]) for row in rows] == [False, *[True] * 5]
    assert "同一号码请求 5 次" in rows[1]["suspicious"][0]
    [row] = panel.get("/logs/codes?mobile=13900139000")["codes"]
    assert (row["event"], row["ip"], row["result"]) == ("register", "127.0.0.1", "sent")


def test_the_log_marks_what_looks_like_abuse_from_an_address(panel: Panel) -> None:
    for number in range(20):
        panel.code(mobile=f"138001380{number:02}")
    rows = panel.get("/logs/codes")["codes"]
    assert len(rows) == 20
    assert all("同一 IP 请求 20 次" in row["suspicious"][0] for row in rows)


def test_with_the_captcha_on_only_a_solved_challenge_sends(world: World, panel: Panel) -> None:
    panel.set(captcha={"enabled": True})
    assert panel.code_refused() == Refused("请先完成行为验证", None)
    challenge = panel.post("/captcha")
    gap = re.search(r'<rect class="gap" x="(\d+)"', challenge["image"])
    assert gap
    answer = {"id": challenge["id"], "position": int(gap[1]) + challenge["tolerance"]}
    panel.code(captcha=answer)
    failed = Refused("行为验证未通过，请重试", None)
    assert panel.code_refused(captcha=answer) == failed
    challenge = panel.post("/captcha")
    wrong = {"id": challenge["id"], "position": 0}
    right = {"id": challenge["id"], "position": int(gap[1])}
    assert panel.code_refused(captcha=wrong) == failed
    assert panel.code_refused(captcha=right) == failed  # a challenge is good for one try
    assert len(world.messages()) == 1
    results = Counter(row["result"] for row in panel.get("/logs/codes")["codes"])
    assert results == {"captcha": 4, "sent": 1}


def test_a_code_goes_by_mail_too_where_an_address_is_known(world: World, panel: Panel) -> None:
    sent = panel.code("find_password_code", email="a@example.com")
    assert (sent["sms"], sent["mail"]) == (True, True)
    [letter] = panel.get("/outbox?kind=mail")["outbox"]
    assert (letter["recipient"], letter["title"]) == ("a@example.com", "找回密码验证码")
    assert the_code(world) in letter["body"]


def test_an_event_without_sms_sends_its_code_by_mail(world: World, panel: Panel) -> None:
    assert panel.code_refused("change_email_code").error == "email：需要邮箱地址"
    sent = panel.code("change_email_code", email="new@example.com")
    assert (sent["sms"], sent["mail"], world.messages()) == (False, True, [])
    [letter] = panel.get("/outbox")["outbox"]
    code = re.search(r"\d{6}", letter["body"])
    assert code
    check(panel, code[0], "change_email_code")


def test_an_event_that_sends_no_code(panel: Panel) -> None:
    assert panel.code_refused("admin_login").error == "event：此事件不发送验证码"
    assert "没有这个事件" in panel.code_refused("nonsense").error
