"""What msgspec says of a value that does not fit, in words: types, and the values that are allowed."""

from typing import Annotated, Literal

import msgspec
import pytest

from fakeproviders.clock import ClockState
from fakeproviders.failures import Words
from fakeproviders.faults.delay import Delay
from fakeproviders.misfit import in_chinese, located, told

Colour = Literal["red", "green"]


class Part(msgspec.Struct):
    colour: Colour = "red"


class Whole(msgspec.Struct):
    size: Annotated[int, msgspec.Meta(ge=1)] | None = None
    name: Annotated[str, msgspec.Meta(min_length=2)] = "ab"
    parts: tuple[Part, ...] = ()
    named: dict[str, Part | None] = {}
    either: Colour | int | None = None
    other: Literal[1, 2] = 1


def raised(value: object, shape: type) -> msgspec.ValidationError:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(value, shape)
    return caught.value


@pytest.mark.parametrize(
    ("value", "shape", "zh"),
    [
        ({"ms": "abc"}, Delay, "应为数字，收到的是文本（位于 `ms`）"),
        ({"size": "x"}, Whole, "应为整数或空（null），收到的是文本（位于 `size`）"),
        ({"size": 1.5}, Whole, "应为整数或空（null），收到的是小数（位于 `size`）"),
        ({"size": True}, Whole, "应为整数或空（null），收到的是布尔值（位于 `size`）"),
        ({"size": 0}, Whole, "应为整数，且 >= 1（位于 `size`）"),
        ({"name": "a"}, Whole, "应为文本，长度 >= 2（位于 `name`）"),
        ({"parts": [3]}, Whole, "应为对象，收到的是整数（位于 `parts[0]`）"),
        ([], Whole, "应为对象，收到的是列表"),
        ({1: 1}, dict[str, int], "应为文本，收到的是整数（位于 顶层 的键名）"),
    ],
)
def test_types_are_put_in_words(value: object, shape: type, zh: str) -> None:
    error = raised(value, shape)
    assert told(error, shape) == Words(zh=zh, en=str(error))


def test_a_field_that_is_called_like_a_type_stays_itself() -> None:
    assert in_chinese("Object contains unknown field `str`") == "有未知的字段 `str`"
    assert in_chinese("Expected `uuid`, got `str`") == "应为`uuid`，收到的是文本"


@pytest.mark.parametrize(
    ("value", "shape", "field", "known"),
    [
        ({"mode": "foo"}, ClockState, "mode", ["frozen", "offset", "system"]),
        ({"clock": "foo"}, Delay, "clock", ["real", "session"]),
        ({"parts": [{}, {"colour": "blue"}]}, Whole, "parts[1].colour", ["green", "red"]),
        ({"named": {"a": {"colour": "blue"}}}, Whole, "named[...].colour", ["green", "red"]),
        ({"either": "blue"}, Whole, "either", ["green", "red"]),
        ({"other": 3}, Whole, "other", ["1", "2"]),
    ],
)
def test_values_that_are_allowed_are_named(
    value: object, shape: type, field: str, known: list[str]
) -> None:
    error = raised(value, shape)
    found = located(error, shape)
    assert found.field == field
    assert found.words.zh.endswith(f"，可用：{'、'.join(known)}")
    assert found.words.en.endswith(f"; it is one of {', '.join(known)}")


def test_without_the_shape_nothing_is_named() -> None:
    words = located(raised({"mode": "foo"}, ClockState)).words
    assert words == Words(zh="不能是 'foo'", en="Invalid enum value 'foo'")
