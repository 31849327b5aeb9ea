"""What a step can do at a target: every action with its parameters, in one table.

An action's parameters are a shape: its fields are the keys below ``with``. The panel knows all but
those of bare clients (``client:official`` ...); a team's own system knows what its target file maps.
"""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

import msgspec

from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit
from fakeproviders.panel import settings
from fakeproviders.panel.settings import Channel

Mobile = Annotated[str, msgspec.Meta(min_length=1)]
Event = Literal[
    "bare_metal_renewal_failed",
    "bare_metal_booking_lapsed",
    "admin_login_code",
    "change_email_code",
    "find_password_code",
    "change_email_new_code",
    "change_mobile_code",
    "change_protection_code",
    "operation_code",
    "admin_login",
    "login",
    "register",
]
"""A row of the notification matrix: who is told what, and by which channels."""


class Action(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):  # fmt: skip
    """What is done, and with what."""

    name: ClassVar[str]
    words: ClassVar[Words]
    looks: ClassVar[bool] = False
    """Whether it changes nothing: then it is done again while an expectation waits."""


class SendCode(Action, frozen=True, kw_only=True):
    """A verification code is asked for."""

    name = "send_code"
    words = Words(zh="请求发送验证码", en="Ask for a verification code")

    event: Event
    mobile: Mobile
    email: str | None = None
    """Where the code goes as well, or instead, as the event's notice has it."""
    captcha: bool = False
    """Solve the behaviour captcha first, as a person would."""


class CheckCode(Action, frozen=True, kw_only=True):
    """A code is typed in."""

    name = "check_code"
    words = Words(zh="填写验证码", en="Type the code in")

    event: Event
    mobile: Mobile
    code: str


class Register(Action, frozen=True, kw_only=True):
    """Somebody becomes a member with the code of a ``register`` message."""

    name = "register"
    words = Words(zh="注册会员", en="Register as a member")

    mobile: Mobile
    code: str
    password: str | None = None
    email: str | None = None


class ChangeMobile(Action, frozen=True, kw_only=True):
    """A member who has logged in takes a new mobile, with the code of ``change_mobile_code`` sent there."""

    name = "change_mobile"
    words = Words(zh="修改绑定手机", en="Change the mobile")

    mobile: Mobile
    """The new one."""
    code: str


class Login(Action, frozen=True, kw_only=True):
    """A member logs in with the code of a ``login`` message."""

    name = "login"
    words = Words(zh="会员用验证码登录", en="Log in by code")

    mobile: Mobile
    code: str


class Operate(Action, frozen=True, kw_only=True):
    """What an event is about is done. Where a code protects it: without one the code is sent first.

    For a notice, as ``admin_login``, it happens, and those concerned are told.
    """

    name = "operate"
    words = Words(zh="执行操作", en="Do an operation")

    event: Event
    mobile: Mobile
    code: str | None = None
    email: str | None = None
    captcha: bool = False


class SendTest(Action, frozen=True, kw_only=True):
    """The button 测试发送 of a channel's block."""

    name = "test_send"
    words = Words(zh="测试发送", en="Send a test message")

    channel: Channel
    mobile: Mobile


class Set(Action, frozen=True, kw_only=True):
    """Settings are typed in, by group; they are drafts until ``save``."""

    name = "set"
    words = Words(zh="填写设置", en="Enter settings")

    sms: settings.Sms | None = None
    interface: settings.Interface | None = None
    member: settings.Member | None = None
    time: settings.Time | None = None
    captcha: settings.Captcha | None = None
    sending: settings.Sending | None = None

    def __post_init__(self) -> None:
        if all(getattr(self, group) is None for group in self.__struct_fields__):
            groups = ", ".join(self.__struct_fields__)
            raise Misfit(
                "", Words(zh=f"至少给出一组设置：{groups}", en=f"give settings of {groups}")
            )


class Save(Action, frozen=True, kw_only=True):
    """The button 保存设置: all drafts come into force."""

    name = "save"
    words = Words(zh="点击【保存设置】", en="Press Save settings")


class Discard(Action, frozen=True, kw_only=True):
    """The settings page is left without saving: all drafts are forgotten."""

    name = "discard"
    words = Words(zh="不保存就离开设置页", en="Leave without saving")


class ClearCache(Action, frozen=True, kw_only=True):
    """功能设置-清除缓存: the cached access token is forgotten."""

    name = "clear_cache"
    words = Words(zh="清除缓存", en="Clear the cache")


class SetNotice(Action, frozen=True, kw_only=True):
    """A row of the notification matrix is switched, in whole (``row``) or by channel."""

    name = "set_notice"
    words = Words(zh="设置通知开关", en="Switch a notice")

    event: Event
    row: bool | None = None
    sms: bool | None = None
    mail: bool | None = None
    site: bool | None = None
    wechat: bool | None = None

    def __post_init__(self) -> None:
        channels = [name for name in self.__struct_fields__ if name != "event"]
        if all(getattr(self, name) is None for name in channels):
            known = ", ".join(channels)
            raise Misfit(
                "",
                Words(zh=f"至少给出 {known} 中的一个", en=f"give at least one of {known}"),
            )


class ReadCodeLog(Action, frozen=True, kw_only=True):
    """日志管理-验证码日志 is looked at."""

    name = "code_log"
    words = Words(zh="查看验证码日志", en="Look at the code log")
    looks = True

    mobile: Mobile | None = None


class ReadMessages(Action, frozen=True, kw_only=True):
    """The target's own record of the messages that it sent, with their receipts."""

    name = "messages"
    words = Words(zh="查看发送记录", en="Look at the record of sent messages")
    looks = True

    mobile: Mobile | None = None


class ReadOutbox(Action, frozen=True, kw_only=True):
    """Mails, in-site and WeChat notices that the target has sent."""

    name = "outbox"
    words = Words(zh="查看邮件、站内信和微信通知", en="Look at mails, in-site and WeChat notices")
    looks = True

    kind: Literal["mail", "site", "wechat"] | None = None


class ReadReceipts(Action, frozen=True, kw_only=True):
    """Delivery receipts that the target has been given, and what it made of them."""

    name = "receipts"
    words = Words(zh="查看收到的状态报告", en="Look at the receipts that came")
    looks = True


class FetchToken(Action, frozen=True, kw_only=True):
    """A bare client asks for an access token (official API)."""

    name = "token"
    words = Words(zh="获取 access_token", en="Fetch an access token")


class Send(Action, frozen=True, kw_only=True):
    """A bare client sends one message; what is left out is the account's own."""

    name = "send"
    words = Words(zh="发送短信", en="Send a message")

    mobile: Mobile
    template_id: str | None = None
    params: dict[str, str] | None = None
    content: str | None = None
    """The whole text, on channels without templates."""
    sign_key: str | None = None
    signature: str | None = None
    out_id: str | None = None
    """The caller's own number of the message, which may be used once."""


class SendBatch(Action, frozen=True, kw_only=True):
    """A bare client sends one text to several mobiles."""

    name = "batch"
    words = Words(zh="批量发送", en="Send to several mobiles")

    mobiles: Annotated[list[Mobile], msgspec.Meta(min_length=1)]
    content: str | None = None


class AskReport(Action, frozen=True, kw_only=True):
    """A bare client asks what became of its messages."""

    name = "report"
    words = Words(zh="查询发送状态", en="Ask for delivery reports")
    looks = True

    message_id: str | None = None


class AskBalance(Action, frozen=True, kw_only=True):
    """A bare client asks for the balance."""

    name = "balance"
    words = Words(zh="查询余额", en="Ask for the balance")
    looks = True


ACTIONS: Mapping[str, type[Action]] = {
    action.name: action
    for action in (
        SendCode, CheckCode, Register, Login, ChangeMobile, Operate, SendTest, Set, Save, Discard,
        ClearCache, SetNotice, ReadCodeLog, ReadMessages, ReadOutbox, ReadReceipts, FetchToken,
        Send, SendBatch, AskReport, AskBalance,
    )
}  # fmt: skip
