"""``report`` and ``dashboard`` on the command line: keys, options, bad input, figures by hand."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest

from leadctl import open_crm
from leadctl.errors import UsageError
from leadctl.store.report_fields import FIELDS, TILES
from tests.acceptance.steps import company, person

REPORTS = tuple(FIELDS)


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("cycle", [None, "t1"])
def test_keys_are_those_of_the_contract(deals, name: str, cycle: str | None) -> None:
    words = ("report", name, *(("--cycle", cycle) if cycle else ()))
    rows = deals.json(*words)
    assert all(tuple(row) == FIELDS[name] for row in rows)
    assert deals(*words, "--count").out == f"{len(rows)}\n"
    assert deals(*words, "-f", "csv").out.splitlines()[0] == ",".join(FIELDS[name])
    assert [json.loads(line) for line in deals(*words, "-f", "ndjson").out.splitlines()] == rows
    assert "SELECT" in deals(*words, "--explain").out
    steps = {"sqlite": "SCAN|SEARCH", "postgresql": "Scan|Result"}[deals.engine_name]
    assert re.search(steps, deals(*words, "--explain").out)
    if cycle and name != "sources":
        assert rows
    for language in ("en", "de"):
        lines = deals(*words, "--lang", language).out.splitlines()
        assert len(lines) == len(rows) + 2


def test_figures_of_the_seven_deals(deals) -> None:
    """2 on stage 10 (1000), 3 on stage 40 (9000), 6 on stage 10 (300.5); 4, 7 won; 5 lost."""
    (all_of_them,) = deals.json("report", "win-loss")
    assert tuple(all_of_them.values()) == ("all", 2, 1, 66.67, 5900)
    rows = deals.json("report", "win-loss", "--by", "company")
    assert [tuple(row.values()) for row in rows] == [
        ("Acme", 2, 0, 100, 5900),
        ("Beta", 0, 1, 0, 0),
    ]
    (january,) = deals.json("report", "win-loss", "--from", "2024-01-26", "--to", "2024-01-31")
    assert (january["won"], january["lost"], january["win_rate_percent"]) == (1, 1, 50)
    (none,) = deals.json("report", "win-loss", "--to", "2024-01-25")
    assert (none["won"], none["lost"], none["win_rate_percent"], none["won_value"]) == (0, 0, 0, 0)
    rows = deals.json("report", "pipeline")
    assert [tuple(row.values()) for row in rows] == [
        ("t1", 10, "Contact", 2, 1300.5, 2.6),
        ("t1", 40, "Talks", 1, 9000, 6120),
    ]
    rows = deals.json("report", "forecast")
    assert [row["month"] for row in rows] == ["2024-04", "2024-05", "2024-06"]
    assert [row["estimated_value"] for row in rows] == [300.5, 9000, 1000]
    assert [row["calculated_value"] for row in rows] == [0.6, 6120, 2]
    rows = deals.json("report", "forecast", "--from", "2024-04-30", "--to", "2024-05-31")
    assert [row["month"] for row in rows] == ["2024-04", "2024-05"]
    rows = deals.json("report", "ageing")
    assert [tuple(row.values()) for row in rows] == [
        ("Contact", 2, 9, 23.5, 38),
        ("Talks", 1, 5, 5, 5),
    ]
    (row,) = deals.json("report", "ageing", "--by", "has_quote", "--where", "has_quote = true")
    assert (row["group"], row["opportunities"]) == (True, 1)
    rows = deals.json("report", "funnel", "--cycle", "t1")
    assert [row["count"] for row in rows] == [6, 0, 0, 1, 0]
    assert [row["share_percent"] for row in rows] == [100, 0, 0, 16.67, 0]
    rows = deals.json("report", "conversion", "--cycle", "t1")
    assert [tuple(row.values()) for row in rows] == [
        (10, 40, 1, 16.67, 4),
        (10, "lost", 1, 16.67, 25),
        (10, "won", 2, 33.33, 19.5),
        (10, None, 2, 33.33, None),
        (40, None, 1, 100, None),
    ]
    rows = deals.json("report", "conversion", "--cycle", "t1", "--from", "2024-03-01")
    assert [(row["to"], row["count"]) for row in rows] == [(40, 1), (None, 1), (None, 1)]
    assert "10 Contact" in deals("report", "conversion", "--cycle", "t1").out


def test_stage_history_agrees_with_the_list_of_stages(deals) -> None:
    listed = {row["stage"]: row for row in deals.json("stage", "list", "t1")}
    rows = deals.json("report", "stage-history")
    assert [(row["stage"], row["entered"], row["left"]) for row in rows] == [(10, 6, 4), (40, 1, 0)]
    for row in rows:
        for key in ("average_days_per_entry", "average_days_per_visit"):
            assert row[key] == listed[row["stage"]][key]
    assert deals.json("report", "stage-history", "--from", "2024-03-02")[0]["stage"] == 40


def test_filters_and_records(deals) -> None:
    deals("opportunity", "edit", 2, "--salesperson", "bo")
    assert deals.json("report", "pipeline", "--salesperson", "bo")[0]["opportunities"] == 1
    (row,) = deals.json("report", "win-loss", "--salesperson", "none")
    assert (row["won"], row["lost"]) == (2, 1)
    assert deals.json("report", "pipeline", 2, 3, "--fields", "stage,value") == [
        {"stage": 10, "estimated_value": 1000},
        {"stage": 40, "estimated_value": 9000},
    ]
    words = ("report", "pipeline", "--where", "value > 500", "--sort", "-calculated_value")
    assert [row["stage"] for row in deals.json(*words)] == [40, 10]
    assert [row["stage"] for row in deals.json(*words, "--limit", 1)] == [40]
    assert [row["stage"] for row in deals.json(*words, "--offset", 1)] == [10]
    assert deals.json("report", "pipeline", "--group-by", "cycle") == [{"cycle": "t1", "count": 2}]
    rows = deals.json("report", "stage-history", "--sort", "average_days_per_visit")
    assert rows[-1]["average_days_per_visit"] is None
    assert deals.error("report", "pipeline", 99, code=3)["code"] == "not_found"
    deals("opportunity", "close", 2, "--lost", "--code", "lost_price")
    rows = deals.json("report", "win-loss", "--by", "salesperson")
    assert [tuple(row.values())[:3] for row in rows] == [("bo", 0, 1), (None, 2, 1)]
    assert "Bo" not in deals("report", "win-loss", "--by", "salesperson", "-f", "csv").out
    words = ("report", "pipeline", "--count", "--group-by", "cycle")
    assert deals.error(*words, code=2)["code"] == "usage"


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--from", "2024-02-30"), 2),
        (("--to", "yesterday"), 2),
        (("--from", "2024-02-02", "--to", "2024-02-01"), 2),
        (("--cycle", "nix"), 3),
        (("--salesperson", "nix"), 3),
        (("--by", "nix"), 2),
        (("--fields", "nix"), 2),
        (("--sort", "nix"), 2),
        (("--where", "nix = 1"), 2),
        (("--limit", "-1"), 2),
    ],
)
def test_bad_input(t1, name: str, words: tuple[str, ...], code: int) -> None:
    error = t1.error("report", name, *words, code=code)
    assert error["code"] == {2: "usage", 3: "not_found"}[code]
    assert t1.error("report", name, *words, "--explain", code=code)["code"] == error["code"]


def test_unknown_fields_name_the_nearest(t1) -> None:
    error = t1.error("report", "win-loss", "--by", "salesprson", code=2)
    assert error["details"]["near"] == "salesperson"
    error = t1.error("report", "pipeline", "--by", "cycle", code=2)
    assert error["details"]["names"] == ["sources", "win-loss", "ageing"]


def leads(cli) -> None:
    """Two sources, five people: one of them won, one with something open."""
    acme = company(cli, "Acme", "lead")
    for number, status in enumerate(("open", "qualified", "qualified", "contacting", None), 1):
        person(cli, f"P{number}", of=acme if status else None, status=status)
    with cli.engine() as engine:
        for id, source in ((1, "Ad"), (2, "Ad"), (3, "Fair")):
            value = json.dumps({"source": source})
            engine.execute(
                "UPDATE person SET lead_creation = :value, lead_creation_key = :key WHERE id = :id",
                value=value,
                key=value.lower(),
                id=id,
            )
    for id in (2, 3):
        cli("opportunity", "add", "Deal", "--person", id, "--start", "--value", 100)
    cli("opportunity", "close", 1, "--won", "--code", "won")


def test_sources(cli) -> None:
    leads(cli)
    ran = cli("report", "sources", "-f", "json")
    assert [tuple(row.values()) for row in ran.json] == [
        ("Ad", 2, 1, 1, 50),
        ("Fair", 1, 1, 0, 0),
        (None, 2, 0, 0, 0),
    ]
    assert ran.err == "1 of these people have open opportunities: more may be won\n"
    cli("cycle", "add", "Other")
    rows = cli.json("report", "sources", "--cycle", "other")
    assert [row["won"] for row in rows] == [0, 0, 0]
    rows = cli.json("report", "sources", "--by", "lead_status", "--salesperson", "none")
    assert [row["source"] for row in rows] == ["open", "contacting", "qualified", None]
    assert "Contacting" in cli("report", "sources", "--by", "lead_status").out
    assert cli("report", "sources", "--to", "2001-01-01", "-q").out.count("\n") == 2


def test_funnel_and_conversion_of_lead_statuses(cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADCTL_TODAY", "2024-01-01")
    cli("user", "add", "anna")
    acme = cli.json("company", "add", "Acme", "--category", "lead", "--owner", "anna")["id"]
    for number in range(4):
        person(cli, f"P{number}", of=acme)

    def on(day: str, *words: object) -> None:
        cli("person", "set-status", *words, "--today", f"2024-01-{day}")

    on("03", 1, "contacting")
    on("06", 2, 3, "contacting")
    on("11", 1, "qualified")
    on("12", 4, "disqualified")
    cli("change", "undo", "last", "--yes")
    rows = cli.json("report", "funnel", "--salesperson", "anna")
    assert [row["count"] for row in rows] == [1, 2, 0, 0, 1]
    assert [row["share_percent"] for row in rows] == [25, 50, 0, 0, 25]
    assert [row["label"] for row in rows][3] == "Re-nurture"
    assert sum(row["count"] for row in cli.json("report", "funnel", "--from", "2024-01-02")) == 0
    expected = [
        ("open", "contacting", 3, 75, 5),
        ("open", None, 1, 25, None),
        ("contacting", "qualified", 1, 33.33, 8),
        ("contacting", None, 2, 66.67, None),
        ("qualified", None, 1, 100, None),
    ]
    rows = cli.json("report", "conversion", "--to", "2024-01-11")
    assert [tuple(row.values()) for row in rows] == expected
    # Undone and done again, it counts.
    cli("change", "undo", cli.json("change", "list", "--limit", 1)[0]["id"], "--yes")
    rows = cli.json("report", "conversion", "--from", "2024-01-01")
    assert ("open", "disqualified", 1) in [tuple(row.values())[:3] for row in rows]
    assert "still there" in cli("report", "conversion").out
    # A deleted status is shown as long as somebody has it.
    cli("lead-status", "delete", "disqualified")
    assert len(cli.json("report", "funnel")) == 5
    cli("lead-status", "delete", "re_nurture")
    assert len(cli.json("report", "funnel")) == 4


def test_dashboard_filters(deals) -> None:
    tiles = deals.json("dashboard", "show")
    assert tuple(tiles) == TILES
    deals("company", "edit", 1, "--country", "Norge")
    deals("person", "edit", 2, "--country", "NORGE")
    deals("opportunity", "edit", 2, "--salesperson", "bo")

    def counts(*words: str) -> list[int]:
        shown = deals.json("dashboard", "show", *words)
        return [sum(row["opportunities"] for row in shown["open_by_stage"])] + [
            shown["win_rate"][key] for key in ("won", "lost")
        ]

    assert counts() == [3, 2, 1]
    assert counts("--country", "norge") == [3, 2, 0]
    assert counts("--owner", "bo") == [1, 0, 0]
    assert counts("--owner", "none") == [2, 2, 1]
    assert counts("--cycle", "standard") == [0, 0, 0]
    shown = deals.json("dashboard", "show", "--country", "norge", "--active-only")
    assert shown["companies_by_category"] == [{"group": "customer", "count": 1}]
    assert shown["people_by_status"] == []
    for words, code in (
        (("--owner", "nix"), 3),
        (("--cycle", "nix"), 3),
        (("--fields", "nix"), 2),
    ):
        deals.error("dashboard", "show", *words, code=code)


def test_library_has_a_method_per_report(deals) -> None:
    with open_crm(deals.path, today=date(2024, 3, 10)) as crm:
        for name in REPORTS:
            found = getattr(crm.reports, name.replace("-", "_"))(cycle="t1")
            assert found == crm.reports.rows(name, cycle="t1")
            assert len(found) == len(deals.json("report", name, "--cycle", "t1"))


def test_library_takes_tiles_by_name(crm) -> None:
    assert list(crm.dashboard.show(tiles=["overdue", "win_rate"])) == ["overdue", "win_rate"]
    with pytest.raises(UsageError):
        crm.dashboard.show(tiles=["nix"])


def test_dashboard_formats(deals) -> None:
    for format in ("csv", "tsv", "ndjson", "yaml", "ids", "markdown", "table"):
        assert deals("dashboard", "show", "-f", format).out
    out = deals(
        "dashboard", "show", "--fields", "win_rate,lost_codes,overdue", "-f", "markdown"
    ).out
    assert out.startswith("## Win rate\n\n| Won |")
    assert out.endswith("## Overdue: 0\n")
    assert deals("dashboard", "show", "--fields", "new_leads_by_source").out.endswith("-\n")
    assert deals("dashboard", "show", "--lang", "de").out
