"""IIS 7.5 with ASP.NET 2.0 around the service: headers, and the pages the server makes itself (O).

Date and Content-Length are the transport's.
"""

import re
from xml.sax.saxutils import escape

from jinja2 import Environment, PackageLoader

from fakeproviders.model import RawReply
from fakeproviders.pages import reason_phrase
from fakeproviders.providers.erban import texts

TEXT_XML = "text/xml; charset=utf-8"
TEXT_HTML = "text/html; charset=utf-8"
TEXT_PLAIN = "text/plain; charset=utf-8"

FRESH = "private, max-age=0"
PRIVATE = "private"
"""What is left of Cache-Control once an error has cleared the headers."""

ILLEGAL = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")
"""Characters that no XML 1.0 document may hold."""

HIGH_LATIN = re.compile("[\\xa0-\\xff]")

TEMPLATES = Environment(
    loader=PackageLoader(__package__), autoescape=True, trim_blocks=True, lstrip_blocks=True
)


def headers(content_type: str, cache: str = FRESH) -> tuple[tuple[str, str], ...]:
    """ASP.NET's headers in ASP.NET's order; without a type there is none."""
    typed = (("Content-Type", content_type),) if content_type else ()
    return (
        ("Cache-Control", cache),
        *typed,
        ("Server", "Microsoft-IIS/7.5"),
        ("X-AspNet-Version", "2.0.50727"),
        ("X-Powered-By", "ASP.NET"),
    )


def reply(body: bytes, content_type: str, *, status: int = 200, cache: str = FRESH) -> RawReply:
    """A reply with ASP.NET's headers; without a body there is no type."""
    return RawReply(status=status, headers=headers(content_type, cache), body=body)


def xml_text(text: str) -> str:
    """Text for an XML element; what XML cannot carry becomes U+FFFD."""
    return escape(ILLEGAL.sub("\ufffd", text))


def xml_element(name: str, text: str, attributes: str = "") -> str:
    """An element with a text as .NET's writer makes it: without any it closes itself (O)."""
    start = f"<{name}{attributes}"
    return f"{start}>{xml_text(text)}</{name}>" if text else f"{start} />"


def empty(status: int) -> RawReply:
    """A status alone, as the framework sends 400 and 415."""
    return reply(b"", "", status=status, cache=PRIVATE)


def plain(text: str, *, status: int = 200) -> RawReply:
    """Plain text as the application writes it."""
    cache = FRESH if status == 200 else PRIVATE
    return reply(text.encode("utf-8", "replace"), TEXT_PLAIN, status=status, cache=cache)


def plain_error(text: str) -> RawReply:
    """What the HTTP GET and POST bindings make of an exception: escaped, one line."""
    return plain(_html_encoded(text) + "\r\n", status=500)


def _html_encoded(text: str) -> str:
    """Text as HttpUtility.HtmlEncode of .NET 2.0 escapes it: U+00A0 to U+00FF by number (O)."""
    escaped = escape(text, {'"': "&quot;"})
    return HIGH_LATIN.sub(lambda found: f"&#{ord(found[0])};", escaped)


def error_page(text: str, lang: str, status: int = 500) -> RawReply:
    """The yellow page of an unhandled exception."""
    return _yellow("error_500.html", status, text, lang)


def verb_refused(lang: str) -> RawReply:
    """405: no protocol of the framework takes this verb. It names none that would do (O).

    The source is WebServiceHandlerFactory.cs, CoreGetHandler.
    """
    return error_page(texts.UNRECOGNIZED, lang, 405)


def not_found(path: str, lang: str) -> RawReply:
    """The page for a resource that the application does not have."""
    return _yellow("error_404.html", 404, path, lang)


def _yellow(template: str, status: int, text: str, lang: str) -> RawReply:
    page = TEMPLATES.get_template(template).render(text=text, zh=lang == "zh")
    return reply(crlf(page), TEXT_HTML, status=status, cache=PRIVATE)


def kernel_page(status: int, detail: str = "") -> RawReply:
    """What http.sys answers before IIS has seen the request, or when the pool is down."""
    phrase = reason_phrase(status)
    page = TEMPLATES.get_template("http_sys.html").render(
        status=status, phrase=phrase, detail=detail or f"{phrase}."
    )
    headers = (
        ("Content-Type", "text/html; charset=us-ascii"),
        ("Server", "Microsoft-HTTPAPI/2.0"),
    )
    return RawReply(status=status, headers=headers, body=crlf(page))


def unavailable() -> RawReply:
    """503: the application pool is stopped."""
    return kernel_page(503, "The service is unavailable.")


def status_page(status: int, lang: str) -> RawReply:
    """The page this server would send with a status, for faults that are scripted."""
    if status == 404:
        return not_found("/", lang)
    if status == 503:
        return unavailable()
    if status == 400:
        return kernel_page(400, "The request is badly formed.")
    if status == 500:
        return error_page(reason_phrase(status), lang)
    return kernel_page(status)


def crlf(page: str) -> bytes:
    """A page with the line ends of Windows."""
    return page.replace("\n", "\r\n").encode("utf-8", "replace")
