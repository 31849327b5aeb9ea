"""PHP's SoapClient, the service's most common client, over a pipe in a socket's place."""

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.providers.erban.asking import ASMX, FIELDS, ORIGIN, answer, ask

SCRIPT = Path(__file__).with_name("client.php")
TYPES = {1: "text/xml; charset=utf-8", 2: "application/soap+xml; charset=utf-8"}


def served(line: str) -> bytes:
    """The codec's answer to what the client hands to its socket."""
    sent = json.loads(line)
    assert sent["location"] == ORIGIN + ASMX
    headers = {"Content-Type": TYPES[sent["version"]]}
    if sent["version"] == 1:
        headers["SOAPAction"] = f'"{sent["action"]}"'
    else:
        headers["Content-Type"] += f'; action="{sent["action"]}"'
    return answer(ask("POST", ASMX, headers=headers, body=base64.b64decode(sent["body"]))).body


def send(php: str, wsdl: str, version: int) -> dict[str, Any]:
    arguments = [php, str(SCRIPT), wsdl, str(version), ORIGIN + ASMX, json.dumps(FIELDS)]
    with subprocess.Popen(
        arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as client:
        assert client.stdin is not None
        assert client.stdout is not None
        reply = served(client.stdout.readline())
        output, _ = client.communicate(base64.b64encode(reply).decode() + "\n", timeout=30)
    outcome: dict[str, Any] = json.loads(output)
    return outcome


@pytest.fixture
def wsdl(tmp_path: Path) -> str:
    path = tmp_path / "SmsService.wsdl"
    path.write_bytes(answer(ask("GET", ASMX, "WSDL")).body)
    return str(path)


@pytest.mark.parametrize("version", [1, 2])
def test_with_wsdl_it_sends(php: str, wsdl: str, version: int) -> None:
    assert send(php, wsdl, version) == {"result": "0,短信发送成功"}


@pytest.mark.parametrize("version", [1, 2])
def test_without_wsdl_it_faults(php: str, version: int) -> None:
    action = "http://tempuri.org/#SendSms3"
    assert action in send(php, "", version)["fault"]
