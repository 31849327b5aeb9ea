"""The console's files: what is served, under which policy, and what they never do."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from tests.e2e.running import RunningServer
from tests.e2e.world import Control

FOLDER = Path(str(files("fakeproviders.control").joinpath("console")))
FILES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.*"))
TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
MARKUP = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "createContextualFragment", "eval(",
          "new Function", "srcdoc", "setHTMLUnsafe", "javascript:")  # fmt: skip


@pytest.fixture
def control(server: RunningServer) -> Control:
    return Control(server.addresses.control)


@pytest.mark.parametrize("path", ["", *FILES])
def test_every_file_is_served_under_the_policy(control: Control, path: str) -> None:
    reply = control.call("GET", f"/console/{path}")
    assert reply.status == 200
    assert reply.body == (FOLDER / (path or "index.html")).read_bytes()
    kind = TYPES[Path(path or "index.html").suffix]
    assert reply.type == f"{kind}; charset=utf-8"
    policy = dict(
        part.split(" ", 1) for part in reply.headers["Content-Security-Policy"].split("; ")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in str(policy)
    assert reply.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_is_sent_again_only_when_it_has_changed(control: Control) -> None:
    first = control.call("GET", "/console/js/main.js")
    assert first.headers["Cache-Control"] == "no-cache"
    known = {"If-None-Match": first.headers["ETag"]}
    again = control.call("GET", "/console/js/main.js", headers=known)
    assert (again.status, again.body) == (304, b"")
    other = control.call("GET", "/console/css/base.css", headers=known)
    assert other.status == 200


@pytest.mark.parametrize(
    "path",
    [
        "nothing.js",
        "js",
        "js/",
        "../app.py",
        "..%2fapp.py",
        "js/../../app.py",
        "/etc/passwd",
        "%00",
    ],
)
def test_nothing_else_is_served(control: Control, path: str) -> None:
    reply = control.call("GET", f"/console/{path}")
    assert reply.status == 404
    assert reply.type.startswith("application/problem+json")


@pytest.mark.parametrize("path", [path for path in FILES if not path.endswith(".svg")])
def test_no_file_makes_markup_of_text_or_names_another_host(path: str) -> None:
    text = (FOLDER / path).read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
    assert [word for word in MARKUP if word in text] == []
    assert re.findall(r"(?:https?:)?//[\w-]+\.\w+", text) == []
    assert "@import" not in text
