"""The verdict as HTML, JUnit and JSON: all of it is there, in both languages, and nothing can break out."""

import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree.ElementTree import Element, fromstring

import pytest
from markupsafe import escape

from fakeproviders.ledger.document import Document, Example, Series, Slot
from fakeproviders.load.report.html import html
from fakeproviders.load.report.json import document
from fakeproviders.load.report.junit import junit
from fakeproviders.load.report.plots import endings, times
from fakeproviders.load.thresholds import Thresholds
from tests.load.runs import a_ledger, a_verdict, spread

LANGS = pytest.mark.parametrize("lang", ["zh", "en"])
EVIL = "<script>alert(1)</script>\x00]]>&"
WRONG = Thresholds(retries=1, failed_over=1.0)


class Page(HTMLParser):
    """Tags and what is asked of other places."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.outside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.outside += [value or "" for name, value in attrs if name in {"src", "href"}]


@LANGS
def test_the_page_shows_every_check_and_needs_nothing_else(lang: str) -> None:
    verdict = a_verdict(thresholds=WRONG)
    text = html(verdict, lang)
    page = Page(text)
    assert "script" not in page.tags
    assert page.outside == []
    assert page.tags.count("svg") == 2
    for check in verdict.checks:
        assert escape(check.title[lang]) in text
        assert check.name in text
    assert {"zh": "2 项不符合要求", "en": "Failed: 2 of 16 checks"}[lang] in text
    assert f'id="to-{lang}" checked' in text


def test_a_page_is_bilingual_whatever_it_opens_in() -> None:
    text = html(a_verdict(), "en")
    assert "每个接口" in text
    assert "Door by door" in text


@LANGS
def test_what_came_from_outside_stays_text(lang: str) -> None:
    ledger = a_ledger(examples=[Example("early", 1.0, EVIL, EVIL, {EVIL: EVIL})], name=EVIL)
    verdict = a_verdict(ledger, errors={EVIL: 3})
    text = html(verdict, lang)
    assert "script" not in Page(text).tags
    assert "\x00" not in text
    fromstring(junit(verdict, lang))


def cases(verdict_xml: bytes) -> dict[str, Element]:
    return {case.get("name", ""): case for case in fromstring(verdict_xml).iter("testcase")}


def test_junit_has_a_testcase_a_check() -> None:
    verdict = a_verdict(thresholds=WRONG)
    root = fromstring(junit(verdict, "en"))
    assert (root.get("tests"), root.get("failures")) == ("16", "2")
    found = cases(junit(verdict, "en"))
    failure = found["retries"].find("failure")
    assert failure is not None
    assert (
        failure.get("message")
        == "Retries of one message: expected ≤ 1, actual 3 at most (1 messages)"
    )
    assert failure.text == "Give up, or change the provider, after a few retries."
    assert found["p99_ms"].find("skipped") is not None
    assert list(found) == [check.name for check in verdict.checks]


def test_json_has_all_of_it() -> None:
    verdict = a_verdict(thresholds=WRONG)
    whole = json.loads(json.dumps(document(verdict)))
    assert (whole["passed"], whole["failed"]) == (False, ["retries", "failed_over"])
    assert whole["checks"][0]["expected"] == {"zh": "≥ 1", "en": "≥ 1"}
    assert whole["thresholds"]["retries"] == 1
    assert whole["ledger"]["clients"]["by_retries"]["3"] == 1


def ledger_of(*slots: Slot) -> Document:
    return a_ledger(series=Series(1.0, list(slots)), outages=[])


def test_a_bar_is_as_high_as_its_slot_and_its_parts_stand_on_each_other() -> None:
    plot = endings(ledger_of(Slot(0, 10, 5, {"rate_limited": 3}, 2), Slot(1, 5, 5)))
    first = [bar for bar in plot.bars if bar.x == plot.bars[0].x]
    assert [bar.kind for bar in first] == ["accepted", "reason0", "unanswered"]
    for below, above in pairwise(first):
        assert above.y + above.height == pytest.approx(below.y, abs=0.2)
    assert first[0].height == pytest.approx(plot.bars[-1].height, abs=0.2)
    assert first[0].height / first[1].height == pytest.approx(5 / 3, rel=0.02)


def test_rare_reasons_share_a_colour() -> None:
    refused = {f"reason_{number}": 10 - number for number in range(9)}
    plot = endings(ledger_of(Slot(0, 60, 6, refused)))
    assert [kind for kind, _ in plot.legend].count("others") == 1
    assert len(plot.legend) == 8


def test_times_count_from_the_beginning_of_the_load() -> None:
    assert "out of order from 1.0 s, 4 failures, until 2.0 s" in html(a_verdict(), "en")


def test_the_drawing_begins_with_the_load() -> None:
    plot = endings(ledger_of(Slot(30, 1, 1), Slot(40, 1, 1)))
    assert plot.across[0].label == "0 s"
    assert plot.bars[0].x == plot.across[0].at


@pytest.mark.parametrize("ledger", [ledger_of(), ledger_of(Slot(0, 1, 1, {}, 0, spread(30.0)))])
def test_a_drawing_of_next_to_nothing_can_be_drawn(ledger: Document) -> None:
    for plot in (endings(ledger), times(ledger)):
        numbers = [float(n) for line in plot.lines for n in re.findall(r"[\d.]+", line.points)]
        assert all(0 <= number <= 1040 for number in numbers)
        assert 2 <= len(plot.upwards) <= 8
