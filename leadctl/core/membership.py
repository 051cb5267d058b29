"""Who is in a selection: the condition that its members fulfil."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from leadctl.core.filters import criteria, names_field
from leadctl.errors import NotFound
from leadctl.rules.naming import folded
from leadctl.rules.selections import OPERATORS, check_entity
from leadctl.store.criteria import condition
from leadctl.store.select import Condition

if TYPE_CHECKING:
    from leadctl.core.crm import Crm
    from leadctl.store.tables import Source


class Selection(NamedTuple):
    """A selection as it is stored."""

    id: int
    key: str
    name: str
    entity: str
    kind: str
    where: tuple[str, ...]
    first: int | None
    second: int | None
    operator: str | None


def read_selection(crm: Crm, name: str | int) -> Selection:
    """A selection by its name, or by its number. Raises NotFound."""
    by = "id = :wanted" if isinstance(name, int) else "name_key = :wanted"
    row = crm.engine.one(
        "SELECT id, key, name, entity, kind, expressions, source_a_id, source_b_id, operator"
        f" FROM selection WHERE {by}",
        wanted=name if isinstance(name, int) else folded(name.strip()),
    )
    if row is None:
        from difflib import get_close_matches

        names = [other[0] for other in crm.engine.query("SELECT name FROM selection ORDER BY id")]
        near = get_close_matches(str(name), names, 1)
        raise NotFound(
            "selection {id} does not exist",
            hint="did you mean {near}?" if near else "selection list shows which there are",
            id=name,
            near=near[0] if near else None,
        )
    id, key, called, entity, kind, where, first, second, operator = row
    expressions = tuple(json.loads(where or "[]"))
    return Selection(id, key, called, entity, kind, expressions, first, second, operator)


def condition_of(crm: Crm, source: Source, name: str, *, hidden: bool = False) -> Condition:
    """The condition over ``source`` that the members of a selection fulfil.

    Retired people are left out of dynamic selections unless the filter names ``retired``, or
    ``hidden``; static ones include them. Raises NotFound, and UsageError for a selection of
    another kind of record.
    """
    found = read_selection(crm, name)
    check_entity(found.name, found.entity, source.entity)
    return members(crm, source, found, hidden)


def members(crm: Crm, source: Source, found: Selection, hidden: bool) -> Condition:
    """The same for a selection that has been read."""
    if found.kind == "static":
        listed = f"SELECT m.record_id FROM member m WHERE m.selection_id = {found.id}"
        return Condition(f"t.id IN ({listed})", {})
    if found.kind == "dynamic":
        wanted = criteria(crm, source, found.where)
        where = condition(source, wanted, f"s{found.id}_")
        sql = where.sql.replace("{today}", ":today")
        if source.hidden and not (hidden or names_field(wanted, "retired")):
            sql = source.seen(sql)
        return Condition(f"({sql})", {**where.parameters, "today": crm.today})
    assert found.first is not None
    assert found.second is not None
    first, second = (
        members(crm, source, read_selection(crm, number), hidden)
        for number in (found.first, found.second)
    )
    # What is neither true nor false would be in no set, and in no difference.
    a, b = (f"(({side.sql}) IS TRUE)" for side in (first, second))
    sql = OPERATORS[str(found.operator)].format(a=a, b=b)
    return Condition(sql, first.parameters | second.parameters)
