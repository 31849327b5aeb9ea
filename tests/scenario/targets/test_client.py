"""Bare clients as targets: each sends, is refused, and is mended; what they have not is skipped."""

import pytest

from fakeproviders.clients.answer import BadAnswer
from fakeproviders.scenario.lint import sample_session
from fakeproviders.scenario.targets.channels import Official
from fakeproviders.scenario.targets.named import target_of
from fakeproviders.scenario.targets.working import working_settings
from tests.asyncs import asynchronous
from tests.clients.http import answering
from tests.e2e.running import RunningServer
from tests.scenario.replaying import run

STORY = """
title: {{zh: 试验, en: A trial}}
target: client:{provider}
variables: {{mobile: "{{{{ fake.mobile() }}}}"}}
cause: {{panel: {{settings: {{sms: {{{provider}: {{signature: 【别家】}}}}}}}}}}
steps:
  - do: {action}
    with: {given}
    expect:
      user: {{sees: "短信发送失败: 签名数据不一致", failure: signature_mismatch}}
      received: [{{provider: {provider}, operation: send, outcome: refused, count: 1}}]
remedy:
  - {{do: set, with: {{sms: {{{provider}: {{signature: "{{{{ session.{provider}.signature }}}}"}}}}}}}}
  - do: {action}
    with: {given}
    expect: {{user: {{failure: signature_mismatch}}}}
  - do: save
  - do: {action}
    with: {given}
    expect: {{user: {{succeeds: true}}, inbox: [{{mobile: "{{{{ mobile }}}}", provider: {provider}, count: 1}}]}}
"""
ACTIONS = {
    "send_code": '{event: register, mobile: "{{ mobile }}"}',
    "send": '{mobile: "{{ mobile }}"}',
    "test_send": '{channel: %s, mobile: "{{ mobile }}"}',
}


@pytest.mark.parametrize("provider", ["official", "reseller", "erban"])
@pytest.mark.parametrize("action", list(ACTIONS))
def test_a_refusal_and_its_remedy(server: RunningServer, provider: str, action: str) -> None:
    given = ACTIONS[action].replace("%s", provider)
    result = run(server, STORY.format(provider=provider, action=action, given=given))
    assert (result.outcome, result.reason) == ("passed", None)


BROKEN = [
    ("official", "{reset: {after_bytes: 10}}", "reset"),
    ("official", "empty", "empty"),
    ("official", "truncate", "truncate"),
    ("official", "malformed", "malformed"),
    ("official", "{status: {status: 502}}", "status"),
    ("reseller", "base_url_has_api_path", "base_url_has_api_path"),
    ("erban", "endpoint_unreachable", "endpoint_unreachable"),
    ("erban", "garbage", "garbage"),
]


@pytest.mark.parametrize(("provider", "fault", "failure"), BROKEN, ids=[row[1] for row in BROKEN])
def test_a_broken_reply_has_a_name(
    server: RunningServer, provider: str, fault: str, failure: str
) -> None:
    text = f"""
title: {{zh: 试验, en: A trial}}
target: client:{provider}
cause: {{faults: [{{provider: {provider}, operation: send, do: {fault}}}]}}
steps: [{{do: send, with: {{mobile: "13800138000"}}, expect: {{user: {{failure: {failure}}}}}}}]
"""
    result = run(server, text)
    assert (result.outcome, result.reason) == ("passed", None)


def test_a_reply_that_does_not_come_is_given_up(server: RunningServer) -> None:
    text = """
title: {zh: 试验, en: A trial}
target: client:official
given: {panel: {settings: {sending: {timeout_seconds: 0.3}}}}
cause: {faults: [{provider: official, do: hang}]}
steps: [{do: token, expect: {user: {failure: hang}}}]
"""
    assert run(server, text).outcome == "passed"


def test_report_balance_and_a_cleared_cache(server: RunningServer) -> None:
    text = """
title: {zh: 试验, en: A trial}
target: client:official
cause: {clock: {mode: system}}
steps:
  - {do: send, with: {mobile: "13800138000", out_id: o-1}}
  - {do: report, expect: {user: {data: {status: submitted}}}}
  - {do: clear_cache}
  - {do: balance, expect: {user: {succeeds: true}, received: [{operation: token}, {operation: balance}], order: true}}
  - {do: send, with: {mobile: "13800138000", out_id: o-1}, expect: {user: {failure: duplicate_request}}}
"""
    result = run(server, text)
    assert (result.outcome, result.reason) == ("passed", None)


@pytest.mark.parametrize(("provider", "operation"), [("official", "batch"), ("erban", "send")])
def test_one_text_goes_to_several(server: RunningServer, provider: str, operation: str) -> None:
    text = f"""
title: {{zh: 试验, en: A trial}}
target: client:{provider}
cause: {{clock: {{mode: system}}}}
steps:
  - do: batch
    with: {{mobiles: ["13800138000", "13900139000"]}}
    expect:
      user: {{succeeds: true}}
      received: [{{provider: {provider}, operation: {operation}, outcome: accepted, count: 1}}]
      inbox: [{{mobile: "13800138000", count: 1}}, {{mobile: "13900139000", count: 1}}]
"""
    result = run(server, text)
    assert (result.outcome, result.reason) == ("passed", None)


def test_a_placeholder_that_a_code_has_not_stays_as_it_is(server: RunningServer) -> None:
    text = """
title: {zh: 试验, en: A trial}
target: client:erban
cause: {panel: {settings: {sms: {templates: {login: {content: "{who}: {code}"}}}}}}
steps:
  - do: send_code
    with: {event: login, mobile: "13800138000"}
    expect: {inbox: [{mobile: "13800138000", contains: "{who}: "}]}
"""
    result = run(server, text)
    assert (result.outcome, result.reason) == ("passed", None)


@asynchronous
async def test_a_success_without_a_token_is_no_answer() -> None:
    http = answering(b'{"code": 0, "msg": "success", "data": null}').session()
    channel = Official(http, sample_session())
    channel.settings_now = working_settings(sample_session())
    with pytest.raises(BadAnswer):
        await channel.token(None)


@pytest.mark.parametrize(
    ("cause", "action", "lacking"),
    [
        ("{clock: {mode: system}}", "{do: clear_cache}, {do: messages}", "the action messages"),
        ("{panel: {settings: {sms: {channel: erban}}}}", "{do: token}", "lacks the setting sms.channel"),
        ("{panel: {settings: {sms: {erban: {signature: x}}}}}", "{do: token}", "lacks the setting sms.erban.signature"),
        ("{faults: [{provider: erban, do: maintenance}]}", "{do: token}", "the scenario is about erban"),
        ("{clock: {mode: system}}",
         "{do: send, with: {mobile: '1'}, expect: {user: {sees: 接口不通, failure: endpoint_unreachable}}}",
         "does not conclude endpoint_unreachable"),
        ("{panel: {notifications: {login: {row: false}}}}", "{do: token}", "lacks the setting notifications"),
    ],
)  # fmt: skip
def test_what_it_has_not_is_skipped(
    server: RunningServer, cause: str, action: str, lacking: str
) -> None:
    text = f"title: {{zh: 试验, en: A trial}}\ncause: {cause}\nsteps: [{action}]"
    result = run(server, text, target=target_of("client:official"))
    assert (result.outcome, result.steps) == ("skipped", ())
    assert result.reason is not None
    assert lacking in result.reason.en
