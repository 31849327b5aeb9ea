"""One-line sequences."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakeproviders.failures import SLUGS
from fakeproviders.faults.base import NO_FAULT
from fakeproviders.faults.registry import TRANSPORT, BadRule
from fakeproviders.faults.script import MAX_STEPS, parse_script
from tests.faults.doubles import attempt

NAMES = sorted({*SLUGS, *TRANSPORT, "ok", "fail"})
SPACE = st.text(" \t", max_size=2)


def labels(script: str) -> list[str]:
    return ["ok" if step is NO_FAULT else step.label for step in parse_script(script)]


STEP = st.tuples(st.sampled_from(NAMES), st.integers(1, 30), st.sampled_from("x*×"))


@given(st.lists(STEP, min_size=1, max_size=8), SPACE)
def test_what_is_written_is_what_is_read(steps: list[tuple[str, int, str]], space: str) -> None:
    script = f"{space},{space}".join(
        name if times == 1 else f"{name}{space}{sign}{space}{times}" for name, times, sign in steps
    )
    meant = {"fail": "internal_error"}
    assert labels(script) == [meant.get(n, n) for n, times, _ in steps for _ in range(times)]


@settings(max_examples=50)
@given(st.text(max_size=40) | st.text("okfail x*×12,_", max_size=20))
def test_any_text_is_a_script_or_a_bad_rule(text: str) -> None:
    steps = attempt(parse_script, text)
    if isinstance(steps, BadRule):
        assert steps.field == "script"
        assert steps.message
    else:
        assert 0 < len(steps) <= MAX_STEPS


def test_the_guides_examples() -> None:
    assert labels("fail, fail, rate_limited, ok") == [
        "internal_error",
        "internal_error",
        "rate_limited",
        "ok",
    ]
    assert labels("rate_limited x2,ok,reply_lost") == [
        "rate_limited",
        "rate_limited",
        "ok",
        "reply_lost",
    ]


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("", "step 1, '', is not a name or name xN"),
        ("fail,,ok", "step 2, '', is not a name or name xN"),
        ("fail, ok x0", "step 2, 'ok x0', is not a name or name xN"),
        ("fail, ok x00", "step 2, 'ok x00', is not a name or name xN"),
        ("ok x-1", "step 1"),
        ("ok x1.5", "step 1"),
        ("ok xx2", "step 1"),
        ("ok\nfail", "step 1"),
        ("ok x٣", "step 1"),
        ("Fail", "step 1"),
        ("rate_limit", "no failure is called 'rate_limit'; did you mean rate_limited?"),
        ("fail x100000, fail", f"more than {MAX_STEPS} steps"),
        ("fail x999999", f"more than {MAX_STEPS} steps"),
    ],
)
def test_scripts_that_cannot_be(script: str, says: str) -> None:
    with pytest.raises(BadRule) as caught:
        parse_script(script)
    assert caught.value.field == "script"
    assert caught.value.message.startswith(says)


def test_the_longest_script() -> None:
    assert len(parse_script(f"fail x{MAX_STEPS}")) == MAX_STEPS
