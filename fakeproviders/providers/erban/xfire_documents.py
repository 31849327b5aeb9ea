"""Door 3's documents, in XFire's shape (O): the WSDL, and the list of services."""

from fakeproviders.model import RawReply
from fakeproviders.providers.erban import tomcat
from fakeproviders.providers.erban.aspnet import TEMPLATES
from fakeproviders.providers.erban.methods import METHODS
from fakeproviders.providers.erban.service import NAME
from fakeproviders.providers.erban.xfire_envelope import NAMESPACE


def description(address: str) -> RawReply:
    """The WSDL; ``address`` is the service's URL as the client wrote it."""
    document = TEMPLATES.get_template("xfire_wsdl.xml").render(
        service=NAME, namespace=NAMESPACE, methods=METHODS.values(), address=address
    )
    return tomcat.reply(document.lstrip().encode("utf-8", "replace"), "text/xml")


def services(address: str, status: int) -> RawReply:
    """The list of services, of which there is one at ``address``."""
    page = TEMPLATES.get_template("xfire_services.html").render(service=NAME, address=address)
    return tomcat.reply(page.encode("utf-8", "replace"), "text/html", status=status)
