"""What must be true after a step, compared with what is: every expectation becomes a check."""

from collections.abc import Sequence
from typing import Any

import msgspec

from fakeproviders.failures import Words
from fakeproviders.faults.words import missed
from fakeproviders.scenario.answers import user_checks
from fakeproviders.scenario.model import Expect, InboxHolds, QuotaUsed
from fakeproviders.scenario.results import Check, Seen
from fakeproviders.scenario.world import MOST, Mark, World
from fakeproviders.verify.expectation import Bounds, Expectation

Values = dict[str, Any]
MESSAGES_SHOWN = 3
NOTHING = Words(zh="无", en="nothing")


async def checks_of(
    expect: Expect, seen: Sequence[Seen], world: World, mark: Mark
) -> tuple[Check, ...]:
    """All checks of an expectation. ``mark`` is where things stood before the step."""
    checks = [] if expect.user is None else user_checks(expect.user, seen)
    if expect.received or expect.strict:
        checks += await _received(expect, world, mark)
    for holds in expect.inbox:
        checks.append(await _inbox(holds, world))
    for used in expect.quota:
        checks.append(await _quota(used, world))
    for role, units in expect.charged.items():
        checks.append(await _charged(role, units, world, mark))
    return tuple(checks)


def count_words(count: int | Bounds | None) -> Words:
    """How often, in words."""
    low, high = _bounds(count)
    if high is None:
        return Words(zh=f"至少 {low}", en=f"at least {low}")
    if low == high:
        return Words(zh=f"正好 {low}", en=f"exactly {low}")
    if low == 0:
        return Words(zh=f"至多 {high}", en=f"at most {high}")
    return Words(zh=f"{low} 到 {high}", en=f"{low} to {high}")


async def _received(expect: Expect, world: World, mark: Mark) -> list[Check]:
    report = await world.verify(
        {
            "requests": [msgspec.to_builtins(wanted) for wanted in expect.received],
            "order": expect.order and len(expect.received) > 1,
            "strict": expect.strict,
            "since": mark.requests,
        }
    )
    pairs = zip(expect.received, report["checks"], strict=True)
    checks = [_one_received(wanted, found) for wanted, found in pairs]
    if report["order"] is not None:
        checks.append(_order(report["order"]))
    if expect.strict:
        checks.append(_strict(report))
    return checks


def _one_received(wanted: Expectation, found: Values) -> Check:
    what = expectation_words(wanted)
    count = count_words(wanted.count)
    hints = tuple(
        _hint(near["request"], miss) for near in found["near_misses"] for miss in near["misses"]
    )
    return Check(
        about="received",
        what=Words(zh=f"服务商收到 {what}", en=f"the provider received {what}"),
        expected=Words(zh=f"{count.zh} 次", en=count.en),
        actual=Words(zh=f"{found['count']} 次", en=str(found["count"])),
        ok=found["result"] == "pass",
        hints=hints,
    )


def expectation_words(wanted: Expectation) -> str:
    """The fields of an expectation on a line."""
    match = msgspec.json.encode(wanted.match).decode() if wanted.match else None
    parts = (wanted.provider, wanted.operation, match, wanted.outcome, wanted.reason)
    return " ".join(part for part in parts if part) or "*"


def _hint(request: str, miss: Values) -> Words:
    why = missed(miss["field"], miss["actual"], Words(**miss["expected_words"]))
    return Words(zh=f"{request} 差在：{why.zh}", en=f"{request} is a near miss: {why.en}")


def _order(order: Values) -> Check:
    missing = order["missing"]
    met = Words(zh="依次收到", en="one after the other")
    if missing is None:
        actual = met
    else:
        actual = Words(
            zh=f"第 {missing + 1} 项没有在前一项之后出现",
            en=f"number {missing + 1} did not come after the one before it",
        )
    return Check(
        about="order",
        what=Words(zh="请求的先后", en="the order of the requests"),
        expected=met,
        actual=actual,
        ok=order["result"] == "pass",
    )


def _strict(report: Values) -> Check:
    others = ", ".join(report["unexpected_requests"])
    return Check(
        about="strict",
        what=Words(zh="其他请求", en="other requests"),
        expected=NOTHING,
        actual=Words(zh=others, en=others) if others else NOTHING,
        ok=not report["unexpected"] and not report["evicted"],
    )


async def _inbox(holds: InboxHolds, world: World) -> Check:
    found = await world.messages(mobile=holds.mobile, provider=holds.provider, limit=MOST)
    fitting = [message for message in found if _is_held(holds, message)]
    low, high = _bounds(holds.count)
    count = count_words(holds.count)
    parts = (holds.mobile, holds.provider, holds.status, holds.contains)
    what = " ".join(part for part in parts if part)
    return Check(
        about="inbox",
        what=Words(zh=f"收件箱 {what}".strip(), en=f"the inbox {what}".strip()),
        expected=Words(zh=f"{count.zh} 条", en=count.en),
        actual=_messages_words(fitting),
        ok=low <= len(fitting) and (high is None or len(fitting) <= high),
        hints=() if fitting else tuple(_message_hint(m) for m in found[-MESSAGES_SHOWN:]),
    )


def _is_held(holds: InboxHolds, message: Values) -> bool:
    return (holds.contains or "") in message["content"] and holds.status in (
        None,
        message["status"],
    )


def _messages_words(messages: Sequence[Values]) -> Words:
    shown = "; ".join(message["content"] for message in messages[-MESSAGES_SHOWN:])
    number = len(messages)
    return Words(
        zh=f"{number} 条" + (f"：{shown}" if shown else ""),
        en=str(number) + (f": {shown}" if shown else ""),
    )


def _message_hint(message: Values) -> Words:
    shown = f"{message['provider']} {message['status']} {message['content']}"
    return Words(zh=f"有：{shown}", en=f"there is: {shown}")


async def _quota(wanted: QuotaUsed, world: World) -> Check:
    rows = [
        row
        for row in await world.quota(wanted.provider)
        if row["bucket"] == wanted.bucket and wanted.key in (None, row["key"])
    ]
    used = sum(row["used"] for row in rows)
    limits = sorted({row["limit"] for row in rows}, key=str)
    limit_fits = wanted.limit is None or limits == [wanted.limit]
    key = f" {wanted.key}" if wanted.key else ""
    return Check(
        about="quota",
        what=Words(
            zh=f"{wanted.provider} 的限额 {wanted.bucket}{key}",
            en=f"quota {wanted.bucket}{key} of {wanted.provider}",
        ),
        expected=_use(wanted.used, [] if wanted.limit is None else [wanted.limit]),
        actual=_use(used, [] if wanted.limit is None else limits),
        ok=used == wanted.used and limit_fits,
    )


def _use(used: int, limits: Sequence[object]) -> Words:
    zh, en = f"已用 {used}", f"{used} used"
    for limit in limits:
        zh += "，无上限" if limit is None else f"，上限 {limit}"
        en += ", no limit" if limit is None else f", limit {limit}"
    return Words(zh=zh, en=en)


async def _charged(role: str, units: int, world: World, mark: Mark) -> Check:
    taken = mark.balances[role] - await world.balance(role)
    return Check(
        about="charged",
        what=Words(zh=f"{role} 账户扣费", en=f"taken from the balance of {role}"),
        expected=Words(zh=f"{units} 条", en=str(units)),
        actual=Words(zh=f"{taken} 条", en=str(taken)),
        ok=taken == units,
    )


def _bounds(count: int | Bounds | None) -> tuple[int, int | None]:
    if count is None:
        return 1, None
    if isinstance(count, int):
        return count, count
    return count.min or 0, count.max
