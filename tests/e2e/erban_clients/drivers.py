"""How each client is run: its sends in, a line for each out. One process a client, or none."""

import json
import os
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import requests
import suds.client
import suds.transport.http
import zeep

from tests.conftest import php_with_soap, require_tool
from tests.e2e.erban_clients import curl, replay
from tests.e2e.erban_clients.sends import Send, as_json

HERE = Path(__file__).parent
NODE = HERE / "node"
PATIENCE = 30
_ENVIRONMENT = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}


def node_with_packages() -> str:
    """The node that has what ``npm ci`` installs."""
    return require_tool("node", _lacks_packages)


def run_script(tool: str, script: Path, sends: str) -> list[Any]:
    """What a script prints: a JSON text a line."""
    done = subprocess.run(
        [tool, str(script)], input=sends.encode(), capture_output=True, timeout=PATIENCE,
        env=_ENVIRONMENT, check=False,
    )  # fmt: skip
    assert not done.returncode, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.splitlines()]


def _lacks_packages(node: str) -> str:
    del node
    installed = (NODE / "node_modules" / ".package-lock.json").exists()
    return "" if installed else f"npm ci has not been run in {NODE}"


def _by_php(sends: Sequence[Send]) -> list[str]:
    return run_script(php_with_soap(), HERE / "php" / "soap_client.php", as_json(sends))


def _by_node_soap(sends: Sequence[Send]) -> list[str]:
    return run_script(node_with_packages(), NODE / "soap_client.mjs", as_json(sends))


def _by_xml2js(sends: Sequence[Send]) -> list[str]:
    return run_script(node_with_packages(), NODE / "post_binding.mjs", as_json(sends))


def zeep_client(wsdl: str) -> zeep.Client:
    """A client that no proxy of this machine comes between."""
    session = requests.Session()
    session.trust_env = False
    return zeep.Client(wsdl, transport=zeep.Transport(session=session))  # type: ignore[no-untyped-call]


def _zeeps(send: Send) -> str:
    client, port = zeep_client(send.wsdl), send.client.how["port"]
    service = client.bind("SmsService", port)
    if send.moved:
        binding = client.wsdl.services["SmsService"].ports[port].binding
        service = client.create_service(binding.name.text, send.address)  # type: ignore[no-untyped-call]
    return str(service.SendSms3(**send.fields))


def _sudss(send: Send) -> str:
    transport = suds.transport.http.HttpTransport(proxy={})
    client = suds.client.Client(send.wsdl, transport=transport, cache=None)
    client.set_options(port=send.client.how["port"])
    if send.moved:
        client.set_options(location=send.address)
    return str(client.service.SendSms3(**send.fields))


def _raising(result: Callable[[Send], str]) -> Callable[[Sequence[Send]], list[str]]:
    """A driver of a client that returns or raises."""

    def report(send: Send) -> str:
        try:
            return result(send)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the report
            return _named(error)

    return lambda sends: [report(send) for send in sends]


def _named(error: Exception) -> str:
    kind = type(error)
    name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    errno = re.search(r"\[Errno \d+\] [\w ]+", str(error))
    code = f"{error.code}: " if isinstance(error, zeep.exceptions.Fault) else ""
    return f"{name}: {code}{errno[0] if errno else error}"


def _by_curl(sends: Sequence[Send]) -> list[str]:
    return curl.run(require_tool("curl"), sends)


DRIVERS: dict[str, Callable[[Sequence[Send]], list[str]]] = {
    "php": _by_php,
    "node_soap": _by_node_soap,
    "xml2js": _by_xml2js,
    "zeep": _raising(_zeeps),
    "suds": _raising(_sudss),
    "replay": lambda sends: [replay.report(send) for send in sends],
    "curl": _by_curl,
}
