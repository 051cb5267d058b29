"""Boards and dashboards as pages: ``--html``."""

from __future__ import annotations

import os
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from leadctl.labels import LANGUAGES
from leadctl.store.report_fields import TILES
from tests.cli.test_output import on_terminal
from tests.test_architecture import modules_of

EVIL = "<script>alert(1)</script> & \"Søn\" 'x' {0} \x1b[2J\n\u202e"
SHOWN = EVIL.replace("\x1b", "\\x1b").replace("\n", "\\x0a").replace("\u202e", "\\u202e")
VOID = ("meta", "link")
BOARD = ("board", "show")
DASHBOARD = ("dashboard", "show")


class Page(HTMLParser):
    """A page as a browser reads it; elements that are not closed in order are an error."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.text = path.read_text(encoding="utf-8")
        self.opened: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.said: dict[str, list[str]] = {}
        self.feed(self.text)
        self.close()
        assert self.opened == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.said.setdefault(tag, []).append("")
        if tag not in VOID:
            self.opened.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.opened.pop() == tag

    def handle_data(self, data):
        for tag in set(self.opened):
            self.said[tag][-1] += data

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.elements)

    def one(self, tag: str) -> dict[str, str | None]:
        (found,) = [given for name, given in self.elements if name == tag]
        return found


@pytest.fixture
def page(engine, request, tmp_path):
    """Run a command with ``--html``; gives the page."""
    cli = request.getfixturevalue("deals" if "deals" in request.fixturenames else "cli")

    def made(*words: object) -> Page:
        path = tmp_path / "page.html"
        ran = cli(*words, "--html", path)
        assert ran.out == ""
        assert ran.err.count("\n") == 1
        return Page(path)

    return made


def check_alone(page: Page) -> None:
    """It loads nothing, runs nothing, and says what it is."""
    text = page.text.replace('"http://www.w3.org/2000/svg"', "").replace(
        '"http://www.w3.org/1999/xlink"', ""
    )
    assert re.search(r"https?:|//\w|file:|url\(|@import|javascript:", text) is None
    names = {name for name, _ in page.elements}
    assert (
        names & {"script", "iframe", "img", "image", "object", "embed", "a", "use", "base"} == set()
    )
    keys = {key for _, given in page.elements for key in given}
    assert not any(key.startswith("on") for key in keys)
    assert keys & {"src", "xlink:href", "style", "id"} == set()
    assert page.one("link") == {"rel": "icon", "href": "data:,"}
    assert page.text.startswith("<!DOCTYPE html>\n")
    assert page.count("h1") == page.count("style") == page.count("title") == 1
    for name, given in page.elements:
        if name == "svg":
            assert given["role"] == "img"
            assert given["aria-label"]
        if name == "th":
            assert given["scope"] in ("col", "row")
    assert page.count("caption") == page.count("table")


def test_every_value_is_escaped(cli, page) -> None:
    cli("user", "add", EVIL)
    cli("category", "add", EVIL, "--group", "potential_customer", "--lead-status")
    cli("company", "add", EVIL, "--category", EVIL, "--owner", EVIL, "--country", EVIL)
    cli("person", "add", "--last-name", EVIL, "--company", 1)
    cli("opportunity", "add", EVIL, "--company", 1, "--start", "--value", 10, "--salesperson", EVIL)
    cli("selection", "create", EVIL, "--entity", "company", "--where", "id > 0")
    for words in (
        (*BOARD, "--entity", "person", "--then", "category"),
        (
            *BOARD,
            EVIL,
            "--by",
            "owner",
            "--where",
            f"name = '{EVIL.replace(chr(39), chr(39) * 2)}'",
        ),
        (*BOARD, "--entity", "opportunity"),
        (*DASHBOARD, "--country", EVIL),
    ):
        made = page(*words)
        check_alone(made)
        assert "<script" not in made.text
        assert "\x1b" not in made.text
        assert "\u202e" not in made.text
        assert SHOWN in made.said["body"][0]
        assert made.count("svg") > 0


@pytest.mark.parametrize("entity", ["person", "company", "opportunity"])
def test_an_empty_file(cli, page, entity: str) -> None:
    made = page(*BOARD, "--entity", entity)
    check_alone(made)
    assert (made.count("svg"), made.count("table")) == (0, 1)


@pytest.mark.parametrize("entity", ["person", "company", "opportunity"])
def test_a_file_without_any_lists(bare, page, entity: str) -> None:
    check_alone(page(*BOARD, "--entity", entity, "--by", "owner", "--db", bare.path))


def test_an_empty_dashboard(page) -> None:
    made = page(*DASHBOARD)
    check_alone(made)
    assert made.said["h1"] == ["Dashboard"]
    assert made.count("h2") == len(TILES)


def test_a_board_has_counts_sums_and_cards(cli, page) -> None:
    for number in range(3):
        cli(
            "opportunity",
            "add",
            f"Deal {number}",
            "--person",
            _person(cli),
            "--start",
            "--value",
            10,
        )
    made = page(
        *BOARD,
        "--entity",
        "opportunity",
        "--limit",
        2,
        "--where",
        "id > 0",
        "--today",
        "2026-05-01",
    )
    check_alone(made)
    assert made.said["h1"] == ["Opportunities: Stage"]
    assert made.said["h2"][:3] == ["Stage", "Initial (3)", "Qualification (0)"]
    assert made.said["li"] == ["1Deal 0", "2Deal 1"]
    assert "… 1 more" in made.said["p"]
    assert "Estimated value 30.00" in made.said["p"]
    assert made.said["caption"] == ["Opportunities: Stage"]
    assert made.said["td"][:2] == ["3", "30.00"]
    assert made.said["dd"] == ["2026-05-01", "id > 0"]
    (chart,) = [given for name, given in made.elements if name == "svg"]
    assert chart["aria-label"] == "Opportunities: Stage: Count"
    grouped = page(*BOARD, "--entity", "opportunity", "--by", "status", "--then", "stage")
    assert "Initial (3)" in grouped.said["h3"]


def _person(cli) -> int:
    return cli.json("person", "add", "--last-name", "Berg")["id"]


def test_a_dashboard_has_a_table_behind_every_chart(deals, page) -> None:
    made = page(*DASHBOARD)
    check_alone(made)
    labels = [given["aria-label"] for name, given in made.elements if name == "svg"]
    assert "Open by stage: Estimated value" in labels
    assert "Open by stage: Calculated value" in labels
    assert "Win rate: Opportunities" in labels
    assert len(set(labels)) == len(labels)
    captions = set(made.said["caption"])
    assert {label.split(":")[0] for label in labels} <= captions
    fewer = page(
        *DASHBOARD, "--fields", "win_rate,leads_from_forms", "--owner", "anna", "--active-only"
    )
    assert fewer.said["h2"] == ["Win rate", "Leads from forms"]
    assert fewer.said["dd"] == ["2024-03-10", "anna", "yes"]


def test_many_values_and_several_cycles(cli, page) -> None:
    for number in range(18):
        cli("user", "add", f"User {number:02}")
        cli("company", "add", f"Company {number}", "--owner", f"User {number:02}")
    made = page(*BOARD, "--entity", "company", "--by", "owner")
    assert "… 3 more" in made.said["p"]
    cli("cycle", "add", "Long")
    cli("stage", "add", "Long", 10, "First", "--completed", 5, "--chances", 5)
    for cycle in ("standard", "long"):
        words = ("--company", 1, "--cycle", cycle, "--start", "--value", 5)
        cli("opportunity", "add", "Deal", "--salesperson", "User 00", *words)
    made = page(*DASHBOARD, "--fields", "open_by_stage")
    assert "Long: First" in made.said["text"]
    assert made.said["th"][:2] == ["Cycle", "Stage name"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_languages(cli, page, code: str) -> None:
    cli("company", "add", "Acme", "--category", "lead")
    _person(cli)
    for words in (BOARD, DASHBOARD):
        made = page(*words, "--lang", code)
        check_alone(made)
        assert made.one("html")["lang"] == code
    board = page(*BOARD, "--entity", "company", "--lang", code)
    expected = {
        "en": "Companies: Category",
        "de": "Firmen: Kategorie",
        "sv": "Företag: Kategori",
    }
    if code in expected:
        assert board.said["h1"] == [expected[code]]


def test_the_same_data_make_the_same_page(deals, page) -> None:
    assert page(*DASHBOARD).text == page(*DASHBOARD).text


def test_what_is_printed(cli) -> None:
    for words in (BOARD, DASHBOARD):
        to = (*words, "--html", "page.html")
        assert cli(*to).err == "page.html is ready\n"
        assert cli(*to, "-q").err == ""
        assert cli(*to, "-f", "json").json == {"path": "page.html"}
        assert cli(*to, "-f", "ndjson").lines == [{"path": "page.html"}]


@pytest.mark.files
def test_files_that_cannot_be_written(cli, tmp_path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    before = cli.path.read_bytes()
    for path, problem in (
        (tmp_path / "none" / "page.html", "No such file or directory"),
        (folder, "Is a directory"),
        ("/", "Is a directory"),
        ("", "Is a directory"),
        (cli.path / "page.html", "Not a directory"),
        (tmp_path / ("x" * 300), "File name too long"),
    ):
        for words in (BOARD, DASHBOARD):
            ran = cli(*words, "--html", path, code=2)
            assert ran.out == ""
            assert len(ran.err.splitlines()) == 1
            assert problem in ran.err
    link = tmp_path / "page.html"
    link.symlink_to(cli.path)
    beside = [cli.path.with_name(cli.path.name + end) for end in ("-wal", "-shm", "-journal")]
    for words in (BOARD, DASHBOARD):
        for path in (cli.path, link, *beside):
            assert "is the database" in cli(*words, "--html", path, code=2).err
    assert cli.path.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".new")] == []
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_must_not_be_written_to(cli, tmp_path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir(0o500)
    ran = cli(*BOARD, "--html", folder / "page.html", code=2)
    assert "Permission denied" in ran.err


def test_a_file_is_replaced_with_its_permissions_and_through_links(cli, tmp_path) -> None:
    path = tmp_path / "page.html"
    path.write_text("old")
    path.chmod(0o640)
    link = tmp_path / "link.html"
    link.symlink_to(path)
    cli(*BOARD, "--html", link)
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    loop = tmp_path / "loop.html"
    loop.symlink_to(loop)
    cli(*BOARD, "--html", loop)
    assert [name.name for name in tmp_path.iterdir() if name.name.endswith(".new")] == []
    cli(*BOARD, "--html", "/dev/null")
    assert not Path("/dev/null").is_file()


@pytest.mark.parametrize("words", [BOARD, DASHBOARD])
def test_without_pygal(cli, tmp_path, monkeypatch: pytest.MonkeyPatch, words) -> None:
    monkeypatch.setitem(sys.modules, "pygal", None)
    ran = cli(*words, "--html", tmp_path / "page.html", code=2)
    assert ran.err == (
        "Error: --html needs the library pygal\nHint: pip install 'leadctl[html]' installs it\n"
    )
    error = cli(*words, "--html", tmp_path / "page.html", "-f", "json", code=2).error
    assert error["code"] == "pygal_missing"
    assert not (tmp_path / "page.html").exists()
    cli(*words)


def test_pygal_is_only_imported_for_a_page(cli) -> None:
    for words in (BOARD, DASHBOARD):
        modules = modules_of(cli.path, *words)
        assert modules & {"pygal", "leadctl.cli.charts", "leadctl.cli.page"} == set()


def test_pygal_leaves_imports_as_they_were(page) -> None:
    before = list(sys.meta_path)
    page(*BOARD)
    assert sys.meta_path == before


@pytest.mark.parametrize("option", [("--explain",), ("--fields", "id")])
def test_options_that_do_not_go_with_a_page(cli, tmp_path, option) -> None:
    ran = cli(*BOARD, "--html", tmp_path / "page.html", *option, code=2)
    assert f"--html and {option[0]} exclude each other" in ran.err
    assert not (tmp_path / "page.html").exists()


@pytest.mark.parametrize("words", [BOARD, DASHBOARD])
def test_a_page_of_a_batch_stands_there_with_its_change(cli, tmp_path, words) -> None:
    cli("company", "add", "Acme")
    path, file = tmp_path / "page.html", tmp_path / "batch.txt"
    show = f"{' '.join(words)} --html page.html"
    file.write_text(f"person add --last-name Berg\n{show}\ncompany delete 99 --yes", "utf-8")
    for options, code in (((), 3), (("--dry-run",), 3), (("-f", "json"), 3)):
        ran = cli("batch", file, *options, code=code)
        assert "is ready" not in ran.err
        assert not path.exists()
    path.write_text("old", "utf-8")
    cli("batch", file, code=3)
    assert path.read_text(encoding="utf-8") == "old"
    ran = cli("batch", file, "--dry-run", "--keep-going", code=5)
    assert "is ready" not in ran.err
    assert path.read_text(encoding="utf-8") == "old"
    ran = cli("batch", file, "--keep-going", code=5)
    assert ran.err.splitlines()[0] == "page.html is ready"
    assert Page(path).count("h1") == 1
    assert [name.name for name in tmp_path.iterdir() if name.name.endswith(".new")] == []


def test_pages_of_a_batch_that_only_reads(cli, tmp_path) -> None:
    path, file = tmp_path / "page.html", tmp_path / "batch.txt"
    file.write_text("board show --html page.html\ndashboard show --html page.html", "utf-8")
    ran = cli("batch", file)
    assert ran.out == "no change: 2 lines, 2 done, 0 failed\n"
    assert ran.err == "page.html is ready\n" * 2
    assert cli("batch", file, "-q").err == ""
    assert Page(path).said["h1"] == ["Dashboard"]
    ran = cli("batch", file, "-f", "json")
    assert ([row["exit"] for row in ran.json["results"]], ran.err) == ([0, 0], "")


def test_a_page_of_a_batch_that_cannot_be_written(cli, tmp_path) -> None:
    file = tmp_path / "batch.txt"
    file.write_text(f"company add Acme\nboard show --html {tmp_path}", "utf-8")
    ran = cli("batch", file, code=2)
    assert "line 2" in ran.err
    assert "Is a directory" in ran.err
    assert cli("company", "list", "--count").out == "0\n"
    # What a device does not take is only known once the change is made.
    file.write_text("company add Acme\nboard show --html /dev/full", "utf-8")
    ran = cli("batch", file, code=5)
    assert ran.out == "change 1: 2 lines, 2 done, 0 failed\n"
    assert ran.err == "Error: /dev/full cannot be written: No space left on device\n"
    assert cli("company", "list", "--count").out == "1\n"


def test_nobody_gets_a_page_of_a_batch_to_which_the_answer_was_no(cli, tmp_path) -> None:
    path, file, config = (tmp_path / name for name in ("page.html", "batch.txt", "c.yaml"))
    config.write_text("confirm_rows: 1")
    file.write_text("company add Acme\nboard show --html page.html", "utf-8")
    words = ("batch", str(file), "--config", str(config))
    assert on_terminal(cli, "n\n", *words)[0] == 6
    assert not path.exists()
    code, text = on_terminal(cli, "y\n", *words)
    assert (code, text.count("is ready"), path.exists()) == (0, 1, True)
