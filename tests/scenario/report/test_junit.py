"""JUnit XML: valid, complete, and no text can break it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from fakeproviders.failures import Words
from fakeproviders.scenario.report.junit import junit
from fakeproviders.scenario.results import Summary
from tests.scenario.report.outcomes import ALL, BROKEN, FAILED

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).with_name("junit.xsd")))


def read(summary: Summary, lang: str = "en") -> etree._Element:
    root = etree.fromstring(junit(summary, lang))
    SCHEMA.assertValid(root)
    return root


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_each_scenario_is_a_testcase_with_its_outcome(lang: str) -> None:
    root = read(ALL, lang)
    cases = {case.get("name"): [part.tag for part in case] for case in root.iter("testcase")}
    assert cases == {
        "3-signature": ["system-out"],
        "4-signature": ["failure", "system-out"],
        "broken": ["error", "system-out"],
        "skipped": ["skipped", "system-out"],
    }


def test_counts_and_properties_are_there() -> None:
    [suite] = read(ALL).iter("testsuite")
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped", "time")}
    assert counts == {"tests": "4", "failures": "1", "errors": "1", "skipped": "1", "time": "1.250"}
    assert suite.get("timestamp") == "2026-11-23T13:00:00"
    properties = {p.get("name"): p.get("value") for p in suite.iter("property")}
    assert properties["scenarios.3-signature.seed"] == "7"
    assert properties["scenarios.skipped.target"] == "client:erban"


def test_scenarios_of_one_name_are_told_apart_by_their_files() -> None:
    paths = (
        None,
        "login.scenario.yaml",
        "ours/login.scenario.yaml",
        "/theirs/./login.scenario.yaml",
    )
    same = tuple(replace(FAILED, name="login", path=path) for path in paths)
    root = read(replace(ALL, results=same))
    classes = [case.get("classname") for case in root.iter("testcase")]
    assert classes == ["scenarios", "login", "ours.login", "theirs.login"]
    names = [p.get("name") for p in root.iter("property")]
    assert names == [f"{c}.login.{about}" for c in classes for about in ("seed", "target")]


def test_a_failure_reads_like_a_good_assertion() -> None:
    [failure] = read(ALL).iter("failure")
    text = failure.text or ""
    assert text.startswith("steps 1: ")
    for told in (
        "expected: one (en)",
        "actual: <script>",
        "r5 official send: refused",
        "✗ not equal (en)",
    ):
        assert told in text
    [skipped] = read(ALL).iter("skipped")
    assert skipped.get("message") == "no such action (en)"


@given(st.text(alphabet=st.characters(codec=None)))
def test_no_text_makes_it_invalid(text: str) -> None:
    told = Words(zh=text, en=text)
    failed = replace(FAILED, name=text, title=told, reason=told, target=text, path=text)
    read(Summary(results=(failed, replace(BROKEN, reason=told)), started_at="", took=0.0))
