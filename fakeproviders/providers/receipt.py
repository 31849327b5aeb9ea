"""The delivery receipt in the style of such panels (A): a JSON POST to the account's address.

    {"message_id": ..., "mobile": ..., "status": "delivered", "error": "", "time": "2026-01-01 08:00:00",
     "out_id": ..., "sign": ...}

``status`` is ``delivered`` or ``undelivered``, with the operator's word for it in ``error``; ``time`` is
Beijing wall-clock text of the moment the status became final; ``out_id`` is there when the send had
one. ``sign`` is the proof of proof.py under the account's secret. Any 2xx answer accepts it.
"""

import msgspec

from fakeproviders.clock import beijing_text
from fakeproviders.model import Receipt
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
    fields["sign"] = PanelProof("", text_to_sign(fields)).expected(secret)
    return Callback(JSON, msgspec.json.encode(fields))
