"""The same work on both engines leaves the same, byte by byte; see ``test_equal_engines``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

MOST = "9999999999999.99"


@pytest.mark.parametrize(
    "value",
    [
        *("0", "-1", "0.10", "0.07", "1.005", "1e3", "NaN", "33.33", "4503599627370.49", MOST),
        *("10000000000000", "1" * 40, " 5 "),
    ],
)
def test_amounts(both, value: str) -> None:
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


def test_sums_beyond_64_bits_of_cents(both) -> None:
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
def test_days(both, day: str) -> None:
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


def test_keys_of_extra(both) -> None:
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


def test_numbers_are_never_given_twice(both) -> None:
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


def test_imported_opportunities_after_the_newest_was_deleted(both) -> None:
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


def test_what_cannot_be_stored(both) -> None:
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


def test_a_day_at_work(both) -> None:
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


def test_exports_are_the_same(both) -> None:
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
