"""What a document is around its one text that changes, written beforehand.

document(text) == frame.before + escaped text + frame.after
"""

from collections.abc import Callable

import msgspec

from fakeproviders.providers.erban.aspnet import xml_text

MARK = "0123456789abcdef"


class Frame(msgspec.Struct, frozen=True):
    """The bytes before and after the text, and the document without any."""

    before: bytes
    after: bytes
    empty: bytes

    def around(self, text: str) -> bytes:
        """The document with this text."""
        if not text:
            return self.empty
        return self.before + xml_text(text).encode("utf-8", "replace") + self.after


def framed(document: Callable[[str], bytes]) -> Frame:
    """The frame of what a function writes around the text that it is given."""
    before, _, after = document(MARK).partition(MARK.encode())
    return Frame(before, after, document(""))
