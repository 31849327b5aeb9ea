"""Merging a patch into a JSON value."""

from typing import Any


def merged(value: Any, patch: Any) -> Any:
    """Objects merge key by key; everything else, lists and null included, replaces."""
    if not isinstance(value, dict) or not isinstance(patch, dict):
        return patch
    whole = dict(value)
    for key, part in patch.items():
        whole[key] = merged(value[key], part) if key in value else part
    return whole
