"""A multipart/form-data body as the framework's collections hold it (O: MultipartContentParser.cs).

    --boundary
    Content-Disposition: form-data; name="account"

    80000001
    --boundary--

Lines end in LF or CRLF. A part that has a file name is no field, and one that no boundary ends does
not count. Values are bytes of the request's charset, whatever the part itself says.
"""

import re

from fakeproviders.providers.erban.fields import Fields

MULTIPART_TYPE = "multipart/form-data"
HEAD_END = re.compile(rb"\r?\n\r?\n")
NAME = re.compile(r'[ ;]name=(?:"([^"]*)"|([^;\r\n]*))', re.IGNORECASE)
FILE_NAME = re.compile(r"[ ;]filename=", re.IGNORECASE)
DISPOSITION = re.compile(r"^Content-Disposition:(.*)$", re.IGNORECASE | re.MULTILINE)


def multipart_fields(body: bytes, boundary: str, codec: str) -> Fields:
    """Its fields; none where the Content-Type names no boundary."""
    fields = Fields()
    for part in _parts(body, boundary) if boundary else ():
        head, *value = HEAD_END.split(part, 1)
        name = _name(head.decode(codec, "replace"))
        if value and name:
            fields.add(name, value[0].decode(codec, "replace"))
    return fields


def _parts(body: bytes, boundary: str) -> list[bytes]:
    """What stands between two boundaries."""
    delimiter = re.escape(boundary.encode("utf-8", "surrogateescape"))
    pieces = re.split(rb"(?:^|\r?\n)--" + delimiter + rb"(?:--)?\r?(?=\n|\Z)", body)
    return [piece.removeprefix(b"\n") for piece in pieces[1:-1]]


def _name(head: str) -> str:
    """The field that a part is; empty for none."""
    disposition = DISPOSITION.search(head)
    if disposition is None or FILE_NAME.search(disposition[1]):
        return ""
    name = NAME.search(disposition[1])
    return "" if name is None else (name[1] or name[2] or "").strip()
