"""Reading a message as a person does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.inbox import code_of, signature_of


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("【演示签名】您的验证码是246810，5分钟内有效。", "246810"),
        ("【演示】验证码：1234", "1234"),
        ("您的校验码为 87654321，请勿泄露", "87654321"),
        ("动态码9999（订单20240506）", "9999"),
        ("订单20240506已付款，验证码为 4321", "4321"),
        ("Your code is 778899.", "778899"),
        ("Your verification CODE: 5566", "5566"),
        ("请回拨 4008 办理", "4008"),
        ("【2024服务】验证码 112233", "112233"),
        ("您的快递到了", None),
        ("验证码123", None),
        ("编号123456789", None),
        ("型号A1234B", None),
        ("", None),
    ],
)
def test_the_code_is_picked_out_of_a_text(content: str, code: str | None) -> None:
    assert code_of(content) == code


@pytest.mark.parametrize(
    ("content", "signature"),
    [
        ("【演示签名】您好", "【演示签名】"),
        ("  【演示签名】您好", "【演示签名】"),
        ("您好【演示签名】", "【演示签名】"),
        ("您好【演示签名】 ", "【演示签名】"),
        ("【甲】您好【乙】", "【甲】"),
        ("您【好】吗", None),
        ("您好", None),
        ("【未完", None),
        ("", None),
    ],
)
def test_the_signature_stands_at_the_head_or_the_tail(content: str, signature: str | None) -> None:
    assert signature_of(content) == signature


@given(st.integers(0, 99_999_999).map(lambda number: f"{number:04d}"), st.text("您好，。 "))
def test_a_code_after_its_word_is_always_found(code: str, rest: str) -> None:
    assert code_of(f"【演示签名】{rest}验证码{code}，{rest}") == code
