"""Every other page, walked as a tester walks it: what is caused there happens, and what happens is seen there."""

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from fakeproviders.failures import failure
from tests.conftest import require_tool
from tests.console.browsing import Console
from tests.e2e import clients
from tests.e2e.world import Control, World

MOBILE = clients.MOBILE


def test_the_inbox_shows_code_cost_and_delivery(console: Console, world: World) -> None:
    world.patch("erban", receipts={"after_seconds": None})
    clients.send_well(
        world, "erban", content=f"{world.erban['signature']}{'验证码是 482915。' * 12}"
    )
    console.open("inbox")
    card = console.page.locator(".conversation").filter(has_text=MOBILE)
    message = world.messages()[0]
    expect(card).to_contain_text(message["content"])
    expect(card).to_contain_text(
        console.t("message.cost", segments=message["segments"], fee=message["fee"])
    )
    assert message["segments"] > 1
    expect(card).to_contain_text(console.t("status.submitted"))
    console.click("message.copy_code", code="482915")
    assert console.copied() == "482915"
    console.click("message.make_undelivered")
    expect(card).to_contain_text(console.t("status.undelivered"))
    expect(card).to_contain_text("UNDELIV")
    console.click("message.make_delivered")
    expect(card.locator(".badge.good")).to_have_text(console.t("status.delivered"))
    assert world.messages()[0]["status"] == "delivered"


def test_the_inbox_is_live_grouped_and_searched(console: Console, world: World) -> None:
    console.open("inbox")
    expect(console.page.get_by_text(console.t("inbox.none"))).to_be_visible()
    for number in (1, 2, 1):
        clients.send_well(world, "official", mobile=f"1380000000{number}")
    cards = console.page.locator(".conversation")
    expect(cards).to_have_count(2)
    expect(cards.first.locator(".message")).to_have_count(2)
    expect(cards.first).to_contain_text("13800000001")
    expect(cards.first).to_contain_text(console.t("status.delivered"))
    console.page.get_by_role("searchbox").fill("0002")
    expect(cards).to_have_count(1)


def test_a_person_answers(console: Console, world: World) -> None:
    clients.send_well(world, "erban")
    console.open("inbox")
    console.click("reply.as_one", mobile=MOBILE)
    console.dialog.get_by_label(console.t("reply.content")).fill("退订 T")
    console.click("reply.send")
    expect(console.page.locator(".from-person")).to_contain_text("退订 T")
    expect(console.page.locator(".from-person")).to_contain_text(console.t("replied.new"))
    (reply,) = world.control.get(f"{world.path}/replies")["replies"]
    assert (reply["mobile"], reply["content"], reply["provider"]) == (MOBILE, "退订 T", "erban")


def test_the_catalogue_tells_and_causes_a_failure(console: Console, world: World) -> None:
    entry = failure("signature_mismatch")
    console.open("failures", entry.slug)
    shown = console.page.locator(f"#failure-{entry.slug}")
    for text in (
        entry.text,
        entry.panel_prefix.strip(),
        entry.cause[console.lang],
        entry.remedy[console.lang],
        "41004",
    ):
        expect(shown).to_contain_text(text)
    expect(shown).to_contain_text(console.t("provenance.D"))
    console.click("fault.once_of", what=entry.title[console.lang])
    rules = console.page.get_by_role("table", name=console.t("fault.active")).locator("tbody tr")
    expect(rules).to_have_count(1)
    assert clients.send(world, "official").text == entry.text
    expect(rules.locator("td").nth(4)).to_have_text("1")
    expect(rules.locator("td").nth(5)).to_have_text("1")
    expect(rules).to_contain_text(console.t("fault.exhausted"))
    console.click("fault.off_one", id="f1")
    expect(console.page.get_by_text(console.t("fault.none"))).to_be_visible()
    assert world.control.get(f"{world.path}/faults") == {"faults": []}


@pytest.mark.fakeproviders(allow_unfired=True)
@pytest.mark.parametrize(
    ("when", "number", "expected"),
    [
        ("times", "5", {"times": 5}),
        ("chance", "12.5", {"probability": 0.125}),
        ("always", "", {}),
        ("once", "", {"times": 1}),
    ],
)
def test_a_failure_is_scripted_as_it_was_chosen(
    english: Console, world: World, when: str, number: str, expected: dict[str, float]
) -> None:
    english.open("failures")
    english.page.get_by_label(english.t("fault.provider_label")).select_option("reseller")
    english.click("fault.more_of", what=failure("delay").title.en)
    dialog = english.dialog
    dialog.get_by_label(english.t("line.mobile"), exact=True).fill("138")
    dialog.locator(f"input[value={when}]").check()
    if number:
        dialog.locator(f"input[name={ {'times': 'times', 'chance': 'percent'}[when] }]").fill(
            number
        )
    dialog.get_by_label(english.t("fault.settings")).fill('{"ms": 5}')
    english.click("fault.script")
    expect(dialog).to_have_count(0)
    (rule,) = world.control.get(f"{world.path}/faults")["faults"]
    assert (rule["provider"], rule["operation"], rule["do"]) == (
        "reseller",
        "send",
        {"delay": {"ms": 5}},
    )
    assert rule["match"] == {"mobile": {"prefix": "138"}}
    assert {name: rule[name] for name in ("times", "probability") if name in rule} == expected


@pytest.mark.fakeproviders(allow_unfired=True)
def test_what_the_server_refuses_is_said_in_the_dialog(english: Console) -> None:
    english.allowed += ("422",)
    english.open("failures")
    english.click("fault.more_of", what=failure("delay").title.en)
    settings = english.dialog.get_by_label(english.t("fault.settings"))
    settings.fill("{ms: 1}")
    english.click("fault.script")
    expect(english.dialog.get_by_role("alert")).to_contain_text(english.t("fault.settings_wrong"))
    settings.fill('{"seconds": 1}')
    english.click("fault.script")
    expect(english.dialog.get_by_role("alert")).to_contain_text("seconds")
    settings.fill('{"ms": 1}')
    english.click("fault.script")
    expect(english.dialog).to_have_count(0)


def test_a_scenario_runs_with_its_steps_lit_and_its_report(untried: Console) -> None:
    name, told = {
        "zh": ("3-signature-mismatch", "短信发送失败: 签名数据不一致"),
        "en": ("2-parameter-missing", "请求参数不存在"),
    }[untried.lang]
    untried.open("scenarios", name)
    opened = untried.opened
    steps = opened.locator(".steps > li")
    expect(steps).not_to_have_count(0)
    expect(opened.locator(".steps > .to-come")).to_have_count(steps.count())
    untried.button_in(opened, "scenario.run").click()
    expect(opened.locator(".ending")).to_contain_text(untried.t("outcome.passed"))
    expect(opened.locator(".steps > .passed")).to_have_count(steps.count())
    expect(untried.button_in(opened, "scenario.run")).to_be_enabled()
    expect(opened.locator(".steps")).to_contain_text(told)
    with untried.page.context.expect_page() as report:
        opened.get_by_role("link", name=untried.t("scenario.report")).click()
    expect(report.value.locator("body")).to_contain_text(name)
    report.value.close()


def test_a_scenarios_session_can_be_kept_and_looked_at(english: Console, world: World) -> None:
    english.open("scenarios", "maintenance")
    english.opened.get_by_role("checkbox").check()
    english.button_in(english.opened, "scenario.run").click()
    english.opened.get_by_role("link", name=english.t("scenario.its_traffic")).click()
    expect(english.rows.filter(has_text=failure("maintenance").title.en).first).to_be_visible()
    kept = english.page.locator(".bar .session code").inner_text()
    assert kept != english.session
    world.control.delete(f"/api/v1/sessions/{kept}")


def test_all_that_are_listed_run(untried: Console) -> None:
    text = {"zh": "mobile-", "en": "template-"}[untried.lang]
    known = Control(untried.url).get("/api/v1/scenarios")["scenarios"]
    names = [scenario["name"] for scenario in known if text in scenario["name"]]
    untried.open("scenarios")
    untried.page.get_by_role("searchbox").fill(text)
    lines = untried.page.locator(".scenario")
    expect(lines).to_have_count(len(names))
    expect(lines.locator(".badge.good")).to_have_count(0)
    untried.click("scenario.run_shown")
    expect(lines.locator(".badge.good")).to_have_count(len(names), timeout=30_000)


def test_quota_is_gauged_and_the_clock_frees_it(console: Console, world: World) -> None:
    console.open("quota")
    console.click("quota.change_of", provider=console.t("provider.official"))
    console.dialog.get_by_label(console.t("bucket.mobile_per_minute")).fill("1")
    console.dialog.get_by_label(console.t("bucket.mobile_per_day")).fill("2")
    console.click("save")
    expect(console.dialog).to_have_count(0)
    clients.send_well(world, "official")
    minute = console.page.get_by_role(
        "meter", name=f"{console.t('bucket.mobile_per_minute')} · {MOBILE}"
    )
    day = console.page.get_by_role("meter", name=f"{console.t('bucket.mobile_per_day')} · {MOBILE}")
    expect(minute).to_have_attribute("aria-valuenow", "1")
    expect(day).to_have_attribute("aria-valuemax", "2")
    assert clients.send(world, "official").text == failure("mobile_minute_limit").text
    console.click("clock.minute")
    expect(minute).to_have_count(0)
    expect(day).to_have_attribute("aria-valuenow", "1")
    clients.send_well(world, "official")
    expect(day).to_have_attribute("aria-valuenow", "2")
    console.click("clock.freeze")
    expect(console.page.get_by_text(console.t("clock.frozen"), exact=True)).to_be_visible()
    console.click("clock.midnight")
    expect(console.page.locator(".clock .time")).to_have_text("00:00:00")
    assert world.control.get(f"{world.path}/clock")["now"][11:19] == "00:00:00"
    expect(day).to_have_count(0)
    console.click("clock.hour")
    expect(console.page.locator(".clock .time")).to_have_text("01:00:00")
    console.click("clock.to_system")
    expect(console.page.get_by_text(console.t("clock.system"), exact=True)).to_be_visible()
    assert world.control.get(f"{world.path}/clock")["mode"] == "system"


def test_the_clock_is_set_to_a_moment(english: Console, world: World) -> None:
    english.open("quota")
    english.click("clock.freeze")
    english.page.get_by_text(english.t("clock.set"), exact=True).click()
    english.page.get_by_label(english.t("clock.moment")).fill("2030-02-28T23:59:30")
    english.click("clock.set_it")
    expect(english.page.locator(".clock .time")).to_have_text("23:59:30")
    assert world.control.get(f"{world.path}/clock")["now"].startswith("2030-02-28T23:59:30")


def test_sessions_are_made_switched_reset_and_deleted(console: Console, world: World) -> None:
    clients.send_well(world, "erban")
    console.open("sessions")
    console.click("session.new")
    console.dialog.get_by_label(console.t("session.name")).fill("结账 <b>")
    console.dialog.get_by_label(console.t("session.seed")).fill("7")
    console.click("session.create")
    expect(console.page.locator(".bar .session code")).not_to_have_text(world.id)
    made = console.page.locator(".bar .session code").inner_text()
    line = console.page.locator("tr").filter(has_text=made)
    expect(line).to_contain_text("结账 <b>")
    expect(line).to_contain_text(console.t("session.current"))
    assert world.control.get(f"/api/v1/sessions/{made}")["seed"] == 7
    console.click("session.reset_one", id=world.id)
    console.button_in(console.dialog, "session.reset").click()
    expect(console.page.get_by_text(console.t("session.was_reset", id=world.id))).to_be_visible()
    assert world.messages() == []
    console.click("session.delete_one", id=made)
    console.button_in(console.dialog, "session.delete").click()
    expect(console.page.locator(".bar .session code")).to_have_text("default")
    expect(console.page.locator("tr").filter(has_text=made)).to_have_count(0)
    console.page.get_by_label(console.t("session.id")).fill(world.id)
    console.click("session.switch")
    expect(console.page.locator(".bar .session code")).to_have_text(world.id)


RUN: dict[str, tuple[str, str, str]] = {
    "env": ("sms.env", "sh", '. FILE; printf %s "$SMS_ERBAN_SIGNATURE"'),
    "PHP": ("sms.php", "php", "echo (include 'FILE')['erban']['signature'];"),
    "Python": ("sms.py", "python3", "exec(open('FILE').read()); print(SMS['erban']['signature'], end='')"),
    "Node": ("sms.mjs", "node", "import('FILE').then((m) => process.stdout.write(m.default.erban.signature))"),
}  # fmt: skip
"""The file's name, the program, and what it runs to say the signature."""
EVALUATES = {"sh": "-c", "php": "-r", "python3": "-c", "node": "-e"}


@pytest.mark.parametrize("language", list(RUN))
def test_ready_made_settings_work_as_they_are_copied(
    english: Console, world: World, tmp_path: Path, language: str
) -> None:
    awkward = '【it\'s "$HOME" \\n 演示】'
    world.patch("erban", signatures=[{"signature": awkward}])
    english.open("sessions")
    name, program, code = RUN[language]
    tool = require_tool(program)
    english.page.get_by_role(
        "tab", name=english.t("session.env") if language == "env" else language
    ).click()
    english.page.locator(".codebox button").click()
    file = tmp_path / name
    file.write_text(english.copied(), "utf-8")
    command = [tool, EVALUATES[program], code.replace("FILE", str(file))]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=20)
    assert (done.stdout, done.stderr) == (awkward, "")


def test_a_credential_is_copied_with_a_click(english: Console, world: World) -> None:
    english.open("sessions")
    english.click("copy.of", what=f"official app_secret: {world.official['app_secret']}")
    assert english.copied() == world.official["app_secret"]


def test_a_load_run_is_watched(console: Console, world: World) -> None:
    world.patch("official", quotas={"account_per_day": 2})
    console.open("load")
    expect(console.page.get_by_text(console.t("load.none"))).to_be_visible()
    console.click("load.begin")
    console.dialog.get_by_label(console.t("load.name")).fill("秒杀")
    console.button_in(console.dialog, "load.begin").click()
    expect(console.page.get_by_text(console.t("load.running"), exact=True)).to_be_visible()
    for _ in range(3):
        clients.send(world, "official")
    tiles = console.page.locator(".tile .number")
    expect(tiles.nth(0)).to_have_text("3")
    expect(tiles.nth(1)).to_have_text("2")
    expect(tiles.nth(2)).to_have_text("1")
    expect(console.page.locator(".chart rect")).not_to_have_count(0)
    expect(console.page.locator(".chart figcaption")).to_contain_text("code_quota_exceeded")
    limits = console.page.get_by_role("table", name=console.t("load.limits"))
    expect(limits.locator("tbody tr")).to_contain_text(console.t("bucket.account_per_day"))
    console.click("load.end")
    expect(console.page.get_by_text(console.t("load.over"), exact=True)).to_be_visible()
    assert world.control.get(world.path)["ledger"] == "ended"
