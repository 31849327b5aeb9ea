"""The templates' environment, and what of ours they can use."""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from types import SimpleNamespace

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from fakeproviders.failures import Failure, catalogue
from fakeproviders.panel.pages.texts import TEXTS

_CHINESE = re.compile(r"[⺀-鿿豈-﫿＀-￯　-〿]+")


def render(template: str, context: Mapping[str, object]) -> str:
    """A template's text; everything that a user could have written is escaped."""
    return _environment().get_template(template).render(context)


def texts(lang: str) -> SimpleNamespace:
    """All texts of pages in ``zh`` or ``en``, as attributes."""
    return _texts()[lang]


def entry_of(slug: str) -> Failure | None:
    """A failure's entry of the catalogue, or None for a slug that has none."""
    return catalogue().get(slug)


@pass_context
def foreign(context: Context, text: str) -> Markup:
    """Marks the Chinese words of an English page, for screen readers and fonts."""
    escaped = escape(text)
    if context["lang"] == "zh":
        return escaped
    marked = _CHINESE.sub(r'<span lang="zh-CN">\g<0></span>', str(escaped))
    return Markup(marked)  # noqa: S704 - escaped just before


def label(name: str) -> str:
    """A name as it stands by itself: with a capital letter."""
    return name[:1].upper() + name[1:]


def moment(at: datetime) -> Markup:
    """A moment as people read it; the whole of it for machines."""
    return Markup('<time class="number" datetime="{}">{}</time>').format(
        at.isoformat(timespec="milliseconds"), at.strftime("%m-%d %H:%M:%S")
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("fakeproviders.panel"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(foreign=foreign, label=label, moment=moment)
    return environment


@cache
def _texts() -> dict[str, SimpleNamespace]:
    return {
        lang: SimpleNamespace(**{name: words[lang] for name, words in TEXTS.items()})
        for lang in ("zh", "en")
    }
