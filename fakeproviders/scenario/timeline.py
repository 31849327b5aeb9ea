"""What happened during a step, in the order in which it happened."""

from collections.abc import Callable, Sequence
from typing import Any

from fakeproviders.clock import parse_moment
from fakeproviders.failures import Words
from fakeproviders.scenario.model import Step
from fakeproviders.scenario.results import StepResult, TimelineEvent
from fakeproviders.scenario.steps import rule_words

Values = dict[str, Any]
Since = Callable[[float], float]
"""Seconds from the scenario's start, of real epoch seconds."""
ENDS = {
    "accepted": Words(zh="受理", en="accepted"),
    "refused": Words(zh="拒绝", en="refused"),
    "fault": Words(zh="故障", en="fault"),
    "page": Words(zh="页面", en="page"),
}
_SENDS = ("send", "batch")


def events_of(
    step: Step | None,
    result: StepResult,
    requests: Sequence[Values],
    messages: Sequence[Values],
    session_at: str,
    since: Since,
) -> list[TimelineEvent]:
    """The step itself, then its requests with their faults, and its messages.

    ``session_at`` is what the session's clock showed at its end.
    """
    end = result.started + result.took

    def within(entry: Values) -> float:
        return min(max(since(parse_moment(entry["real_at"])), result.started), end)

    found = [_step_event(result, session_at), *_made(step, result, session_at)]
    for entry in requests:
        found += _request_events(entry, within(entry))
    for message in messages:
        sent = [within(entry) for entry in requests if _is_of(message, entry)]
        found.append(_message_event(message, max(sent, default=end)))
    return sorted(found, key=lambda event: event.at)


def _step_event(result: StepResult, session_at: str) -> TimelineEvent:
    return TimelineEvent(
        at=result.started,
        session_at=session_at,
        kind="step",
        words=result.words,
        ok=result.outcome == "passed",
        data={"phase": result.phase, "index": result.index},
    )


def _made(step: Step | None, result: StepResult, session_at: str) -> list[TimelineEvent]:
    """What the step itself did to the world: the clock, fault rules."""
    if step is None:
        return []
    at = result.started
    if step.clock is not None:
        words = Words(zh=f"时钟拨到 {session_at}", en=f"the clock shows {session_at}")
        return [TimelineEvent(at=at, session_at=session_at, kind="clock", words=words)]
    rules = [(rule_words(rule), rule) for rule in step.faults or ()]
    return [
        TimelineEvent(
            at=at,
            session_at=session_at,
            kind="fault",
            words=Words(zh=f"启用故障 {spelt}", en=f"fault in force: {spelt}"),
            data=rule,
        )
        for spelt, rule in rules
    ]


def _request_events(entry: Values, at: float) -> list[TimelineEvent]:
    """The request, and the fault that met it."""
    end = ENDS.get(entry["outcome"], Words(zh=entry["outcome"], en=entry["outcome"]))
    reason = f" {entry['reason']}" if entry["reason"] else ""
    what = f"{entry['provider']} {entry['operation']}"
    whom = f" {entry['mobile']}" if entry["mobile"] else ""
    events = [
        TimelineEvent(
            at=at,
            session_at=entry["at"],
            kind="request",
            words=Words(zh=f"{what}{whom}：{end.zh}{reason}", en=f"{what}{whom}: {end.en}{reason}"),
            ok=entry["outcome"] in {"accepted", "page"},
            data=entry,
        )
    ]
    if entry["fault"] is not None:
        spelt = rule_words(entry["fault"])
        words = Words(zh=f"故障 {spelt} 作用于 {entry['id']}", en=f"{spelt} meets {entry['id']}")
        fault = TimelineEvent(
            at=at, session_at=entry["at"], kind="fault", words=words, ok=False, data=entry["fault"]
        )
        events.append(fault)
    return events


def _message_event(message: Values, at: float) -> TimelineEvent:
    content = message["content"]
    return TimelineEvent(
        at=at,
        session_at=message["at"],
        kind="message",
        words=Words(
            zh=f"短信送达收件箱 {message['mobile']}：{content}",
            en=f"message to {message['mobile']}: {content}",
        ),
        data=message,
    )


def _is_of(message: Values, entry: Values) -> bool:
    """Whether the request may have brought the message."""
    return (
        entry["operation"] in _SENDS
        and entry["provider"] == message["provider"]
        and message["mobile"] in entry["mobile"].split(",")
    )
