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
    """SQLite's plans of what a board asks of the table of its records: counts, then cards; where cards
    may be met on a walk, that before those that are looked up.
    """
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
    return asked


@pytest.mark.files
def test_people_by_lead_status_are_read_from_an_index(crm, monkeypatch) -> None:
    counts, cards = plans(crm, monkeypatch)
    assert counts == "SCAN t USING COVERING INDEX person_lead_status"
    assert "SEARCH t USING INDEX person_board (lead_status_id=?)" in cards
    assert "TEMP B-TREE" not in cards
    counts, cards = plans(crm, monkeypatch, Choice(all=True, hidden=True))
    assert counts == "SCAN t USING COVERING INDEX person_lead_status"
    assert "person_lead_status (lead_status_id=?)" in cards


@pytest.mark.files
def test_filtered_people_are_read_in_the_order_of_the_index(crm, monkeypatch) -> None:
    counts, cards = plans(crm, monkeypatch, Choice(where=("country = NO",)))
    assert counts == "SCAN t USING INDEX person_board"
    assert "SEARCH t USING INDEX person_board (lead_status_id=?)" in cards


@pytest.mark.files
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


@pytest.mark.files
@pytest.mark.parametrize(
    ("words", "index", "column"),
    [
        ({"by": "category"}, "company_category", "category"),
        ({"by": "owner"}, "company_owner", "owner"),
    ],
)
def test_people_are_found_by_way_of_their_companies(
    crm, monkeypatch, words, index: str, column: str
) -> None:
    counts, met, found = plans(crm, monkeypatch, **words)
    assert "SCAN t USING COVERING INDEX person_company" in counts
    # Companies are read once for each of their people counted together, not for each person.
    assert "CO-ROUTINE t" in counts
    assert "SCAN t USING INDEX person_name" in met
    assert f"SEARCH company USING COVERING INDEX {index}" in found
    assert "SEARCH t USING INDEX person_company (company_id=?)" in found
    assert "(company_id=? AND own_category_id=?)" in found or column == "owner"


@pytest.mark.parametrize("by", ["category", "owner"])
def test_the_first_cards_are_the_same_met_and_found(crm, monkeypatch, by: str) -> None:
    crm.users.add("Ann")
    for number, category in enumerate(("lead", "mql", None, "lead"), 1):
        crm.companies.add(f"C{number}", category=category, owner=("ann", None)[number % 2])
    for number in range(60):
        company = (None, 1, 2, 3, 4)[number % 5]
        own = {} if company else {"category": ("mql", None)[number % 2], "owner": "ann"}
        crm.people.add(last_name=f"P{number * 7 % 60:02}", company=company, **own)
    shown = {}
    for limit in (3, 60):
        # So few cards of so many people are met on a walk, so many of so few are looked up.
        columns = crm.board.show(by=by, limit=limit)["columns"]
        shown[limit] = [[card["name"] for card in column["cards"]] for column in columns]
        assert sum(column["count"] for column in columns) == 60
    assert shown[3] == [names[:3] for names in shown[60]]
    assert all(names == sorted(names) for names in shown[60])
    assert len(shown[60][0]) >= 12


def test_the_first_cards_of_stages_are_the_same_met_and_found(crm) -> None:
    crm.companies.add("Acme")
    for number in range(40):
        name = f"D{number * 7 % 40:02}"
        started = {"start": True, "value": number + 1} if number % 5 else {}
        crm.opportunities.add(name, company=1, **started)
    crm.opportunities.next([2, 3, 4], close_date="2099-01-01")
    crm.opportunities.close([5, 7], "lost", code="lost_price")
    shown = {}
    for limit in (2, 40):
        columns = crm.board.show(entity="opportunity", limit=limit)["columns"]
        shown[limit] = [[card["name"] for card in column["cards"]] for column in columns]
        counts = [column["count"] for column in columns if column["count"]]
        assert counts == [27, 3, 10]
    assert shown[2] == [names[:2] for names in shown[40]]
    assert all(names == sorted(names) for names in shown[40])


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
