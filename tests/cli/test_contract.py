"""Places where the command line once broke its contract, each held by a test."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.fixture
def acme(cli):
    """A company with an external id, a person, a user."""
    cli("company", "add", "Acme", "--external-id", "X1", "--category", "lead")
    cli("person", "add", "--last-name", "Berg", "--company", "Acme", "--external-id", "P1")
    cli("user", "add", "u")
    return cli


def changes(cli) -> int:
    """How many changes there are."""
    return int(cli("change", "list", "--count").out)


@pytest.mark.parametrize(
    "words",
    [
        ("company", "edit", "1", "--phone", "7", "--fields", "nope"),
        ("company", "add", "Foo", "--fields", "nope"),
        ("company", "list", "--fields", "nope"),
        ("company", "list", "--count", "--fields", "nope"),
        ("company", "list", "--group-by", "owner", "--fields", "name"),
        ("company", "list", "--fields", "id,id"),
        ("company", "list", "--sort", "id,id"),
        ("setting", "get", "currency", "--fields", "nope"),
        ("config", "example", "--fields", "nope"),
        ("category", "edit", "lead", "--lead-status", "--no-lead-status"),
        ("user", "edit", "u", "--active", "--inactive"),
        ("user", "edit", "u", "--away", "--back"),
        ("company", "edit", "1", "--expect", "9..1"),
        ("company", "edit", "1", "--replace", "name", "A", "X", "--name", "Y"),
        ("company", "list", "--today", "bogus"),
        ("config", "list", "--today", "bogus"),
        ("company", "import", "x.csv", "--match", ""),
    ],
)
@pytest.mark.parametrize("format", ["json", "table", "ndjson", "ids"])
def test_what_is_wrong_is_found_before_anything_is_done(acme, words, format: str) -> None:
    before = changes(acme)
    acme(*words, "-f", format, code=2)
    assert changes(acme) == before


@pytest.mark.parametrize(
    "words",
    [
        ("company", "list", "--fields", "nope"),
        ("company", "list", "--sort", "nope"),
        ("company", "list", "--limit", "-1"),
        ("company", "list", "1", "--all"),
        ("company", "edit", "1"),
        ("company", "edit", "abc", "--phone", "1"),
        ("company", "show", "abc"),
        ("company", "show", "1", "--with", "foo"),
        ("company", "delete", "1", "--people", "foo"),
        ("company", "edit", "1", "--replace", "nope", "a", "b"),
        ("category", "move", "lead"),
        ("setting", "set", "currency", "x"),
        ("change", "undo", "abc"),
        ("change", "show", "abc"),
        ("person", "history", "abc"),
    ],
)
def test_usage_comes_before_a_missing_file(cli, tmp_path, words) -> None:
    cli.path = tmp_path / "none.db"
    assert cli.error(*words, code=2)["code"] == "usage"


def test_a_nul_in_an_id_is_no_id(acme, tmp_path) -> None:
    file = tmp_path / "ids"
    for content in ('["ext:P1\\u0000junk"]', "ext:P1\0junk\n"):
        file.write_text(content, encoding="utf-8")
        acme("person", "edit", "--ids-from", file, "--title", "HACK", code=2)


def test_own_ndjson_can_be_fed_back(acme, tmp_path) -> None:
    acme("person", "add", "--last-name", "A\u2028B\u0085C")
    file = tmp_path / "own.ndjson"
    file.write_text(acme("person", "list", "-f", "ndjson").out, encoding="utf-8")
    assert acme("person", "list", "--ids-from", file, "-f", "ids").out == "1\n2\n"


def test_rejects_that_cannot_be_written_stop_the_import(acme, tmp_path) -> None:
    file = tmp_path / "c.csv"
    file.write_text("name\nGood\n \n", encoding="utf-8")
    for rejects in (tmp_path / "none" / "x.csv", tmp_path, file):
        words = ("company", "import", file, "--keep-going", "--rejects", rejects)
        assert acme.error(*words, code=2)["code"] == "usage"
    assert file.read_text(encoding="utf-8") == "name\nGood\n \n"
    assert acme.json("company", "list", "--count") == 1


@pytest.mark.parametrize(
    "encoding", ["base64", "rot13", "idna", "undefined", "utf-16", "a\x00b", "punycode"]
)
def test_encodings_that_do_not_fit(acme, tmp_path, encoding: str) -> None:
    file = tmp_path / "c.csv"
    file.write_bytes(b"name\nG\xffd\n")
    assert acme.error("company", "import", file, "--encoding", encoding, code=2)


def test_a_row_that_cannot_be_read_leaves_the_others(acme, tmp_path) -> None:
    file, rejects = tmp_path / "c.csv", tmp_path / "bad.csv"
    file.write_text('name\nGood\n \n"open\n', encoding="utf-8")
    words = ("company", "import", file, "--keep-going", "--rejects", rejects, "-f", "json")
    report = acme(*words, code=5).json
    assert (report["created"], [p["line"] for p in report["problems"]]) == (1, [3, 4])
    assert rejects.read_text(encoding="utf-8") == "name\n \n"


def test_what_cannot_be_matched_is_reported(acme, tmp_path) -> None:
    file = tmp_path / "c.csv"
    file.write_text("name,country\nZ,\n", encoding="utf-8")
    words = ("company", "import", file, "--match", "name,country")
    assert acme.json(*words)["created"] == 1
    assert acme.json(*words)["unchanged"] == 1
    file.write_text("name,external_id\nZ,\n", encoding="utf-8")
    report = acme("company", "import", file, "--match", "external_id", "-f", "json", code=4).json
    assert report["problems"][0]["code"] == "row_invalid"


def test_users_without_names(acme, tmp_path) -> None:
    file = tmp_path / "u.csv"
    for content in ("email\nz@x\n", "name,email\n,z@x\n"):
        file.write_text(content, encoding="utf-8")
        report = acme("user", "import", file, "-f", "json", code=4).json
        assert report["problems"][0]["code"] == "name_required"


def test_reports_of_refused_records(acme) -> None:
    acme("company", "add", "Other", "--external-id", "X2")
    for words in (
        ("company", "edit", "2", "--external-id", "X1"),
        ("company", "edit", "1", "2", "--external-id", "X3", "--keep-going"),
        ("company", "edit", "1", "--name", " "),
        ("category", "restore", "lead"),
        ("lead-status", "delete", "open"),
        ("company", "delete", "1"),
    ):
        report = acme(*words, "-f", "json", code=4).json
        assert report["refused"] == report["matched"] >= 1
        assert report["dry_run"] is False
    acme("company", "edit", "99", "--name", "", code=3)
    acme("company", "edit", "1", "--name", "", "--expect", "5", code=7)
    acme("company", "add", "New", "--expect", "2", code=7)
    assert acme("company", "add", "New", "--expect", "1").code == 0


def test_verbs_of_lists_tell_of_each_record(acme) -> None:
    (line,) = acme("setting", "set", "currency", "NOK", "-f", "ndjson").lines
    assert line["changes"] == {"value": ["EUR", "NOK"]}
    assert [line["result"] for line in acme("category", "add-defaults", "-f", "ndjson").lines] == [
        "unchanged"
    ] * 6


def test_ids_of_list_items(bare) -> None:
    assert bare("category", "add-defaults", "-f", "ids").out == "1\n2\n3\n4\n5\n6\n"


def test_ids_of_what_has_none(acme) -> None:
    groups = acme("company", "list", "--group-by", "owner", "-f", "ids").out
    assert groups == "none\n"
    assert acme("company", "history", "1", "-f", "ids").out == "1\n"


def test_options_are_found_wherever_they_stand(cli) -> None:
    assert cli("-f", "json", "company", "list", code=2).error["code"] == "usage"
    assert cli("company", "list", "-qfjson", "--nope", code=2).error["code"] == "usage"
    assert "Traceback" in cli("--debug", "company", "show", "9", code=3).err
    assert cli("-q", "--version").out.startswith("leadctl ")


def test_surroundings_that_are_out_of_order(acme, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("LEADCTL_USER", "\udcff")
    acme("company", "add", "x", code=2)
    monkeypatch.setenv("LEADCTL_USER", "me")
    (tmp_path / "leadctl.yaml").write_text("a: " + "[" * 5000, encoding="utf-8")
    assert acme.error("company", "list", code=10)["code"] == "config_invalid"
    (tmp_path / "leadctl.yaml").unlink()
    acme("init", "--db", tmp_path / ("x" * 300), code=10)
    acme("demo", tmp_path / "none" / "x.db", code=10)
    for redirection in ("<&-", ">&-", "2>&-"):
        command = f"{sys.executable} -m leadctl --db {acme.path} company edit 1 --phone 6"
        ran = subprocess.run(f"{command} {redirection}", shell=True, check=False)
        assert ran.returncode == 0
    command = f"{sys.executable} -m leadctl --db {acme.path} company list -f json > /dev/full"
    ran = subprocess.run(command, shell=True, check=False, capture_output=True, text=True)
    assert (ran.returncode, '"disk_full"' in ran.stderr) == (10, True)


@pytest.mark.parametrize("format", ["csv", "table", "json", "ndjson", "tsv", "yaml", "ids"])
def test_head_ends_quietly(cli, tmp_path, format: str) -> None:
    file = tmp_path / "c.csv"
    file.write_text("name\n" + "Company\n" * 5000, encoding="utf-8")
    cli("company", "import", file)
    command = f"{sys.executable} -m leadctl --db {cli.path} company list -f {format} | head -1"
    ran = subprocess.run(command, shell=True, check=True, capture_output=True)
    assert ran.stderr == b""


def test_settings_are_listed_like_anything_else(cli) -> None:
    assert cli("setting", "list", "--count").out == "5\n"
    words = ("setting", "list", "--sort", "-key", "--limit", "1", "--offset", "1")
    assert [row["key"] for row in cli.json(*words)] == ["lead_status.reentry"]
    groups = cli.json("config", "list", "--group-by", "origin", "--sort", "count")
    assert {row["origin"]: row["count"] for row in groups}["option"] == 2


def test_a_change_in_parts(acme) -> None:
    out = acme("change", "show", "1", "--fields", "history").out
    assert out.split()[:5] == ["Entity", "Record", "Field", "Old", "New"]
    assert "Record" not in acme("change", "show", "1", "--fields", "id,user").out


def test_groups_of_a_list_in_its_order(acme) -> None:
    acme("company", "add", "B", "--category", "customer")
    for sort, expected in (("category", ["lead", "customer"]), ("-category", ["customer", "lead"])):
        rows = acme.json("company", "list", "--group-by", "category", "--sort", sort)
        assert [row["category"] for row in rows] == expected
    assert "Potential customer" in acme("category", "list").out
