"""What all stores share of messages: their ids, and how one is made of a charge."""

from zlib import crc32

from fakeproviders.model import Message
from fakeproviders.stores.base import Charge, Draft


def id_prefix(session_id: str) -> str:
    """Six digits by which a message id tells sessions apart for a person who looks."""
    return f"{crc32(session_id.encode()) % 1_000_000:06d}"


def message_id(prefix: str, serial: int) -> str:
    """The id of a session's message with this serial."""
    return f"{prefix}{serial:09d}"


def serial_of(text: str) -> int | None:
    """The serial that these digits are; None when they are none."""
    return int(text) if len(text) <= 18 and text.isascii() and text.isdigit() else None


def message_serial(prefix: str, message_id: str) -> int | None:
    """The serial in a message id; None in one that is not the session's."""
    return serial_of(message_id[len(prefix) :]) if message_id.startswith(prefix) else None


def message_of(charge: Charge, draft: Draft, message_id: str) -> Message:
    """One of the messages that a charge sends."""
    return Message(
        id=message_id,
        provider=charge.role,
        mobile=draft.mobile,
        content=draft.content,
        at=charge.now,
        signature=draft.signature,
        template_id=draft.template_id,
        out_id=charge.out_id,
        segments=charge.segments,
        fee=charge.fee_each,
        listed=charge.listed,
        due_at=charge.due_at,
        send_at=charge.send_at,
        fate=charge.receipts.status,
        fate_error=charge.receipts.error,
    )
