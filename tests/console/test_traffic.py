"""Live traffic: what is seen of a request, found by, and made of it."""

import json
import subprocess
import sys
from pathlib import Path
from textwrap import indent

import msgspec
import pytest
import yaml
from playwright.sync_api import expect

from fakeproviders.failures import failure
from fakeproviders.journal import MAX_ENTRIES
from fakeproviders.scenario.model import Step
from tests.console.browsing import Console
from tests.e2e import clients
from tests.e2e.world import World

SCENARIO = "title: {{zh: 录下的请求, en: A request that was recorded}}\nsteps:\n{steps}"


def send(world: World, provider: str, **overrides: object) -> str:
    """Send; the id of the request in the journal."""
    clients.send(world, provider, **overrides)
    return str(world.requests()[-1]["id"])


def test_requests_of_every_provider_come_in_live_with_the_newest_on_top(
    console: Console, world: World
) -> None:
    send(world, "official")
    console.open()
    expect(console.rows).to_have_count(2)
    for number, provider in enumerate(("erban", "reseller"), 1):
        send(world, provider, mobile=f"1390000000{number}")
        expect(console.rows.first).to_contain_text(console.t(f"provider.{provider}"))
        expect(console.rows.first).to_contain_text(console.t("outcome.accepted"))
    expect(console.page.locator(".count")).to_have_text(
        console.t("traffic.count", all=len(world.requests()))
    )
    expect(console.rows.last).to_contain_text(console.t("operation.token"))
    expect(console.rows.filter(has_text="ms")).to_have_count(len(world.requests()))


def test_a_refusal_is_explained_with_the_guides_remedy(console: Console, world: World) -> None:
    refused = send(world, "official", signature="【别家公司】")
    entry = failure("signature_mismatch")
    console.open()
    console.rows.filter(has_text=entry.title[console.lang]).click()
    expect(console.page).to_have_url(f"{console.url}/console/#/{world.id}/traffic/{refused}")
    opened = console.opened
    expect(opened).to_contain_text(console.t("why.refused", title=entry.title[console.lang]))
    expect(opened).to_contain_text(entry.cause[console.lang])
    expect(opened).to_contain_text(entry.remedy[console.lang])
    expect(opened).to_contain_text(console.t("section", number=3))
    trace = world.request(refused)["trace"]
    expect(opened.locator(".path li")).to_have_count(len(trace) + 2)
    expect(opened.locator(".path .failed")).to_have_count(1)
    expect(opened.locator(".path .failed")).to_contain_text(trace[-1][console.lang])


def test_a_request_opens_decoded_and_raw_both_ways(console: Console, world: World) -> None:
    sent = send(world, "erban", door="form", content=f"{world.erban['signature']}验证码4829")
    console.open(item=sent)
    came, went = console.opened.locator(".tabbed").all()
    expect(came.locator("dl")).to_contain_text("验证码4829")
    came.get_by_role("tab", name=console.t("wire.raw")).click()
    raw = world.request(sent)["request"]
    expect(came.locator("pre")).to_contain_text(f"POST /@{world.id}{clients.FORM} HTTP/1.1")
    expect(came.locator("pre")).to_contain_text(raw["body"])
    expect(went).to_contain_text("发送成功")


def test_a_fault_that_acted_is_told_apart_from_what_was_decided(
    console: Console, world: World
) -> None:
    world.fault("official", "reply_lost", operation="send", times=1)
    with pytest.raises(ConnectionError):
        clients.official_send(world)
    console.open(item=world.requests()[-1]["id"])
    opened = console.opened
    title = failure("reply_lost").title[console.lang]
    expect(opened).to_contain_text(console.t("why.fault", rule="f1", title=title))
    expect(opened).to_contain_text(console.t("why.accepted_anyway"))
    expect(opened).to_contain_text(failure("reply_lost").remedy[console.lang])
    expect(opened).to_contain_text(console.t("fault.drawn", id="f1", what="reply_lost", nth=1))
    expect(opened).to_contain_text(console.t("reply.none"))


def test_rows_are_filtered_and_searched(console: Console, world: World) -> None:
    send(world, "official")
    send(world, "erban", mobile="13700137000")
    send(world, "erban", password="wrong", mobile="13700137001")
    console.open()
    expect(console.rows).to_have_count(4)
    search = console.page.get_by_role("searchbox")
    for text, number in (
        ("13700137", 2),
        ("13700137 refused", 1),
        ("credentials_invalid", 1),
        ("", 4),
    ):
        search.fill(text)
        expect(console.rows).to_have_count(number)
    console.page.get_by_label(console.t("filter.provider")).select_option("erban")
    expect(console.rows).to_have_count(2)
    console.page.get_by_label(console.t("filter.outcome")).select_option("page")
    expect(console.rows).to_have_count(0)
    console.click("filter.clear")
    expect(console.rows).to_have_count(4)


@pytest.mark.parametrize("provider", ["official", "erban"])
def test_the_copied_curl_sends_the_same_bytes(
    english: Console, world: World, provider: str
) -> None:
    more = (
        {"door": "form", "content": f"{world.erban['signature']}it's 短信\"$HOME`id`"}
        if provider == "erban"
        else {}
    )
    sent = send(world, provider, **more)
    english.open(item=sent)
    english.click("request.curl")
    subprocess.run(["sh", "-c", english.copied()], check=True, capture_output=True, timeout=20)
    again = world.requests()[-1]["id"]
    first, second = (world.request(each)["request"] for each in (sent, again))
    assert again != sent
    assert {k: v for k, v in second.items() if k != "headers"} == {
        k: v for k, v in first.items() if k != "headers"
    }
    assert ["Content-Type", dict(first["headers"])["Content-Type"]] in second["headers"]


@pytest.mark.fakeproviders(allow_unfired=True)
def test_a_fault_is_made_of_a_request(console: Console, world: World) -> None:
    sent = send(world, "erban", mobile="13700137000")
    console.open(item=sent)
    console.click("request.make_fault")
    console.dialog.get_by_label(console.t("fault.what")).select_option("maintenance")
    console.click("fault.script")
    expect(console.dialog).to_have_count(0)
    (rule,) = world.control.get(f"{world.path}/faults")["faults"]
    assert (rule["provider"], rule["operation"], rule["do"]) == ("erban", "send", "maintenance")
    assert rule["match"] == {"mobile": "13700137000"}


def step_of(console: Console, request: str) -> str:
    """The step that is copied."""
    console.open(item=request)
    console.click("request.make_step")
    console.button_in(console.dialog, "copy").first.click()
    return console.copied()


def test_an_accepted_request_becomes_a_step(english: Console, world: World) -> None:
    copied = yaml.safe_load(step_of(english, send(world, "official", mobile="13700137000")))
    (step,) = msgspec.convert(copied, list[Step])
    assert (step.do, step.parameters) == (
        "test_send",
        {"channel": "official", "mobile": "13700137000"},
    )
    assert step.expect.received[0].outcome == "accepted"


@pytest.mark.parametrize("cause", ["rule", "fault"])
def test_a_failed_request_becomes_steps_that_fail_the_same_way(
    english: Console, world: World, tmp_path: Path, cause: str
) -> None:
    if cause == "fault":
        world.fault("erban", "rate_limited", operation="send", times=1)
    password = {"password": "wrong"} if cause == "rule" else {}
    steps = step_of(english, send(world, "erban", mobile="13700137000", **password))
    file = tmp_path / "recorded.scenario.yaml"
    file.write_text(SCENARIO.format(steps=indent(steps, "  ")), "utf-8")
    command = [sys.executable, "-m", "fakeproviders", "replay", str(file), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=50)
    assert json.loads(done.stdout)["scenarios"][0]["outcome"] == "passed", done.stdout


def test_ten_thousand_rows_are_a_few_elements(english: Console, world: World) -> None:
    send(world, "erban")
    session = world.server.harness.sessions.get(world.id)
    assert session is not None

    async def fill() -> None:
        entry = session.journal.get(0) or session.journal.newest_first()[0][1]
        for _ in range(MAX_ENTRIES - 1):
            session.journal.append(entry)

    world.server.call(fill())
    english.open()
    expect(english.page.locator(".count")).to_have_text("Requests: 10,000")
    assert english.rows.count() < 60
    listing = english.page.get_by_role("listbox")
    for share in (0.25, 0.5, 0.75, 1):
        listing.evaluate("(list, share) => (list.scrollTop = list.scrollHeight * share)", share)
        expect(
            english.rows.and_(
                english.page.locator(f"[aria-posinset='{int(MAX_ENTRIES * share) - 2}']")
            )
        ).to_be_visible()
        assert english.rows.count() < 60
    expect(english.rows.and_(english.page.locator("[aria-posinset='10000']"))).to_be_visible()
    listing.evaluate("list => (list.scrollTop = 4000)")
    held = english.rows.and_(english.page.locator("[aria-posinset='105']"))
    expect(held).to_be_visible()
    name, top = held.get_attribute("id"), held.bounding_box()
    send(world, "erban")
    moved = english.page.locator(f"#{name}")
    expect(moved).to_have_attribute("aria-posinset", "106")
    assert moved.bounding_box() == top


def test_the_list_is_walked_by_keyboard(english: Console, world: World) -> None:
    ids = [send(world, "erban", smsid=f"s{number}") for number in range(3)]
    english.open()
    expect(english.rows).to_have_count(3)
    keys = english.page.keyboard
    keys.press("/")
    expect(english.page.get_by_role("searchbox")).to_be_focused()
    english.page.get_by_role("listbox").focus()
    for key, place in (("ArrowDown", 0), ("ArrowDown", 1), ("End", 2), ("ArrowUp", 1), ("Home", 0)):
        keys.press(key)
        row = english.rows.nth(place)
        expect(row).to_have_attribute("aria-selected", "true")
        expect(english.page.get_by_role("listbox")).to_have_attribute(
            "aria-activedescendant", str(row.get_attribute("id"))
        )
    keys.press("Enter")
    expect(
        english.page.get_by_role("heading", name=english.t("request.title", id=ids[-1]))
    ).to_be_visible()
    keys.press("Escape")
    expect(english.opened).to_be_hidden()
    expect(english.page.get_by_role("listbox")).to_be_focused()
