"""Finding things in a reply, whatever it is."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakeproviders.scenario.targets.find import Answered, pointed
from fakeproviders.scenario.targets.shapes import Find, Success

PAGE = """<html><body><p class="notice bad"> Not
 today </p><input name=ticket value=abc><ul><li>one<li>two</ul></body></html>"""
DATA = {"a": {"b/c": ["x", {"~": 5}]}, "": 0, "off": False, "none": None, "list": []}
JSON = Answered(200, {"X-Failure": "hang"}, json.dumps(DATA))
HTML = Answered(422, {}, PAGE)


@pytest.mark.parametrize(
    ("reply", "wanted", "found"),
    [
        (JSON, {"json": "/a/b~1c/1/~0"}, 5),
        (JSON, {"json": "/a/b~1c/0"}, "x"),
        (JSON, {"json": "/"}, 0),
        (JSON, {"json": ""}, DATA),
        (JSON, {"json": "/a/b~1c/2"}, None),
        (JSON, {"json": "/a/b~1c/01"}, None),
        (JSON, {"json": "/nothing/there"}, None),
        (HTML, {"json": "/a"}, None),
        (JSON, {"header": "X-Failure"}, "hang"),
        (JSON, {"header": "X-Other"}, None),
        (HTML, {"css": "p.notice"}, "Not today"),
        (HTML, {"css": "p.good"}, None),
        (HTML, {"css": "input[name=ticket]", "attribute": "value"}, "abc"),
        (HTML, {"css": "li", "all": True}, ["one", "two"]),
        (HTML, {"css": "h1", "all": True}, []),
        (Answered(200, {}, ""), {"css": "p"}, None),
        (HTML, {"regex": "value=([a-z]+)"}, "abc"),
        (HTML, {"regex": "Not"}, "Not"),
        (HTML, {"regex": "nowhere"}, None),
        (Answered(200, {}, "x=12.5"), {"regex": "x=(.*)", "number": True}, 12.5),
        (Answered(200, {}, "x=12"), {"regex": "x=(.*)", "number": True}, 12),
        (Answered(200, {}, "x=y"), {"regex": "x=(.*)", "number": True}, "y"),
    ],
)
def test_what_is_found(reply: Answered, wanted: dict[str, Any], found: object) -> None:
    assert reply.find(Find(**wanted)) == found


def test_the_first_that_is_there_is_taken() -> None:
    places = (Find(json="/none"), Find(json="/off"), Find(header="X-Failure"))
    assert JSON.first(places) == "hang"
    assert JSON.first(Find(json="/list")) == []
    assert JSON.first(()) is None


@pytest.mark.parametrize(
    ("reply", "success", "good"),
    [
        (JSON, {}, True),
        (HTML, {}, False),
        (HTML, {"status": [422]}, True),
        (JSON, {"status": [201]}, False),
        (JSON, {"found": {"json": "/a"}}, True),
        (JSON, {"found": {"json": "/off"}}, False),
        (JSON, {"found": {"json": "/list"}}, False),
        (JSON, {"found": {"json": "/off"}, "equals": False}, True),
        (JSON, {"found": {"json": "/off"}, "equals": 0}, False),
        (JSON, {"found": {"json": "/a/b~1c/0"}, "equals": "y"}, False),
        (HTML, {"absent": {"css": "p.bad"}}, False),
        (JSON, {"absent": {"css": "p.bad"}}, True),
        (JSON, {"status": [200], "absent": {"json": "/a"}}, False),
    ],
)
def test_a_good_reply(reply: Answered, success: dict[str, Any], good: bool) -> None:
    assert reply.meets(msgspec.convert(success, Success)) is good


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda parts: st.lists(parts) | st.dictionaries(st.text(), parts),
)


@given(json_values, st.data())
def test_a_pointer_leads_to_every_part(document: Any, data: st.DataObject) -> None:
    pointer, part = "", document
    while isinstance(part, (list, dict)) and part and data.draw(st.booleans()):
        keys = list(part) if isinstance(part, dict) else list(range(len(part)))
        key = data.draw(st.sampled_from(keys))
        pointer += "/" + str(key).replace("~", "~0").replace("/", "~1")
        part = part[key]
    assert pointed(document, pointer) == part


@given(st.text(), st.text())
def test_nothing_that_a_system_answers_is_too_much(body: str, pointer: str) -> None:
    reply = Answered(200, {}, body)
    reply.find(Find(css="p"))
    reply.find(Find(json=f"/{pointer}"))
