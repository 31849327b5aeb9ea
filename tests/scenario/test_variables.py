"""Templates: expressions under the seed, and nothing that could hurt."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.domain.content import is_mobile
from fakeproviders.scenario.fake import FAKES, Fake
from fakeproviders.scenario.variables import MAX_TEMPLATE, BadTemplate, filled, variables

NAMES: dict[str, Any] = {
    "session": {"official": {"sign_key": "sk", "url": "http://h"}},
    "codes": {"13800138000": "246810"},
    "mobile": "13800138000",
    "n": 5,
}


def names(seed: int = 1) -> dict[str, Any]:
    return {**NAMES, "fake": Fake(seed)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("{{ mobile }}", "13800138000"),
        ("{{ n }}", 5),
        ("n is {{ n }}.", "n is 5."),
        ("{{ n + 1 - 2 }}", 4),
        ("{{ codes[mobile] }}", "246810"),
        ("{{ session.official.sign_key }}", "sk"),
        ("{{ session.official }}", {"sign_key": "sk", "url": "http://h"}),
        ("{{ mobile[:3] ~ '****' ~ mobile[-4:] }}", "138****8000"),
        ("{{ 'many' if n > 3 else 'few' }}", "many"),
        ("{{ absent | default('x') }}", "x"),
        ("{{ [n, mobile] }}", [5, "13800138000"]),
        ("  {{- n -}}\n", 5),
        ("{{- mobile -}}", "13800138000"),
        ("{{ session.official | tojson }}", '{"sign_key": "sk", "url": "http://h"}'),
        ("<b>{{ '<' }}", "<b><"),
    ],
)
def test_a_template_is_an_expression(text: str, value: object) -> None:
    assert filled({"a": [text]}, names()) == {"a": [value]}


@pytest.mark.parametrize(
    ("text", "told", "suggestion"),
    [
        ("{{ mobil }}", "the name 'mobil' in a template is unknown", "mobile"),
        ("{{ mobil ~ 1 }}", "the name 'mobil' in a template is unknown", "mobile"),
        ("{{ codes[mobil] }}", "the name 'mobil' in a template is unknown", "mobile"),
        ("{{ session.official.signkey }}", "the field 'signkey' in a template is unknown", "sign_key"),
        ("{{ fake.moble() }}", "the field 'moble' in a template is unknown", "mobile"),
        ("{{ n | uper }}", "the filter 'uper' in a template is unknown", "upper"),
        ("{{ mobile", "is malformed", None),
        ("{{ n + mobile }}", "cannot be worked out", None),
        ("{{ fake.digits(65) }}", "cannot be worked out", None),
        ("{{ fake.mobile }}", "cannot be worked out", None),
        ("{{ fake._seed }}", "the field '_seed' in a template is unknown", None),
        ("{{ fake.__class__.__mro__ }}", "the field '__class__' in a template is unknown", None),
        ("{{ mobile.join([]) }}", "a template can call methods of fake alone", None),
        ("{{ range(9) }}", "a template can call methods of fake alone", None),
        ("{{ 'a' * 1000000000 }}", "Mul cannot be used", None),
        ("{{ 9 ** 9 ** 9 }}", "Pow cannot be used", None),
        ("{% for x in mobile %}{{ x }}{% endfor %}", "For cannot be used", None),
        ("{% include 'x' %}", "Include cannot be used", None),
        ("{{ " + "(" * 200 + "}}", "is malformed", None),
        ("{{ " + "n + " * 300 + "n }}", "is malformed", None),
        ("{{ mobile" + " | upper" * 400 + " }}", "is malformed", None),
        ("{{ n }}" + "x" * MAX_TEMPLATE, "is longer than", None),
    ],
)  # fmt: skip
def test_a_bad_template_is_a_clear_error(text: str, told: str, suggestion: str | None) -> None:
    with pytest.raises(BadTemplate) as caught:
        filled({"a": [text]}, names())
    assert caught.value.path == ("a", 0)
    assert told in caught.value.words.en
    assert not caught.value.words.zh.isascii()
    assert caught.value.suggestion == suggestion


def test_values_cannot_grow_by_being_used_again_and_again() -> None:
    texts = {"a0": "x" * 1000} | {f"a{n}": f"{{{{ a{n - 1} ~ a{n - 1} }}}}" for n in range(1, 40)}
    with pytest.raises(BadTemplate, match="longer than"):
        variables(texts, {})


def test_a_variable_may_use_those_before_it() -> None:
    made = variables({"a": "{{ n }}", "b": ["{{ a + 1 }}"]}, names())
    assert (made["a"], made["b"]) == (5, [6])
    with pytest.raises(BadTemplate):
        variables({"b": "{{ a }}", "a": 1}, names())


ALL_FAKES = {name: f"{{{{ fake.{name}() }}}}" for name in FAKES}


def test_a_seed_makes_the_same_data_and_another_seed_other() -> None:
    first, again, other = (filled(ALL_FAKES, names(seed)) for seed in (7, 7, 8))
    assert first == again
    assert all(first[name] != other[name] for name in FAKES)


def test_the_data_of_a_seed_are_pinned() -> None:
    """They are in scenarios' expectations: no release of Faker may change them unnoticed."""
    assert [Fake(1).mobile(), Fake(1).digits(6)] == ["13606939955", "840215"]


def test_one_kind_of_data_does_not_disturb_another() -> None:
    fake = Fake(1)
    fake.name()
    fake.digits()
    assert fake.mobile() == Fake(1).mobile()


@given(st.integers(0, 2**64))
def test_mobiles_are_mainland_mobiles_and_never_repeat(seed: int) -> None:
    fake = Fake(seed)
    mobiles = [fake.mobile() for _ in range(20)]
    assert all(map(is_mobile, mobiles))
    assert len(set(mobiles)) == 20
