"""``board show`` and ``board move`` on the command line: formats, widths, moves, refusals."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
import yaml

from leadctl.cli import bars

DEALS = ("--entity", "opportunity")


def columns(cli, *words: object) -> dict[Any, Any]:
    """Key -> column."""
    return {column["key"]: column for column in cli.json("board", "show", *words)["columns"]}


@pytest.fixture
def people(cli):
    """Ann has two open leads of Acme, one of them qualified; Solo is nobody's."""
    cli("user", "add", "Ann")
    cli("company", "add", "Acme", "--category", "lead", "--owner", "ann")
    for name in ("Berg", "Dahl"):
        cli("person", "add", "--last-name", name, "--company", "Acme")
    cli("person", "add", "--last-name", "Solo")
    cli("person", "set-status", "2", "qualified")
    return cli


def test_csv_is_a_row_per_card(people) -> None:
    rows = list(csv.reader(io.StringIO(people("board", "show", "-f", "csv").out)))
    assert rows == [
        ["column", "id", "name"],
        ["open", "1", "Berg"],
        ["qualified", "2", "Dahl"],
        ["", "3", "Solo"],
    ]
    assert people("board", "show", "-f", "ids").out.split() == ["1", "2", "3"]
    grouped = people("board", "show", "--then", "owner", "-f", "tsv").out.splitlines()
    assert grouped[:2] == ["column\tgroup\tid\tname", "open\tann\t1\tBerg"]
    assert people("board", "show", "--fields", "name", "-f", "csv").out.split() == [
        "name",
        "Berg",
        "Dahl",
        "Solo",
    ]


def test_yaml_and_ndjson_have_what_json_has(people) -> None:
    document = people.json("board", "show", "--then", "owner")
    assert yaml.safe_load(people("board", "show", "--then", "owner", "-f", "yaml").out) == document
    lines = people("board", "show", "--then", "owner", "-f", "ndjson").out.splitlines()
    assert [json.loads(line) for line in lines] == document["columns"]
    assert all("groups" not in line for line in people("board", "show", "-f", "ndjson").lines)
    assert people.json("board", "show", "--fields", "by") == {"by": "lead_status"}
    people("board", "show", "--fields", "nope", "-f", "json", code=2)


def test_markdown_is_a_table_of_the_columns(people) -> None:
    lines = people("board", "show", "-f", "markdown").out.splitlines()
    assert lines[0].startswith("| Open (1) | Contacting (0) |")
    assert lines[2] == "| 1 Berg |  |  |  | 2 Dahl | 3 Solo |"


def test_a_pipe_gets_everything_below_one_another(people) -> None:
    people("person", "edit", "1", "--last-name", "B" * 90)
    out = people("board", "show").out
    assert out.splitlines()[0] == "Open          1"
    assert f"  1 {'B' * 90}\n" in out
    assert "…" not in out
    assert "█" not in out
    assert "(none)        1\n  3 Solo\n" in out


def test_more_cards_than_are_shown(people) -> None:
    people("person", "set-status", "2", "open")
    out = people("board", "show", "--limit", "1").out
    assert "Open          2\n  1 Berg\n  … 1 more\n" in out
    shown = columns(people, "--limit", "0")["open"]
    assert (shown["count"], shown["cards"]) == (2, [])
    for limit in ("-1", str(2**64)):
        assert people.error("board", "show", "--limit", limit, code=2)["code"] == "usage"


def test_blocks_stand_side_by_side_where_they_fit(people, terminal) -> None:
    people("person", "edit", "1", "--last-name", "B" * 90)
    terminal(200)
    assert "B" * 90 in people("board", "show").out.splitlines()[3]
    terminal(120)
    lines = people("board", "show").out.splitlines()
    assert lines[0].split() == [
        "Open",
        "Contacting",
        "Disqualified",
        "Re-nurture",
        "Qualified",
        "(none)",
    ]
    assert lines[2].split() == ["█" * 10] * 3
    assert "BB…" in lines[3]
    assert "2 Dahl" in lines[3]
    assert max(map(len, lines)) <= 120


def test_blocks_stand_below_one_another_on_a_narrow_terminal(people, terminal) -> None:
    people("person", "edit", "1", "--last-name", "B" * 60)
    terminal(80)
    lines = people("board", "show").out.splitlines()
    assert lines[0] == "Open          1  " + "█" * 20
    assert lines[1] == "  1 " + "B" * 60
    assert lines[2] == "Contacting    0"
    assert max(map(len, lines)) <= 80


def test_bars_are_left_out_where_they_cannot_be_encoded(people, terminal, monkeypatch) -> None:
    terminal(60)
    monkeypatch.setattr(bars, "_BLOCK", "\ud800")
    assert people("board", "show").out.splitlines()[0] == "Open          1"


def test_an_empty_board(bare, terminal) -> None:
    assert bare("board", "show", *DEALS).out == ""
    assert bare.json("board", "show", "--entity", "company")["columns"] == []
    terminal(80)
    assert bare("board", "show", *DEALS).out == ""


def test_groups_are_indented(people) -> None:
    out = people("board", "show", "--then", "category").out
    assert "Open          1\n  Lead (1)\n    1 Berg\n" in out


def test_labels_are_in_the_language_keys_are_not(people) -> None:
    shown = people.json("board", "show", "--lang", "de")["columns"]
    assert [column["key"] for column in shown][:2] == ["open", "contacting"]
    assert shown[0]["label"] != "Open"
    stages = people.json("board", "show", *DEALS, "--lang", "de")["columns"]
    assert [column["key"] for column in stages] == [10, 20, 30, 40, 50]
    assert stages[1]["label"] == "Qualifizierung"


def test_filters_choose_the_cards(people) -> None:
    people("selection", "create", "Acme", "--where", "company = acme")
    assert columns(people, "Acme", "--where", "lead_status = open")["qualified"]["count"] == 0
    assert list(columns(people, "--where", "lead_status = open")) == [
        "open",
        "contacting",
        "disqualified",
        "re_nurture",
        "qualified",
    ]
    people("person", "retire", "1")
    assert columns(people)["open"]["count"] == 0
    assert columns(people, "--retired")["open"]["count"] == 1
    assert columns(people, "Acme", "--retired")["open"]["count"] == 1
    for words in (("--all",), ("--selection", "Acme"), ("--ids-from", "x")):
        assert people.error("board", "show", "Acme", *words, code=2)["code"] == "usage"
    index = {"sqlite": "person_company", "postgresql": "person_board"}[people.engine_name]
    assert index in people("board", "show", "--explain").out


def test_owners_are_columns_by_name(people) -> None:
    people("user", "add", "Aa")
    people("user", "add", "Gone")
    people("user", "edit", "gone", "--inactive")
    assert list(columns(people, "--by", "owner")) == ["aa", "ann", None]
    people("board", "move", "3", "gone", "--by", "owner")
    assert list(columns(people, "--by", "owner")) == ["aa", "ann", "gone"]
    people("board", "move", "3", "none", "--by", "owner")
    assert list(columns(people, "--by", "owner")) == ["aa", "ann", None]
    people("board", "move", "1", "aa", "--by", "owner", "--entity", "company")
    assert columns(people, "--by", "owner")["aa"]["count"] == 2
    people("board", "move", "1", "none", "--entity", "company")
    assert columns(people, "--entity", "company")[None]["count"] == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("show", "--by", "nope"), 2),
        (("show", "--then", "nope"), 2),
        (("show", "--then", "lead_status"), 2),
        (("show", "--by", "owner", "--then", "owner"), 2),
        (("show", "--entity", "nope"), 2),
        (("show", "--cycle", "standard"), 2),
        (("show", "--by", "stage"), 4),
        (("show", "--then", "status"), 4),
        (("show", "Nope"), 3),
        (("show", *DEALS, "--cycle", "nope"), 3),
        (("move", "1", "open", "--by", "nope"), 2),
        (("move", "1", "open", "--entity", "nope"), 2),
        (("move", "x", "open"), 2),
        (("move", "1", "nope"), 3),
        (("move", "99", "open"), 3),
        (("move", "1", "none"), 4),
        (("move", "1", "open", "--by", "stage"), 4),
        (("move", "1", "lead", "--entity", "company", "--by", "lead_status"), 4),
    ],
)
def test_what_is_wrong_changes_nothing(people, words, code: int) -> None:
    before = people("change", "list", "--count").out
    people("board", *words, "-f", "json", code=code)
    assert people("change", "list", "--count").out == before


@pytest.mark.parametrize(
    "words",
    [("show", "--by", "nope"), ("show", "--limit", "-1"), ("move", "1", "x", "--entity", "nope")],
)
def test_usage_comes_before_a_missing_file(cli, tmp_path, words) -> None:
    cli.path = tmp_path / "none.db"
    assert cli.error("board", *words, code=2)["code"] == "usage"


def test_a_move_is_reported_as_any_other(people) -> None:
    report = people.json("board", "move", "1", "contacting", "-n")
    assert (report["changed"], report["dry_run"], report["change"]) == (1, True, None)
    assert people.json("board", "move", "1", "open")["unchanged"] == 1
    assert people.error("board", "move", "1", "contacting", "--expect", "2", code=7)


def test_stages_and_their_sums(deals) -> None:
    shown = columns(deals, *DEALS)
    assert list(shown)[-1] is None
    assert shown[10]["count"] == 2
    assert shown[10]["sum"] == sum(
        row["estimated_value"] for row in deals.json("opportunity", "list", "--where", "stage = 10")
    )
    total = sum(column["count"] for column in shown.values())
    assert total == int(deals("opportunity", "list", "--count").out)
    by_status = columns(deals, *DEALS, "--by", "status", "--then", "stage")
    assert list(by_status) == ["not_started", "in_progress", "won", "lost"]
    assert {group["key"] for group in by_status["in_progress"]["groups"]} == {10, 40}
    assert list(columns(deals, *DEALS, "--by", "owner")) == ["anna", "bo", None]


def test_sums_are_exact_to_the_cent(t1) -> None:
    t1("company", "add", "Acme")
    for value in ("0.10", "0.20"):
        t1(
            "opportunity",
            "add",
            "D",
            "--company",
            "1",
            "--cycle",
            "t1",
            "--start",
            "--value",
            value,
        )
    assert columns(t1, *DEALS)[10]["sum"] == 0.3
    assert "2, 0.30" in t1("board", "show", *DEALS).out


def test_one_sales_cycle_at_a_time(deals) -> None:
    deals("opportunity", "add", "Other", "--company", "1", "--cycle", "standard", "--start")
    ran = deals("board", "show", *DEALS)
    assert "7 opportunities of other sales cycles are not shown" in ran.err
    assert deals("board", "show", *DEALS, "-q").err == ""
    assert columns(deals, *DEALS)[10]["count"] == 1
    ran = deals("board", "show", *DEALS, "--cycle", "t1", "-f", "ids")
    assert ran.err == ""
    assert len(ran.out.split()) == 7
    # A filter that leaves one cycle needs no --cycle.
    assert columns(deals, *DEALS, "--where", "cycle = t1")[10]["count"] == 2
    deals("setting", "set", "default_cycle", "t1")
    deals("cycle", "edit", "t1", "--name", "Renamed")
    assert columns(deals, *DEALS)[10]["count"] == 2


def test_an_opportunity_is_moved_by_what_reaches_the_stage(deals) -> None:
    def action() -> str:
        return deals.json("opportunity", "show", "2")["entries"][-1]["action"]

    deals("quote", "create", "2", "--line", "Box;1;100")
    move = ("board", "move", "2")
    for column, made in (("20", "next"), ("10", "previous"), ("30", "jumped"), ("10", "jumped")):
        assert deals.json(*move, column, *DEALS)["changed"] == 1, column
        assert action() == made
    name = deals.json("stage", "list", "t1")[0]["name"]
    assert deals.json(*move, name.upper(), *DEALS)["unchanged"] == 1
    assert deals.json("board", "move", "1", "10", *DEALS)["changed"] == 1
    assert deals.json("opportunity", "show", "1")["status"] == "in_progress"


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (("2", "50"), 4, "stage_not_reachable"),
        (("1", "20"), 4, "stage_not_reachable"),
        (("4", "10"), 4, "opportunity_closed"),
        (("2", "99"), 3, "not_found"),
        (("2", "nope"), 3, "not_found"),
        (("2", "none"), 4, "board_not_offered"),
        (("2", "won", "--by", "status"), 4, "board_not_offered"),
        (("4", "in_progress", "--by", "status"), 4, "board_not_offered"),
        (("2", "none", "--by", "status"), 4, "board_not_offered"),
        (("2", "nope", "--by", "status"), 2, "usage"),
        (("1", "none", "--by", "owner"), 4, None),
    ],
)
def test_moves_of_opportunities_that_are_refused(deals, words, code: int, reason) -> None:
    before = deals.json("board", "show", *DEALS)
    error = deals.error("board", "move", *words, *DEALS, code=code)
    assert reason in (None, error["code"])
    assert deals.json("board", "show", *DEALS) == before


def test_moves_of_opportunities_by_status_and_owner(deals) -> None:
    move = ("board", "move", "1")
    assert deals.json(*move, "in_progress", *DEALS, "--by", "status")["changed"] == 1
    assert deals.json(*move, "In progress", *DEALS, "--by", "status")["unchanged"] == 1
    assert deals.json(*move, "bo", *DEALS, "--by", "owner")["changed"] == 1
    assert deals.json("opportunity", "show", "1")["salesperson"] == "bo"
