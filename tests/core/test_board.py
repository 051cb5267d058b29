"""Boards of the library: as few statements for many records as for few, answered from indexes."""

from __future__ import annotations

import pytest

from leadctl import Choice, ImportFile
from leadctl.errors import NotFound, UsageError
from leadctl.model import WriteOptions

BOARDS = [
    {},
    {"by": "category"},
    {"by": "owner", "then": "lead_status"},
    {"entity": "company"},
    {"entity": "company", "by": "owner", "then": "category"},
    {"entity": "opportunity"},
    {"entity": "opportunity", "by": "status"},
    {"entity": "opportunity", "by": "owner", "then": "stage"},
]


@pytest.mark.parametrize("words", BOARDS)
def test_the_number_of_statements_does_not_grow(crm, tmp_path, words) -> None:
    def statements() -> int:
        before = crm.engine.statements
        crm.board.show(**words)
        return crm.engine.statements - before

    crm.companies.add("Acme", category="lead")
    crm.people.add(last_name="A", company=1)
    crm.opportunities.add("A", company=1, start=True)
    few = statements()
    file = tmp_path / "people.csv"
    file.write_text("\n".join(["last_name,company", *(f"P{n},Acme" for n in range(200))]))
    crm.people.import_file(ImportFile(str(file)))
    for name in ("Ann", "Bo", "Cy"):
        crm.users.add(name)
    crm.people.set_status(list(range(2, 50)), "qualified")
    crm.companies.add("Beta", owner="ann")
    crm.opportunities.add("B", company=2, start=True, salesperson="bo")
    assert statements() == few


def plans(crm, monkeypatch, *choice: Choice, **words: str) -> list[str]:
    """The plans of what a board asks of the table of its records: counts, then cards."""
    asked = []
    stream = crm.engine.stream

    def noting(sql: str, **parameters):
        if "count(*)" in sql or ":limit" in sql:
            rows = stream(f"EXPLAIN QUERY PLAN {sql}", **parameters)
            asked.append("\n".join(row[3] for row in rows))
        return stream(sql, **parameters)

    with monkeypatch.context() as patched:
        patched.setattr(crm.engine, "stream", noting)
        crm.board.show(*choice, **words)
    assert len(asked) == 2
    return asked


def test_people_by_lead_status_are_read_from_an_index(crm, monkeypatch) -> None:
    counts, cards = plans(crm, monkeypatch)
    assert counts == "SCAN t USING INDEX person_board"
    assert "SEARCH t USING INDEX person_board (lead_status_id=?)" in cards
    # The few cards that are found are sorted, not those among which they are.
    assert cards.count("TEMP B-TREE") == 1
    counts, cards = plans(crm, monkeypatch, Choice(all=True, hidden=True))
    assert counts == "SCAN t USING COVERING INDEX person_lead_status"
    assert "person_lead_status (lead_status_id=?)" in cards


def test_filtered_people_are_read_in_the_order_of_the_index(crm, monkeypatch) -> None:
    counts, cards = plans(crm, monkeypatch, Choice(where=("country = NO",)))
    assert counts == "SCAN t USING INDEX person_board"
    assert "SEARCH t USING INDEX person_board (lead_status_id=?)" in cards


@pytest.mark.parametrize(
    ("words", "index"),
    [
        ({"entity": "company"}, "company_category"),
        ({"entity": "company", "by": "owner"}, "company_owner"),
        ({"entity": "opportunity", "by": "status"}, "opportunity_status"),
    ],
)
def test_other_boards_find_their_columns_by_an_index(crm, monkeypatch, words, index: str) -> None:
    counts, cards = plans(crm, monkeypatch, **words)
    assert index in counts
    assert f"SEARCH t USING INDEX {index}" in cards


def test_everybody_is_read_once_where_there_is_no_index(crm, monkeypatch) -> None:
    for words in ({"by": "category"}, {"by": "owner"}, {"by": "lead_status", "then": "category"}):
        counts, cards = plans(crm, monkeypatch, **words)
        assert counts.count(" t") == cards.count(" t USING INTEGER") == 1


def test_cards_of_groups_are_the_first_of_each(crm) -> None:
    crm.users.add("Ann")
    crm.companies.add("Acme", category="lead", owner="ann")
    crm.companies.add("Beta", category="mql", owner="ann")
    for name, company in (("D", 1), ("C", 2), ("B", 1), ("A", 2), ("a", 1)):
        crm.people.add(last_name=name, company=company)
    (opened, *_) = crm.board.show(then="category", limit=2)["columns"]
    assert [card["id"] for card in opened["cards"]] == [4, 5]
    lead, mql = opened["groups"]
    assert (lead["key"], lead["count"], [card["id"] for card in lead["cards"]]) == (
        "lead",
        3,
        [5, 3],
    )
    assert (mql["key"], mql["count"], [card["id"] for card in mql["cards"]]) == ("mql", 2, [4, 2])
    assert list(mql) == ["key", "label", "count", "cards"]


def test_the_default_sales_cycle_is_missing(crm) -> None:
    crm.companies.add("Acme")
    crm.cycles.add("Two")
    crm.stages.add("two", 1, "One", completed=1, chances=1)
    crm.stages.add("two", 2, "Two", completed=1, chances=1)
    crm.opportunities.add("A", company=1)
    crm.opportunities.add("B", company=1, cycle="two", start=True)
    show = crm.board.show
    assert [column["key"] for column in show(entity="opportunity")["columns"]][:2] == [10, 20]
    crm.engine.execute("UPDATE setting SET value = 'gone' WHERE key = 'default_cycle'")
    with pytest.raises(UsageError):
        show(entity="opportunity")
    columns = show(entity="opportunity", cycle="two")["columns"]
    assert [(column["key"], column["count"]) for column in columns] == [(1, 1), (2, 0)]


def test_missing_and_external_ids(crm) -> None:
    crm.companies.add("Acme")
    crm.opportunities.add("A", company=1, external_id="X")
    kept = WriteOptions(keep_going=True)
    moved = crm.board.move("ext:X", 10, entity="opportunity", options=kept)
    assert (moved.changed, moved.unchanged) == (1, 0)
    assert crm.board.move("ext:X", "Initial", entity="opportunity").unchanged == 1
    for options in (None, kept):
        with pytest.raises(NotFound):
            crm.board.move(99, 10, entity="opportunity", options=options)
