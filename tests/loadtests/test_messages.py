"""What is sent: valid, never the same message twice, and within the plan's mobiles."""

from fakeproviders.domain.content import is_mobile
from loadtests.messages import Mailbag, Message


def test_messages_are_valid_and_no_two_are_the_same() -> None:
    bag = Mailbag(50, "7|1")
    sent = [bag.next() for _ in range(5000)]
    assert all(is_mobile(message.mobile) for message in sent)
    assert len({message.mobile for message in sent}) == 50
    assert len({message.id for message in sent}) == 5000
    assert len({message.code for message in sent}) == 5000


def test_a_seed_repeats_but_for_the_ids() -> None:
    def some(seed: str) -> list[Message]:
        bag = Mailbag(1000, seed)
        return [bag.next()._replace(id="") for _ in range(20)]

    assert some("7|1") == some("7|1")
    assert some("7|1") != some("7|2")
