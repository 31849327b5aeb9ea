"""Every failure of the catalogue on every channel: what the panel shows, and what it makes of it."""

from typing import Any

import aiohttp
import pytest

from fakeproviders.clients.answer import Answer, BadAnswer, Fault
from fakeproviders.failures import catalogue, failure
from fakeproviders.panel.findings import REFUSALS, SYMPTOMS, broken, refused
from fakeproviders.panel.settings import CHANNELS, Channel
from tests.e2e.running import RunningServer
from tests.e2e.world import World
from tests.panel.driving import Panel, Refused

SAID = [entry.slug for entry in catalogue().values() if entry.kind != "transport"]
OTHERWISE: dict[tuple[str, str], str] = {
    # Two failures that look alike on the wire, so that one of them is found.
    ("official", "token_expired"): "access_token_failed",
    ("reseller", "token_expired"): "access_token_failed",
    ("erban", "token_expired"): "access_token_failed",
    ("erban", "maintenance"): "endpoint_unreachable",
    ("erban", "base_url_has_api_path"): "endpoint_unreachable",
}
SENTENCES = {"base_url_has_api_path": "404"}
"""What has no text of the wire's, and what the panel's own sentence has in it."""
TEXTS = {("reseller", "credentials_invalid"): "会员ID或接口密钥错误"}


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("slug", SAID)
def test_every_refusal_is_recognised(world: World, panel: Panel, channel: str, slug: str) -> None:
    panel.set(sms={"channel": channel}, sending={"retries": 0})
    world.fault(channel, slug, operation="send")
    found = panel.test_refused(channel)
    expected = OTHERWISE.get((channel, slug), slug)
    assert found.failure == expected
    if expected in SENTENCES:
        assert SENTENCES[expected] in found.error
    else:
        entry = failure(expected)
        text = TEXTS.get((channel, slug), entry.text)
        assert found.error == f"{entry.panel_prefix}{text}"
    assert panel.last()["failure"] == expected
    assert len(world.requests(operation="send")) == 1


TRANSPORT: dict[str, tuple[object, str, str]] = {
    # A fault: the failure that is found on official and reseller, and what its text has in it.
    "hang": ("hang", "hang", "超时"),
    "delay": ({"delay": {"ms": 5000}}, "hang", "超时"),
    "trickle": ({"trickle": {"bytes": 1, "ms": 1000}}, "hang", "超时"),
    "reset": ("reset", "reset", "中断"),
    "reply_lost": ("reply_lost", "empty", "没有响应"),
    "empty": ("empty", "empty", "没有响应"),
    "truncate": ("truncate", "truncate", "不完整"),
    "garbage": ("garbage", "garbage", "不是 HTTP"),
    "malformed": ("malformed", "malformed", "无法解析"),
    "status": ({"status": {"status": 500}}, "status", "HTTP 500"),
    "another status": ({"status": {"status": 403}}, "status", "HTTP 403"),
}


@pytest.mark.parametrize("name", list(TRANSPORT))
@pytest.mark.parametrize("channel", ["official", "reseller"])
def test_a_connection_that_fails_is_named(
    world: World, panel: Panel, channel: str, name: str
) -> None:
    fault, slug, part = TRANSPORT[name]
    panel.set(sms={"channel": channel}, sending={"retries": 0, "timeout_seconds": 0.3})
    world.fault(channel, fault)
    found = panel.test_refused(channel)
    assert found.failure == slug
    assert found.error.startswith("短信发送失败: ")
    assert part in found.error
    english = panel.refused(
        "POST", "/sms/test", {"channel": channel, "mobile": "13800138000"}, "en"
    )
    assert english.error.startswith("SMS not sent: ")
    assert english.error.isascii()


@pytest.mark.parametrize("channel", ["official", "reseller"])
def test_a_provider_that_is_down_refuses_connections(server: RunningServer, channel: str) -> None:
    world = World.create(server, dedicated_ports=True)
    panel = Panel(world.session["panel"]["url"])
    panel.set(sms={"channel": channel}, sending={"pause_seconds": 0})
    world.fault(channel, "refuse")
    found = panel.test_refused(channel)
    assert found == Refused("短信发送失败: 无法连接服务商", "refuse")
    panel.set(sending={"failover": "erban"})
    panel.code()
    assert [message["provider"] for message in world.messages()] == ["erban"]
    world.delete()


@pytest.mark.parametrize("fault", ["wrong_content_type", "wrong_charset"])
@pytest.mark.parametrize("channel", CHANNELS)
def test_what_can_be_read_all_the_same_is_read(
    world: World, panel: Panel, channel: str, fault: str
) -> None:
    panel.set(sms={"channel": channel})
    world.fault(channel, fault)
    panel.test(channel)


def test_a_text_that_nobody_knows_is_shown_as_it_came(world: World, panel: Panel) -> None:
    body = '{"code": 99, "msg": "线路忙 #7"}'
    world.fault("official", {"reply": {"status": 400, "body": body}}, operation="send")
    assert panel.test_refused() == Refused("短信发送失败: 线路忙 #7", None)


def test_a_channel_without_an_address(panel: Panel) -> None:
    panel.set(sms={"channel": "reseller", "reseller": {"url": ""}})
    found = panel.test_refused("reseller")
    assert found == Refused("短信发送失败: 短信通道的地址没有填写或无法使用", None)


def test_the_tables_know_only_entries_of_the_catalogue() -> None:
    entries = catalogue()
    assert set(REFUSALS) <= set(SAID)
    assert all(entries[slug].kind == "transport" for slug in SYMPTOMS)


@pytest.mark.parametrize("slug", SAID)
def test_only_what_may_pass_is_tried_again(slug: str) -> None:
    entry = failure(slug)
    if entry.text:
        finding = refused(Answer(1, entry.text))
        assert finding.retry == (slug in AGAIN)
        assert finding.failover == (slug in ELSEWHERE)


AGAIN = {
    "endpoint_unreachable",
    "internal_error",
    "maintenance",
    "rate_limited",
    "upstream_unavailable",
}
ELSEWHERE = (AGAIN - {"upstream_unavailable"}) | {"app_disabled", "balance_insufficient"}
ERRORS: list[tuple[Any, str, bool]] = [
    (TimeoutError(), "hang", True),
    (aiohttp.ServerTimeoutError(), "hang", True),
    (aiohttp.ServerDisconnectedError(), "empty", True),
    (aiohttp.ClientPayloadError(), "truncate", True),
    (ConnectionResetError(), "reset", True),
    (aiohttp.ClientOSError(), "reset", True),
    (aiohttp.ClientError(), "garbage", True),
    (BadAnswer(200, "<html>"), "malformed", True),
    (BadAnswer(500, "<html>"), "status", False),
    (Fault(500, "<xml/>", "?"), "malformed", True),
]


@pytest.mark.parametrize(("error", "slug", "unsure"), ERRORS, ids=lambda value: repr(value)[:40])
@pytest.mark.parametrize("channel", CHANNELS)
def test_whether_an_sms_may_have_been_accepted(
    channel: Channel, error: Exception, slug: str, *, unsure: bool
) -> None:
    finding = broken(channel, error)
    assert finding.failure == ("endpoint_unreachable" if channel == "erban" else slug)
    assert finding.unsure == unsure
