"""A request's body that does not come whole, or not as its Content-Encoding says."""

from aiohttp import web
from aiohttp.http_exceptions import ContentEncodingError

from fakeproviders.failures import Words

BROKEN_OFF = (ConnectionResetError, web.RequestPayloadError, ContentEncodingError)
"""What aiohttp raises where such a body is read."""
NO_BODY = Words(
    zh="请求体不完整，或与 Content-Encoding 不符",
    en="the body is not whole, or not what Content-Encoding says",
)


def give_up(request: web.Request) -> None:
    """Read no more of this body, nor of this connection once the request is answered.

    aiohttp reads what a handler has left, and logs what it meets there as a defect.
    """
    request.content.feed_eof()
    request.protocol.close()
