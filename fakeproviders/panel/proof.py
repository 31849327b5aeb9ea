"""Whether a callback comes from a provider: it is proved by the secret of one of the panel's accounts."""

import hmac
from collections.abc import Mapping

from fakeproviders.clients.envelope import sign
from fakeproviders.failures import Words
from fakeproviders.panel.channels import secrets_of
from fakeproviders.panel.declined import FORBIDDEN, Declined
from fakeproviders.panel.settings import Channel, Settings


def proved_by(fields: Mapping[str, object], given: str, settings: Settings) -> Channel | None:
    """The channel whose secret made the proof ``given``; None for none. An empty secret proves nothing."""
    signed = {name: value for name, value in fields.items() if name != "sign"}
    for channel, secret in secrets_of(settings).items():
        if secret and hmac.compare_digest(given.encode(), sign(signed, secret).encode()):
            return channel
    return None


def unproved() -> Declined:
    """The refusal of a callback that nobody of ours has made."""
    return Declined(Words(zh="回执签名错误", en="the callback's proof is wrong"), status=FORBIDDEN)
