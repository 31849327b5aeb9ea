"""Whom it goes to and what it says: mobiles, blocked words, length."""

import re

from fakeproviders.domain.attempt import Attempt
from fakeproviders.failures import Reason
from fakeproviders.model import Refusal

_MOBILE = re.compile(r"1[3-9]\d{9}\Z", re.ASCII)
MAX_MOBILES = 1000
SINGLE, PART = 70, 67
"""UCS-2 characters of a message that fits one segment, and of each segment of a longer one."""


def mobiles_counted(attempt: Attempt) -> None:
    """There is a number, and there are no more than 1,000 of them."""
    number = len(attempt.call.mobiles)
    if not 0 < number <= MAX_MOBILES:
        raise Refusal(Reason.MOBILE_INVALID, "number", given=number, most=MAX_MOBILES)


def mobiles_valid(attempt: Attempt) -> None:
    """Every number is a mainland mobile: 11 digits from 13 to 19."""
    for mobile in attempt.call.mobiles:
        if _MOBILE.match(mobile) is None:
            raise Refusal(Reason.MOBILE_INVALID, given=mobile)


def mobiles_not_blacklisted(attempt: Attempt) -> None:
    """None of the numbers is on the blacklist."""
    blacklist = attempt.account.blacklist
    if blacklist:
        for mobile in attempt.call.mobiles:
            if mobile in blacklist:
                raise Refusal(Reason.MOBILE_BLACKLISTED, given=mobile)


def content_allowed(attempt: Attempt) -> None:
    """The text has no blocked word and is not too long. Needs ``call.content``."""
    settings, content = attempt.account.settings, attempt.call.content or ""
    for word in settings.blocked_words:
        if word in content:
            raise Refusal(Reason.CONTENT_BLOCKED, word=word)
    number = attempt.segments = segments(content)
    if number > settings.max_segments:
        raise Refusal(Reason.CONTENT_TOO_LONG, segments=number, most=settings.max_segments)


def is_mobile(text: str) -> bool:
    """Whether it is a mainland mobile's number."""
    return _MOBILE.match(text) is not None


def segments(content: str) -> int:
    """How many SMS a text takes: 70 UCS-2 characters, or 67 each when it is longer."""
    if len(content) <= SINGLE // 2:  # even if each character takes two
        return 1
    length = len(content.encode("utf-16-le", "surrogatepass")) // 2
    return 1 if length <= SINGLE else -(-length // PART)
