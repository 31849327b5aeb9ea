"""Reading the same document again: a client's requests differ in their texts alone.

A skeleton is all of a document but its plain texts: those between a start and an end tag, free of
``<``, ``>``, ``&``, carriage returns and what XML forbids. Other plain texts in their places leave
the document as well-formed as it was, and every element where it was. So a skeleton is read once,
with a mark in the place of each text (prepared.py), and is known from then on as it stands. One
with a reference (``&``) is none: what it stands for could pass for a mark.
"""

import re
from functools import lru_cache

import msgspec

from fakeproviders.providers.erban import charsets, prepared
from fakeproviders.providers.erban.charsets import media_type
from fakeproviders.providers.erban.envelope import Version
from fakeproviders.providers.erban.methods import Method
from fakeproviders.providers.erban.prepared import Request

PLAIN_TEXT = re.compile(r">([^<>&\x00-\x08\x0b-\x1f\ufffe\uffff]*)</")
LARGEST = 16 * 1024
"""Bytes of a document that is worth remembering."""
KNOWN = 128
"""Skeletons that are remembered, those used last."""


class Reading(msgspec.Struct, frozen=True):
    """What a skeleton says, whatever its texts are."""

    version: Version
    method: Method
    given: dict[str, str | None]
    """Its parameters, in declared order; a mark for each that is a text of the document."""
    places: tuple[tuple[str, int], ...]
    """Those parameters, and the places of their texts between the pieces of the skeleton."""


def read(content_type: str, action: str | None, body: bytes) -> Request | None:
    """The request, or None where its skeleton says that it is not of the common shape."""
    codec = charsets.known_codec(media_type(content_type).charset)
    if not codec or b"&" in body or len(body) > LARGEST:
        return None
    try:
        pieces = PLAIN_TEXT.split(body.decode(codec))
    except UnicodeError:
        return None
    reading = _reading(content_type, action, tuple(pieces[::2]))
    if reading is None:
        return None
    given = reading.given.copy()
    for name, place in reading.places:
        given[name] = pieces[place]
    return Request(reading.version, reading.method, given)


@lru_cache(maxsize=KNOWN)
def _reading(content_type: str, action: str | None, skeleton: tuple[str, ...]) -> Reading | None:
    """What the tree of the marked document holds, if each parameter is a mark or has no text."""
    marks = {f"mark{place}": place for place in range(1, 2 * len(skeleton) - 1, 2)}
    marked = skeleton[0] + "".join(
        f">{mark}</{piece}" for mark, piece in zip(marks, skeleton[1:], strict=True)
    )
    codec = charsets.known_codec(media_type(content_type).charset)
    request = prepared.read(content_type, action, marked.encode(codec))
    if request is None or any(text and text not in marks for text in request.given.values()):
        return None
    places = tuple((name, marks[text]) for name, text in request.given.items() if text)
    return Reading(request.version, request.method, request.given, places)
