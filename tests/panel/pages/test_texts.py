"""The pages' texts, messages and links to remedies, taken by themselves."""

import re
from pathlib import Path

import pytest

import fakeproviders.panel
from fakeproviders.failures import Words, catalogue
from fakeproviders.panel.pages.menu import GLOBAL_SETTINGS
from fakeproviders.panel.pages.remedies import mended_at, origin_of
from fakeproviders.panel.pages.routes import PAGES
from fakeproviders.panel.pages.texts import TEXTS, frame, logs, members, notices, settings
from fakeproviders.panel.pages.told import KEPT, Board, Told

TEMPLATES = sorted(Path(fakeproviders.panel.__file__).with_name("templates").rglob("*.html"))
USED = re.compile(r"\bt\.(\w+)")
USED_BY_PART = {
    "group_": [p.path.rpartition("/")[2] for p in GLOBAL_SETTINGS.places if p.path[-3:] != "sms"],
    "lead_": [p.path.rpartition("/")[2] for p in GLOBAL_SETTINGS.places if p.path[-3:] != "sms"],
    "result_": ["pending", "sent", "refused", "failed", "captcha"],
    "status_": ["sending", "sent", "failed", "unknown"],
    "receipt_": ["submitted", "delivered", "undelivered"],
}
"""Texts whose names templates put together: the beginning, and what may follow."""


def test_every_text_is_used_and_every_text_used_is_there() -> None:
    used = {name for path in TEMPLATES for name in USED.findall(path.read_text("utf-8"))}
    used |= {f"{part}{name}" for part, names in USED_BY_PART.items() for name in names}
    assert used == TEXTS.keys()


def test_no_text_has_two_places() -> None:
    tables = (
        frame.FRAME,
        frame.HOME,
        settings.SETTINGS,
        logs.LOGS,
        notices.NOTICES,
        members.MEMBERS,
    )
    assert sum(len(table) for table in tables) == len(TEXTS)


def test_every_template_escapes() -> None:
    trusted = [path.name for path in TEMPLATES if "| safe" in path.read_text("utf-8")]
    assert trusted == ["codes.html"], "only the captcha's picture, which is ours, is markup"


@pytest.mark.parametrize("slug", catalogue())
def test_every_failure_says_where_it_is_from_and_links_to_pages_that_are_there(slug: str) -> None:
    entry = catalogue()[slug]
    paths = {page.path for page in PAGES if page.method == "GET"}
    assert {place.path for place in mended_at(entry)} <= paths
    assert "{" not in origin_of(entry).zh + origin_of(entry).en
    if entry.kind == "documented":
        assert mended_at(entry)
        assert entry.section == "preface" or entry.section in origin_of(entry).en


def test_the_board_keeps_a_bounded_number_of_messages() -> None:
    board = Board()
    told = Told(kind="good", words=Words(zh="好", en="good"))
    names = [board.keep("a", told) for _ in range(KEPT + 1)]
    assert board.find("a", names[0]) is None
    assert board.find("a", names[-1]) is told


def test_a_message_is_told_to_its_own_panel_only() -> None:
    board = Board()
    name = board.keep("a", Told(kind="good", words=Words(zh="好", en="good")))
    assert board.find("b", name) is None
