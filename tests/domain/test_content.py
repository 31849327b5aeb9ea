"""Whom it goes to and what it says: each rule alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.domain.content import (
    MAX_MOBILES,
    content_allowed,
    mobiles_counted,
    mobiles_not_blacklisted,
    mobiles_valid,
    segments,
)
from fakeproviders.domain.parameters import parameters_present
from fakeproviders.failures import Reason, Words
from tests.domain.attempts import account, attempt, call, refusal


@pytest.mark.parametrize("mobile", ["13000000000", "14512345678", "19999999999", "17012345678"])
def test_mainland_mobiles_are_valid(mobile: str) -> None:
    mobiles_valid(attempt(call(mobiles=(mobile,))))


@pytest.mark.parametrize(
    "mobile",
    ["", "12000000000", "1380000000", "138000000011", "+8613800000001", "8613800000001",
     " 13800000001", "13800000001\n", "1380000000a", "１３８00000001", "02012345678"],
)  # fmt: skip
def test_others_are_not(mobile: str) -> None:
    raised = refusal(mobiles_valid, attempt(call(mobiles=("13800000001", mobile))))
    assert (raised.reason, raised.facts) == (Reason.MOBILE_INVALID, {"given": mobile})


@pytest.mark.parametrize("number", [0, MAX_MOBILES + 1])
def test_too_few_and_too_many_mobiles_are_refused(number: int) -> None:
    raised = refusal(mobiles_counted, attempt(call(mobiles=("13800000001",) * number)))
    assert (raised.reason, raised.cause) == (Reason.MOBILE_INVALID, "number")
    assert raised.facts == {"given": number, "most": 1000}


@pytest.mark.parametrize("number", [1, MAX_MOBILES])
def test_up_to_a_thousand_mobiles_are_let_pass(number: int) -> None:
    mobiles_counted(attempt(call(mobiles=("13800000001",) * number)))


def test_a_blacklisted_mobile_is_refused() -> None:
    to = account(mobile_blacklist=["13800000002"])
    mobiles_not_blacklisted(attempt(to=to))
    both = call(mobiles=("13800000001", "13800000002"))
    raised = refusal(mobiles_not_blacklisted, attempt(both, to))
    assert raised.reason is Reason.MOBILE_BLACKLISTED
    assert raised.facts == {"given": "13800000002"}


def test_a_blocked_word_is_refused_wherever_it_stands() -> None:
    to = account(blocked_words=["发票", "贷款"])
    content_allowed(attempt(call(content="您的验证码是1234"), to))
    raised = refusal(content_allowed, attempt(call(content="低息贷款"), to))
    assert (raised.reason, raised.facts) == (Reason.CONTENT_BLOCKED, {"word": "贷款"})


def test_a_text_of_too_many_segments_is_refused() -> None:
    to = account(max_segments=2)
    content_allowed(attempt(call(content="字" * 134), to))
    raised = refusal(content_allowed, attempt(call(content="字" * 135), to))
    assert raised.reason is Reason.CONTENT_TOO_LONG
    assert raised.facts == {"segments": 3, "most": 2}


@pytest.mark.parametrize(
    ("content", "number"),
    [
        ("", 1),
        ("a", 1),
        ("字" * 70, 1),
        ("字" * 71, 2),
        ("字" * 134, 2),
        ("字" * 135, 3),
        ("a" * 160, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("😀" * 67, 2),
        ("😀" * 68, 3),
    ],
)
def test_a_text_is_counted_in_ucs_2(content: str, number: int) -> None:
    assert segments(content) == number


@given(st.text(max_size=400))
def test_more_text_never_takes_fewer_segments(content: str) -> None:
    assert segments(content) <= segments(content + "字") <= segments(content) + 1


def test_a_request_with_everything_passes() -> None:
    parameters_present(attempt())


def test_a_missing_parameter_is_named_with_what_was_there_instead() -> None:
    raised = refusal(
        parameters_present, attempt(call(missing="access_token", foreign=("account", "password")))
    )
    assert raised.reason is Reason.PARAMETER_MISSING
    assert raised.facts == {"parameter": "access_token", "foreign": "account, password"}


def test_a_request_that_cannot_be_read_says_why() -> None:
    why = Words(zh="不是 JSON", en="no JSON")
    raised = refusal(parameters_present, attempt(call(unreadable=why, missing="mobile")))
    assert (raised.reason, raised.cause) == (Reason.PARAMETER_MISSING, "unreadable")
    assert raised.facts == {"zh": why.zh, "en": why.en}
