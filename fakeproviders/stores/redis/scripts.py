"""The scripts that run inside Redis: the .lua files beside this module, put together from their parts."""

from functools import cache
from hashlib import sha1
from importlib.resources import files
from typing import NamedTuple

from fakeproviders.settings import AMPLE_BALANCE
from fakeproviders.stores.replies import REPLIES_LIMIT
from fakeproviders.stores.windows import GRAIN, LATE

IDLE_SECONDS = 2 * 86400
"""Of real time: how long keys stay that no live session's process cares for."""
SLOTS = 4096
"""Requests that a worker may have under way and that are still known when they come again."""
DUE_CHANNEL = "{fp}:due"
"""On which is announced what is to be told; see stores.pending.Due."""
_CONSTANTS = {
    "AMPLE": AMPLE_BALANCE, "GRAIN": GRAIN, "LATE": LATE, "IDLE": IDLE_SECONDS, "REPLIES_LIMIT": REPLIES_LIMIT,
    "SLOTS": SLOTS, "DUE_CHANNEL": DUE_CHANNEL,
}  # fmt: skip
_WRITES = ("session", "requests")
_PARTS = {
    # A script: what comes before its own file.
    "commit": (*_WRITES, "numbers", "used", "ids", "charge", "inbox", "journal"),
    "reserve": (*_WRITES, "numbers", "used", "ids", "charge"),
    "confirm": (*_WRITES, "numbers", "ids", "inbox"),
    "release": (*_WRITES, "numbers", "used", "ids", "charge"),
    "undo": (*_WRITES, "numbers", "used", "ids", "charge", "inbox"),
    "record": (*_WRITES, "numbers", "journal"),
    "claim": _WRITES,
    "done": _WRITES,
    "issue_token": _WRITES,
    "issue_once": _WRITES,
    "set_status": _WRITES,
    "add_reply": _WRITES,
    "fetch_replies": _WRITES,
    "mark_read": _WRITES,
    "set_balance": _WRITES,
    "clear": _WRITES,
    "match": _WRITES,
    "tell": (),
    "leave": (),
    "messages": ("session",),
}


class Script(NamedTuple):
    """A script, and the name by which a Redis that has loaded it knows it."""

    text: str
    sha: str


@cache
def scripts() -> dict[str, Script]:
    """All of them by name."""
    constants = "".join(f"local {name} = {value!r}\n" for name, value in _CONSTANTS.items())
    return {name: _script(constants, (*parts, name)) for name, parts in _PARTS.items()}


def _script(constants: str, parts: tuple[str, ...]) -> Script:
    folder = files(__package__) / "lua"
    text = constants + "".join((folder / f"{part}.lua").read_text("utf-8") for part in parts)
    return Script(text, sha1(text.encode()).hexdigest())
