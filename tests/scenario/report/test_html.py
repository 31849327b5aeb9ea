"""The HTML report: one file, both languages, nothing of a text that acts."""

from collections.abc import Iterator
from itertools import pairwise

import lxml.html
import pytest
from msgspec.structs import replace

from fakeproviders.failures import Words, catalogue
from fakeproviders.scenario.report.drawing import MOST_EVENTS, SLOT, drawn
from fakeproviders.scenario.report.html import html
from fakeproviders.scenario.results import ScenarioResult, Summary
from tests.scenario.report.outcomes import ALL, FAILED, HARM, MENDED, SEEN, SKIPPED, event


def page(summary: Summary = ALL, lang: str = "en") -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(html(summary, lang))


def text_in(element: lxml.html.HtmlElement, lang: str) -> str:
    """What a reader of one language sees."""

    def parts(node: lxml.html.HtmlElement) -> Iterator[str]:
        if node.get("class") == ("zh" if lang == "en" else "en"):
            return
        yield node.text or ""
        for child in node:
            yield from parts(child)
            yield child.tail or ""

    return " ".join("".join(parts(element)).split())


@pytest.mark.parametrize(("lang", "opens"), [("zh", "to-zh"), ("en", "to-en")])
def test_it_opens_in_the_language_asked_for_and_has_both(lang: str, opens: str) -> None:
    document = page(lang=lang)
    [checked] = document.xpath("//form[@class='languages']/input[@checked]")
    assert checked.get("id") == opens
    body = document.xpath("//body")[0]
    assert "The troubleshooting guide" in text_in(body, "en")
    assert "排障指南逐节核对" in text_in(body, "zh")
    assert "signature (en)" in text_in(body, "en")
    assert "signature (en)" not in text_in(body, "zh")


def test_it_needs_nothing_else_and_runs_nothing() -> None:
    document = page()
    assert document.xpath("//script | //link | //img | //iframe | //@onclick | //@onload") == []
    assert "url(" not in html(ALL, "en")
    assert all(href.startswith("#") for href in document.xpath("//@href"))


def test_no_text_becomes_markup() -> None:
    shown = html(ALL, "en")
    assert "<script" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert HARM.rstrip("\x07")[:8] in text_in(page().xpath("//body")[0], "en")


def test_a_text_that_is_no_text_is_shown_all_the_same() -> None:
    odd = Words(zh="\ud800\x00", en="\ud800\x00")
    shown = html(replace(ALL, results=(replace(MENDED, title=odd),)), "en")
    assert "\ufffd\ufffd" in shown
    assert shown.encode()


def test_the_head_says_how_it_went() -> None:
    said = text_in(page().xpath("//section")[0], "en")
    assert "2 of 4 scenarios failed. 1 of them could not be run." in said
    good = replace(ALL, results=(MENDED,))
    assert "All passed" in text_in(page(good).xpath("//section")[0], "en")
    assert "全部通过" in text_in(page(good).xpath("//section")[0], "zh")
    some = replace(ALL, results=(MENDED, SKIPPED))
    assert "1 skipped" in text_in(page(some).xpath("//section")[0], "en")
    broken_off = replace(good, interrupted=True)
    assert "broken off" in text_in(page(broken_off).xpath("//section")[0], "en")


def test_each_entry_of_the_guide_has_cause_text_remedy_and_proof() -> None:
    rows = page().xpath("//table[@class='guide']/tbody/tr")
    entries = [entry for entry in catalogue().values() if entry.kind == "documented"]
    assert len(rows) == len(entries)
    for row, entry in zip(rows, entries, strict=True):
        said = text_in(row, "en")
        assert " ".join(entry.cause.en.split()) in said
        assert " ".join(entry.remedy.en.split()) in said
        proof = {"signature_mismatch": "✓ works 3-signature", "signature_not_found": "✗ not proven"}
        assert proof.get(entry.slug, "not in this run") in said
    assert SEEN in text_in(rows[3], "en")


def test_an_entry_whose_scenario_was_skipped_is_not_called_unproven() -> None:
    skipped = replace(SKIPPED, section="3", failure="signature_mismatch")

    def proof(*results: ScenarioResult) -> str:
        rows = page(replace(ALL, results=results)).xpath("//table[@class='guide']/tbody/tr")
        return text_in(rows[3].xpath("td")[-1], "en")

    assert proof(skipped) == "not in this runskipped"
    assert proof(skipped, MENDED) == "✓ works skipped3-signature"


def test_two_of_one_name_have_a_link_each() -> None:
    twin = replace(MENDED, path="ours/3-signature.scenario.yaml")
    document = page(replace(ALL, results=(MENDED, twin, FAILED)))
    links = [link.removeprefix("#") for link in document.xpath("//table[@class='guide']//a/@href")]
    assert links == ["3-signature/1", "3-signature/2", "4-signature"]
    shown = [document.get_element_by_id(link).text_content() for link in links]
    assert [twin.path in text for text in shown] == [False, True, False]


@pytest.mark.parametrize(
    ("took", "said"),
    [(0.4, "400 ms"), (59.94, "59.9 s"), (59.97, "1 min 0 s"), (119.7, "2 min 0 s"), (61.2, "1 min 1 s")],
)  # fmt: skip
def test_a_duration_is_said_in_whole_minutes_and_seconds(took: float, said: str) -> None:
    assert text_in(page(replace(ALL, took=took)).xpath("//dl/div")[1], "en").endswith(said)


def test_without_the_guide_there_is_no_table_of_it() -> None:
    assert page(replace(ALL, results=(SKIPPED,))).xpath("//table[@class='guide']") == []


def test_a_failure_shows_expected_actual_and_why() -> None:
    failed, _ = page().xpath("//details[contains(@class, 'is-failed')]")
    assert failed.get("open") is not None
    said = text_in(failed, "en")
    for told in ("one (en)", "a hint (en)", "r5 official send: refused signature_mismatch",
                 "✗ not equal (en)", "3 later steps were not run."):  # fmt: skip
        assert told in said
    [wrong] = failed.xpath(".//tr[@class='wrong']")
    assert "text (en)" in text_in(wrong, "en")


def test_those_that_did_not_pass_come_first() -> None:
    classes = page().xpath("//details[contains(@class, 'scenario')]/@class")
    assert [name.rpartition("is-")[2] for name in classes] == [
        "failed",
        "failed",
        "skipped",
        "passed",
    ]


def test_the_timeline_has_each_event_in_its_lane_and_order() -> None:
    drawing = drawn(MENDED.steps, MENDED.events)
    lanes = {lane.y: lane.name.en for lane in drawing.lanes}
    assert [(lanes[mark.y], mark.event.words.en) for mark in drawing.marks] == [
        ("requests", "refused (en)"), ("faults", "rule (en)"), ("clock", "midnight (en)"),
        ("messages", "delivered (en)"),
    ]  # fmt: skip
    xs = [mark.x for mark in drawing.marks]
    assert all(later - earlier >= SLOT for earlier, later in pairwise(xs))
    assert [band.label.en for band in drawing.bands] == ["given", "1", "1"]
    assert drawing.bands[-1].x + drawing.bands[-1].width <= drawing.width


def test_a_storm_of_events_is_drawn_in_part_and_says_so() -> None:
    storm = tuple(event("request", n / 1000, f"r{n}") for n in range(MOST_EVENTS + 5))
    shown = page(replace(ALL, results=(replace(FAILED, events=storm),)))
    assert "5 more events are not drawn." in text_in(shown.xpath("//body")[0], "en")
    assert len(shown.xpath("//svg[@class='timeline']//circle")) == MOST_EVENTS


def test_words_that_are_equal_are_there_once() -> None:
    same = replace(MENDED, title=Words(zh="x1y2", en="x1y2"))
    assert html(replace(ALL, results=(same,)), "en").count("x1y2") == 1
