"""The yardstick: an aiohttp + uvloop handler that parses the body and answers fixed bytes.

Usage: ``python -m loadtests.bench.bare json|form|page|soap``; it prints its port.
"""

import asyncio
import sys
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import msgspec
from aiohttp import web
from lxml import etree


class Yardstick(NamedTuple):
    """What a handler of one format does at least."""

    parse: Callable[[bytes], Any]
    headers: dict[str, str]
    reply: bytes


def _form(body: bytes) -> list[tuple[str, str]]:
    return parse_qsl(body.decode(), keep_blank_values=True)


def _asp_net(content_type: str) -> dict[str, str]:
    return {
        "Cache-Control": "private, max-age=0",
        "Content-Type": content_type,
        "Server": "Microsoft-IIS/7.5",
        "X-AspNet-Version": "2.0.50727",
        "X-Powered-By": "ASP.NET",
    }


_JSON = Yardstick(
    msgspec.json.decode,
    {"Server": "nginx", "Content-Type": "application/json; charset=utf-8"},
    b'{"code":0,"msg":"success","data":{"message_id":"588639000000000","segments":1,"fee":1}}',
)
YARDSTICKS = {
    "json": _JSON,
    "form": _JSON._replace(parse=_form),
    "page": Yardstick(_form, _asp_net("text/plain; charset=utf-8"), "0,短信发送成功".encode()),
    "soap": Yardstick(
        etree.fromstring,
        _asp_net("text/xml; charset=utf-8"),
        (
            '<?xml version="1.0" encoding="utf-8"?>'
            '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"'
            ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
            ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body>'
            '<SendSms3Response xmlns="http://tempuri.org/">'
            "<SendSms3Result>0,短信发送成功</SendSms3Result></SendSms3Response>"
            "</soap:Body></soap:Envelope>"
        ).encode(),
    ),
}


async def serve(yardstick: Yardstick) -> None:
    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        body = await request.read()
        if body:
            yardstick.parse(body)
        return web.Response(body=yardstick.reply, headers=yardstick.headers)

    runner = web.ServerRunner(web.Server(handle, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    import uvloop

    uvloop.run(serve(YARDSTICKS[sys.argv[1]]))
