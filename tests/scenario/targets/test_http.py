"""A target file, interpreted against a small system over real sockets."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from aiohttp import web

from fakeproviders.scenario.lint import sample_session
from fakeproviders.scenario.model import PanelState, Scenario
from fakeproviders.scenario.results import Seen
from fakeproviders.scenario.targets.base import Driven, TargetError
from fakeproviders.scenario.targets.http import HttpTarget
from fakeproviders.scenario.targets.shapes import TargetFile
from tests.scenario.replaying import scenario_of

SEND = {"event": "register", "mobile": "13800138000"}
JSON = {"text": {"json": "/text"}, "failure": {"json": "/slug"}, "data": {"json": ""}}


class System:
    """Notes what it is asked, and answers as it is told."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.answers: list[web.Response] = []
        self.hangs = False

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        form = dict(await request.post()) if "form" in request.content_type else {}
        self.asked.append(
            {
                "what": f"{request.method} {request.path_qs}",
                "form": form,
                "json": await request.json() if request.content_type.endswith("json") else None,
                "tag": request.headers.get("X-Tag"),
                "cookies": dict(request.cookies),
            }
        )
        if self.hangs:
            await asyncio.sleep(60)
        return self.answers.pop(0) if self.answers else web.json_response({"text": "fine"})


@asynccontextmanager
async def driven(system: System, **file: Any) -> AsyncIterator[Driven]:
    runner = web.ServerRunner(web.Server(system.handle), shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with target(base_url="{{ env.URL }}", environ={"URL": url}, **file).drive(
            sample_session()
        ) as one:
            yield one
    finally:
        await runner.cleanup()


def target(environ: dict[str, str] | None = None, **file: Any) -> HttpTarget:
    shape = msgspec.convert({"base_url": "http://127.0.0.1:9", "actions": {}, **file}, TargetFile)
    return HttpTarget("a.target.yaml", shape, environ or {})


def acted(system: System, doing: Any, action: str, given: Any, **file: Any) -> Seen:
    """What one action gives."""

    async def act() -> Seen:
        async with driven(system, actions={action: doing}, **file) as one:
            return await one.act(action, given)

    return asyncio.run(act())


def test_a_request_is_made_of_templates() -> None:
    system = System()
    doing = {
        "request": {
            "path": "/codes/{{ event }}",
            "query": {"q": "{{ session.official.app_id }}", "left": None},
            "headers": {"X-Tag": "{{ 'yes' if captcha else 'no' }}"},
            "form": {"tel": "{{ mobile }}", "flag": True, "left": None},
        }
    }
    acted(system, doing, "send_code", SEND)
    (asked,) = system.asked
    app_id = sample_session()["official"]["app_id"]
    assert asked["what"] == f"POST /codes/register?q={app_id}"
    assert (asked["form"], asked["tag"]) == ({"tel": "13800138000", "flag": "true"}, "no")


def test_each_item_of_an_object_is_a_request_up_to_the_first_that_is_refused() -> None:
    system = System()
    doing = {"each": "{{ parameters }}", "request": {"method": "PUT", "path": "/{{ key }}", "json": "{{ value }}"},
             "reply": JSON}  # fmt: skip
    given = {
        "sms": {"channel": "erban"},
        "member": {"codes_per_hour": None},
        "time": {"zone": "+00:00"},
    }
    system.answers = [web.json_response({}), web.json_response({"text": "no"}, status=422)]
    seen = acted(system, doing, "set", given)
    assert [(a["what"], a["json"]) for a in system.asked] == [
        ("PUT /sms", {"channel": "erban"}),
        ("PUT /member", {"codes_per_hour": None}),
    ]
    assert (seen.succeeded, seen.text) == (False, "no")


def test_what_is_kept_and_cookies_go_on_with_the_next_request() -> None:
    system = System()
    first = web.Response(text='<input name=csrf value="t0k">', content_type="text/html")
    first.set_cookie("sid", "7")
    system.answers = [first]
    doing = [
        {"request": {"method": "GET", "path": "/"},
         "keep": {"csrf": {"css": "input[name=csrf]", "attribute": "value"}}},
        {"when": "{{ captcha }}", "request": {"path": "/never"}},
        {"request": {"path": "/send", "form": {"csrf": "{{ kept.csrf }}"}}},
    ]  # fmt: skip
    acted(system, doing, "send_code", SEND)
    assert [asked["what"] for asked in system.asked] == ["GET /", "POST /send"]
    assert (system.asked[1]["form"], system.asked[1]["cookies"]) == ({"csrf": "t0k"}, {"sid": "7"})


def test_a_refusal_is_seen_with_text_failure_and_data() -> None:
    system = System()
    system.answers = [web.json_response({"text": "慢了", "slug": "hang", "n": 2}, status=502)]
    seen = acted(system, {"request": {"path": "/"}, "reply": JSON}, "send_code", SEND)
    assert seen == Seen(
        succeeded=False, text="慢了", failure="hang", data={"text": "慢了", "slug": "hang", "n": 2}
    )


def test_a_refusal_without_a_text_shows_its_status() -> None:
    system = System()
    system.answers = [web.Response(status=500)]
    assert acted(system, {"request": {"path": "/"}}, "send_code", SEND).text == "HTTP 500"


def test_a_reply_that_comes_in_pieces_is_read_to_its_end() -> None:
    system = System()

    async def slowly(request: web.BaseRequest) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "application/json"})
        await answer.prepare(request)
        for part in (b'{"te', b'xt": ', b'"whole"}'):
            await answer.write(part)
            await asyncio.sleep(0.05)
        return answer

    system.handle = slowly  # type: ignore[method-assign]
    seen = acted(system, {"request": {"path": "/"}, "reply": JSON}, "send_code", SEND)
    assert seen.text == "whole"


@pytest.mark.parametrize("charset", ["no-such", "hex", "gb18030", "utf-8"])
def test_whatever_charset_a_reply_names_it_is_read(charset: str) -> None:
    system = System()
    body = "<p>好</p>".encode("gb18030" if charset == "gb18030" else "utf-8")
    kind = {"Content-Type": f"text/html; charset={charset}"}
    system.answers = [web.Response(body=body, headers=kind)]
    doing = {"request": {"path": "/"}, "reply": {"text": {"css": "p"}}}
    assert acted(system, doing, "send_code", SEND).text == "好"


def test_it_is_left_as_the_file_says_even_when_a_run_is_broken_off() -> None:
    system = System()

    async def broken_off() -> None:
        finish = {"request": {"path": "/end"}}
        async with driven(system, finish=finish):
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(broken_off())
    assert [asked["what"] for asked in system.asked] == ["POST /end"]


def test_a_redirect_is_followed_to_the_page_that_the_user_sees() -> None:
    system = System()
    page = web.Response(text="<p class=ok>Sent</p>", content_type="text/html")
    system.answers = [web.Response(status=303, headers={"Location": "/done"}), page]
    reply = {"success": {"found": {"css": "p.ok"}}, "text": {"css": "p"}}
    seen = acted(system, {"request": {"path": "/"}, "reply": reply}, "send_code", SEND)
    assert (seen.succeeded, seen.text) == (True, "Sent")


def test_nothing_to_do_succeeds() -> None:
    system = System()
    assert acted(system, None, "save", {}) == Seen(succeeded=True)
    assert system.asked == []


def test_it_is_prepared_and_left_as_the_file_says() -> None:
    system = System()
    request = {
        "path": "/set",
        "json": {"channel": "{{ settings.sms.channel }}", "all": "{{ changes }}"},
    }
    finish = {"request": {"path": "/end", "json": "{{ settings.sms.channel }}"}}

    async def whole() -> None:
        file = {
            "prepare": {"request": request},
            "finish": finish,
            "actions": {"set": None, "save": None},
        }
        async with driven(system, **file) as one:
            await one.prepare(PanelState(settings={"sms": {"channel": "erban"}}))
            await one.act("set", {"sms": {"channel": "reseller"}})
            await one.act("save", {})

    asyncio.run(whole())
    assert [asked["json"] for asked in system.asked] == [
        {"channel": "erban", "all": {"sms": {"channel": "erban"}}},
        "reseller",
    ]


def test_a_refused_preparation_is_an_error() -> None:
    system = System()
    system.answers = [web.Response(status=404)]

    async def prepare() -> None:
        async with driven(system, prepare={"request": {"path": "/"}}) as one:
            await one.prepare(PanelState())

    with pytest.raises(
        TargetError, match="did not accept a request of prepare or finish: HTTP 404"
    ):
        asyncio.run(prepare())


async def hangs(system: System) -> None:
    system.hangs = True
    async with driven(
        system, timeout=0.2, actions={"send_code": {"request": {"path": "/"}}}
    ) as one:
        await one.act("send_code", SEND)


async def is_gone(system: System) -> None:
    del system
    async with target(actions={"send_code": {"request": {"path": "/"}}}).drive(
        {**sample_session()}
    ) as one:
        await one.act("send_code", SEND)


async def leaves(system: System) -> None:
    async def leave(request: web.BaseRequest) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    system.handle = leave  # type: ignore[method-assign]
    async with driven(system, actions={"send_code": {"request": {"path": "/"}}}) as one:
        await one.act("send_code", SEND)


async def says_too_much(system: System) -> None:
    async def go_on(request: web.BaseRequest) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        with contextlib.suppress(ConnectionError):
            while True:
                await answer.write(b" " * 65_536)
        return answer

    system.handle = go_on  # type: ignore[method-assign]
    async with driven(system, actions={"send_code": {"request": {"path": "/"}}}) as one:
        await one.act("send_code", SEND)


async def leads_in_a_circle(system: System) -> None:
    system.answers = [web.Response(status=302, headers={"Location": "/"}) for _ in range(20)]
    async with driven(system, actions={"send_code": {"request": {"path": "/"}}}) as one:
        await one.act("send_code", SEND)


async def has_a_bad_template(system: System) -> None:
    async with driven(system, actions={"send_code": {"request": {"path": "/{{ mobil }}"}}}) as one:
        await one.act("send_code", SEND)


async def repeats_what_is_no_object(system: System) -> None:
    doing = {"each": "{{ mobile }}", "request": {"path": "/"}}
    async with driven(system, actions={"send_code": doing}) as one:
        await one.act("send_code", SEND)


@pytest.mark.parametrize(
    ("trouble", "en", "zh"),
    [
        (hangs, r"gave no reply within 0.2 s", "在 0.2 秒内没有响应"),
        (
            is_gone,
            r"cannot connect to the target at http://127.0.0.1:9/",
            "（连接被拒绝）",
        ),
        (leaves, r"got no whole reply", "没有得到完整的响应"),
        (says_too_much, r"is larger than 4 MiB", "的响应超过 4 MiB"),
        (leads_in_a_circle, r"got no whole reply", "没有得到完整的响应"),
        (has_a_bad_template, r"a template of the target file", "目标文件的模板出错"),
        (repeats_what_is_no_object, r"'{{ mobile }}' gives '13800138000'", "each 应得到一个对象"),
    ],
)
def test_trouble_is_told_clearly(
    trouble: Callable[[System], Awaitable[None]], en: str, zh: str
) -> None:
    async def bounded() -> None:
        await asyncio.wait_for(trouble(System()), 10)

    with pytest.raises(TargetError, match=en) as caught:
        asyncio.run(bounded())
    assert zh in caught.value.words.zh


STEPS = "steps: [{do: send_code, with: {event: register, mobile: x}, cause: true, expect: {user: {%s}}}]"


def scenario(expect: str = "succeeds: false", **more: str) -> Scenario:
    lines = [f"{key}: {value}" for key, value in more.items() if key != "steps"]
    body = more.get("steps", STEPS % expect)
    return scenario_of("\n".join(["title: {zh: 试验, en: A trial}", *lines, body]))


SET_AND_SEND = """steps:
  - {do: set, cause: true, with: {sms: {channel: erban}}}
  - {do: send_code, with: {event: register, mobile: x}}
"""
ALL = {"send_code": None, "set": None, "save": None}


@pytest.mark.parametrize(
    ("file", "made", "lacking"),
    [
        ({}, scenario(), "the target lacks the action send_code"),
        ({"actions": ALL}, scenario(), None),
        ({"actions": ALL, "supports": {"events": ["login"]}}, scenario(), "the target lacks the event register"),
        ({"actions": ALL, "supports": {"settings": ["sms.*"]}},
         scenario(cause="{panel: {settings: {time: {zone: '+00:00'}}}}"), "the target lacks the setting time.zone"),
        ({"actions": ALL, "supports": {"settings": ["time.*"]}},
         scenario(cause="{panel: {settings: {time: {zone: '+00:00'}}}}"), None),
        ({"actions": ALL, "supports": {"settings": [], "fixed": {"sending.retries": 0}}},
         scenario(given="{panel: {settings: {sending: {retries: 0}}}}"), None),
        ({"actions": ALL, "supports": {"fixed": {"sending.retries": 0}}},
         scenario(given="{panel: {settings: {sending: {retries: 2}}}}"),
         "the target lacks the setting sending.retries"),
        ({"actions": ALL, "supports": {"drafts": False}}, scenario(steps=SET_AND_SEND),
         "its settings take effect at once: none is entered and not saved"),
        ({"actions": ALL}, scenario(steps=SET_AND_SEND), None),
        ({"actions": ALL, "supports": {"notifications": False}},
         scenario(given="{panel: {notifications: {register: {row: false}}}}"), "it has no notification matrix"),
        ({"actions": ALL, "wording": {"hang": "slow"}}, scenario("failure: reset"),
         "the target lacks a wording for reset"),
        ({"actions": ALL, "wording": {"hang": "slow"}}, scenario("failure: hang"), None),
        ({"actions": ALL, "wording": {"某某": "slow"}}, scenario("sees: 某某"), None),
        ({"actions": ALL}, scenario("sees: 某某"), None),
        ({"actions": ALL}, scenario("data: {fee: 1}"), "the target lacks the answer's data fee"),
    ],
)  # fmt: skip
def test_what_a_target_lacks(file: dict[str, Any], made: Scenario, lacking: str | None) -> None:
    words = target(**file).lacks(made)
    assert (words and words.en) == lacking


def test_its_own_wording_replaces_what_the_panel_says() -> None:
    user = scenario("sees: 某某, failure: hang").steps[0].expect.user
    assert user is not None
    worded = target(wording={"hang": "slow"}).expected(user)
    assert (worded.sees, worded.failure) == ("slow", None)
    assert target(wording={"hang": "slow", "某某": "so"}).expected(user).sees == "so"
    assert target().expected(user) == user
