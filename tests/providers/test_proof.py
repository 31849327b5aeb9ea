"""The panel-style request proof, against digests that were made by hand and by the client's own code."""

from hashlib import md5
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.clients.official import sign
from fakeproviders.providers.parameters import Unreadable
from fakeproviders.providers.proof import panel_proof, text_to_sign

SECRET = "demo-app-secret"
VALUES = st.recursive(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
        st.integers(-(2**53), 2**53),
        st.booleans(),
        st.none(),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.text("abc码", max_size=3), inner, max_size=3),
    ),
    max_leaves=6,
)
PARAMETERS = st.dictionaries(st.text("abcxyz_签", min_size=1, max_size=6), VALUES, max_size=6)


def digest(text: str) -> str:
    return md5(text.encode("utf-8")).hexdigest().upper()


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({"b": "2", "a": "1"}, "a=1&b=2"),
        ({"a": "1", "sign": "whatever"}, "a=1"),
        ({"a": "", "b": "2", "c": None}, "b=2"),
        ({"params": {"minutes": "5", "code": "1"}}, 'params={"code":"1","minutes":"5"}'),
        ({"params": {"b": {"d": 1, "c": [1, 2]}}}, 'params={"b":{"c":[1,2],"d":1}}'),
        ({"signature": "【演示签名】"}, "signature=【演示签名】"),
        ({"params": {"名": "张"}}, 'params={"名":"张"}'),
        ({"n": 5, "yes": True, "f": 1.5}, "f=1.5&n=5&yes=true"),
        ({"Z": "1", "a": "2", "B": "3"}, "B=3&Z=1&a=2"),
        ({"a": "1 2&b=3"}, "a=1 2&b=3"),
        ({}, ""),
    ],
)
def test_the_text_to_sign(parameters: dict[str, Any], text: str) -> None:
    assert text_to_sign(parameters) == text


def test_a_digest_made_by_hand() -> None:
    parameters = {
        "app_id": "demo-app",
        "sign_key": "demo-sign",
        "timestamp": "2024-05-06 12:00:00",
        "nonce": "5f2b9c1e",
        "sign": "20CC1A21F22B3C6BC5E19F54F8A0B4D3",
    }
    text = (
        "app_id=demo-app&nonce=5f2b9c1e&sign_key=demo-sign&timestamp=2024-05-06 12:00:00"
        "&key=demo-app-secret"
    )
    proof = panel_proof(parameters | {"sign": digest(text)})
    assert proof.verify(SECRET)
    assert not panel_proof(parameters).verify(SECRET)
    assert not proof.verify("other")


@pytest.mark.parametrize("given", ["", None, 5, ["a"], "lower"])
def test_what_is_no_proof_is_wrong(given: object) -> None:
    right = digest("a=1&key=demo-app-secret")
    value = right.lower() if given == "lower" else given
    assert not panel_proof({"a": "1", "sign": value}).verify(SECRET)


def test_the_explanation_shows_what_was_signed_but_not_the_key() -> None:
    proof = panel_proof({"b": "2", "a": "1", "sign": "X"})
    assert proof.explain(SECRET) == {
        "given": "X",
        "expected": digest("a=1&b=2&key=demo-app-secret"),
        "signed": "a=1&b=2&key=***",
    }


@given(PARAMETERS, st.text("abc123", min_size=1))
def test_a_clients_own_digest_is_right(parameters: dict[str, Any], secret: str) -> None:
    parameters = {"nonce": "1", **parameters}
    assert panel_proof(parameters | {"sign": sign(parameters, secret)}).verify(secret)


@given(PARAMETERS)
def test_the_order_of_parameters_does_not_matter(parameters: dict[str, Any]) -> None:
    backwards = dict(reversed(parameters.items()))
    assert text_to_sign(parameters) == text_to_sign(backwards)


@given(PARAMETERS, st.text("abc", min_size=1), st.text("xyz", min_size=1))
def test_whatever_is_changed_makes_the_proof_wrong(
    parameters: dict[str, Any], name: str, value: str
) -> None:
    parameters.pop("sign", None)
    signed = panel_proof(parameters | {"sign": sign(parameters, SECRET)})
    changed = panel_proof(
        {**parameters, name: f"{parameters.get(name)}{value}", "sign": signed.given}
    )
    assert not changed.verify(SECRET)


def test_what_nests_too_deep_is_unreadable() -> None:
    value: list[Any] = []
    for _ in range(100_000):
        value = [value]
    with pytest.raises(Unreadable):
        panel_proof({"a": value})
