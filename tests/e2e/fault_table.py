"""What clients as they are make of each transport failure: ``python -m tests.e2e.fault_table``.

Each client sends once, in a session of its own, and nobody tells it anything. The command writes the
table as Markdown to stdout, from a live run.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.e2e import clients
from tests.e2e.raw import PATHS, base
from tests.e2e.running import RunningServer
from tests.e2e.sockets import request
from tests.e2e.world import World

SCRIPT = Path(__file__).parent / "php" / "faults.php"
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_PLACES = re.compile(r"\d+(?= (?:bytes|more|\(char))|(?<=char )\d+|(?<=position )\d+")
"""Numbers that depend on the length of a reply."""
PATIENCE, HURRY = 15, 1
"""Seconds that a client waits; fewer where the reply never comes."""

HEADINGS = (
    "fault",
    "sent and charged",
    "Python `urllib` (JSON)",
    "PHP `file_get_contents` (JSON)",
    "PHP `SoapClient`",
)


class Case(NamedTuple):
    """A fault as the table calls it, and as it is scripted."""

    name: str
    do: object
    timeout: int = PATIENCE


CASES = (
    Case("`delay` longer than the client waits", {"delay": {"ms": 60_000}}, HURRY),
    Case("`hang`", "hang", HURRY),
    Case("`refuse`", "refuse"),
    Case("`reset`", "reset"),
    Case("`reset`, `after_bytes: 40`", {"reset": {"after_bytes": 40}}),
    Case("`empty`", "empty"),
    Case("`truncate`", "truncate"),
    Case("`trickle`", {"trickle": {"bytes": 32, "ms": 2}}),
    Case("`garbage`", "garbage"),
    Case("`status`", "status"),
    Case("`malformed`", "malformed"),
    Case("`wrong_content_type`", "wrong_content_type"),
    Case("`wrong_charset` (GBK)", "wrong_charset"),
    Case("`wrong_charset`, `charset: utf-16`", {"wrong_charset": {"charset": "utf-16"}}),
    Case("`reply_lost`", "reply_lost"),
    Case("`reply_lost`, `reset: true`", {"reply_lost": {"reset": True}}),
)


class Row(NamedTuple):
    """What came of a case: how many messages each client has sent by it, and what each says."""

    name: str
    sent: tuple[int, int, int]
    urllib: str
    stream: str
    soap: str


class Desk:
    """A session for one client and one case, with the fault in force."""

    def __init__(self, server: RunningServer, case: Case, provider: str) -> None:
        self.world = World.create(server, seed=1, dedicated_ports=case.do == "refuse")
        if provider == "official":
            self.body = json.dumps(
                clients.official_message(self.world, access_token=clients.token_of(self.world))
            )
        rule = {} if case.do == "refuse" else {"operation": "send"}
        self.world.fault(provider, case.do, **rule)
        self.url = base(self.world, provider) + PATHS[provider]
        self.timeout = case.timeout

    def sent(self) -> int:
        """How many messages there are in the end; then the session is no more."""
        number = len(self.world.messages())
        self.world.delete()
        return number


def observe(server: RunningServer, php: str, cases: Sequence[Case] = CASES) -> list[Row]:
    """One send by each client under each fault."""
    by_urllib, by_stream, by_soap = (
        [Desk(server, case, provider) for case in cases]
        for provider in ("official", "official", "erban")
    )
    with tempfile.NamedTemporaryFile(suffix=".wsdl") as wsdl:
        wsdl.write(request("GET", f"{server.addresses.erban}{clients.ASMX}?wsdl").body)
        wsdl.flush()
        asked: list[dict[str, Any]] = [
            {"timeout": desk.timeout, "url": desk.url, "body": desk.body} for desk in by_stream
        ]
        asked += [
            {"timeout": desk.timeout, "wsdl": wsdl.name, "location": desk.url,
             "fields": clients.erban_fields(desk.world)}
            for desk in by_soap
        ]  # fmt: skip
        said = _run_php(php, asked)
    streams, soaps = said[: len(cases)], said[len(cases) :]
    urllibs = [_by_urllib(desk) for desk in by_urllib]
    return [
        Row(case.name, (a.sent(), b.sent(), c.sent()), python, stream, soap)
        for case, a, b, c, python, stream, soap in zip(
            cases, by_urllib, by_stream, by_soap, urllibs, streams, soaps, strict=True
        )
    ]


def markdown(rows: Sequence[Row]) -> str:
    """The table."""
    lines = [
        f"| {' | '.join(HEADINGS)} |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        was = "yes" if set(row.sent) == {1} else "no" if set(row.sent) == {0} else str(row.sent)
        lines.append(f"| {row.name} | {was} | {row.urllib} | {row.stream} | {row.soap} |")
    return "\n".join(lines) + "\n"


def _by_urllib(desk: Desk) -> str:
    asked = urllib.request.Request(
        desk.url, desk.body.encode(), {"Content-Type": "application/json"}
    )
    try:
        with OPENER.open(asked, timeout=desk.timeout) as reply:
            return f"msg: {json.loads(reply.read().decode())['msg']}"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what the table is about
        if hasattr(error, "close"):
            error.close()
        return _named(error)


def _named(error: Exception) -> str:
    kind = type(error)
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    text = str(error)
    if kind.__name__ == "BadStatusLine":
        text = "(the bytes)"
    return f"{module}{kind.__qualname__}: {_PLACES.sub('N', text)}"


def _run_php(php: str, asked: list[dict[str, Any]]) -> list[str]:
    done = subprocess.run(
        [php, str(SCRIPT)], input=json.dumps(asked), capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout, done.stderr)
    said: list[str] = json.loads(done.stdout)
    return said


def main() -> int:
    """Write the table."""
    php = shutil.which("php")
    if php is None:
        sys.stderr.write("php is not installed\n")
        return 1
    with RunningServer() as server:
        sys.stdout.write(markdown(observe(server, php)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
