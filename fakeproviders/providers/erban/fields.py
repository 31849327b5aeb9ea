"""Form-encoded fields as ASP.NET's collections hold them: names without case, duplicates joined."""

from fakeproviders.providers.erban.charsets import percent_decoded

FORM_TYPE = "application/x-www-form-urlencoded"


class Fields(dict[str, str]):
    """Values by lower-case name; a repeated name's values are joined by commas (O)."""

    def add(self, name: str, value: str) -> None:
        """One more pair, as it came."""
        key = name.lower()
        self[key] = f"{self[key]},{value}" if key in self else value

    def value(self, name: str) -> str | None:
        """The value of a name in any case; None where it was not sent."""
        return self.get(name.lower())


def form_fields(encoded: str, codec: str, into: Fields | None = None) -> Fields:
    """The pairs of a query or form body; a piece without ``=`` has no name and is passed over."""
    fields = Fields() if into is None else into
    for piece in encoded.split("&"):
        name, equals, value = piece.partition("=")
        if equals:
            fields.add(percent_decoded(name, codec), percent_decoded(value, codec))
    return fields


def nameless(encoded: str) -> str:
    """What a query says without ``=``, joined by commas (O: HttpValueCollection.cs, the key null)."""
    return ",".join(piece for piece in encoded.split("&") if "=" not in piece)


def body_text(body: bytes) -> str:
    """A form body as text that keeps every byte, percent-encoded or not."""
    return body.decode("utf-8", "surrogateescape")
