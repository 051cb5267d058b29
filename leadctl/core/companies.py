"""Companies: adding, changing, categories, deleting (``leads.md`` sections 4.2, 5, 10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadctl.core.batch import Plan, Situation, Work, changing
from leadctl.core.crm import Ids, as_choice
from leadctl.core.external import external_id_problem
from leadctl.core.leaving import drop_proposals, leave_company, leave_person
from leadctl.core.noun import Noun
from leadctl.core.refs import current_user, find_item_or_none
from leadctl.core.values import assignment, insertion, texts
from leadctl.errors import Reason, Refused, UsageError, no_value
from leadctl.model import Record, Report, Result, WriteOptions
from leadctl.rules.categories import NO_NEXT_CATEGORY, next_category
from leadctl.rules.leads import Policy, deleted_item, enters, status_on_entry
from leadctl.rules.naming import checked_text, folded
from leadctl.rules.opportunities import HAS_OPEN_OPPORTUNITIES
from leadctl.rules.similar import Named, prefixes, similar
from leadctl.store import company, lists, person
from leadctl.store.tables import truth

if TYPE_CHECKING:
    from collections.abc import Callable

    from leadctl.core.imports import ImportFile
    from leadctl.core.replacing import Replacement

HAS_PEOPLE = Reason(
    "company_has_people",
    "the company has people",
    "--people delete deletes them too, --people keep lets them go on without a company",
)
NAME_REQUIRED = Reason("name_required", "a company needs a name")
_CATEGORY = "coalesce(t.category_id, 0)"
_MOST_COMPARED = 200
_LAST_LETTER = "\U0010ffff"


class Companies(Noun):
    """Companies."""

    source = company.SOURCE
    table = company.TABLE

    def add(
        self,
        name: str,
        *,
        category: str | None = None,
        owner: str | None = None,
        country: str | None = None,
        email: str | None = None,
        phone: str | None = None,
        website: str | None = None,
        external_id: str | None = None,
        options: WriteOptions | None = None,
    ) -> Record:
        """Add a company and return it as ``show`` does.

        Without ``owner`` it belongs to the current user if in the user list. Raises Refused for
        an empty name, a deleted category and an external id that is taken.
        """
        named = {
            "name": name,
            "country": country,
            "email": email,
            "phone": phone,
            "website": website,
            "external_id": external_id,
        }
        with changing(self._crm, "company add", options) as work:
            values: dict[str, Any] = texts("company", named)
            if not (values["name"] or "").strip():
                raise Refused.of(NAME_REQUIRED)
            problem = external_id_problem(self._crm, self.source, values.get("external_id"))
            if problem is not None:
                raise Refused.of(problem)
            if category is not None:
                item = find_item_or_none(self._crm, lists.CATEGORIES, category)
                if item.deleted:
                    raise Refused.of(deleted_item(item.key))
                values["category"] = item.id or None
            values["owner"] = (
                current_user(self._crm)
                if owner is None
                else find_item_or_none(self._crm, lists.USERS, owner).id or None
            )
            cells, parameters = insertion(self.table, values, {})
            number = work.gate.create(self.table, cells, **parameters)
            work.count_created()
            return self.show(number)

    def edit(
        self,
        ids: Ids,
        *,
        name: str | None = None,
        category: str | None = None,
        owner: str | None = None,
        country: str | None = None,
        email: str | None = None,
        phone: str | None = None,
        website: str | None = None,
        external_id: str | None = None,
        replace: Replacement | None = None,
        options: WriteOptions | None = None,
    ) -> Report:
        """Change companies. What is ``None`` stays; an empty text clears; ``"none"`` clears a
        reference. A new category sets the lead status of the people who enter (T-1 to T-8).
        """
        named = {
            "name": name,
            "country": country,
            "email": email,
            "phone": phone,
            "website": website,
            "external_id": external_id,
        }
        values: dict[str, Any] = texts("company", named)
        if not values and replace is None and category is None and owner is None:
            raise UsageError("nothing to change was named")
        nameless = "name" in values and not (values["name"] or "").strip()
        if replace is not None:
            replace.check(self.table, values)
        with changing(self._crm, "company edit", options) as work:
            if owner is not None:
                values["owner"] = find_item_or_none(self._crm, lists.USERS, owner).id or None
            work.choose(self.source, as_choice(ids), (_CATEGORY, "0", "0", "0"))
            problem = external_id_problem(self._crm, self.source, values.get("external_id"), work)
            if replace is not None:
                replace.prepare(work, self.table)
            if nameless:
                problem = NAME_REQUIRED
            self._write(work, self._to(category), values, replace, problem)
        return work.report

    def set_category(self, ids: Ids, category: str, options: WriteOptions | None = None) -> Report:
        """Give companies a category, or none with ``"none"``; their people follow (T-1 to T-8)."""
        with changing(self._crm, "company set-category", options) as work:
            work.choose(self.source, as_choice(ids), (_CATEGORY,))
            self._write(work, self._to(category), {}, None)
        return work.report

    def next_category(self, ids: Ids, options: WriteOptions | None = None) -> Report:
        """Move companies to the next active category by rank (B-20); refused at the end."""
        with changing(self._crm, "company next-category", options) as work:
            categories = self._crm.policy().categories.values()

            def following(current: int) -> int | Reason:
                return next_category(current, categories) or NO_NEXT_CATEGORY

            work.choose(self.source, as_choice(ids), (_CATEGORY,))
            self._write(work, following, {}, None)
        return work.report

    def delete(
        self, ids: Ids, *, people: str | None = None, options: WriteOptions | None = None
    ) -> Report:
        """Delete companies. Those with people are refused unless ``people`` is ``"delete"`` or
        ``"keep"``: kept ones go on without company, with the category and owner they mirrored.
        Those with open opportunities are refused; closed ones lose the contact.
        """
        if people not in (None, "delete", "keep"):
            raise no_value("--people", people, ("delete", "keep"))
        with changing(self._crm, "company delete", options) as work:
            has_people = "EXISTS (SELECT 1 FROM person p WHERE p.company_id = t.id)"
            sells = "o.company_id = t.id"
            if people == "delete":
                sells += " OR o.person_id IN (SELECT p.id FROM person p WHERE p.company_id = t.id)"
            has_open = (
                f"EXISTS (SELECT 1 FROM opportunity o WHERE o.closed_on IS NULL AND ({sells}))"
            )
            work.choose(self.source, as_choice(ids), (truth(has_people), truth(has_open)))

            def rule(situation: Situation) -> Plan:
                if situation[0] and people is None:
                    return Plan(result=Result.REFUSED, reason=HAS_PEOPLE)
                if situation[1]:
                    return Plan(result=Result.REFUSED, reason=HAS_OPEN_OPPORTUNITIES)
                return Plan()

            work.decide(rule)
            leave_company(work)
            drop_proposals(work, "company_id")
            if people is not None:
                theirs = (
                    f"(SELECT p.id FROM person p WHERE p.company_id IN (SELECT id FROM {work.go}))"
                )
                if people == "delete":
                    leave_person(work, theirs)
                work.report.affected["people"] = (
                    work.gate.delete(person.TABLE, theirs)
                    if people == "delete"
                    else work.gate.update(person.TABLE, theirs, person.LEAVE_COMPANY)
                )
            work.count_changed(work.gate.delete(self.table, work.go))
        return work.report

    def similar(self, name: str) -> list[Named]:
        """Companies whose names are equal or similar to ``name``, the most similar first (SO-125).

        Letter case, punctuation and legal forms do not count. The first three letters must be the
        same; of more than 200 such companies the alphabetically nearest are looked at. Raises
        UsageError for a name that cannot be stored.
        """
        if checked_text("name", name, "company") is None:
            return []
        found: dict[int, Named] = {}
        key = folded(name)
        for prefix in prefixes(name):
            for side, order in ((">=", "ASC"), ("<", "DESC")):
                rows = self._engine.query(
                    f"SELECT id, name FROM company WHERE name_key {side} :key"
                    " AND name_key >= :prefix AND name_key < :prefix || :last"
                    f" ORDER BY name_key {order}, id {order} LIMIT {_MOST_COMPARED // 2}",
                    key=key,
                    prefix=prefix,
                    last=_LAST_LETTER,
                )
                found |= {row[0]: Named(*row) for row in rows}
        return similar(name, found.values())

    def import_file(self, source: ImportFile, options: WriteOptions | None = None) -> Report:
        """Import companies from a file; see ``run_import``."""
        from leadctl.core.imports import run_import

        return run_import(self._crm, "company", source, options)

    def _to(self, category: str | None) -> Callable[[int], int | Reason] | None:
        """The category that each company gets, by the one that it has."""
        if category is None:
            return None
        item = find_item_or_none(self._crm, lists.CATEGORIES, category)

        def target(current: int) -> int | Reason:
            return deleted_item(item.key) if item.deleted and current != item.id else item.id

        return target

    def _write(
        self,
        work: Work,
        target: Callable[[int], int | Reason] | None,
        values: dict[str, Any],
        replace: Replacement | None,
        problem: Reason | None = None,
    ) -> None:
        policy = self._crm.policy()

        def rule(situation: Situation) -> Plan:
            refusal = problem or (replace.problem(situation[3]) if replace else None)
            new = target(situation[0]) if target else situation[0]
            if isinstance(new, Reason):
                refusal, new = new, 0
            if refusal is not None:
                return Plan(result=Result.REFUSED, reason=refusal)
            return Plan(new, enters(situation[0], new, policy))

        work.decide(rule)
        assign, parameters = assignment(self.table, values)
        if replace is not None:
            assign |= replace.assignment()
        if target is not None:
            assign["category"] = "nullif(s.value, 0)"
            work.report.affected["people"] = self._engine.value(
                "SELECT count(*) FROM person p WHERE p.company_id IN (SELECT s.id FROM"
                f" {work.go} s JOIN company t ON t.id = s.id WHERE {_CATEGORY} <> s.value)"
            )
        work.count_changed(work.gate.update(self.table, work.go, assign, **parameters))
        if target is not None:
            enter_people(work, policy, work.go)


def enter_people(work: Work, policy: Policy, source: str) -> None:
    """Set the lead status of everybody whose company has just entered (T-1, T-2, T-7).

    ``source`` has the companies, with ``flag`` 1 for those that entered.
    """
    statuses = [0, *policy.statuses]
    answers = " ".join(f"WHEN {old} THEN {status_on_entry(old, policy)}" for old in statuses)
    work.gate.update(
        person.TABLE,
        f"(SELECT p.id FROM person p JOIN {source} g ON g.id = p.company_id WHERE g.flag = 1)",
        {"lead_status": f"CASE coalesce(t.lead_status_id, 0) {answers} END"},
    )
