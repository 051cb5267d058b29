"""Quotes and orders of opportunities, through the command line."""

from __future__ import annotations

import pytest

from tests.acceptance.opportunity_steps import (
    LATER,
    actions,
    active,
    deal,
    figures,
    move,
    quote,
    shown,
    standing_on,
    state,
)
from tests.acceptance.steps import company, person


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Work;2;10.50", ("Work", 2, 10.5, 21)),
        ("Cable; red; 2 m;3;0.10", ("Cable; red; 2 m", 3, 0.1, 0.3)),
        ("Hours;1.5;99.99", ("Hours", 1.5, 99.99, 149.99)),
        ("Æble;100;1234567.89", ("Æble", 100, 1234567.89, 123456789)),
    ],
)
def test_lines(t1, line: str, expected) -> None:
    id = standing_on(t1, 10)
    record = t1.json("quote", "create", id, "--line", line, "--line", "Rest;1;1")
    first, second = record["lines"]
    assert (first["text"], first["quantity"], first["price"], first["total"]) == expected
    assert (second["text"], second["total"]) == ("Rest", 1)
    assert record["total"] == pytest.approx(expected[3] + 1)
    assert (record["status"], record["created_on"]) == ("open", "2024-03-10")
    assert (record["opportunity_id"], record["company"]) == (id, "Acme")


def test_lines_are_added(t1) -> None:
    id = standing_on(t1, 10)
    quoted = quote(t1, id, "A;1;100")
    t1("quote", "add-line", quoted, "--line", "B;2;50", "--line", "C;1;0.5")
    record = t1.json("quote", "show", quoted)
    assert [line["text"] for line in record["lines"]] == ["A", "B", "C"]
    assert record["total"] == 200.5


def test_quote_leaves_the_figures_until_the_next_move(t1) -> None:
    id = standing_on(t1, 20, value=9000)
    before = shown(t1, id)
    quoted = quote(t1, id, "Work;1;9150")
    record = shown(t1, id)
    assert (record["quote_id"], record["has_quote"]) == (quoted, True)
    same = set(record) - {"quote_id", "has_quote", "allowed"}
    assert {key: record[key] for key in same} == {key: before[key] for key in same}
    assert move(t1, "update", id)["estimated_value"] == 9150
    assert move(t1, "update", id, "--value", 8000)["estimated_value"] == 8000
    assert move(t1, "next", id)["estimated_value"] == 9150


def test_deleting_a_quote_leaves_the_stage(t1) -> None:
    id = standing_on(t1, 20)
    quoted = quote(t1, id)
    move(t1, "next", id, "--value", 9000)
    t1("quote", "delete", quoted, "--yes")
    record = shown(t1, id)
    assert (record["stage"], record["quote_id"], record["has_quote"]) == (30, None, False)
    assert t1.json("quote", "list") == []
    error = t1.error("opportunity", "next", id, code=4)
    assert error["code"] == "stage_needs_quote"
    second = quote(t1, id)
    assert second != quoted
    assert move(t1, "next", id)["stage"] == 40


def test_only_companies_get_quotes(t1) -> None:
    acme = company(t1, "Acme")
    ann = person(t1, "Ann", of=acme)
    added = t1.json("opportunity", "add", "X", "--person", ann, "--cycle", "t1", "--start")
    error = t1.error("quote", "create", added["id"], code=4)
    assert error["code"] == "quote_needs_company"
    assert "opportunity edit" in error["hint"]
    move(t1, "edit", added["id"], "--company", acme)
    assert t1.json("quote", "create", added["id"])["company_id"] == acme


def test_order_of_what_is_in_progress(t1) -> None:
    t1("close-code", "add", "Won again", "--outcome", "won")
    acme = company(t1, "Acme")
    id = standing_on(t1, 20, of=acme)
    quoted = quote(t1, id, "Work;2;4000", "Travel;1;150.25")
    make = ("quote", "make-order", quoted, "--on", "2024-01-26")
    error = t1.error(*make, "--code", "won", code=4)
    assert error["code"] == "company_not_customer"
    assert "category" in error["hint"]
    t1("company", "set-category", acme, "customer")

    before = state(t1)
    assert t1.error(*make, code=4)["code"] == "close_code_required"
    wrong = t1.error(*make, "--code", "lost_price", code=4)
    assert wrong["code"] == "close_code_of_other_outcome"
    early = ("quote", "make-order", quoted, "--on", "2024-01-04", "--code", "won_again")
    assert t1.error(*early, code=4)["code"] == "date_before_last_change"
    t1(*make, "--code", "won_again", "--dry-run")
    assert state(t1) == before

    order = t1.json(*make, "--code", "won_again")
    assert (order["quote_id"], order["opportunity_id"], order["company_id"]) == (quoted, id, acme)
    assert order["total"] == 8150.25
    assert order["lines"] == t1.json("quote", "show", quoted)["lines"]
    record = shown(t1, id)
    assert actions(record) == ["first", "next", "won"]
    assert (record["status"], record["closed_on"]) == ("won", "2024-01-26")
    assert (record["close_code"], record["order_id"]) == ("won_again", order["id"])
    assert record["estimated_value"] == 9000
    assert figures(active(record)) == (100, 100, 100, 8150.25)
    assert t1.json("quote", "show", quoted)["status"] == "ordered"
    assert t1.error(*make, "--code", "won", code=4)["code"] == "quote_ordered"

    t1("change", "undo", "last", "--yes")
    assert state(t1) == before


def test_order_of_what_is_won(t1) -> None:
    acme = company(t1, "Acme", "customer")
    id = standing_on(t1, 20, of=acme)
    quoted = quote(t1, id)
    won = move(t1, "close", id, "--won", "--code", "won", "--on", "2024-01-26")
    order = t1.json("quote", "make-order", quoted)
    assert t1.json("order", "list") == [t1.json("order", "show", order["id"])] == [order]
    record = shown(t1, id)
    assert record["entries"] == won["entries"]
    assert (record["order_id"], record["closed_on"]) == (order["id"], "2024-01-26")


def test_deleted_order_can_be_made_again(t1) -> None:
    id = standing_on(t1, 20, of=company(t1, "Acme", "customer"))
    quoted = quote(t1, id)
    order = t1.json("quote", "make-order", quoted, "--code", "won")["id"]
    assert t1.error("quote", "delete", quoted, "--yes", code=4)["code"] == "quote_ordered"
    t1("order", "delete", order, "--yes")
    assert (shown(t1, id)["status"], shown(t1, id)["order_id"]) == ("won", None)
    again = t1.json("quote", "make-order", quoted)
    assert (again["id"] != order, again["total"]) == (True, 9150)
    t1("order", "delete", again["id"], "--yes")
    record = move(t1, "reopen", id)
    assert (record["status"], record["stage"], record["close_date"]) == ("in_progress", 20, LATER)


def test_deleted_opportunity_takes_its_open_quote_along(deals) -> None:
    before = state(deals)
    deals("opportunity", "delete", 4, 7, "--yes")
    assert 3 not in [row["id"] for row in deals.json("quote", "list")]
    (order,) = deals.json("order", "list")
    assert (order["id"], order["opportunity_id"]) == (1, None)
    assert order["total"] == 5000
    assert deals.json("quote", "show", 1)["status"] == "open"
    deals("change", "undo", "last", "--yes")
    assert state(deals) == before


def test_lost_ones_keep_their_quote(t1) -> None:
    id = standing_on(t1, 20)
    quoted = quote(t1, id)
    move(t1, "close", id, "--lost", "--code", "lost_price")
    assert t1.json("quote", "show", quoted)["opportunity_id"] == id
    t1("opportunity", "delete", id, "--yes")
    assert t1.json("quote", "list") == []
    assert deal(t1) == id + 1
