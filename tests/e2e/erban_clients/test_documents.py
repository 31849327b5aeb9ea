"""The WSDL as clients read it, and that its bytes do not change."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest

from tests.conftest import php_with_soap
from tests.e2e.clients import ASMX, XFIRE
from tests.e2e.erban_clients.clients import OPERATIONS
from tests.e2e.erban_clients.drivers import (
    HERE,
    NODE,
    node_with_packages,
    run_script,
    zeep_client,
)
from tests.e2e.sockets import request
from tests.e2e.world import World

SOAP_PORTS = ("SmsServiceSoap", "SmsServiceSoap12")
HTTP_PORTS = ("SmsServiceHttpGet", "SmsServiceHttpPost")
PORTS = {ASMX: SOAP_PORTS, XFIRE: ("SmsServiceHttpPort",)}
DOORS = pytest.mark.parametrize("path", [ASMX, XFIRE], ids=["asmx", "xfire"])


def wsdl(world: World, path: str) -> str:
    return f"{world.erban['url']}{path}?wsdl"


@DOORS
def test_zeep_finds_every_operation_under_every_port(world: World, path: str) -> None:
    client = zeep_client(wsdl(world, path))
    (service,) = client.wsdl.services.values()
    more = HTTP_PORTS if path == ASMX else ()
    assert tuple(service.ports) == PORTS[path] + more
    for name, port in service.ports.items():
        assert set(port.binding._operations) == OPERATIONS, name
    for name in PORTS[path]:
        address = service.ports[name].binding_options["address"]
        assert address == f"{world.erban['url']}{path}"


@DOORS
def test_python_m_zeep_prints_every_operation_under_every_port(world: World, path: str) -> None:
    environment = {**os.environ, "no_proxy": "*"}
    done = subprocess.run(
        [sys.executable, "-m", "zeep", wsdl(world, path)],
        capture_output=True, text=True, timeout=30, env=environment, check=True,
    )  # fmt: skip
    ports = re.findall(r"Port: (\w+) .*\n\s+Operations:\n((?:\s+\w+\(.*\n)+)", done.stdout)
    listed = {name: set(re.findall(r"(\w+)\(", lines)) for name, lines in ports}
    assert {name: listed[name] for name in PORTS[path]} == dict.fromkeys(PORTS[path], OPERATIONS)


@DOORS
def test_php_finds_every_operation_once_for_every_port(world: World, path: str) -> None:
    (functions,) = _listed_by_php(wsdl(world, path))
    names = Counter(re.sub(r"^\w+ (\w+)\(.*$", r"\1", line) for line in functions)
    assert names == dict.fromkeys(OPERATIONS, len(PORTS[path]))


@DOORS
def test_node_soap_describes_every_operation_under_every_port(world: World, path: str) -> None:
    asked = [{"wsdl": wsdl(world, path), "list": True}]
    (described,) = run_script(node_with_packages(), NODE / "soap_client.mjs", json.dumps(asked))
    found = {port: set(operations) for port, operations in described["SmsService"].items()}
    assert found == dict.fromkeys(PORTS[path], OPERATIONS)


@DOORS
def test_its_bytes_are_the_same_each_time(world: World, path: str) -> None:
    queries = ("wsdl", "wsdl", "WSDL")
    replies = [request("GET", f"{world.erban['url']}{path}?{query}") for query in queries]
    assert len({reply.body for reply in replies}) == 1
    assert {reply.status for reply in replies} == {200}


def _listed_by_php(address: str) -> list[Any]:
    asked = [{"wsdl": address, "version": "1", "moved": False, "list": True}]
    return run_script(php_with_soap(), HERE / "php" / "soap_client.php", json.dumps(asked))
