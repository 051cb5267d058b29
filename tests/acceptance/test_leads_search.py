"""Cases SO-073 to SO-101 of searching, and 19.10 on languages, as ``decisions.md`` overrules them."""

from __future__ import annotations

import pytest


@pytest.fixture
def three(fixture_f):
    """A is Open, B is Qualified, C has none."""
    cli = fixture_f
    cli("company", "add", "L", "--category", "lead", "--owner", "u1", "--country", "NO")
    cli("company", "add", "C", "--category", "customer_a", "--country", "DK")
    for name, company in (("A", "L"), ("B", "L"), ("C", "C")):
        cli("person", "add", "--last-name", name, "--company", company)
    cli("person", "set-status", "2", "qualified")
    return cli


def found(cli, expression: str, noun: str = "person") -> list[str]:
    """The names of what an expression finds."""
    rows = cli.json(noun, "list", "--where", expression, "--fields", "name")
    return [row["name"] for row in rows]


def test_so_007_a_hidden_status_is_found(three) -> None:
    """Search reads the stored value even when the company has left."""
    three("company", "set-category", "L", "customer_a", code=2)
    three("company", "set-category", "1", "customer_a")
    assert found(three, "lead_status in (qualified)") == ["B"]
    assert found(three, "lead_status = qualified and lead_status_active = false") == ["B"]


def test_so_073_is_one_of(three) -> None:
    """Open or Qualified finds A and B."""
    assert found(three, "lead_status in (open, qualified)") == ["A", "B"]


def test_so_074_is_not_one_of_includes_those_without(three) -> None:
    """Not Open finds B and C."""
    assert found(three, "lead_status not in (open)") == ["B", "C"]
    assert found(three, "lead_status != Åpen") == ["B", "C"]
    assert found(three, "not lead_status = open") == ["B", "C"]


def test_so_076_two_sets_are_a_union_without_duplicates(three) -> None:
    """(group and owner) or country returns each company once."""
    expression = "(category_group = 'Potential customer' and owner = u1) or country = dk"
    assert found(three, expression, "company") == ["L", "C"]
    assert found(three, "owner = u1 or country = no or country = NO", "company") == ["L"]


def test_so_100_people_of_a_status_by_category(three) -> None:
    """One row per category, with how many people of the status are in it."""
    three("company", "add", "P", "--category", "reseller")
    three("company", "add", "M", "--category", "lead")
    for company in ("L", "M", "P"):
        three("person", "add", "--last-name", "D", "--company", company)
    columns = ("--fields", "name,category,category_group,lead_status")
    rows = three.json("person", "list", *columns, "--where", "lead_status = open")
    assert [tuple(row.values()) for row in rows] == [
        ("A", "lead", "potential_customer", "open"),
        ("D", "lead", "potential_customer", "open"),
        ("D", "lead", "potential_customer", "open"),
    ]
    three("company", "set-category", "4", "gone")
    grouped = three.json(
        "person", "list", "--where", "lead_status = open", "--group-by", "category"
    )
    assert [tuple(row.values()) for row in grouped] == [("lead", 2), ("gone", 1)]


def test_so_101_former_employees(three) -> None:
    """Retired people are absent from lists unless they are asked for."""
    three("person", "retire", "1")
    assert [row["name"] for row in three.json("person", "list", "--fields", "name")] == ["B", "C"]
    rows = three.json("person", "list", "--fields", "name", "--retired")
    assert [row["name"] for row in rows] == ["A", "B", "C"]
    assert found(three, "retired = true") == ["A"]
    grouped = three.json("person", "list", "--group-by", "lead_status", "--retired")
    assert sum(row["count"] for row in grouped) == 3


def test_so_077_an_empty_condition_is_a_usage_error(three) -> None:
    """There are no inactive lines (decisions)."""
    for expression in ("", "lead_status =", "lead_status = ''", "and lead_status = open"):
        error = three.error("person", "list", "--where", expression, code=2)
        assert error["code"] == "usage"
        assert error["details"]["position"] >= 1


@pytest.mark.parametrize("text", ["Åpen", "Åben", "Öppen", "Offen", "open", "OPEN"])
def test_so_127_input_in_any_language(three, text: str) -> None:
    """Every language's word for Open is item 1."""
    assert three.json("lead-status", "show", text)["id"] == 1
    assert found(three, f"lead_status = {text}") == ["A"]
    assert three.json("person", "set-status", "2", text)["changed"] == 1


@pytest.mark.parametrize("language", ["en", "da", "de", "nl", "no", "sv"])
def test_so_128_a_renamed_item_has_its_name_in_every_language(three, language: str) -> None:
    """An item that an administrator renamed is not translated."""
    three("lead-status", "edit", "open", "--name", "Brand new")
    out = three("person", "list", "--lang", language).out
    assert "Brand new" in out
    shown = three("person", "list", "--lang", language, "-f", "json").json
    assert shown[0]["lead_status"] == "open"


def test_bulk_by_filter(three) -> None:
    """A filter stands wherever records are chosen."""
    report = three.json("person", "set-status", "--where", "lead_status = open", "contacting")
    assert (report["matched"], report["changed"]) == (1, 1)
    three("person", "retire", "--where", "name = a", "--where", "company = l")
    assert found(three, "name = a") == []
    assert found(three, "name = a and retired = true") == ["A"]
    three("person", "retire", "1", "--where", "name = a", code=2)
    three("person", "list", "--where", "owner = me", code=3)
    three("person", "delete", "--where", "name = zzz")
    assert three("person", "list", "--where", "lead_status = open", "--explain").out.startswith(
        "SELECT"
    )
    once, by_number = {"sqlite": ("SCAN", "rowid=?"), "postgresql": ("Scan", ":ids = '[1]'")}[
        three.engine_name
    ]
    assert three("person", "set-status", "--all", "open", "--explain").out.count(once) == 1
    assert by_number in three("person", "retire", "1", "--explain").out
    assert three.json("person", "show", 1)["lead_status"] == "contacting"


@pytest.mark.parametrize(
    ("expression", "near"),
    [
        ("stats = open", "status_age"),
        ("lead_status = opne", "open"),
        ("category_group = costumer", "customer"),
        ("lead_status_reason = flag_of", "flag_off"),
        ("owner = u33", "u3"),
    ],
)
def test_the_nearest_word_is_named(three, expression: str, near: str) -> None:
    """A wrong word is never guessed, but the nearest one is named."""
    error = three.error("person", "list", "--where", expression, code=2)
    assert error["details"]["near"] == near
    text = three("person", "list", "--where", expression, code=2).err.splitlines()
    assert text[-2].strip() == expression
    assert text[-1].index("^") - 2 == error["details"]["position"] - 1


def test_values_never_become_sql(three) -> None:
    """What is typed reaches SQL as a parameter."""
    for value in ("x'; DROP TABLE person; --", "%", "_", "\\", 'a"b', ":w0", "?"):
        quoted = value.replace("'", "''")
        assert found(three, f"name = '{quoted}'") == []
        assert found(three, f"name ~ '{quoted}'") == []
    assert len(found(three, "name is not null")) == 3
    three("person", "list", "--where", "name = 'a\x00b'", code=2)
    assert found(three, " or ".join(["name = a"] * 10_000)) == ["A"]
    three("person", "list", "--where", "x" * 1_000_000, code=2)
