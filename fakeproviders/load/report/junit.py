"""The verdict as JUnit XML: one testcase a check."""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from fakeproviders.failures import Words
from fakeproviders.load.verdict import Check, Verdict
from fakeproviders.scenario.report.text import ACTUAL, EXPECTED, clean


def junit(verdict: Verdict, lang: str) -> bytes:
    """A ``testsuites`` document in UTF-8."""
    counts = {
        "tests": str(len(verdict.checks)),
        "failures": str(verdict.number("failed")),
        "errors": "0",
        "time": f"{verdict.ledger.seconds:.3f}",
    }
    root = Element("testsuites", {"name": "fakeproviders", **counts})
    name = clean(f"fakeproviders.load.{verdict.plan}")
    suite = SubElement(root, "testsuite", {"name": name, **counts})
    suite.set("skipped", str(verdict.number("skipped")))
    suite.set("timestamp", verdict.ledger.started_at[:19])
    suite.extend(_testcase(check, verdict, lang) for check in verdict.checks)
    indent(root)
    xml: bytes = tostring(root, "utf-8", xml_declaration=True)
    return xml


def _testcase(check: Check, verdict: Verdict, lang: str) -> Element:
    case = Element(
        "testcase", {"classname": clean(f"load.{verdict.plan}"), "name": check.name, "time": "0"}
    )
    expected, actual = check.expected, check.actual
    said = Words(
        zh=f"{check.title.zh}：{EXPECTED.zh} {expected.zh}，{ACTUAL.zh} {actual.zh}",
        en=f"{check.title.en}: {EXPECTED.en} {expected.en}, {ACTUAL.en} {actual.en}",
    )[lang]
    if check.outcome == "skipped":
        SubElement(case, "skipped", {"message": check.actual[lang]})
    elif check.outcome == "failed":
        failure = SubElement(case, "failure", {"message": said, "type": "failed"})
        failure.text = check.advice[lang]
    SubElement(case, "system-out").text = said
    return case
