"""Words of ours that stand in messages and tables as values, in the language of the reader."""

from __future__ import annotations

import os
import subprocess
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from leadctl import errors
from leadctl.cli.main import make_fit
from leadctl.labels import translator


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("company", "show", 9), 3, "firma 9 finnes ikke"),
        (("opportunity", "show", 9), 3, "salgsmulighet 9 finnes ikke"),
        (("person", "set-status", 1, "foo"), 3, "leadstatus foo finnes ikke"),
        (("automation", "accept", 9), 3, "automatiseringsforslag 9 finnes ikke"),
        (("person", "list", "--where", "foo = 1"), 2, "person har ikke feltet foo"),
        (("company", "import", "none.csv"), 3, "none.csv kan ikke leses: det finnes ingen slik"),
        (("setting", "set", "currency", "kroner"), 2, "currency tar: tre store bokstaver"),
        (("person", "list", "--limit", "abc"), 2, "--limit tar et heltall, ikke abc"),
        (("person", "list", "--limit"), 2, "--limit må ha en verdi"),
        (("person", "list", "--quiet=1"), 2, "--quiet tar ingen verdi"),
        (("person", "show"), 2, "Argumentet ID mangler"),
        (("person", "show", 1, 2), 2, "for mange ord: 2"),
        (("close-code", "add", "X"), 2, "--outcome mangler"),
        (("person", "list", "--nosuch"), 2, "valget --nosuch finnes ikke"),
        (("company", "edit", 1, "--replace", "name"), 2, "--replace må ha 3 verdier"),
    ],
)
def test_errors_are_in_the_language_of_the_reader(cli, words, code, said) -> None:
    assert said in cli("--lang", "no", *words, code=code).err


def test_scripts_get_the_keys_all_the_same(cli) -> None:
    error = cli.error("--lang", "da", "person", "set-status", 1, "foo", code=3)
    assert error["message"] == "leadstatus foo findes ikke"
    assert error["details"]["entity"] == "lead_status"
    assert cli.error("company", "import", "none.csv", code=3)["details"] == {
        "path": "none.csv",
        "problem": "No such file or directory",
    }


def test_other_words_of_the_system_are_shown_as_they_are() -> None:
    reason = errors.Reason("", "{path}: {problem}", "", {"path": "user", "problem": "Bus error"})
    assert reason.text(translator("no")) == "user: Bus error"


def test_an_unknown_language_does_not_hide_the_one_of_the_environment(cli, monkeypatch) -> None:
    monkeypatch.setenv("LEADCTL_LANG", "no")
    assert "xx er ikke en gyldig verdi for lang" in cli("--lang", "xx", "db", "info", code=2).err


def test_tables_have_no_keys_where_there_are_words(cli) -> None:
    cli("company", "add", "Acme", "--category", "customer")
    cli("company", "set-category", 1, "lead")
    cli("company", "set-category", 1, "customer")
    cli("person", "add", "--last-name", "Berg", "--company", 1)
    cli("opportunity", "add", "Deal", "--company", 1, "--cycle", "standard")
    cli("selection", "create", "Hot", "--where", "lead_status = open")
    no = ("--lang", "no")
    assert "kategorien er ikke i gruppen Potensiell kunde" in cli(*no, "person", "show", 1).out
    assert "den er ikke lukket" in cli(*no, "opportunity", "allowed", 1).out
    assert "dynamisk" in cli(*no, "selection", "list").out
    assert "dynamisk" in cli(*no, "selection", "info", "Hot").out
    assert "firma" in cli(*no, "find", "acme").out
    history = cli(*no, "company", "history", 1, "--fields", "field,old,new").out
    assert history.splitlines()[2].split() == ["Kategori", "Lead", "Kunde"]
    shown = cli(*no, "change", "show", 3).out
    assert "firma" in shown
    assert "Kategori" in shown
    assert "customer" not in shown


def test_data_formats_keep_the_keys(cli) -> None:
    cli("company", "add", "Acme", "--category", "customer")
    cli("company", "set-category", 1, "lead")
    cli("opportunity", "add", "Deal", "--company", 1, "--cycle", "standard")
    no = ("--lang", "no")
    assert cli.json(*no, "company", "history", 1)[0]["field"] == "category"
    assert cli.json(*no, "company", "history", 1)[0]["new"] == "lead"
    assert "not_closed" in cli(*no, "opportunity", "allowed", 1, "-f", "csv").out
    assert cli.json(*no, "find", "acme")[0]["entity"] == "company"


def test_hints_say_what_to_do(cli) -> None:
    odd = Path("odd.csv")
    odd.write_text("account;sector\nAcme;retail\n")
    assert "a recipe (--map) says" in cli("company", "import", odd, code=2).err
    odd.write_text("last_name;company\nBerg;Nowhere\n")
    assert "Hint: --create-companies adds" in cli("person", "import", odd, code=4).err
    odd.write_text("last_name;company\nBerg;ext:N-1\n")
    assert "Hint" not in cli("person", "import", odd, code=4).err
    odd.write_text("name;owner\nAcme;kari\n")
    assert "Hint: --create-users adds" in cli("company", "import", odd, code=4).err
    cli("user", "add", "Karl")
    assert "Hint: did you mean karl?" in cli("company", "import", odd, code=4).err
    odd.write_text("fields: {name\nfoo: [")
    recipe = cli("company", "import", odd, "--map", odd, code=2).err
    assert "odd.csv, line 2: this cannot be read as YAML: " in recipe
    assert "~ (contains)" in cli("person", "list", "--where", "name like x", code=2).err
    assert "= compares" in cli("person", "list", "--where", "lead_status is open", code=2).err
    assert "a word of a name" in cli("find", "", code=2).err
    assert "find shows it" in cli("person", "show", "Kari", code=2).err


def test_me_is_told_apart_from_a_name(cli) -> None:
    me = cli("--as", "kari", "person", "list", "--where", "owner = me", code=3).err
    assert me.startswith("Error: you are kari, and no user is called so\nHint: user add makes one")


def test_a_long_list_is_not_a_hint(cli) -> None:
    for number in range(13):
        cli("user", "add", f"Seller {number}")
    cli("company", "add", "Acme")
    error = cli.error("company", "edit", 1, "--owner", "xyz", code=3)
    assert error["hint"] == "user list shows which there are"
    assert len(error["details"]["active"]) == 13
    near = cli.error("company", "edit", 1, "--owner", "seler_1", code=3)["hint"]
    assert near == "did you mean seller_1? user list shows which there are"
    where = cli.error("company", "list", "--where", "owner = xyz", code=2)
    assert where["hint"] == "user list shows which there are"


def test_one_is_not_spoken_of_as_many(cli) -> None:
    cli("company", "add", "Acme")
    cli("person", "add", "--last-name", "Berg", "--company", 1)
    assert "followed: 1 person\n" in cli("company", "set-category", 1, "lead").out
    assert "would change 1 record and" in cli("person", "delete", 1, code=6).err


def test_a_setup_shows_what_it_would_change(cli, tmp_path) -> None:
    cli("category", "delete", "partner")
    setup = tmp_path / "setup.yaml"
    setup.write_text("categories: [{key: partner, name: Partner, deleted: false}]\n")
    ran = cli("--lang", "da", "setup", "apply", setup, "--dry-run")
    assert "kategori partner: deleted true -> false" in ran.out + ran.err


def test_the_demo_speaks_the_language_of_the_reader(cli, tmp_path) -> None:
    out = cli("--lang", "no", "demo", tmp_path / "demo.db").out
    assert "# Alle endringer kan tas tilbake.\n" in out
    assert "Every change" not in out
    assert "Leadstatus" in out


def test_a_history_tells_of_erasing_in_words(cli) -> None:
    cli("person", "add", "--last-name", "Berg")
    cli("person", "erase", 1, "--yes")
    assert "Slettet for godt" in cli("--lang", "no", "person", "history", 1).out
    assert " Erased" in cli("person", "history", 1).out


@pytest.mark.parametrize(
    ("plain", "shown"),
    [
        ({"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}, "Öresund Łódź".encode()),
        ({"PYTHONIOENCODING": "latin-1"}, b"\xd6resund \\u0141\xf3d\\u017a"),
    ],
)
def test_letters_that_the_environment_lacks_are_no_bug(cli, plain, shown) -> None:
    cli("company", "add", "Öresund Łódź")
    words = [sys.executable, "-m", "leadctl", "--db", str(cli.path), "company", "list"]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    ran = subprocess.run(words, env=clean | plain, capture_output=True, check=True)
    assert shown in ran.stdout


def test_a_terminal_keeps_its_encoding() -> None:
    class Screen(TextIOWrapper):
        def isatty(self) -> bool:
            return True

    screen = Screen(BytesIO(), encoding="latin-1")
    make_fit(screen)
    assert (screen.encoding, screen.errors) == ("latin-1", "backslashreplace")
