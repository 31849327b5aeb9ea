"""The request proof in the usual style of such panels (A): sorted pairs, a key, MD5.

    sign = MD5( "a=1&b=2&...&key=" + secret ), upper-case hex

The pairs are all parameters but ``sign`` and those that are empty, sorted by name; an object enters
as compact JSON with sorted keys and non-ASCII unescaped.
"""

import json
from hashlib import md5
from typing import Any

import msgspec

from fakeproviders.failures import Words
from fakeproviders.providers.parameters import Unreadable

_TOO_DEEP = Words(zh="有参数嵌套太深", en="a parameter is nested too deep")


class PanelProof(msgspec.Struct, frozen=True, gc=False):
    """The ``sign`` of a request, and the text it must have been made of."""

    given: str
    signed: str
    """Without the key."""

    def verify(self, secret: str) -> bool:
        """Whether it is the digest under this secret."""
        return self.given == self.expected(secret)

    def explain(self, secret: str) -> dict[str, str]:
        """What was given, what should have been, and the text that gives it (key left out)."""
        return {
            "given": self.given,
            "expected": self.expected(secret),
            "signed": f"{self.signed}&key=***",
        }

    def expected(self, secret: str) -> str:
        """The digest under this secret."""
        return md5(f"{self.signed}&key={secret}".encode()).hexdigest().upper()


def panel_proof(parameters: dict[str, Any]) -> PanelProof:
    """The proof that a request carries. Raises Unreadable."""
    given = parameters.get("sign")
    return PanelProof(given if isinstance(given, str) else "", text_to_sign(parameters))


def text_to_sign(parameters: dict[str, Any]) -> str:
    """``k=v`` joined by ``&``, as the module's text draws it."""
    pairs = [
        (name, value if isinstance(value, str) else _value(value))
        for name, value in parameters.items()
        if name != "sign"
    ]
    return "&".join([f"{name}={value}" for name, value in sorted(pairs) if value])


def _value(value: object) -> str:
    if value is None:
        return ""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    except RecursionError:
        raise Unreadable(_TOO_DEEP) from None
