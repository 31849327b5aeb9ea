"""Reading a message as a person does: which part of it is the verification code."""

import re

_SIGNATURE = re.compile(r"\A\s*【[^】]*】|【[^】]*】\s*\Z")
_CODE = r"(?<![0-9A-Za-z])(?P<code>[0-9]{4,8})(?![0-9A-Za-z])"
_NEAR = re.compile(
    rf"(?:验证码|校验码|动态码|code)[^0-9A-Za-z]{{0,12}}(?:is[: ]+)?{_CODE}", re.IGNORECASE
)
_ANY = re.compile(_CODE)


def signature_of(content: str) -> str | None:
    """The 【...】 at the head of a text, else at its tail, else None."""
    found = _SIGNATURE.search(content)
    return found[0].strip() if found else None


def code_of(content: str) -> str | None:
    """The verification code in a text: 4 to 8 digits, those next to 验证码 or "code" first."""
    text = _SIGNATURE.sub("", content)
    found = _NEAR.search(text) or _ANY.search(text)
    return found["code"] if found else None
