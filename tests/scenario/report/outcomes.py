"""A replay's results of every kind, with texts that mean harm."""

from fakeproviders.failures import Words
from fakeproviders.scenario.results import (
    Check,
    Decision,
    EventKind,
    ScenarioResult,
    Seen,
    StepResult,
    Summary,
    TimelineEvent,
    Trace,
)

HARM = "<script>alert(1)</script>\"'&]]>\x07"
SEEN = "短信发送失败: 签名数据不一致"


def words(text: str) -> Words:
    return Words(zh=f"{text}（中）", en=f"{text} (en)")


def event(kind: EventKind, at: float, text: str, *, ok: bool = True) -> TimelineEvent:
    moment = "2026-11-23T23:59:58.000+08:00"
    return TimelineEvent(at=at, session_at=moment, kind=kind, words=words(text), ok=ok)


GIVEN = StepResult(
    phase="given", index=1, words=words("the scene"), outcome="passed", started=0.0, took=0.1
)
MENDED = ScenarioResult(
    name="3-signature",
    title=words("signature"),
    section="3",
    failure="signature_mismatch",
    tags=("guide",),
    outcome="passed",
    seed=7,
    target="panel",
    steps=(
        GIVEN,
        StepResult(
            phase="steps", index=1, words=words("ask"), outcome="passed", cause=True,
            seen=(Seen(succeeded=False, text=SEEN, failure="signature_mismatch"),),
            started=0.1, took=0.2,
        ),
        StepResult(
            phase="remedy", index=1, words=words("save"), outcome="passed", started=0.3, took=0.1
        ),
    ),
    events=(
        event("step", 0.1, "ask"), event("request", 0.15, "refused", ok=False),
        event("fault", 0.15, "rule"), event("clock", 0.2, "midnight"),
        event("message", 0.35, "delivered"),
    ),
    started_at="2026-11-23T13:00:00.000+08:00",
    took=0.4,
)  # fmt: skip
FAILED = ScenarioResult(
    name="4-signature",
    title=words(HARM),
    section="4",
    failure="signature_not_found",
    outcome="failed",
    reason=words(HARM),
    seed=8,
    target=HARM,
    steps=(
        GIVEN,
        StepResult(
            phase="steps", index=1, words=words(HARM), outcome="failed",
            checks=(
                Check(about="user", what=words("text"), expected=words("one"),
                      actual=words(HARM), ok=False, hints=(words("a hint"),)),
                Check(about="inbox", what=words("inbox"), expected=words("0"), actual=words("0"), ok=True),
            ),
            seen=(Seen(succeeded=False, text=HARM),),
            traces=(
                Trace(request="r5", provider="official", operation="send", outcome="refused",
                      reason="signature_mismatch", decisions=(
                          Decision(rule="a", passed=True, words=words("all there")),
                          Decision(rule="b", passed=False, words=words("not equal")),
                      )),
            ),
            started=0.1, took=0.2,
        ),
    ),
    not_run=3,
    took=0.3,
)  # fmt: skip
BROKEN = ScenarioResult(
    name="broken", title=words("broken"), outcome="failed", error=True, reason=words("no answer"),
    seed=1, target="my.target.yaml",
)  # fmt: skip
SKIPPED = ScenarioResult(
    name="skipped", title=words("skipped"), outcome="skipped", reason=words("no such action"),
    seed=1, target="client:erban",
)  # fmt: skip
ALL = Summary(
    results=(MENDED, FAILED, BROKEN, SKIPPED),
    started_at="2026-11-23T13:00:00.000+08:00",
    took=1.25,
)
