"""The template: each rule alone."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.domain.template import (
    fill,
    message_composed,
    params_fit,
    template_approved,
    template_numbered,
)
from fakeproviders.failures import Reason
from fakeproviders.settings import Status, Template
from tests.core import NOON
from tests.domain.attempts import account, attempt, call, refusal


def registered(status: Status, reason: str = "", submitted_at: float | None = None) -> Template:
    return Template(
        template_id="1001", content="x", status=status, reason=reason, submitted_at=submitted_at
    )


@pytest.mark.parametrize("template_id", ["", None])
def test_a_send_needs_a_template_number(template_id: str | None) -> None:
    template_numbered(attempt())
    raised = refusal(template_numbered, attempt(call(template_id=template_id)))
    assert raised.reason is Reason.TEMPLATE_ID_EMPTY


def test_the_number_is_a_registered_templates() -> None:
    template_approved(attempt())
    raised = refusal(template_approved, attempt(call(template_id="9999")))
    assert raised.reason is Reason.TEMPLATE_NOT_FOUND
    assert raised.facts == {"template_id": "9999"}


@pytest.mark.parametrize(("status", "why"), [("pending", ""), ("rejected", "含广告")])
def test_the_template_must_be_approved(status: Status, why: str) -> None:
    raised = refusal(template_approved, attempt(to=account(templates=[registered(status, why)])))
    assert (raised.reason, raised.cause) == (Reason.TEMPLATE_NOT_APPROVED, status)
    assert raised.facts == {"template_id": "1001", "why": why}


def test_a_pending_template_is_approved_when_its_time_has_come() -> None:
    to = account(templates=[registered("pending", submitted_at=NOON)], approve_after_seconds=5)
    assert refusal(template_approved, attempt(to=to, now=NOON + 4)).cause == "pending"
    template_approved(attempt(to=to, now=NOON + 5))


@pytest.mark.parametrize(
    ("params", "named"),
    [
        ({"code": "1"}, "code"),
        ({"code": "1", "minutes": ""}, "code, minutes"),
        ({"code": "1", "minutes": "5", "extra": "x"}, "code, extra, minutes"),
        ({"Code": "1", "minutes": "5"}, "Code, minutes"),
        ({}, ""),
        (None, ""),
        ({"code": None, "minutes": "5"}, "code, minutes"),
        ({"code": ["1"], "minutes": "5"}, "code, minutes"),
        ({"code": True, "minutes": "5"}, "code, minutes"),
    ],
)
def test_parameters_must_be_the_placeholders(params: dict[str, Any] | None, named: str) -> None:
    raised = refusal(params_fit, attempt(call(params=params)))
    assert raised.reason is Reason.TEMPLATE_PARAMS_MISMATCH
    assert raised.facts == {"given": named, "expected": "code, minutes"}


@pytest.mark.parametrize(
    "params",
    [{"code": "1", "minutes": "5"}, {"code": 1, "minutes": 0}, {"minutes": 1.5, "code": " "}],
)
def test_texts_and_numbers_fill_a_template(params: dict[str, Any]) -> None:
    params_fit(attempt(call(params=params)))


def test_a_template_without_placeholders_wants_no_parameters() -> None:
    to = account(templates=[Template(template_id="1001", content="系统维护")])
    params_fit(attempt(call(params={}), to))
    assert refusal(params_fit, attempt(call(params={"code": "1"}), to)).facts["expected"] == ""


def test_the_message_is_the_signature_and_the_filled_template() -> None:
    tried = attempt()
    message_composed(tried)
    assert tried.call.content == "【演示签名】您的验证码是246810，5分钟内有效。"


def test_a_value_is_never_filled_again() -> None:
    template = Template(template_id="1", content="{a}{b}{a}")
    assert fill(template, {"a": "{b}", "b": "x"}) == "{b}x{b}"


@given(st.text(), st.text())
def test_values_stand_in_the_message_as_they_are(code: str, minutes: str) -> None:
    template = Template(template_id="1", content="<{code}|{minutes}>")
    assert fill(template, {"code": code, "minutes": minutes}) == f"<{code}|{minutes}>"
