"""The XML parser's words. Every message here is one that Woodstox 3.2 itself gives of this document."""

import pytest
from multidict import CIMultiDict

from fakeproviders.model import RawRequest
from fakeproviders.providers.erban.xfire_stream import read_document

EOF, CHARACTER, PARSING = (
    "WstxEOFException", "WstxUnexpectedCharException", "WstxParsingException",
)  # fmt: skip
IN_TAG = "excepted space, or '>' or \"/>\""


@pytest.mark.parametrize(
    ("document", "kind", "text", "row", "column"),
    [
        ("", EOF, "Unexpected EOF in prolog", 1, 0),
        (" \n\n ", EOF, "Unexpected EOF in prolog", 3, 1),
        ("<?xml version='1.0'?>", EOF, "Unexpected EOF in prolog", 1, 21),
        ("<!-- x", EOF, "Unexpected end of input block in comment", 1, 6),
        ("<a>\n中<b>", EOF, "Unexpected EOF; was expecting a close tag for element <b>", 2, 4),
        ("<a>\n\n", EOF, "Unexpected EOF; was expecting a close tag for element <a>", 3, 0),
        ("<a ", EOF, "Unexpected end of input block in start tag", 1, 3),
        ("<a b=", EOF, "Unexpected end of input block in start tag", 1, 5),
        ("<a b='", EOF, "Unexpected EOF in attribute value", 1, 6),
        ("<a><", EOF, "Unexpected EOF in start tag", 1, 4),
        ("<a><!-- x", EOF, "Unexpected end of input block in comment", 1, 9),
        ("a=1", CHARACTER, "Unexpected character 'a' (code 97) in prolog; expected '<'", 1, 1),
        ("\n 中", CHARACTER, "Unexpected character '中' (code 20013 / 0x4e2d) in prolog; expected '<'", 2, 2),
        ("<1a/>", CHARACTER, "Unexpected character '1' (code 49) in prolog, after '<'.", 1, 2),
        (
            "<a><1/></a>", CHARACTER,
            "Unexpected character '1' (code 49) in content after '<' (malformed start element?).", 1, 5,
        ),
        ("<a>中中<b c></b>", CHARACTER, "Unexpected character '>' (code 62) expected '='", 1, 10),
        ("<a b=1/>", CHARACTER, "Unexpected character '1' (code 49) in start tag Expected a quote", 1, 6),
        ("<a><b</a>", CHARACTER, f"Unexpected character '<' (code 60) {IN_TAG}", 1, 6),
        ("<a><b c='1'd='2'/></a>", CHARACTER, f"Unexpected character 'd' (code 100) {IN_TAG}", 1, 12),
        ("<a>&</a>", CHARACTER, "Unexpected character '<' (code 60) (expected a name start character)", 1, 5),
        (
            "<a>&amp</a>", CHARACTER,
            "Unexpected character '<' (code 60); expected a semi-colon after the reference for entity 'amp'", 1, 8,
        ),
        ("<a>\x01</a>", CHARACTER, "Illegal character ((CTRL-CHAR, code 1))", 1, 4),
        ("<a>\0</a>", CHARACTER, "Illegal character (NULL, unicode 0) encountered: not valid in any content", 1, 4),
        ("<a></b>", PARSING, "Unexpected close tag </b>; expected </a>.", 1, 6),
        ("<a>\n <b>\n</c ></a>", PARSING, "Unexpected close tag </c>; expected </b>.", 3, 3),
        ("<s:a xmlns:s='u'></s:b>", PARSING, "Unexpected close tag </s:b>; expected </s:a>.", 1, 22),
        ("<x:a/>", PARSING, 'Undeclared namespace prefix "x"', 1, 6),
        ("<a x:y='1'/>", PARSING, 'Undeclared namespace prefix "x" (for attribute "y")', 1, 12),
        ("<a b='1' b='2'/>", PARSING, "Duplicate attribute 'b'.", 1, 16),
        ("<a b='<'/>", PARSING, "Unexpected '<'  in attribute value", 1, 7),
        ("<a>&nbsp;</a>", PARSING, 'Undeclared general entity "nbsp"', 1, 9),
        ("<a b='&x;'/>", PARSING, 'Undeclared general entity "x"', 1, 9),
        (
            "<a>x]]>y</a>", PARSING,
            "String ']]>' not allowed in textual content, except as the end marker of CDATA section", 1, 7,
        ),
        (
            " <?xml version='1.0'?><a/>", PARSING,
            'Illegal processing instruction target ("xml"); xml (case insensitive) is reserved by the specs.', 1, 6,
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_and_where(
    document: str, kind: str, text: str, row: int, column: int
) -> None:
    headers: CIMultiDict[str] = CIMultiDict()
    error = read_document(RawRequest("POST", "/", "", headers, body=document.encode())).error
    assert error is not None
    place = f"\n at [row,col {{unknown-source}}]: [{row},{column}]"
    assert (error.kind, error.text) == (kind, text + place)
    assert error.nested == f"com.ctc.wstx.exc.{kind}: {text}{place}"
