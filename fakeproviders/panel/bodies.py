"""The shapes of the JSON API's request bodies."""

from typing import Annotated

import msgspec

from fakeproviders.panel.captcha import Answer

Mobile = Annotated[str, msgspec.Meta(min_length=1, max_length=32, pattern=r"^[ -~]+\Z")]
Short = Annotated[str, msgspec.Meta(max_length=200)]


class Body(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A request body; a field that it does not have is an error."""


class Test(Body):
    """``POST /api/sms/test``."""

    channel: str
    mobile: Mobile


class NewCode(Body):
    """``POST /api/codes``."""

    event: str
    mobile: Mobile
    email: Short | None = None
    captcha: Answer | None = None


class TypedCode(Body):
    """``POST /api/codes/check``."""

    event: str
    mobile: Mobile
    code: Short


class Operation(Body):
    """``POST /api/operations/{event}``."""

    mobile: Mobile
    code: Short | None = None
    email: Short | None = None
    captcha: Answer | None = None


class NewMember(Body):
    """``POST /api/members``."""

    mobile: Mobile
    password: Short
    code: Short
    email: Short = ""


class NewLogin(Body):
    """``POST /api/members/login``."""

    mobile: Mobile
    code: Short


class OldLogin(Body):
    """``POST /api/members/logout``."""

    token: Short


class NewMobile(Body):
    """``POST /api/members/mobile``."""

    token: Short
    mobile: Mobile
    code: Short
