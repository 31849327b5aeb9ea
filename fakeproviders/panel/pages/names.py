"""What things are called on pages."""

from fakeproviders.failures import Words
from fakeproviders.panel.events import EVENTS, TEST
from fakeproviders.panel.settings import CHANNEL_NAMES

TEST_SEND = Words(zh="测试发送", en="Test send")


def event_name(event_id: str) -> Words:
    """What an event is called, the test send's too; an id that is none of ours stays as it is."""
    if event_id == TEST:
        return TEST_SEND
    event = EVENTS.get(event_id)
    return event.label if event else Words(zh=event_id, en=event_id)


def channel_name(channel: str) -> Words:
    """An SMS channel's name; one that is none of ours stays as it is."""
    return CHANNEL_NAMES.get(channel, Words(zh=channel, en=channel))
