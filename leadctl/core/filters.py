"""Filter expressions of a noun: fields, aliases and list items looked up, then criteria."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadctl.core.categories import parse_group
from leadctl.core.refs import find_item
from leadctl.errors import NotFound, UsageError
from leadctl.model import AllOf, Clause, Criteria, Opposite, Type
from leadctl.rules.criteria import Meaning
from leadctl.rules.expressions import Token, parse, wrong
from leadctl.rules.leads import REASONS
from leadctl.rules.naming import is_storable
from leadctl.store import lists

if TYPE_CHECKING:
    from leadctl.core.crm import Crm
    from leadctl.store.tables import Source

ALIASES = {
    "created": "created_at",
    "updated": "updated_at",
}
_LISTS = {"category": lists.CATEGORIES, "lead_status": lists.LEAD_STATUSES, "user": lists.USERS}


def criteria(crm: Crm, source: Source, expressions: tuple[str, ...]) -> Criteria:
    """What all ``expressions`` together ask of the records of ``source``.

    Raises UsageError with the position and the nearest valid word, and NotFound for ``me``
    without a user record.
    """
    return AllOf(tuple(_criteria(crm, source, expression) for expression in expressions))


def names_field(item: Criteria, field: str) -> bool:
    """Whether criteria say anything about a field."""
    if isinstance(item, Clause):
        return item.field == field
    if isinstance(item, Opposite):
        return names_field(item.item, field)
    return any(names_field(part, field) for part in item.items)


def _criteria(crm: Crm, source: Source, expression: str) -> Criteria:
    if not is_storable(expression):
        raise UsageError("the expression has characters that cannot be stored")

    def type_of(token: Token) -> tuple[str, Type]:
        name = canonical(source, token.text)
        field = source.field(name)
        if field is None:
            known = [*source.fields, *ALIASES]
            raise _unknown("{entity} has no field {word}", token, known, entity=source.entity)
        return name, field.type

    def item_of(name: str, token: Token) -> Any:
        field = source.fields[name]
        known: list[str] = list(REASONS)
        try:
            if field.kind == "group":
                return _group(token)
            if field.kind in _LISTS:
                known = _keys(crm, _LISTS[field.kind])
                return find_item(crm, _LISTS[field.kind], token.text).id
            if token.lower in REASONS:
                return token.lower
        except NotFound:
            if token.lower == "me":
                raise
        except UsageError as error:
            known = error.details["groups"]
        raise _unknown("{word} is no value of {field}", token, known, field=name)

    def _unknown(template: str, token: Token, known: list[str], **details: Any) -> UsageError:
        from difflib import get_close_matches

        near = get_close_matches(token.lower, known, 1)
        hint = "did you mean {near}?" if near else "there are: {known}"
        found = {"near": near[0] if near else None, "known": known, "word": token.text}
        return wrong(template, expression, token.position, hint, **found, **details)

    return Meaning(expression, crm.clock.today, type_of, item_of).of(parse(expression))


def canonical(source: Source, name: str) -> str:
    """A field's name as the source has it: case and aliases apart, ``extra.KEY`` as typed."""
    head, dot, key = name.partition(".")
    if dot and head.casefold() == "extra":
        return f"extra.{key}"
    lower = name.casefold()
    return ALIASES.get(lower, lower) if lower not in source.fields else lower


def _group(token: Token) -> str:
    group = parse_group("?" if token.lower == "none" else token.text)
    assert group is not None
    return group


def _keys(crm: Crm, source: Source) -> list[str]:
    return [row[0] for row in crm.engine.stream(f"SELECT t.key FROM {source.table} t")]
