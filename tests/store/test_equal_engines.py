"""The same commands on both engines: what they print as JSON, byte by byte, and how they end.
This is about what is asked; ``test_equal_work`` about what is done."""

from __future__ import annotations

from pathlib import Path

import pytest

LARGEST = 2**63 - 1
# Names that collations, foldings and joinings of letters order in different ways.
NAMES = (
    *("anna", "Anna", "ANNA", "Ånna", "ånna", "Ärlig", "Zebra", "zebra", "_x", "-x", " lead"),
    *("straße", "STRASSE", "İstanbul", "istanbul", "ISTANBUL", "ıstanbul", "Åse", "A\u030ase"),
    *("😀 smile", "🦓", "\uffee", "\U0010fffd", "a b", "a-b", "ab", "a_b", "100%", "10%0", "O'Hara"),
    *('say "hi"', "back\\slash", "C:\\x", ":name", ":s1_0", "what?", "$1 %s %(x)s", "{today}", "œ", "oe"),
    *("naïve", "NAÏVE", "Σίσυφος", "ΣΊΣΥΦΟΣ", "ﬁsh", "FISH", "\u00a0blank", "0", "007", "1e5"),
)  # fmt: skip


@pytest.fixture
def named(both):
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


def test_texts_come_back(named) -> None:
    listed = named.json("company", "list")
    assert [row["name"] for row in listed.json] == list(NAMES)
    for format in ("ndjson", "csv", "yaml", "ids"):
        named("company", "list", "-f", format, code=0)
    named("company", "list", "--fields", "id,name,country", code=0)


@pytest.mark.parametrize("field", ["name", "country", "website", "external_id", "owner", "people"])
def test_orders(named, field: str) -> None:
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
def test_operators_on_texts(named, operator: str) -> None:
    for value in (
        "",
        *NAMES[::4],
        "ÅSE",
        "%",
        "_",
        ":",
        "?",
        "'",
        '"',
        "\\",
        "s",
        "Å",
        "ß",
        "İ",
        "😀",
        "\\%",
    ):
        quoted = "'" + value.replace("'", "''") + "'"
        for field in ("name", "website"):
            where = f"{field} {operator} {quoted}"
            ran = named.json("company", "list", "--where", where, "--fields", "id,name")
            assert ran.code == 0 or operator in ("<", "<=", ">", ">=") or not value


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
def test_other_filters(named, where: str) -> None:
    named.json("company", "list", "--where", where)
    named.json("company", "list", "--where", where, "--count")
    named.json("company", "edit", "--where", where, "--phone", "1", "--dry-run")


@pytest.mark.parametrize(
    "number",
    ["0", "-1", "007", "1.0", "1e3", "+1", "٣", LARGEST, LARGEST + 1, 10**40, "x", "ext:k"],
)
def test_numbers_of_records(both, number: object) -> None:
    both.json("company", "add", "Acme", code=0)
    for words in (("show",), ("history",), ("edit", "--phone", "1"), ("delete", "--yes")):
        both.json("company", words[0], number, *words[1:])
    both.json("person", "add", "--last-name", "A", "--company", number)
    both.json("change", "undo", number, "--yes")
    both.json("company", "list", "--limit", number)
    both.json("company", "list", "--offset", number)


def test_undo_and_redo(named) -> None:
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
