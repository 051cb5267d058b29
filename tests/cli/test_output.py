"""Formats, fields, errors, consent, terminals."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import subprocess
import sys

import pytest
import yaml

from leadctl.config import FORMATS


@pytest.fixture
def acme(cli):
    """Two companies, one with a name that tries to steer the terminal."""
    cli("company", "add", "Acme", "--category", "lead", "--external-id", "x", "--country", "=1+1")
    cli("company", "add", "Evil\x1b[2J\n\u202e|Corp", "--category", "customer")
    cli("person", "add", "--last-name", "Berg", "--company", "Acme")
    cli("person", "add", "--last-name", "Lind", "--company", "2")
    return cli


def test_every_format_of_a_list(acme) -> None:
    words = ("company", "list", "--fields", "id,name,lead_status_enabled,extra")
    outputs = {name: acme(*words, "-f", name).out for name in FORMATS}
    evil = "Evil\x1b[2J\n\u202e|Corp"
    records = [
        {"id": 1, "name": "Acme", "lead_status_enabled": True, "extra": {}},
        {"id": 2, "name": evil, "lead_status_enabled": False, "extra": {}},
    ]
    assert json.loads(outputs["json"]) == records
    assert [json.loads(line) for line in outputs["ndjson"].splitlines()] == records
    assert yaml.safe_load(outputs["yaml"]) == records
    rows = [["id", "name", "lead_status_enabled", "extra"], ["1", "Acme", "true", "{}"]]
    assert list(csv.reader(io.StringIO(outputs["csv"]))) == [*rows, ["2", evil, "false", "{}"]]
    assert list(csv.reader(io.StringIO(outputs["tsv"]), delimiter="\t"))[:2] == rows
    assert outputs["ids"] == "1\n2\n"
    for name in ("table", "markdown"):
        assert "\x1b" not in outputs[name]
        assert "\u202e" not in outputs[name]
        assert "Evil\\x1b[2J\\x0a\\u202e" in outputs[name]
    assert outputs["markdown"].splitlines()[3].count(" | ") == 3


def test_no_rows(cli) -> None:
    expected = {
        "json": "[]\n",
        "ndjson": "",
        "csv": "id,name\n",
        "tsv": "id\tname\n",
        "yaml": "[]\n",
        "ids": "",
        "table": "ID    Name\n----  ------\n",
        "markdown": "| ID | Name |\n| --- | --- |\n",
    }
    for name, output in expected.items():
        assert cli("person", "list", "--fields", "id,name", "-f", name).out == output


def test_a_long_table_is_streamed(cli, tmp_path) -> None:
    file = tmp_path / "p.csv"
    file.write_text("last_name\n" + "".join(f"P{n}\n" for n in range(1500)), encoding="utf-8")
    cli("person", "import", file)
    lines = cli("person", "list", "--fields", "id,name").out.splitlines()
    assert (len(lines), lines[0], lines[2], lines[-1]) == (
        1502,
        "ID    Name",
        "1     P0",
        "1500  P1499",
    )


def test_one_record_in_every_format(acme) -> None:
    words = ("company", "show", "ext:x", "--fields", "name,is_customer")
    assert acme.json(*words) == {"name": "Acme", "is_customer": False}
    assert acme(*words, "-f", "ndjson").lines == [{"name": "Acme", "is_customer": False}]
    assert acme(*words, "-f", "csv").out == "name,is_customer\nAcme,false\n"
    assert yaml.safe_load(acme(*words, "-f", "yaml").out) == {"name": "Acme", "is_customer": False}
    assert acme("company", "show", "ext:x", "-f", "ids").out == "1\n"
    assert acme(*words, "-f", "markdown").out.splitlines()[2] == "| Acme | no |"


def test_related_records(acme) -> None:
    shown = acme("company", "show", 1).out
    assert "Berg" in shown
    record = acme.json("company", "show", 1, "--with", "people,opportunities")
    assert [person["last_name"] for person in record["people"]] == ["Berg"]
    assert record["opportunities"] == []
    assert acme.json("company", "show", 1)["people"] == 1
    acme("company", "show", 1, "--with", "pets", code=2)


def test_formulas_are_guarded_on_request(acme) -> None:
    words = ("company", "list", "1", "--fields", "country", "-f", "csv")
    assert acme(*words).out == "country\n=1+1\n"
    assert acme(*words, "--csv-guard").out == "country\n'=1+1\n"


def test_counts_and_groups(acme) -> None:
    assert acme("company", "list", "--count").out == "2\n"
    groups = acme.json("company", "list", "--group-by", "category")
    assert groups == [{"category": "lead", "count": 1}, {"category": "customer", "count": 1}]
    assert "Kunde" in acme("company", "list", "--group-by", "category", "--lang", "da").out
    acme("company", "list", "--count", "--group-by", "category", code=2)
    acme("company", "list", "--limit", "-1", code=2)
    assert len(acme.json("company", "list", "--limit", "1", "--offset", "1")) == 1


@pytest.mark.parametrize("format", FORMATS)
def test_every_verb_takes_every_format(acme, format: str) -> None:
    for words in (
        ("init",),
        ("company", "edit", "1", "--country", "NO"),
        ("change", "list"),
        ("change", "show", "1"),
        ("person", "history", "1"),
        ("setting", "list"),
        ("setting", "get", "currency"),
        ("lead-status", "show", "open"),
        ("config", "example"),
    ):
        acme(*words, "-y", "-f", format)


def test_reports_in_every_format(acme) -> None:
    words = ("person", "set-status", "1", "2", "qualified")
    lines = acme(*words, "-f", "ndjson", code=5).lines
    assert lines[0]["changes"] == {"lead_status": ["open", "qualified"]}
    assert (lines[1]["result"], lines[1]["code"]) == ("skipped", "lead_status_not_applicable")
    acme("change", "undo", "last", "-y")
    assert acme(*words, "-f", "ids", code=5).out == "1\n"
    assert acme(*words, "-f", "csv", code=5).out.startswith("change,dry_run,matched,changed,")
    assert yaml.safe_load(acme(*words, "-f", "yaml", code=5).out)["skipped"] == 1
    assert acme(*words, "-q", code=5).out == ""
    assert acme("person", "set-status", "9", "open", "-f", "ndjson", code=3).lines == [
        {
            "id": 9,
            "result": "missing",
            "change": None,
            "code": "not_found",
            "message": "person 9 does not exist",
            "changes": {},
        }
    ]


def test_many_problems_are_cut_in_text_and_kept_in_json(cli, tmp_path) -> None:
    file = tmp_path / "p.csv"
    file.write_text("last_name\n" + "P\n" * 1200, encoding="utf-8")
    cli("person", "import", file)
    text = cli("person", "set-status", "--all", "open", code=4).out
    assert text.splitlines()[-1] == "  and 1180 more"
    report = cli("person", "set-status", "--all", "open", "-f", "json", code=4).json
    assert (len(report["problems"]), report["problems_omitted"]) == (1000, 200)


def test_global_options_stand_on_both_sides_and_the_later_wins(cli, tmp_path) -> None:
    other = tmp_path / "other.db"
    cli("init", "--db", other)
    cli("company", "add", "A", "--db", other, "--as", "Åse", "--today", "2020-02-29")
    assert cli.json("company", "list") == []
    (record,) = cli.json("company", "list", "--db", other)
    assert record["created_at"].startswith("2020-02-29T")
    (change,) = cli.json("change", "list", "--db", other)
    assert change["user"] == "Åse"
    assert not change["at"].startswith("2020")
    cli("company", "list", "--today", "2021-02-29", code=2)
    cli("company", "list", "--today", "20210228", code=2)


def test_errors_are_json_even_when_parsing_fails(cli, monkeypatch) -> None:
    for words in (
        ["person", "list", "--nope", "-f", "json"],
        ["person", "lsit", "-fjson"],
        ["nope", "--format=json"],
        ["person", "list", "--fields", "x", "--format", "json"],
        ["person", "set-status", "-f", "ndjson"],
    ):
        error = cli(*words, code=2).error
        assert error["code"] == "usage"
        assert set(error) == {"code", "message", "hint", "details"}
    monkeypatch.setenv("LEADCTL_FORMAT", "json")
    assert cli("person", "list", "--nope", code=2).error["code"] == "usage"


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (("persn", "list"), "person"),
        (("person", "set-statis"), "set-status"),
        (("person", "list", "--sorted"), "--sort"),
        (("person", "list", "--fields", "nmae"), "name"),
    ],
)
def test_did_you_mean(cli, words: tuple[str, ...], near: str) -> None:
    assert f"did you mean {near}" in cli(*words, code=2).err


def test_conflicting_and_missing_choices(acme, tmp_path) -> None:
    ids = tmp_path / "ids"
    ids.write_text("1\n", encoding="utf-8")
    for words in (
        ("person", "delete"),
        ("person", "delete", "1", "--all"),
        ("person", "delete", "1", "--ids-from", ids),
        ("person", "delete", "--ids-from", ids, "--all"),
        ("person", "set-status"),
        ("person", "set-status", "open"),
        ("person", "set-status", "42"),
        ("person", "set-status", "1", "2"),
        ("person", "set-status", "--all", "1", "open"),
        ("person", "edit", "1", "--expect", "x"),
        ("person", "edit", "1", "--title", "x", "--expect", "5..y"),
        ("person", "edit", "1", "--title", "x", "--max-changes", "-1"),
        ("person", "move", "1"),
    ):
        assert acme.error(*words, code=2)["code"] == "usage"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("1\n\n2\n", ["1", "2"]),
        ('[1, "2", "ext:p"]', ["1", "2"]),
        ('{"id": 2, "name": "x"}\n{"id": 1}\n', ["1", "2"]),
        ("ext:p\n", ["1"]),
        ("", []),
    ],
)
def test_ids_from(acme, tmp_path, content: str, expected: list[str]) -> None:
    acme("person", "edit", "1", "--external-id", "p")
    file = tmp_path / "ids"
    file.write_text(content, encoding="utf-8")
    assert acme("person", "list", "--ids-from", file, "-f", "ids").out.split() == expected
    report = acme.json("person", "retire", "--ids-from", file)
    assert report["matched"] == len(expected)


@pytest.mark.parametrize(
    "content", [b"1\nabc\n", b"\xff\n", b"[1,", b'{"id": }', b"[true]", b'{"x": 1}', b"[" * 100_000]
)
def test_what_is_no_list_of_ids(acme, tmp_path, content: bytes) -> None:
    file = tmp_path / "ids"
    file.write_bytes(content)
    assert acme.error("person", "retire", "--ids-from", file, code=2)["code"] == "usage"
    assert acme.error("person", "retire", "--ids-from", tmp_path / "no", code=3)


def test_consent(acme) -> None:
    for words in (
        ("person", "delete", "1"),
        ("person", "merge", "1", "--into", "2"),
        ("company", "delete", "1", "--people", "keep"),
        ("change", "undo", "last"),
    ):
        assert acme.error(*words, code=6)["code"] == "consent_needed"
        assert acme(*words, "--dry-run").code == 0
    acme("person", "delete", "99", code=3)
    acme("person", "delete", "1", "--expect", "2", code=7)
    acme("company", "delete", "1", code=4)
    assert acme.json("person", "list", "--count") == 2
    acme("person", "delete", "1", "2", "-y")
    report = acme.json("person", "delete", "--all")
    assert (report["matched"], report["dry_run"], report["change"]) == (0, False, None)


def on_terminal(cli, answer: str, *words: str) -> tuple[int, str]:
    """Run a command on a real terminal and answer its question."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "leadctl", "--db", str(cli.path), *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    os.write(ours, answer.encode())
    output = b""
    try:
        while chunk := os.read(ours, 4096):
            output += chunk
    except OSError:
        pass  # the other side is closed
    os.close(ours)
    return process.wait(), output.decode()


def test_questions_on_a_terminal(acme) -> None:
    code, text = on_terminal(acme, "n\n", "person", "delete", "1")
    assert (code, "changes 1 record. Go on?" in text) == (6, True)
    code, text = on_terminal(acme, "y\n", "person", "delete", "1")
    assert (code, "1 changed" in text) == (0, True)


def test_updates_ask_from_the_configured_number_on(cli, tmp_path) -> None:
    file = tmp_path / "p.csv"
    file.write_text("last_name\n" + "P\n" * 100, encoding="utf-8")
    cli("person", "import", file)
    code, text = on_terminal(cli, "n\n", "person", "retire", "--all")
    assert (code, "100 records" in text) == (6, True)
    code, text = on_terminal(cli, "", "person", "retire", "1", "2")
    assert (code, "2 changed" in text) == (0, True)
    code, text = on_terminal(cli, "", "person", "list")
    assert "the first 50 of 98" in text


def test_a_reader_who_leaves_early(acme) -> None:
    command = f"{sys.executable} -m leadctl --db {acme.path} company list -f csv | true"
    words = ["bash", "-c", f"set -o pipefail; {command}"]
    ran = subprocess.run(words, capture_output=True, check=False)
    assert ran.stderr == b""


def test_arguments_that_are_no_text(cli) -> None:
    assert cli.error("company", "add", "a\ud800", code=2)["code"] == "usage"
    assert cli.error("company", "add", "a\0", code=2)["code"] == "usage"
    ran = subprocess.run(
        [sys.executable, "-m", "leadctl", "--db", str(cli.path), "company", "add", b"\xff\xfe"],
        capture_output=True,
        check=False,
    )
    assert ran.returncode == 2
    error = cli("company", "add", "x" * 1_000_000, code=2)
    assert len(error.err) < 300
    assert cli.json("company", "list") == []


def test_messages_cannot_steer_the_terminal(cli) -> None:
    error = cli("lead-status", "show", "\x1b[31m\n", code=3).err
    assert "\x1b" not in error
    assert len(error.splitlines()) == 2


def test_a_bug_is_one_line_and_exit_1(cli, monkeypatch) -> None:
    def broken(*words: object, **named: object) -> None:
        raise ValueError("oops")

    monkeypatch.setattr("leadctl.core.people.People.show", broken)
    ran = cli("person", "show", "1", code=1)
    assert ran.err.splitlines()[0] == "Error: this is a bug in leadctl: ValueError: oops"
    assert "Traceback" not in ran.err
    assert "Traceback" in cli("person", "show", "1", "--debug", code=1).err


def test_an_interrupt_is_130(cli, monkeypatch) -> None:
    def interrupted(*words: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("leadctl.core.people.People.show", interrupted)
    assert cli.error("person", "show", "1", code=130)["code"] == "interrupted"


def test_version_and_help(cli) -> None:
    import leadctl
    from leadctl.cli.main import main

    assert main(["--version"]) == 0
    assert main([]) == 0
    assert main(["person"]) == 0
    assert cli("--help", code=0).out.startswith("Usage: leadctl")
    assert leadctl.__version__


def test_the_demo(cli, tmp_path) -> None:
    target = tmp_path / "demo.db"
    out = cli("demo", target).out
    assert out.count("$ leadctl ") == 19
    assert "change 3: 2 changed, 1 skipped" in out
    assert "change 11: 1 changed" in out
    assert cli.error("demo", target, code=4)["code"] == "file_exists"
