"""``journal`` lists requests and shows one with its decisions."""

import json
from typing import Any

import pytest

from fakeproviders.cli.formatter import cells
from tests.cli.conftest import Run
from tests.cli.fake_control import Entry, FakeControl, a_request

FAULT = a_request(
    2, outcome="fault", reason=None, status=None, fault={"id": "f1", "do": "delay ms=5", "nth": 1}
)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [80, 120])
def test_the_table(run: Run, server: FakeControl, columns: int, lang: str) -> None:
    server.requests = [
        a_request(1),
        FAULT,
        a_request(3, outcome="page", operation="wsdl", mobile=""),
    ]
    out = run("journal", "--lang", lang, "--control", server.url, COLUMNS=str(columns)).out
    assert max(map(cells, out.splitlines())) <= columns
    assert "…" not in out
    assert ("拒绝" if lang == "zh" else "refused") in out
    assert [word in out for word in ("r1", "r2", "r3", "signature_mismatch", "ms=5")] == [True] * 5
    assert ("100001" in out) == (columns == 120)


def test_a_pipe_gets_a_line_a_request(run: Run, server: FakeControl) -> None:
    server.requests = [a_request(1), FAULT]
    lines = run("journal", "--control", server.url).out.splitlines()
    call = "official send json 100001 13800138000"
    assert [" ".join(line.split()) for line in lines if line.lstrip().startswith("r")] == [
        f"r1 03-01 09:30:01 {call} refused signature_mismatch 200 1.23",
        f"r2 03-01 09:30:02 {call} fault delay ms=5 1.23",
    ]


@pytest.mark.parametrize(("lang", "passed", "missed"), [
    ("zh", "✓ auth  凭证正确", "✗ signature  签名不同"),
    ("en", "✓ auth  proof is right", "✗ signature  it differs"),
])  # fmt: skip
def test_one_request(run: Run, server: FakeControl, lang: str, passed: str, missed: str) -> None:
    server.requests = [a_request(1)]
    result = run("journal", "r1", "--lang", lang, "--control", server.url)
    lines = result.out.splitlines()
    assert [line in lines for line in (passed, missed)] == [True, True]
    assert "POST /api/sms/send" in lines
    assert '{"Phone": "13800138000"}' in lines
    assert "HTTP 200" in lines
    assert '{"msg": "签名数据不一致"}' in lines


def test_one_request_without_a_reply(run: Run, server: FakeControl) -> None:
    server.requests = [a_request(1, reply=None, trace=[], outcome="fault", fault="reset")]
    out = run("journal", "r1", "--control", server.url).out
    assert "(no reply was sent)" in out
    assert "fault reset" in out
    assert "Decisions" not in out


def test_json(run: Run, server: FakeControl) -> None:
    server.requests = [a_request(1)]
    assert json.loads(run("journal", "--json", "--control", server.url).out)["cursor"] == "1"
    one = run("journal", "r1", "--json", "--control", server.url)
    assert json.loads(one.out) == server.requests[0]


def test_last_is_the_newest(run: Run, server: FakeControl) -> None:
    server.requests = [a_request(1), a_request(2, mobile="13900139000")]
    last, second = (run("journal", one, "--control", server.url) for one in ("last", "r2"))
    assert last == second
    assert "13900139000" in last.out
    shown = run("journal", "last", "--json", "--provider", "erban", "--control", server.url)
    assert json.loads(shown.out) == server.requests[1]
    assert server.asked[-2].query == {"provider": "erban", "limit": "1"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_request_is_the_last(run: Run, server: FakeControl, lang: str) -> None:
    said = {"zh": "错误：还没有请求。\n", "en": "Error: No requests yet.\n"}[lang]
    result = run("journal", "last", "--lang", lang, "--control", server.url)
    assert result == (2, "", said)


def a_receipt(number: int, outcome: str, status: int | None, **changes: Any) -> Entry:
    """A receipt's attempt as the journal lists it."""
    return a_request(
        number, operation="receipt", outcome=outcome, status=status, reason=None, **changes
    )


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", ("已接收", "未接收（500）", "无应答", "故障 receipt (copies 2)")),
        ("en", ("accepted", "not accepted (500)", "no answer", "fault receipt (copies 2)")),
    ],
)
def test_receipts_say_what_the_receiver_did(
    run: Run, server: FakeControl, lang: str, said: tuple[str, ...]
) -> None:
    server.requests = [
        a_receipt(1, "accepted", 200),
        a_receipt(2, "refused", 500),
        a_receipt(3, "refused", None),
        a_receipt(4, "fault", None, fault={"id": "f1", "do": "receipt (copies 2)", "nth": 1}),
    ]
    out = run("journal", "--lang", lang, "--control", server.url).out
    rows = [line for line in out.splitlines() if line.lstrip().startswith("r")]
    assert all(words in row for words, row in zip(said, rows, strict=True))
    assert ("拒绝" if lang == "zh" else "refused") not in out


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "响应\n（无应答）"), ("en", "Reply\n(no answer)")]
)
def test_a_receipt_without_an_answer(run: Run, server: FakeControl, lang: str, said: str) -> None:
    server.requests = [a_receipt(1, "refused", None, reply=None)]
    assert said in run("journal", "last", "--lang", lang, "--control", server.url).out


def test_an_unknown_request(run: Run, server: FakeControl) -> None:
    result = run("journal", "a b/c", "--control", server.url)
    assert (result.code, result.err) == (2, "Error: no request a b/c\n")


def test_follow_lines_are_aligned(run: Run, server: FakeControl) -> None:
    from aiohttp import web

    pages = [web.json_response({"requests": [a_request(1), FAULT], "cursor": "2"})]
    server.answer = lambda: pages.pop() if pages else web.json_response({}, status=500)
    result = run("journal", "--follow", "--provider", "erban", "--control", server.url)
    first, second = result.out.splitlines()
    assert first == (
        "03-01 09:30:01  r1      official  send     13800138000  200  1.23 ms   "
        "refused signature_mismatch"
    )
    assert second.endswith("13800138000  -    1.23 ms   fault delay ms=5")
    assert server.asked[0].query == {"provider": "erban", "limit": "20"}
    assert "is no fakeproviders control server" in result.err
