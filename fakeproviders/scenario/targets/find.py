"""Finding things in a target's reply: JSON, headers, HTML, text."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import lxml.html
import msgspec

from fakeproviders.scenario.targets.places import as_xpath
from fakeproviders.scenario.targets.shapes import Find, Success

_INDEX = re.compile(r"0|[1-9]\d{0,8}", re.ASCII)
_NOTHING = (None, "", False)


class Answered:
    """A reply, as far as one looks into it. What cannot be read as JSON or HTML has nothing in it."""

    def __init__(self, status: int, headers: Mapping[str, str], body: str) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    @cached_property
    def document(self) -> Any:
        """The JSON document, or None."""
        try:
            return msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return None

    @cached_property
    def page(self) -> lxml.html.HtmlElement | None:
        """The HTML page, or None."""
        try:
            return lxml.html.document_fromstring(self.body.encode(), parser=_parser())
        except (ValueError, lxml.etree.LxmlError):
            return None

    def find(self, wanted: Find) -> Any:
        """What it says there, or None."""
        found = self._found(wanted)
        return number_of(found) if wanted.number else found

    def _found(self, wanted: Find) -> Any:
        if wanted.json is not None:
            return pointed(self.document, wanted.json)
        if wanted.header is not None:
            return self.headers.get(wanted.header)
        if wanted.css is not None:
            return self._elements(wanted.css, wanted)
        match = re.search(wanted.regex or "", self.body)
        return match and (match[1] if match.re.groups else match[0])

    def first(self, wanted: Find | Iterable[Find]) -> Any:
        """The first of them that is there, or None."""
        for one in (wanted,) if isinstance(wanted, Find) else wanted:
            found = self.find(one)
            if found not in _NOTHING:
                return found
        return None

    def meets(self, success: Success) -> bool:
        """Whether it is a good reply."""
        given = (success.status, success.found, success.absent)
        if all(one is None for one in given):
            return self.status < 400
        found = None if success.found is None else self.find(success.found)
        conditions = (
            success.status is None or self.status in success.status,
            success.found is None or success.equals is not msgspec.UNSET or _is_there(found),
            success.equals is msgspec.UNSET or _is_exactly(found, success.equals),
            success.absent is None or not _is_there(self.find(success.absent)),
        )
        return all(conditions)

    def _elements(self, selector: str, wanted: Find) -> str | list[str] | None:
        elements = [] if self.page is None else self.page.xpath(as_xpath(selector))
        texts = [_text(element, wanted.attribute) for element in elements]
        if wanted.all:
            return texts
        return texts[0] if texts else None


def pointed(document: Any, pointer: str) -> Any:
    """What a JSON pointer (RFC 6901) leads to, or None."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        if isinstance(document, dict):
            document = document.get(key)
        elif isinstance(document, list) and _INDEX.fullmatch(key) and int(key) < len(document):
            document = document[int(key)]
        else:
            return None
    return document


def number_of(found: Any) -> Any:
    """A text as the number that it is; anything else as it is."""
    try:
        number = float(found)
    except (TypeError, ValueError):
        return found
    return int(number) if number.is_integer() else number


def _is_there(found: Any) -> bool:
    return found not in _NOTHING and found != []


def _is_exactly(found: Any, wanted: Any) -> bool:
    """Equality without Python's own: true is not 1."""
    return isinstance(found, bool) is isinstance(wanted, bool) and bool(found == wanted)


def _text(element: lxml.html.HtmlElement, attribute: str | None) -> str:
    if attribute is not None:
        return str(element.get(attribute, ""))
    return " ".join(element.text_content().split())


def _parser() -> lxml.html.HTMLParser:
    return lxml.html.HTMLParser(encoding="utf-8", no_network=True)
