"""The save pipeline of a person (``leads.md`` section 4.8): references, situations, decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from leadctl.core.batch import Plan, Situation
from leadctl.core.refs import find_item, find_item_or_none, find_record
from leadctl.core.values import assignment
from leadctl.errors import Reason
from leadctl.model import Result
from leadctl.rules.leads import Person, Policy, Wish, decide, deleted_item
from leadctl.store import company as company_store
from leadctl.store import lists, person
from leadctl.store.tables import truth

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leadctl.core.crm import Crm

NAME_REQUIRED = Reason("name_required", "a person needs a first or a last name")
_NAME_BIT = 4


class Save(NamedTuple):
    """What a command gives people beside plain texts. ``None`` stays, 0 clears the reference.

    ``category`` is the one that people have afterwards because the command says so: the named
    one, or that of the company that they move to.
    """

    policy: Policy
    company: int | None
    category: int | None
    owner: int | None
    status: int | None
    names_category: bool
    own_category_deleted: str | None

    @classmethod
    def read(
        cls,
        crm: Crm,
        company: int | str | None,
        category: str | None,
        owner: str | None,
        status: str | None,
    ) -> Save:
        """Look up what a command names. Raises NotFound and Refused (``ambiguous_name``)."""
        policy = crm.policy()
        company_id = category_id = owner_id = status_id = None
        deleted = None
        if company is not None:
            company_id = 0
            if str(company).casefold() != "none":
                company_id = find_record(crm, company_store.SOURCE, company)
        if category is not None:
            item = find_item_or_none(crm, lists.CATEGORIES, category)
            category_id = item.id
            deleted = item.key if item.deleted else None
        elif company_id:
            category_id = (
                crm.engine.value("SELECT category_id FROM company WHERE id = :id", id=company_id)
                or 0
            )
        if owner is not None:
            owner_id = find_item_or_none(crm, lists.USERS, owner).id
        if status is not None:
            status_id = find_item(crm, lists.LEAD_STATUSES, status).id
        return cls(
            policy, company_id, category_id, owner_id, status_id, category is not None, deleted
        )

    def situation(self, values: Mapping[str, str | None]) -> tuple[str, ...]:
        """SQL for what the decision depends on: category, company, status, and a missing name."""
        nameless = []
        for name in ("first_name", "last_name"):
            value = values.get(name, "")
            kept = f"trim(coalesce(t.{name}, '')) = ''"
            nameless.append(kept if name not in values else str(not (value or "").strip()).lower())
        return (
            f"coalesce({person.EFFECTIVE_CATEGORY}, 0)",
            truth("t.company_id IS NOT NULL"),
            "coalesce(t.lead_status_id, 0)",
            f"{truth(f'{nameless[0]} AND {nameless[1]}')} * {_NAME_BIT}",
        )

    def plan(self, situation: Situation, problem: Reason | None = None) -> Plan:
        """What to do with the people of a situation; ``value`` is the lead status afterwards."""
        category, has_company, status, flags = situation
        if problem is None and flags >= _NAME_BIT:
            problem = NAME_REQUIRED
        before = Person(category, bool(has_company), status)
        placed = bool(has_company) if self.company is None else bool(self.company)
        after = Person(category if self.category is None else self.category, placed, status)
        wish = Wish(self.status or 0, self.names_category, self.owner is not None)
        decision = decide(before, after, wish, self.policy)
        if decision.reason is not None:
            return Plan(result=decision.result, reason=decision.reason)
        if self.own_category_deleted and category != self.category:
            problem = deleted_item(self.own_category_deleted)
        if problem is not None:
            return Plan(result=Result.REFUSED, reason=problem)
        # A status that is named is the same for all.
        return Plan(0 if self.status or not self._follows else decision.status)

    @property
    def _follows(self) -> bool:
        """Whether the lead status may follow from what else is saved."""
        return self.company is not None or self.names_category

    def assignment(self, values: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
        """For ``Gate.update``: texts, references, and the lead status from the plan."""
        assign, parameters = assignment(person.TABLE, values)
        if self.company is not None:
            assign |= person.JOIN_COMPANY if self.company else person.LEAVE_COMPANY
            parameters["company"] = self.company
        if self.names_category:
            assign["category"] = ":category"
            parameters["category"] = self.category or None
        if self.owner is not None:
            assign["owner"] = ":owner"
            parameters["owner"] = self.owner or None
        if self.status is not None:
            assign["lead_status"] = ":status"
            parameters["status"] = self.status
        elif self._follows:
            assign["lead_status"] = "nullif(s.value, 0)"
        return assign, parameters
