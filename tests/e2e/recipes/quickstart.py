from urllib.parse import urlencode
from urllib.request import urlopen

import pytest


def send_sms(erban, mobile, text):
    """Stands for your own code, set up with the address and the credentials of the test's session."""
    form = {
        "account": erban.account,
        "password": erban.password,
        "channel": erban.channel,
        "mobile": mobile,
        "content": f"{erban.signature}{text}",
    }
    with urlopen(f"{erban.url}/WebService/sms3.aspx", urlencode(form).encode()) as reply:
        return reply.read().decode()


def test_the_code_arrives(fakeproviders):
    assert send_sms(fakeproviders.erban, "13800138000", "验证码482915") == "0,短信发送成功"
    assert fakeproviders.inbox.wait_for_code("13800138000") == "482915"


def test_a_busy_provider_says_so_once(fakeproviders):
    fakeproviders.erban.script("rate_limited, ok")
    assert (
        send_sms(fakeproviders.erban, "13800138000", "验证码1234") == "-13,请求过于频繁, 请稍后再试"
    )
    assert send_sms(fakeproviders.erban, "13800138000", "验证码1234") == "0,短信发送成功"


@pytest.mark.fakeproviders(
    clock="2026-01-01T23:59:00", providers={"erban": {"quotas": {"mobile_per_day": 1}}}
)
def test_one_code_a_day_until_midnight(fakeproviders):
    assert send_sms(fakeproviders.erban, "13800138000", "验证码1111").startswith("0,")
    assert send_sms(fakeproviders.erban, "13800138000", "验证码2222").startswith("-16,")
    fakeproviders.clock.advance(minutes=1)
    assert send_sms(fakeproviders.erban, "13800138000", "验证码3333").startswith("0,")
