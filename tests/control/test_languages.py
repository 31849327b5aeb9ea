"""Every problem is told in the asked language, down to what is wrong with the field."""

import ast
import io
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

import fakeproviders
from fakeproviders.cli import main
from fakeproviders.control.route import GROUPS
from fakeproviders.control.routes import ROUTES
from fakeproviders.failures import Words
from fakeproviders.misfit import Misfit, in_chinese, located, told
from fakeproviders.scenario.shipped import shipped
from tests.e2e.running import RunningServer
from tests.e2e.sockets import request
from tests.e2e.world import World

QUOTED = re.compile(r"`[^`]*`|'[^']*'|\"[^\"]*\"")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z][A-Za-z'-]*(?:[ ,;:]+[A-Za-z][A-Za-z'-]*){2,}")
"""Three words in a row; lists in Chinese are joined by 、."""
LANGS = ("zh", "en")
S = "/api/v1/sessions"
FIRST = next(iter(shipped()))

SESSIONS: list[object] = [
    [], "text", 5, None, b"{", b"[1,]", b'{"a"}', b"nope", b'{"a":1,}', b'{"a":1 "b"}', b"[1 2]", b"{1:2}",
    b"01", b"1 2", b"1e999", b'"\\x"', b'"\\ud800x"', b'"\\u00zz"', b'"\xff"', b'"\xe6\x96"', b"[" * 100_000,
    {"nmae": "x"}, {"seed": "seven"}, {"seed": -1}, {"seed": 1 << 53}, {"seed": 1 << 70}, {"seed": 1.5},
    {"ttl_seconds": 0}, {"name": "x" * 101}, {"name": None}, {"dedicated_ports": "yes"},
    {"clock": {"mode": "stopped"}}, {"clock": {"mode": "system", "ofset": 1}}, {"clock": {}}, {"clock": 7},
    {"clock": {"mode": "frozen", "at": "noon"}}, {"clock": {"mode": "offset", "offset_seconds": 1e12}},
    {"providers": {"offical": {}}}, {"providers": {"official": 1}}, {"providers": []},
    {"providers": {"official": {"app_id": "demo-app"}}}, {"providers": {"erban": {"balance": "much"}}},
    {"providers": {"official": {"quotas": {"per_day": 1}}}},
    {"providers": {"official": {"app_id": "same"}, "upstream": {"app_id": "same"}}},
]  # fmt: skip
SETTINGS: list[object] = [
    [], {"balance": 1.5}, {"balance": True}, {"colour": "red"}, {"app_id": None}, {"enabled": "yes"},
    {"quotas": {"account_per_day": -1}}, {"quotas": {"account_per_day": "5"}}, {"max_segments": 0},
    {"price_per_segment": -1}, {"ip_allow": ["10.0.0.1", "somewhere"]}, {"skew_seconds": 1e12},
    {"receipts": {"after_seconds": -1}}, {"receipts": {"status": "lost"}}, {"templates": [{"content": "x"}]},
    {"signatures": [{"signature": "【签名】", "status": "maybe"}]}, {"signatures": {}},
    {"callback_url": "http://elsewhere.example/x"}, {"callback_url": "ftp://127.0.0.1/"}, {"callback_url": "a b"},
    {"callback_url": "http://user:pw@127.0.0.1/"}, {"callback_url": "http://127.0.0.1:99999/"}, {"callback_url": 5},
    {"app_id": "demo-app"},
]  # fmt: skip
DO: list[object] = [
    None, 5, "maintenence", "不存在的故障", {}, [], ["delay", "x"], {"rate_limited": {"ms": 1}},
    {"delay": {"s": 1}}, {"hang": 3},
    {"delay": {"ms": -1}}, {"delay": {"ms": "x"}}, {"delay": {"distribution": "even"}}, {"delay": {"to_ms": 5}},
    {"delay": {"sigma": 11}}, {"delay": {"distribution": "ramp", "to_ms": 1, "over_seconds": 0}},
    {"reset": {"after_bytes": -1}}, {"truncate": {"keep": 1.5}}, {"truncate": {"bytes": -1}},
    {"trickle": {"bytes": 0}}, {"trickle": {"ms": -1}}, {"garbage": {"bytes": 0}},
    {"status": {"status": 200}}, {"status": {"server": "apache"}}, {"wrong_charset": {"charset": "rot13"}},
    {"wrong_content_type": {"content_type": "a\nb"}}, {"reply": {"status": 100}},
    {"reply": {"headers": {"A": "a\r\nB: b"}}}, {"reply": {"headers": {"Content-Length": "1"}}},
    {"reply": {"status": 204, "body": "x"}},
    {"reply": {"headers": {"A": 1}}}, ["delay", "refuse"], [{"receipt": {"never": True}}, "delay"],
    {"receipt": {}}, {"receipt": {"copies": 101}}, {"receipt": {"late_seconds": -1}},
    {"receipt": {"never": True, "copies": 2}}, "refuse",
]  # fmt: skip
MATCHES: list[object] = [
    [], {"phone": "1"}, {"params.": "1"}, {"mobile": None}, {"mobile": {"begins": "1"}}, {"mobile": {"prefix": None}},
    {"mobile": {"regex": "("}}, {"mobile": {"in": []}}, {"mobile": {"in": [{}]}}, {"mobile": {"type": "text"}},
    {"any": []}, {"all": {}}, {"not": []}, {"any": [{}, {"x": 1}]},
]  # fmt: skip
GOOD = {"provider": "official", "do": "maintenance"}
RULES: list[object] = [
    *({"provider": "official", "do": do} for do in DO),
    *({**GOOD, "match": match} for match in MATCHES),
    {"do": "maintenance"}, {**GOOD, "provider": "tencent"}, {**GOOD, "provider": 1}, {**GOOD, "operation": "SendSms3"},
    {**GOOD, "script": "ok"}, {**GOOD, "chance": 0.5}, {**GOOD, "per": "phone"}, {**GOOD, "operation": "receipt"},
    {**GOOD, "operation": "reply"}, {**GOOD, "operation": "reply", "do": {"receipt": {"contradict": True}}},
    {**GOOD, "times": 0}, {**GOOD, "times": 1.5}, {**GOOD, "after": -1}, {**GOOD, "probability": 1.1},
    {**GOOD, "probability": {"end": 2, "over_seconds": 5}}, {**GOOD, "probability": {"end": 1}},
    {**GOOD, "cycle": {"on_seconds": 1}}, {**GOOD, "cycle": {"on_seconds": 0, "off_seconds": 1}},
    {**GOOD, "since": "tomorrow"}, {**GOOD, "until": "+5 m"}, {**GOOD, "until": "1066-10-14"},
    {"provider": "official", "operation": "send", "do": {"receipt": {"copies": 2}}},
    {"provider": "upstream", "do": "refuse"}, {**GOOD, "do": "refuse", "times": 1},
    {"provider": "erban", "script": "fail; ok"}, {"provider": "erban", "script": "fail, nope"},
    {"provider": "erban", "script": "ok x999999"}, {"provider": "erban", "script": "ok", "every": 2},
    {"provider": "erban", "script": "refuse, ok"},
]  # fmt: skip
CLOCKS: list[object] = [
    {}, [], {"mode": "system", "x": 1}, {"mode": "frozen", "at": "noon"}, {"mode": "frozen", "at": "2024-13-01"},
    {"mode": "frozen", "at": "9999-01-01"}, {"mode": "offset", "offset_seconds": -1e12},
    {"mode": "system", "at": "2026-01-01T00:00:00Z"}, {"mode": "offset", "offset_seconds": "1"},
]  # fmt: skip
ADVANCES: list[object] = [
    {}, {"seconds": 1, "to": "2026-01-01"}, {"seconds": -1}, {"seconds": 1e12}, {"seconds": 1e8}, {"second": 1},
    {"to": "tomorrow"},
    {"to": "1066-10-14"}, {"to": "2001-01-01T00:00:00Z"}, {"to": 5},
]  # fmt: skip
VERIFICATIONS: list[object] = [
    {}, [], {"requests": []}, {"requests": 1}, {"requests": [{}] * 101}, {"requests": [{"operation": "sned"}]},
    {"requests": [{"provider": "offical"}]}, {"requests": [{"outcome": "lost"}]}, {"requests": [{"reason": "bored"}]},
    {"requests": [{"outcome": "accepted", "reason": "rate_limited"}]}, {"requests": [{"count": -1}]},
    {"requests": [{"count": {}}]}, {"requests": [{"count": {"min": 2, "max": 1}}]}, {"requests": [{"count": "1"}]},
    {"requests": [{"match": {"phone": 1}}]}, {"requests": [{"matches": {}}]},
    {"strict": True, "since": "x"}, {"strict": True, "since": 10_000_000}, {"strict": 1},
]  # fmt: skip
STATUSES: list[object] = [
    {},
    {"status": "lost"},
    {"status": 1},
    {"status": "delivered", "why": "x"},
]
ANSWERED = {"mobile": "13800138000", "content": "T"}
REPLIES: list[object] = [
    {}, [], {"mobile": "13800138000"}, {**ANSWERED, "mobile": "10086"}, {**ANSWERED, "mobile": 13800138000},
    {**ANSWERED, "content": ""}, {**ANSWERED, "content": "字" * 10_001}, {**ANSWERED, "provider": "smtp"},
    {**ANSWERED, "at": "noon"}, b'{"mobile": "13800138000", "content": "\\ud800"}',
]  # fmt: skip
QUERIES = [
    "messages?limit=0", "messages?limit=ten", "messages?cursor=-1", "messages?wait=61", "messages?mobiles=1",
    "messages?provider=smtp", "outbox?kind=sms", "outbox?mobile=1",
    "requests?wait=nan", "requests?verbose=1", "requests?format=xml", "requests?format=har&wait=1",
    "replies?limit=0", "replies?cursor=1", "replies?provider=smtp",
    "events?types=none", "events?since=1", "quota?limit=1", "faults?all=1", "clock?x=1", "ledger?x=1", "?x=1",
]  # fmt: skip
RUNS: list[object] = [
    [], {"target": "shop"}, {"target": 1}, {"seed": -1}, {"seed": "x"}, {"keep": "yes"}, {"tagret": "panel"},
]  # fmt: skip
ABSENT = [
    ("GET", "/nowhere"), ("PUT", "/docs"), ("GET", f"{S}/nobody"), ("DELETE", f"{S}/default"),
    ("GET", "{own}/providers/smtp"), ("DELETE", "{own}/faults/f999"), ("GET", "{own}/requests/r999"),
    ("GET", "{own}/messages/none"), ("GET", "/api/v1/runs/none"), ("GET", "/api/v1/runs/none/events"),
    ("GET", "/api/v1/runs/none/report"), ("GET", "/api/v1/scenarios?tag=x"),
    ("GET", "{own}/ledger"), ("POST", "{own}/ledger/end"),
    ("DELETE", "{own}?strict=true"), ("DELETE", "{own}?strict=yes"), ("DELETE", "{own}?force=true"),
]  # fmt: skip
TABLE: list[tuple[str, str, object]] = [
    *(("POST", S, body) for body in SESSIONS),
    *(("PATCH", "{own}/providers/official", body) for body in SETTINGS),
    ("PATCH", "{own}/providers/reseller", {"upstream_timeout_seconds": 0}),
    ("PATCH", "{own}/providers/reseller", {"upstream": "elsewhere"}),
    ("PATCH", "{own}/providers/erban", {"page_lang": "fr"}),
    *(("POST", "{own}/faults", body) for body in RULES),
    *(("PUT", "{own}/clock", body) for body in CLOCKS),
    *(("POST", "{own}/clock/advance", body) for body in ADVANCES),
    *(("POST", "{own}/verify", body) for body in VERIFICATIONS),
    *(("POST", "{own}/messages/none/status", body) for body in STATUSES),
    ("POST", "{own}/messages/none/status", {"status": "delivered"}),
    *(("POST", "{own}/replies", body) for body in REPLIES),
    *(("GET", f"{{own}}/{path}".replace("/?", "?"), None) for path in QUERIES),
    *((method, path, None) for method, path in ABSENT),
    *(("POST", f"/api/v1/scenarios/{FIRST}/runs", body) for body in RUNS),
    *(("POST", f"/api/v1/scenarios/{name}/runs", {}) for name in ("nowhere", f"{FIRST}s")),
    ("POST", "{own}/faults", "text/plain"),
    ("POST", "{own}/faults", b"x" * (8 << 20) + b"x"),
]


def ask(world: World, method: str, path: str, body: object, lang: str) -> Any:
    """The problem document."""
    url = world.control.url + path.replace("{own}", world.path)
    headers = {"Accept-Language": {"zh": "zh-CN,zh;q=0.9,en;q=0.8", "en": "en-GB"}[lang]}
    sent = None
    if method != "GET":
        headers["Content-Type"] = "text/plain" if body == "text/plain" else "application/json"
        sent = body if isinstance(body, bytes) else json.dumps(body)
    reply = request(method, url, sent, headers)
    assert reply.status >= 400, (method, path, body)
    assert reply.type == "application/problem+json"
    return reply.json()


def texts(document: Any) -> Iterator[str]:
    yield document["detail"]
    yield from (error["message"] for error in document.get("errors", ()))


Told = dict[int, dict[str, Any]]


@pytest.fixture(scope="module")
def documents(running_server: RunningServer) -> Told:
    """What became of the whole table, in both languages."""
    world = World.create(running_server)
    world.freeze("9997-01-01T00:00:00Z")
    world.fault("erban", "maintenance")
    told = {
        number: {lang: ask(world, *case, lang) for lang in LANGS}
        for number, case in enumerate(TABLE)
    }
    world.delete()
    return told


def test_in_chinese(documents: Told) -> None:
    wrong = [
        (TABLE[number], text)
        for number, document in documents.items()
        for text in texts(document["zh"])
        if not CHINESE.search(text) or ENGLISH.search(QUOTED.sub("", text)) or "无法使用" in text
    ]
    assert wrong == []


def test_in_english(documents: Told) -> None:
    wrong = [
        (TABLE[number], text)
        for number, document in documents.items()
        for text in texts(document["en"])
        if CHINESE.search(QUOTED.sub("", text)) or not text.strip()
    ]
    assert wrong == []


def test_all_else_is_the_same_in_both(documents: Told) -> None:
    for document in documents.values():
        zh, en = document["zh"], document["en"]
        assert list(zh) == list(en)
        assert [e["field"] for e in zh.get("errors", ())] == [
            e["field"] for e in en.get("errors", ())
        ]
        assert (zh["type"], zh["title"], zh["status"]) == (en["type"], en["title"], en["status"])
        assert all(set(error) == {"field", "message"} for error in zh.get("errors", ()))


def test_the_address_can_ask_for_a_language(world: World) -> None:
    bad = {"provider": "official", "do": "hang", "times": 0}
    for lang in LANGS:
        other = {"Accept-Language": {"zh": "en", "en": "zh"}[lang]}
        reply = world.control.call("POST", f"{world.path}/faults", bad, headers=other, lang=lang)
        assert bool(CHINESE.search(reply.json()["errors"][0]["message"])) == (lang == "zh")


@pytest.mark.parametrize(
    "line",
    [
        "inject official maintenence",
        "inject official delay ms=-1",
        "inject official hang --times 1 --match phone=1",
        "inject erban {",
        "clock +1000000d",
        "verify -",
    ],
)
def test_the_command_line_says_it_in_chinese(
    world: World, line: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'{"requests": [{"count": {}}]}')))
    where = ("--control", world.control.url, "--session", world.id, "--lang", "zh")
    assert main.run((*line.split(), *where)) == 2
    said = capsys.readouterr().err
    assert CHINESE.search(said)
    assert not ENGLISH.search(QUOTED.sub("", said)), said


def test_the_page_for_people_has_headings_in_its_language(server: RunningServer) -> None:
    assert {route.group for route in ROUTES} == set(GROUPS)
    for lang in LANGS:
        page = request("GET", f"{server.addresses.control}/docs?lang={lang}").text
        headings = re.findall(r"<h2[^>]*>([^<]+)</h2>", page)
        assert headings[:-1] == [
            GROUPS[group][lang] for group in dict.fromkeys(r.group for r in ROUTES)
        ]
        assert all(bool(CHINESE.search(heading)) == (lang == "zh") for heading in headings)


# What msgspec says.


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    number: int = 0

    def __post_init__(self) -> None:
        if self.number < 0:
            raise Misfit("number", Words(zh="太小 - at `$.x`", en="too small - at `$.x`"))


class Outer(msgspec.Struct):
    inner: list[Inner] = []
    texts: dict[str, int] = {}


@pytest.mark.parametrize(
    ("value", "field", "en", "zh"),
    [
        ({"inner": [{"number": -1}]}, "inner[0].number", "too small - at `$.x`", "太小 - at `$.x`"),
        ({"inner": [{"n": 1}]}, "inner[0].n", "unknown field", "未知的字段"),
        ({"inner": 1}, "inner", "Expected `array`, got `int`", "应为列表，收到的是整数"),
        ({"texts": {"a": ""}}, "texts[...]", "Expected `int`, got `str`", "应为整数，收到的是文本"),
        ({"texts": {1: 1}}, "texts", "Expected `str`, got `int`", "应为文本，收到的是整数"),
        ([], "", "Expected `object`, got `array`", "应为对象，收到的是列表"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_located(value: object, field: str, en: str, zh: str) -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert(value, Outer)
    found = located(caught.value)
    assert (found.field, found.words) == (field, Words(zh=zh, en=en))
    whole = told(caught.value)
    assert whole.en == str(caught.value)
    assert CHINESE.search(whole.zh)


def test_what_nobody_knows_is_quoted() -> None:
    assert in_chinese("It is `odd` today") == "无法使用（`It is 'odd' today`）"
    assert told(ValueError("odd")).en == "odd"
    assert told(Misfit("a", Words(zh="坏", en="bad"))) == Words(zh="a：坏", en="a: bad")


# The source.

ROOT = Path(fakeproviders.__file__).parent
OURS = (
    "settings.py", "clock.py", "sessions.py", "outgoing.py", "misfit.py", "providers/*/settings.py",
    "faults/*.py", "control/*.py", "control/handlers/*.py", "verify/*.py",
)  # fmt: skip
"""Where what a user has given is looked at."""
SAYING = {
    "Misfit",
    "BadRule",
    "BadSettings",
    "NotAllowed",
    "FieldError",
    "Problem",
    "bad_field",
    "not_found",
}
DEFECTS = {"clock.py": {"parse_beijing", "advance"}, "sessions.py": {"delete"}}
"""Functions whose ValueErrors only a program of ours can cause."""
ABOUT_NO_VALUE = {
    "control/app.py", "control/openapi.py", "control/problems.py", "control/route.py", "control/routes.py",
    "faults/words.py", "misfit.py", "verify/words.py",
}  # fmt: skip
NOT_BY_A_REQUEST = (
    "不是 HOST 或 HOST:PORT",
    "无法为会话开端口",
    "没有运行到底（",
    "次运行未结束",
)
"""Of ``serve --allow-callback``, of a machine without ports, and of runs on their way (see test_runs.py)."""


@cache
def sources() -> dict[str, ast.Module]:
    found = {path for pattern in OURS for path in ROOT.glob(pattern)}
    return {str(p.relative_to(ROOT)): ast.parse(p.read_text("utf-8")) for p in sorted(found)}


def name_of(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def constants(node: ast.expr) -> list[str]:
    """A text's fixed parts; what is put in between is left out."""
    if isinstance(node, ast.JoinedStr):
        return [part.value for part in node.values if isinstance(part, ast.Constant)]  # type: ignore[misc]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def words(tree: ast.AST) -> Iterator[tuple[list[str], list[str]]]:
    """The fixed parts of every Words that is written out, in Chinese and in English."""
    for call in calls(tree):
        if name_of(call) == "Words":
            parts = {keyword.arg: constants(keyword.value) for keyword in call.keywords}
            yield parts["zh"], parts["en"]


def test_nothing_is_raised_in_one_language() -> None:
    wrong = []
    for name, tree in sources().items():
        allowed = DEFECTS.get(name, set())
        exempt = {
            id(call)
            for node in ast.walk(tree)
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name in allowed
            for call in calls(node)
        }
        for call in calls(tree):
            plain = name_of(call) in {"ValueError", "TypeError", "ValidationError"}
            if plain and id(call) not in exempt:
                wrong.append(f"{name}:{call.lineno} raise Misfit instead")
            if name_of(call) in SAYING and any(" " in "".join(constants(a)) for a in call.args):
                wrong.append(f"{name}:{call.lineno} says a text instead of Words")
    assert wrong == []


def test_all_words_are_in_their_language() -> None:
    wrong = []
    for name, tree in sources().items():
        for zh, en in words(tree):
            if zh and (
                not CHINESE.search("".join(zh)) or ENGLISH.search(QUOTED.sub("", "…".join(zh)))
            ):
                wrong.append((name, zh))
            if CHINESE.search("".join(en)):
                wrong.append((name, en))
    assert wrong == []


def test_all_that_is_said_of_a_value_is_in_the_table(documents: Told) -> None:
    """So whoever adds a message adds what causes it."""
    said = "\n".join(text for document in documents.values() for text in texts(document["zh"]))
    missing = []
    for name, tree in sources().items():
        for zh, _ in words(tree) if name not in ABOUT_NO_VALUE else ():
            longest = max(zh, key=len, default="")
            if longest not in said and not any(text in longest for text in NOT_BY_A_REQUEST):
                missing.append((name, longest))
    assert missing == []
