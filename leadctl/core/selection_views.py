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

if TYPE_CHECKING:
    from leadctl.core.crm import Crm

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
    source = _SOURCES[found.entity]
    if found.kind != "dynamic" or asks_for_me(source, found.where):
        return
    try:
        where = members(crm, source, found, hidden=False)
    except LeadctlError:
        # It names what has been deleted since: nobody is in it, by any name.
        return
    literals = {name: _literal(crm, value) for name, value in where.parameters.items()}
    literals["today"] = "date('now')"
    # What looks like a parameter within quotes is the name of a key in ``extra``.
    sql = re.sub(
        r"'(?:[^']|'')*'|:(\w+)",
        lambda match: literals[match[1]] if match[1] else match[0],
        where.sql,
    )
    cells = source.view_sql()
    crm.engine.execute(f"CREATE VIEW selection_{found.key} AS {_OURS} {cells} WHERE {sql}")


def make_views(crm: Crm) -> None:
    """Make all views anew: after an undo, or when what they name has changed."""
    for name in views_of_selections(crm):
        crm.engine.execute(f"DROP VIEW {name}")
    for (id,) in crm.engine.query("SELECT id FROM selection"):
        make_view(crm, id)


def views_of_selections(crm: Crm) -> frozenset[str]:
    """The names of the views that selections have."""
    rows = crm.engine.query(
        "SELECT name FROM sqlite_schema WHERE type = 'view' AND instr(sql, :ours) > 0", ours=_OURS
    )
    return frozenset(name for (name,) in rows)


def drop_view(crm: Crm, key: str) -> None:
    """Take the view of a selection away."""
    crm.engine.execute(f"DROP VIEW IF EXISTS selection_{key}")


def _literal(crm: Crm, value: Any) -> str:
    relative = getattr(value, "sql", None)
    return str(relative or crm.engine.value("SELECT quote(:value)", value=value))
