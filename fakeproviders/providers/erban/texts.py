"""What the framework says, in its Chinese and its English build (O).

A text that public sources show in English alone is English in both (A).
"""

from collections.abc import Mapping

from fakeproviders.failures import Words

SOAP_ACTION = Words(
    zh="服务器未能识别 HTTP 头 SOAPAction 的值: {}。",
    en="Server did not recognize the value of HTTP Header SOAPAction: {}.",
)
UNABLE_TO_PROCESS = Words(
    zh="服务器无法处理请求。 ---> {}",
    en="Server was unable to process request. ---> {}",
)
UNABLE_TO_READ = Words(
    zh="服务器无法读取请求。 ---> {}",
    en="Server was unable to read request. ---> {}",
)
EXTENSIONS = Words(
    zh="运行配置文件中指定的扩展时出现异常。 ---> {}",
    en="There was an exception running the extensions specified in the config file. ---> {}",
)
"""What a body that is too large becomes over SOAP: it is read where extensions would run."""

NO_ACTION = (
    "Unable to handle request without a valid action parameter. Please supply a valid soap action."
)
FOREIGN_ACTION = "Unable to handle request. The action '{}' was not recognized."
FOREIGN_ENVELOPE = (
    "Possible SOAP version mismatch: Envelope namespace {} was unexpected. Expecting {}."
)
TOO_LARGE = "Maximum request length exceeded."
NO_ROOT = "Root element is missing."
NOT_XML = "Data at the root level is invalid. Line {}, position {}."
UNEXPECTED_END = "Unexpected end of file has occurred. Line {}, position {}."
XML_ERROR = "There is an error in XML document ({}, {})."
BAD_BYTES = "Invalid character in the given encoding. Line 1, position 1."
UNKNOWN_ENCODING = "System does not support '{}' encoding. Line 1, position 1."
DTD = (
    "For security reasons DTD is prohibited in this XML document. To enable DTD processing"
    " set the ProhibitDtd property on XmlReaderSettings to false and pass the settings into"
    " XmlReader.Create method."
)
NO_ENVELOPE = "Request format is invalid: Missing required soap:Envelope element."
NO_BODY = "Request format is invalid: Missing required soap:Body element."
NOT_UNDERSTOOD = "SOAP header {} was not understood."
MISSING_PARAMETER = "Missing parameter: {}."
NO_METHOD = "{} Web Service method name is not valid."
METHOD_CASE = (
    "Invalid method name '{}',  method names are case sensitive.   The method name '{}' with the"
    " same name but different casing was found.\r\nParameter name: methodName"
)
UNRECOGNIZED = "Request format is unrecognized."
BAD_FORMAT = "Request format is invalid: {}."
BAD_URL = "Request format is unrecognized for URL unexpectedly ending in '{}'."


DEFAULT_LANGUAGE = "zh"


def language(headers: Mapping[str, str]) -> str:
    """``zh`` or ``en`` by Accept-Language; Chinese where it names neither."""
    accepted = headers.get("Accept-Language", "")
    if not accepted:
        return DEFAULT_LANGUAGE
    for tag in sorted(accepted.replace(" ", "").lower().split(","), key=_weight, reverse=True):
        if tag[:2] in {"zh", "en"}:
            return tag[:2]
    return DEFAULT_LANGUAGE


def _weight(tag: str) -> float:
    _, _, weight = tag.partition(";q=")
    try:
        return float(weight or 1)
    except ValueError:
        return 0.0
