"""The reseller's wire (A; home page, appended path and the texts are D).

    GET  /                 the platform's home page, which operators enter as 请求地址
    POST /api/sms/         member_id timestamp sign sign_key signature mobile template_id params [out_id]
    GET  /api/sms/balance  member_id timestamp sign
    GET  /api/sms/report   member_id timestamp sign message_id (or out_id)

A client appends /api/sms/ by itself: entered with it, the address leads to /api/sms/api/sms/, a 404 page.
"""

from collections.abc import Callable
from typing import Any

from fakeproviders.model import BALANCE, HOME, REPORT, SEND, Call, RawReply
from fakeproviders.pages import NGINX
from fakeproviders.providers import envelope
from fakeproviders.providers.base import Access
from fakeproviders.providers.panel import Panel, Route, read_message, read_which
from fakeproviders.providers.parameters import first_missing, text
from fakeproviders.providers.proof import panel_proof
from fakeproviders.providers.registered import first_registered
from fakeproviders.providers.reseller.codes import CODES
from fakeproviders.providers.reseller.settings import (
    ResellerSettings,
    demo_settings,
    invented_settings,
)
from fakeproviders.settings import AccountSettings, Invention

_GATE = ("member_id", "timestamp", "sign")
_SEND_REQUIRED = ("sign_key", "signature", "mobile", "params")
_HOME_PAGE = """<!DOCTYPE html>
<html lang="zh-CN">
<head><meta charset="utf-8"><title>云引擎资源管理平台</title></head>
<body>
<h1>云引擎资源管理平台</h1>
<p>短信、云主机、域名，一站式代理平台。</p>
<p>接口对接请使用会员中心的会员ID与接口密钥，请求地址填写本站首页地址即可。</p>
</body>
</html>
"""
_HOME = RawReply(
    200, (("Server", NGINX), ("Content-Type", "text/html; charset=utf-8")), _HOME_PAGE.encode()
)


def _read_gate(call: Call, parameters: dict[str, Any]) -> None:
    call.account = text(parameters, "member_id") or ""
    call.timestamp = text(parameters, "timestamp")
    call.credential = panel_proof(parameters)
    call.missing = first_missing(parameters, _GATE, {})


def _read_send(call: Call, parameters: dict[str, Any]) -> None:
    _read_gate(call, parameters)
    mobile = text(parameters, "mobile")
    call.mobiles = (mobile,) if mobile else ()
    read_message(call, parameters, _SEND_REQUIRED)


def _read_report(call: Call, parameters: dict[str, Any]) -> None:
    _read_gate(call, parameters)
    read_which(call, parameters)


_ROUTES: dict[str, Route] = {
    "/": Route(HOME, page=_HOME),
    "/api/sms/": Route(SEND, {"POST": _read_send}),
    "/api/sms/balance": Route(BALANCE, {"GET": _read_gate}),
    "/api/sms/report": Route(REPORT, {"GET": _read_report}),
}
_DATA: dict[str, Callable[[Any], Any]] = {
    SEND: envelope.sent_data,
    REPORT: envelope.report_data,
    BALANCE: lambda balance: {"balance": balance},
}


class Reseller(Panel):
    """The codec; see providers.base.Provider."""

    name = "reseller"
    access: Access = "proof"
    settings_type: type[AccountSettings] = ResellerSettings
    codes = CODES
    routes = _ROUTES
    data = _DATA

    def default_settings(self) -> AccountSettings:
        """The documented demo account."""
        return demo_settings()

    def invent_settings(self, invention: Invention) -> AccountSettings:
        """A new session's account."""
        return invented_settings(invention)

    def describe(self, settings: AccountSettings, url: str) -> dict[str, object]:
        """What a client is configured with."""
        assert isinstance(settings, ResellerSettings)  # noqa: S101 - its own type
        described = {"url": url, "member_id": settings.member_id, "api_key": settings.api_key}
        return described | first_registered(settings)


RESELLER = Reseller()
