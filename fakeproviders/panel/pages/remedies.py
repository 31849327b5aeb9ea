"""Where a failure is mended: the pages of this panel that its remedy speaks of."""

from fakeproviders.failures import Failure, Reason, Words
from fakeproviders.panel.pages.menu import (
    CACHE,
    CAPTCHA,
    CODE_LOG,
    INTERFACE,
    MEMBER,
    NOTICES,
    SENDING,
    SMS,
    TIME,
    Place,
)

_MENDED_AT: dict[Reason, tuple[Place, ...]] = {
    Reason.SETTINGS_NOT_SAVED: (SMS,),
    Reason.INTERFACE_NOT_CONFIGURED: (INTERFACE,),
    Reason.PARAMETER_MISSING: (SMS,),
    Reason.SIGNATURE_MISMATCH: (SMS,),
    Reason.SIGNATURE_NOT_FOUND: (SMS,),
    Reason.ACCESS_TOKEN_FAILED: (TIME, INTERFACE, SMS, CACHE),
    Reason.TOKEN_EXPIRED: (CACHE, SENDING),
    Reason.CODE_QUOTA_EXCEEDED: (MEMBER, CODE_LOG, CAPTCHA),
    Reason.OPERATION_NOTICE_DISABLED: (NOTICES,),
    Reason.TEMPLATE_ID_EMPTY: (SMS,),
    Reason.BASE_URL_HAS_API_PATH: (SMS,),
    Reason.ENDPOINT_UNREACHABLE: (SMS, SENDING),
    Reason.TEMPLATE_NOT_FOUND: (SMS,),
    Reason.TEMPLATE_PARAMS_MISMATCH: (SMS,),
    Reason.CREDENTIALS_INVALID: (SMS, INTERFACE),
    Reason.CHANNEL_NOT_FOUND: (SMS,),
    Reason.UPSTREAM_UNAVAILABLE: (SENDING,),
    Reason.RATE_LIMITED: (SENDING,),
}
"""What is not here is mended with the provider, not in the panel."""

_ORIGINS = {
    "documented": Words(zh="短信排查指南 第 {} 条", en="Troubleshooting guide, section {}"),
    "gateway": Words(zh="短信网关的常见拒绝", en="Common refusal of SMS gateways"),
    "transport": Words(zh="网络或服务器故障", en="Network or server fault"),
}
_PREFACE = Words(zh="短信排查指南 开头的注意事项", en="Troubleshooting guide, the note at its top")


def mended_at(entry: Failure) -> tuple[Place, ...]:
    """Pages, in the order in which the remedy names them; none where the panel cannot mend it."""
    if entry.kind == "transport":
        return (SENDING,)
    return _MENDED_AT.get(Reason(entry.slug), ())


def origin_of(entry: Failure) -> Words:
    """Where a failure is known from: the guide's section, or what kind of failure it is."""
    if entry.section == "preface":
        return _PREFACE
    words = _ORIGINS[entry.kind]
    return Words(zh=words.zh.format(entry.section), en=words.en.format(entry.section))
