"""What lists, filters, imports and history ask, SQLite answers from an index where one serves."""

from __future__ import annotations

import pytest

from leadctl import Choice
from leadctl.store import company, cycle, lists, opportunity, person, select
from leadctl.store.select import Condition

pytestmark = pytest.mark.files


def plan(crm, sql: str, parameters: dict) -> str:
    """SQLite's plan for a query."""
    rows = crm.engine.stream(f"EXPLAIN QUERY PLAN {sql}", **parameters)
    return "\n".join(row[3] for row in rows)


@pytest.mark.parametrize(
    ("source", "expression", "index"),
    [
        (person.SOURCE, "name = 'kari nordmann'", "person_name"),
        (person.SOURCE, "name starts with k", "person_name"),
        (person.SOURCE, "email = a@b.example", "person_email"),
        (person.SOURCE, "lead_status = open", "person_lead_status"),
        (person.SOURCE, "lead_status in (open, qualified)", "person_lead_status"),
        (person.SOURCE, "external_id == x", "sqlite_autoindex_person"),
        (person.SOURCE, "id between 1 and 9", "INTEGER PRIMARY KEY"),
        (person.SOURCE, "company_id = 3", "person_company"),
        (company.SOURCE, "name = acme", "company_name"),
        (company.SOURCE, "category = lead", "company_category"),
        (company.SOURCE, "owner = anna", "company_owner"),
        (opportunity.SOURCE, "closed_on < 2026-01-01", "opportunity_closed"),
        (opportunity.SOURCE, "closed older than 24m and outcome = won", "opportunity_closed"),
        (opportunity.SOURCE, "closed_on is not null", "opportunity_closed"),
        (opportunity.SOURCE, "status = won", "opportunity_status"),
        (opportunity.SOURCE, "salesperson = anna", "opportunity_salesperson"),
        (opportunity.SOURCE, "company_id = 3", "opportunity_company"),
        (opportunity.SOURCE, "cycle = standard", "opportunity_cycle"),
        (opportunity.SOURCE, "description starts with a", "opportunity_description"),
        (opportunity.SOURCE, "external_id == x", "sqlite_autoindex_opportunity"),
    ],
)
def test_filters(crm, source, expression: str, index: str) -> None:
    crm.users.add("Anna")
    lines = "\n".join(crm.explain(source, Choice(where=(expression,))))
    assert index in lines
    assert "SCAN t" not in lines.splitlines()[-6:]


def test_a_scan_does_not_walk_the_index_of_the_board(crm) -> None:
    crm.selections.create("Norway", where=["country = NO"])
    for choice in (Choice(where=("country = NO",)), Choice(selection="Norway")):
        assert "SCAN t" in list(crm.explain(person.SOURCE, choice))


@pytest.mark.parametrize(
    ("source", "field"),
    [
        (person.SOURCE, "name"),
        (person.SOURCE, "id"),
        (company.SOURCE, "name"),
        (company.SOURCE, "id"),
    ],
)
@pytest.mark.parametrize("down", [False, True])
def test_sorting_needs_no_sorter(crm, monkeypatch, source, field: str, down: bool) -> None:
    seen = []
    monkeypatch.setattr(
        crm.engine, "stream", lambda sql, **parameters: seen.append((sql, parameters)) or iter(())
    )
    select.rows(
        crm.engine, source, ["id", "name"], Condition("true", {}), today="", sort=[(field, down)]
    )
    monkeypatch.undo()
    sql, parameters = seen[0]
    steps = plan(crm, sql, parameters).splitlines()
    assert not any("TEMP B-TREE" in step and "RIGHT PART" not in step for step in steps)


def test_history_of_a_record(crm) -> None:
    sql = (
        f"SELECT t.id FROM {lists.HISTORY.from_sql()} WHERE t.entity = 'person' AND t.entity_id = 1"
    )
    assert "history_record" in plan(crm, sql, {})


def test_groups_by_status_read_an_index_only(crm) -> None:
    sql = "SELECT lead_status_id, count(*) FROM person GROUP BY lead_status_id"
    assert "COVERING INDEX person_lead_status" in plan(crm, sql, {})
    sql = f"SELECT count(*) FROM {person.SOURCE.from_sql('true')} WHERE true"
    assert plan(crm, sql, {}).startswith("SCAN t USING COVERING INDEX")


def test_header_figures_are_looked_up_by_the_active_entry(crm) -> None:
    sql = (
        f"SELECT {opportunity.SOURCE.fields['stage'].sql} FROM {opportunity.SOURCE.from_sql()}"
        " WHERE t.id = 1"
    )
    assert "entry_active" in plan(crm, sql, {})
    age = opportunity.SOURCE.fields["stage_age"].sql.replace("{today}", "'2026-01-01'")
    steps = plan(crm, f"SELECT {age} FROM {opportunity.SOURCE.from_sql()}", {})
    assert "SEARCH v USING INDEX entry_opportunity" in steps


def test_what_is_open_on_a_stage_is_counted_from_an_index(crm) -> None:
    sql = f"SELECT {cycle.STAGES.fields['estimated_value'].sql} FROM {cycle.STAGES.from_sql()}"
    assert "USING COVERING INDEX entry_stage" in plan(crm, sql, {})


def test_every_foreign_key_has_an_index(crm) -> None:
    tables = [
        row[0] for row in crm.engine.stream("SELECT name FROM sqlite_schema WHERE type = 'table'")
    ]
    for table in tables:
        for key in crm.engine.query(f"PRAGMA foreign_key_list({table})"):
            column = key[3]
            if (table, column) == ("history", "change_id"):
                continue  # a change is never deleted, its history is read by its range of numbers
            where = f"SELECT 1 FROM {table} WHERE {column} = 1"
            assert "SEARCH" in plan(crm, where, {}), (table, column)
