"""``batch``: many commands as one change."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pytest

from leadctl.store.engine import Engine
from tests.cli.test_output import on_terminal
from tests.conftest import Cli
from tests.test_examples import dump

EXAMPLE = Path(__file__).parents[2] / "examples" / "batch.txt"


@pytest.fixture
def people(cli: Cli) -> Cli:
    """Four people, three of them in a company with lead status."""
    cli("company", "add", "Acme", "--category", "lead")
    for name in ("A", "B", "C"):
        cli("person", "add", "--last-name", name, "--company", 1)
    cli("person", "add", "--last-name", "Outside")
    return cli


@pytest.fixture
def batch(people: Cli, tmp_path: Path):
    """Runs a batch of lines."""

    def run(*lines: str, options: tuple[object, ...] = (), code: int = 0, format: str = "json"):
        file = tmp_path / "batch.txt"
        file.write_text("\n".join(lines), encoding="utf-8")
        words = ("batch", file, *options) + (("-f", format) if format else ())
        return people(*words, code=code)

    return run


def statuses(cli: Cli) -> list[str | None]:
    """The lead statuses of all people."""
    return [row["lead_status"] for row in cli.json("person", "list", "--fields", "lead_status")]


def test_the_example(cli: Cli) -> None:
    before = dump(cli.path)
    cli("batch", EXAMPLE, "--dry-run")
    assert dump(cli.path) == before
    ran = cli("batch", EXAMPLE, "--reason", "trade fair")
    assert ran.out.endswith("Ola O'Neill    Contacting\nchange 1: 7 lines, 7 done, 0 failed\n")
    (change,) = cli.json("change", "list")
    assert (change["command"], change["reason"], change["records"]) == ("batch", "trade fair", 4)
    assert cli.json("change", "undo", "last", "--yes")["changed"] == 4
    assert dump(cli.path) == before


def test_layered_writes_come_back(people: Cli, batch) -> None:
    before = dump(people.path)
    lines = [f"person set-status {id} {to}" for to in ("qualified", "contacting") for id in (1, 2)]
    document = batch(*lines, "person edit 1 --title CEO", "person set-status 1 open").json
    assert (document["change"], document["lines"], document["ok"]) == (6, 6, 6)
    reports = [result["report"] for result in document["results"]]
    assert [report["changed"] for report in reports] == [1] * 6
    assert {report["change"] for report in reports} == {6}
    assert statuses(people) == ["open", "contacting", "open", None]
    people("change", "undo", 6, "--yes")
    assert dump(people.path) == before


def test_a_failing_line_takes_all_back(people: Cli, batch) -> None:
    before = dump(people.path)
    ran = batch("person set-status 1 qualified", "", "person retire 99", "person list", code=3)
    assert dump(people.path) == before
    assert (ran.error["code"], ran.error["details"]["line"]) == ("not_found", 3)
    document = ran.json
    assert document["change"] is None
    assert [(row["line"], row["exit"]) for row in document["results"]] == [(1, 0), (3, 3)]
    assert document["results"][0]["report"]["change"] is None
    assert document["results"][1]["error"]["message"] == "person 99 does not exist"
    ran = batch("person retire 99", code=3, format="")
    assert ran.out == "line 1: person 99 does not exist\nno change: 1 lines, 0 done, 1 failed\n"
    assert ran.err == "Error: line 1: person 99 does not exist\n"


def test_keep_going_commits_the_lines_that_worked(people: Cli, batch) -> None:
    ran = batch(
        "person set-status 1 qualified",
        "person set-status 99 qualified",
        "person set-status 2 qualified",
        "person set-status 4 qualified",
        "person set-status 2 qualified",
        "person set-status 3 98 contacting",
        "person nonsense",
        options=("--keep-going",),
        code=5,
    )
    assert statuses(people) == ["qualified", "qualified", "contacting", None]
    assert [row["exit"] for row in ran.json["results"]] == [0, 3, 0, 4, 0, 5, 2]
    assert (ran.json["ok"], ran.json["failed"], ran.error["code"]) == (3, 4, "partial")
    codes = [row["error"]["code"] for row in ran.json["results"] if "error" in row]
    assert codes == ["not_found", "lead_status_not_applicable", "partial", "usage"]
    partly = ran.json["results"][5]["report"]
    assert (partly["changed"], partly["missing"]) == (1, 1)
    assert ran.json["results"][4]["report"]["unchanged"] == 1
    assert people.json("change", "undo", "last", "--yes")["changed"] == 3


def test_when_no_line_works_the_worst_error_counts(people: Cli, batch) -> None:
    going = {"options": ("--keep-going",)}
    assert batch("person retire 99", "person set-status 4 open", **going, code=3)
    assert batch("person set-status 4 open", "person retire", **going, code=2)
    assert batch("person set-status 4 open", "person set-status 4 open", **going, code=4)
    assert batch("person set-status 1 birds", "person set-status 2 birds", **going, code=3)
    assert people.json("change", "list")[0]["id"] == 5


BAD_LINES = {
    "batch other.txt": "batch cannot be used in a batch",
    "init": "init cannot be used in a batch",
    "demo": "demo cannot be used in a batch",
    "db info": "db cannot be used in a batch",
    "config list": "config cannot be used in a batch",
    "birds fly": "there is no noun birds",
    "person fly": "there is no verb fly",
    "person set-status 1": "1 is a number, not a status",
    "person list --birds": "No such option: --birds",
    "person list --where 'name = ": "the quoting is not closed: No closing quotation",
    'person list "': "the quoting is not closed: No closing quotation",
    "--db x.db person list": "a line begins with a noun, not with --db",
    "person --db x.db list": "No such option: --db",
    "person list --db x.db": "--db cannot be given in a line of a batch",
    "person list --as me": "--as cannot be given in a line of a batch",
    "person list --today 2020-01-01": "--today cannot be given in a line of a batch",
    "person list -q": "--quiet cannot be given in a line of a batch",
    "{": "this is not JSON: ",
    '{"args": []}': "a command is an object ",
    '{"args": ["person", true]}': "a command is an object ",
    '{"args": ["person", null]}': "a command is an object ",
    '{"args": "person list"}': "a command is an object ",
    '{"args": ["person"], "x": 1}': "a command is an object ",
    '{"args": ["person", "list", "\\u0000"]}': "argument 3 is not valid text",
    '{"args": ["person", "list", "\\ud800"]}': "argument 3 is not valid text",
    "{" * 100_000: "this is not JSON: ",
}


@pytest.mark.parametrize("line", BAD_LINES, ids=lambda line: line[:30])
def test_lines_that_cannot_be_run(people: Cli, batch, line: str) -> None:
    before = dump(people.path)
    ran = batch("person set-status 1 qualified", line, code=2)
    assert ran.error["details"]["line"] == 2
    assert ran.error["message"].startswith(f"line 2: {BAD_LINES[line]}")
    assert dump(people.path) == before
    kept = batch("person set-status 1 qualified", line, options=("--keep-going",), code=5).json
    assert (kept["ok"], kept["failed"]) == (1, 1)


def test_quoting_and_comments(people: Cli, batch) -> None:
    document = batch(
        "# a comment",
        "  company add 'C# and #1' --phone \"a 'b' #c\"  # trailing 'comment",
        r"company add It\'s\ \#3",
        "company add Co#4",
        '{"args": ["company", "edit", 2, "--name", "# \\"x\\""]}\r',
        "find Co#4",
        "person --help",
        "# the end",
    ).json
    assert document["lines"] == 6
    names = [row["name"] for row in people.json("company", "list")]
    assert names == ["Acme", '# "x"', "It's #3", "Co#4"]
    assert people.json("company", "show", 2)["phone"] == "a 'b' #c"
    assert [row["report"] and row["report"].get("id") for row in document["results"]] == [
        *(2, 3, 4),
        *(None, None, None),
    ]


def test_consent_of_the_batch_covers_its_lines(people: Cli, batch) -> None:
    assert batch("person delete 1", code=6).error["details"]["line"] == 1
    assert batch("person delete 1", options=("--dry-run",)).json["results"][0]["report"] == {
        "change": None,
        "dry_run": True,
        "matched": 1,
        "changed": 1,
        "unchanged": 0,
        "created": 0,
        "skipped": 0,
        "refused": 0,
        "missing": 0,
        "affected": {"companies": 0, "people": 0},
        "automation": [],
        "problems": [],
        "problems_omitted": 0,
    }
    batch("person delete 1 --yes")
    batch("person delete 2", options=("--yes",))
    assert statuses(people) == ["open", None]


def test_guards_are_about_the_whole_batch(people: Cli, batch) -> None:
    before = dump(people.path)
    lines = ("person set-status 1 qualified", "person set-status 2 qualified")
    assert batch(*lines, options=("--max-changes", 1), code=7).json["change"] is None
    assert batch(*lines, options=("--expect", 3), code=7).error["code"] == "expect_failed"
    assert batch(lines[0] + " --expect 2", code=7).error["details"]["line"] == 1
    assert dump(people.path) == before
    assert batch(*lines, options=("--max-changes", 2, "--expect", "2..2")).json["ok"] == 2


def test_formats(people: Cli, batch) -> None:
    lines = ("person list --fields id -f csv", "person set-status 1 qualified", "person retire 99")
    going = ("--keep-going", "--dry-run")
    ran = batch(*lines, options=going, format="", code=5)
    assert ran.out == (
        "id\n1\n2\n3\n4\nline 3: person 99 does not exist\ndry run: 3 lines, 2 done, 1 failed\n"
    )
    assert [row["line"] for row in batch(*lines, options=going, format="ndjson", code=5).lines] == [
        *(1, 2, 3)
    ]
    assert batch(*lines, options=(*going, "--fields", "line"), format="ndjson", code=5).lines == [
        {"line": 1},
        {"line": 2},
        {"line": 3},
    ]
    assert batch(*lines, options=going, format="ids", code=5).out.splitlines()[-3:] == [
        *("1", "2", "3")
    ]
    assert batch(lines[1], options=("-q",), format="").out == ""
    assert "results:" in batch(lines[1], format="yaml").out
    assert batch(lines[1], options=("--fields", "ok,failed")).json == {"ok": 1, "failed": 0}
    batch(lines[1], options=("--fields", "birds"), code=2)


def test_stdin_no_file_and_nothing(people: Cli, batch, monkeypatch, tmp_path: Path) -> None:
    data = io.TextIOWrapper(io.BytesIO("\ufeffperson set-status 1 qualified".encode()))
    monkeypatch.setattr(sys, "stdin", data)
    assert people.json("batch", "-")["ok"] == 1
    people.error("batch", tmp_path / "none.txt", code=3)
    (tmp_path / "latin.txt").write_bytes(b"\xff\xfe\xfa")
    people.error("batch", tmp_path / "latin.txt", code=2)
    empty = batch("", "# nothing").json
    assert empty == {"change": None, "lines": 0, "ok": 0, "failed": 0, "results": []}


def test_a_set_of_lines_ends_like_the_lines_one_by_one(people: Cli, batch) -> None:
    """The same lines, once as sets and once parted by a line of another kind."""
    lines = [f"person set-status {id} qualified" for id in (1, 99, 4, 2, 1)]
    lines += [f"person retire {id}" for id in (3, 2, 98)]
    lines += [f"person set-status {id} 5" for id in (1, 2)]
    lines += ["person set-status 1 --to open", "person set-status 2 --to open"]
    parted = [text for line in lines for text in (line, "person list --count")]
    options = ("--keep-going", "--dry-run")
    together = batch(*lines, options=options, code=5).json["results"]
    apart = batch(*parted, options=options, code=5).json["results"][::2]
    for one, other in zip(together, apart, strict=True):
        assert {**one, "line": 0} == {**other, "line": 0}


def test_opportunities_as_a_set(people: Cli, batch) -> None:
    for _ in range(3):
        people("opportunity", "add", "Deal", "--company", 1)
    before = dump(people.path)
    lines = [f"opportunity start {id} --value 100" for id in (1, 2, 3)]
    lines += [f"opportunity next {id}" for id in (1, 2, 3)] * 2
    document = batch(*lines).json
    assert document["ok"] == 9
    assert people.json("change", "list")[0]["records"] == 3
    assert {row["stage"] for row in people.json("opportunity", "list")} == {30}
    people("change", "undo", "last", "--yes")
    assert dump(people.path) == before


def test_another_writer_ends_the_batch(people: Cli, batch) -> None:
    with people.engine() as other, other.transaction():
        number = other.last_number("change") + 1
        other.execute(
            "INSERT INTO change (at, stamp, author, command) VALUES (:at, :at, 'ben', 'x')",
            at="2026-01-01T00:00:00Z",
        )
        batch("person set-status 1 qualified", options=("--lock-wait", 0), code=75)
        assert other.value("SELECT max(id) FROM change") == number


def test_a_setup_within_a_batch(people: Cli, batch, tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text("users: [{key: kari, name: Kari}]")
    before = dump(people.path)
    lines = ("setup apply s.yaml", "company edit 1 --owner kari", "change undo last")
    reports = [row["report"] for row in batch(*lines, options=("--yes",)).json["results"]]
    assert (reports[0]["created"], reports[1]["changed"], reports[2]["changed"]) == (1, 1, 1)
    people("change", "undo", "last", "--yes")
    assert dump(people.path) == before


def test_a_terminal_is_asked_once_before_the_file_is_locked(people: Cli, tmp_path: Path) -> None:
    file = tmp_path / "batch.txt"
    file.write_text("person set-status 1 qualified\nperson delete 2\n")
    code, text = on_terminal(people, "", "batch", str(file))
    assert (code, "line 2: leadctl person delete would change 1" in text) == (6, True)
    config = tmp_path / "c.yaml"
    config.write_text("confirm_rows: 2")
    words = ("batch", str(file), "--config", str(config))
    code, text = on_terminal(people, "n\n", *words)
    assert (code, "batch changes 2 records. Go on?" in text) == (6, True)
    code, text = on_terminal(people, "y\n", *words)
    assert (code, "2 lines, 2 done, 0 failed" in text) == (0, True)


def test_equal_lines_take_as_many_statements_as_one(people: Cli, batch, monkeypatch) -> None:
    for _ in range(40):
        people("person", "add", "--last-name", "X", "--company", 1)
    counts = []
    for size in (10, 40):
        engines: list[Engine] = []
        opened = Engine.__init__

        def keep(self: Engine, *words: Any) -> None:
            opened(self, *words)  # noqa: B023 - called in this round
            engines.append(self)  # noqa: B023

        with monkeypatch.context() as patch:
            patch.setattr(Engine, "__init__", keep)
            batch(*(f"person set-status {id} contacting" for id in range(5, 5 + size)))
        counts.append(engines[0].statements)
        people("change", "undo", "last", "--yes")
    assert counts[0] == counts[1]


def test_numbers_that_are_equal_or_too_long_are_no_set(people: Cli, batch) -> None:
    lines = [f"person set-status {id} qualified" for id in ("1", "01", "2", "9" * 30)]
    ran = batch(*lines, options=("--keep-going",), code=5)
    reports = [row.get("report") for row in ran.json["results"]]
    assert [report and report["changed"] for report in reports] == [1, 0, 1, None]
    assert ran.json["results"][3]["exit"] == 2
