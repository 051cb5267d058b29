"""Attacks by name. What each must come to; that nothing comes to worse is what the fuzz tests."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from leadctl import open_crm
from leadctl.cli.text import visible
from tests.conftest import Cli
from tests.robust.hostile import BIDI, BILLION, ESCAPE, FILTERS, FORMULA, INJECTION
from tests.robust.world import EXITS, call, digest, fill

DEEP = 100_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with a few records of each kind, some with hostile texts in them."""
    target = tmp_path / "leads.db"
    fill(target)
    return target


def refused(path: Path, *words: str, stdin: bytes = b"", codes: tuple[int, ...] = (2,)) -> str:
    """Run a command that must end with an error and change nothing; returns what it says."""
    before = digest(path)
    code, out, err = call(["--db", str(path), *words], stdin)
    assert code in codes, (code, err)
    assert code == 0 or err.startswith(("Error: ", "{")) or "\nError: " in err
    assert digest(path) == before
    return out + err


@pytest.mark.parametrize("word", [INJECTION, "1 OR 1=1", "' OR ''='", "x') --", "%", "_", "a_me"])
def test_sql_in_values_is_a_value(cli: Cli, word: str) -> None:
    cli("company", "add", word, "--external-id", word, "--country", word)
    cli("company", "add", "Acme")
    quoted = "'" + word.replace("'", "''") + "'"
    for where in (f"name = {quoted}", f"country == {quoted}", f"external_id ~ {quoted}"):
        found = cli.json("company", "list", "--where", where)
        assert [company["name"] for company in found] == [word]
    assert cli.json("company", "show", f"ext:{word}")["name"] == word
    cli("person", "add", "--last-name", word, "--company", word)
    cli("selection", "create", word, "--where", f"last_name = {quoted}")
    assert len(cli.json("selection", "show", word)) == 1
    assert cli("find", word, code=None).code in (0, 2)
    assert cli.json("company", "list", "--count") == 2


@pytest.mark.parametrize("option", ["--sort", "--fields", "--group-by"])
def test_sql_in_names_of_fields_is_no_field(path: Path, option: str) -> None:
    for word in ("id; DROP TABLE person", "(SELECT 1)", "name'--", "1", "rowid", "name_key"):
        refused(path, "company", "list", option, word)
    before = digest(path)
    for word in ('extra.a"b', "extra.a')--", "extra.';DROP TABLE person;--"):
        assert call(["--db", str(path), "company", "list", option, word])[0] in (0, 2)
    assert digest(path) == before


@pytest.mark.parametrize("where", FILTERS[2:])
def test_filters_that_are_long_deep_or_wrong(path: Path, where: str) -> None:
    code, _, err = call(["--db", str(path), "person", "list", "--where", where])
    assert code in (0, 2), err[:300]
    assert len(err) < 1_000


def test_what_looks_like_a_pattern_is_text(cli: Cli) -> None:
    cli("company", "add", "a" * 200 + "!")
    cli("company", "add", "(a+)+$")
    assert cli.json("company", "list", "--where", "name ~ '(a+)+$'", "--count") == 1


@pytest.mark.parametrize(
    "name",
    ["../up.db", "no/such/folder.db", "x" * 300, "nul\x00.db", "", "/dev/null/x", "a/" * 3_000],
)
def test_paths_that_lead_nowhere(path: Path, tmp_path: Path, name: str) -> None:
    before = sorted(tmp_path.rglob("*"))
    for words in (("company", "list"), ("company", "add", "A")):
        code, _, err = call(["--db", name, *words])
        assert (code in (2, 10), "Error: " in err) == (True, True), err
    for words in (
        ("company", "import", name),
        ("person", "list", "--ids-from", name),
        ("setup", "apply", name),
        ("batch", name),
        ("company", "import", "none.csv", "--map", name),
        ("capture", "submit", "web", name),
    ):
        refused(path, *words, codes=(2, 3))
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "words",
    [
        ("company", "list", "-f", "csv"),
        ("person", "list", "-f", "json"),
        ("setup", "export"),
        ("company", "list", "--help"),
        ("config", "example"),
    ],
)
def test_output_to_a_full_device(path: Path, words: tuple[str, ...]) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "leadctl", "--db", str(path), *words],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ran.returncode == 10
    assert "the output cannot be written" in ran.stderr


def test_files_that_cannot_be_written_where_they_are_wanted(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("last_name,company\nBerg,\nLind,Nobody\n", encoding="utf-8")
    words = ("person", "import", str(file), "--keep-going", "--rejects")
    for target in ("/dev/full", str(tmp_path), str(path), str(file), "x" * 300, "no/such/file"):
        refused(path, *words, target, codes=(2, 10))
    for target in ("/dev/full", str(tmp_path), str(path), "x" * 300):
        refused(path, "dashboard", "show", "--html", target, codes=(2, 10))


@pytest.mark.parametrize("value", [FORMULA, "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"])
def test_formulas_in_every_text_cell_are_guarded(cli: Cli, value: str) -> None:
    # A bare CR ends a row for some readers: what stands behind it would begin a cell.
    cli("company", "add", "x" + value, "--country", value, "--phone", value)
    for format, delimiter in (("csv", ","), ("tsv", "\t")):
        out = cli("company", "list", "-f", format, "--csv-guard").out
        cells = [
            cell
            for row in csv.reader(io.StringIO(out, newline=""), delimiter=delimiter)
            for cell in row
        ]
        assert not [cell for cell in cells if cell[:1] and cell[0] in "=+-@\t\r"]
        assert f"'{value}" in cells


def test_rejects_with_returns_in_their_cells_can_be_fed_again(cli: Cli, tmp_path: Path) -> None:
    file, rejects = tmp_path / "people.csv", tmp_path / "rejects.csv"
    file.write_bytes(b'last_name,company,title\nBerg,Nobody,"a\rb"\n')
    words = ("--keep-going", "--rejects", rejects)
    cli("person", "import", file, *words, code=4)
    assert rejects.read_bytes() == file.read_bytes()
    cli("person", "import", rejects, "--create-companies")
    assert cli.json("person", "list")[0]["title"] == "a\rb"


YAML = {
    "billion laughs": BILLION,
    "a program": "fields: !!python/object/apply:os.system ['touch owned']\n",
    "a name": "settings: !!python/name:os.system\n",
    "a module": "categories: !!python/module:os\n",
    "itself": "settings: &a [*a]\n",
    "itself as a value": "fields: &b {name: *b}\n",
    "deep lists": "[" * DEEP,
    "deep objects": "{a: " * DEEP,
    "deep blocks": "- " * DEEP + "x",
    "no UTF-8": "a: \udcff\n",
    "control characters": "a: \x1b[2J\n",
}


@pytest.mark.parametrize("name", YAML)
def test_yaml_that_attacks_its_reader(path: Path, tmp_path: Path, name: str) -> None:
    file = tmp_path / "bad.yaml"
    file.write_bytes(YAML[name].encode(errors="surrogateescape"))
    (tmp_path / "people.csv").write_text("last_name\nBerg\n", encoding="utf-8")
    for words in (
        ("setup", "apply", str(file)),
        ("person", "import", str(tmp_path / "people.csv"), "--map", str(file)),
        ("company", "list", "--config", str(file)),
    ):
        # A tag makes nothing of what it stands at, and a setup that says nothing changes nothing.
        err = refused(path, *words, codes=(0, 2, 3, 10))
        assert len(err) < 5_000
    assert not (tmp_path / "owned").exists()


JSON: dict[str, Any] = {
    "deep lists": "[" * DEEP + "]" * DEEP,
    "deep objects": '{"a":' * DEEP + "1" + "}" * DEEP,
    "a deep value": '[{"last_name": ' + "[" * DEEP + "]" * DEEP + "}]",
    "a huge number": '[{"last_name": ' + "9" * 10_000 + "}]",
    "a huge exponent": '[{"last_name": 1e99999999999999999999}]',
    "no number": '[{"last_name": NaN}]',
    "half a character": '[{"last_name": "\\ud800"}]',
    "a NUL": '[{"last_name": "\\u0000"}]',
    "cut off": '[{"last_name": "x',
    "no object": "[[1], 2, null]",
    "not UTF-8": '[{"last_name": "\udcff"}]',
}


@pytest.mark.parametrize("name", JSON)
def test_json_that_attacks_its_reader(path: Path, tmp_path: Path, name: str) -> None:
    file = tmp_path / "bad.json"
    content = JSON[name].encode(errors="surrogateescape")
    file.write_bytes(content)
    for words in (
        ("person", "import", str(file), "--input-format", "json"),
        ("person", "list", "--ids-from", str(file)),
        ("batch", str(file)),
    ):
        refused(path, *words, codes=(2, 3, 4))
    code, out, err = call(["--db", str(path), "capture", "submit", "web", "-"], content)
    assert code in (0, 2, 5), err
    assert visible(out.replace("\n", "")) == out.replace("\n", "")


@pytest.mark.parametrize("format", ["table", "markdown"])
def test_names_cannot_steer_the_terminal(path: Path, format: str) -> None:
    for words in (
        ("company", "list"),
        ("company", "show", "2"),
        ("person", "list", "--fields", "name,company,owner"),
        ("person", "history", "4"),
        ("board", "show"),
        ("board", "show", "--entity", "company"),
        ("dashboard", "show"),
        ("find", "owned"),
        ("change", "show", "4"),
        ("capture", "list"),
        ("company", "list", "--group-by", "name"),
        ("company", "add", ESCAPE + BIDI),
        ("company", "edit", "2", "--name", ""),
        ("person", "add", "--last-name", "x", "--company", ESCAPE),
        ("person", "list", "--where", f"name ~ '{ESCAPE}' and nonsense = 1"),
        ("person", "list", "--where", f"name = '{ESCAPE}'", "--explain"),
        ("selection", "show", ESCAPE),
        ("user", "edit", ESCAPE, "--away"),
        (ESCAPE,),
        ("company", ESCAPE),
        ("company", "list", "--" + ESCAPE),
        ("company", "list", "--sort", ESCAPE),
        ("company", "import", ESCAPE),
    ):
        code, out, err = call(["--db", str(path), *words, "-f", format])
        assert code in EXITS, words
        for line in (out + err).split("\n"):
            assert line == visible(line), words


def test_a_line_break_forges_no_line(path: Path) -> None:
    forged = "a\nError: forged\rchange 99: 5 changed"
    for words in (("company", "show", forged), (forged,), ("selection", "show", forged)):
        err = refused(path, *words, codes=(2, 3))
        assert not [
            line for line in err.splitlines() if line.startswith(("Error: forged", "change"))
        ]
    code, out, _ = call(["--db", str(path), "company", "add", forged, "--reason", forged])
    assert (code, "\nError" in out) == (0, False)
    log = call(["--db", str(path), "change", "list", "--fields", "id,reason", "--limit", "1"])[1]
    assert "Error: forged" in log
    assert len(log.splitlines()) == 3


def test_bytes_that_are_no_text_in_arguments_and_variables(path: Path) -> None:
    base = [sys.executable, "-m", "leadctl", "--db", str(path), "company", "add"]
    for words in (b"\xff", b"A\xed\xa0\x80"):
        ran = subprocess.run([*map(os.fsencode, base), words], capture_output=True, check=False)
        assert (ran.returncode, b"Traceback" in ran.stderr) == (2, False)
    ran = subprocess.run(
        [*base, "A"],
        env={**os.environ, "LEADCTL_USER": os.fsdecode(b"\xff")},
        capture_output=True,
        check=False,
    )
    assert (ran.returncode, b"Traceback" in ran.stderr) == (2, False)


@pytest.mark.parametrize(
    "words",
    [
        ("company", "list", "--limit", "-1"),
        ("company", "list", "--offset", "-1"),
        ("company", "list", "--limit", "9" * 400),
        ("company", "list", "--limit", "1e3"),
        ("company", "edit", "1", "--phone", "1", "--max-changes", "-1"),
        ("company", "edit", "1", "--phone", "1", "--expect", "-1..5"),
        ("company", "show", "9" * 5_000),
        ("company", "show", "9223372036854775808"),
        ("company", "show", "-1"),
        ("company", "show", "１"),
        ("opportunity", "update", "1", "--value", "9" * 400),
        ("opportunity", "update", "1", "--value", "1e400"),
        ("opportunity", "update", "1", "--value", "NaN"),
        ("opportunity", "jump", "1", "--to", "9" * 30),
        ("stage", "add", "standard", "9" * 30, "X", "--completed", "1", "--chances", "1"),
        ("opportunity", "update", "1", "--on", "10000-01-01"),
        ("closed", "delete", "--older-than", "9" * 30 + "y", "--yes"),
        ("quote", "add-line", "1", "--line", f"x;{'9' * 40};{'9' * 40}"),
        ("person", "list", "--where", "created older than 999999999y"),
        ("company", "list", "--lock-wait", "1e999"),
        ("company", "list", "--lock-wait", "nan"),
    ],
)
def test_numbers_beyond_all_bounds(path: Path, words: tuple[str, ...]) -> None:
    refused(path, *words, codes=(2, 3, 4))


def test_explaining_which_records_a_selection_would_get(path: Path) -> None:
    code, out, _ = call(["--db", str(path), "selection", "add", "hot", "--all", "--explain"])
    assert (code, "FROM person" in out) == (0, True)


def test_a_proposal_that_is_not_there_when_going_on(path: Path) -> None:
    for verb in ("accept", "decline"):
        refused(path, "automation", verb, "99", "--keep-going", codes=(3,))
        refused(path, "automation", verb, "ext:x", "--keep-going", codes=(2, 3))
    refused(path, "person", "erase", "99", "--keep-going", "--yes", codes=(3,))


def test_names_that_are_too_long_for_the_system(path: Path) -> None:
    refused(path, "demo", "x" * 300, codes=(10,))
    refused(path, "db", "export", "x" * 300, codes=(10,))
    refused(path, "db", "backup", "x" * 300, codes=(10,))


def test_payloads_of_hostile_shapes_are_kept_as_they_came(path: Path) -> None:
    body = json.dumps({"email": ESCAPE + "@x.example", "last_name": INJECTION, "x": [[[]]]})
    code, _, err = call(["--db", str(path), "capture", "submit", "web", "-"], body.encode())
    assert code in (0, 5), err
    with open_crm(path) as crm:
        assert crm.captures.show(2)["payload"] == body
