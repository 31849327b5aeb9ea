"""SendSms3 as an aiohttp-spyne service, in the way of that package's examples; it prints its port.

Nothing of spyne's is tuned: it collects garbage once a second, as it comes.
"""
# ruff: noqa: N802, N803, N805 - these are the wire's names, and spyne passes its context first
# spyne has no types:
# mypy: disable-error-code="misc, untyped-decorator"

import asyncio
import sys
from typing import Any

from aiohttp import web

from fakeproviders.spyne_compat import Application, Service, Soap11, Unicode, rpc

TEXT = Unicode
SPYNES_OWN_INTERVAL = 1.0
"""Seconds between forced garbage collections; spyne_compat switches them off."""


class SmsService(Service):
    """One operation, which does nothing."""

    @rpc(TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, _returns=TEXT)
    def SendSms3(
        ctx: Any,
        account: str,
        password: str,
        mobile: str,
        content: str,
        channel: str,
        smsid: str,
        sendType: str,
    ) -> str:
        return "0,短信发送成功"


async def serve() -> None:
    # These need spyne as spyne_compat has made it importable.
    import spyne.const
    from aiohttp_spyne.aio_spyne import AIOSpyne

    spyne.const.MIN_GC_INTERVAL = SPYNES_OWN_INTERVAL
    soap = Application(
        [SmsService],
        tns="http://tempuri.org/",
        in_protocol=Soap11(validator="lxml"),
        out_protocol=Soap11(),
    )
    app = web.Application()
    app.add_routes([web.post("/{tail:.*}", AIOSpyne(soap).post)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    import uvloop

    uvloop.run(serve())
