"""curl on every door, all sends in one process: what it would be given on a command line, in a file."""

import json
import re
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from hashlib import md5
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from urllib.parse import quote, urlencode

from tests.e2e import clients, java_doors
from tests.e2e.erban_clients.sends import Send
from tests.e2e.erban_clients.wire import shown

_WHERE = re.compile(r" to \S+ port .*")
"""What follows a failure to connect; its words are another version's others."""
REST_FIELDS = ("mobile", "content", "channel", "smsid", "sendType")


class Request(NamedTuple):
    """What curl is told of a send."""

    url: str
    headers: Mapping[str, str] = {}
    body: bytes | None = None
    parts: Mapping[str, str] = {}
    """Of a multipart form. With neither it is a GET."""


def _soap11(send: Send) -> Request:
    headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": clients.ACTION}
    return Request(send.address, headers, clients.envelope(send.fields, "soap11").encode())


def _soap12(send: Send) -> Request:
    headers = {"Content-Type": "application/soap+xml; charset=utf-8"}
    return Request(send.address, headers, clients.envelope(send.fields, "soap12").encode())


def _get(send: Send) -> Request:
    return Request(f"{send.address}?{urlencode(send.fields, quote_via=quote)}")


def _form(send: Send) -> Request:
    return Request(send.address, {}, urlencode(send.fields).encode())


def _form_multipart(send: Send) -> Request:
    return Request(send.address, parts=send.fields)


def _form_gbk(send: Send) -> Request:
    headers = {"Content-Type": f"{clients.URLENCODED};charset=gbk"}
    return Request(send.address, headers, urlencode(send.fields, encoding="gbk").encode())


def _xfire(send: Send) -> Request:
    headers = {"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": '""'}
    return Request(send.address, headers, clients.envelope(send.fields, "xfire").encode())


def _rest(send: Send) -> Request:
    """Signed by the 授权码, or by another where the password is another: REST sends none."""
    who, now = send.world.erban, int(time.time())
    code = who["auth_code"] if send.fields["password"] == who["password"] else "another"
    sign = md5(f"{who['account']}{code}{now}".encode()).hexdigest()
    headers = java_doors.rest_headers(send.world, now)
    fields = {name: send.fields[name] for name in REST_FIELDS}
    document = {"appId": who["account"], **fields, "timestamp": now}
    return Request(f"{send.address}?sign={sign}", headers, json.dumps(document).encode())


FORMS: dict[str, Callable[[Send], Request]] = {
    "soap11": _soap11,
    "soap12": _soap12,
    "get": _get,
    "post": _form,
    "form_gbk": _form_gbk,
    "form_utf8": _form,
    "form_multipart": _form_multipart,
    "xfire": _xfire,
    "rest": _rest,
}


def run(curl: str, sends: Sequence[Send]) -> list[str]:
    """What curl shows of each."""
    with TemporaryDirectory() as folder:
        parts = [_options(send, Path(folder, str(n))) for n, send in enumerate(sends)]
        done = subprocess.run(
            [curl, "--disable", "--config", "-"], input="next\n".join(parts).encode(),
            capture_output=True, timeout=30, check=False,
        )  # fmt: skip
        ends = [json.loads(line) for line in done.stdout.splitlines()]
        return [_report(end, Path(folder, f"{n}.reply")) for n, end in enumerate(ends)]


def _options(send: Send, files: Path) -> str:
    request = FORMS[send.client.how["form"]](send)
    options = [("url", request.url), ("output", f"{files}.reply"), ("write-out", r"%{json}\n")]
    options += [("header", f"{name}: {value}") for name, value in request.headers.items()]
    options += [("form-string", f"{name}={value}") for name, value in request.parts.items()]
    if request.body is not None:
        files.write_bytes(request.body)
        options.append(("data-binary", f"@{files}"))
    lines = ["silent", 'noproxy = "*"', *(f"{name} = {_quoted(value)}" for name, value in options)]
    return "\n".join([*lines, ""])


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _report(end: Mapping[str, object], reply: Path) -> str:
    if end["exitcode"]:
        words = _WHERE.sub("", str(end["errormsg"]))
        return f"curl: ({end['exitcode']}) {words}"
    return shown(int(str(end["http_code"])), str(end["content_type"]), reply.read_bytes())
