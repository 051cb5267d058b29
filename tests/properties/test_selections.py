"""Selections against Python: combined ones as sets, views of dynamic ones as their members."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadctl import Choice, Crm, ImportFile, init, open_crm
from tests.properties.test_filters import EXPRESSIONS, NAMES, TITLES, TODAY

SIZE = 40
RETIRED = (3, 7, 12, 21, 35)
OPERATORS = {
    "union": set.union,
    "intersection": set.intersection,
    "difference": set.symmetric_difference,
    "only-first": set.difference,
    "only-second": lambda a, b: b - a,
}
# Fields whose condition could be neither true nor false, and days counted from today.
OTHERS = st.sampled_from(
    [
        "retired = true",
        "retired = false",
        "extra.Size = '1'",
        "extra.:s1_0 = x",
        "extra.:s1_0 == X",
        "extra.:today ~ ':TODAY'",
        "extra.none is null",
        "first_name = ':s1_0'",
        'first_name ~ "\'"',
        "first_name = ''''",
        "last_name = '{today}'",
        "category_group = potential_customer",
        "lead_status_reason is not null",
        "lead_status_reason != no_category",
        "status_age > 100",
        "owner != boss",
        "owner in (boss)",
        "company_id in (1, 2)",
        "id between 5 and 20",
    ]
)
RELATIVE = st.one_of(
    st.builds(
        "{} {} than {}{}".format,
        st.sampled_from(["created", "status_since", "updated"]),
        st.sampled_from(["older", "newer"]),
        st.integers(0, 60),
        st.sampled_from("dwmy"),
    ),
    st.builds(
        "created in {} {} {}".format,
        st.sampled_from(["previous", "next"]),
        st.integers(1, 9),
        st.sampled_from(["day", "week", "month", "quarter", "year"]),
    ),
    st.builds(
        "created in this {}".format, st.sampled_from(["day", "week", "month", "quarter", "year"])
    ),
    st.builds(
        "created {} today{}{}{}".format,
        st.sampled_from(["=", "!=", "<", "<=", ">", ">="]),
        st.sampled_from("+-"),
        st.integers(0, 30),
        st.sampled_from("dwmy"),
    ),
)


class Source(NamedTuple):
    """A source of a combined selection: what ``create`` takes, and who is in it."""

    content: dict[str, Any]
    members: set[int]


@pytest.fixture(scope="module")
def crm() -> Iterator[Crm]:
    """Forty people, some of them retired, with a selection to be edited."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leads.db"
        init(path)
        with open_crm(path, today=TODAY, user="boss", synchronous="normal") as opened:
            opened.users.add("Boss")
            opened.companies.add("Åcme", category="lead", owner="boss")
            opened.companies.add("Other", category="customer")
            for number in range(SIZE):
                day = TODAY - timedelta(days=number * 11)
                with open_crm(path, today=day, user="x") as then:
                    then.people.add(
                        first_name=NAMES[number % len(NAMES)],
                        last_name=["me", ":s1_0", "{today}"][number % 3],
                        title=TITLES[number % len(TITLES)],
                        company=[None, 1, 2][number % 3],
                    )
            with_extra(opened, Path(folder))
            opened.people.set_status([2, 5, 8], "contacting")
            opened.people.set_status([11, 14], "qualified")
            opened.people.retire(list(RETIRED))
            opened.selections.create("Found", where=["id > 0"])
            yield opened


def with_extra(crm: Crm, folder: Path) -> None:
    """Some more people, with columns whose names look like parameters."""
    cells = [f"Extra,{number % 2},{'xX'[number % 2]},:today" for number in range(8)]
    file, recipe = folder / "extra.csv", folder / "recipe.yaml"
    file.write_text("\n".join(["last_name,Size,:s1_0,:today", *cells]), encoding="utf-8")
    recipe.write_text("extra: true", encoding="utf-8")
    crm.people.import_file(ImportFile(str(file), recipe=str(recipe)))


def everybody(crm: Crm) -> list[dict[str, Any]]:
    return list(crm.people.list(Choice(all=True, hidden=True)))


def members(crm: Crm, name: str) -> set[int]:
    noun, choice = crm.selections.members_of(name)
    ids = [row["id"] for row in noun.list(choice, fields=["id"])]
    assert len(ids) == len(set(ids)) == crm.selections.info(name)["members"]
    return set(ids)


def sources(rows: list[dict[str, Any]]) -> st.SearchStrategy[Source]:
    def dynamic(expression: tuple[str, Any]) -> Source:
        text, test = expression
        found = {row["id"] for row in rows if not row["retired"] and test(row)}
        return Source({"where": [text]}, found)

    def dynamic_with_retired(expression: tuple[str, Any]) -> Source:
        text, test = expression
        filters = [text, "retired = true or retired = false"]
        return Source({"where": filters}, {row["id"] for row in rows if test(row)})

    def static(ids: set[int]) -> Source:
        return Source({"ids": sorted(ids)}, ids)

    return st.one_of(
        EXPRESSIONS.map(dynamic),
        EXPRESSIONS.map(dynamic_with_retired),
        st.sets(st.integers(1, SIZE)).map(static),
    )


@settings(max_examples=60)
@given(data=st.data())
def test_combined_selections_are_set_algebra(crm: Crm, data) -> None:
    with crm.engine.transaction() as transaction:
        drawn = sources(everybody(crm))
        first, second = data.draw(drawn), data.draw(drawn)
        for name, source in (("A", first), ("B", second)):
            crm.selections.create(name, **source.content)
            assert members(crm, name) == source.members
        crm.selections.create("Both", combine=["A", "B"], op="union")
        for operator, algebra in OPERATORS.items():
            crm.selections.edit("Both", op=operator)
            expected = algebra(first.members, second.members)
            assert members(crm, "Both") == expected, operator
        operator = data.draw(st.sampled_from(sorted(OPERATORS)))
        crm.selections.edit("Both", op=operator)
        expected = OPERATORS[operator](first.members, second.members)
        kept = crm.people.count(Choice(selection="Both", where=("id > 20",)))
        assert kept == len([id for id in expected if id > 20])
        crm.selections.freeze("Both")
        assert members(crm, "Both") == expected
        transaction.roll_back()


def in_view(path: Path, today: date) -> list[int]:
    """The ids in the view, as any program reads it, on the day that the file believes in."""
    with sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True) as plain:
        (sql,) = plain.execute("SELECT sql FROM sqlite_schema WHERE name = 'selection_found'")
        select = sql[0].partition(" AS ")[2].replace("date('now')", f"'{today}'")
        frozen = [row[0] for row in plain.execute(f"SELECT id FROM ({select}) ORDER BY id")]
        if "date('now')" not in sql[0].partition(" WHERE (")[2]:
            assert frozen == [
                row[0] for row in plain.execute("SELECT id FROM selection_found ORDER BY id")
            ]
    plain.close()
    return frozen


@settings(max_examples=200)
@given(
    filters=st.lists(
        st.one_of(
            EXPRESSIONS.map(lambda item: item[0]),
            OTHERS,
            RELATIVE,
            st.tuples(RELATIVE, OTHERS).map(" or ".join),
            OTHERS.map("not {}".format),
        ),
        min_size=1,
        max_size=3,
    )
)
def test_the_view_has_the_members(crm: Crm, filters: list[str]) -> None:
    path = Path(crm.engine.value("SELECT file FROM pragma_database_list WHERE name = 'main'"))
    crm.selections.edit("Found", where=filters)
    found = sorted(members(crm, "Found"))
    assert in_view(path, TODAY) == found
    # It was made on another day than the one on which it is read.
    later = TODAY + timedelta(days=17)
    with open_crm(path, today=later, user="boss") as then:
        assert in_view(path, later) == sorted(members(then, "Found"))
