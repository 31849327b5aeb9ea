"""The descriptions of a JSON Schema in the language asked for.

They are the shapes' docstrings, which are English; ``descriptions.yaml`` has the Chinese of each. One
that it does not have yet stays as it is.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from fakeproviders.panel.events import EVENTS

_FILE = Path(__file__).with_name("descriptions.yaml")


def described_in(lang: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema with its descriptions in a language."""
    made: dict[str, Any] = _translated(schema, {} if lang == "en" else chinese())
    return made


@cache
def chinese() -> Mapping[str, str]:
    """By its English, the Chinese of each description."""
    rows = yaml.safe_load(_FILE.read_text("utf-8"))
    events = {f"{event.name.en} ({event.name.zh})": event.name.zh for event in EVENTS.values()}
    return {row["en"]: row["zh"] for row in rows} | events


def _translated(part: Any, words: Mapping[str, str]) -> Any:
    if isinstance(part, list):
        return [_translated(one, words) for one in part]
    if not isinstance(part, Mapping):
        return part
    made = {name: _translated(one, words) for name, one in part.items()}
    text = made.get("description")  # a field may be called so too
    return made | {"description": words.get(text, text)} if isinstance(text, str) else made
