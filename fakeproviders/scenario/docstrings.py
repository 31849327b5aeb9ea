"""The docstrings of a struct's fields: what stands in the source right after each."""

import ast
import inspect
import sys
from functools import cache
from itertools import pairwise


def of_fields(shape: type) -> dict[str, str]:
    """A text for each field that has one, inherited ones included."""
    found: dict[str, str] = {}
    for kind in reversed(shape.__mro__):
        if kind.__module__.startswith("fakeproviders."):
            found |= _of_module(kind.__module__).get(kind.__name__, {})
    return found


@cache
def _of_module(module: str) -> dict[str, dict[str, str]]:
    """The texts of all classes of a module."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: _of_class(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _of_class(definition: ast.ClassDef) -> dict[str, str]:
    found = {}
    for statement, following in pairwise(definition.body):
        text = _text(following)
        if text and isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            found[statement.target.id] = text
    return found


def _text(statement: ast.stmt) -> str:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return inspect.cleandoc(str(statement.value.value))
    return ""
