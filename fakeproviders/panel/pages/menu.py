"""Where the pages are, in the structure and words of the operators' guide."""

from typing import NamedTuple

from fakeproviders.failures import Words
from fakeproviders.panel.settings import GROUP_NAMES


class Place(NamedTuple):
    """One page: its path without the session's prefix, and its name in menus."""

    path: str
    name: Words


class Group(NamedTuple):
    """Pages under one heading of the menu. ``tabs`` are one entry of the menu and tabs of one page."""

    name: Words
    places: tuple[Place, ...]
    tabs: bool = False


def _settings(group: str) -> Place:
    return Place(f"/admin/settings/{group}", GROUP_NAMES[group])


SMS, INTERFACE, MEMBER = _settings("sms"), _settings("interface"), _settings("member")
SENDING, TIME, CAPTCHA = _settings("sending"), _settings("time"), _settings("captcha")
CACHE = Place("/admin/cache", Words(zh="清除缓存", en="Clear cache"))
CODE_LOG = Place("/admin/logs/codes", Words(zh="验证码日志", en="Verification code log"))
NOTICES = Place(
    "/admin/notifications",
    Words(zh="短信、邮件、站内信、微信 通知管理", en="SMS, mail, in-site and WeChat notices"),
)
SENT = Place("/admin/sent", Words(zh="短信发送记录", en="Sent SMS"))
REPLIES = Place("/admin/replies", Words(zh="用户回复", en="Replies"))
OUTBOX = Place("/admin/outbox", Words(zh="发件箱", en="Outbox"))
REGISTER = Place("/member/register", Words(zh="注册", en="Register"))
LOGIN = Place("/member/login", Words(zh="登录", en="Log in"))
ACCOUNT = Place("/member", Words(zh="会员中心", en="My account"))
PHONE = Place("/member/phone", Words(zh="修改绑定手机", en="Change phone"))
OPERATION = Place("/member/operation", Words(zh="操作保护", en="Protected operation"))
HOME = Place("/", Words(zh="首页", en="Home"))

GLOBAL_SETTINGS = Group(
    Words(zh="全局设置", en="Global settings"),
    (SMS, INTERFACE, MEMBER, SENDING, TIME, CAPTCHA),
    tabs=True,
)
MENU: tuple[Group, ...] = (
    GLOBAL_SETTINGS,
    Group(Words(zh="功能设置", en="Function settings"), (CACHE,)),
    Group(Words(zh="日志管理", en="Logs"), (CODE_LOG, SENT, REPLIES)),
    Group(Words(zh="通知管理", en="Notices"), (NOTICES, OUTBOX)),
)
"""The administration's menu; all of it stands under 系统 (System)."""


def group_of(place: Place) -> Group | None:
    """The group that a page of the administration is in; None for the other pages."""
    return next((group for group in MENU if place in group.places), None)


def full_name(place: Place) -> Words:
    """A page's name with its group's, as the guide names pages: 全局设置-短信."""
    group = group_of(place)
    if group is None:
        return place.name
    return Words(zh=f"{group.name.zh}-{place.name.zh}", en=f"{group.name.en} - {place.name.en}")
