"""People's answers, which the providers pass on to the panel."""

import pytest

from fakeproviders.clients.envelope import sign
from fakeproviders.panel.settings import CHANNELS
from tests.e2e.world import World
from tests.panel.driving import MOBILE, Panel
from tests.panel.pages.browser import Browser

OTHER = "13900139000"


def answers(world: World, provider: str, content: str, mobile: str = MOBILE) -> dict[str, str]:
    """A person answers; what became of it with the provider."""
    body = {"provider": provider, "mobile": mobile, "content": content}
    added: dict[str, str] = world.control.post(f"{world.path}/replies", body)
    return added


@pytest.mark.parametrize("provider", CHANNELS)
def test_an_answer_is_taken_and_shown(world: World, panel: Panel, provider: str) -> None:
    world.patch(provider, callback_url=f"{panel.url}/api/receipts")
    assert answers(world, provider, "<b>T退订")["status"] == "read"
    [row] = panel.get("/replies")["replies"]
    assert (row["channel"], row["mobile"], row["content"]) == (provider, MOBILE, "<b>T退订")
    assert "<b>T退订" in Browser(panel.url).open("/admin/replies").text


def test_an_answer_that_comes_twice_is_there_once(world: World, panel: Panel) -> None:
    world.patch("erban", callback_url=f"{panel.url}/api/receipts")
    world.fault("erban", {"receipt": {"copies": 3}}, operation="reply")
    answers(world, "erban", "Y")
    assert len(panel.get("/replies")["replies"]) == 1
    assert len(world.requests(operation="reply")) == 3


def test_answers_are_narrowed_by_mobile(world: World, panel: Panel) -> None:
    world.patch("erban", callback_url=f"{panel.url}/api/receipts")
    answers(world, "erban", "一", MOBILE)
    answers(world, "erban", "二", OTHER)
    assert [row["content"] for row in panel.get("/replies")["replies"]] == ["二", "一"]
    [row] = panel.get(f"/replies?mobile={MOBILE}")["replies"]
    assert row["content"] == "一"
    page = Browser(panel.url).open("/admin/replies").press("筛选", {"mobile": OTHER})
    assert "二" in page.text
    assert "没有这个手机号码的记录" in Browser(panel.url).open("/admin/replies?mobile=1").text


@pytest.mark.parametrize(
    ("change", "status"),
    [({"sign": "x"}, 403), ({"content": "changed"}, 403), ({"mobile": 1}, 422), ({}, 200)],
)
def test_an_answer_is_proved(
    world: World, panel: Panel, change: dict[str, object], status: int
) -> None:
    fields = {"reply_id": "1", "mobile": MOBILE, "content": "T", "time": "2026-01-01 08:00:00"}
    signed = {**fields, "sign": sign(fields, world.official["app_secret"])}
    assert panel.call("POST", "/receipts", {**signed, **change}).status == status
    assert len(panel.get("/replies")["replies"]) == (status == 200)
