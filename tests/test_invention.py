"""A new session's data repeats with its seed; its identities do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.invention import SessionInvention


def invention(
    session_id: str = "abc", seed: int = 1, taken: set[str] | None = None
) -> SessionInvention:
    return SessionInvention(session_id, seed, lambda provider, number: number in (taken or set()))


def secrets(of: SessionInvention) -> list[str]:
    return [of.secret(), of.secret(12), of.company()]


@given(st.integers(0, 2**53 - 1))
def test_one_seed_gives_the_same_secrets_to_any_session(seed: int) -> None:
    assert secrets(invention("one", seed)) == secrets(invention("two", seed))


def test_another_seed_gives_others() -> None:
    assert secrets(invention(seed=1)) != secrets(invention(seed=2))


def test_another_session_of_the_same_seed_has_other_identities() -> None:
    assert invention("one").digits("official", 12) != invention("two").digits("official", 12)


@given(st.text(max_size=10), st.sampled_from(["official", "reseller", "erban"]), st.integers(1, 15))
def test_an_identity_is_digits_of_the_length_asked_for(
    session_id: str, provider: str, length: int
) -> None:
    identity = invention(session_id).digits(provider, length)
    assert identity.isascii()
    assert identity.isdigit()
    assert len(identity) == length
    assert identity[0] != "0"


def test_an_identity_that_is_taken_is_given_to_nobody_else() -> None:
    first = invention().digits("official", 12)
    second = invention(taken={first}).digits("official", 12)
    third = invention(taken={first, second}).digits("official", 12)
    assert len({first, second, third}) == 3


@pytest.mark.parametrize("length", [1, 12, 32])
def test_a_secret_is_letters_and_digits(length: int) -> None:
    secret = invention().secret(length)
    assert len(secret) == length
    assert secret.isascii()
    assert secret.isalnum()
