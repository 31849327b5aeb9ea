"""Results as JUnit XML, in the form that Jenkins and GitLab read: one testcase a scenario.

A testcase's class is the scenario's file, as pytest writes modules: ``ours/login.scenario.yaml`` is
``ours.login``. Scenarios that are shipped, each of a name of its own, are all of ``scenarios``.

The common schema knows properties of a suite alone, so a scenario's seed and target are there, under
``CLASS.NAME.seed`` and ``CLASS.NAME.target``; for whoever reads a testcase they are in its ``system-out`` too.
"""

from pathlib import PurePath
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from fakeproviders.scenario.load import SUFFIX
from fakeproviders.scenario.report.text import clean, failure_text
from fakeproviders.scenario.results import ScenarioResult, Summary

_MESSAGE = 300
"""Characters of the ``message`` attribute: the first line, for lists."""


def junit(summary: Summary, lang: str) -> bytes:
    """A ``testsuites`` document in UTF-8."""
    counts = {
        "tests": str(len(summary.results)),
        "failures": str(summary.count("failed") - summary.errors),
        "errors": str(summary.errors),
        "skipped": str(summary.count("skipped")),
        "time": f"{summary.took:.3f}",
    }
    totals = {name: count for name, count in counts.items() if name != "skipped"}
    root = Element("testsuites", {"name": "fakeproviders", **totals})
    suite = SubElement(root, "testsuite", {"name": "fakeproviders.scenarios", **counts})
    if summary.started_at:
        suite.set("timestamp", summary.started_at[:19])
    properties = SubElement(suite, "properties")
    for result in summary.results:
        for name, value in (("seed", str(result.seed)), ("target", result.target)):
            key = f"{_class_of(result)}.{result.name}.{name}"
            attributes = {"name": clean(key), "value": clean(value)}
            SubElement(properties, "property", attributes)
    suite.extend(_testcase(result, lang) for result in summary.results)
    indent(root)
    xml: bytes = tostring(root, "utf-8", xml_declaration=True)
    return xml


def _testcase(result: ScenarioResult, lang: str) -> Element:
    names = {"classname": clean(_class_of(result)), "name": clean(result.name)}
    case = Element("testcase", {**names, "time": f"{result.took:.3f}"})
    _add_outcome(case, result, lang)
    about = f"{result.title[lang]}\nseed {result.seed}, target {result.target}\n"
    SubElement(case, "system-out").text = clean(about)
    return case


def _class_of(result: ScenarioResult) -> str:
    if result.path is None:
        return "scenarios"
    path = PurePath(result.path.removesuffix(SUFFIX))
    return ".".join(path.relative_to(path.anchor).parts)


def _add_outcome(case: Element, result: ScenarioResult, lang: str) -> None:
    reason = "" if result.reason is None else result.reason[lang]
    if result.outcome == "skipped":
        SubElement(case, "skipped", {"message": clean(reason)})
    elif result.outcome == "failed":
        whole = failure_text(result, lang) or reason
        tag = "error" if result.error else "failure"
        first = (reason or whole).partition("\n")[0][:_MESSAGE]
        element = SubElement(case, tag, {"message": clean(first), "type": tag})
        element.text = clean(whole)
