"""Golden exchanges, byte for byte."""

from typing import Any, cast

import pytest

from fakeproviders.failures import Reason
from fakeproviders.model import Accepted, Outcome, Refused
from fakeproviders.providers.erban import ERBAN
from fakeproviders.providers.erban.calls import ErbanCall
from tests.goldens import Goldens, reply_bytes
from tests.providers.erban.asking import ORIGIN, SENT, answer

GOLDENS = Goldens("erban")


def outcome(entry: dict[str, Any]) -> Outcome:
    """What the core decides about the exchange; ``sent`` unless the index says otherwise."""
    if "refused" in entry:
        return Refused(Reason(entry["refused"]), text=entry.get("text", ""))
    return Accepted(entry["returns"]) if "returns" in entry else SENT


@pytest.mark.parametrize("name", list(GOLDENS.index))
def test_exchange(name: str) -> None:
    call = cast("ErbanCall", ERBAN.decode(GOLDENS.request(name, origin=ORIGIN)))
    assert reply_bytes(answer(call, outcome(GOLDENS.index[name]))) == GOLDENS.reply(name)


def test_every_file_is_in_the_index_with_its_provenance() -> None:
    assert GOLDENS.faults() == []
