"""What such panels report by themselves (A): a JSON POST to the account's address, accepted by any 2xx.

A delivery receipt:

    {"message_id": ..., "mobile": ..., "status": "delivered", "error": "", "time": "2026-01-01 08:00:00",
     "out_id": ..., "sign": ...}

``status`` is ``delivered`` or ``undelivered``, with the operator's word for it in ``error``; ``time`` is
Beijing wall-clock text of the moment the status became final; ``out_id`` is there when the send had one.

A person's reply:

    {"reply_id": ..., "mobile": ..., "content": ..., "time": "2026-01-01 08:00:00", "sign": ...}

``sign`` is the proof of proof.py under the account's secret.
"""

import msgspec

from fakeproviders.clock import beijing_text
from fakeproviders.model import Receipt, Reply
from fakeproviders.providers.base import Callback
from fakeproviders.providers.proof import PanelProof, text_to_sign

JSON = "application/json; charset=utf-8"


def panel_receipt(receipt: Receipt, secret: str) -> Callback:
    """The request that reports a message's status."""
    fields = {
        "message_id": receipt.message_id,
        "mobile": receipt.mobile,
        "status": receipt.status,
        "error": receipt.error,
        "time": beijing_text(receipt.at),
    }
    if receipt.out_id:
        fields["out_id"] = receipt.out_id
    return _signed(fields, secret)


def panel_reply(reply: Reply, secret: str) -> Callback:
    """The request that passes a person's reply on."""
    fields = {
        "reply_id": reply.id,
        "mobile": reply.mobile,
        "content": reply.content,
        "time": beijing_text(reply.at),
    }
    return _signed(fields, secret)


def _signed(fields: dict[str, str], secret: str) -> Callback:
    sign = PanelProof("", text_to_sign(fields)).expected(secret)
    return Callback(JSON, msgspec.json.encode({**fields, "sign": sign}))
