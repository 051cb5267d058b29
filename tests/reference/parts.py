"""Parts of JSON Schemas, and the schema of a record that is a row of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadctl.labels import values_of
from leadctl.model import Type
from leadctl.rules.selections import OPERATORS
from leadctl.store import automation, company, cycle, document, form, lists, opportunity, person
from leadctl.store import selection as selection_store
from tests.reference.meanings import always, meaning

if TYPE_CHECKING:
    from leadctl.store.tables import Field, Source

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"

SOURCES: dict[str, Source] = {
    "company": company.SOURCE,
    "person": person.SOURCE,
    "opportunity": opportunity.SOURCE,
    "entry": opportunity.ENTRIES,
    "quote": document.QUOTES,
    "order": document.ORDERS,
    "category": lists.CATEGORIES,
    "lead_status": lists.LEAD_STATUSES,
    "user": lists.USERS,
    "cycle": cycle.CYCLES,
    "stage": cycle.STAGES,
    "close_code": cycle.CLOSE_CODES,
    "selection": selection_store.SOURCE,
    "form": form.FORMS,
    "capture": form.CAPTURES,
    "automation": automation.RULES,
    "proposal": automation.PROPOSALS,
    "change": lists.CHANGES,
    "history": lists.HISTORY,
}
ENTITIES = ["company", "person", "opportunity"]
TRIGGERS = ["opportunity_created", "opportunity_won", "opportunity_lost", "lead_status"]
# Closed sets of values that are no list of labels.
_VALUES = {
    ("person", "lead_status_reason"): ["no_company", "no_category", "wrong_group", "flag_off"],
    ("selection", "entity"): ENTITIES,
    ("selection", "kind"): ["static", "dynamic", "combined"],
    ("automation", "trigger"): TRIGGERS,
    ("proposal", "trigger"): TRIGGERS,
}
_BUILT_IN = ("lead_status", "category", "cycle", "stage", "close_code", "user")

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
COUNT: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": "number"}
FLAG: Schema = {"type": "boolean"}
PERCENT: Schema = {"type": "number", "minimum": 0, "maximum": 100}
DATE: Schema = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d\d-\d\d$"}
INSTANT: Schema = {
    "type": "string",
    "format": "date-time",
    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$",
}
LINE = {
    "type": "object",
    "properties": {"text": TEXT, "quantity": NUMBER, "price": NUMBER, "total": NUMBER},
    "required": ["text", "quantity", "price", "total"],
    "additionalProperties": False,
}
_TYPES: dict[Type, Schema] = {
    Type.INTEGER: WHOLE,
    Type.NUMBER: NUMBER,
    Type.TEXT: TEXT,
    Type.LIST: TEXT,
    Type.BOOLEAN: FLAG,
    Type.INSTANT: INSTANT,
    Type.DATE: DATE,
    Type.AMOUNT: NUMBER,
    Type.PERCENT: PERCENT,
    Type.JSON: {"type": "object", "additionalProperties": TEXT},
    Type.ARRAY: {"type": "array", "items": LINE},
}


def an_object(properties: dict[str, Schema], *, optional: tuple[str, ...] = ()) -> Schema:
    """An object with exactly these keys, those that are ``optional`` aside."""
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def an_array(items: Schema) -> Schema:
    """An array of these."""
    return {"type": "array", "items": items}


def one_of(*values: str) -> Schema:
    """One of these texts."""
    return {"enum": list(values)}


def or_null(schema: Schema) -> Schema:
    """The same, or null."""
    if "enum" in schema:
        return {**schema, "enum": [*schema["enum"], None]}
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def record(name: str) -> Schema:
    """A reference to the schema of that name."""
    return {"$ref": f"{name}.json"}


def values(entity: str, name: str, field: Field | None = None) -> list[str]:
    """The values that a field can have, or nothing where they are not a closed set."""
    if (entity, name) in _VALUES:
        return _VALUES[entity, name]
    if field is None or field.type is not Type.LIST or field.kind in _BUILT_IN:
        return []
    return values_of(field.kind)


def of_field(entity: str, name: str, field: Field) -> Schema:
    """The schema of one field, with what it means."""
    closed = values(entity, name, field)
    schema = one_of(*closed) if closed else _TYPES[field.type]
    if not always(entity, name):
        schema = or_null(schema)
    return {"description": meaning(entity, name), **schema}


def fields_of(entity: str) -> dict[str, Schema]:
    """The properties of a record."""
    source = SOURCES[entity]
    return {name: of_field(entity, name, field) for name, field in source.fields.items()}


OPERATOR = one_of(*OPERATORS)
