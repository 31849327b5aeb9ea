"""The clients: which door each knocks at, and what its driver must know."""

from collections.abc import Mapping
from typing import NamedTuple

from tests.e2e.clients import ASMX, FORM, XFIRE
from tests.e2e.erban_clients.cases import CASES, Case

OPERATIONS = {
    "SendSms", "SendSms2", "SendSms3", "SendSms5", "SendTimingSms", "BatchSendSMS", "GetSmsMoney", "GetSmsMoney2",
    "GetSmsMo", "UpdateSmsMo", "GetRandom", "GetChannel", "IsIncludeKeyWord",
}  # fmt: skip
NET, JAVA = f"{ASMX}?WSDL", f"{XFIRE}?wsdl"


class Client(NamedTuple):
    """``driver`` runs it (drivers.py); ``door`` is the journal's word for where it knocks."""

    key: str
    title: str
    driver: str
    door: str
    path: str
    """Where it sends, under the service's base address."""
    wsdl: str = ""
    """What it reads first, likewise."""
    how: Mapping[str, str] = {}
    understood: bool = True
    """Whether its good send is one to the service."""

    @property
    def cases(self) -> list[Case]:
        """Those that it can have."""
        return [case for case in CASES if self.wsdl or not case.of_wsdl]


def _curl(key: str, title: str, door: str, path: str) -> Client:
    return Client(f"curl_{key}", f"curl, {title}", "curl", door, path, how={"form": key})


CLIENTS = (
    Client("php_soap11", "PHP `SoapClient`, SOAP 1.1", "php", "asmx.soap11", ASMX, NET, {"version": "1"}),
    Client("php_soap12", "PHP `SoapClient`, SOAP 1.2", "php", "asmx.soap12", ASMX, NET, {"version": "2"}),
    Client("php_no_wsdl", "PHP `SoapClient(null)`", "php", "asmx.soap11", ASMX, how={"version": "1"}, understood=False),
    Client("php_xfire", "PHP `SoapClient`, XFire", "php", "xfire.soap", XFIRE, JAVA, {"version": "1"}),
    Client("zeep_soap11", "zeep, SOAP 1.1", "zeep", "asmx.soap11", ASMX, NET, {"port": "SmsServiceSoap"}),
    Client("zeep_soap12", "zeep, SOAP 1.2", "zeep", "asmx.soap12", ASMX, NET, {"port": "SmsServiceSoap12"}),
    Client("zeep_xfire", "zeep, XFire", "zeep", "xfire.soap", XFIRE, JAVA, {"port": "SmsServiceHttpPort"}),
    Client("suds_soap11", "suds, SOAP 1.1", "suds", "asmx.soap11", ASMX, NET, {"port": "SmsServiceSoap"}),
    Client("suds_xfire", "suds, XFire", "suds", "xfire.soap", XFIRE, JAVA, {"port": "SmsServiceHttpPort"}),
    Client("node_soap11", "node `soap`, SOAP 1.1", "node_soap", "asmx.soap11", ASMX, NET, {"version": "1"}),
    Client("node_soap12", "node `soap`, SOAP 1.2", "node_soap", "asmx.soap12", ASMX, NET, {"version": "2"}),
    Client("node_xfire", "node `soap`, XFire", "node_soap", "xfire.soap", XFIRE, JAVA, {"version": "1"}),
    Client("xml2js_post", "node `xml2js`, HTTP POST", "xml2js", "asmx.post", f"{ASMX}/SendSms3"),
    Client("nusoap_gbk", "nusoap 0.9, GBK", "replay", "asmx.soap11", ASMX),
    Client("nusoap_utf8", "nusoap 0.9, UTF-8", "replay", "asmx.soap11", ASMX),
    Client("nusoap_xfire", "nusoap 0.9, XFire", "replay", "xfire.soap", XFIRE),
    Client("axis_soap11", "Axis 1.4, SOAP 1.1", "replay", "asmx.soap11", ASMX, understood=False),
    Client("axis_xfire", "Axis 1.4, XFire", "replay", "xfire.soap", XFIRE),
    _curl("soap11", "SOAP 1.1", "asmx.soap11", ASMX),
    _curl("soap12", "SOAP 1.2", "asmx.soap12", ASMX),
    _curl("get", "HTTP GET", "asmx.get", f"{ASMX}/SendSms3"),
    _curl("post", "HTTP POST", "asmx.post", f"{ASMX}/SendSms3"),
    _curl("form_gbk", "`sms3.aspx`, GBK", "form", FORM),
    _curl("form_utf8", "`sms3.aspx`, UTF-8", "form", FORM),
    _curl("form_multipart", "`sms3.aspx`, multipart", "form", FORM),
    _curl("xfire", "XFire", "xfire.soap", XFIRE),
    _curl("rest", "REST", "rest", "/Accounts/{account}/Sms/SendSms"),
)  # fmt: skip
BY_KEY = {client.key: client for client in CLIENTS}
