"""A working installation's settings, in the words of the panel's, from a session's credentials."""

from typing import Any, get_args

from fakeproviders.scenario.actions import Event

Values = dict[str, Any]
CONTENT = "您的验证码是{code}，{minutes}分钟内有效。"
ASMX = "/WebService/SmsService.asmx"


def working_settings(session: Values) -> Values:
    """By group, as ``given.panel.settings`` has them; a scenario's own are laid over these."""
    official, reseller, erban = (session[name] for name in ("official", "reseller", "erban"))
    return {
        "sms": {
            "channel": "official",
            "official": _some(official, "app_id", "sign_key", "signature"),
            "reseller": _some(reseller, "url", "member_id", "api_key", "sign_key", "signature"),
            "erban": {
                "url": f"{erban['url']}{ASMX}",
                **_some(
                    erban, "account", "login_password", "auth_code", "channel", "signature"
                ),
            },
            "templates": {event: _template(session) for event in (*get_args(Event), "test")},
        },
        "interface": _some(official, "url", "app_id", "app_secret"),
        "member": {"codes_per_hour": None, "codes_per_day": None},
        "time": {"offset_seconds": 0, "zone": "+08:00"},
        "captcha": {"enabled": False},
        "sending": {
            "timeout_seconds": 5.0, "retries": 2, "pause_seconds": 0.2, "failover": None,
            "refresh_token": False,
        },
    }  # fmt: skip


def _template(session: Values) -> Values:
    return {
        "official": session["official"]["template_id"],
        "reseller": session["reseller"]["template_id"],
        "content": CONTENT,
    }


def _some(credentials: Values, *names: str) -> Values:
    return {name: credentials[name] for name in names}
