"""A report is one statement, however many records there are; so is what it finds them by."""

from __future__ import annotations

import pytest

from leadctl.store.report_fields import FIELDS, TILES


@pytest.fixture
def run(crm):
    """A file with opportunities, and the statements that it is asked from now on."""
    crm.cycles.add("Other")
    crm.companies.add("Acme", category="lead")
    for number in range(1, 4):
        crm.people.add(last_name=f"P{number}", company=1)
        crm.opportunities.add(f"Deal {number}", person=number, start=True, value=number)
    asked: list[str] = []
    crm.engine._connection.set_trace_callback(asked.append)
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
    assert len(asked) == len(TILES) + 2, asked


def test_plans_use_an_index_where_one_serves(run) -> None:
    crm, _ = run
    for name, words, index in (
        ("win-loss", {"from_": "2026-01-01"}, "opportunity_closed"),
        ("pipeline", {}, "opportunity_status"),
        ("forecast", {}, "opportunity_status"),
        ("ageing", {}, "opportunity_status"),
        ("sources", {}, "opportunity_person"),
        ("sources", {"cycle": "standard"}, "opportunity_person"),
        ("conversion", {}, "history_record"),
    ):
        assert index in "\n".join(crm.reports.explain(name, **words)), name
