"""Filter expressions of a noun: fields, aliases and list items looked up, then criteria."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadctl.core.refs import MOST_NAMED, find_item
from leadctl.errors import NotFound, UsageError
from leadctl.labels import keys_of, values_of
from leadctl.model import ALIASES, AllOf, Clause, Criteria, Opposite, Type, canonical
from leadctl.rules.criteria import Meaning
from leadctl.rules.expressions import Every, Node, Not, Some, Token, parse, wrong
from leadctl.rules.leads import REASONS
from leadctl.rules.naming import is_storable
from leadctl.store import cycle, lists

if TYPE_CHECKING:
    from leadctl.core.crm import Crm
    from leadctl.store.tables import Source

_LISTS = {
    "category": lists.CATEGORIES,
    "lead_status": lists.LEAD_STATUSES,
    "user": lists.USERS,
    "cycle": cycle.CYCLES,
    "close_code": cycle.CLOSE_CODES,
}


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


def asks_for_me(source: Source, expressions: tuple[str, ...]) -> bool:
    """Whether expressions depend on who asks: a user field compared with ``me``."""

    def asks(node: Node) -> bool:
        if isinstance(node, Not):
            return asks(node.item)
        if isinstance(node, (Every, Some)):
            return any(map(asks, node.items))
        field = source.field(canonical(node.field.text, source.fields))
        its_kind = field.kind if field is not None else ""
        return its_kind == "user" and any(value.lower == "me" for value in node.values)

    return any(asks(parse(expression)) for expression in expressions)


def _criteria(crm: Crm, source: Source, expression: str) -> Criteria:
    if not is_storable(expression):
        raise UsageError("the expression has characters that cannot be stored")

    def type_of(token: Token) -> tuple[str, Type]:
        name = canonical(token.text, source.fields)
        field = source.field(name)
        if field is None:
            known = [
                *source.fields,
                *(name for name in ALIASES if canonical(name, source.fields) != name),
            ]
            raise _unknown("{entity} has no field {word}", token, known, entity=source.entity)
        return name, field.type

    def item_of(name: str, token: Token) -> Any:
        field = source.fields[name]
        known = list(REASONS) if field.kind == "reason" else values_of(field.kind)
        try:
            if field.kind in _LISTS:
                known = _keys(crm, _LISTS[field.kind])
                return find_item(crm, _LISTS[field.kind], token.text).id
            if field.kind == "reason":
                keys = frozenset({token.lower}) & frozenset(REASONS)
            else:
                keys = keys_of(field.kind, token.text)
            if len(keys) == 1:
                return next(iter(keys))
        except NotFound:
            if token.lower == "me":
                raise
        raise _unknown(
            "{word} is no value of {field}", token, known, field=name, **_noun(field.kind)
        )

    def _unknown(template: str, token: Token, known: list[str], **details: Any) -> UsageError:
        from difflib import get_close_matches

        near = get_close_matches(token.lower, known, 1)
        hint = "did you mean {near}?" if near else "there are: {known}"
        if not near and "noun" in details and len(known) > MOST_NAMED:
            hint = "{noun} list shows which there are"
        found = {"near": near[0] if near else None, "known": known, "word": token.text}
        return wrong(template, expression, token.position, hint, **found, **details)

    return Meaning(expression, crm.clock.today, type_of, item_of).of(parse(expression))


def _keys(crm: Crm, source: Source) -> list[str]:
    return [row[0] for row in crm.engine.stream(f"SELECT t.key FROM {source.table} t")]


def _noun(kind: str) -> dict[str, str]:
    """The noun whose ``list`` shows the values of a kind, where there is one."""
    return {"noun": _LISTS[kind].entity.replace("_", "-")} if kind in _LISTS else {}
