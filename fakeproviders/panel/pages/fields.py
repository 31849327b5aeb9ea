"""The fields of the settings' forms, in the guide's words and order."""

from collections.abc import Mapping

from fakeproviders.failures import Words
from fakeproviders.panel.events import TEMPLATED
from fakeproviders.panel.pages.field import Field
from fakeproviders.panel.settings import CHANNEL_NAMES

_SIGN_KEY = Words(zh="签名(SignKey)", en="Signature's key (SignKey)")
_SIGNATURE = Words(zh="签名", en="Signature")
_SIGNATURE_HINT = Words(
    zh="须与服务商处登记的短信签名完全一致，包括【】",
    en="Exactly as registered with the provider, the brackets included",
)
_KEEPS = Words(zh="注: 留空则不修改", en="Left empty, it stays what it is")
_NUMBER = {"inputmode": "decimal"}

OFFICIAL = (
    Field(path="official.app_id", label=Words(zh="AppId", en="AppId")),
    Field(path="official.sign_key", label=_SIGN_KEY),
    Field(path="official.signature", label=_SIGNATURE, hint=_SIGNATURE_HINT),
)
RESELLER = (
    Field(
        path="reseller.url",
        label=Words(zh="请求地址", en="Request address"),
        hint=Words(
            zh="填写上级平台首页地址即可，如 http://www.example.com，不需要加 /api/sms/",
            en="The upstream platform's home page, such as http://www.example.com, without /api/sms/",
        ),
        attributes={"inputmode": "url"},
    ),
    Field(path="reseller.member_id", label=Words(zh="会员ID", en="Member ID")),
    Field(
        path="reseller.api_key",
        label=Words(zh="接口密钥", en="API key"),
        hint=_KEEPS,
        kind="secret",
    ),
    Field(path="reseller.sign_key", label=_SIGN_KEY),
    Field(path="reseller.signature", label=_SIGNATURE, hint=_SIGNATURE_HINT),
)
ERBAN = (
    Field(
        path="erban.url",
        label=Words(zh="接口地址", en="Service address"),
        hint=Words(
            zh="SmsService.asmx 的完整地址（SOAP），或 .aspx 页面的地址（GBK 表单）",
            en="The whole address of SmsService.asmx (SOAP), or of the .aspx page (GBK form)",
        ),
        attributes={"inputmode": "url"},
    ),
    Field(path="erban.account", label=Words(zh="门牌号", en="Account number")),
    Field(
        path="erban.login_password",
        label=Words(zh="密码", en="Password"),
        hint=_KEEPS,
        kind="secret",
        clearable=True,
    ),
    Field(
        path="erban.auth_code",
        label=Words(zh="授权码", en="Authorisation code"),
        hint=_KEEPS,
        kind="secret",
        clearable=True,
    ),
    Field(path="erban.channel", label=Words(zh="通道编号", en="Channel number")),
    Field(path="erban.signature", label=_SIGNATURE, hint=_SIGNATURE_HINT),
)
TEMPLATES = {
    name: tuple(
        Field(path=f"templates.{name}.{part}", label=label)
        for part, label in {
            "official": Words(zh="模板编号（官方）", en="Number (official)"),
            "reseller": Words(zh="模板编号（上级代理）", en="Number (reseller)"),
            "content": Words(zh="短信内容（二办）", en="Text (Erban)"),
        }.items()
    )
    for name in TEMPLATED
}
BLOCKS = {"official": OFFICIAL, "reseller": RESELLER, "erban": ERBAN}
"""The three channels of 全局设置-短信."""

_SMS = (
    Field(
        path="channel",
        label=Words(zh="通道", en="Channel"),
        kind="choice",
        choices=CHANNEL_NAMES,
    ),
    *OFFICIAL,
    *RESELLER,
    *ERBAN,
    *(field for fields in TEMPLATES.values() for field in fields),
)
_INTERFACE = (
    Field(
        path="url",
        label=Words(zh="接口地址", en="Interface address"),
        hint=Words(zh="云引擎官方接口的首页地址", en="The official interface's home page"),
        attributes={"inputmode": "url"},
    ),
    Field(path="app_id", label=Words(zh="应用 ID（AppId）", en="Application ID (AppId)")),
    Field(
        path="app_secret",
        label=Words(zh="应用密钥（AppSecret）", en="Application secret (AppSecret)"),
        hint=_KEEPS,
        kind="secret",
        clearable=True,
    ),
)
_NO_LIMIT = Words(zh="留空为不限", en="Left empty, there is no limit")
_MEMBER = (
    Field(
        path="codes_per_hour",
        label=Words(zh="每小时验证码发送次数", en="Verification codes an hour"),
        hint=_NO_LIMIT,
        kind="whole",
        optional=True,
        attributes=_NUMBER,
    ),
    Field(
        path="codes_per_day",
        label=Words(zh="每天验证码发送次数", en="Verification codes a day"),
        hint=_NO_LIMIT,
        kind="whole",
        optional=True,
        attributes=_NUMBER,
    ),
)
_SENDING = (
    Field(
        path="timeout_seconds",
        label=Words(zh="超时（秒）", en="Time-out (seconds)"),
        hint=Words(zh="每次请求最多等待多久", en="How long one request may take"),
        kind="decimal",
        attributes=_NUMBER,
    ),
    Field(
        path="retries",
        label=Words(zh="重试次数", en="Retries"),
        hint=Words(
            zh="只重试可能因此成功的失败；同一条短信编号不变，不会重复发送",
            en="Only of failures that a retry can mend; under the same message id, so nothing is sent twice",
        ),
        kind="whole",
        attributes=_NUMBER,
    ),
    Field(
        path="pause_seconds",
        label=Words(zh="重试间隔（秒）", en="Pause before a retry (seconds)"),
        hint=Words(zh="之后每次加倍", en="Doubled for each further retry"),
        kind="decimal",
        attributes=_NUMBER,
    ),
    Field(
        path="failover",
        label=Words(zh="备用通道", en="Fail-over channel"),
        hint=Words(
            zh="所选通道失败后改用它发送", en="Takes over when the chosen channel has failed"
        ),
        kind="choice",
        optional=True,
        choices=CHANNEL_NAMES,
    ),
    Field(
        path="refresh_token",
        label=Words(zh="token 被拒时自动重新获取", en="Fetch a refused token anew by itself"),
        hint=Words(
            zh="关闭时，缓存里的失效 token 要到【功能设置】-【清除缓存】中清除",
            en="When off, a stale token in the cache has to be cleared under Function settings - Clear cache",
        ),
        kind="switch",
    ),
)
_TIME = (
    Field(
        path="offset_seconds",
        label=Words(zh="时间偏差（秒）", en="Clock offset (seconds)"),
        hint=Words(
            zh="正数为快，负数为慢；0 为准时", en="Positive is fast, negative is slow, 0 is right"
        ),
        kind="decimal",
        attributes=_NUMBER,
    ),
    Field(
        path="zone",
        label=Words(zh="时区", en="Time zone"),
        hint=Words(
            zh="与 UTC 的时差；北京时间为 +08:00", en="Distance from UTC; Beijing time is +08:00"
        ),
    ),
)
_CAPTCHA = (
    Field(
        path="enabled",
        label=Words(zh="开启行为验证码", en="Behaviour captcha on"),
        hint=Words(
            zh="开启后，索取验证码之前要先拖动滑块，可防恶意盗刷",
            en="When on, a code is sent only after a slider has been moved into place: it keeps abuse out",
        ),
        kind="switch",
    ),
)
FIELDS: Mapping[str, tuple[Field, ...]] = {
    "sms": _SMS,
    "interface": _INTERFACE,
    "member": _MEMBER,
    "sending": _SENDING,
    "time": _TIME,
    "captcha": _CAPTCHA,
}
"""By group."""
