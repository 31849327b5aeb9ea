"""Which addresses are this machine's own."""

import pytest

from fakeproviders.net import is_loopback


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.1", "::1"])
def test_nobody_else_reaches_these(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "10.0.0.1", "example.com", "", "127.0.0.1.nip.io"]
)
def test_others_may_reach_these(host: str) -> None:
    assert not is_loopback(host)
