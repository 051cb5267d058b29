"""A report is one statement, however many records there are; so is what it finds them by."""

from __future__ import annotations

import pytest

from leadctl.store.report_fields import FIELDS, TILES


@pytest.fixture
def run(crm, monkeypatch):
    """A database with opportunities, and the statements that it is asked from now on."""
    crm.cycles.add("Other")
    crm.companies.add("Acme", category="lead")
    for number in range(1, 4):
        crm.people.add(last_name=f"P{number}", company=1)
        crm.opportunities.add(f"Deal {number}", person=number, start=True, value=number)
    asked: list[str] = []

    def note(name: str) -> None:
        ask = getattr(crm.engine, name)
        monkeypatch.setattr(
            crm.engine, name, lambda sql, **values: asked.append(sql) or ask(sql, **values)
        )

    note("stream")
    if crm.engine.name == "postgresql":
        note("query")
    return crm, asked


@pytest.mark.parametrize("name", FIELDS)
def test_one_statement_per_report(run, name: str) -> None:
    crm, asked = run
    crm.reports.rows(name)
    assert len(asked) == 1, asked
    del asked[:]
    crm.reports.rows(name, cycle="standard", salesperson="none", from_="2020-01-01")
    # The cycle and the salesperson are looked up, for the filter and for the report.
    assert len(asked) <= 5, asked


def test_a_dashboard_is_as_many_statements_as_tiles(run) -> None:
    crm, asked = run
    crm.dashboard.show()
    # Both tiles on what is due count and list; top opportunities are chosen, then read. New leads
    # are counted once for the three tiles that tell them apart.
    assert len(asked) == len(TILES) + 2 * 2 + 1 + 2, asked


@pytest.mark.files
def test_plans_use_an_index_where_one_serves(run) -> None:
    crm, _ = run
    for name, words, index in (
        ("win-loss", {"from_": "2026-01-01"}, "COVERING INDEX entry_closing"),
        ("pipeline", {}, "COVERING INDEX entry_stage"),
        ("pipeline", {"cycle": "standard"}, "COVERING INDEX entry_stage (cycle_id=?"),
        ("forecast", {}, "COVERING INDEX entry_stage"),
        ("ageing", {}, "entry_stage"),
        ("sources", {}, "opportunity_person"),
        ("sources", {"cycle": "standard"}, "opportunity_person"),
        ("conversion", {}, "history_record"),
    ):
        assert index in "\n".join(crm.reports.explain(name, **words)), name


@pytest.mark.files
def test_tiles_are_counted_from_covering_indexes(run) -> None:
    crm, _ = run
    asked: list[str] = []
    crm.engine._connection.set_trace_callback(asked.append)
    crm.dashboard.show()
    plans = {}
    for sql in asked:
        rows = crm.engine.query(f"EXPLAIN QUERY PLAN {sql}")
        plans[sql] = [row[3] for row in rows]
    scans = [
        step
        for sql, plan in plans.items()
        for step in plan
        if step.startswith(("SCAN t", "SCAN e"))
        if step not in ("SCAN t", "SCAN e") or "FROM (SELECT" not in sql
    ]
    assert scans
    assert all("USING COVERING INDEX" in step for step in scans), scans
    known = [plan for sql, plan in plans.items() if "created_at" in sql]
    assert len(known) == 6, known
    for plan in known:
        assert plan[0].startswith("SEARCH t USING"), plan
