"""The control API as OpenAPI 3.1, made from the list of routes and the shapes they take."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from fakeproviders import __version__
from fakeproviders.control.descriptions import described_in
from fakeproviders.control.route import GROUPS, PUBLIC, Route
from fakeproviders.failures import Words

_TITLE = Words(zh="fakeproviders 控制接口", en="fakeproviders control API")
_DONE = Words(zh="完成", en="done")
_PROBLEM = Words(zh="问题文档（RFC 9457）", en="problem document (RFC 9457)")
_QUERY = {
    "limit": Words(zh="最多返回多少条（1 到 10000，默认 100）", en="at most so many (1 to 10,000; 100)"),
    "cursor": Words(zh="上次响应里的 cursor：只要其后的", en="from the last answer: only what came after"),
    "wait": Words(zh="没有时最多等待的秒数（到 60）", en="seconds to wait for the first (up to 60)"),
    "mobile": Words(zh="手机号", en="the mobile"),
    "kind": Words(zh="mail、site 或 wechat", en="mail, site or wechat"),
    "recipient": Words(zh="收件人：邮箱或手机号", en="whom it is to: a mail address or a mobile"),
    "provider": Words(zh="official、upstream、reseller 或 erban", en="official, upstream, reseller or erban"),
    "operation": Words(zh="操作，如 send", en="the operation, as send"),
    "outcome": Words(zh="accepted、refused、fault 或 page", en="accepted, refused, fault or page"),
    "reason": Words(zh="故障目录里的代号", en="a slug of the failure catalogue"),
    "format": Words(zh="json（默认）；har、jsonl 导出全部", en="json (default); har and jsonl export all that fit"),
    "strict": Words(zh="true：有故障规则从未触发时返回 409，不删除", en="true: 409 while a fault rule has not fired"),
    "types": Words(zh="request、message、reply、fault、clock，以逗号分隔", en="request, message, reply, fault, clock"),
}  # fmt: skip
_NUMBERS = {"limit": "integer", "wait": "number"}


def openapi(routes: Sequence[Route], lang: str) -> dict[str, Any]:
    """The document of these routes, its words in ``zh`` or ``en``."""
    bodies = [r.body for r in routes if r.body not in (None, dict)]
    _, components = msgspec.json.schema_components(
        bodies, ref_template="#/components/schemas/{name}"
    )
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, lang)
    return {
        "openapi": "3.1.0",
        "info": {"title": _TITLE[lang], "version": __version__},
        "tags": [{"name": name, "description": words[lang]} for name, words in GROUPS.items()],
        "paths": paths,
        "components": {
            "schemas": described_in(lang, components) | _schemas(lang),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(route: Route, lang: str) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _operation_id(route),
        "summary": route.summary[lang],
        "tags": [route.group],
        "parameters": [*_path_parameters(route.path), *_query_parameters(route, lang)],
        "responses": _responses(route, lang),
    }
    if route.body is not None:
        content: dict[str, Any] = {"schema": _body_schema(route), "example": route.example}
        operation["requestBody"] = {"content": {"application/json": content}}
    if route.path not in PUBLIC:
        operation["security"] = [{}, {"token": []}]
    return operation


def _operation_id(route: Route) -> str:
    module = route.handler.__module__.rpartition(".")[2]
    return f"{module}_{route.handler.__name__}"


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", path)
    ]


def _query_parameters(route: Route, lang: str) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "query",
            "description": _QUERY[name][lang],
            "schema": {"type": _NUMBERS.get(name, "string")},
        }
        for name in route.query
    ]


def _responses(route: Route, lang: str) -> dict[str, Any]:
    problem = {
        "description": _PROBLEM[lang],
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
    good: dict[str, Any] = {"description": _DONE[lang]}
    if route.status != 204:
        good["content"] = _content(route)
    return {str(route.status): good, "default": problem}


def _content(route: Route) -> dict[str, Any]:
    text: dict[str, Any] = {"schema": {"type": "string"}}
    if route.path == "/docs" or route.answer == "page":
        return {"text/html": text}
    if route.answer == "text":
        return {"text/plain": text}
    if route.answer == "events":
        return {"text/event-stream": text}
    named = {"session": "Session", "verification": "VerificationResult"}.get(route.answer)
    schema = {"$ref": f"#/components/schemas/{named}"} if named else {"type": "object"}
    content: dict[str, Any] = {"application/json": {"schema": schema}}
    return content | {"application/x-ndjson": text} if route.answer == "journal" else content


def _body_schema(route: Route) -> dict[str, Any]:
    if route.body is dict:
        return {"type": "object"}
    return {"$ref": f"#/components/schemas/{route.body.__name__}"}


def _schemas(lang: str) -> dict[str, Any]:
    return {
        "Problem": {
            "type": "object",
            "required": ["type", "title", "status", "detail"],
            "properties": {
                "type": {"type": "string"},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "detail": {"type": "string"},
                "errors": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["field", "message"],
                        "properties": {
                            "field": {"type": "string"},
                            "message": {"type": "string"},
                        },
                    },
                },
            },
        },
        "VerificationResult": _verification(lang),
        "Session": {
            "type": "object",
            "required": ["id", "seed", "official", "reseller", "erban"],
            "description": Words(
                zh="各服务商的地址与凭据", en="each provider's address and credentials"
            )[lang],
            "properties": {
                "id": {"type": "string"},
                "seed": {"type": "integer"},
                "name": {"type": "string"},
                "official": {"type": "object"},
                "reseller": {"type": "object"},
                "erban": {"type": "object"},
            },
        },
    }


def _verification(lang: str) -> dict[str, Any]:
    result = {"type": "string", "enum": ["pass", "fail", "inconclusive"]}
    ids = {"type": "array", "items": {"type": "string"}}
    words = {"zh": {"type": "string"}, "en": {"type": "string"}}
    miss = {
        "type": "object",
        "properties": {
            "field": {"type": "string"},
            "actual": {},
            "expected": {"type": "string"},
            "expected_words": {"type": "object", "properties": words},
        },
    }
    near_miss = {"request": {"type": "string"}, "misses": {"type": "array", "items": miss}}
    check = {
        "expected": {"$ref": "#/components/schemas/Expectation"},
        "result": result,
        "count": {"type": "integer"},
        "matching": ids,
        "near_misses": {"type": "array", "items": {"type": "object", "properties": near_miss}},
        "counted_with": {"type": "array", "items": {"type": "integer"}},
    }
    order = {"result": result, "matching": ids, "missing": {"type": ["integer", "null"]}}
    return {
        "type": "object",
        "description": Words(
            zh="inconclusive：被清除的日志可能改变结果",
            en="inconclusive: requests that were evicted could have made the difference",
        )[lang],
        "required": ["result", "seed", "checks", "evicted", "words"],
        "properties": {
            "result": result,
            "seed": {"type": "integer"},
            "checks": {"type": "array", "items": {"type": "object", "properties": check}},
            "order": {"type": ["object", "null"], "properties": order},
            "evicted": {"type": "integer"},
            "unfired_faults": {"type": "array", "items": {"type": "object"}},
            "unexpected_requests": ids,
            "unexpected": {"type": "integer"},
            "words": {"type": "object", "properties": words},
        },
    }
