"""Results in plain text: what a failed step expected, what it found, and why the provider said so."""

import re
from collections.abc import Iterator

from fakeproviders.failures import Words
from fakeproviders.punctuation import COLON
from fakeproviders.scenario.results import PHASES, Check, ScenarioResult, StepResult, Trace
from fakeproviders.scenario.timeline import ENDS

OUTCOMES = {
    "passed": Words(zh="通过", en="passed"),
    "failed": Words(zh="失败", en="failed"),
    "skipped": Words(zh="跳过", en="skipped"),
}
EXPECTED = Words(zh="预期", en="expected")
ACTUAL = Words(zh="实际", en="actual")
_NOT_TEXT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PREFACE = Words(zh="前言", en="preface")


def failure_text(result: ScenarioResult, lang: str) -> str:
    """Why a scenario did not pass, on a few lines; empty for one that did."""
    return "\n".join(_lines(result, lang))


def clean(text: str) -> str:
    """A text without the characters that neither XML nor a page can hold."""
    return _NOT_TEXT.sub("\ufffd", text)


def section_words(section: str | None) -> Words:
    """A section of the guide; its preface has no number."""
    if section == "preface":
        return _PREFACE
    return Words(zh=f"§{section}", en=f"§{section}") if section else Words(zh="", en="")


def step_place(step: StepResult) -> Words:
    """Which step it is: ``steps 2``."""
    phase = PHASES[step.phase]
    number = "" if step.phase == "given" else f" {step.index}"
    return Words(zh=f"{phase.zh}{number}", en=f"{phase.en}{number}")


def trace_words(trace: Trace) -> Words:
    """A request and how it ended: ``r5 official send: refused signature_mismatch``."""
    head = f"{trace.request} {trace.provider} {trace.operation}"
    end = ENDS.get(trace.outcome, Words(zh=trace.outcome, en=trace.outcome))
    reason = f" {trace.reason}" if trace.reason else ""
    return Words(zh=f"{head}：{end.zh}{reason}", en=f"{head}: {end.en}{reason}")


def _lines(result: ScenarioResult, lang: str) -> Iterator[str]:
    step = result.failed_step
    if step is None:
        if result.reason is not None and result.outcome != "passed":
            yield result.reason[lang]
        return
    yield f"{step_place(step)[lang]}{COLON[lang]}{step.words[lang]}"
    if step.problem is not None:
        yield f"  {step.problem[lang]}"
    for check in step.checks:
        if not check.ok:
            yield from _check_lines(check, lang)
    for trace in step.traces:
        yield f"  {trace_words(trace)[lang]}"
        for decision in trace.decisions:
            yield f"    {'✓' if decision.passed else '✗'} {decision.words[lang]}"


def _check_lines(check: Check, lang: str) -> Iterator[str]:
    yield f"  {check.what[lang]}"
    yield f"    {EXPECTED[lang]}{COLON[lang]}{check.expected[lang]}"
    yield f"    {ACTUAL[lang]}{COLON[lang]}{check.actual[lang]}"
    for hint in check.hints:
        yield f"    - {hint[lang]}"
