"""What becomes of opportunities and captures when their contact moves or goes (decisions, "Leads")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.store import automation, document, form, opportunity, selection

if TYPE_CHECKING:
    from leadctl.core.batch import Work


def leave_company(work: Work) -> None:
    """Closed opportunities, quotes, orders and captures of the companies that go are without one."""
    for table in (opportunity.TABLE, document.QUOTE, document.ORDER, form.CAPTURE):
        theirs = f"(SELECT id FROM {table.name} WHERE company_id IN (SELECT id FROM {work.go}))"
        work.gate.update(table, theirs, {"company_id": "NULL"})


def leave_person(work: Work, people: str) -> None:
    """Closed opportunities and captures of people who go pass to the company, or lose the contact."""
    for table in (opportunity.TABLE, form.CAPTURE):
        theirs = f"(SELECT id FROM {table.name} WHERE person_id IN (SELECT id FROM {people}))"
        work.gate.update(table, theirs, {"person_id": "NULL"})


def drop_proposals(work: Work, column: str) -> None:
    """What automation has proposed for those who go is of no use any more."""
    theirs = f"(SELECT id FROM proposal WHERE {column} IN (SELECT id FROM {work.go}))"
    work.gate.delete(automation.PROPOSAL, theirs)


def follow_person(work: Work, people: str) -> None:
    """Opportunities without a company follow their person to one; others stay where they are."""
    theirs = (
        "(SELECT o.id, p.company_id FROM opportunity o JOIN person p ON p.id = o.person_id"
        f" WHERE o.company_id IS NULL AND p.company_id IS NOT NULL"
        f" AND p.id IN (SELECT id FROM {people}))"
    )
    work.gate.update(opportunity.TABLE, theirs, {"company_id": "s.company_id"})


def pass_on(work: Work, target: int) -> None:
    """Opportunities, captures and memberships of a person who is merged go to another one."""
    theirs = (
        "(SELECT o.id, coalesce(o.company_id, p.company_id) AS company_id FROM opportunity o"
        f" JOIN person p ON p.id = :target WHERE o.person_id IN (SELECT id FROM {work.go}))"
    )
    assign = {"person_id": ":target", "company_id": "s.company_id"}
    work.gate.update(opportunity.TABLE, theirs, assign, target=target)
    theirs = f"(SELECT id FROM capture WHERE person_id IN (SELECT id FROM {work.go}))"
    work.gate.update(form.CAPTURE, theirs, {"person_id": ":target"}, target=target)
    _pass_memberships_on(work, target)


def _pass_memberships_on(work: Work, target: int) -> None:
    """Static selections have the target instead, once."""
    listed = (
        "SELECT m.id FROM member m JOIN selection l ON l.id = m.selection_id"
        f" WHERE l.entity = 'person' AND m.record_id IN (SELECT id FROM {work.go})"
    )
    is_there = (
        "EXISTS (SELECT 1 FROM member o WHERE o.selection_id = m.selection_id"
        " AND o.record_id = :target)"
    )
    work.gate.delete(selection.MEMBER, f"({listed} AND {is_there})", target=target)
    work.gate.update(selection.MEMBER, f"({listed})", {"record_id": ":target"}, target=target)
