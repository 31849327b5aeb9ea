"""Golden exchanges, byte for byte and in both directions."""

import pytest

from fakeproviders.providers.official import OFFICIAL
from tests.goldens import Goldens, reply_bytes
from tests.providers.outcomes import in_short, outcome

GOLDENS = Goldens("official")
SETTINGS = OFFICIAL.default_settings()


@pytest.mark.parametrize("name", list(GOLDENS.index))
def test_the_request_says_this(name: str) -> None:
    call = OFFICIAL.decode(GOLDENS.request(name))
    expected = GOLDENS.index[name]["call"]
    assert in_short(call, list(expected)) == expected
    assert (call.provider, call.ip) == ("official", "10.0.0.9")


@pytest.mark.parametrize("name", list(GOLDENS.index))
def test_the_reply_is_this(name: str) -> None:
    call = OFFICIAL.decode(GOLDENS.request(name))
    decided = outcome(GOLDENS.index[name])
    if call.page is not None:
        assert reply_bytes(call.page) == GOLDENS.reply(name)
    else:
        assert reply_bytes(OFFICIAL.encode(call, decided, SETTINGS)) == GOLDENS.reply(name)


def test_every_file_is_in_the_index_with_its_provenance() -> None:
    assert GOLDENS.faults() == []
