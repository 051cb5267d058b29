"""What ``spec/cli.md`` promises of the opportunity nouns: shapes, reports, guards, undo."""

from __future__ import annotations

import pytest

from tests.acceptance.opportunity_steps import allowed, changes, deal, move, shown, state
from tests.acceptance.steps import company


def keys(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


OPPORTUNITY = keys(
    "id external_id description contact_type company_id company person_id person salesperson"
    " campaign priority cycle status outcome stage stage_name estimated_value chances_percent"
    " completed_percent probability_percent calculated_value close_date created_on closed_on"
    " close_code quote_id order_id has_quote stage_age extra"
)
ENTRY = keys(
    "id action stage previous_stage date active days_open estimated_value chances_percent"
    " completed_percent probability_percent calculated_value close_date closed_on close_code"
)
CYCLE = keys("id key name method blocked stages opportunities estimated_value calculated_value")
STAGE = keys(
    "stage name completed_percent chances_percent quote_required allow_skip date_formula"
    " opportunities estimated_value calculated_value average_days_per_entry"
    " average_days_per_visit"
)
CLOSE_CODE = keys("id key name outcome opportunities")
QUOTE = keys("id opportunity_id company_id company status lines total created_on")
LINE = keys("text quantity price total")
ORDER = keys("id quote_id opportunity_id company_id lines total created_on")
REPORT = keys(
    "change dry_run matched changed unchanged created skipped refused missing affected automation"
    " problems problems_omitted"
)
HISTORY = keys("entity entity_id field old new at user command")
OFFER = {"action", "offered", "targets", "reason"}
ACTIONS = [
    "start",
    "next",
    "previous",
    "skip",
    "jump",
    "update",
    "close-won",
    "close-lost",
    "reopen",
    "quote",
    "delete",
]
# Verbs that print a report, each of which changes something in ``seven_deals``.
REPORTING = [
    ("opportunity", "start", 1, "--value", 50, "--chances", 20),
    ("opportunity", "next", 2, "--on", "2024-03-10"),
    ("opportunity", "next", 2, 6, "--on", "2024-03-10"),
    ("opportunity", "previous", 3),
    ("opportunity", "skip", 2, "--to", 20),
    ("opportunity", "jump", 3, "--to", 10),
    ("opportunity", "update", 2, "--value", 77, "--close-date", "2024-08-01"),
    ("opportunity", "close", 3, "--won", "--code", "won"),
    ("opportunity", "close", 1, 2, 6, "--lost", "--code", "lost_price", "--reason", "gone"),
    ("opportunity", "reopen", 5),
    ("opportunity", "reopen", 7, "--on", "2024-03-09"),
    ("opportunity", "edit", 2, "--description", "New", "--salesperson", "bo"),
    ("opportunity", "edit", 2, "--campaign", "C", "--priority", "low", "--external-id", "K"),
    ("opportunity", "edit", 2, "--person", 1),
    ("opportunity", "edit", 1, "--cycle", "standard", "--company", "Beta"),
    ("opportunity", "delete", 5, "--yes"),
    ("opportunity", "delete", 4, 7, "--yes"),
    ("closed", "delete", "--all", "--yes"),
    ("closed", "delete", "--outcome", "won", "--yes"),
    ("quote", "delete", 1, "--yes"),
    ("order", "delete", 1, "--yes"),
    ("cycle", "edit", "t1", "--method", "add", "--name", "Long", "--block"),
    ("stage", "edit", "t1", 20, "--completed", 36, "--quote-required"),
    ("stage", "delete", "t1", 50, "--yes"),
    ("close-code", "edit", "lost_price", "--name", "Too dear"),
    ("close-code", "delete", "lost_competitor", "--yes"),
]
# Verbs that print the record.
CREATING = [
    ("opportunity", "add", "X", "--company", "Beta"),
    ("opportunity", "add", "X", "--company", "Beta", "--start", "--value", 5, "--on", "2024-03-01"),
    ("quote", "create", 2, "--line", "A;1;2.50"),
    ("quote", "add-line", 1, "--line", "A;1;2.50"),
    ("quote", "make-order", 1, "--code", "won"),
    ("quote", "make-order", 3),
    ("cycle", "add", "T2", "--method", "add"),
    ("stage", "add", "t1", 60, "End", "--completed", 99, "--chances", 99),
    ("close-code", "add", "Lost again", "--outcome", "lost"),
]


def name_of(words) -> str:
    """The id of a parametrised test."""
    return "-".join(str(word).strip("-") for word in words[:4])


def test_keys_of_opportunities(deals) -> None:
    listed = deals.json("opportunity", "list")
    assert len(listed) == 7
    for row in listed:
        assert set(row) == OPPORTUNITY
        record = shown(deals, row["id"])
        assert set(record) == OPPORTUNITY | {"entries", "allowed"}
        assert {key: record[key] for key in row} == row
        assert all(set(entry) == ENTRY for entry in record["entries"])
        assert [e["id"] for e in record["entries"]] == sorted(e["id"] for e in record["entries"])
        assert record["allowed"] == deals.json("opportunity", "allowed", row["id"])
    for words in (("closed", "list"), ("opportunity", "list", "--salesperson", "anna")):
        assert all(set(row) == OPPORTUNITY for row in deals.json(*words))


def test_values_of_opportunities(deals) -> None:
    record = shown(deals, 1)
    assert (record["status"], record["outcome"], record["stage"]) == ("not_started", None, None)
    assert (record["priority"], record["campaign"]) == ("high", "Spring")
    assert (record["salesperson"], record["external_id"]) == ("anna", "X1")
    assert (record["created_on"], record["closed_on"]) == ("2024-01-02", None)
    assert (record["entries"], record["has_quote"], record["quote_id"]) == ([], False, None)
    assert shown(deals, "ext:X1") == record

    record = shown(deals, 3)
    assert (record["contact_type"], record["company_id"], record["company"]) == (
        "company",
        1,
        "Acme",
    )
    assert (record["person_id"], record["person"]) == (None, None)
    assert (record["stage"], record["stage_name"], record["stage_age"]) == (40, "Talks", 5)
    assert (record["quote_id"], record["order_id"], record["has_quote"]) == (1, None, True)
    assert (record["created_on"], record["priority"]) == ("2024-03-10", "normal")
    assert record["close_date"] == "2024-05-31"

    assert (shown(deals, 4)["quote_id"], shown(deals, 4)["order_id"]) == (2, 1)
    record = shown(deals, 6)
    assert (record["contact_type"], record["person_id"], record["person"]) == ("person", 2, "Solo")
    assert (record["company_id"], record["company"]) == (None, None)
    assert (record["estimated_value"], record["calculated_value"]) == (300.5, 0.6)
    assert [row["salesperson"] for row in deals.json("opportunity", "list")] == ["anna"] + [
        None
    ] * 6


def test_age_of_a_stage_counts_from_entering_it(deals) -> None:
    move(deals, "update", 2, "--on", "2024-03-08", "--close-date", "2024-06-30")
    assert shown(deals, 2)["stage_age"] == 9


def test_keys_of_the_lists(deals) -> None:
    assert all(set(cycle) == CYCLE for cycle in deals.json("cycle", "list"))
    assert set(deals.json("cycle", "show", "t1")) >= CYCLE
    assert all(set(stage) == STAGE for stage in deals.json("stage", "list", "t1"))
    assert all(set(code) == CLOSE_CODE for code in deals.json("close-code", "list"))
    for id in (1, 2, 3):
        record = deals.json("quote", "show", id)
        assert set(record) == QUOTE
        assert all(set(line) == LINE for line in record["lines"])
        assert record in deals.json("quote", "list")
    order = deals.json("order", "show", 1)
    assert set(order) == ORDER
    assert deals.json("order", "list") == [order]
    assert all(set(row) == HISTORY for row in deals.json("opportunity", "history", 2))
    assert set(deals.json("cycle", "add", "T2")) >= CYCLE
    added = ("stage", "add", "t2", 1, "One", "--completed", 1, "--chances", 1)
    assert set(deals.json(*added)) == STAGE
    assert set(deals.json("close-code", "add", "C", "--outcome", "won")) == CLOSE_CODE


@pytest.mark.parametrize(
    ("id", "offered", "reasons"),
    [
        pytest.param(
            1,
            {"start": [10], "close-won": None, "close-lost": None},
            {
                "next": "action_not_offered",
                "update": "action_not_offered",
                "quote": "not_in_progress",
            }
            | {"reopen": "not_closed", "delete": "not_closed"},
            id="not-started",
        ),
        pytest.param(
            2,
            {"next": [20], "skip": [20, 30, 40], "update": [10], "close-won": None, "quote": None},
            {"start": "already_started", "previous": "action_not_offered"}
            | {"jump": "action_not_offered", "reopen": "not_closed", "delete": "not_closed"},
            id="first-stage",
        ),
        pytest.param(
            3,
            {"next": [50], "previous": [30], "jump": [10, 20, 30], "update": [40]},
            {"skip": "action_not_offered", "quote": "quote_exists"},
            id="with-quote",
        ),
        pytest.param(
            4,
            {"delete": None},
            {"start": "opportunity_closed", "next": "opportunity_closed", "reopen": "quote_ordered"}
            | {"close-won": "opportunity_closed", "close-lost": "opportunity_closed"}
            | {"jump": "opportunity_closed", "quote": "quote_exists"},
            id="ordered",
        ),
        pytest.param(
            5,
            {"delete": None, "reopen": None},
            {"update": "opportunity_closed", "quote": "not_in_progress"},
            id="lost",
        ),
        pytest.param(6, {"next": [20]}, {"quote": "quote_needs_company"}, id="of-a-person"),
    ],
)
def test_allowed(deals, id: int, offered, reasons) -> None:
    offers = deals.json("opportunity", "allowed", id)
    assert [offer["action"] for offer in offers] == ACTIONS
    for offer in offers:
        assert set(offer) == OFFER
        assert (offer["reason"] is None) is offer["offered"]
        for target in offer["targets"]:
            assert set(target) == {"stage", "name", "quote_required"}
            assert target["quote_required"] is (target["stage"] >= 30)
    by_action = allowed(deals, id)
    for action, stages in offered.items():
        assert by_action[action]["offered"] is True, action
        if stages is not None:
            found = sorted(target["stage"] for target in by_action[action]["targets"])
            assert found == stages, action
    assert {action: by_action[action]["reason"] for action in reasons} == reasons
    assert all(by_action[action]["targets"] == [] for action in reasons)


def test_allowed_for_what_never_started(t1) -> None:
    id = deal(t1)
    move(t1, "close", id, "--lost", "--code", "lost_price")
    assert allowed(t1, id)["reopen"]["reason"] == "never_started"


@pytest.mark.parametrize("words", REPORTING, ids=name_of)
def test_reports_dry_run_undo_redo(deals, words) -> None:
    before, count = state(deals), changes(deals)
    dry = deals.json(*words, "--dry-run")
    assert set(dry) == REPORT
    assert (dry["change"], dry["dry_run"]) == (None, True)
    assert (state(deals), changes(deals)) == (before, count)

    report = deals.json(*words)
    assert report == dry | {"change": report["change"], "dry_run": False}
    assert report["change"] is not None
    assert report["matched"] == report["changed"] > 0
    after = state(deals)
    assert after != before
    assert changes(deals) == count + 1

    undo = deals.json("change", "undo", "last", "--yes")["change"]
    assert state(deals) == before
    deals("change", "undo", undo, "--yes")
    assert state(deals) == after


@pytest.mark.parametrize("words", CREATING, ids=name_of)
def test_creating_dry_run_undo_redo(deals, words) -> None:
    before, count = state(deals), changes(deals)
    deals(*words, "--dry-run", "-f", "json")
    assert (state(deals), changes(deals)) == (before, count)
    assert isinstance(deals.json(*words), dict)
    after = state(deals)
    assert after != before
    assert changes(deals) == count + 1
    undo = deals.json("change", "undo", "last", "--yes")["change"]
    assert state(deals) == before
    deals("change", "undo", undo, "--yes")
    assert state(deals) == after


def test_undo_refuses_what_has_moved_on(deals) -> None:
    first = deals.json("opportunity", "next", 2)["change"]
    move(deals, "update", 2, "--chances", 44)
    before = shown(deals, 2)
    assert deals.error("change", "undo", first, "--yes", code=4)["code"] == "changed_since"
    assert shown(deals, 2) == before


@pytest.mark.parametrize(
    "words",
    [
        ("opportunity", "delete", 5),
        ("closed", "delete", 5),
        ("closed", "delete", "--all"),
        ("closed", "delete", "--all", "--purge"),
        ("quote", "delete", 1),
        ("order", "delete", 1),
        ("change", "undo", "last"),
    ],
    ids=name_of,
)
def test_consent(deals, words) -> None:
    before, count = state(deals), changes(deals)
    assert deals.error(*words, code=6)["code"] == "consent_needed"
    assert (state(deals), changes(deals)) == (before, count)
    deals(*words, "--dry-run")
    assert (state(deals), changes(deals)) == (before, count)
    deals(*words, "--yes")
    assert changes(deals) == count + 1


def test_nothing_to_delete_needs_no_consent(deals) -> None:
    report = deals.json("closed", "delete", "--closed-before", "1990-01-01")
    assert (report["matched"], report["change"]) == (0, None)


def test_details_of_each_record(deals) -> None:
    lines = deals("opportunity", "next", 2, 6, "-f", "ndjson").lines
    assert all(set(line) >= keys("id result change code message changes") for line in lines)
    assert [(line["id"], line["result"]) for line in lines] == [(2, "changed"), (6, "changed")]
    words = ("opportunity", "next", 1, 2, "--keep-going", "-f", "ndjson")
    lines = {line["id"]: line for line in deals(*words, "--dry-run", code=None).lines}
    assert (lines[1]["result"], lines[1]["code"]) == ("refused", "action_not_offered")


def test_keep_going(deals) -> None:
    words = ("opportunity", "update", 1, 2, 5, 6, "--value", 10)
    before = state(deals)
    ran = deals(*words, "-f", "json", code=4)
    assert ran.json["change"] is None
    assert (ran.json["matched"], ran.json["changed"], ran.json["refused"]) == (4, 0, 2)
    assert state(deals) == before
    deals(*words, "--keep-going", "--dry-run", code=5)
    assert state(deals) == before
    report = deals.json(*words, "--keep-going", code=5)
    assert (report["changed"], report["refused"]) == (2, 2)
    codes = {problem["id"]: problem["code"] for problem in report["problems"]}
    assert codes == {1: "action_not_offered", 5: "opportunity_closed"}
    assert [shown(deals, id)["estimated_value"] for id in (2, 6)] == [10, 10]

    words = ("opportunity", "update", 2, 99, "--value", 11)
    assert deals.json(*words, code=3)["missing"] == 1
    report = deals.json(*words, "--keep-going", code=5)
    assert (report["changed"], report["missing"]) == (1, 1)
    deals("opportunity", "update", 1, "--value", 11, "--keep-going", code=4)
    deals("opportunity", "update", 99, "--value", 11, "--keep-going", code=3)


def test_guards(deals) -> None:
    before = state(deals)
    words = ("opportunity", "update", "--where", "status = in_progress", "--value", 5)
    for guard, code in (
        (("--expect", 2), "expect_failed"),
        (("--expect", "4..9"), "expect_failed"),
        (("--max-changes", 2), "max_changes_exceeded"),
    ):
        assert deals.error(*words, *guard, code=7)["code"] == code
    deals("closed", "delete", "--outcome", "won", "--yes", "--expect", 1, code=7)
    assert state(deals) == before
    assert deals.json(*words, "--expect", "3..3", "--max-changes", 3)["changed"] == 3


def test_one_refused_among_fifty(t1) -> None:
    acme = company(t1, "Acme")
    ids = [deal(t1, of=acme) for _ in range(50)]
    assert t1.json("opportunity", "start", "--all", "--value", 100)["changed"] == 50
    move(t1, "close", 17, "--lost", "--code", "lost_price")
    before = t1.json("opportunity", "list")
    ran = t1("opportunity", "next", "--all", "-f", "json", code=4)
    assert (ran.json["matched"], ran.json["changed"], ran.json["refused"]) == (50, 0, 1)
    assert ran.error["code"] == "opportunity_closed"
    assert t1.json("opportunity", "list") == before
    report = t1.json("opportunity", "next", "--all", "--keep-going", code=5)
    assert (report["changed"], report["refused"]) == (49, 1)
    moved = t1.json("opportunity", "list", "--where", "stage = 20", "--fields", "id")
    assert [row["id"] for row in moved] == [id for id in ids if id != 17]
    t1("change", "undo", "last", "--yes")
    assert t1.json("opportunity", "list") == before
