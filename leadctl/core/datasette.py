"""Metadata for Datasette 0.65: readable names for the views of a file, a query per selection.

It stays English, whatever the language of the output, as the names of the views and columns do.
Selections whose members depend on who asks have no view, and so no query.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from leadctl.core.selection_views import views_of_selections
from leadctl.rules.selections import OPERATORS
from leadctl.store import selection
from leadctl.store.migrations import VIEWS

if TYPE_CHECKING:
    from leadctl.core.crm import Crm
    from leadctl.model import Record

TITLE = "Leads and sales opportunities"
DESCRIPTION = (
    "A file of leadctl. The views whose names begin with v_ have what its lists show; a selection"
    " with a filter is a view as well, and every selection that is the same for everybody has a"
    " query with its members."
)
_PERCENT = "from 0 to 100"
_EVERYWHERE = {
    "external_id": "Key in the system from which it was imported",
    "company_id": "Number of the company in v_companies",
    "extra": "Further columns of what was imported, as JSON",
    "created_at": "When it was added, UTC",
    "updated_at": "When it was last changed, UTC",
    "category_group": "customer, potential_customer, partner, lost, other, or empty",
}
_FIGURES = {
    "cycle": "Key of the sales cycle",
    "stage": "Number of the stage; empty when there is none, as after closing",
    "estimated_value": "What it would bring",
    "chances_percent": f"Chances of success, {_PERCENT}",
    "completed_percent": f"How much of the cycle is completed, {_PERCENT}",
    "probability_percent": f"From chances and completed, by the method of the cycle, {_PERCENT}",
    "calculated_value": "Estimated value times probability",
    "close_date": "When it is expected to be closed",
    "closed_on": "When it was closed",
    "close_code": "Key of the reason for closing",
}


class View(NamedTuple):
    """What people read of a view."""

    title: str
    description: str
    columns: dict[str, str]


TEXTS = {
    "v_companies": View(
        "Companies",
        "Every company, with its category and owner.",
        {
            "category": "Key of the category",
            "lead_status_enabled": "1 when the category is switched on for lead status",
            "is_customer": "1 when the category is of the group customer",
            "owner": "Key of the user who owns it",
            "people": "How many people it has, retired ones included",
        },
    ),
    "v_people": View(
        "People",
        "Every person, retired ones included, with the lead status.",
        {
            "company": "Name of the company",
            "has_company": "1 when the person has a company",
            "category": "Key of the category: that of the company, if there is one",
            "lead_status": "Key of the lead status that is stored, whether or not it applies",
            "lead_status_active": "1 when the lead status applies, 0 when it is hidden",
            "lead_status_reason": (
                "Why it does not apply: no_company, no_category, wrong_group or flag_off"
            ),
            "status_since": "Since when the person has this lead status, UTC",
            "status_age": "Days since then",
            "owner": "Key of the user who owns the person: that of the company, if there is one",
            "retired": "1 for somebody who is retired, and left out of lists",
            "form": "Name of the web form by which the person came",
        },
    ),
    "v_opportunities": View(
        "Opportunities",
        "Every opportunity with the figures that hold now.",
        {
            "contact_type": "Whom it is with: person or company",
            "company": "Name of the company",
            "person_id": "Number of the person in v_people",
            "person": "Name of the person",
            "salesperson": "Key of the user who sells",
            "priority": "low, normal or high",
            "status": "not_started, in_progress, won or lost",
            "outcome": "won or lost, for those that are closed",
            "has_quote": "1 when there is a quote",
            "stage_age": "Days on this stage",
            **_FIGURES,
        },
    ),
    "v_stage_history": View(
        "Stage history",
        "Every move of every opportunity along its sales cycle: what was entered, and when.",
        {
            "opportunity_id": "Number of the opportunity in v_opportunities",
            "description": "Of the opportunity",
            "action": "first, next, previous, updated, jumped, won, lost or reopened",
            "previous_stage": "Number of the stage before",
            "date": "Day of the move",
            "active": "1 for the entry whose figures hold now",
            "days_open": "Days until the next entry; 0 when there is none yet",
            **_FIGURES,
        },
    ),
}
_VIEW_OF = {source.entity: name for name, source in VIEWS.items() if source.entity != "entry"}


class _Selection(NamedTuple):
    """A row of the table of selections."""

    id: int
    key: str
    name: str
    entity: str
    kind: str
    operator: str | None
    first: int | None
    second: int | None
    where: str | None
    description: str | None

    @property
    def text(self) -> str:
        """Its description, and how its members are found."""
        found = {"static": "a list", "dynamic": f"where {self.where}"}.get(self.kind, self.where)
        return " – ".join(part for part in (self.description, found) if part)


def datasette_metadata(crm: Crm) -> Record:
    """The metadata of a file, under the name that Datasette gives it."""
    tables = {name: _table(text.title, text.description, name) for name, text in TEXTS.items()}
    queries = {}
    views = views_of_selections(crm)
    selections = {found.id: found for found in _selections(crm)}
    for found in selections.values():
        view = f"selection_{found.key}"
        if view in views:
            tables[view] = _table(found.name, found.text, _VIEW_OF[found.entity])
        sql = _members(found, selections, views)
        if sql is not None:
            # A query takes the address of a table or view of the same name.
            queries[f"members_{found.key}"] = {
                "title": found.name,
                "description": found.text,
                "sql": sql,
            }
    content = {"title": TITLE, "description": DESCRIPTION, "tables": tables, "queries": queries}
    return {"title": TITLE, "databases": {Path(crm.engine.path).stem: content}}


def _table(title: str, description: str, like: str) -> Record:
    """What there is to say about a view that has the columns of ``like``."""
    known = _EVERYWHERE | TEXTS[like].columns
    columns = {field: known[field] for field in VIEWS[like].fields if field in known}
    return {"title": title, "description": description, "columns": columns}


def _selections(crm: Crm) -> list[_Selection]:
    where = selection.SOURCE.fields["where"].sql
    rows = crm.engine.query(
        "SELECT t.id, t.key, t.name, t.entity, t.kind, t.operator, t.source_a_id, t.source_b_id,"
        f" {where}, t.description FROM {selection.SOURCE.from_sql()} ORDER BY t.id"
    )
    return [_Selection(*row) for row in rows]


def _members(
    found: _Selection, selections: dict[int, _Selection], views: frozenset[str]
) -> str | None:
    """The query that lists the members of a selection, ``None`` where there can be none."""
    if found.kind == "dynamic":
        view = f"selection_{found.key}"
        return f"SELECT * FROM {view} ORDER BY id" if view in views else None
    if found.first is None or found.second is None:
        where = _contains(found, views)
    else:
        a, b = (_contains(selections[id], views) for id in (found.first, found.second))
        where = OPERATORS[str(found.operator)].format(a=a, b=b) if a and b else None
    return where and f"SELECT * FROM {_VIEW_OF[found.entity]} WHERE {where} ORDER BY id"


def _contains(found: _Selection, views: frozenset[str]) -> str | None:
    """The condition that the number of a record is in a selection that is no combination."""
    if found.kind == "static":
        return f"id IN (SELECT record_id FROM member WHERE selection_id = {found.id})"
    view = f"selection_{found.key}"
    return f"id IN (SELECT id FROM {view})" if view in views else None
