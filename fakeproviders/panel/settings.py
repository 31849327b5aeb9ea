"""The panel's settings, by group: the shapes of ``/api/settings/{group}``.

全局设置-短信 is ``sms``, 全局设置-接口 ``interface``, 全局设置-会员 ``member``; ``time`` is the server's clock,
``captcha`` the behaviour captcha (行为验证码), ``sending`` what happens when a send fails.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec

from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit
from fakeproviders.panel.events import TEMPLATED
from fakeproviders.panel.schema import KEPT

Channel = Literal["official", "reseller", "erban"]
CHANNELS: tuple[Channel, ...] = ("official", "reseller", "erban")
CHANNEL_NAMES = {
    "official": Words(zh="云引擎官方短信", en="Official SMS"),
    "reseller": Words(zh="云引擎资源上级代理", en="Reseller proxy"),
    "erban": Words(zh="二办", en="Erban"),
}
Line = Annotated[str, msgspec.Meta(max_length=500)]
Limit = Annotated[int, msgspec.Meta(ge=0, le=KEPT)] | None
"""Of codes, which are counted in their log: no further than it reaches."""
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\ufffe\uffff]")
_ZONE = re.compile(r"[+-](0\d|1[0-4]):[0-5]\d", re.ASCII)
_FARTHEST = 10 * 366 * 86400


def _check_url(url: str) -> None:
    """Raises Misfit unless it is empty or an http address that paths can be put behind."""
    if not url:
        return
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        good = None
        parts = urlsplit("")
    if not good or parts.query or parts.fragment or parts.username is not None or " " in url:
        words = Words(
            zh="应为以 http:// 或 https:// 开头的地址，不带 ? 和 #",
            en="must be an address that begins with http:// or https://, without ? and #",
        )
        raise Misfit("url", words)


class Group(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A group of settings, or a block of one. Texts are single lines."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if isinstance(value, str) and _UNPRINTABLE.search(value):
                words = Words(
                    zh="不能含有换行或其他控制字符",
                    en="must not have line breaks or control characters",
                )
                raise Misfit(name, words)
        if isinstance(getattr(self, "url", None), str):
            _check_url(self.url)  # type: ignore[attr-defined]


class Official(Group, frozen=True):
    """通道: 云引擎官方短信. ``sign_key`` names the 签名, ``signature`` is its text with 【】."""

    app_id: Line = ""
    sign_key: Line = ""
    signature: Line = ""


class Reseller(Group, frozen=True):
    """通道: 云引擎资源上级代理. ``url`` (请求地址) is the platform's home page, without /api/sms/."""

    url: Line = ""
    member_id: Line = ""
    api_key: Line = ""
    """接口密钥: left empty on a form it stays what it is."""
    sign_key: Line = ""
    signature: Line = ""


class Erban(Group, frozen=True):
    """二办. ``url`` is the address of the .asmx file (SOAP), or of the .aspx page (a GBK form)."""

    url: Line = ""
    account: Line = ""
    """门牌号."""
    login_password: Line = ""
    auth_code: Line = ""
    """授权码."""
    channel: Line = ""
    """通道编号."""
    signature: Line = ""


class Template(Group, frozen=True):
    """An SMS template: its 模板编号 with each provider that numbers them, and its text for Erban."""

    official: Line = ""
    reseller: Line = ""
    content: Line = ""


class Sms(Group, frozen=True):
    """全局设置-短信. ``channel`` is the one that sends are built for."""

    channel: Channel = "official"
    official: Official = Official()
    reseller: Reseller = Reseller()
    erban: Erban = Erban()
    templates: dict[str, Template] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in self.templates:
            if name not in TEMPLATED:
                known = ", ".join(TEMPLATED)
                words = Words(
                    zh=f"没有这个模板；有：{known}", en=f"no such template; known: {known}"
                )
                raise Misfit(f"templates.{name}", words)

    def template(self, name: str) -> Template:
        """A template; an empty one where there is none."""
        return self.templates.get(name, Template())


class Interface(Group, frozen=True):
    """全局设置-接口: 云引擎官方接口."""

    url: Line = ""
    app_id: Line = ""
    app_secret: Line = ""

    @property
    def is_configured(self) -> bool:
        """Whether anything is filled in."""
        return bool(self.app_id or self.app_secret)


class Member(Group, frozen=True):
    """全局设置-会员: how many verification codes one mobile may have; None is no limit."""

    codes_per_hour: Limit = 10
    codes_per_day: Limit = 20


class Time(Group, frozen=True):
    """The server's clock: how far off it is, and the time zone it is set to."""

    offset_seconds: Annotated[float, msgspec.Meta(ge=-_FARTHEST, le=_FARTHEST)] = 0.0
    zone: str = "+08:00"

    def __post_init__(self) -> None:
        if not _ZONE.fullmatch(self.zone):
            words = Words(
                zh="应为与 UTC 的时差，如 +08:00", en="must be a distance from UTC, such as +08:00"
            )
            raise Misfit("zone", words)

    @property
    def tzinfo(self) -> timezone:
        """The zone."""
        sign, hours, minutes = self.zone[0], int(self.zone[1:3]), int(self.zone[4:6])
        east = timedelta(hours=hours, minutes=minutes)
        return timezone(east if sign == "+" else -east)

    def moment(self, real: float) -> datetime:
        """What this clock shows at a real moment (epoch seconds)."""
        return self.written(real + self.offset_seconds)

    def written(self, at: float) -> datetime:
        """A moment of this clock (epoch seconds) as it writes it."""
        return datetime.fromtimestamp(at, UTC).astimezone(self.tzinfo)


class Captcha(Group, frozen=True):
    """行为验证码: whether a code is sent only with a solved challenge."""

    enabled: bool = False


class Sending(Group, frozen=True):
    """What happens when a send fails."""

    timeout_seconds: Annotated[float, msgspec.Meta(gt=0, le=60)] = 5.0
    """Of one request."""
    retries: Annotated[int, msgspec.Meta(ge=0, le=10)] = 2
    pause_seconds: Annotated[float, msgspec.Meta(ge=0, le=60)] = 0.2
    """Before the first retry; doubled for each further one."""
    failover: Channel | None = None
    """The channel that takes over; None is off."""
    refresh_token: bool = False
    """Whether a refused token is fetched anew by itself. Off, it takes 清除缓存 (the guide's §5)."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All groups."""

    sms: Sms
    interface: Interface
    member: Member = Member()
    time: Time = Time()
    captcha: Captcha = Captcha()
    sending: Sending = Sending()


GROUPS: dict[str, type[Group]] = {
    "sms": Sms, "interface": Interface, "member": Member,
    "time": Time, "captcha": Captcha, "sending": Sending,
}  # fmt: skip
GROUP_NAMES = {
    "sms": Words(zh="短信", en="SMS"),
    "interface": Words(zh="接口", en="Interface"),
    "member": Words(zh="会员", en="Member"),
    "time": Words(zh="服务器时间", en="Server time"),
    "captcha": Words(zh="行为验证码", en="Behaviour captcha"),
    "sending": Words(zh="发送", en="Sending"),
}
