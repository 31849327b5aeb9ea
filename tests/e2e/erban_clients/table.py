"""What each client says in each case: the table of the README, and what the tests compare with.

``python -m tests.e2e.erban_clients.suite`` prints what they say just now.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from fakeproviders.failures import Words
from tests.e2e.erban_clients.cases import CASES
from tests.e2e.erban_clients.clients import CLIENTS, Client

ANSWERS = {
    "good": "0,短信发送成功",
    "password": "-1,账号或密钥错误",
    "channel": "-5,通道编号不存在",
    "code_limit": "-20,发送失败，已达验证码发送上限",
}
"""What the method returns."""
REST_ANSWERS = {
    "good": '{"code":"0000000","msg":"短信发送成功"}',
    "password": '{"code":"1000001","msg":"账号或密钥错误"}',
    "channel": '{"code":"1000005","msg":"通道编号不存在"}',
    "code_limit": '{"code":"1000020","msg":"发送失败，已达验证码发送上限"}',
}
NO_ACTION = (
    "SoapFault soap:Client: 服务器未能识别 HTTP 头 SOAPAction 的值: http://tempuri.org/#SendSms3。"
)
NULLS = "-4,请求参数不存在"
THROWN = "服务器无法处理请求。 ---> 系统内部错误"
BARE = "系统内部错误"
PAGE, BROKEN_PAGE = "HTTP 503, an HTML page", "HTTP 500, an HTML page"
REFUSED = "[Errno 111] Connection refused"


class Facts(NamedTuple):
    """What a client says where no answer of the method comes, and of the answers."""

    thrown: str
    page: str
    """Of a 503 page in the answer's place."""
    closed: str
    no_wsdl: str = ""
    answers: Mapping[str, str] = ANSWERS

    def reports(self, client: Client) -> dict[str, str]:
        """By case."""
        pages = {"maintenance": self.page, "unreachable": self.page}
        others = {"thrown": self.thrown, "no_wsdl": self.no_wsdl, "closed": self.closed}
        reports = {**self.answers, **pages, **others}
        return {case.key: reports[case.key] for case in client.cases}


def _php(thrown: str) -> Facts:
    return Facts(
        thrown=f"SoapFault {thrown}",
        page="SoapFault HTTP: Service Unavailable",
        closed="SoapFault HTTP: Could not connect to host",
        no_wsdl=(
            "SoapFault WSDL: SOAP-ERROR: Parsing WSDL: Couldn't load from 'URL' : "
            'failed to load external entity "URL"'
        ),
    )


def _zeep(thrown: str) -> Facts:
    return Facts(
        thrown=f"zeep.exceptions.Fault: {thrown}",
        page="zeep.exceptions.TransportError: Server returned response (503) with invalid XML",
        closed=f"requests.exceptions.ConnectionError: {REFUSED}",
        no_wsdl="requests.exceptions.HTTPError: 503 Server Error: Service Unavailable for url: URL",
    )


def _suds(thrown: str) -> Facts:
    return Facts(
        thrown=f"suds.WebFault: Server raised fault: '{thrown}'",
        page="Exception: (503, 'Service Unavailable')",
        closed=f"urllib.error.URLError: {REFUSED}",
        no_wsdl="suds.transport.TransportError: HTTP Error 503: Service Unavailable",
    )


def _node(thrown: str) -> Facts:
    return Facts(
        thrown=f"Error: {thrown}",
        page="Object, Fault 500: Invalid XML",
        closed="Error: connect ECONNREFUSED HOST",
        no_wsdl="Error: Invalid WSDL URL: URL Code: 503",
    )


def _replayed(thrown: str, answers: Mapping[str, str] = ANSWERS) -> Facts:
    return Facts(f"HTTP 500, {thrown}", PAGE, "no connection", answers=answers)


def _curl(thrown: str, answers: Mapping[str, str] = ANSWERS) -> Facts:
    return Facts(thrown, PAGE, "curl: (7) Failed to connect", answers=answers)


FACTS = {
    "php_soap11": _php(f"soap:Server: {THROWN}"),
    "php_soap12": _php(f"soap:Receiver: {THROWN}"),
    "php_no_wsdl": Facts(
        thrown=NO_ACTION,
        page=NO_ACTION,
        closed="SoapFault HTTP: Could not connect to host",
        answers=dict.fromkeys(ANSWERS, NO_ACTION),
    ),
    "php_xfire": _php(f"soap:Client: {BARE}"),
    "zeep_soap11": _zeep(f"soap:Server: {THROWN}"),
    "zeep_soap12": _zeep(f"soap:Receiver: {THROWN}"),
    "zeep_xfire": _zeep(f"soap:Client: {BARE}"),
    "suds_soap11": _suds(THROWN),
    "suds_xfire": _suds(BARE),
    "node_soap11": _node(f"soap:Server: {THROWN}"),
    "node_soap12": _node(f"soap:Receiver: undefined: {THROWN}"),
    "node_xfire": _node(f"soap:Client: {BARE}"),
    "xml2js_post": Facts(
        thrown="Error: Non-whitespace before first tag. Line: 0 Column: 1 Char: 系",
        page="Error: Unexpected close tag Line: 2 Column: 77 Char: >",
        closed="TypeError: fetch failed; connect ECONNREFUSED HOST",
    ),
    "nusoap_gbk": _replayed(f"soap:Server: {THROWN}"),
    "nusoap_utf8": _replayed(f"soap:Server: {THROWN}"),
    "nusoap_xfire": _replayed(f"soap:Client: {BARE}"),
    "axis_soap11": _replayed(f"soap:Server: {THROWN}", dict.fromkeys(ANSWERS, NULLS)),
    "axis_xfire": _replayed(f"soap:Client: {BARE}"),
    "curl_soap11": _curl(f"HTTP 500, soap:Server: {THROWN}"),
    "curl_soap12": _curl(f"HTTP 500, soap:Receiver: {THROWN}"),
    "curl_get": _curl(f"HTTP 500: {BARE}"),
    "curl_post": _curl(f"HTTP 500: {BARE}"),
    "curl_form_gbk": _curl(BROKEN_PAGE),
    "curl_form_utf8": _curl(BROKEN_PAGE),
    "curl_form_multipart": _curl(BROKEN_PAGE),
    "curl_xfire": _curl(f"HTTP 500, soap:Client: {BARE}"),
    "curl_rest": _curl(f'HTTP 500: {{"code":"9999999","msg":"{BARE}"}}', REST_ANSWERS),
}

# --- the README's table ---------------------------------------------------------------------------

CLIENT = Words(zh="客户端", en="Client")
COLON = Words(zh="：", en=": ")
AS_IT_IS = Words(zh="原样返回", en="returned as it is")
NONE = Words(zh="（不读 WSDL）", en="(reads none)")
OUR_WORDS = {
    "no connection": Words(zh="连接不上", en="no connection"),
    PAGE: Words(zh="HTTP 503，HTML 页面", en=PAGE),
    BROKEN_PAGE: Words(zh="HTTP 500，HTML 页面", en=BROKEN_PAGE),
}
"""Reports that quote nobody."""
COLUMNS = (tuple(ANSWERS), ("thrown",), ("maintenance", "unreachable"), ("no_wsdl",), ("closed",))
"""The cases that share one."""


def headings(lang: str) -> list[str]:
    """The table's head: the client, and what happens to it."""
    titles = {case.key: case.title[lang] for case in CASES}
    colon = COLON[lang]
    said = {key: f"{titles[key]}{colon}`{answer}`" for key, answer in ANSWERS.items()}
    return [
        CLIENT[lang],
        *("<br>".join({**titles, **said}[key] for key in keys) for keys in COLUMNS),
    ]


def rows(lang: str) -> list[list[str]]:
    """A row for each client; those that say the same share one."""
    shared: dict[tuple[str, ...], list[str]] = {}
    for client in CLIENTS:
        cells = tuple(_cell(client, keys, lang) for keys in COLUMNS)
        shared.setdefault(cells, []).append(client.title)
    return [["<br>".join(titles), *cells] for cells, titles in shared.items()]


def _cell(client: Client, keys: Sequence[str], lang: str) -> str:
    reports = FACTS[client.key].reports(client)
    found = {key: reports[key] for key in keys if key in reports}
    if found == ANSWERS:
        return AS_IT_IS[lang]
    if not found:
        return NONE[lang]
    return "<br>".join(dict.fromkeys(_said(report, lang) for report in found.values()))


def _said(report: str, lang: str) -> str:
    return OUR_WORDS[report][lang] if report in OUR_WORDS else f"`{report}`"
