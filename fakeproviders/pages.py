"""The HTML that web servers of this field answer with when the application does not."""

from http import HTTPStatus

from fakeproviders.model import RawReply

HTML = "text/html"
NGINX = "nginx"
CLOSE = ("Connection", "close")
"""The header of a reply after which the web server ends the connection by itself."""
NGINX_CLOSES = frozenset({400, 413, 414, 500, 501})
"""Statuses after whose own page nginx does so (O: its source, ngx_http_special_response_handler(); 501 since 1.3.9)."""
_NGINX_WORDS = {
    401: "Authorization Required",
    405: "Not Allowed",
    408: "Request Time-out",
    413: "Request Entity Too Large",
    414: "Request-URI Too Large",
    416: "Requested Range Not Satisfiable",
    503: "Service Temporarily Unavailable",
    504: "Gateway Time-out",
}
"""Where nginx's page says something else than the standard (O: its source, ngx_http_special_response.c)."""
_BEFORE_3_13 = {
    413: "Request Entity Too Large",
    414: "Request-URI Too Long",
    416: "Requested Range Not Satisfiable",
    422: "Unprocessable Entity",
}
"""Phrases that Python has changed since: a reply is the same whichever Python it is served by."""


def reason_phrase(status: int) -> str:
    """The standard phrase of a status; ``Unknown`` for one that has none."""
    try:
        return _BEFORE_3_13.get(status) or HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def nginx_page(status: int, *, extra: tuple[tuple[str, str], ...] = ()) -> RawReply:
    """nginx's built-in error page (O): a centred line, a rule, the server's name.

    Of a status that nginx has no page for, it is one in the same form (A).
    """
    title = f"{status} {_NGINX_WORDS.get(status) or reason_phrase(status)}"
    body = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n"
        f"<center><h1>{title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
    last = (CLOSE,) if status in NGINX_CLOSES else ()
    headers = (("Server", NGINX), ("Content-Type", HTML), *extra, *last)
    return RawReply(status=status, headers=headers, body=body.encode())


def iis_page(status: int) -> RawReply:
    """IIS 7.5's short error page (O), as its http.sys front sends it."""
    title = reason_phrase(status)
    body = (
        '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN""http://www.w3.org/TR/html4/strict.dtd">\r\n'
        f"<HTML><HEAD><TITLE>{title}</TITLE>\r\n"
        '<META HTTP-EQUIV="Content-Type" Content="text/html; charset=us-ascii"></HEAD>\r\n'
        f"<BODY><h2>{title}</h2>\r\n<hr><p>HTTP Error {status}. {_iis_words(status)}</p>\r\n"
        "</BODY></HTML>\r\n"
    )
    headers = (("Content-Type", "text/html; charset=us-ascii"), ("Server", "Microsoft-HTTPAPI/2.0"))
    return RawReply(status=status, headers=headers, body=body.encode())


def php_page(status: int) -> RawReply:
    """What a PHP panel shows when it breaks (A): a bare page behind Apache's or nginx's header."""
    title = f"{status} {reason_phrase(status)}"
    body = (
        f"<br />\n<b>Fatal error</b>:  Uncaught Error: {title} in "
        "<b>/www/wwwroot/sms/public/index.php</b> on line <b>21</b><br />\n"
    )
    headers = (
        ("Server", NGINX),
        ("Content-Type", "text/html; charset=UTF-8"),
        ("X-Powered-By", "PHP/7.4.33"),
    )
    return RawReply(status=status, headers=headers, body=body.encode())


def error_page(server: str, status: int) -> RawReply:
    """The page of ``nginx``, ``iis`` or ``php`` for a status."""
    return {"nginx": nginx_page, "iis": iis_page, "php": php_page}[server](status)


def _iis_words(status: int) -> str:
    if status == 503:
        return "The service is unavailable."
    if status == 400:
        return "The request is badly formed."
    return f"The request failed with status {status}."
