"""The JSON Schema (2020-12) of scenario files, for editors: what there is, and what it means.

Made from the shapes and tables that the loader checks with. It says less than the loader (not that a
template's variable is there, or that a regular expression compiles), and forbids nothing that the
loader takes. A line at the head of a file makes an editor use it:

    # yaml-language-server: $schema=scenario.schema.json
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import inspect

from fakeproviders.failures import SLUGS, catalogue
from fakeproviders.faults.matchers import FIELDS
from fakeproviders.faults.registry import FAULTS
from fakeproviders.faults.rule import PROVIDERS, FaultSpec
from fakeproviders.model import OPERATIONS
from fakeproviders.panel.events import CHANNELS, EVENTS
from fakeproviders.panel.settings import GROUPS
from fakeproviders.scenario import docstrings, grammars
from fakeproviders.scenario.actions import ACTIONS, Action
from fakeproviders.scenario.lint import EVENTS_OF_A_STEP, ONLY_WITH_DO, STATUSES
from fakeproviders.scenario.model import (
    InboxHolds,
    PanelState,
    QuotaUsed,
    Scenario,
    Setup,
    Step,
    UserSees,
)
from fakeproviders.scenario.variables import NAME
from fakeproviders.stores.windows import BUCKETS
from fakeproviders.verify.expectation import Expectation

Schema = dict[str, Any]
ID = "urn:fakeproviders:scenario"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEMPLATE: Schema = {"$ref": "#/$defs/template"}


def scenario_schema() -> Schema:
    """The whole schema."""
    builder = _Builder()
    builder.add(Scenario)
    step = builder.definitions["Step"]
    step["oneOf"] = [{"required": [name]} for name in EVENTS_OF_A_STEP]
    step["dependentRequired"] = {name: ["do"] for name in ONLY_WITH_DO}
    step["allOf"] = [_with(name, builder.add(action)) for name, action in ACTIONS.items()]
    top = builder.definitions.pop("Scenario")
    head = {"$schema": DIALECT, "$id": ID, "title": "fakeproviders scenario"}
    return {**head, **top, "$defs": dict(sorted(builder.definitions.items()))}


class _Builder:
    """Makes definitions of shapes. What may be a template is ``open``."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {
            "template": {"type": "string", "pattern": r"\{\{", "description": "{{ ... }}"}
        }
        self._fields: Mapping[tuple[type, str], Schema] = {}
        self._fields = self._told_by_tables()

    def add(self, shape: type, *, is_open: bool | None = None) -> Schema:
        """A reference to a shape's definition, which is made when it is new."""
        name = _name(shape)
        if name not in self.definitions:
            self.definitions[name] = {}  # a shape within itself finds it
            is_open = _is_open(shape) if is_open is None else is_open
            self.definitions[name] |= self._struct(shape, is_open=is_open)
        return {"$ref": f"#/$defs/{name}"}

    def _struct(self, shape: type, *, is_open: bool) -> Schema:
        kind = inspect.type_info(shape)
        assert isinstance(kind, inspect.StructType)  # noqa: S101 - shapes are structs
        texts = docstrings.of_fields(shape)
        properties = {}
        for field in kind.fields:
            told = self._fields.get((shape, field.name))
            made = self._of(field.type, is_open=is_open) if told is None else told
            text = texts.get(field.name)
            properties[field.encode_name] = {**made, "description": _line(text)} if text else made
        required = [field.encode_name for field in kind.fields if field.required]
        return {
            "type": "object",
            "description": _line(shape.__doc__ or ""),
            "properties": properties,
            **({"required": required} if required else {}),
            "additionalProperties": False,
        }

    def _of(self, kind: Any, *, is_open: bool) -> Schema:
        if isinstance(kind, inspect.UnionType):
            return _any_of(self._of(part, is_open=is_open) for part in kind.types)
        made = self._plain(kind, is_open=is_open)
        return made if not is_open or _takes_any_text(made) else _any_of([made, _TEMPLATE])

    def _plain(self, kind: Any, *, is_open: bool) -> Schema:
        match kind:
            case inspect.StructType():
                return self.add(kind.cls, is_open=is_open)
            case inspect.DictType():
                values = self._of(kind.value_type, is_open=is_open)
                keys = kind.key_type
                if isinstance(keys, inspect.LiteralType):
                    return _object({str(key): values for key in keys.values})
                return {"type": "object", "additionalProperties": values}
            case inspect.ListType() | inspect.VarTupleType():
                items = self._of(kind.item_type, is_open=is_open)
                return _without_none(type="array", items=items, minItems=kind.min_length)
            case inspect.LiteralType():
                return {"enum": sorted(kind.values)}
            case inspect.StrType():
                return _without_none(type="string", pattern=kind.pattern, minLength=kind.min_length)
            case inspect.IntType() | inspect.FloatType():
                return _without_none(
                    type="integer" if isinstance(kind, inspect.IntType) else "number",
                    minimum=kind.ge, maximum=kind.le,
                    exclusiveMinimum=kind.gt, exclusiveMaximum=kind.lt,
                )  # fmt: skip
            case inspect.BoolType():
                return {"type": "boolean"}
            case inspect.NoneType():
                return {"type": "null"}
        return {}

    def _told_by_tables(self) -> Mapping[tuple[type, str], Schema]:
        """Fields whose shapes say less than is known about them."""
        faults = {"type": "array", "items": self.add(FaultSpec, is_open=True)}
        groups = _object({n: _or_template(self.add(g, is_open=True)) for n, g in GROUPS.items()})
        accounts = _object(
            {role: self._patch(type(account)) for role, account in grammars.accounts().items()}
        )
        self.definitions["FaultSpec"]["properties"] |= _words_of_a_rule(self)
        failure = _nullable({"enum": list(catalogue())})
        return {
            (Scenario, "failure"): failure,
            (Scenario, "variables"): {
                "type": "object", "propertyNames": {"pattern": f"^{NAME.pattern}$"},
            },
            (Setup, "providers"): accounts,
            (Setup, "faults"): faults,
            (Step, "do"): {"enum": list(ACTIONS)},
            (Step, "providers"): accounts,
            (Step, "faults"): faults,
            (PanelState, "settings"): groups,
            (PanelState, "drafts"): groups,
            (PanelState, "notifications"): _notifications(),
            (UserSees, "failure"): _or_template(failure),
            (Expectation, "operation"): _or_template(_nullable({"enum": [*OPERATIONS, "*"]})),
            (Expectation, "reason"): _or_template(_nullable({"enum": sorted(SLUGS)})),
            (Expectation, "match"): _nullable(_match()),
            (InboxHolds, "status"): _or_template(_nullable({"enum": list(STATUSES)})),
            (QuotaUsed, "bucket"): _or_template({"enum": list(BUCKETS)}),
        }  # fmt: skip

    def _patch(self, shape: type) -> Schema:
        """An account's settings, as far as they change, and its balance."""
        reference = self.add(shape, is_open=True)
        definition = self.definitions[_name(shape)]
        definition.pop("required", None)
        definition["properties"].setdefault("balance", _or_template({"type": "integer"}))
        return reference


def _words_of_a_rule(builder: _Builder) -> dict[str, Schema]:
    """The fields of a fault rule that have words of their own."""
    names = {"enum": [*sorted(SLUGS), *FAULTS]}
    with_settings = _object(
        {name: _nullable(builder.add(fault, is_open=True)) for name, fault in FAULTS.items()},
        minProperties=1,
        maxProperties=1,
    )
    one = {"anyOf": [names, with_settings]}
    text = builder.definitions["FaultSpec"]["properties"]["do"].get("description")
    return {
        "provider": _or_template({"enum": [*PROVIDERS, "*"]}),
        "operation": _or_template(_nullable({"enum": [*OPERATIONS, "*"]})),
        "match": _or_template(_nullable(_match())),
        "do": _without_none(
            anyOf=[*one["anyOf"], {"type": "array", "items": one, "minItems": 1}, _TEMPLATE],
            description=text,
        ),
    }


def _match() -> Schema:
    """Fields of a request; their tests are left to the loader."""
    fields: Schema = {name: {} for name in sorted(FIELDS)}
    nested = {"any": {"type": "array"}, "all": {"type": "array"}, "not": {"type": "object"}}
    return {**_object(fields | nested), "patternProperties": {r"^params\.": {}}}


def _notifications() -> Schema:
    switch = _or_template({"type": "boolean"})
    return _object(
        {
            name: {
                **_object({s: switch for s in ("row", *CHANNELS) if s == "row" or getattr(event, s) is not None}),
                "description": f"{event.name.en} ({event.name.zh})",
            }
            for name, event in EVENTS.items()
        }
    )  # fmt: skip


def _with(name: str, parameters: Schema) -> Schema:
    """What ``with`` must be beside an action."""
    needs = [f for f in msgspec.structs.fields(ACTIONS[name]) if f.required]
    return {
        "if": {"properties": {"do": {"const": name}}, "required": ["do"]},
        "then": {"properties": {"with": parameters}, **({"required": ["with"]} if needs else {})},
    }


def _name(shape: type) -> str:
    """What a shape is called among the definitions; those of the panel have names of ours too."""
    return f"Panel{shape.__name__}" if ".panel." in shape.__module__ else shape.__name__


def _is_open(shape: type) -> bool:
    return issubclass(shape, Action)


def _object(properties: Mapping[str, Schema], **more: int) -> Schema:
    return {
        "type": "object", "properties": dict(properties), "additionalProperties": False, **more,
    }  # fmt: skip


def _any_of(parts: Iterable[Schema]) -> Schema:
    flat: list[Schema] = []
    for part in parts:
        flat += [p for p in part.get("anyOf", [part]) if p not in flat]
    return flat[0] if len(flat) == 1 else {"anyOf": flat}


def _nullable(schema: Schema) -> Schema:
    return _any_of([schema, {"type": "null"}])


def _or_template(schema: Schema) -> Schema:
    return _any_of([schema, _TEMPLATE])


def _takes_any_text(schema: Schema) -> bool:
    return not schema or schema == {"type": "string"} or schema == {"type": "null"}


def _without_none(**entries: Any) -> Schema:
    return {name: value for name, value in entries.items() if value is not None}


def _line(text: str) -> str:
    return " ".join(text.split())
