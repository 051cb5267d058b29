"""A dynamic selection as an SQL view, ``selection_<key>``, that any SQLite tool can read.

Values are literals there, quoted by the engine; a day that is counted from today is counted by the
view. A filter that uses ``me`` has no view: nobody is "me" to another program.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from leadctl.core.filters import asks_for_me
from leadctl.core.membership import members, read_selection
from leadctl.errors import LeadctlError
from leadctl.store import company, opportunity, person
from leadctl.store.migrations import view_statements

if TYPE_CHECKING:
    from leadctl.core.crm import Crm
    from leadctl.core.membership import Selection

# By this a view of ours is told from one that somebody has made by hand.
_OURS = "/* a selection of leadctl */"
_SOURCES = {
    "person": person.SOURCE,
    "company": company.SOURCE,
    "opportunity": opportunity.SOURCE,
}


def make_view(crm: Crm, id: int) -> None:
    """Make the view of a selection anew, if it is to have one."""
    found = read_selection(crm, id)
    drop_view(crm, found.key)
    statement = _statement(crm, found)
    if statement is not None:
        crm.engine.make_view(f"selection_{found.key}", statement)


def statements(crm: Crm) -> dict[str, str]:
    """Name -> the statement that makes it, of every view that a selection is to have."""
    selections = [
        read_selection(crm, id)
        for (id,) in crm.engine.query("SELECT id FROM selection ORDER BY id")
    ]
    made = {f"selection_{found.key}": _statement(crm, found) for found in selections}
    return {name: statement for name, statement in made.items() if statement is not None}


def _statement(crm: Crm, found: Selection) -> str | None:
    source = _SOURCES[found.entity]
    if found.kind != "dynamic" or asks_for_me(source, found.where):
        return None
    try:
        where = members(crm, source, found, hidden=False)
    except LeadctlError:
        # It names what has been deleted since: nobody is in it, by any name.
        return None
    literals = {name: _literal(crm, value) for name, value in where.parameters.items()}
    literals["today"] = "date('now')"
    # What looks like a parameter within quotes is the name of a key in ``extra``.
    sql = re.sub(
        r"'(?:[^']|'')*'|:(\w+)",
        lambda match: literals[match[1]] if match[1] else match[0],
        where.sql,
    )
    cells = source.view_sql()
    return f"CREATE VIEW selection_{found.key} AS {_OURS} {cells} WHERE {sql}"


def make_views(crm: Crm) -> None:
    """Make all views anew: after an undo, or when what they name has changed."""
    for name in views_of_selections(crm):
        crm.engine.execute(f"DROP VIEW {name}")
    for (id,) in crm.engine.query("SELECT id FROM selection"):
        make_view(crm, id)


def views_of_selections(crm: Crm) -> frozenset[str]:
    """The names of the views that selections have."""
    return frozenset(name for name, sql in crm.engine.views().items() if _OURS in sql)


def views_to_mend(crm: Crm) -> list[str]:
    """The names of views that are missing, are not as leadctl makes them, or belong to nothing."""
    there = crm.engine.views()
    wanted = {**view_statements(), **statements(crm)}
    wrong = [name for name, statement in wanted.items() if there.get(name) != statement]
    return wrong + sorted(views_of_selections(crm) - wanted.keys())


def drop_view(crm: Crm, key: str) -> None:
    """Take the view of a selection away."""
    crm.engine.execute(f"DROP VIEW IF EXISTS selection_{key}")


def _literal(crm: Crm, value: Any) -> str:
    relative = getattr(value, "sql", None)
    return str(relative or crm.engine.literal(value))
