"""The events of the notification matrix, as the guide's table has them (D).

A channel is on, off, or None: not available. Ids and English names are ours: two events share a name.
"""

import msgspec

from fakeproviders.failures import Words

CHANNELS = ("sms", "mail", "site", "wechat")
CHANNEL_NAMES = {
    "sms": Words(zh="短信", en="SMS"),
    "mail": Words(zh="邮件", en="mail"),
    "site": Words(zh="站内信", en="in-site message"),
    "wechat": Words(zh="微信", en="WeChat"),
}
CODE_CONTENT = "您的验证码是{code}，{minutes}分钟内有效。"
NOTICE_CONTENT = "您有一条系统通知：{name}，请登录后台查看。"


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One row: what it is called, and how a fresh installation has it set."""

    id: str
    name: Words
    row: bool
    sms: bool | None
    mail: bool | None
    site: bool | None
    wechat: bool | None
    is_code: bool = True
    """Whether it sends a verification code; else it tells somebody something."""
    sensitive: bool = False
    """Once its SMS verification is on it cannot be switched off."""
    to: str = ""
    """Whom it goes to, in Chinese, where the guide calls two alike; their English names differ."""

    @property
    def label(self) -> Words:
        """The name, told apart from others: what pages show."""
        return Words(zh=f"{self.name.zh}（{self.to}）", en=self.name.en) if self.to else self.name

    @property
    def content(self) -> str:
        """The text that a fresh installation sends."""
        return CODE_CONTENT if self.is_code else NOTICE_CONTENT


EVENTS = {
    event.id: event
    for event in (
        Event(
            id="bare_metal_renewal_failed",
            name=Words(
                zh="裸金属服务器自动续费失败通知", en="Bare metal server: automatic renewal failed"
            ),
            row=False, sms=True, mail=True, site=True, wechat=False, is_code=False,
        ),
        Event(
            id="bare_metal_booking_lapsed",
            name=Words(zh="裸金属预约掉配通知", en="Bare metal server: booking lapsed"),
            row=False, sms=True, mail=True, site=True, wechat=False, is_code=False,
        ),
        Event(
            id="admin_login_code",
            name=Words(zh="后台登录验证码", en="Administrator login code"),
            row=True, sms=True, mail=True, site=None, wechat=None,
        ),
        Event(
            id="change_email_code",
            name=Words(zh="修改邮箱验证码", en="Change of mail address: code to the address"),
            row=True, sms=None, mail=True, site=None, wechat=None, to="发到邮箱",
        ),
        Event(
            id="find_password_code",
            name=Words(zh="找回密码验证码", en="Forgotten password code"),
            row=True, sms=True, mail=True, site=None, wechat=None,
        ),
        Event(
            id="change_email_new_code",
            name=Words(zh="修改邮箱验证码", en="Change of mail address: code to the mobile"),
            row=True, sms=True, mail=True, site=None, wechat=None, to="发到手机",
        ),
        Event(
            id="change_mobile_code",
            name=Words(zh="修改绑定手机验证码", en="Change of mobile code"),
            row=True, sms=True, mail=True, site=None, wechat=None,
        ),
        Event(
            id="change_protection_code",
            name=Words(zh="修改密码保护验证码", en="Change of password protection code"),
            row=True, sms=True, mail=True, site=None, wechat=None,
        ),
        Event(
            id="operation_code",
            name=Words(zh="操作保护验证码", en="Operation protection code"),
            row=True, sms=True, mail=True, site=None, wechat=None, sensitive=True,
        ),
        Event(
            id="admin_login",
            name=Words(zh="管理员登录通知", en="Administrator logged in"),
            row=True, sms=True, mail=True, site=None, wechat=True, is_code=False,
        ),
        Event(
            id="login",
            name=Words(zh="用户登录验证码", en="User login code"),
            row=True, sms=True, mail=None, site=None, wechat=None,
        ),
        Event(
            id="register",
            name=Words(zh="会员注册验证码", en="Registration code"),
            row=True, sms=True, mail=None, site=None, wechat=None,
        ),
    )
}  # fmt: skip
"""All of them by id, in the order of the table."""

TEST = "test"
"""The template that 测试发送 sends."""
TEMPLATED = (TEST, *(event.id for event in EVENTS.values() if event.sms is not None))
"""What has an SMS template."""
