"""The yardstick: an aiohttp + uvloop handler that parses what is asked and answers fixed bytes.

Usage: ``python -m loadtests.bench.bare json|form|page|...``, a name of ``YARDSTICKS``; it prints its port.
"""

import asyncio
import sys

from aiohttp import web

from loadtests.bench.yardsticks import YARDSTICKS, Yardstick


async def serve(yardstick: Yardstick) -> None:
    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        asked = await request.read() or request.rel_url.raw_query_string.encode()
        if asked:
            yardstick.parse(asked)
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
