"""The JSON Schema (2020-12) of target files, for editors. A line at a file's head makes one use it:

# yaml-language-server: $schema=target.schema.json
"""

from typing import Any

import msgspec

from fakeproviders.scenario import docstrings
from fakeproviders.scenario.actions import ACTIONS
from fakeproviders.scenario.targets import shapes

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ID = "urn:fakeproviders:target"


def target_schema() -> dict[str, Any]:
    """The whole schema."""
    schema = msgspec.json.schema(shapes.TargetFile)
    definitions = schema["$defs"]
    for name, definition in definitions.items():
        shape = getattr(shapes, name)
        for field, text in docstrings.of_fields(shape).items():
            definition["properties"][field]["description"] = text
    whole = definitions.pop("TargetFile")
    whole["properties"]["actions"]["propertyNames"] = {"enum": list(ACTIONS)}
    head = {"$schema": DIALECT, "$id": ID, **whole, "title": "fakeproviders target"}
    in_json = msgspec.json.encode({**head, "$defs": definitions})  # defaults may be tuples
    made: dict[str, Any] = msgspec.json.decode(in_json)
    return made
