"""The shipped panel as a target: every action of the vocabulary, done at a real one over HTTP."""

from fakeproviders.scenario.actions import ACTIONS
from fakeproviders.scenario.run import LOOK_AGAIN_SECONDS
from fakeproviders.scenario.targets.load import load_target
from fakeproviders.scenario.targets.named import PANEL_FILE
from tests.e2e.running import RunningServer
from tests.scenario.replaying import run, scenario_of

ONLY_BARE_CLIENTS = {"token", "send", "batch", "report", "balance"}
STORY = """
title: {zh: 面板的每个动作, en: Each action of the panel}
variables: {mobile: "{{ fake.mobile() }}", new: "{{ fake.mobile() }}", mail: "{{ fake.email() }}"}
cause: {panel: {settings: {captcha: {enabled: true}}}}
steps:
  - do: send_code
    with: {event: register, mobile: "{{ mobile }}"}
    expect: {user: {succeeds: false}}
  - do: send_code
    with: {event: register, mobile: "{{ mobile }}", captcha: true}
    expect: {user: {succeeds: true}}
  - do: check_code
    with: {event: register, mobile: "{{ mobile }}", code: "{{ codes[mobile] }}"}
    expect: {user: {succeeds: true}}
  - do: register
    with: {mobile: "{{ mobile }}", code: "{{ codes[mobile] }}", email: "{{ mail }}"}
    expect: {user: {succeeds: true, data: {member: {email: "{{ mail }}"}}}}
  - do: change_mobile
    with: {mobile: "{{ new }}", code: "000000"}
    expect: {user: {sees: 请先登录}}
  - {do: send_code, with: {event: login, mobile: "{{ mobile }}", captcha: true}}
  - do: login
    with: {mobile: "{{ mobile }}", code: "{{ codes[mobile] }}"}
    expect: {user: {succeeds: true}}
  - {do: send_code, with: {event: change_mobile_code, mobile: "{{ new }}", captcha: true}}
  - do: change_mobile
    with: {mobile: "{{ new }}", code: "{{ codes[new] }}"}
    expect: {user: {succeeds: true, data: {member: {mobile: "{{ new }}"}}}}
  - do: operate
    with: {event: operation_code, mobile: "{{ new }}", email: "{{ mail }}", captcha: true}
    expect: {user: {succeeds: true, data: {code_sent: true}}}
  - do: operate
    with: {event: operation_code, mobile: "{{ new }}", code: "{{ codes[new] }}"}
    expect: {user: {succeeds: true, data: {done: true}}}
  - do: outbox
    with: {kind: mail}
    expect: {user: {data: {outbox: [{recipient: "{{ mail }}"}]}}}
  - {do: set, with: {captcha: {enabled: false}}}
  - {do: discard, expect: {user: {succeeds: true}}}
  - {do: save, expect: {user: {succeeds: true}}}
  - do: send_code
    with: {event: login, mobile: "{{ new }}"}
    expect: {user: {succeeds: false}}
  - do: set_notice
    with: {event: admin_login, mail: true, sms: false}
    expect: {user: {succeeds: true}}
  - do: test_send
    with: {channel: official, mobile: "{{ mobile }}"}
    expect: {user: {succeeds: true}}
  - {do: clear_cache, expect: {user: {succeeds: true}}}
  - do: code_log
    with: {mobile: "{{ mobile }}"}
    expect: {user: {data: {codes: [{event: register}]}}}
  - do: messages
    with: {mobile: "{{ mobile }}"}
    expect: {user: {data: {messages: [{channel: official}]}}}
  - do: receipts
    expect: {user: {data: {receipts: []}}}
"""


def test_every_action_can_be_done_at_the_panel(server: RunningServer) -> None:
    result = run(server, STORY)
    assert result.outcome == "passed", (result.failed_step, result.reason)


def test_the_story_has_them_all_and_the_panel_knows_no_others() -> None:
    done = {step.do for step in scenario_of(STORY).steps}
    assert done == set(load_target(PANEL_FILE).actions) == set(ACTIONS) - ONLY_BARE_CLIENTS


def test_what_only_looks_is_looked_at_again_until_it_is_so(server: RunningServer) -> None:
    text = """
title: {zh: 回执稍后才到, en: The receipt comes a little later}
given: {providers: {official: {callback_url: "{{ session.panel.url }}/api/receipts"}}}
cause: {providers: {official: {receipts: {after_seconds: 1}}}}
steps:
  - {do: send_code, with: {event: register, mobile: "13800138000"}}
  - do: receipts
    expect: {user: {data: {receipts: [{status: delivered}]}}, within: 10}
"""
    result = run(server, text)
    assert result.outcome == "passed", result.reason
    assert result.steps[-1].took > LOOK_AGAIN_SECONDS
