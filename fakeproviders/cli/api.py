"""The control API as the commands see it: JSON over the standard library's HTTP client."""

import http.client
import ipaddress
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from fakeproviders.cli.errors import CliError, UnreachableError
from fakeproviders.cli.lang import Lang
from fakeproviders.failures import Words
from fakeproviders.punctuation import COLON, SEMICOLON
from fakeproviders.system_errors import why

EMPTY: Mapping[str, object] = {}
TIMEOUT = 10.0
"""Seconds for an answer, beyond what a long poll waits."""
PIECE = 64 << 10


class ProblemError(CliError):
    """The server refused: its detail and fields, put in one or two lines."""

    def __init__(self, status: int, document: Mapping[str, Any], lang: Lang) -> None:
        self.status = status
        super().__init__(readable(status, document, lang))


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token to another server, and ours never redirects."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Follow none."""


class Api:
    """One session of a running server."""

    def __init__(self, base: str, session: str, token: str | None, lang: Lang) -> None:
        self.base = checked(base, lang)
        if not session:
            raise CliError(Words(zh="--session 不能为空。", en="--session is empty.")[lang])
        self.session = session
        self.token = token
        self.lang = lang
        self.opener = opener(self.base)

    def get(
        self, path: str, query: Mapping[str, object] = EMPTY, wait: float = 0
    ) -> dict[str, Any]:
        """GET below the session; ``wait`` seconds of long polling lengthen the timeout."""
        asked = {**query, "wait": f"{wait:g}" if wait else None}
        given = {name: value for name, value in asked.items() if value is not None}
        url = f"{path}?{urlencode(given)}" if given else path
        return self.call("GET", url, timeout=TIMEOUT + wait)

    def post(self, path: str, body: object) -> dict[str, Any]:
        """POST a JSON body below the session."""
        return self.call("POST", path, json.dumps(body, ensure_ascii=False).encode())

    def put(self, path: str, body: object) -> dict[str, Any]:
        """PUT a JSON body below the session."""
        return self.call("PUT", path, json.dumps(body, ensure_ascii=False).encode())

    def delete(self, path: str) -> None:
        """DELETE below the session."""
        self.call("DELETE", path)

    def call(
        self, method: str, path: str, body: bytes | None = None, timeout: float = TIMEOUT
    ) -> dict[str, Any]:
        """One exchange. Raises ProblemError for a refusal, UnreachableError when nobody answers."""
        return self.document(b"".join(self.pieces(method, path, body, timeout)))

    def pieces(
        self, method: str, path: str, body: bytes | None = None, timeout: float = TIMEOUT
    ) -> Iterator[bytes]:
        """The reply's body as it comes; raises as ``call`` does."""
        url = f"{self.base}/api/v1/sessions/{quote(self.session, safe='')}{path}"
        request = urllib.request.Request(url, body, self.headers(body), method=method)  # noqa: S310 - checked
        try:
            with self.opener.open(request, timeout=timeout) as reply:
                while piece := reply.read(PIECE):
                    yield piece
        except urllib.error.HTTPError as error:
            raise self.problem(error) from None
        except (OSError, http.client.HTTPException) as error:
            raise UnreachableError(unreachable(self.base, error, self.lang)) from None

    def headers(self, body: bytes | None) -> dict[str, str]:
        """What every request says."""
        headers = {"Accept": "application/json", "Accept-Language": self.lang}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return headers

    def document(self, raw: bytes) -> dict[str, Any]:
        """A reply's JSON object; an empty reply is an empty one."""
        try:
            found = json.loads(raw or b"{}")
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise CliError(foreign(self.base, self.lang))
        return found

    def problem(self, error: urllib.error.HTTPError) -> CliError:
        """The exception of a refusal; a reply that no control server gives is named as such."""
        with error:
            raw = error.read()
        document = self.document(raw or b"[]")
        if "detail" not in document and "title" not in document:
            return CliError(foreign(self.base, self.lang))
        if error.code == http.HTTPStatus.SERVICE_UNAVAILABLE:
            return UnreachableError(readable(error.code, document, self.lang))
        return ProblemError(error.code, document, self.lang)


def checked(base: str, lang: Lang) -> str:
    """An address without its last slash. Raises CliError for one that is no HTTP address."""
    if not is_address(base):
        words = Words(
            zh=f"--control 不是可用的地址：{base!r}（例如 http://127.0.0.1:9400）。",
            en=f"--control is no usable address: {base!r} (one is http://127.0.0.1:9400).",
        )
        raise CliError(words[lang])
    return base.rstrip("/")


def is_address(base: str) -> bool:
    """Whether it is an address that HTTP can reach."""
    try:
        parts = urlsplit(base)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return good and base.isascii() and not any(char.isspace() for char in base)


def opener(base: str) -> urllib.request.OpenerDirector:
    """A client that goes past the environment's proxies when the server is on loopback."""
    proxies: dict[str, str] | None = {} if is_loopback(urlsplit(base).hostname or "") else None
    return urllib.request.build_opener(urllib.request.ProxyHandler(proxies), NoRedirects())


def is_loopback(host: str) -> bool:
    """Whether a host is this machine's loopback."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def readable(status: int, document: Mapping[str, Any], lang: Lang) -> str:
    """A problem document in words: the detail, then the fields on a line of their own."""
    detail = str(document.get("detail") or document.get("title"))
    if status == http.HTTPStatus.UNAUTHORIZED:
        hint = Words(
            zh=" 请用 --token 或环境变量 FAKEPROVIDERS_TOKEN 提供访问令牌。",
            en=" Give the token with --token or in FAKEPROVIDERS_TOKEN.",
        )
        detail += hint[lang]
    fields = SEMICOLON[lang].join(
        f"{error.get('field', '')}{COLON[lang]}{error.get('message', '')}"
        for error in document.get("errors") or ()
        if str(error.get("message", "")) not in detail
    )
    return f"{detail}\n  {fields}" if fields else detail


def unreachable(base: str, error: Exception, lang: Lang) -> str:
    """Why nobody answered, and what to do."""
    cause = getattr(error, "reason", None) or error
    if isinstance(cause, ConnectionRefusedError):
        return Words(
            zh=f"{base} 没有服务在运行。请在另一个终端执行 `fakeproviders serve`，"
            "或用 --control 指定地址。",
            en=f"No server is running at {base}. Start one with `fakeproviders serve` in another "
            "terminal, or give its address with --control.",
        )[lang]
    if isinstance(cause, OSError):
        reason = why(cause)
    else:
        said = str(cause) or type(cause).__name__
        reason = Words(zh=said, en=said)
    return Words(
        zh=f"无法访问 {base}（{reason.zh}）。请检查 --control 地址，"
        "以及 `fakeproviders serve` 是否在运行。",
        en=f"Cannot reach {base} ({reason.en}). Check the --control address, and that "
        "`fakeproviders serve` is running.",
    )[lang]


def foreign(base: str, lang: Lang) -> str:
    """Somebody answers, but not in our language."""
    return Words(
        zh=f"{base} 上的不是 fakeproviders 控制服务。请检查 --control 地址。",
        en=f"What answers at {base} is no fakeproviders control server. "
        "Check the --control address.",
    )[lang]
