"""The help pages of ``SmsService.asmx``: the operations, and one operation's samples (O)."""

from fakeproviders.model import RawReply
from fakeproviders.providers.erban import aspnet
from fakeproviders.providers.erban.methods import METHODS
from fakeproviders.providers.erban.service import NAME, NAMESPACE


def index(lang: str) -> RawReply:
    """All operations, a link to the WSDL, and the advice that tempuri.org earns."""
    return _page("help_index.html", lang, methods=METHODS.values())


def operation(name: str, address: str, lang: str) -> RawReply:
    """A test form and samples of one operation, or that there is none of this name."""
    scheme, _, rest = address.partition("://")
    host, _, path = rest.partition("/")
    del scheme
    return _page(
        "help_operation.html",
        lang,
        method=METHODS.get(name),
        name=name,
        address=address,
        host=host,
        path=f"/{path}",
    )


def _page(template: str, lang: str, **context: object) -> RawReply:
    page = aspnet.TEMPLATES.get_template(template).render(
        service=NAME, namespace=NAMESPACE, zh=lang == "zh", **context
    )
    return aspnet.reply(aspnet.crlf(page), aspnet.TEXT_HTML)
