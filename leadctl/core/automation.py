"""Category automation: rules, what they do to a set of records, and proposals that wait.

Rules fire on what users do: not on imports, undo, or statuses that follow from a category (AU-14).
"""

from __future__ import annotations

from typing import Any

from leadctl.core.batch import Plan, Work, changing
from leadctl.core.companies import enter_people
from leadctl.core.crm import the_one
from leadctl.core.noun import Noun
from leadctl.core.refs import find_item
from leadctl.core.values import assignment, insertion
from leadctl.errors import NotFound, Refused, no_value
from leadctl.model import MOST_PROBLEMS, Choice, Record, Report, WriteOptions
from leadctl.rules.automation import (
    PROPOSAL_CHANGED_SINCE,
    Effect,
    Rule,
    Trigger,
    check_rule,
    effect,
)
from leadctl.rules.leads import enters, status_on_entry
from leadctl.rules.naming import text_of
from leadctl.store import automation, company, lists, person
from leadctl.store.tables import truth

# Who is concerned: a company, or a person without one, with the category before the command.
_FIRED = "(person_id INTEGER, company_id INTEGER, before INTEGER)"


class Automation(Noun):
    """The rules."""

    source = automation.RULES
    table = automation.AUTOMATION

    def set(
        self,
        trigger: str,
        *,
        category: str,
        status: str | None = None,
        confirm: bool = False,
        options: WriteOptions | None = None,
    ) -> Record:
        """Make the rule of a trigger and return it.

        ``category`` is the target; ``status`` the lead status that trigger ``lead_status`` watches;
        ``confirm`` proposes instead of changing. Raises Refused for a second rule
        (``automation_exists``, AU-8) and a deleted category (AU-17).
        """
        kind = parse_trigger(trigger)
        with changing(self._crm, "automation set", options) as work:
            values = self._values(kind, category, status, confirm, exists=self.has(trigger))
            cells, parameters = insertion(self.table, values, {})
            number = work.gate.create(self.table, cells, **parameters)
            work.count_created()
            return next(self.with_numbers([number], tuple(self.source.fields)))

    def has(self, trigger: str) -> bool:
        """Whether a trigger has a rule. Raises UsageError for what is no trigger."""
        return self._id(parse_trigger(trigger)) is not None

    def replace(
        self,
        trigger: str,
        *,
        category: str | None = None,
        status: str | None = None,
        confirm: bool | None = None,
        options: WriteOptions | None = None,
    ) -> Report:
        """Make or change the rule of a trigger; what is ``None`` stays as it is. Raises as
        ``set`` does, but for a rule that there is already.
        """
        kind = parse_trigger(trigger)
        if not self.has(trigger):
            watched = status or None
            self.set(trigger, category=category or "", status=watched, confirm=bool(confirm))
        with changing(self._crm, "automation set", options) as work:
            id = self._id(kind)
            (old,) = self.with_numbers([id or 0], tuple(self.source.fields))
            values = self._values(
                kind,
                old["category"] if category is None else category,
                old["status"] if status is None else status or None,
                old["confirm"] if confirm is None else confirm,
                exists=False,
            )
            work.choose(self.source, Choice(ids=(id or 0,)))
            work.decide(lambda situation: Plan())
            assign, parameters = assignment(self.table, values)
            work.count_changed(work.gate.update(self.table, work.go, assign, **parameters))
        return work.report

    def _values(
        self, kind: Trigger, category: str, status: str | None, confirm: bool, *, exists: bool
    ) -> dict[str, Any]:
        item = find_item(self._crm, lists.CATEGORIES, category)
        watched = None if status is None else find_item(self._crm, lists.LEAD_STATUSES, status).id
        target = self._crm.policy().categories[item.id]
        check_rule(kind, watched is not None, target, exists)
        return {
            "trigger": kind.value,
            "status": watched,
            "category": item.id,
            "confirm": int(confirm),
        }

    def clear(self, trigger: str, options: WriteOptions | None = None) -> Report:
        """Take the rule of a trigger away. Raises NotFound when it has none."""
        kind = parse_trigger(trigger)
        with changing(self._crm, "automation clear", options) as work:
            id = self._id(kind)
            if id is None:
                raise NotFound("the trigger {trigger} has no rule", trigger=kind.value)
            work.choose(self.source, Choice(ids=(id,)))
            work.decide(lambda situation: Plan())
            work.count_changed(work.gate.delete(self.table, work.go))
        return work.report

    def _id(self, trigger: Trigger) -> int | None:
        id = self._engine.value(
            "SELECT id FROM automation WHERE trigger_key = :key", key=trigger.value
        )
        return None if id is None else int(id)


class Proposals(Noun):
    """Categories that automation has proposed and nobody has answered (AU-9, AU-16)."""

    source = automation.PROPOSALS
    table = automation.PROPOSAL

    def accept(
        self, id: int | str, *, category: str | None = None, options: WriteOptions | None = None
    ) -> Report:
        """Give the company or person the proposed category, or ``category``.

        Raises NotFound, and Refused (``changed_since``) when it has got another one meanwhile.
        """
        with changing(self._crm, "automation accept", options) as work:
            company_id, person_id, before, target = self._choose(work, id)
            if category is not None:
                target = find_item(self._crm, lists.CATEGORIES, category).id
            now = self._engine.value(
                "SELECT category_id FROM company WHERE id = :id"
                if company_id
                else "SELECT own_category_id FROM person WHERE id = :id",
                id=company_id or person_id,
            )
            if now != before:
                raise Refused.of(PROPOSAL_CHANGED_SINCE)
            work.gate.delete(self.table, work.go)
            self._engine.execute("DROP TABLE IF EXISTS temp.fired")
            self._engine.execute(f"CREATE TEMP TABLE fired {_FIRED}")
            self._engine.execute(
                "INSERT INTO temp.fired VALUES (:person, :company, :before)",
                person=None if company_id else person_id,
                company=company_id,
                before=before,
            )
            _change(work, target, "SELECT * FROM temp.fired")
            work.count_changed(1)
        return work.report

    def decline(self, id: int | str, options: WriteOptions | None = None) -> Report:
        """Take a proposal away. Raises NotFound."""
        with changing(self._crm, "automation decline", options) as work:
            self._choose(work, id)
            work.count_changed(work.gate.delete(self.table, work.go))
        return work.report

    def _choose(self, work: Work, id: int | str) -> tuple[int | None, int | None, int | None, int]:
        # One that is not there ends the command, also where others would be kept going with.
        work.choose(self.source, Choice(ids=(the_one(id, self.source, self._crm),)))
        work.decide(lambda situation: Plan())
        row = self._engine.query(
            "SELECT company_id, person_id, from_category_id, to_category_id FROM proposal"
            f" WHERE id IN (SELECT id FROM {work.go})"
        )[0]
        return row[0], row[1], row[2], row[3]


def parse_trigger(text: str) -> Trigger:
    """A trigger by its key. Raises UsageError."""
    try:
        return Trigger(text_of("trigger", text).strip().lower())
    except ValueError:
        raise no_value("trigger", text, [trigger.value for trigger in Trigger]) from None


class Firing:
    """One rule in one command: ``watch`` before the write, fire when all is written."""

    def __init__(self, work: Work, rule: Rule) -> None:
        self._work = work
        self._engine = work.engine
        self._rule = rule

    def watch(self, where: str, **parameters: Any) -> None:
        """Note who is about to get the status: people ``t`` for whom ``where`` holds, with the
        category that they have now.
        """
        self._make_table()
        self._engine.execute(
            f"INSERT INTO temp.fired SELECT t.id, t.company_id, {person.EFFECTIVE_CATEGORY}"
            f" FROM person t LEFT JOIN company c ON c.id = t.company_id WHERE {where}",
            **parameters,
        )

    def fire_for_people(self, *, chosen_by_user: bool) -> None:
        """Do what the rule says for the people that were watched, in the companies that they are
        in now. ``chosen_by_user`` says that the command has named a category as well (AU-10).
        """
        self._engine.execute(
            "UPDATE temp.fired SET company_id ="
            " (SELECT p.company_id FROM person p WHERE p.id = fired.person_id)"
        )
        self._fire(chosen_by_user)

    def fire_for_opportunities(self, ids: str) -> None:
        """Do what the rule says for the contacts of the opportunities of a FROM item."""
        self._make_table()
        self._engine.execute(
            "INSERT INTO temp.fired SELECT o.person_id, o.company_id,"
            " CASE WHEN o.company_id IS NULL THEN p.own_category_id ELSE c.category_id END"
            " FROM opportunity o LEFT JOIN company c ON c.id = o.company_id"
            f" LEFT JOIN person p ON p.id = o.person_id WHERE o.id IN (SELECT id FROM {ids})"
        )
        self._fire(False)

    def _make_table(self) -> None:
        self._engine.execute("DROP TABLE IF EXISTS temp.fired")
        self._engine.execute(f"CREATE TEMP TABLE fired {_FIRED}")

    def _fire(self, chosen_by_user: bool) -> None:
        """Ask the rule once per category that there was before."""
        policy = self._work.crm.policy()
        by_effect: dict[Effect, list[int]] = {}
        for (before,) in self._engine.query("SELECT DISTINCT before FROM temp.fired"):
            found = effect(self._rule, policy.categories.get(before or 0), chosen_by_user)
            by_effect.setdefault(found, []).append(before or 0)
        for found, act in ((Effect.CHANGE, _change), (Effect.PROPOSE, self._propose)):
            if found in by_effect:
                numbers = ", ".join(map(str, by_effect[found]))
                act(
                    self._work,
                    self._rule.category,
                    f"SELECT * FROM temp.fired WHERE before IN ({numbers})",
                )

    def _propose(self, work: Work, target: int, fired: str) -> None:
        """One proposal per company or person, unless the same one waits already (AU-9, AU-15)."""
        rows = (
            "(SELECT f.person_id, f.company_id, coalesce(c.category_id, p.own_category_id) AS now"
            f" FROM (SELECT min(person_id) AS person_id, company_id FROM ({fired})"
            " GROUP BY company_id, CASE WHEN company_id IS NULL THEN person_id END) f"
            " LEFT JOIN company c ON c.id = f.company_id"
            " LEFT JOIN person p ON p.id = f.person_id AND f.company_id IS NULL"
            f" WHERE coalesce(c.category_id, p.own_category_id) IS DISTINCT FROM {target}"
            f" AND NOT EXISTS (SELECT 1 FROM proposal w WHERE w.to_category_id = {target}"
            " AND w.company_id IS NOT DISTINCT FROM f.company_id"
            " AND (w.company_id IS NOT NULL OR w.person_id = f.person_id)))"
        )
        values = {
            "trigger_key": ":trigger",
            "company_id": "s.company_id",
            "person_id": "s.person_id",
            "from_category_id": "s.now",
            "to_category_id": ":target",
            "at": ":stamp",
        }
        # Listed before they are there: afterwards the same proposal waits already.
        _tell(work, rows, target, pending=True)
        counted = work.gate.records
        work.gate.insert(
            automation.PROPOSAL,
            rows,
            values,
            "company_id, s.person_id",
            trigger=self._rule.trigger,
            target=target,
        )
        work.gate.records = counted


def _change(work: Work, target: int, fired: str) -> None:
    """Give companies, and people without one, the target category; others follow (AU-12)."""
    policy, engine = work.crm.policy(), work.engine
    engine.execute("DROP TABLE IF EXISTS temp.automated")
    entering = [old for old in (0, *policy.categories) if enters(old, target, policy)]
    flag = truth(f"coalesce(now, 0) IN ({', '.join(map(str, entering)) or 'NULL'})")
    engine.execute(
        f"CREATE TEMP TABLE automated AS SELECT *, {flag} AS flag FROM"
        f" (SELECT DISTINCT CAST(NULL AS BIGINT) AS person_id, c.id AS company_id, c.category_id AS now"
        f" FROM ({fired}) f JOIN company c ON c.id = f.company_id UNION"
        " SELECT p.id, NULL, p.own_category_id"
        f" FROM ({fired}) f JOIN person p ON p.id = f.person_id WHERE f.company_id IS NULL)"
        f" WHERE now IS DISTINCT FROM {target}"
    )
    _tell(work, "temp.automated", target, pending=False)
    companies = "(SELECT company_id AS id, flag FROM temp.automated WHERE company_id IS NOT NULL)"
    changed = work.gate.update(company.TABLE, companies, {"category": ":target"}, target=target)
    enter_people(work, policy, companies)
    # With the strict reading nobody without a company has a lead status (C-1).
    enters_alone = "0" if policy.require_company else "flag"
    alone = (
        f"(SELECT person_id AS id, {enters_alone} AS flag FROM temp.automated"
        " WHERE company_id IS NULL)"
    )
    answers = " ".join(
        f"WHEN {old} THEN {status_on_entry(old, policy)}" for old in (0, *policy.statuses)
    )
    status = (
        f"CASE WHEN s.flag = 1 THEN CASE coalesce(t.lead_status_id, 0) {answers} END"
        " ELSE t.lead_status_id END"
    )
    people = work.gate.update(
        person.TABLE, alone, {"category": ":target", "lead_status": status}, target=target
    )
    if work.gate.records is not None:
        work.gate.records += changed + people


def _tell(work: Work, source: str, target: int, *, pending: bool) -> None:
    """Put what becomes of every company into the report, and how many follow."""
    report = work.report
    room = MOST_PROBLEMS - len(report.automation)
    colleagues = "(SELECT count(*) FROM person p WHERE p.company_id = s.company_id)"
    count = f"CASE WHEN s.company_id IS NULL THEN 1 ELSE {colleagues} END"
    to = work.engine.value("SELECT key FROM category WHERE id = :id", id=target)
    for company_id, before, people in work.engine.query(
        f"SELECT s.company_id, k.key, {count} FROM {source} s"
        " LEFT JOIN category k ON k.id = s.now ORDER BY s.company_id, s.person_id LIMIT :room",
        room=room,
    ):
        line = {"company_id": company_id, "from": before, "to": to}
        report.automation.append(line | {"people": people, "pending": pending})
    if not pending:
        companies, people = work.engine.query(
            f"SELECT count(s.company_id), coalesce(sum({count}), 0) FROM {source} s"
        )[0]
        report.affected["companies"] += companies
        report.affected["people"] += people
