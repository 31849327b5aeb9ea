"""One scenario's way, at a bare client over real sockets: what passes, what fails, and what is said of it."""

import asyncio
import json
from typing import Any

import pytest
from msgspec.structs import replace

from fakeproviders.failures import Words
from fakeproviders.scenario import run as runner
from fakeproviders.scenario.model import Setup
from fakeproviders.scenario.progress import (
    Progress,
    ScenarioFinished,
    ScenarioStarted,
    StepFinished,
    StepStarted,
)
from fakeproviders.scenario.report.html import html
from fakeproviders.scenario.report.json import document
from fakeproviders.scenario.report.junit import junit
from fakeproviders.scenario.results import Summary
from fakeproviders.scenario.run import run_scenario
from fakeproviders.scenario.targets.named import target_of
from tests.e2e.running import RunningServer
from tests.e2e.world import Control
from tests.scenario.replaying import run, run_all, scenario_of, wrong_checks

HEAD = """
title: {zh: 试验, en: A trial}
target: client:official
variables: {mobile: "{{ fake.mobile() }}"}
"""
STORY = f"""{HEAD}
cause: {{faults: [{{provider: official, operation: send, do: signature_mismatch, times: 1}}]}}
steps:
  - do: send_code
    with: {{event: register, mobile: "{{{{ mobile }}}}"}}
    expect:
      user: {{sees: "短信发送失败: 签名数据不一致", failure: signature_mismatch}}
      received: [{{provider: official, operation: token}}, {{operation: send, outcome: fault, count: 1}}]
      order: true
      strict: true
      inbox: [{{mobile: "{{{{ mobile }}}}", count: 0}}]
      charged: {{official: 0}}
remedy:
  - do: send_code
    with: {{event: register, mobile: "{{{{ mobile }}}}"}}
    expect:
      user: {{succeeds: true}}
      inbox: [{{mobile: "{{{{ mobile }}}}", contains: 验证码, provider: official, count: 1}}]
      quota: [{{provider: official, bucket: mobile_per_day, key: "{{{{ mobile }}}}", used: 1}}]
      charged: {{official: 1}}
"""


def steps(*lines: str, cause: str = "{clock: {mode: system}}") -> str:
    """A scenario of one send with these expectations; its cause does nothing."""
    expect = "\n".join(f"      {line}" for line in lines)
    return f"""{HEAD}
cause: {cause}
steps:
  - do: send_code
    with: {{event: register, mobile: "{{{{ mobile }}}}"}}
    expect:
{expect}
"""


def sessions(server: RunningServer) -> set[str]:
    found = Control(server.addresses.control).get("/api/v1/sessions", limit=10_000)["sessions"]
    return {session["id"] for session in found}


def test_a_whole_story_passes_and_leaves_nothing_behind(server: RunningServer) -> None:
    before = sessions(server)
    result = run(server, STORY)
    assert (result.outcome, result.reason, wrong_checks(result)) == ("passed", None, [])
    assert [(s.phase, s.index) for s in result.steps] == [("given", 1), ("steps", 1), ("remedy", 1)]
    assert result.not_run == 0
    assert sessions(server) == before


def test_the_timeline_tells_everything_in_its_order(server: RunningServer) -> None:
    events = run(server, STORY).events
    assert [event.at for event in events] == sorted(event.at for event in events)
    told = [event.kind for event in events]
    assert told == ["step", "step", "request", "request", "fault", "step", "request", "message"]
    assert [event.words.en for event in events if event.kind == "request"][1].endswith(
        "fault signature_mismatch"
    )


def test_a_kept_session_can_be_looked_at(server: RunningServer) -> None:
    result = run(server, STORY, keep=True)
    control = Control(server.addresses.control)
    path = f"/api/v1/sessions/{result.session}"
    assert len(control.get(f"{path}/messages")["messages"]) == 1
    control.delete(path)


def test_the_seed_makes_the_data(server: RunningServer) -> None:
    def mobile(seed: int | None) -> str:
        return run(server, STORY, seed=seed).steps[1].words.en

    assert mobile(None) == mobile(1)
    assert mobile(1) != mobile(2)


def test_everything_is_told_while_it_happens(server: RunningServer) -> None:
    told: list[Progress] = []
    result = run(server, STORY, on_event=told.append)
    kinds = [type(event) for event in told]
    assert kinds == [
        ScenarioStarted, *([StepStarted, StepFinished] * 3), ScenarioFinished,
    ]  # fmt: skip
    assert isinstance(told[0], ScenarioStarted)
    assert told[0].steps == 3
    assert isinstance(told[-1], ScenarioFinished)
    assert told[-1].result == result


WRONG = [
    ("user: {succeeds: false}", "user", "a refusal", "success"),
    ("user: {sees: 别的}", "user", "a refusal", "success"),
    ("user: {data: {fee: 2}}", "user", "2", "1"),
    ("user: {data: {colour: red}}", "user", '"red"', "null"),
    ("received: [{provider: official, operation: send, count: 2}]", "received", "exactly 2", "1"),
    ("received: [{provider: erban}]", "received", "at least 1", "0"),
    ("received: [{operation: send, count: {max: 0}}]", "received", "exactly 0", "1"),
    ("received: [{operation: send}, {operation: token}]\norder: true", "order", "one after the other",
     "number 2 did not come after the one before it"),
    ("received: [{operation: token}]\nstrict: true", "strict", "nothing", "r1"),
    ("inbox: [{mobile: '{{ mobile }}', count: 2}]", "inbox", "exactly 2", "1: "),
    ("inbox: [{contains: 不在其中}]", "inbox", "at least 1", "0"),
    ("inbox: [{status: delivered, count: {min: 1, max: 3}}]", "inbox", "1 to 3", "0"),
    ("quota: [{provider: official, bucket: mobile_per_day, used: 2}]", "quota", "2 used", "1 used"),
    ("quota: [{provider: official, bucket: mobile_per_day, used: 1, limit: 9}]", "quota", "1 used, limit 9",
     "1 used, no limit"),
    ("charged: {official: 3}", "charged", "3", "1"),
]  # fmt: skip


@pytest.fixture(scope="module")
def wrong_results(running_server: RunningServer) -> Any:
    made = [scenario_of(steps(*lines.split("\n"))) for lines, *_ in WRONG]
    return run_all(running_server, [("test", scenario) for scenario in made])


@pytest.mark.parametrize("number", range(len(WRONG)), ids=[line for line, *_ in WRONG])
def test_what_is_not_so_fails_and_says_what_is(wrong_results: Any, number: int) -> None:
    _, about, expected, actual = WRONG[number]
    result = wrong_results[number]
    assert result.outcome == "failed"
    check = wrong_checks(result)[0]
    assert (check.about, check.expected.en) == (about, expected)
    assert check.actual.en.startswith(actual)
    assert all((check.what.zh, check.expected.zh, check.actual.zh))


def test_a_failed_step_ends_the_scenario_and_shows_why_the_provider_refused(
    server: RunningServer,
) -> None:
    text = STORY.replace('sees: "短信发送失败: 签名数据不一致", ', "").replace(
        "failure: signature_mismatch}\n", "failure: rate_limited}\n"
    )
    result = run(server, text)
    assert (result.outcome, len(result.steps), result.not_run) == ("failed", 2, 1)
    assert result.reason is not None
    assert "rate_limited" in result.reason.en
    failed = result.failed_step
    assert failed is not None
    assert [(t.operation, t.outcome) for t in failed.traces] == [
        ("token", "accepted"),
        ("send", "fault"),
    ]
    assert "signature_mismatch" in failed.traces[1].decisions[-1].words.en


def test_a_near_miss_is_a_hint(server: RunningServer) -> None:
    result = run(server, steps("received: [{operation: send, outcome: refused}]"))
    (check,) = wrong_checks(result)
    assert check.hints[0] == Words(
        zh="r1 差在：outcome = 'accepted'，要求等于 refused",
        en="r1 is a near miss: outcome = 'accepted', expected = refused",
    )


def test_what_takes_a_while_is_waited_for_and_no_longer_than_allowed(server: RunningServer) -> None:
    receipts = "{providers: {official: {receipts: {after_seconds: 1}}}}"
    late = steps("inbox: [{status: delivered}]", "within: 5", cause=receipts)
    assert run(server, late).outcome == "passed"
    never = steps("inbox: [{status: undelivered}]", "within: 0.5", cause=receipts)
    result = run(server, never)
    assert result.outcome == "failed"
    assert 0.5 <= result.steps[1].took < 5


def test_many_at_once_are_judged_together(server: RunningServer) -> None:
    text = steps("received: [{operation: send, outcome: accepted, count: 3}]")
    text = text.replace("    expect:", "    times: 7\n    together: true\n    expect:", 1)
    text = text.replace(
        "cause: {clock: {mode: system}}",
        "cause: {providers: {official: {quotas: {account_per_day: 3}}}}",
    )
    result = run(server, text)
    assert result.outcome == "passed", result.reason
    assert sum(seen.succeeded for seen in result.steps[1].seen) == 3


def test_of_several_times_the_first_wrong_one_is_shown(server: RunningServer) -> None:
    text = steps("user: {succeeds: true}").replace("    expect:", "    times: 3\n    expect:", 1)
    text = text.replace(
        "cause: {clock: {mode: system}}",
        "cause: {providers: {official: {quotas: {account_per_day: 1}}}}",
    )
    (check,) = wrong_checks(run(server, text))
    assert check.actual.en.startswith("time 2: a refusal")
    assert check.actual.zh.startswith("第 2 次：")


CLOCK = f"""{HEAD}
given: {{clock: {{mode: frozen, at: "2026-03-01T23:59:00+08:00"}}}}
cause: {{providers: {{official: {{quotas: {{mobile_per_day: 1}}}}}}}}
steps:
  - do: send_code
    with: {{event: register, mobile: "{{{{ mobile }}}}"}}
    expect: {{user: {{succeeds: true}}}}
  - clock: {{advance: 59s}}
  - do: send_code
    with: {{event: register, mobile: "{{{{ mobile }}}}"}}
    expect: {{user: {{failure: mobile_day_limit}}}}
  - clock: {{to: "00:00"}}
  - deliver: {{mobile: "{{{{ mobile }}}}", status: undelivered, error: MK:0001}}
    expect: {{inbox: [{{status: undelivered, count: 1}}]}}
  - providers: {{official: {{quotas: {{mobile_per_day: 2}}}}}}
  - faults: [{{provider: official, operation: send, do: maintenance}}]
  - do: send_code
    with: {{event: login, mobile: "{{{{ mobile }}}}"}}
    expect: {{user: {{failure: maintenance}}}}
  - clear_faults: true
  - reply: {{mobile: "{{{{ mobile }}}}", content: T}}
  - do: send_code
    with: {{event: login, mobile: "{{{{ mobile }}}}"}}
    times: 2
    expect: {{user: {{succeeds: true}}, charged: {{official: 2}}}}
"""


def test_the_clock_the_provider_the_network_and_people_can_act(server: RunningServer) -> None:
    result = run(server, CLOCK)
    assert result.outcome == "passed", result.reason
    clocks = [event for event in result.events if event.kind == "clock"]
    assert [event.session_at[:16] for event in clocks] == ["2026-03-01T23:59", "2026-03-02T00:00"]


def test_a_message_that_never_came_cannot_be_delivered(server: RunningServer) -> None:
    cause = "cause: {clock: {mode: system}}"
    text = f"{HEAD}\n{cause}\nsteps: [{{deliver: {{mobile: '13800138000', status: delivered}}}}]"
    result = run(server, text)
    assert result.outcome == "failed"
    assert result.reason is not None
    assert result.reason.en == "the inbox has no message to 13800138000"


def test_a_setup_that_the_server_refuses_is_an_error_in_its_words(server: RunningServer) -> None:
    made = scenario_of(STORY)
    bad = Setup(providers={"official": {"price_per_segment": -1}})
    result = run(server, replace(made, given=bad))
    assert (result.outcome, result.error, result.not_run) == ("failed", True, 2)
    assert result.reason is not None
    assert "price_per_segment" in result.reason.en


def test_a_control_server_that_is_not_there_is_an_error(server: RunningServer) -> None:
    result = run(server, STORY, control_url="http://127.0.0.1:9")
    assert (result.outcome, result.error) == ("failed", True)
    assert result.reason is not None
    assert "127.0.0.1:9" in result.reason.zh


def test_a_scenario_that_does_not_end_is_ended(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "SCENARIO_SECONDS", 0.5)
    before = sessions(server)
    hang = steps(cause="{faults: [{provider: official, do: hang}]}").rpartition("    expect:")[0]
    result = run(server, hang)
    assert result.outcome == "failed"
    assert result.reason is not None
    assert "0.5 s" in result.reason.en
    assert sessions(server) == before
    kept = run(server, hang, keep=True)
    assert (kept.outcome, sessions(server) - before) == ("failed", {kept.session})
    Control(server.addresses.control).delete(f"/api/v1/sessions/{kept.session}")


def test_a_run_that_is_broken_off_removes_its_session(server: RunningServer) -> None:
    hang = steps(cause="{faults: [{provider: official, do: hang}]}").rpartition("    expect:")[0]
    before = sessions(server)

    async def broken_off() -> set[str]:
        begun = asyncio.Event()
        work = asyncio.create_task(
            run_scenario(
                scenario_of(hang),
                name="test",
                control_url=server.addresses.control,
                target=target_of("client:official"),
                on_event=lambda event: begun.set() if isinstance(event, StepFinished) else None,
            )
        )
        await asyncio.wait_for(begun.wait(), 10)
        during = await asyncio.to_thread(sessions, server)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        return during

    assert len(asyncio.run(broken_off()) - before) == 1
    assert sessions(server) == before


def test_a_listener_that_is_taken_down_is_the_sessions_own(server: RunningServer) -> None:
    text = steps("user: {failure: refuse}", cause="{faults: [{provider: official, do: refuse}]}")
    assert run(server, f"dedicated_ports: true\n{text}").outcome == "passed"


def test_the_target_is_installed_before_a_provider_takes_its_credentials_away(
    server: RunningServer,
) -> None:
    text = """
title: {zh: 没有登记签名, en: No signature is registered}
given: {panel: {settings: {sms: {channel: erban}}}}
cause: {providers: {erban: {signatures: []}}}
steps:
  - do: send_code
    with: {event: register, mobile: "13800138000"}
    expect: {user: {failure: signature_not_found}}
remedy:
  - providers: {erban: {signatures: [{signature: "{{ session.erban.signature }}"}]}}
  - do: send_code
    with: {event: register, mobile: "13800138000"}
    expect: {user: {succeeds: true}}
"""
    result = run(server, text)
    assert result.outcome == "passed", result.reason


def test_no_answer_can_bring_in_what_a_report_cannot_hold(server: RunningServer) -> None:
    body = r'{"code": 7, "msg": "\ud800\u001b[31m", "data": {"n": NaN, "t": "\udc00"}}'
    reply = {
        "provider": "official",
        "operation": "send",
        "do": {"reply": {"status": 200, "body": body}},
    }
    made = replace(scenario_of(steps("user: {succeeds: true}")), cause=Setup(faults=(reply,)))
    result = run(server, made)
    (seen,) = result.steps[1].seen
    assert (seen.text, seen.data) == ("?\x1b[31m", {"n": None, "t": "?"})
    summary = Summary(results=(result,), started_at=result.started_at, took=1.0)
    assert "\x1b" not in html(summary, "en")
    assert b"\x1b" not in junit(summary, "zh")
    json.dumps(document(summary), allow_nan=False).encode()
