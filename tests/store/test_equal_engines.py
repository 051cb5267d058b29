"""The same commands on both engines: what they print as JSON, byte by byte, and how they end."""

from __future__ import annotations

import re
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

import pytest

from leadctl import init
from leadctl.core.clock import Clock
from tests.conftest import ENGINES, Cli, Ran

LARGEST = 2**63 - 1
MOST = "9999999999999.99"
TODAY = "2026-03-02"
# Names that collations, foldings and joinings of letters order in different ways.
NAMES = (
    *("anna", "Anna", "ANNA", "Ånna", "ånna", "Ärlig", "Zebra", "zebra", "_x", "-x", " lead"),
    *("straße", "STRASSE", "İstanbul", "istanbul", "ISTANBUL", "ıstanbul", "Åse", "A\u030ase"),
    *("😀 smile", "🦓", "\uffee", "\U0010fffd", "a b", "a-b", "ab", "a_b", "100%", "10%0", "O'Hara"),
    *('say "hi"', "back\\slash", "C:\\x", ":name", ":s1_0", "what?", "$1 %s %(x)s", "{today}", "œ", "oe"),
    *("naïve", "NAÏVE", "Σίσυφος", "ΣΊΣΥΦΟΣ", "ﬁsh", "FISH", "\u00a0blank", "0", "007", "1e5"),
)  # fmt: skip


class Pair(NamedTuple):
    """The command line on both engines."""

    clis: tuple[Cli, Cli]

    def __call__(self, *words: object, code: int | None = None) -> Ran:
        """Run a command on both, which must print the same and end the same."""
        first, second = (_masked(cli, cli(*words, code=None)) for cli in self.clis)
        same(words, first, second)
        if code is not None:
            assert first.code == code, (words, first)
        return first

    def json(self, *words: object, code: int | None = None) -> Ran:
        """The same with -f json."""
        return self(*words, "-f", "json", code=code)


def same(words: object, first: Ran, second: Ran) -> None:
    """Both have ended the same; the first line that differs is told."""
    assert (words, first.code, first.err) == (words, second.code, second.err)
    if first.out != second.out:
        pairs = zip_longest(first.out.splitlines(), second.out.splitlines())
        pytest.fail(f"{words}: {next(pair for pair in pairs if pair[0] != pair[1])}")


def _masked(cli: Cli, ran: Ran) -> Ran:
    return Ran(ran.code, ran.out, ran.err.replace(str(cli.path), "DATABASE"))


@pytest.fixture
def both(request, tmp_path: Path, monkeypatch, capsys) -> Pair:
    """An empty database of each, on which the clock stands still."""
    monkeypatch.setattr(Clock, "now", lambda self: f"{TODAY}T10:00:00Z")
    monkeypatch.setenv("LEADCTL_TODAY", TODAY)
    monkeypatch.setenv("LEADCTL_USER", "tester")
    server = request.getfixturevalue("fresh_address")
    places = dict(zip(ENGINES, (tmp_path / "leads.db", server), strict=True))
    for place in places.values():
        init(place)
    return Pair(tuple(Cli(place, capsys) for place in places.values()))


@pytest.fixture
def named(both: Pair) -> Pair:
    """A company of every name, some with other texts, none of two have all."""
    lines = ["name\tcountry\twebsite\texternal_id"]
    for place, name in enumerate(NAMES):
        country = ("", "NO", "no", "Åland")[place % 4]
        website = NAMES[-place] if place % 3 else ""
        cells = (name, country, website, f"k{place % 7}{name}" if place % 5 else "")
        lines.append("\t".join('"' + cell.replace('"', '""') + '"' for cell in cells))
    Path("names.tsv").write_text("\n".join(lines), encoding="utf-8")
    both.json("company", "import", "names.tsv", code=0)
    return both


def test_texts_come_back(named: Pair) -> None:
    listed = named.json("company", "list")
    assert [row["name"] for row in listed.json] == list(NAMES)
    for format in ("ndjson", "csv", "yaml", "ids"):
        named("company", "list", "-f", format, code=0)
    named("company", "list", "--fields", "id,name,country", code=0)


@pytest.mark.parametrize("field", ["name", "country", "website", "external_id", "owner", "people"])
def test_orders(named: Pair, field: str) -> None:
    for sort in (field, f"-{field}", f"{field},-id", f"-{field},-updated"):
        rows = named.json("company", "list", "--sort", sort, code=0).json
        assert len(rows) == len(NAMES)
    named.json("company", "list", "--sort", field, "--limit", 7, "--offset", 5, code=0)
    if field != "people":
        named.json("company", "list", "--group-by", field, code=0)


@pytest.mark.parametrize(
    "operator",
    [
        *("=", "==", "!=", "<", "<=", ">", ">=", "~", "!~"),
        *("starts with", "not starts with", "ends with", "not ends with"),
    ],
)
def test_operators_on_texts(named: Pair, operator: str) -> None:
    for value in ("", *NAMES, "%", "_", ":", "?", "'", '"', "\\", "s", "Å", "ß", "İ", "😀", "\\%"):
        quoted = "'" + value.replace("'", "''") + "'"
        for field in ("name", "website"):
            where = f"{field} {operator} {quoted}"
            ran = named.json("company", "list", "--where", where, "--fields", "id,name")
            assert ran.code == (2 if operator in ("<", "<=", ">", ">=") else 0)


@pytest.mark.parametrize(
    "where",
    [
        "website is null",
        "website is not null",
        "website in ('', anna, 'O''Hara')",
        "website not in (anna, '100%')",
        "name between a and b",
        "name not between a and 'å'",
        "website not between a and b",
        "not (website = anna)",
        "not (website ~ a or country = no)",
        "id in (1, 2, 99)",
        "id not in (1, 2)",
        f"id = {LARGEST}",
        f"id < {LARGEST}",
        f"id > -{LARGEST}",
        f"id = {LARGEST + 1}",
        f"id >= -{LARGEST + 2}",
        f"id between 3 and {10**30}",
        f"people = {10**25}",
        "people = 0",
        "is_customer = false",
        "created = 2026-03-02",
        "created older than 1d",
        "created newer than 9999y",
        "created in previous 99999999999 day",
        "created < 0001-01-01",
        "created > 9999-12-31",
        "created = 2026-02-30",
        "category is null",
        "category = lead",
        "extra.x is null",
        "extra.x = ''",
        "name = 'a\\'",
        "name = ",
        "nothing = 1",
    ],
)
def test_other_filters(named: Pair, where: str) -> None:
    named.json("company", "list", "--where", where)
    named.json("company", "list", "--where", where, "--count")
    named.json("company", "edit", "--where", where, "--phone", "1", "--dry-run")


@pytest.mark.parametrize(
    "number",
    ["0", "-1", "007", "1.0", "1e3", "+1", "٣", LARGEST, LARGEST + 1, 10**40, "x", "ext:k"],
)
def test_numbers_of_records(both: Pair, number: object) -> None:
    both.json("company", "add", "Acme", code=0)
    for words in (("show",), ("history",), ("edit", "--phone", "1"), ("delete", "--yes")):
        both.json("company", words[0], number, *words[1:])
    both.json("person", "add", "--last-name", "A", "--company", number)
    both.json("change", "undo", number, "--yes")
    both.json("company", "list", "--limit", number)
    both.json("company", "list", "--offset", number)


@pytest.mark.parametrize(
    "value",
    [
        *("0", "-0", "1", "-1", "0.1", "0.10", "0.01", "1.005", "0.07", "1e3", "1E-2", "NaN"),
        *("Infinity", "12.5", "33.33", "4503599627370.49", MOST, f"-{MOST}", "10000000000000"),
        *("9999999999999.995", "1" * 40, "1,5", "", " 5 ", "٣"),
    ],
)
def test_amounts(both: Pair, value: str) -> None:
    both.json("company", "add", "Acme")
    for method in ("multiply", "add", "completed"):
        both.json("cycle", "edit", "standard", "--method", method)
        words = ("--company", 1, "--start", "--value", value, "--chances", "33.33")
        both.json("opportunity", "add", method, *words)
    both.json("opportunity", "list")
    both("opportunity", "list", "-f", "csv")
    for operator in ("=", "<", ">=", "!="):
        for field in ("value", "calculated_value"):
            both.json("opportunity", "list", "--where", f"{field} {operator} '{value}'")
    both.json("opportunity", "list", "--sort", "-calculated_value,id")
    both.json("opportunity", "list", "--group-by", "value")
    for name in ("pipeline", "forecast", "ageing"):
        both.json("report", name, code=0)
    both.json("cycle", "show", "standard", code=0)
    both.json("stage", "list", "standard", code=0)
    both.json("board", "show", "--entity", "opportunity", code=0)
    both.json("opportunity", "close", "--all", "--won", "--code", "won", "--amount", value)
    both.json("report", "win-loss", code=0)
    both.json("opportunity", "show", 1)


def test_sums_beyond_64_bits_of_cents(both: Pair) -> None:
    both.json("company", "add", "Acme")
    for number in range(12):
        words = ("--company", 1, "--start", "--value", MOST, "--chances", "100")
        both.json("opportunity", "add", f"D{number}", *words, code=0)
    both.json("cycle", "edit", "standard", "--method", "chances")
    for words in (("pipeline",), ("forecast",), ("ageing",)):
        both.json("report", *words, code=0)
    both.json("dashboard", "show", code=0)
    both.json("cycle", "list", code=0)


@pytest.mark.parametrize(
    "day",
    ["2024-02-29", "2026-02-29", "0001-01-01", "9999-12-31", "10000-01-01", "2026-3-1", "today+1m"],
)
def test_days(both: Pair, day: str) -> None:
    both.json("company", "add", "Acme")
    both.json("opportunity", "add", "A", "--company", 1, "--created", day)
    both.json("opportunity", "add", "B", "--company", 1, "--start", "--value", 1, "--on", day)
    both.json("opportunity", "add", "C", "--company", 1, "--start", "--close-date", day)
    both.json("opportunity", "list", "--where", f"created_on >= {day}", "--sort", "-close_date,id")
    both.json("opportunity", "list", "--fields", "id,stage_age,created_on")
    both.json("report", "ageing", "--from", day)
    both.json("report", "stage-history", "--to", day)
    both.json("opportunity", "next", 2, "--on", day, "--value", 5)
    both.json("opportunity", "show", 2)


def test_keys_of_extra(both: Pair) -> None:
    keys = (
        "plain",
        "Sector",
        "with.dot",
        "o'x",
        'q"q',
        "back\\slash",
        "ÅÄ",
        "a b",
        "%",
        ":x",
        "$.a",
    )
    header = ",".join('"' + name.replace('"', '""') + '"' for name in ("name", *keys))
    Path("extra.csv").write_text(
        "\n".join(
            [header, "A" + ",Värde" * len(keys), "B" + "," * len(keys), "C,1" + ",x'\\" * 10]
        ),
        encoding="utf-8",
    )
    Path("recipe.yaml").write_text("extra: true")
    both.json("company", "import", "extra.csv", "--map", "recipe.yaml", code=0)
    assert len(both.json("company", "show", 1, code=0).json["extra"]) == len(keys)
    for key in keys:
        for words in (("--sort", f"-extra.{key},id"), ("--group-by", f"extra.{key}")):
            both.json("company", "list", *words)
        both.json("company", "list", "--fields", f"id,extra.{key}")
        for test in ("= VÄRDE", "!= x", "~ ''''", "is null", "ends with \\"):
            both.json("company", "list", "--where", f"extra.{key} {test}")
    for format in ("csv", "ndjson", "json", "yaml"):
        both("company", "list", "-f", format, code=0)
    both.json("company", "history", 1, code=0)


def test_numbers_are_never_given_twice(both: Pair) -> None:
    def add(name: str) -> int:
        return both.json("company", "add", name, code=0).json["id"]

    assert add("A") == 1
    both.json("company", "add", "B", "--dry-run", code=0)
    both.json("company", "add", "", code=None)
    assert add("B") == 2
    both.json("company", "delete", 2, "--yes", code=0)
    assert add("C") == 3
    both.json("change", "undo", "last", "--yes", code=0)
    both.json("change", "undo", "last", "--yes", code=0)
    assert add("D") == 4
    for noun, words in (
        ("person", ("--last-name", "A")),
        ("opportunity", ("Deal", "--company", 1, "--start", "--value", 1)),
    ):
        both.json(noun, "add", *words, code=0)
        if noun == "opportunity":
            both.json(noun, "close", 1, "--lost", "--code", "lost_price", code=0)
        both.json(noun, "delete", 1, "--yes", code=0)
        both.json(noun, "add", *words, "--dry-run", code=0)
        assert both.json(noun, "add", *words, code=0).json["id"] == 2
    assert [row["id"] for row in both.json("change", "list").json] == [*range(14, 0, -1)]
    both.json("db", "prune", "--older-than", "0d", "--yes")
    both.json("change", "list", code=0)
    assert add("E") == 5


def test_imported_opportunities_after_the_newest_was_deleted(both: Pair) -> None:
    """Their ledgers are theirs: the numbers of those that are gone are not given again."""
    both.json("company", "add", "Acme", code=0)
    for number in range(3):
        words = ("--company", 1, "--start", "--value", number + 1)
        both.json("opportunity", "add", f"Old {number}", *words, code=0)
    both.json("opportunity", "close", 2, 3, "--lost", "--code", "lost_price", code=0)
    both.json("opportunity", "delete", 2, 3, "--yes", code=0)
    Path("deals.csv").write_text(
        "description,company,status,stage,estimated_value,close_date,closed_on,close_code\n"
        "Plain,Acme,not_started,,,,,\n"
        "Open,Acme,in_progress,30,70,2027-01-01,,\n"
        "Won,Acme,won,,900,2026-03-02,2026-03-02,won\n"
        "Other,Acme,in_progress,20,7.5,2027-01-02,,\n"
    )
    both.json("opportunity", "import", "deals.csv", code=0)
    listed = both.json("opportunity", "list", code=0).json
    assert [(row["id"], row["stage"], row["estimated_value"]) for row in listed] == [
        (1, 10, 1),
        (4, None, 0),
        (5, 30, 70),
        (6, None, 900),
        (7, 20, 7.5),
    ]
    for number in (1, 4, 5, 6, 7):
        both.json("opportunity", "show", number, code=0)
    both.json("db", "check", code=0)


def test_undo_and_redo(named: Pair) -> None:
    named.json("company", "edit", "--where", "name ~ a", "--country", "ÅL", "--phone", "1")
    named.json("company", "set-category", "--where", "id < 9", "lead")
    named.json("company", "delete", "--where", "id in (2, 5, 9, 30)", "--yes", code=0)
    named.json("change", "undo", 3, "--yes")
    named.json("change", "undo", 3, "--yes", "--keep-going")
    for _ in range(3):
        named.json("change", "undo", "last", "--yes")
    named("change", "undo", 4, "--yes", "--dry-run", "-f", "ndjson")
    for change in range(1, 9):
        named.json("change", "show", change)
    named.json("company", "list", code=0)
    named.json("company", "history", 5, code=0)


def test_what_cannot_be_stored(both: Pair) -> None:
    Path("nul.csv").write_bytes(b"name,country\nA\0B,NO\nC,N\0\n")
    Path("nul.json").write_text('[{"name": "A\\u0000B"}, {"name": "\\ud800"}, {"name": "ok"}]')
    for words in (
        ("company", "add", "A\0B"),
        ("company", "add", "A", "--country", "\0"),
        ("company", "import", "nul.csv", "--keep-going"),
        ("company", "import", "nul.json", "--keep-going"),
        ("company", "list", "--where", "name = 'a\0'"),
        ("company", "list", "--where", "name = '\udcff'"),
        ("company", "add", "\udcff"),
        ("company", "show", "ext:\0"),
        ("find", "a\0"),
        ("category", "add", "\0"),
        ("capture", "submit", "x", "--data", "email=\0"),
        ("selection", "create", "S\0", "--where", "id = 1"),
    ):
        both.json(*words)
    both.json("company", "list", code=0)


def test_a_day_at_work(both: Pair) -> None:
    """Everything that writes, and what is then seen of it everywhere."""
    for words in (
        "user add Anna --group north",
        "user add Bo --group north",
        "company add Acme --category lead --owner anna --external-id X1",
        "company add Öst --country NO --category customer",
        "company add Beta",
        "person add --first-name Kari --last-name Åsen --company 1 --email K@x.example",
        "person add --last-name Zoë --company Öst --title Boss",
        "person add --last-name ærlig --category mql --owner bo",
        "person add --last-name Alone",
        "person set-status 1 qualified",
        "person set-status --all contacting --keep-going",
        "person move 3 --company Beta",
        "person distribute --all --group north --overwrite --keep-going",
        "person retire 4",
        "person merge 2 --into 1 --yes",
        "form add Web --mode auto --category lead",
        "capture submit web --data email=n@x.example --data name=New --data utm_source=Ads",
        "capture submit web --data email=k@x.example --data utm_campaign=Spring",
        "selection create Found --where name~a",
        "selection create Fixed --where name~a --static",
        "selection create Both --combine found --combine fixed --op union",
        "selection add fixed 1 3",
        "automation set opportunity_won --category customer",
        "automation set opportunity_created --category opportunity --confirm",
        "opportunity add Deal --company 1 --salesperson anna --priority high",
        "opportunity add Other --person 3 --start --value 12.34",
        "opportunity start 1 --value 1000.10 --close-date 2026-09-01",
        "opportunity next 1 2 --keep-going",
        "opportunity skip 1 --to 30",
        "opportunity jump 2 --to 40 --keep-going",
        "quote create 1 --line Work;3;33.33 --line Travel;1;0.07",
        "opportunity next 1",
        "quote make-order 1 --code won",
        "opportunity close 2 --lost --code lost_price",
        "opportunity reopen 2",
        "automation accept 1",
        "category edit lead --name Hot",
        "category move partner --before lead",
        "lead-status edit qualified --description x --default",
        "stage edit standard 20 --chances 35.5",
        "company edit --where name~a --replace name a b",
        "company next-category --all --keep-going",
        "company delete 3 --people keep --yes",
        "change undo last --yes",
        "setting set currency NOK",
        "person erase 1 --yes",
    ):
        both.json(*words.split())
    for words in (
        *(
            "company list",
            "person list --retired",
            "opportunity list",
            "user list",
            "category list",
        ),
        *("lead-status list", "cycle list", "close-code list", "quote list", "order list"),
        *("selection list", "selection show found", "selection show both", "capture list"),
        *("automation list", "automation pending", "change list", "setting list", "form list"),
        *("board show", "board show --entity company --by owner --then category"),
        *("board show --entity opportunity", "dashboard show", "report funnel", "report sources"),
        *("report sources --by owner", "report pipeline", "report forecast", "report win-loss"),
        *("report win-loss --by salesperson", "report ageing", "report conversion"),
        *(
            "report conversion --cycle standard",
            "report stage-history",
            "report funnel --cycle standard",
        ),
        *(
            "find åsen",
            "find k@x",
            "find ÆRLIG",
            "find acm",
            "person history 1",
            "company history 1",
        ),
        *("opportunity history 1", "opportunity allowed 1", "opportunity allowed 2"),
        *("person show 3", "company show 1 --with people,opportunities", "opportunity show 1"),
        *("opportunity show 2", "closed list", "setup export", "capture show 1", "db check"),
        *("person list --sort -status_age,name", "opportunity list --sort -stage_age,-value,id"),
    ):
        both.json(*words.split(), code=0)
    for row in both.json("change", "list").json:
        both.json("change", "show", row["id"])
    assert both.json("change", "list").json[0]["id"] > 40


def test_exports_are_the_same(both: Pair) -> None:
    test_a_day_at_work(both)
    folders = []
    for cli in both.clis:
        folders.append(Path(cli.json("db", "export", f"dump-{len(folders)}")[0]["file"]).parent)
        folders[-1] = Path(f"dump-{len(folders) - 1}")
    first, second = ({file.name: file for file in folder.iterdir()} for folder in folders)
    assert first.keys() == second.keys()
    assert {"company.ndjson", "history.ndjson", "entry.ndjson"} <= first.keys()
    for name, file in first.items():
        content, other = (path.read_text("utf-8") for path in (file, second[name]))
        assert content == other, name
        assert not re.search(r"\d{4}-\d\d-\d\dT(?!10:00:00Z)", content), name
