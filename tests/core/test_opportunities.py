"""Opportunities, cycles and quotes through the library: what no numbered case names."""

from __future__ import annotations

from datetime import date

import pytest

from leadctl import Choice, ImportFile, LeadctlError, Replacement
from leadctl.core.clock import Clock
from leadctl.errors import NotFound, Refused, UsageError


@pytest.fixture
def deal(crm) -> int:
    """An opportunity in progress of the company Acme, a customer."""
    crm.clock = Clock(date(2026, 3, 2))
    crm.companies.add("Acme", category="customer")
    started = {"start": True, "value": 500, "close_date": "2026-12-31"}
    return crm.opportunities.add("50 laptops", company="Acme", **started)["id"]


def test_nothing_to_change(crm, deal) -> None:
    for edit in (
        lambda: crm.opportunities.edit([deal]),
        lambda: crm.cycles.edit("standard"),
        lambda: crm.stages.edit("standard", 10),
        lambda: crm.close_codes.edit("won"),
    ):
        with pytest.raises(UsageError):
            edit()


def test_an_amount_goes_with_won(crm, deal) -> None:
    with pytest.raises(UsageError):
        crm.opportunities.close([deal], "lost", code="lost_price", amount=5)


def test_figures_go_with_a_start(crm, deal) -> None:
    with pytest.raises(UsageError):
        crm.opportunities.add("X", company="Acme", value=5)


def test_a_person_of_another_company_is_no_contact(crm, deal) -> None:
    crm.companies.add("Beta")
    lind = crm.people.add(last_name="Lind", company="Beta")["id"]
    with pytest.raises(Refused) as caught:
        crm.opportunities.add("X", company="Acme", person=lind)
    assert caught.value.code == "contact_of_other_company"
    assert crm.opportunities.add("X", company="Beta", person="lind")["person"] == "Lind"


def test_replacing_words_of_a_description(crm, deal) -> None:
    assert crm.opportunities.edit(
        [deal], replace=Replacement("description", "laptops", "PCs")
    ).changed
    assert crm.opportunities.show(deal)["description"] == "50 PCs"
    with pytest.raises(LeadctlError) as caught:
        crm.opportunities.edit([deal], replace=Replacement("description", "50 PCs", ""))
    assert caught.value.code == "name_required"


def test_ids_can_be_narrowed_by_filters(crm, deal) -> None:
    other = crm.opportunities.add("Later", company="Acme")["id"]
    both = Choice(ids=(deal, other), where=("status = not_started",))
    assert [row["id"] for row in crm.opportunities.list(both)] == [other]
    assert crm.opportunities.count(both) == 1


def test_stages_of_one_cycle_and_of_all(crm, deal) -> None:
    crm.cycles.add("Short", method="chances")
    crm.stages.add("short", 5, "Only", completed=50, chances="12.5", date_formula="<2w>")
    (only,) = crm.stages.of("short").list()
    assert (only["stage"], only["chances_percent"], only["date_formula"]) == (5, 12.5, "2W")
    assert crm.stages.count() == 6
    assert crm.stages.of("standard").count() == 5
    assert crm.stages.edit("short", 5, date_formula="").changed == 1
    with pytest.raises(Refused):
        crm.stages.add("short", 6, " ", completed=1, chances=1)
    with pytest.raises(NotFound):
        crm.stages.of("nope")


def test_close_codes_are_renamed_and_change_outcome_while_unused(crm, deal) -> None:
    assert crm.close_codes.edit("lost_price", name="Too dear", outcome="won").changed == 1
    shown = crm.close_codes.show("too dear")
    assert (shown["key"], shown["outcome"]) == ("lost_price", "won")
    assert crm.close_codes.edit("lost_price", outcome="won").unchanged == 1


def test_an_order_of_what_is_lost_leaves_it_lost_without_link(crm, deal) -> None:
    quote = crm.quotes.create(deal, ["Laptop;50;10"])["id"]
    crm.opportunities.close([deal], "lost", code="lost_price")
    order = crm.quotes.make_order(quote)
    assert order["opportunity_id"] == deal
    shown = crm.opportunities.show(deal)
    assert [shown[name] for name in ("status", "quote_id", "order_id", "calculated_value")] == [
        "lost",
        None,
        None,
        0,
    ]
    with pytest.raises(Refused) as caught:
        crm.opportunities.reopen([deal])
    assert caught.value.code == "quote_ordered"
    crm.orders.delete([order["id"]])
    assert crm.quotes.show(quote)["opportunity_id"] == deal
    assert crm.opportunities.reopen([deal]).changed == 1
    crm.changes.undo("last")
    crm.changes.undo("last")
    assert crm.opportunities.show(deal)["quote_id"] is None


def test_the_history_tells_what_every_entry_brought(crm, deal) -> None:
    crm.opportunities.next([deal], value=700)
    crm.opportunities.edit([deal], campaign="Fair")
    rows = [(row["field"], row["old"], row["new"]) for row in crm.opportunities.history(deal)]
    assert rows[:4] == [
        ("campaign", None, "Fair"),
        ("stage", 10, 20),
        ("estimated_value", 500, 700),
        ("chances_percent", 10, 30),
    ]
    assert rows[-1] == (None, None, None)
    crm.opportunities.close([deal], "lost", code="lost_price")
    crm.opportunities.delete([deal])
    assert next(crm.opportunities.history(deal))["old"]["description"] == "50 laptops"
    with pytest.raises(NotFound):
        crm.opportunities.history(99)


def test_an_opportunity_without_company_follows_its_person(crm, deal, tmp_path) -> None:
    free = crm.people.add(last_name="Free", external_id="F")["id"]
    number = crm.opportunities.add("X", person=free)["id"]
    assert crm.opportunities.show(number)["company_id"] is None
    crm.people.move([free], "Acme")
    assert crm.opportunities.show(number)["company"] == "Acme"
    crm.companies.add("Beta")
    crm.people.move([free], "Beta")
    assert crm.opportunities.show(number)["company"] == "Acme"
    crm.changes.undo("last")
    crm.changes.undo(crm.engine.value("SELECT id FROM change WHERE command = 'person move'"))
    assert crm.opportunities.show(number)["company_id"] is None
    file = tmp_path / "people.csv"
    file.write_text("external_id,company\nF,Beta\n", encoding="utf-8")
    crm.people.import_file(ImportFile(str(file), match=("external_id",)))
    assert crm.opportunities.show(number)["company"] == "Beta"
    file.write_text("external_id,title\nF,Owner\n", encoding="utf-8")
    assert crm.people.import_file(ImportFile(str(file), match=("external_id",))).changed == 1


def test_recipes_name_a_point_or_a_comma(crm, deal, tmp_path) -> None:
    recipe, file = tmp_path / "recipe.yaml", tmp_path / "deals.csv"
    recipe.write_text("decimal: ';'\n", encoding="utf-8")
    file.write_text("description,company\nA,Acme\n", encoding="utf-8")
    with pytest.raises(UsageError):
        crm.opportunities.import_file(ImportFile(str(file), recipe=str(recipe)))
