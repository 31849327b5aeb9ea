"""What a page says after a form was sent: kept on the server for the page that the redirect leads to.

The redirect's address names it (``?told=12``), so a reload and a change of language show it again, two
tabs do not mix, and no cookie is needed. A bounded number is kept; an older one is just not shown.
"""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Literal

import msgspec
from aiohttp import web

from fakeproviders.failures import Words
from fakeproviders.panel.declined import Declined

QUERY = "told"
KEPT = 2000
"""Messages of all panels together."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One message.

    ``words`` equal in both languages are an exact text of the wire, shown as it stands. ``place`` is the
    form that it belongs to. ``errors`` are what is wrong with its fields, and ``values`` what was in them
    (never a secret).
    """

    kind: Literal["good", "bad", "warn"]
    words: Words
    more: tuple[Words, ...] = ()
    failure: str | None = None
    place: str = ""
    errors: Mapping[str, Words] = msgspec.field(default_factory=dict)
    values: Mapping[str, str] = msgspec.field(default_factory=dict)

    @property
    def exact(self) -> bool:
        """Whether the text is shown as it came, whatever the language."""
        return self.words.zh == self.words.en


def refusal(
    declined: Declined,
    *,
    place: str = "",
    more: tuple[Words, ...] = (),
    values: Mapping[str, str] | None = None,
) -> Told:
    """What the panel refused, in its own words."""
    return Told(
        kind="bad",
        words=declined.fields[0].words if declined.fields else declined.words,
        more=more,
        failure=declined.failure,
        place=place,
        errors={misfit.field: misfit.words for misfit in declined.fields},
        values=values or {},
    )


class Board:
    """The messages of all panels."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Told] = OrderedDict()
        self._count = 0

    def keep(self, tenant_id: str, told: Told) -> str:
        """Keep a message; its name in addresses."""
        self._count += 1
        name = str(self._count)
        self._kept[tenant_id, name] = told
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return name

    def find(self, tenant_id: str, name: str) -> Told | None:
        """The message of a name, or None when this panel has none of it, or no longer."""
        return self._kept.get((tenant_id, name))


BOARD: web.AppKey[Board] = web.AppKey("board")
"""Where the panel's application keeps them."""
