"""Bad input to the opportunity nouns: each is told by its code and leaves everything as it was."""

from __future__ import annotations

import pytest

from tests.acceptance.opportunity_steps import allowed, changes, deal, move, quote, shown
from tests.acceptance.steps import company, person

LOST = ("--lost", "--code", "lost_price")
WON = ("--won", "--code", "won")
OPP = "opportunity"
ADD = (OPP, "add", "X", "--cycle", "t1")
STAGE = ("stage", "add", "t1", 60, "X")
FIGURES = ("--completed", 1, "--chances", 1)


def name_of(words) -> str:
    """The id of a parametrised test."""
    if not isinstance(words, tuple):
        return str(words)
    return "-".join(str(word)[:20].strip("-") for word in words)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((OPP, "close", 4, *WON), "opportunity_closed"),
        ((OPP, "close", 5, *LOST), "opportunity_closed"),
        ((OPP, "close", 3, "--won", "--code", "lost_price"), "close_code_of_other_outcome"),
        ((OPP, "close", 3, "--lost", "--code", "won"), "close_code_of_other_outcome"),
        ((OPP, "close", 3, "--lost"), "close_code_required"),
        ((OPP, "close", 2, *WON, "--amount", 0), "amount_not_positive"),
        ((OPP, "close", 2, *WON, "--amount=-5"), "amount_not_positive"),
        ((OPP, "close", 1, *WON), "amount_not_positive"),
        ((OPP, "close", 2, *LOST, "--on", "2024-02-29"), "date_before_last_change"),
        ((OPP, "next", 2, "--on", "2024-02-29"), "date_before_last_change"),
        ((OPP, "update", 2, "--on", "0001-01-01"), "date_before_last_change"),
        ((OPP, "update", 2, "--close-date", "2024-03-09"), "close_date_before_change"),
        ((OPP, "update", 2, "--value", 0), "value_not_positive"),
        ((OPP, "update", 2, "--value", "0.00"), "value_not_positive"),
        ((OPP, "update", 2, "--value=-5"), "value_not_positive"),
        ((OPP, "start", 1, "--value", 0), "value_not_positive"),
        ((OPP, "update", 2, "--chances", 0), "chances_not_positive"),
        ((OPP, "start", 1, "--chances", 0), "chances_not_positive"),
        ((OPP, "start", 2), "already_started"),
        ((OPP, "start", 5), "opportunity_closed"),
        *[((OPP, verb, 5), "opportunity_closed") for verb in ("next", "previous", "skip", "jump")],
        *[((OPP, verb, 1), "action_not_offered") for verb in ("next", "previous", "skip", "jump")],
        ((OPP, "update", 1, "--value", 1), "action_not_offered"),
        ((OPP, "previous", 2), "action_not_offered"),
        ((OPP, "jump", 2, "--to", 10), "action_not_offered"),
        ((OPP, "skip", 3, "--to", 50), "action_not_offered"),
        ((OPP, "skip", 2, "--to", 99), "stage_not_reachable"),
        ((OPP, "skip", 2, "--to", 50), "stage_not_reachable"),
        ((OPP, "jump", 3, "--to", 50), "stage_not_reachable"),
        ((OPP, "jump", 3, "--to", 40), "stage_not_reachable"),
        ((OPP, "skip", 2, "--to", 30), "stage_needs_quote"),
        ((OPP, "reopen", 2), "not_closed"),
        ((OPP, "reopen", 1), "not_closed"),
        ((OPP, "reopen", 4), "quote_ordered"),
        ((OPP, "delete", 1, "--yes"), "not_closed"),
        ((OPP, "delete", 2, "--yes"), "not_closed"),
        (("closed", "delete", 2, "--yes"), "not_closed"),
        ((OPP, "edit", 1, "--salesperson", "none"), "salesperson_required"),
        ((OPP, "edit", 2, "--company", "Beta"), "contact_of_other_company"),
        ((OPP, "edit", 2, "--cycle", "standard"), "already_started"),
        ((OPP, "edit", 5, "--priority", "low"), "opportunity_closed"),
        ((OPP, "edit", 2, "--external-id", "X1"), "external_id_taken"),
        ((*ADD, "--company", 1, "--external-id", "X1"), "external_id_taken"),
        ((OPP, "edit", 1, "--description", ""), "name_required"),
        (ADD, "contact_required"),
        (("quote", "create", 1), "not_in_progress"),
        (("quote", "create", 5), "not_in_progress"),
        (("quote", "create", 3), "quote_exists"),
        (("quote", "create", 4), "quote_exists"),
        (("quote", "create", 6), "quote_needs_company"),
        (("quote", "make-order", 2), "quote_ordered"),
        (("quote", "add-line", 2, "--line", "A;1;1"), "quote_ordered"),
        (("quote", "delete", 2, "--yes"), "quote_ordered"),
        (("company", "delete", 1, "--people", "keep", "--yes"), "has_open_opportunities"),
        (("person", "delete", 2, "--yes"), "has_open_opportunities"),
        (("user", "delete", "anna"), "has_open_opportunities"),
        (("cycle", "add", "T1"), "name_taken"),
        (("cycle", "delete", "t1"), "cycle_in_use"),
        (("stage", "delete", "t1", 40), "stage_in_use"),
        (("close-code", "add", "WON", "--outcome", "won"), "name_taken"),
        (("close-code", "delete", "won"), "close_code_in_use"),
        (("close-code", "edit", "won", "--outcome", "lost"), "close_code_in_use"),
    ],
    ids=name_of,
)
def test_refused_by_a_rule(deals, words, code: str) -> None:
    before, records = changes(deals), deals.json(OPP, "list")
    assert deals.error(*words, code=4)["code"] == code
    assert deals.error(*words, "--dry-run", code=4)["code"] == code
    assert (changes(deals), deals.json(OPP, "list")) == (before, records)


@pytest.mark.parametrize("verb", ["next", "update", "close", "reopen", "start"])
@pytest.mark.parametrize(
    "date", ["2024-02-30", "0000-01-01", "2024-13-01", "10.03.2024", "soon", "", "20240310"]
)
def test_dates_that_are_none(deals, verb: str, date: str) -> None:
    words = LOST if verb == "close" else ()
    before = changes(deals)
    assert deals.error(OPP, verb, 2, *words, "--on", date, code=2)["code"] == "usage"
    assert changes(deals) == before


@pytest.mark.parametrize(
    "words",
    [
        *[
            (OPP, "update", 2, "--value", value)
            for value in (
                "1e400",
                "NaN",
                "Infinity",
                "1.234",
                "10000000000000",
                "x",
                "",
                "1,5",
                "1_000",
            )
        ],
        *[(OPP, "update", 2, "--chances", value) for value in (101, "NaN", "10.123", "1e400", "x")],
        (OPP, "close", 2, *WON, "--amount", "1.234"),
        (OPP, "close", 2, *WON, "--amount", "NaN"),
        (OPP, "update", 2, "--close-date", "2024-02-30"),
        (OPP, "skip", 2, "--to", "abc"),
        (OPP, "close", 2),
        (OPP, "close", 2, "--code", "won"),
        (OPP, "close", 2, "--won", "--lost"),
        (OPP, "close", 2, "--won", "--lost", "--code", "won"),
        (OPP, "next"),
        (OPP, "next", "abc"),
        (OPP, "next", 2, "--all"),
        (OPP, "next", "--where", "nope = 1"),
        (OPP, "edit", 2),
        (OPP, "edit", 2, "--priority", "urgent"),
        (OPP, "edit", 2, "--description", "x" * 10_000),
        (*ADD, "--company", 1, "--priority", "urgent"),
        (*ADD, "--company", 1, "--created", "2024-02-30"),
        (OPP, "add", "x" * 10_000, "--cycle", "t1", "--company", 1),
        (OPP, "add"),
        (OPP, "show", "abc"),
        (OPP, "show"),
        (OPP, "list", "--fields", "nope"),
        ("closed", "delete"),
        ("closed", "delete", "--yes"),
        ("closed", "delete", "--purge", "--yes"),
        ("closed", "delete", "--outcome", "maybe", "--yes"),
        ("closed", "delete", "--closed-before", "2024-02-30", "--yes"),
        ("closed", "delete", "--older-than", "long", "--yes"),
        ("closed", "delete", 5, "--all", "--yes"),
        *[
            ("quote", "create", 2, "--line", line)
            for line in ("A", "A;1", "A;x;1", "A;1;x", "A;1;NaN", "A;1e400;1", "A;1;1.234", "")
        ],
        ("cycle", "add", "X", "--method", "nope"),
        ("cycle", "edit", "t1", "--block", "--unblock"),
        ("stage", "add", "t1", 0, "X", *FIGURES),
        ("stage", "add", "t1", "x", "X", *FIGURES),
        STAGE,
        (*STAGE, "--completed", 101, "--chances", 1),
        (*STAGE, "--completed", 1, "--chances", 101),
        (*STAGE, "--completed=-1", "--chances", 1),
        (*STAGE, *FIGURES, "--date-formula", "soon"),
        ("close-code", "add", "X"),
        ("close-code", "add", "X", "--outcome", "maybe"),
    ],
    ids=name_of,
)
def test_not_understood(deals, words) -> None:
    before = changes(deals)
    assert deals.error(*words, code=2)["code"] == "usage"
    assert changes(deals) == before


@pytest.mark.parametrize(
    "words",
    [
        (OPP, "show", 99),
        (OPP, "allowed", 99),
        (OPP, "history", 99),
        (OPP, "next", 99),
        (OPP, "next", "ext:none"),
        (OPP, "edit", 1, "--cycle", "nope"),
        (OPP, "edit", 2, "--salesperson", "nope"),
        (OPP, "edit", 1, "--company", "Nope"),
        (OPP, "edit", 1, "--person", 99),
        (OPP, "close", 2, "--won", "--code", "nope"),
        (*ADD, "--company", "Nope"),
        (*ADD, "--company", 99),
        (*ADD, "--person", 99),
        (*ADD, "--company", 1, "--salesperson", "nope"),
        (OPP, "add", "X", "--company", 1, "--cycle", "nope"),
        ("closed", "list", "--code", "nope"),
        ("closed", "list", "--salesperson", "nope"),
        ("closed", "list", "--cycle", "nope"),
        ("closed", "list", "--company", "Nope"),
        ("closed", "list", "--person", 99),
        ("closed", "delete", "--code", "nope", "--yes"),
        ("quote", "show", 99),
        ("quote", "create", 99),
        ("quote", "add-line", 99, "--line", "A;1;1"),
        ("quote", "make-order", 99),
        ("quote", "make-order", 1, "--code", "nope"),
        ("quote", "delete", 99, "--yes"),
        ("order", "show", 99),
        ("order", "delete", 99, "--yes"),
        ("cycle", "show", "nope"),
        ("cycle", "edit", "nope", "--block"),
        ("cycle", "delete", "nope", "--yes"),
        ("stage", "list", "nope"),
        ("stage", "add", "nope", 1, "X", *FIGURES),
        ("stage", "edit", "t1", 99, "--completed", 1),
        ("stage", "delete", "t1", 99, "--yes"),
        ("close-code", "edit", "nope", "--name", "X"),
        ("close-code", "delete", "nope", "--yes"),
    ],
    ids=name_of,
)
def test_not_there(deals, words) -> None:
    before = changes(deals)
    assert deals.error(*words, code=3)["code"] == "not_found"
    assert changes(deals) == before


def test_a_person_of_another_company(deals) -> None:
    other = person(deals, "Other", of=2)
    error = deals.error(OPP, "edit", 2, "--person", other, code=4)
    assert error["code"] == "contact_of_other_company"
    assert shown(deals, 2)["person_id"] is None


@pytest.mark.parametrize("description", ["", " ", "\t"])
def test_an_opportunity_without_description(deals, description: str) -> None:
    error = deals.error(OPP, "add", description, "--company", 1, "--cycle", "t1", code=4)
    assert error["code"] == "name_required"
    assert deals.json(OPP, "list", "--count") == 7


def test_an_order_for_no_customer(t1) -> None:
    id = deal(t1)
    t1(OPP, "start", id, "--value", 1)
    quoted = quote(t1, id)
    error = t1.error("quote", "make-order", quoted, "--code", "won", code=4)
    assert error["code"] == "company_not_customer"
    assert error["hint"]
    assert shown(t1, id)["status"] == "in_progress"


def test_blocked_cycle(t1) -> None:
    acme = company(t1, "Acme")
    started, waiting = deal(t1, of=acme), deal(t1, of=acme)
    other = deal(t1, of=acme, cycle="standard")
    move(t1, "start", started, "--value", 10)
    t1("cycle", "edit", "t1", "--block")
    add = (OPP, "add", "X", "--company", acme)
    assert t1.error(*add, "--cycle", "t1", code=4)["code"] == "cycle_blocked"
    assert t1.error(OPP, "edit", other, "--cycle", "t1", code=4)["code"] == "cycle_blocked"
    # Those that are on it go on.
    assert allowed(t1, waiting)["start"]["offered"] is True
    assert move(t1, "start", waiting, "--value", 1)["stage"] == 10
    assert move(t1, "next", started)["stage"] == 20
    move(t1, "close", started, *LOST)
    t1("cycle", "edit", "t1", "--unblock")
    assert move(t1, "edit", other, "--cycle", "t1")["cycle"] == "t1"


def test_cycle_that_is_taken_when_none_is_named(t1) -> None:
    acme = company(t1, "Acme")
    add = (OPP, "add", "X", "--company", acme)
    assert t1.json(*add)["cycle"] == "standard"
    t1("setting", "set", "default_cycle", "t1")
    assert t1.json(*add)["cycle"] == "t1"
    t1("cycle", "edit", "t1", "--block")
    t1(*add, code=2)
    assert t1.json(*add, "--cycle", "standard")["cycle"] == "standard"


def test_salesperson_that_is_taken_when_none_is_named(t1) -> None:
    for name in ("anna", "bo", "cy"):
        t1("user", "add", name)
    acme, beta = company(t1, "Acme"), company(t1, "Beta")
    t1("company", "edit", acme, "--owner", "anna")
    add = (OPP, "add", "X", "--company")
    assert t1.json(*add, acme, "--salesperson", "bo", "--as", "cy")["salesperson"] == "bo"
    assert t1.json(*add, acme, "--as", "cy")["salesperson"] == "anna"
    assert t1.json(*add, beta, "--as", "cy")["salesperson"] == "cy"
    id = t1.json(*add, beta, "--as", "stranger")["id"]
    assert shown(t1, id)["salesperson"] is None
    assert move(t1, "edit", id, "--salesperson", "bo")["salesperson"] == "bo"
    assert t1.json(OPP, "edit", id, "--salesperson", "bo")["unchanged"] == 1


def test_closed_deals_of_those_who_go(t1) -> None:
    acme = company(t1, "Acme")
    ann, solo = person(t1, "Ann", of=acme), person(t1, "Solo")
    for who in (ann, solo):
        id = t1.json(*ADD, "--person", who)["id"]
        move(t1, "close", id, *LOST)
    before = t1.json(OPP, "list")
    t1("person", "delete", ann, solo, "--yes")
    first, second = t1.json(OPP, "list")
    assert (first["person_id"], first["company_id"]) == (None, acme)
    assert first["contact_type"] == "company"
    assert (second["person_id"], second["company_id"]) == (None, None)
    t1("change", "undo", "last", "--yes")
    assert t1.json(OPP, "list") == before


def test_with_start_all_is_checked_before_anything_is_added(t1) -> None:
    acme = company(t1, "Acme")
    add = (*ADD, "--company", acme, "--start", "--on", "2024-03-01")
    for words, code in (
        (("--value", 0), "value_not_positive"),
        (("--chances", 0), "chances_not_positive"),
        (("--close-date", "2024-02-29"), "close_date_before_change"),
    ):
        assert t1.error(*add, *words, code=4)["code"] == code
    assert t1.json(OPP, "list") == []
    words = ("--value", "12.50", "--chances", 50, "--close-date", "2024-03-01")
    record = t1.json(*add, *words)
    assert (record["status"], record["stage"], record["estimated_value"]) == (
        "in_progress",
        10,
        12.5,
    )
    assert (record["chances_percent"], record["close_date"]) == (50, "2024-03-01")
    assert (record["created_on"], record["entries"][0]["date"]) == ("2024-03-10", "2024-03-01")
