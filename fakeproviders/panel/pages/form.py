"""A form as it was sent, and how it becomes what the panel's parts take."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit
from fakeproviders.panel.declined import unusable

_UNREADABLE = Words(
    zh="表单无法读取：应为 UTF-8 的表单数据",
    en="the form cannot be read: it must be form data in UTF-8",
)
_NO_MOBILE = Words(zh="请输入手机号码", en="Enter a mobile number")
_NO_NUMBER = Words(zh="这不是手机号码", en="This is not a mobile number")
_TOO_LONG = Words(zh="太长了", en="This is too long")
_LONGEST_MOBILE, _LONGEST_EMAIL = 32, 200


class Form:
    """The texts of a form's fields, without blanks around them."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = fields

    @classmethod
    async def of(cls, request: web.Request) -> "Form":
        """Read the body. Raises Misfit when it is no form."""
        if request.content_type != "application/x-www-form-urlencoded":
            raise Misfit("", _UNREADABLE)
        try:
            sent = await request.post()
        except (ValueError, LookupError):
            raise Misfit("", _UNREADABLE) from None
        return cls({name: str(value) for name, value in sent.items()})

    def text(self, name: str) -> str:
        """A field's text; empty when it was not sent."""
        return self._fields.get(name, "").strip()

    def has(self, name: str) -> bool:
        """Whether it was sent: a checkbox that is ticked, a button that was pressed."""
        return name in self._fields

    def secret(self, name: str) -> str:
        """A field's text with the blanks around it: a password's own."""
        return self._fields.get(name, "")

    def mobile(self, name: str = "mobile") -> str:
        """A mobile number; whether it is a good one, the provider says. Raises Declined."""
        mobile = self.text(name)
        if not mobile:
            raise unusable(Misfit(name, _NO_MOBILE))
        if len(mobile) > _LONGEST_MOBILE or not (mobile.isascii() and mobile.isprintable()):
            raise unusable(Misfit(name, _NO_NUMBER))
        return mobile

    def email(self) -> str:
        """A mail address, or an empty text. Raises Declined."""
        email = self.text("email")
        if len(email) > _LONGEST_EMAIL:
            raise unusable(Misfit("email", _TOO_LONG))
        return email

    def kept(self, *names: str) -> dict[str, str]:
        """What stands in these fields, to be shown in them again."""
        return {name: self._fields[name] for name in names if name in self._fields}


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """``{"official.app_id": 1}`` as ``{"official": {"app_id": 1}}``."""
    whole: dict[str, Any] = {}
    for path, value in flat.items():
        *above, name = path.split(".")
        place = whole
        for step in above:
            place = place.setdefault(step, {})
        place[name] = value
    return whole
