"""How clients behave, seen from what arrives: retries, pauses, duplicates, outages."""

from collections.abc import Callable

import pytest

from fakeproviders.failures import Reason
from fakeproviders.faults.base import Fault
from fakeproviders.faults.reply_lost import ReplyLost
from fakeproviders.faults.status import Status
from fakeproviders.ledger import messages
from fakeproviders.ledger.document import Clients
from fakeproviders.model import Call
from tests.ledger.stories import Story

LOST: Fault = ReplyLost()
DOWN: Fault = Status()
Told = Callable[[Story], None]


def retries(story: Story) -> None:
    for at in (0, 1, 3):
        story.send(at, Reason.MAINTENANCE)
    story.send(7)


def after_success(story: Story) -> None:
    story.send(0)
    story.send(1, code="135790")


def early(story: Story) -> None:
    story.limited(0, "account_per_second", free_at=0.5)
    story.limited(0.2, "account_per_second", free_at=0.5)
    story.send(0.6)


def early_with_another_code(story: Story) -> None:
    story.limited(0, "mobile_per_minute", free_at=40)
    story.send(30, code="135790", out_id="b")


def in_time(story: Story) -> None:
    story.limited(0, "mobile_per_minute", free_at=40)
    story.send(40.1)


def elsewhere_at_once(story: Story) -> None:
    story.limited(0, "mobile_per_minute", free_at=40)
    story.send(1, provider="erban")


def refusal_that_never_arrived(story: Story) -> None:
    story.limited(0, "account_per_second", free_at=0.5, fault=LOST, lost=False)
    story.send(0.1)


def pointless(story: Story) -> None:
    story.send(0, Reason.MOBILE_INVALID)
    story.send(1, Reason.MOBILE_INVALID)


def lost_and_new_id(story: Story) -> None:
    story.send(0, fault=LOST, lost=False)
    story.send(1, out_id="b")


def lost_and_same_id(story: Story) -> None:
    story.send(0, fault=LOST, lost=False)
    story.send(1, Reason.DUPLICATE_REQUEST)
    story.send(2, code="135790", out_id="b")


def lost_and_elsewhere(story: Story) -> None:
    story.send(0, fault=LOST, lost=False)
    story.send(1, provider="erban")


def failed_over(story: Story) -> None:
    story.send(0, fault=DOWN)
    story.send(1, fault=DOWN)
    story.send(2, provider="erban")


def given_up(story: Story) -> None:
    story.send(0, fault=DOWN)


def waited_for_the_end(story: Story) -> None:
    story.send(0, Reason.MAINTENANCE)
    story.send(9)


def much_later(story: Story) -> None:
    story.send(0, Reason.MAINTENANCE)
    story.send(messages.TOGETHER_SECONDS + 1)


def to_and_fro(story: Story) -> None:
    for at in (0, 1, 2, 3):
        story.send(at, Reason.MAINTENANCE, provider=("official", "erban")[at % 2])
    story.send(4)


def failed_over_twice(story: Story) -> None:
    for at, provider in enumerate(("official", "reseller", "erban")):
        story.send(at, Reason.MAINTENANCE, provider=provider)


def early_after_another_provider(story: Story) -> None:
    story.limited(0, "account_per_second", free_at=9)
    story.send(1, Reason.MAINTENANCE, provider="erban")
    story.send(2)


def pointless_after_another_provider(story: Story) -> None:
    story.send(0, Reason.MOBILE_INVALID)
    story.send(1, Reason.MAINTENANCE, provider="erban")
    story.send(2, Reason.MOBILE_INVALID)


def again_after_success_elsewhere(story: Story) -> None:
    story.send(0, Reason.MAINTENANCE)
    story.send(1, provider="erban")
    story.send(2)


def known_elsewhere(story: Story) -> None:
    story.send(0, Reason.MAINTENANCE)
    story.send(1, provider="erban", fault=LOST, lost=False)
    story.send(2, Reason.DUPLICATE_REQUEST, provider="erban")
    story.send(3, Reason.MAINTENANCE)


STORIES: list[tuple[Told, dict[str, object]]] = [
    (retries, {"messages": 1, "retries": 3, "retries_after": {"maintenance": 3}, "by_retries": {3: 1}}),
    (after_success, {"messages": 2, "retries": 0, "duplicates": 0, "by_retries": {0: 2}}),
    (early, {"limited": 2, "early": 1, "retries": 2, "retries_after": {"rate_limited": 2}}),
    (early_with_another_code, {"messages": 2, "limited": 1, "early": 1, "retries": 0}),
    (in_time, {"limited": 1, "early": 0, "retries": 1}),
    (elsewhere_at_once, {"limited": 1, "early": 0, "retries": 0, "messages": 1}),
    (refusal_that_never_arrived, {"limited": 0, "early": 0, "retries_after": {"reply_lost": 1}}),
    (pointless, {"pointless": 1, "retries": 1}),
    (lost_and_new_id, {"lost_replies": 1, "duplicates": 1, "duplicates_after_lost_reply": 1}),
    (lost_and_same_id, {"lost_replies": 1, "duplicates": 0, "retries": 1, "messages": 2}),
    (lost_and_elsewhere, {"duplicates": 1, "duplicates_after_lost_reply": 1, "retries": 0}),
    (failed_over, {"retries": 1, "retries_after": {"status": 1}}),
    (much_later, {"messages": 2, "retries": 0}),
    (to_and_fro, {"messages": 1, "retries": 3, "by_retries": {3: 1}}),
    (failed_over_twice, {"messages": 1, "retries": 0, "by_retries": {0: 1}}),
    (early_after_another_provider, {"early": 1, "retries": 1, "retries_after": {"rate_limited": 1}}),
    (pointless_after_another_provider, {"pointless": 1, "retries": 1}),
    (again_after_success_elsewhere, {"retries": 0, "duplicates": 1}),
    (known_elsewhere, {"retries": 1, "retries_after": {"reply_lost": 1}}),
]  # fmt: skip


@pytest.mark.parametrize(("tell", "counts"), STORIES)
def test_a_story_is_counted(tell: Told, counts: dict[str, object]) -> None:
    story = Story(account_per_second=1, mobile_per_minute=1)
    tell(story)
    clients = story.told().clients
    assert {name: getattr(clients, name) for name in counts} == counts


@pytest.mark.parametrize(
    ("tell", "met", "switched", "delivered"),
    [
        (failed_over, 1, 1, 1),
        (given_up, 1, 0, 0),
        (waited_for_the_end, 1, 0, 1),
        (lost_and_elsewhere, 0, 0, 0),
        (pointless, 0, 0, 0),
    ],
)
def test_what_becomes_of_messages_in_an_outage(
    tell: Told, met: int, switched: int, delivered: int
) -> None:
    story = Story()
    tell(story)
    outages = story.told().clients.outages
    assert (outages.met, outages.switched, outages.delivered) == (met, switched, delivered)


@pytest.mark.parametrize(
    ("moments", "growth"),
    [((0, 1, 3, 7, 15), 2.0), ((0, 0.5, 1, 1.5, 2), 1.0), ((0, 4, 6, 7), 0.5)],
)
def test_the_growth_of_pauses(moments: tuple[float, ...], growth: float) -> None:
    story = Story()
    for at in moments:
        story.send(at, Reason.RATE_LIMITED)
    found = story.told().clients.growth
    assert found.count == len(moments) - 2
    assert found.quantile(0.5) == pytest.approx(growth, rel=0.25)


def test_a_pause_begins_with_the_reply() -> None:
    story = Story()
    story.send(0, Reason.MAINTENANCE, took=2)
    story.send(2.5, Reason.MAINTENANCE, took=2)
    story.send(5.5, Reason.MAINTENANCE)
    clients = story.told().clients
    assert clients.gaps.total == pytest.approx(1.5)
    assert clients.growth.total == pytest.approx(2)


def test_a_pause_begins_with_the_end_of_a_fault_that_was_still_at_it() -> None:
    story = Story()
    for at in (0, 3, 7):
        story.undelivered(at, fault=DOWN).took = 2.0
    assert story.told().clients.gaps.total == pytest.approx(1 + 2)


def test_pauses_too_short_to_be_told_apart_do_not_grow() -> None:
    story = Story()
    for at in (0, 0.003, 0.008, 0.017):
        story.send(at, Reason.MAINTENANCE)
    assert story.told().clients.growth.total == pytest.approx(2)


def test_a_wait_for_a_quota_is_no_pause_that_could_grow() -> None:
    story = Story(account_per_second=1)
    story.send(0, Reason.MAINTENANCE)
    story.limited(1, "account_per_second", free_at=1.5)
    story.send(1.5, Reason.MAINTENANCE)
    story.send(2.5, Reason.MAINTENANCE)
    story.send(4.5, Reason.MAINTENANCE)
    growth = story.told().clients.growth
    assert growth.count == 1
    assert growth.total == pytest.approx(2, abs=0.01)


def test_each_provider_has_pauses_of_its_own() -> None:
    story = Story()
    for at, provider in enumerate(("official", "erban", "official", "erban", "official")):
        story.send(at, Reason.MAINTENANCE, provider=provider)
    growth = story.told().clients.growth
    assert growth.count == 1
    assert growth.total == pytest.approx(1, abs=0.01)


def test_few_deliveries_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "MOST_UNDELIVERED", 2)
    story = Story()
    for number in range(5):
        story.undelivered(number, fault=DOWN, code=f"{number}11111").took = 1.0
    story.undelivered(6, fault=DOWN, code="011111")
    story.undelivered(6, fault=DOWN, code="411111")
    assert story.told().clients.gaps.total == pytest.approx(5 + 1)


def test_a_send_that_was_on_its_way_when_the_refusal_came_is_not_early() -> None:
    story = Story(mobile_per_minute=1)
    entry = story.limited(0, "mobile_per_minute", free_at=40)
    story.now += 0.5
    story.ledger.add(entry)  # it came at 0 as well, and was answered half a second later
    assert story.told().clients.early == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"content": "【甲】您的验证码是1234"}, {"params": {"code": "1234", "minutes": "5"}}),
        ({"content": "【甲】验证码：1234"}, {"content": "验证码1234，请勿泄露【乙】"}),
        ({"content": "维护通知"}, {"content": "维护通知", "out_id": "x"}),
        ({"out_id": "x"}, {"out_id": "x"}),
    ],
)
def test_a_message_is_the_same_at_any_provider(
    one: dict[str, object], other: dict[str, object]
) -> None:
    first, second = (
        Call("official", "send", mobiles=("1",), **each)  # type: ignore[arg-type]
        for each in (one, other)
    )
    assert messages.identity(first) == messages.identity(second)


def test_memory_is_bounded_and_says_what_it_forgot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "MOST_MESSAGES", 3)
    story = Story()
    for number in range(5):
        story.send(number, mobiles=(f"1390000000{number}",))
    clients: Clients = story.told().clients
    assert (clients.messages, clients.forgotten) == (5, 2)
