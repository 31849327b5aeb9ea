"""A ledger and a verdict made by hand, to be judged and shown."""

from typing import Any

from fakeproviders.failures import Words
from fakeproviders.ledger.document import (
    Clients,
    Document,
    Door,
    Example,
    Limit,
    Outage,
    Outages,
    Reasons,
    Series,
    Slot,
)
from fakeproviders.ledger.histogram import Histogram
from fakeproviders.load.checks import judged
from fakeproviders.load.thresholds import Thresholds
from fakeproviders.load.verdict import Check, Stats, Verdict


def spread(*values: float) -> Histogram:
    """A histogram of these."""
    made = Histogram()
    for value in values:
        made.add(value)
    return made


def a_ledger(**changed: Any) -> Document:
    """A run in which everything happened, and all went well."""
    given: dict[str, Any] = {
        "name": "test",
        "started_at": "2026-05-06T12:00:00.000+08:00",
        "running": False,
        "seconds": 30.0,
        "doors": [
            Door("official", "send", "json", 30, 20, {"rate_limited": 6}, {"status": 4}, 0, spread(0.002)),
            Door("erban", "send", "form", 5, 5),
        ],
        "series": Series(
            1.0,
            [
                Slot(at, 12, 8, {"rate_limited": 2}, 2, spread(0.001, 0.002, 0.05))
                for at in (4.0, 5.0, 6.0)
            ],
        ),
        "limits": [Limit("official", "account_per_second", 5, 10, 20, 6, peak=2.5)],
        "reasons": Reasons(checked=6),
        "clients": Clients(
            messages=28,
            retries=7,
            retries_after={"rate_limited": 6, "status": 1},
            by_retries={0: 24, 1: 2, 2: 1, 3: 1},
            limited=6,
            gaps=spread(0.3, 0.6, 1.2),
            growth=spread(2, 2, 2, 2, 2),
            lost_replies=2,
            outages=Outages(met=4, switched=3, delivered=4),
        ),
        "outages": [Outage("official", 5.0, 4, ended=6.0, recovered_after=1.5)],
        "examples": [Example("early", 5.5, "official", "13900000001", {"seconds": 0.2})],
    }  # fmt: skip
    return Document(**{**given, **changed})


def a_verdict(
    ledger: Document | None = None, thresholds: Thresholds | None = None, **stats: Any
) -> Verdict:
    """The verdict on a ledger."""
    ledger, thresholds = ledger or a_ledger(), thresholds or Thresholds()
    counted = Stats(**{"requests": 40, **stats})
    return Verdict(
        plan="test",
        title=Words(zh="测试", en="A test"),
        session="s1",
        users={"official": 2, "erban-form": 1},
        count=8,
        shape="steady",
        workers=0,
        thresholds=thresholds,
        checks=judged(ledger, counted, thresholds),
        stats=counted,
        ledger=ledger,
    )


def the_check(verdict: Verdict, name: str) -> Check:
    """One check."""
    return next(check for check in verdict.checks if check.name == name)
