"""The documentation page: the list of routes for people, in one file without external requests."""

import json
from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, select_autoescape

from fakeproviders import __version__
from fakeproviders.control.openapi import openapi
from fakeproviders.control.route import Route

_IN_PATHS = {
    "session": "default",
    "provider": "official",
    "fault": "f1",
    "message": "MESSAGE",
    "request": "r0",
    "scenario": "maintenance",
    "run": "run1",
}
"""What stands for a path's parameters in an example."""


def docs_page(routes: Sequence[Route], lang: str) -> str:
    """The page in ``zh`` or ``en``."""
    environment = Environment(
        loader=PackageLoader("fakeproviders.control"),
        autoescape=select_autoescape(),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    document = openapi(routes, lang)
    groups: dict[str, list[dict[str, object]]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            shown = _shown(method.upper(), path, operation)
            groups.setdefault(operation["tags"][0], []).append(shown)
    return environment.get_template("docs.html").render(
        lang=lang,
        title=document["info"]["title"],
        version=__version__,
        groups=groups,
        headings={tag["name"]: tag["description"] for tag in document["tags"]},
        schemas={name: _pretty(schema) for name, schema in document["components"]["schemas"].items()},
    )  # fmt: skip


def _shown(method: str, path: str, operation: dict[str, object]) -> dict[str, object]:
    body = operation.get("requestBody")
    example = schema = ""
    if isinstance(body, dict):
        content = body["content"]["application/json"]
        example = json.dumps(content["example"], ensure_ascii=False)
        schema = content["schema"].get("$ref", "").rpartition("/")[2]
    return {
        "method": method,
        "path": path,
        "summary": operation["summary"],
        "parameters": operation["parameters"],
        "example": example,
        "schema": schema,
        "curl": _curl(method, path, example),
    }


def _pretty(schema: object) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2)


def _curl(method: str, path: str, example: str) -> str:
    """A command that works against a server on its usual port, for the default session."""
    url = f"http://127.0.0.1:9400{path.format_map(_IN_PATHS)}"
    if example:
        return f"curl -X {method} {url} -H 'Content-Type: application/json' -d '{example}'"
    return f"curl {url}" if method == "GET" else f"curl -X {method} {url}"
