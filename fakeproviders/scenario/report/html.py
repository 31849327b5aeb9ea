"""Results as one HTML file that needs nothing else: to be mailed, archived, printed.

Both languages are in it; so are light and dark colours. It has no script and loads nothing.
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from typing import get_args

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from fakeproviders import __version__
from fakeproviders.failures import Words, catalogue
from fakeproviders.scenario.report.coverage import guide_coverage, is_mended
from fakeproviders.scenario.report.drawing import drawn
from fakeproviders.scenario.report.text import (
    OUTCOMES,
    clean,
    section_words,
    step_place,
    trace_words,
)
from fakeproviders.scenario.results import PHASES, Outcome, ScenarioResult, Summary

_RING = 2 * math.pi * 42
"""The circumference of the ring that the outcomes share."""
_ORDER: tuple[Outcome, ...] = ("failed", "skipped", "passed")
"""What a reader looks for first."""


def html(summary: Summary, lang: str) -> str:
    """The page; ``lang`` is the language that it opens in."""
    page = _template().render(
        summary=summary,
        lang=lang,
        coverage=guide_coverage(summary.results),
        facts=_facts(summary),
        ring=_ring(summary),
        counts={outcome: summary.count(outcome) for outcome in get_args(Outcome)},
        started=_moment(summary.started_at),
        anchor=_anchors(summary.results),
        worst_first=sorted(summary.results, key=lambda r: _ORDER.index(r.outcome)),
    )
    return clean(page)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("fakeproviders.scenario.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"both": both, "seconds": _seconds, "section": section_words}
    environment.globals |= {
        "OUTCOMES": OUTCOMES,
        "PHASES": PHASES,
        "catalogue": catalogue(),
        "drawn": drawn,
        "step_place": step_place,
        "trace_words": trace_words,
        "version": __version__,
        "words": Words,
    }
    return environment.get_template("report.html")


def both(words: Words) -> Markup:
    """A text in both languages, of which the page shows one."""
    if words.zh == words.en:
        return escape(words.zh)
    return Markup('<span class="zh" lang="zh-CN">{}</span><span class="en" lang="en">{}</span>').format(
        words.zh, words.en
    )  # fmt: skip


def _anchors(results: Sequence[ScenarioResult]) -> Callable[[ScenarioResult], str]:
    """What gives the text that a result is linked by: its name, and a number where others have that too.

    No file's name has a slash in it.
    """
    named = Counter(result.name for result in results)
    anchors = {
        id(result): result.name if named[result.name] == 1 else f"{result.name}/{number}"
        for number, result in enumerate(results, 1)
    }
    return lambda result: anchors[id(result)]


def _facts(summary: Summary) -> list[tuple[Words, str]]:
    """Figures for the head of the page."""
    events = [event for result in summary.results for event in result.events]

    def of(kind: str) -> str:
        return f"{sum(event.kind == kind for event in events):,}"

    mended = sum(map(is_mended, summary.results))
    return [
        (Words(zh="场景", en="scenarios"), f"{len(summary.results):,}"),
        (Words(zh="用时", en="duration"), _seconds(summary.took)),
        (Words(zh="处理方法得到证明", en="remedies proven"), f"{mended:,}"),
        (Words(zh="服务商收到的请求", en="provider requests"), of("request")),
        (Words(zh="注入的故障", en="fault events"), of("fault")),
        (Words(zh="短信", en="messages"), of("message")),
    ]


def _ring(summary: Summary) -> Sequence[tuple[str, float, float]]:
    """Arcs of a ring: outcome, length, and how far along it begins."""
    whole = len(summary.results) or 1
    arcs, begun = [], 0.0
    for outcome in get_args(Outcome):
        length = _RING * summary.count(outcome) / whole
        if length:
            arcs.append((outcome, round(length, 2), round(-begun, 2)))
        begun += length
    return arcs


def _seconds(took: float) -> str:
    """A duration for people."""
    if took < 1:
        return f"{took * 1000:.0f} ms"
    if round(took, 1) < 60:
        return f"{took:.1f} s"
    minutes, seconds = divmod(round(took), 60)
    return f"{minutes} min {seconds} s"


def _moment(text: str) -> str:
    """A moment to the second, in its own zone."""
    return datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M:%S %Z") if text else ""
