"""Door 1's WSDL and discovery document, in the shape of ASP.NET 2.0's (O)."""

from fakeproviders.model import RawReply
from fakeproviders.providers.erban import aspnet
from fakeproviders.providers.erban.methods import METHODS
from fakeproviders.providers.erban.service import NAME, NAMESPACE


def description(address: str) -> RawReply:
    """The service description; ``address`` is the file's URL as the client wrote it."""
    return _document("wsdl.xml", address)


def discovery(address: str) -> RawReply:
    """What ``?disco`` answers: where the description stands."""
    return _document("disco.xml", address)


def _document(template: str, address: str) -> RawReply:
    document = aspnet.TEMPLATES.get_template(template).render(
        service=NAME, namespace=NAMESPACE, methods=METHODS.values(), address=address
    )
    return aspnet.reply(document.encode("utf-8", "replace"), aspnet.TEXT_XML)
