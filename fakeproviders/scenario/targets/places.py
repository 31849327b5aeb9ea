"""Ways to name a place in a reply - CSS selector, JSON pointer, regular expression - and their mistakes."""

import re

import cssselect

from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit


def as_xpath(selector: str) -> str:
    """A CSS selector as XPath. Raises Misfit for one that is none."""
    try:
        return cssselect.HTMLTranslator().css_to_xpath(selector)
    except cssselect.SelectorError as error:
        words = Words(
            zh=f"{selector!r} 不是可用的 CSS 选择器（`{error}`）",
            en=f"{selector!r} is no CSS selector: {error}",
        )
        raise Misfit("css", words) from None


def check_pointer(pointer: str) -> None:
    """Raises Misfit for what is no JSON pointer (RFC 6901)."""
    if pointer and not pointer.startswith("/"):
        words = Words(
            zh=f"{pointer!r} 不是 JSON 指针，应以 / 开头，如 /data/text",
            en=f"{pointer!r} is no JSON pointer: it begins with /, as /data/text",
        )
        raise Misfit("json", words)


def check_regex(regex: str) -> None:
    """Raises Misfit for what is no regular expression."""
    try:
        re.compile(regex)
    except re.error as error:
        words = Words(
            zh=f"{regex!r} 不是可用的正则表达式（`{error}`）",
            en=f"{regex!r} is no regular expression: {error}",
        )
        raise Misfit("regex", words) from None
