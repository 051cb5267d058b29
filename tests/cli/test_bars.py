"""Bars beside the counts of the dashboard and of reports, on terminals wide enough."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import termios

import pytest

from leadctl.cli import bars

DASHBOARD = ("dashboard", "show")
REPORTS = ("funnel", "sources", "pipeline", "forecast")
FULL = "█" * 20


@pytest.fixture
def people(cli):
    """Four people, one of them in the only company; three are open, one is qualified."""
    cli("company", "add", "Acme", "--category", "lead")
    for _ in range(4):
        cli("person", "add", "--last-name", "Berg", "--company", 1)
    cli("person", "set-status", 4, "qualified")
    return cli


def drawn(out: str) -> list[str]:
    """The lines with bars."""
    return [line.rstrip() for line in out.splitlines() if "█" in line]


def test_every_table_of_counts_has_bars(people, terminal) -> None:
    terminal(80)
    shown = "people_by_status,companies_by_category,new_leads_by_source"
    assert people(*DASHBOARD, "--fields", shown).out == (
        "People by status\n"
        "Group        Count\n"
        "---------  -------  --------------------\n"
        f"Open             3  {FULL}\n"
        "Qualified        1  ███████\n"
        "\n"
        "Companies by category\n"
        "Group      Count\n"
        "-------  -------  --------------------\n"
        f"Lead           1  {FULL}\n"
        "\n"
        "New leads by source\n"
        "Group      Count\n"
        "-------  -------  --------------------\n"
        f"(none)         4  {FULL}\n"
    )


def test_bars_stand_beside_their_count(people, terminal) -> None:
    terminal(80)
    tile = people(*DASHBOARD, "--fields", "qualification_funnel").out.splitlines()[1:]
    report = people("report", "funnel").out.splitlines()
    assert tile == report
    assert report[2] == f"open          Open                3  {FULL}               75"
    assert report[3].split() == ["contacting", "Contacting", "0", "0"]
    assert len(drawn(people("report", "sources").out)) == 1


def test_stages_and_months_have_bars(deals, terminal) -> None:
    terminal(200)
    for words in (
        ("report", "pipeline"),
        ("report", "forecast"),
        (*DASHBOARD, "--fields", "open_by_stage"),
        (*DASHBOARD, "--fields", "forecast_by_month"),
    ):
        assert FULL in deals(*words).out
    for words in (
        ("report", "win-loss"),
        ("report", "ageing"),
        (*DASHBOARD, "--fields", "win_rate,overdue,due_soon,top_opportunities"),
    ):
        assert drawn(deals(*words).out) == []


def test_stages_have_bars_in_80_columns_where_there_is_one_cycle(cli, terminal) -> None:
    cli("company", "add", "Acme")
    cli("opportunity", "add", "Deal", "--company", 1, "--start", "--value", 100)
    words = (*DASHBOARD, "--fields", "open_by_stage")
    terminal(80)
    lines = cli(*words).out.splitlines()
    assert lines[1].split()[0] == "Stage"
    assert lines[3].count("█") == 10
    assert max(map(len, lines)) == 80
    cli("cycle", "add", "Second")
    cli("stage", "add", "second", 10, "First", "--completed", 5, "--chances", 10)
    cli("opportunity", "add", "Deal", "--company", 1, "--cycle", "second", "--start", "--value", 1)
    assert drawn(cli(*words).out) == []
    assert cli(*words).out.splitlines()[1].split()[0] == "Cycle"
    terminal(200)
    assert len(drawn(cli(*words).out)) == 2


def test_fields_without_the_count_have_no_bars(people, terminal) -> None:
    terminal(80)
    assert drawn(people("report", "funnel", "--fields", "label,share_percent").out) == []
    (first, second) = drawn(people("report", "funnel", "--fields", "count,label").out)
    assert first.split() == ["3", FULL, "Open"]
    assert second.split() == ["1", "███████", "Qualified"]


def test_where_all_counts_are_0_nothing_is_drawn(cli, terminal) -> None:
    terminal(80)
    out = cli("report", "funnel").out
    assert out.splitlines()[1] == "------------  ------------  -------  ---------------"
    assert cli("report", "pipeline").out.count("\n") == 2


def test_bars_take_what_room_there_is(people, terminal) -> None:
    # The table itself takes 52 columns.
    for width, longest in ((74, 20), (73, 19), (62, 8), (61, 0), (40, 0)):
        terminal(width)
        lines = people("report", "funnel").out.splitlines()
        assert [line.count("█") for line in lines[2:3]] == [longest]
        assert max(map(len, lines)) == (52 + 2 + longest if longest else min(52, width))


def test_wide_letters_count_twice(people, terminal) -> None:
    people("category", "add", "潜在顧客" * 5, "--group", "potential_customer")
    people("company", "add", "Fuji", "--category", "潜在顧客" * 5)
    words = (*DASHBOARD, "--fields", "companies_by_category")
    # 20 letters of two columns, the count, a bar and the gaps between.
    for width, longest in ((71, 20), (59, 8), (58, 0)):
        terminal(width)
        lines = people(*words).out.splitlines()
        assert lines[-1].count("█") == longest


def test_no_bars_in_a_pipe_or_where_they_cannot_be_encoded(
    people, terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = [DASHBOARD, *(("report", name) for name in REPORTS)]
    piped = [people(*words).out for words in commands]
    assert drawn("".join(piped)) == []
    terminal(200)
    for words in commands:
        for format in ("markdown", "csv", "json", "ids"):
            assert drawn(people(*words, "-f", format).out) == []
    monkeypatch.setattr(bars, "_BLOCK", "\ud800")
    assert [people(*words).out for words in commands] == piped


def test_a_batch_holds_its_output_back_and_has_no_bars(people, terminal, tmp_path) -> None:
    terminal(200)
    file = tmp_path / "batch.txt"
    file.write_text("report funnel\ndashboard show\n", encoding="utf-8")
    out = people("batch", file).out
    assert "Qualified" in out
    assert drawn(out) == []


def at(width: int, cli, *words: str, **variables: str) -> list[str]:
    """The lines that a command prints on a real terminal with so many columns."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (50, width))
    surroundings = {name: text for name, text in os.environ.items() if name != "COLUMNS"}
    process = subprocess.Popen(
        [sys.executable, "-m", "leadctl", "--db", str(cli.path), *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=surroundings | {"PYTHONIOENCODING": "utf-8"} | variables,
    )
    os.close(theirs)
    output = b""
    try:
        while chunk := os.read(ours, 4096):
            output += chunk
    except OSError:
        pass  # the other side is closed
    os.close(ours)
    assert process.wait() == 0
    return output.decode().replace("\r\n", "\n").splitlines()


@pytest.mark.parametrize("width", [80, 200])
def test_nothing_wraps_on_a_real_terminal(deals, width: int) -> None:
    lines = at(width, deals, *DASHBOARD)
    assert any("█" in line for line in lines)
    assert max(map(len, lines)) <= width
    for name in ("funnel", "sources", "forecast"):
        assert max(map(len, at(width, deals, "report", name))) <= width


def test_a_real_terminal_without_these_characters(people) -> None:
    lines = at(80, people, *DASHBOARD, PYTHONIOENCODING="ascii")
    assert "Qualification funnel" in lines
    assert drawn("\n".join(lines)) == []
