"""The commands against the server that ``serve`` starts."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.cli.conftest import Run, Start
from tests.conftest import require_tool

ANY_PORTS = ("--port-base", "0")


@pytest.fixture
def serving(start: Start) -> Iterator[dict[str, Any]]:
    """What ``serve --json`` prints; at the end Ctrl-C stops the server, and it says nothing more."""
    process = start("serve", "--json", *ANY_PORTS)
    assert process.stdout
    yield json.loads(process.stdout.readline())
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=20) == ("", "")
    assert process.returncode == 0


def pasted(script: str) -> str:
    """What a shell prints that finds the command, and is told of no server."""
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-e"], input=script, capture_output=True, encoding="utf-8", timeout=30, check=False,
        env=kept | {"PATH": path, "PYTHONUTF8": "1", "LANG": "C.UTF-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_next_steps_work_as_they_stand(start: Start, lang: str) -> None:
    require_tool("curl")
    process = start("serve", "--lang", lang, *ANY_PORTS)
    assert process.stdout
    banner: list[str] = []
    while not banner or "Ctrl-C" not in banner[-1]:
        banner.append(process.stdout.readline())
        assert banner[-1], process.communicate()
    indented = [line for line in banner if line.startswith("  ") and "─" not in line]
    steps = indented[indented.index(next(line for line in indented if "curl" in line)) :]
    said = pasted("".join(steps))
    assert "<title>SmsService" in said
    assert "0,短信发送成功" in said
    assert "1357" in said
    assert "signature_mismatch  times=1" in said
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0


def test_a_receipt_that_nobody_takes(run: Run, serving: dict[str, Any]) -> None:
    control, account = serving["control"], serving["session"]["erban"]
    session = f"{control}/api/v1/sessions/default"
    ask("PATCH", f"{session}/providers/erban", {"callback_url": "http://127.0.0.1:1/"})
    sms = {"smsid": "1", "sendType": "1", "mobile": "13800138000", "content": "【演示签名】1357"}
    fields = {name: account[name] for name in ("account", "password", "channel")} | sms
    fetch(f"{account['url']}/WebService/SmsService.asmx/SendSms3?{urlencode(fields)}")
    [message] = json.loads(run("inbox", "--json", "--control", control).out)["messages"]
    ask("POST", f"{session}/messages/{message['id']}/status", {"status": "delivered"})
    for lang, said in (("zh", "无应答"), ("en", "no answer")):
        assert said in run("journal", "--lang", lang, "--control", control).out
        last = run("journal", "last", "--lang", lang, "--control", control).out
        assert last.splitlines()[0].endswith(said)


def test_the_panel_sends_out_of_the_box(run: Run, serving: dict[str, Any]) -> None:
    assert serving["session"]["panel"] == {"url": serving["panel"]}
    body = {"channel": "official", "mobile": "13800138000"}
    ask("POST", f"{serving['panel']}/api/sms/test", body)
    [message] = json.loads(run("inbox", "--json", "--control", serving["control"]).out)["messages"]
    assert (message["provider"], message["mobile"]) == ("official", "13800138000")


def ask(method: str, url: str, body: dict[str, str]) -> None:
    headers = {"Content-Type": "application/json"}
    fetch(urllib.request.Request(url, json.dumps(body).encode(), headers, method=method))


def fetch(url: str | urllib.request.Request) -> None:
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
        url, timeout=10
    ) as reply:
        reply.read()


def test_a_rule_a_request_and_its_trace(run: Run, serving: dict[str, Any]) -> None:
    control = serving["control"]
    added = run("inject", "official", "rate_limited", "--times", "1", FAKEPROVIDERS_CONTROL=control)
    assert (added.code, added.err) == (0, "")
    fetch(f"{serving['official']}/api/sms/balance?access_token=x")
    listed = json.loads(run("inject", "--list", "--json", "--control", control).out)
    assert [(rule["id"], rule["fired"]) for rule in listed["faults"]] == [("f1", 1)]

    journal = json.loads(run("journal", "--json", "--control", control).out)
    [request] = journal["requests"]
    shown = run("journal", request["id"], "--lang", "zh", "--control", control)
    assert shown.code == 0
    assert "判定过程\n" in shown.out
    assert "\n✗ fault  故障规则 f1" in shown.out
    assert "rate_limited" in run("journal", "--control", control).out
    assert run("inbox", "--control", control).out == "The inbox is empty.\n"
    assert run("inject", "--clear", "--control", control).code == 0


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("inject", "official", "nonsense"), "'nonsense'"),
        (("inject", "official", "hang", "--match", "colour=red"), "colour"),
        (("inject", "official", "hang", "--until", "soon"), "soon"),
        (("inject", "--clear", "f9"), "f9"),
        (("journal", "r99"), "r99"),
        (("inbox", "--session", "nobody"), "nobody"),
    ],
)
def test_refusals_are_readable(
    run: Run, serving: dict[str, Any], args: tuple[str, ...], said: str
) -> None:
    for lang in ("zh", "en"):
        result = run(*args, "--lang", lang, "--control", serving["control"])
        assert (result.code, result.out) == (2, "")
        assert said in result.err
        assert result.err.count("\n") <= 2


def test_a_port_in_use(run: Run, serving: dict[str, Any]) -> None:
    port = serving["control"].rpartition(":")[2]
    for lang, word in (("zh", "占用"), ("en", "in use")):
        result = run("serve", "--lang", lang, *ANY_PORTS, "--control-port", port)
        assert (result.code, result.out) == (2, "")
        assert word in result.err
        assert result.err.count("\n") == 1
