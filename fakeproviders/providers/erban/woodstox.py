"""Woodstox 3.2, XFire's XML parser: its words for documents that it cannot read, and how it writes text.

    <what is wrong>
     at [row,col {unknown-source}]: [<row>,<column>]

All of it is observed (O), in its public source and by running it. libxml2 finds the error; its
kinds are put in Woodstox's words, place and all. What has no words here is an unexpected character (A).
"""

import re

import msgspec
from lxml import etree

from fakeproviders.providers.erban.aspnet import ILLEGAL

EOF, CHARACTER, PARSING, IO = (
    "WstxEOFException", "WstxUnexpectedCharException", "WstxParsingException", "WstxIOException",
)  # fmt: skip
Found = etree.ErrorTypes
READ_AHEAD, BLOCK = 128, 4000
"""Characters that the parser decodes at once: before it reads the document proper, and then each time."""

ESCAPED = re.compile(r"(?:[&<\r]|(?:\A|(?<=\]))>)[&<>\r]*")
ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xd;"}

NAME = re.compile(r"[^\s<>/]*")
UNDECLARED_PREFIX = re.compile(r"Namespace prefix (\S+) (?:for (\S+) )?on ")
REDEFINED = re.compile(r"Attribute (\S+) redefined")
ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);)([^\W\d][\w.:-]*);")
UNENDED_ENTITY = re.compile(r"&([\w.:-]+)$")

IN_TAG = " excepted space, or '>' or \"/>\""
AFTER_CHARACTER = {
    Found.ERR_ATTRIBUTE_WITHOUT_VALUE: " expected '='",
    Found.ERR_ATTRIBUTE_NOT_STARTED: " in start tag Expected a quote",
    Found.ERR_GT_REQUIRED: IN_TAG,
    Found.ERR_SPACE_REQUIRED: IN_TAG,
}
"""What is said of the character that an error is found at."""
AT_END = {
    Found.ERR_DOCUMENT_EMPTY: "EOF in prolog",
    Found.ERR_ATTRIBUTE_NOT_FINISHED: "EOF in attribute value",
    Found.ERR_CDATA_NOT_FINISHED: "EOF in CDATA section",
    Found.ERR_COMMENT_NOT_FINISHED: "end of input block in comment",
    Found.ERR_GT_REQUIRED: "end of input block in start tag",
    Found.ERR_ATTRIBUTE_WITHOUT_VALUE: "end of input block in start tag",
    Found.ERR_ATTRIBUTE_NOT_STARTED: "end of input block in start tag",
    Found.ERR_NAME_REQUIRED: "EOF in start tag",
}
"""What was unexpected where the document ends; otherwise it is a missing end tag."""


class StreamError(msgspec.Struct, frozen=True):
    """An exception of the parser: its class, and its message."""

    kind: str
    text: str

    @property
    def nested(self) -> str:
        """As another exception's message names it."""
        return f"com.ctc.wstx.exc.{self.kind}: {self.text}"


def at(row: int, column: int, text: str, kind: str = PARSING) -> StreamError:
    """An error at a place of the document, both numbers from 1."""
    return StreamError(kind, f"{text}\n at [row,col {{unknown-source}}]: [{row},{column}]")


def written(text: str) -> str:
    """Text as the writer escapes it: ``>`` only where it could end a CDATA section, as far as it knows."""
    clean = ILLEGAL.sub("\ufffd", text)
    return ESCAPED.sub(lambda found: "".join(ENTITIES[each] for each in found[0]), clean)


def readable(text: str) -> str:
    """What the parser has got of a text before it meets a byte behind it that it cannot decode."""
    beyond = len(text) - READ_AHEAD
    return text[: READ_AHEAD + beyond // BLOCK * BLOCK] if beyond >= 0 else ""


def undecodable(body: bytes, error: UnicodeDecodeError) -> StreamError:
    """Bytes that are no UTF-8. Bytes are counted from where the parser's last read began."""
    before = body[: error.start].decode()
    last_byte = len(before[:READ_AHEAD].encode()) - 1 if len(before) >= READ_AHEAD else -1
    if error.reason == "invalid start byte":
        what = f"start byte 0x{body[error.start]:x} (at char #{len(before) + 1}"
    elif error.end < len(body):
        what = f"middle byte 0x{body[error.end]:x} (at char #{len(before)}"
    else:
        got = error.end - error.start
        what = f"Unexpected EOF in the middle of a multi-byte char: got {got}, needed {got + 1}"
        return StreamError(IO, f"{what}, at char #{len(before)}, byte #{error.start + got})")
    return StreamError(IO, f"Invalid UTF-8 {what}, byte #{last_byte})")


def malformed(document: str, error: etree.XMLSyntaxError, open_element: str) -> StreamError:
    """A document that is no XML; ``open_element`` is the innermost element without an end, if any."""
    start = len(document) - len(document.lstrip("\t\n\r "))
    if start < len(document) and document[start] != "<":
        told = f"Unexpected character {_character(document[start])} in prolog; expected '<'"
        return _at(document, start, told, CHARACTER)
    code: int = error.code  # type: ignore[attr-defined]  # lxml gives every error one
    place = _offset(document, *error.position)
    if code == Found.ERR_INTERNAL_ERROR and (entity := ENTITY.search(document)):
        return _at(document, entity.end() - 1, f'Undeclared general entity "{entity[1]}"')
    if code == Found.ERR_TAG_NAME_MISMATCH:
        return _mismatched(document, document.rfind("</", 0, place) + 2, open_element)
    if named := _misnamed(document, place, error.msg or ""):
        return named
    if place >= len(document) or code in {Found.ERR_TAG_NOT_FINISHED, Found.ERR_DOCUMENT_END}:
        wanted = f"EOF; was expecting a close tag for element <{open_element}>"
        return _at(document, len(document) - 1, f"Unexpected {AT_END.get(code, wanted)}", EOF)
    return _misplaced(document, place, code)


def _mismatched(document: str, place: int, wanted: str) -> StreamError:
    """An end tag of another element, whose name begins here."""
    named = NAME.match(document, place)
    name = named[0] if named else ""
    told = f"Unexpected close tag </{name}>; expected </{wanted}>."
    return _at(document, place + len(name) - 1, told)


def _misnamed(document: str, place: int, found: str) -> StreamError | None:
    """A name that is undeclared or there twice, if the error is one."""
    if prefix := UNDECLARED_PREFIX.search(found):
        owner = f' (for attribute "{prefix[2]}")' if prefix[2] else ""
        told = f'Undeclared namespace prefix "{prefix[1]}"{owner}'
        return _at(document, document.find(">", place), told)
    if twice := REDEFINED.search(found):
        return _at(document, document.find(">", place), f"Duplicate attribute '{twice[1]}'.")
    return None


def _misplaced(document: str, place: int, code: int) -> StreamError:
    """A character where it must not be."""
    if code == Found.ERR_LT_IN_ATTRIBUTE:
        return _at(document, place, "Unexpected '<'  in attribute value")
    if code == Found.ERR_MISPLACED_CDATA_END:
        told = (
            "String ']]>' not allowed in textual content, except as the end marker of CDATA section"
        )
        return _at(document, place + 2, told)
    if code == Found.ERR_RESERVED_XML_NAME:
        told = 'Illegal processing instruction target ("xml"); xml (case insensitive) is reserved by the specs.'
        return _at(document, place - 1, told)
    character = document[place]
    if character == "\0":
        told = "Illegal character (NULL, unicode 0) encountered: not valid in any content"
    elif code == Found.ERR_INVALID_CHAR and character < " ":
        told = f"Illegal character ({_character(character)})"
    else:
        told = f"Unexpected character {_character(character)}{_expected(document[:place], code)}"
    return _at(document, place, told, CHARACTER)


def _expected(before: str, code: int) -> str:
    """What should have stood behind this."""
    if code == Found.ERR_ENTITYREF_SEMICOL_MISSING and (entity := UNENDED_ENTITY.search(before)):
        return f"; expected a semi-colon after the reference for entity '{entity[1]}'"
    if code != Found.ERR_NAME_REQUIRED:
        return AFTER_CHARACTER.get(code, "")
    if before.endswith("&"):
        return " (expected a name start character)"
    if not before.endswith("<"):
        return IN_TAG
    in_prolog = "<" not in before[:-1]
    return (
        " in prolog, after '<'."
        if in_prolog
        else " in content after '<' (malformed start element?)."
    )


def _at(document: str, place: int, text: str, kind: str = PARSING) -> StreamError:
    """An error at the character of this index."""
    row = document.count("\n", 0, place + 1) + 1
    return at(row, place - document.rfind("\n", 0, place + 1), text, kind)


def _offset(document: str, row: int, column: int) -> int:
    """The index of the character in libxml2's row and column."""
    lines = document.split("\n")[: max(row - 1, 0)]
    return sum(len(line) + 1 for line in lines) + max(column - 1, 0)


def _character(character: str) -> str:
    code = ord(character)
    if code < 0x20 or 0x7F <= code < 0xA0:
        return f"(CTRL-CHAR, code {code})"
    more = f" / 0x{code:x}" if code > 0xFF else ""
    return f"'{character}' (code {code}{more})"
