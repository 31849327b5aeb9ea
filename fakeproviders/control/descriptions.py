"""What the API's shapes are, as plain text in the language asked for.

They are the shapes' docstrings, which are English; ``descriptions.yaml`` has the Chinese of those that
no scenario file has.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from fakeproviders.scenario import descriptions

_FILE = Path(__file__).with_name("descriptions.yaml")
_MARK = "``"
"""Around code in docstrings; what shows a schema would show it as it stands."""


def described_in(lang: str, schemas: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """The schemas by name, without titles that say the name once more."""
    words = {} if lang == "en" else {**descriptions.chinese(), **chinese()}
    return {name: _described(schema, words) for name, schema in schemas.items()}


@cache
def chinese() -> Mapping[str, str]:
    """By its English, the Chinese of each description that is of this API alone."""
    return {row["en"]: row["zh"] for row in yaml.safe_load(_FILE.read_text("utf-8"))}


def _described(schema: dict[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    described = {name: part for name, part in schema.items() if name != "title"}
    if "description" in schema:
        text = " ".join(schema["description"].split())
        described["description"] = words.get(text, text).replace(_MARK, "")
    return described
