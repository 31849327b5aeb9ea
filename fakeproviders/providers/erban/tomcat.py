"""Tomcat 6 around the Java doors: headers, and the pages the server makes itself (O, its public source).

Date and Content-Length are the transport's. The pages' style sheet is left out.
"""

from fakeproviders.model import RawReply
from fakeproviders.pages import CLOSE, reason_phrase
from fakeproviders.providers.erban.aspnet import TEMPLATES
from fakeproviders.providers.erban.calls import ErbanCall

SERVER = ("Server", "Apache-Coyote/1.1")
ERROR_HTML = "text/html;charset=utf-8"
TEXT_PLAIN = "text/plain;charset=UTF-8"
CLOSES = frozenset({400, 408, 411, 413, 414, 500, 501, 503})
"""Statuses after which the server ends the connection (O: Http11Processor.java, statusDropsConnection)."""

DESCRIPTIONS = {
    400: "The request sent by the client was syntactically incorrect ({}).",
    404: "The requested resource ({}) is not available.",
    405: "The specified HTTP method is not allowed for the requested resource ({}).",
    413: "The request entity is larger than the server is willing or able to process.",
    500: "The server encountered an internal error ({}) that prevented it from fulfilling this request.",
    501: "The server does not support the functionality needed to fulfill this request.",
    503: "The requested service ({}) is not currently available.",
}


def reply(
    body: bytes, content_type: str, *, status: int = 200, extra: tuple[tuple[str, str], ...] = ()
) -> RawReply:
    """A reply with Tomcat's headers in Tomcat's order; without a body there may be no type."""
    typed = (("Content-Type", content_type),) if content_type else ()
    last = (CLOSE,) if status in CLOSES else ()
    return RawReply(status=status, headers=(SERVER, *extra, *typed, *last), body=body)


def status_page(status: int, lang: str = "", message: str = "") -> RawReply:
    """The server's own page with a status; in English whatever ``lang``, there is no Chinese build."""
    del lang
    return _report(status, message or reason_phrase(status))


def not_found(path: str) -> RawReply:
    """404 for a resource that the server does not have."""
    return status_page(404, message=path)


def exception_page(exception: str) -> RawReply:
    """500: the servlet threw."""
    return _report(500, "", exception)


def verb_refused(verb: str, allowed: str) -> RawReply:
    """The answer to a verb that a servlet does not have: what it has, 405, or 501 for no verb of HTTP."""
    allow = (("Allow", allowed),)
    if verb == "OPTIONS":
        return reply(b"", "", extra=allow)
    if verb not in {"DELETE", "GET", "HEAD", "POST", "PUT", "TRACE"}:
        unknown = (
            f"Method {verb} is not defined in RFC 2068 and is not supported by the Servlet API "
        )
        return status_page(501, message=unknown)
    page = status_page(405, message=f"HTTP method {verb} is not supported by this URL")
    return RawReply(page.status, (SERVER, *allow, *page.headers[1:]), page.body)


def _report(status: int, message: str, exception: str = "") -> RawReply:
    described = DESCRIPTIONS.get(status, f"{reason_phrase(status)}.").format(message)
    page = TEMPLATES.get_template("tomcat.html").render(
        status=status, message=message, description=described, exception=exception
    )
    return reply(page.encode("utf-8", "replace"), ERROR_HTML, status=status)


class PlainDoor:
    """Replies in plain text, where a request was for a document and no method can answer (A)."""

    def text(self, call: ErbanCall, text: str) -> RawReply:
        """This text."""
        del call
        return reply(text.encode("utf-8", "replace"), TEXT_PLAIN)

    def thrown(self, call: ErbanCall, text: str, lang: str) -> RawReply:
        """The page of a servlet that threw."""
        del call, lang
        return exception_page(text)
