"""Scriptable mock servers for Chinese SMS provider channels.

The Python API. ``Harness`` and ``Session`` are asynchronous, ``SyncHarness`` and ``SyncSession`` their
blocking twins; the rest is what they take, give and raise. Each is loaded when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fakeproviders.api.answers import Exchange, Fault, Letter, Message, QuotaUse, Request
    from fakeproviders.api.errors import NoMessage, VerificationFailed
    from fakeproviders.api.harness import Harness
    from fakeproviders.api.session import Session
    from fakeproviders.api.sync.harness import SyncHarness
    from fakeproviders.api.sync.session import SyncSession
    from fakeproviders.clients.control import ControlError, Unreachable
    from fakeproviders.verify.expectation import Bounds, Expectation

__version__ = "0.1.0"
__all__ = [
    "Bounds",
    "ControlError",
    "Exchange",
    "Expectation",
    "Fault",
    "Harness",
    "Letter",
    "Message",
    "NoMessage",
    "QuotaUse",
    "Request",
    "Session",
    "SyncHarness",
    "SyncSession",
    "Unreachable",
    "VerificationFailed",
    "__version__",
]
_HOMES = {
    "Bounds": "verify.expectation",
    "ControlError": "clients.control",
    "Exchange": "api.answers",
    "Expectation": "verify.expectation",
    "Fault": "api.answers",
    "Harness": "api.harness",
    "Letter": "api.answers",
    "Message": "api.answers",
    "NoMessage": "api.errors",
    "QuotaUse": "api.answers",
    "Request": "api.answers",
    "Session": "api.session",
    "SyncHarness": "api.sync.harness",
    "SyncSession": "api.sync.session",
    "Unreachable": "clients.control",
    "VerificationFailed": "api.errors",
}
"""Where each name is at home."""


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return value


def __dir__() -> list[str]:
    return [*__all__]
