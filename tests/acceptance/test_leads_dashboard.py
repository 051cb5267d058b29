"""Cases of the dashboard: SO-103 (leads from forms) and DX-49 (overdue, due in seven days)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.acceptance.opportunity_steps import at_work, closed, deal, move, standing_on
from tests.acceptance.steps import company, person

if TYPE_CHECKING:
    import pytest

    from tests.conftest import Cli


def touch(cli: Cli, sql: str, **values: object) -> None:
    """Write what only a form writes."""
    with cli.engine() as engine:
        engine.execute(sql, **values)


def by_form(cli: Cli, name: str, day: str, source: str | None = None) -> int:
    """A person that a form has created on a day."""
    id = cli.json("person", "add", "--last-name", name, "--today", day)["id"]
    creation = None if source is None else f'{{"source": "{source}", "campaign": "Spring"}}'
    touch(
        cli,
        "UPDATE person SET form_id = 1, lead_creation = :creation, lead_creation_key = :key,"
        " first_touch = :touch, first_touch_key = :touch WHERE id = :id",
        creation=creation,
        key=creation and creation.lower(),
        touch='{"source": "ad"}',
        id=id,
    )
    return id


def test_so_103_leads_from_forms(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only people created by a form since 1 January count."""
    monkeypatch.setenv("LEADCTL_TODAY", "2026-05-15")
    touch(cli, "INSERT INTO form (name, name_key) VALUES ('Contact', 'contact')")
    by_form(cli, "Last year", "2025-12-31", "facebook")
    by_form(cli, "New year", "2026-01-01", "facebook")
    by_form(cli, "Today", "2026-05-15", "linkedin")
    by_form(cli, "Nowhere from", "2026-02-01")
    person(cli, "By hand", of=company(cli, "Acme", "lead"))
    cli("person", "add", "--last-name", "No lead")
    tiles = cli.json("dashboard", "show")
    assert tiles["leads_from_forms"] == 3
    assert tiles["new_leads_by_source"] == [
        {"group": "facebook", "count": 1},
        {"group": "linkedin", "count": 1},
        {"group": None, "count": 1},
    ]
    assert tiles["new_leads_by_campaign"] == [
        {"group": "Spring", "count": 2},
        {"group": None, "count": 1},
    ]
    assert tiles["new_leads_by_first_touch"] == [
        {"group": "ad", "count": 2},
        {"group": None, "count": 1},
    ]
    table = cli("dashboard", "show").out
    assert "Leads from forms: 3\n" in table
    assert "(none)" in table
    cli("person", "retire", 3)
    assert cli.json("dashboard", "show", "--fields", "leads_from_forms") == {"leads_from_forms": 2}


def test_dx_49_overdue_and_due_soon(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """On 10 March, of 9, 10, 17 and 18 March: 9 is overdue; 10 and 17 are due in seven days."""
    at_work(cli, monkeypatch)
    for day, value in (("18", 4), ("17", 30.5), ("10", 200), ("09", 1)):
        words = ("--on", "2024-03-01", "--value", value, "--close-date", f"2024-03-{day}")
        move(cli, "start", deal(cli), *words)
    gone = deal(cli)
    move(cli, "start", gone, "--on", "2024-03-01", "--close-date", "2024-03-05", "--value", 900)
    closed(cli, "lost", gone, "--on", "2024-03-05")
    tiles = cli.json("dashboard", "show")

    def days(tile: str) -> list[str]:
        assert tiles[tile]["count"] == len(tiles[tile]["opportunities"])
        return [row["close_date"] for row in tiles[tile]["opportunities"]]

    assert days("overdue") == ["2024-03-09"]
    assert days("due_soon") == ["2024-03-10", "2024-03-17"]
    assert [row["estimated_value"] for row in tiles["top_opportunities"]] == [200, 30.5, 4, 1]
    assert list(tiles["top_opportunities"][0]) == [
        *("id", "description", "salesperson", "stage_name", "close_date", "estimated_value")
    ]
    assert tiles["lost_codes"] == [{"group": "lost_price", "count": 1}]
    assert tiles["win_rate"] == {"won": 0, "lost": 1, "win_rate_percent": 0, "won_value": 0}


def test_top_five_and_win_rate(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Section 3.7: 7 won and 8 lost are 46.67 %; the five greatest open ones are shown."""
    at_work(cli, monkeypatch)
    acme = company(cli, "Acme")
    for value in range(1, 8):
        standing_on(cli, 10, value=value, of=acme)
    deal(cli, of=acme)
    for id in range(1, 16):
        if id > 8:
            standing_on(cli, 10, value=100, of=acme)
    for id in range(9, 16):
        closed(cli, "won", id, "--amount", "10.25")
    for value in range(20, 28):
        closed(cli, "lost", standing_on(cli, 10, value=value, of=acme))
    tiles = cli.json("dashboard", "show")
    assert [row["estimated_value"] for row in tiles["top_opportunities"]] == [7, 6, 5, 4, 3]
    assert tiles["win_rate"] == {
        "won": 7,
        "lost": 8,
        "win_rate_percent": 46.67,
        "won_value": 71.75,
    }
    assert tiles["open_by_stage"] == cli.json("report", "pipeline")
    assert tiles["forecast_by_month"] == cli.json("report", "forecast")
    table = cli("dashboard", "show").out
    assert max(map(len, table.splitlines())) <= 80
    assert "46.67" in table
