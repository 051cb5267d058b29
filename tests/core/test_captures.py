"""Captures through the library: what is stored when processing goes wrong, and the cost of it."""

from __future__ import annotations

import pytest

from leadctl import LeadctlError
from leadctl.core import processing
from leadctl.errors import Busy


@pytest.fixture
def web(crm):
    """The library on a file with the form ``Web``."""
    crm.forms.add("Web", category="lead")
    return crm


def test_results_and_arguments(web) -> None:
    (record,) = web.captures.submit("web", {"email": "a@b.example", "first_touch": {"source": "x"}})
    assert (record["status"], record["created"]) == ("processed", True)
    assert web.people.show(record["person_id"])["first_touch"]["source"] == "x"
    assert web.forms.show("WEB")["people"] == 1
    with pytest.raises(LeadctlError, match="nothing to change"):
        web.forms.edit("web")
    with pytest.raises(LeadctlError, match="exclude"):
        web.captures.process(1, person_id=1, create=True)
    with pytest.raises(LeadctlError, match="is no value for"):
        web.forms.add("x", mode="no")


def test_people_are_added_to_the_selection_of_the_form(web) -> None:
    """F-3, also for those who are known; once each, and an undo takes them out again."""
    web.selections.create("News", ids=[])
    web.selections.create("Hot", where=["lead_status = open"])
    web.selections.create("Firms", entity="company", ids=[])
    web.forms.edit("web", selection="news")
    body = '{"email": "a@b.example"}\n{"email": "c@b.example"}\n{"email": "A@b.example"}'
    sent = web.captures.submit("web", body)
    assert [(row["person_id"], row["message"]) for row in sent] == [(1, None), (2, None), (1, None)]
    assert web.selections.info("News")["members"] == 2
    web.captures.submit("web", {"email": "a@b.example"})
    assert web.selections.info("News")["members"] == 2
    web.changes.undo("last")
    web.captures.submit("web", {"email": "d@b.example"})
    assert web.selections.info("News")["members"] == 3
    web.changes.undo("last")
    assert (web.selections.info("News")["members"], web.people.count()) == (2, 2)
    for name, told in (
        ("Hot", "follow from its filter"),
        ("Firms", "not of this kind of record: company"),
        ("Nwes", "selection Nwes does not exist"),
    ):
        web.forms.edit("web", selection=name)
        (record,) = web.captures.submit("web", {"email": "a@b.example"})
        assert record["status"] == "processed"
        assert told in record["message"]
    web.forms.edit("web", selection="News", mode="manual")
    (waits,) = web.captures.submit("web", {"email": "e@b.example"})
    assert web.selections.info("News")["members"] == 2
    web.captures.process(waits["id"], create=True)
    assert web.selections.info("News")["members"] == 3


def test_there_may_be_no_form_at_all(crm) -> None:
    with pytest.raises(LeadctlError) as missing:
        crm.captures.submit("web", {"email": "a@b.example"})
    assert "none yet" in missing.value.reason.hint


@pytest.mark.parametrize("error", [Busy("{path} is locked", path="x"), RuntimeError("bug")])
def test_nothing_that_was_sent_is_lost(web, monkeypatch, error: Exception) -> None:
    def fail(*arguments: object) -> None:
        raise error

    monkeypatch.setattr(processing.Processor, "_by_mode", fail)
    body = '{"email": "a@b.example"}\n{"email": "b@b.example"}'
    if isinstance(error, Busy):
        records = web.captures.submit("web", body)
        assert [(row["status"], row["message"]) for row in records] == [
            ("submitted", "x is locked")
        ] * 2
    else:
        with pytest.raises(RuntimeError):
            web.captures.submit("web", body)
    monkeypatch.undo()
    assert [row["status"] for row in web.captures.list()] == ["submitted"] * 2
    assert web.captures.process(1, create=True)["person_id"] == 1


def test_a_conflict_in_the_database_fails_one_only(web) -> None:
    web.people.add(last_name="B", phone="b")
    web.engine.execute("CREATE UNIQUE INDEX no_second_b ON person (phone)")
    body = "\n".join(
        f'{{"email": "{name}@b.example", "phone": "{name}", "company": "{name}"}}' for name in "abc"
    )
    records = web.captures.submit("web", body)
    assert [row["status"] for row in records] == ["processed", "failed", "processed"]
    assert "the database refuses this" in records[1]["message"]
    assert [row["name"] for row in web.companies.list()] == ["a", "c"]
    web.engine.execute("DROP INDEX no_second_b")
    assert web.captures.retry(2)["created"] is True


def test_first_touch_follows_the_setting_of_the_day(web) -> None:
    web.forms.edit("web", mode="manual")
    web.captures.submit("web", {"email": "a@b.example", "utm_source": "x"})
    web.settings.set("capture.utm", "false")
    web.captures.process(1, create=True)
    assert web.people.show(1)["lead_creation"] is None
    assert web.captures.show(1)["conversion"]["source"] == "x"


@pytest.mark.parametrize("many", [False, True])
def test_statements_per_submission_are_constant(web, many: bool) -> None:
    """Each costs a fixed number, however many people and companies there are."""

    def cost(count: int, start: int) -> int:
        body = "\n".join(
            f'{{"email": "p{start + number}@b.example", "company": "c{number % 3}"}}'
            for number in range(count)
        )
        before = web.engine.statements
        web.captures.submit("web", body)
        return web.engine.statements - before

    cost(3, 0)
    one = cost(2, 100) - cost(1, 200)
    assert cost(50 if many else 5, 300) - cost(49 if many else 4, 400) == one <= 12
