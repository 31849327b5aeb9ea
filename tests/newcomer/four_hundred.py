"""Four hundred tests that would all notice another one's messages, faults, quotas or clock."""

from datetime import datetime, timedelta
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

import pytest

from fakeproviders import SyncSession

MOBILE = "13800138000"
OPENER = build_opener(ProxyHandler({}))
SENT = "0,短信发送成功"
every = pytest.mark.parametrize("number", range(100))


def send_sms(session: SyncSession, code: int) -> str:
    erban = session.erban
    form = {
        "account": erban.account,
        "password": erban.password,
        "channel": erban.channel,
        "mobile": MOBILE,
        "content": f"{erban.signature}验证码{code}",
    }
    url = f"{erban.url}/WebService/sms3.aspx"
    with OPENER.open(url, urlencode(form).encode(), timeout=30) as reply:
        return str(reply.read().decode())


@every
def test_the_inbox_is_ours(fakeproviders: SyncSession, number: int) -> None:
    assert send_sms(fakeproviders, 1000 + number) == SENT
    assert fakeproviders.inbox.wait_for_code(MOBILE) == str(1000 + number)
    assert len(fakeproviders.inbox.messages()) == 1


@every
def test_the_faults_are_ours(fakeproviders: SyncSession, number: int) -> None:
    fakeproviders.erban.script(f"rate_limited x{number % 3 + 1}, ok")
    answers = [send_sms(fakeproviders, 1234) for _ in range(number % 3 + 2)]
    assert [answer == SENT for answer in answers] == [False] * (number % 3 + 1) + [True]


@every
def test_the_quota_is_ours(fakeproviders: SyncSession, number: int) -> None:
    fakeproviders.erban.configure(quotas={"account_per_day": 1})
    assert send_sms(fakeproviders, 1234) == SENT
    assert send_sms(fakeproviders, 1234) != SENT
    assert [use.used for use in fakeproviders.quota("erban") if use.limit] == [1]


@pytest.mark.fakeproviders(clock="2026-01-01T00:00:00")
@every
def test_the_clock_is_ours(fakeproviders: SyncSession, number: int) -> None:
    fakeproviders.clock.advance(days=number)
    assert send_sms(fakeproviders, 1234) == SENT
    day = datetime.fromisoformat("2026-01-01T00:00:00+08:00") + timedelta(days=number)
    assert [message.at for message in fakeproviders.inbox.messages()] == [day]
