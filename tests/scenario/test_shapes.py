"""What does not fit a shape is found: all of it, each with its path, exactly when msgspec refuses it."""

from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.scenario.shapes import Finding, findings, unknown_failure

Count = Annotated[int, msgspec.Meta(ge=0, lt=100)]
Code = Annotated[str, msgspec.Meta(pattern="^[0-9]*$", min_length=1)]


class Step(msgspec.Struct, forbid_unknown_fields=True):
    """Something of every kind that a scenario's shapes are made of."""

    do: Literal["send", "wait"]
    times: Count = 1
    share: Annotated[float, msgspec.Meta(gt=0, le=1)] = 1.0
    code: Code | None = None
    tags: Annotated[list[str], msgspec.Meta(min_length=1)] | None = None
    limits: dict[Literal["day", "hour"], int] | None = None
    free: Any = None


def told(value: object, shape: Any = Step) -> list[tuple[object, ...]]:
    return [(*found.path, found.words.en, found.suggestion) for found in findings(value, shape)]


@pytest.mark.parametrize(
    ("value", "finding"),
    [
        ({}, ("the key 'do' is missing", None)),
        ({"do": "send", "time": 2}, ("time", "unknown key 'time'", "times")),
        ({"do": "sned"}, ("do", "unknown action 'sned'", "send")),
        ({"do": "x"}, ("do", "unknown action 'x'; known are send, wait", None)),
        ({"do": "send", "times": -1}, ("times", "must be ≥ 0, not -1", None)),
        ({"do": "send", "times": 100}, ("times", "must be < 100, not 100", None)),
        ({"do": "send", "share": 0}, ("share", "must be > 0, not 0", None)),
        ({"do": "send", "share": 1.5}, ("share", "must be ≤ 1, not 1.5", None)),
        ({"do": "send", "code": "a"}, ("code", "'a' does not match ^[0-9]*$", None)),
        ({"do": "send", "code": ""}, ("code", "must not be empty", None)),
        ({"do": "send", "code": 7}, ("code", "must be a text, not a whole number 7", '"7"')),
        ({"do": "send", "tags": []}, ("tags", "at least 1 must be here", None)),
        ({"do": "send", "tags": ["a", 1]}, ("tags", 1, "must be a text, not a whole number 1", '"1"')),
        ({"do": "send", "limits": {"dya": 1}}, ("limits", "dya", "unknown limits 'dya'", "day")),
        ({"do": "send", "limits": {"day": True}}, ("limits", "day", "must be a whole number, not the word true", None)),
    ],
)  # fmt: skip
def test_a_misfit_is_told_where_it_is(value: object, finding: tuple[object, ...]) -> None:
    assert told(value) == [finding]


def test_all_misfits_are_told_at_once() -> None:
    paths = [found.path for found in findings({"do": "x", "times": "1", "tags": [1, 2]}, Step)]
    assert paths == [("do",), ("times",), ("tags", 0), ("tags", 1)]


def test_a_failure_that_is_like_no_other_is_told_where_all_are_listed() -> None:
    def found(slug: str) -> Finding:
        return unknown_failure((), slug, ["maintenance"])

    assert found("maintenence").suggestion == "maintenance"
    assert found("zzz").suggestion is None
    assert found("zzz").words.en.endswith("fakeproviders failures lists all")
    assert found("zzz").words.zh.endswith("fakeproviders failures 列出全部")


scalars = st.none() | st.booleans() | st.integers(-5, 105) | st.floats(-2, 2).filter(
    lambda number: not number.is_integer()
) | st.sampled_from(["send", "wait", "", "12", "x"])  # fmt: skip
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["day", "hour", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(
    st.dictionaries(st.sampled_from([*Step.__struct_fields__, "other"]), values)
    | st.fixed_dictionaries(
        {"do": st.sampled_from(["send", "wait"])},
        optional=dict.fromkeys(Step.__struct_fields__[1:], values),
    )
    | values
)
def test_there_is_a_finding_exactly_when_the_shape_is_refused(value: object) -> None:
    try:
        msgspec.convert(value, Step)
    except msgspec.ValidationError:
        assert findings(value, Step)
    else:
        assert not findings(value, Step)
