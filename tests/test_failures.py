"""The catalogue is complete, and its documented texts are the guide's, byte for byte."""

from collections import Counter
from importlib.resources import files

import msgspec
import pytest
import yaml

from fakeproviders.failures import Failure, Reason, Words, catalogue, failure

DOCUMENTED = {
    # slug: (section, text on the wire, what the panel puts before it)
    "settings_not_saved": ("preface", "设置未保存, 修改的配置尚未生效", "短信发送失败: "),
    "interface_not_configured": ("1", "官方接口未配置", ""),
    "parameter_missing": ("2", "请求参数不存在", ""),
    "signature_mismatch": ("3", "签名数据不一致", "短信发送失败: "),
    "signature_not_found": ("4", "短信签名未找到, 请提交签名审核通过后重试", "短信发送失败: "),
    "access_token_failed": (
        "5",
        "接口请求失败:access_token获取失败",
        "接口请求失败, 接口配置错误.",
    ),
    "code_quota_exceeded": ("6", "发送失败，已达验证码发送上限", ""),
    "operation_notice_disabled": ("7", "操作保护验证码短信通知未开启", "短信发送失败: "),
    "template_id_empty": ("8", "模板编号不能为空", "短信发送失败: "),
    "base_url_has_api_path": ("8", "", ""),
    "endpoint_unreachable": ("9", "接口不通", ""),
}

TRANSPORT = {
    "delay", "hang", "refuse", "reset", "empty", "truncate", "trickle", "garbage", "status",
    "malformed", "wrong_content_type", "wrong_charset", "reply_lost",
}  # fmt: skip

ENTRIES = tuple(catalogue().values())
ANSWERS = tuple(entry for entry in ENTRIES if entry.kind != "transport")


def slugs(kind: str) -> list[str]:
    return [entry.slug for entry in ENTRIES if entry.kind == kind]


def test_every_reason_has_an_entry_and_every_answer_is_a_reason() -> None:
    assert {entry.slug for entry in ANSWERS} == {reason.value for reason in Reason}


def test_the_documented_entries_are_the_guides() -> None:
    assert slugs("documented") == list(DOCUMENTED)


def test_the_transport_failures_are_these() -> None:
    assert set(slugs("transport")) == TRANSPORT


def test_no_slug_stands_twice() -> None:
    raw = yaml.safe_load(files("fakeproviders").joinpath("failures.yaml").read_bytes())
    counts = Counter(entry["slug"] for entry in raw)
    assert counts.most_common(1)[0][1] == 1


@pytest.mark.parametrize(("slug", "expected"), DOCUMENTED.items(), ids=list(DOCUMENTED))
def test_documented_texts_are_exact(slug: str, expected: tuple[str, str, str]) -> None:
    entry = failure(slug)
    section, text, prefix = expected
    assert entry.provenance == "D"
    assert entry.section == section
    assert entry.text.encode() == text.encode()
    assert entry.panel_prefix.encode() == prefix.encode()


def test_a_refused_token_looks_to_the_operator_as_section_five_does() -> None:
    expired, failed = failure("token_expired"), failure("access_token_failed")
    assert expired.panel_prefix == failed.panel_prefix
    assert expired.text != failed.text


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.slug)
def test_titles_causes_and_remedies_are_in_both_languages(entry: Failure) -> None:
    for words in (entry.title, entry.cause, entry.remedy):
        assert any("一" <= character <= "鿿" for character in words["zh"])
        assert words["en"].strip()
        assert "\n" not in words["zh"] + words["en"]


def test_answer_texts_are_distinct() -> None:
    counts = Counter(entry.text for entry in ANSWERS if entry.text)
    assert [text for text, count in counts.items() if count > 1] == []


def test_only_the_page_of_the_wrong_address_has_no_text() -> None:
    assert [entry.slug for entry in ANSWERS if not entry.text] == ["base_url_has_api_path"]


@pytest.mark.parametrize("kind", ["gateway", "transport"])
def test_what_the_guide_does_not_document_is_assumed(kind: str) -> None:
    for slug in slugs(kind):
        assert failure(slug).provenance == "A"
        assert failure(slug).section == ""


def test_transport_failures_have_no_words_on_the_wire() -> None:
    for slug in TRANSPORT:
        assert (failure(slug).text, failure(slug).panel_prefix) == ("", "")


def test_only_an_unreachable_endpoint_meets_documents_too() -> None:
    assert [entry.slug for entry in ENTRIES if entry.everywhere] == ["endpoint_unreachable"]


def test_an_unknown_slug_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        failure("no_such_failure")


def test_words_are_chinese_only_when_asked() -> None:
    words = Words(zh="是", en="yes")
    assert (words["zh"], words["en"], words["fr"]) == ("是", "yes", "yes")


def test_an_unknown_field_in_the_file_is_an_error() -> None:
    entry = msgspec.to_builtins(failure("internal_error"))
    with pytest.raises(msgspec.ValidationError, match="colour"):
        msgspec.convert({**entry, "colour": "red"}, Failure)
