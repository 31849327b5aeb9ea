"""Golden exchanges, byte for byte."""

from typing import Any, cast

import pytest

from fakeproviders.failures import Reason
from fakeproviders.model import Accepted, Outcome, Refused
from fakeproviders.providers.erban import ERBAN
from fakeproviders.providers.erban.calls import ErbanCall
from fakeproviders.providers.erban.wire import DOORS
from tests.goldens import Goldens, reply_bytes
from tests.providers.erban.asking import ORIGIN, SENT, answer

GOLDENS = Goldens("erban")


def outcome(entry: dict[str, Any]) -> Outcome:
    """What the core decides about the exchange; ``sent`` unless the index says otherwise."""
    if "refused" in entry:
        return Refused(Reason(entry["refused"]), text=entry.get("text", ""))
    return Accepted(entry["returns"]) if "returns" in entry else SENT


def read(name: str) -> ErbanCall:
    """What is understood of the request."""
    return cast("ErbanCall", ERBAN.decode(GOLDENS.request(name, origin=ORIGIN)))


@pytest.mark.parametrize("name", list(GOLDENS.index))
def test_exchange(name: str) -> None:
    call = read(name)
    assert reply_bytes(answer(call, outcome(GOLDENS.index[name]))) == GOLDENS.reply(name)


@pytest.mark.parametrize("name", [n for n, entry in GOLDENS.index.items() if "content" in entry])
def test_the_text_is_read_from_the_request(name: str) -> None:
    assert read(name).content == GOLDENS.index[name]["content"]


def test_every_door_has_good_and_bad_exchanges() -> None:
    good = {name: GOLDENS.reply(name).startswith(b"HTTP/1.1 200 ") and "refused" not in entry
            for name, entry in GOLDENS.index.items()}  # fmt: skip
    found = {(read(name).door, is_good) for name, is_good in good.items()}
    assert {(door, is_good) for door in DOORS for is_good in (True, False)} <= found


def test_every_file_is_in_the_index_with_its_provenance() -> None:
    assert GOLDENS.faults() == []
