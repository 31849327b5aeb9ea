"""What the user must see, compared with what the target answered."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from fakeproviders.failures import Words
from fakeproviders.scenario.model import UserSees
from fakeproviders.scenario.results import Check, Seen

VALUE_SHOWN = 1000
"""Characters of a value."""


def user_checks(user: UserSees, seen: Sequence[Seen]) -> list[Check]:
    """What the user must see, each time."""
    checks = []
    succeeds = user.succeeds
    if succeeds is None and (user.sees is not None or user.failure is not None):
        succeeds = False
    if succeeds is not None:
        checks.append(_each(_RESULT, seen, _outcome(succeeds), _seen_outcome, succeeds))
    if user.sees is not None:
        checks.append(_each(_TEXT, seen, _as_is(user.sees), _seen_text, user.sees))
    if user.failure is not None:
        checks.append(_each(_FAILURE, seen, _as_is(user.failure), _seen_failure, user.failure))
    for name, wanted in user.data.items():
        checks.append(_data(name, wanted, seen))
    return checks


def fits(wanted: Any, found: Any) -> bool:
    """Whether a value has all that is wanted: an object its fields, a list an item for each.

    More fields and items may be there; only an empty list must be empty.
    """
    if isinstance(wanted, Mapping):
        return isinstance(found, Mapping) and all(
            name in found and fits(part, found[name]) for name, part in wanted.items()
        )
    if isinstance(wanted, (list, tuple)):
        return isinstance(found, (list, tuple)) and (
            _each_fits(wanted, list(found)) if wanted else not found
        )
    return isinstance(wanted, bool) is isinstance(found, bool) and bool(wanted == found)


def _each_fits(wanted: Sequence[Any], found: list[Any]) -> bool:
    """Whether each that is wanted has one of its own that fits, taken in order."""
    for part in wanted:
        match = next((number for number, one in enumerate(found) if fits(part, one)), None)
        if match is None:
            return False
        del found[match]
    return True


_RESULT = Words(zh="用户操作的结果", en="what the user's action ends in")
_TEXT = Words(zh="用户看到的文字", en="the text that the user sees")
_FAILURE = Words(zh="系统判断的故障", en="the failure that the system finds")


def _each(what: Words, seen: Sequence[Seen], expected: Words, look: Any, wanted: Any) -> Check:
    """A check of every answer; what is shown is the first that does not fit."""
    wrong = [number for number, one in enumerate(seen) if look(one)[0] != wanted]
    shown = seen[wrong[0]] if wrong else seen[-1]
    actual = look(shown)[1]
    if wrong and len(seen) > 1:
        at = wrong[0] + 1
        actual = Words(zh=f"第 {at} 次：{actual.zh}", en=f"time {at}: {actual.en}")
    return Check(about="user", what=what, expected=expected, actual=actual, ok=not wrong)


def _outcome(succeeded: bool) -> Words:  # noqa: FBT001 - it is the value that is put in words
    return Words(zh="成功", en="success") if succeeded else Words(zh="被拒绝", en="a refusal")


def _seen_outcome(seen: Seen) -> tuple[bool, Words]:
    words = _outcome(seen.succeeded)
    if seen.text and not seen.succeeded:
        words = Words(zh=f"{words.zh}：{seen.text}", en=f"{words.en}: {seen.text}")
    return seen.succeeded, words


def _seen_text(seen: Seen) -> tuple[str, Words]:
    return seen.text, _as_is(seen.text)


def _seen_failure(seen: Seen) -> tuple[str | None, Words]:
    return seen.failure, _as_is(seen.failure)


def _data(name: str, wanted: Any, seen: Sequence[Seen]) -> Check:
    wrong = [one for one in seen if not fits(wanted, one.data.get(name))]
    shown = (wrong or seen)[-1].data.get(name)
    return Check(
        about="user",
        what=Words(zh=f"响应里的 {name}", en=f"{name} of the answer"),
        expected=_as_json(wanted),
        actual=_as_json(shown),
        ok=not wrong,
    )


def _as_is(text: str | None) -> Words:
    return Words(zh=text or "（空）", en=text or "(nothing)")


def _as_json(value: Any) -> Words:
    text = msgspec.json.encode(value).decode()
    shown = f"{text[:VALUE_SHOWN]}…" if len(text) > VALUE_SHOWN else text
    return Words(zh=shown, en=shown)
