"""The API's own description: valid, complete, and for people in one page without anything from outside."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from aiohttp import web
from openapi_spec_validator import OpenAPIV31SpecValidator

from fakeproviders.control.app import build_control
from fakeproviders.control.docs import docs_page
from fakeproviders.control.routes import ROUTES
from fakeproviders.scenario.shipped import shipped
from tests.e2e.running import RunningServer
from tests.e2e.world import Control, World

LANGS = ["zh", "en"]
FOR_BROWSERS = {("get", path) for path in ("/", "/console", "/console/{file}", "/favicon.ico")}
"""Ways to the pages, which are no calls of the API."""


@pytest.fixture
def control(server: RunningServer) -> Control:
    return Control(server.addresses.control)


def routes_of(app: web.Application) -> set[tuple[str, str]]:
    """Every method and path that the application answers."""
    found = set()
    for route in app.router.routes():
        assert route.resource is not None
        if route.method not in {"HEAD", "OPTIONS"}:
            found.add((route.method.lower(), route.resource.canonical))
    return found


@pytest.mark.parametrize("lang", LANGS)
def test_the_description_is_valid(control: Control, lang: str) -> None:
    document = control.get("/openapi.json", lang=lang)
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


def test_the_description_is_complete(running_server: RunningServer) -> None:
    import asyncio
    from unittest.mock import Mock

    described = Control(running_server.addresses.control).get("/openapi.json")["paths"]
    stated = {(method, path) for path, methods in described.items() for method in methods}
    app = build_control(Mock(token=None), asyncio.Event(), bound_to="127.0.0.1")
    assert stated == routes_of(app) - FOR_BROWSERS
    ids = [o["operationId"] for methods in described.values() for o in methods.values()]
    assert len(ids) == len(set(ids))


def test_an_example_can_be_run_as_it_stands() -> None:
    commands = re.findall(r"curl [^&<]*", docs_page(ROUTES, "en"))
    assert len(commands) == len(ROUTES)
    assert [each for each in commands if "{" in each] == []


def test_everything_in_it_is_explained(control: Control) -> None:
    for lang in LANGS:
        for methods in control.get("/openapi.json", lang=lang)["paths"].values():
            for operation in methods.values():
                assert operation["summary"]
                assert operation["responses"]["default"]
                assert all(p["schema"] for p in operation["parameters"])


EXAMPLES = [
    pytest.param(route, id=f"{route.method}-{route.path}")
    for route in ROUTES
    if route.example is not None and "{message}" not in route.path
]


@pytest.mark.parametrize("route", EXAMPLES)
@pytest.mark.fakeproviders(allow_unfired=True)
def test_every_example_works_as_it_stands(world: World, route: Any) -> None:
    path = route.path.replace("{session}", world.id).replace("{provider}", "official")
    path = path.replace("{scenario}", next(iter(shipped())))
    reply = world.control.call(route.method, path, route.example)
    assert reply.status == route.status, reply.text


class Page(HTMLParser):
    """What a page refers to."""

    def __init__(self) -> None:
        super().__init__()
        self.references: list[str] = []
        self.anchors: set[str] = set()
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in {"href", "src", "action", "srcset", "data", "poster"} and value:
                self.references.append(value)
            if name == "id" and value:
                self.anchors.add(value)


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_for_people(control: Control, lang: str) -> None:
    reply = control.call("GET", f"/docs?lang={lang}")
    assert (reply.status, reply.type) == (200, "text/html; charset=utf-8")
    page = Page()
    page.feed(reply.text)
    for reference in page.references:
        assert reference.startswith(("/", "#")), reference
        assert not reference.startswith("//")
        if reference.startswith("#"):
            assert reference[1:] in page.anchors
        else:
            assert control.call("GET", reference).status == 200
    assert not {"script", "iframe", "img", "link", "object", "embed"} & set(page.tags)
    assert "@import" not in reply.text
    assert "url(" not in reply.text
    for address in re.findall(r"https?://([\w.:-]+)", reply.text):
        assert address.startswith("127.0.0.1")
    other = {"zh": 'lang="en"', "en": 'lang="zh-CN"'}[lang]
    assert other not in reply.text.partition("<body>")[0]
    for route in ROUTES:
        assert route.summary[lang].replace("'", "&#39;") in reply.text
        assert route.path in reply.text


def test_the_page_speaks_the_readers_language(control: Control) -> None:
    for lang, tag in (("zh-CN", 'lang="zh-CN"'), ("en-US", 'lang="en"')):
        assert tag in control.call("GET", "/docs", headers={"Accept-Language": lang}).text


@pytest.mark.parametrize(
    ("accepted", "place"),
    [(None, "/docs"), ("*/*", "/docs"), ("text/html,application/xml;q=0.9", "/console/")],
)
def test_the_address_alone(control: Control, accepted: str | None, place: str) -> None:
    reply = control.call("GET", "/", headers={"Accept": accepted} if accepted else {})
    assert (reply.status, reply.headers["Location"]) == (302, place)


@pytest.mark.parametrize(("lang", "word"), [("zh", "控制台"), ("en", "Console")])
def test_the_page_leads_to_the_console(control: Control, lang: str, word: str) -> None:
    head = control.call("GET", f"/docs?lang={lang}").text.partition("</header>")[0]
    assert f'<a href="/console/">{word}</a>' in head


@pytest.mark.parametrize("asked", ["", "?session=s1"])
def test_the_console_is_found_without_its_last_slash(control: Control, asked: str) -> None:
    reply = control.call("GET", f"/console{asked}")
    assert (reply.status, reply.headers["Location"]) == (302, f"/console/{asked}")


def test_a_browser_that_asks_for_an_icon_by_itself_gets_the_consoles(control: Control) -> None:
    reply = control.call("GET", "/favicon.ico")
    assert (reply.status, reply.type.partition(";")[0]) == (200, "image/svg+xml")
    assert reply.text == control.call("GET", "/console/icon.svg").text


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health(control: Control, path: str) -> None:
    reply = control.call("GET", path)
    assert (reply.status, reply.json()) == (200, {"status": "ok"})
    assert control.call("HEAD", path).status in {200, 405}
