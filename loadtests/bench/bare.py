"""The yardstick: an aiohttp + uvloop handler that parses the body and answers fixed bytes."""

import asyncio
import sys

import msgspec
from aiohttp import web

REPLY = b'{"code":0,"msg":"success","data":{"message_id":"588639000000000","segments":1,"fee":1}}'


async def handle(request: web.BaseRequest) -> web.StreamResponse:
    body = await request.read()
    if body:
        msgspec.json.decode(body)
    return web.Response(
        body=REPLY, headers={"Server": "nginx", "Content-Type": "application/json; charset=utf-8"}
    )


async def serve() -> None:
    runner = web.ServerRunner(web.Server(handle, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    import uvloop

    uvloop.run(serve())
