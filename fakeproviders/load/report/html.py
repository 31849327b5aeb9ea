"""The verdict as one HTML file that needs nothing else, in both languages, with drawings.

It wears the clothes of the scenarios' report, and has no script either.
"""

from datetime import datetime
from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, Template

from fakeproviders import __version__
from fakeproviders.failures import Words
from fakeproviders.load.checks import answer_times
from fakeproviders.load.plan import USERS
from fakeproviders.load.report import plots
from fakeproviders.load.verdict import Verdict
from fakeproviders.scenario.report.html import both
from fakeproviders.scenario.report.text import ACTUAL, EXPECTED, clean

_ORDER = ("failed", "passed", "skipped")
OUTCOMES = {
    "failed": Words(zh="未通过", en="failed"),
    "passed": Words(zh="通过", en="passed"),
    "skipped": Words(zh="未评判", en="not judged"),
}
_EXAMPLES = {
    "retries": Words(zh="重试最多的", en="retried most"),
    "pointless": Words(zh="无意义的重试", en="pointless retries"),
    "early": Words(zh="提前的请求", en="requests that came early"),
    "duplicate": Words(zh="重复的短信", en="duplicates"),
    "reason": Words(zh="原因不对的拒绝", en="refusals for a wrong reason"),
}


def html(verdict: Verdict, lang: str) -> str:
    """The page; ``lang`` is the language that it opens in."""
    ledger = verdict.ledger
    examples = {
        kind: [example for example in ledger.examples if example.kind == kind] for kind in _EXAMPLES
    }
    page = _template().render(
        verdict=verdict,
        ledger=ledger,
        lang=lang,
        checks=sorted(verdict.checks, key=lambda check: _ORDER.index(check.outcome)),
        facts=_facts(verdict),
        started=datetime.fromisoformat(ledger.started_at).strftime("%Y-%m-%d %H:%M:%S %Z"),
        endings=plots.endings(ledger),
        times=plots.times(ledger),
        examples={kind: found for kind, found in examples.items() if found},
    )
    return clean(page)


@cache
def _template() -> Template:
    own = PackageLoader("fakeproviders.load.report", "templates")
    shared = PackageLoader("fakeproviders.scenario.report", "templates")
    environment = Environment(
        loader=ChoiceLoader([own, shared]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"both": both, "reason": plots.reason_words}
    environment.globals |= {
        "ACTUAL": ACTUAL,
        "EXAMPLES": _EXAMPLES,
        "EXPECTED": EXPECTED,
        "OUTCOMES": OUTCOMES,
        "USERS": USERS,
        "plots": plots,
        "version": __version__,
        "words": Words,
    }
    return environment.get_template("verdict.html")


def _facts(verdict: Verdict) -> list[tuple[Words, str]]:
    """Figures for the head of the page."""
    slots = verdict.ledger.series.slots
    sends, accepted = sum(s.attempts for s in slots), sum(s.accepted for s in slots)
    took = answer_times(verdict.ledger)
    return [
        (Words(zh="发送请求", en="sends"), f"{sends:,}"),
        (Words(zh="受理", en="accepted"), f"{accepted:,}"),
        (Words(zh="短信（去重）", en="messages"), f"{verdict.ledger.clients.messages:,}"),
        (Words(zh="重试", en="retries"), f"{verdict.ledger.clients.retries:,}"),
        (Words(zh="一半在此之内", en="half within"), f"{took.quantile(0.5) * 1000:.1f} ms"),
        (Words(zh="99 % 在此之内", en="99 % within"), f"{took.quantile(0.99) * 1000:.1f} ms"),
        (Words(zh="用时", en="duration"), f"{verdict.ledger.seconds:.1f} s"),
    ]
