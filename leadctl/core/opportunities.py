"""Opportunities: adding, changing, showing (sections 4, 7 and 9 of ``opportunities.md``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from leadctl.core import ledger
from leadctl.core.batch import Plan, Situation, Work, changing
from leadctl.core.crm import Ids, as_choice, the_one
from leadctl.core.external import external_id_problem
from leadctl.core.given import Number, day_of, given_of
from leadctl.core.moves import Moves
from leadctl.core.opportunity_history import of_opportunity
from leadctl.core.refs import current_user, find_item, find_item_or_none, find_record, look_up
from leadctl.core.triggers import firing_of
from leadctl.core.values import assignment, choice_of, insertion, texts
from leadctl.errors import Reason, Refused, UsageError
from leadctl.model import Move, Priority, Record, Report, Result, Status, WriteOptions
from leadctl.rules.closing import allowed
from leadctl.rules.moves import plan_move
from leadctl.rules.opportunities import (
    CONTACT_REQUIRED,
    NOT_CLOSED,
    PERSON_ELSEWHERE,
    Standing,
    edit_problem,
)
from leadctl.rules.quotes import quote_problem
from leadctl.store import company, cycle, document, lists, opportunity, person
from leadctl.store.tables import truth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadctl.core.crm import Crm
    from leadctl.core.imports import ImportFile
    from leadctl.core.replacing import Replacement
    from leadctl.model import Choice
    from leadctl.rules.closing import Offer

CYCLE_BLOCKED = "the sales cycle {key} is blocked"
_STATUSES = tuple(status.value for status in Status)
# Bits of a situation: which fields would get another value.
_CHANGES = ("contact", "salesperson", "campaign", "priority", "cycle", "no_salesperson")


class Contact(NamedTuple):
    """Who an opportunity is with: a company, or a person with their company; ``elsewhere`` says
    that the person who was named belongs to another company than the one named.
    """

    company: int | None
    person: int | None
    owner: int | None
    elsewhere: bool = False


class Opportunities(Moves):
    """Opportunities."""

    def add(
        self,
        description: str,
        *,
        company: int | str | None = None,
        person: int | str | None = None,
        salesperson: str | None = None,
        cycle: str | None = None,
        campaign: str | None = None,
        priority: str = "normal",
        created: str | None = None,
        external_id: str | None = None,
        start: bool = False,
        on: str | None = None,
        value: Number | None = None,
        chances: Number | None = None,
        close_date: str | None = None,
        options: WriteOptions | None = None,
    ) -> Record:
        """Add an opportunity and return it as ``show`` does.

        ``company`` and ``person`` are a number, ``"ext:KEY"`` or a name; one of them is needed.
        The salesperson is the one named, else the contact's owner, else the current user if in
        the user list. Without ``cycle`` it is the setting ``default_cycle``. ``created`` is a
        date, today by default. ``start`` puts it on the first stage (5.1); ``on``, ``value`` (in
        units of the currency), ``chances`` (percent) and ``close_date`` go with that.

        Raises Refused without a contact, for a blocked cycle, an external id that is taken, and
        for what ``start`` refuses.
        """
        given = given_of(on, value, chances, close_date)
        if not start and any(part is not None for part in given):
            raise UsageError("--on, --value, --chances and --close-date go with --start")
        named = {"description": description, "campaign": campaign, "external_id": external_id}
        with changing(self._crm, "opportunity add", options) as work:
            values: dict[str, Any] = texts("opportunity", named)
            _need_description(values["description"])
            contact = find_contact(self._crm, company, person)
            if contact.elsewhere:
                raise Refused.of(PERSON_ELSEWHERE)
            problem = external_id_problem(self._crm, self.source, values.get("external_id"))
            if problem is not None:
                raise Refused.of(problem)
            values |= {
                "company_id": contact.company,
                "person_id": contact.person,
                "salesperson": self._salesperson(salesperson, contact),
                "priority": choice_of(Priority, priority, "--priority"),
                "cycle": self._cycle(cycle),
                "created_on": day_of(created) or self._crm.today,
                "status": (Status.IN_PROGRESS if start else Status.NOT_STARTED).value,
            }
            cells, parameters = insertion(self.table, values, {})
            if start:
                on_cycle = ledger.read_cycles(self._engine)[values["cycle"]]
                entry = plan_move(
                    Move.START, Standing(Status.NOT_STARTED), given, on_cycle, self._crm.today
                )
                if isinstance(entry, Reason):
                    raise Refused.of(entry)
                number = work.gate.create(self.table, cells, **parameters)
                planned = [(number, (None, None, values["cycle"], *ledger.cells_of(entry)))]
                work.plan_each(planned, ledger.PLANNED)
                ledger.write_entries(work, work.go)
            else:
                number = work.gate.create(self.table, cells, **parameters)
            work.looked_at = []
            work.gate.records = 1
            firing = firing_of(work, "opportunity_created")
            if firing is not None:
                firing.fire_for_opportunities(f"(SELECT {number} AS id)")
            work.count_created()
            return self.show(number)

    def narrowed(
        self,
        choice: Choice,
        *,
        salesperson: str | None = None,
        company: int | str | None = None,
        person: int | str | None = None,
    ) -> Choice:
        """A choice narrowed to those of a salesperson, a company, a person. Raises NotFound."""
        from leadctl.core.narrowing import narrowed

        return narrowed(self._crm, choice, salesperson=salesperson, company=company, person=person)

    def show(self, id: int | str) -> Record:
        """One opportunity with its entries and what can be done with it. Raises NotFound."""
        record = super().show(id)
        entries = self._crm.entries.of(record["id"])
        return record | {"entries": list(entries), "allowed": self.allowed(record["id"])}

    def history(self, id: int | str) -> Iterator[Record]:
        """Every change of one opportunity, newest first: of its header, and the figures that its
        entries brought. Raises NotFound.
        """
        first = next(super().history(id), None)
        number = the_one(id, self.source, self._crm) if first is None else first["entity_id"]
        return of_opportunity(self._crm, number)

    def allowed(self, id: int | str) -> list[Record]:
        """What can be done with an opportunity now: per action whether it is offered, the stages
        that it can reach, and why not (sections 5.3 to 5.5). Raises NotFound.
        """
        number = the_one(id, self.source, self._crm)
        cycle_id, standing = ledger.standing_of(self._engine, number)
        has_quote, is_company = self._engine.query(
            "SELECT EXISTS (SELECT 1 FROM quote q WHERE q.opportunity_id = t.id),"
            " t.person_id IS NULL AND t.company_id IS NOT NULL FROM opportunity t WHERE t.id = :id",
            id=number,
        )[0]
        problem = quote_problem(bool(has_quote), bool(is_company), standing.status)
        on_cycle = ledger.read_cycles(self._engine)[cycle_id]
        return [_shown(offer) for offer in allowed(standing, on_cycle, problem, self._crm.today)]

    def edit(
        self,
        ids: Ids,
        *,
        description: str | None = None,
        salesperson: str | None = None,
        company: int | str | None = None,
        person: int | str | None = None,
        campaign: str | None = None,
        priority: str | None = None,
        cycle: str | None = None,
        external_id: str | None = None,
        replace: Replacement | None = None,
        options: WriteOptions | None = None,
    ) -> Report:
        """Change opportunities. What is ``None`` stays; an empty ``campaign`` clears it.

        Once started, the contact stays within its company and the sales cycle stays; once closed,
        only description and external id may change (section 7).
        """
        named = {"description": description, "campaign": campaign, "external_id": external_id}
        references = (salesperson, company, person, priority, cycle)
        if all(value is None for value in (*named.values(), *references, replace)):
            raise UsageError("nothing to change was named")
        with changing(self._crm, "opportunity edit", options) as work:
            values: dict[str, Any] = texts("opportunity", named)
            if "description" in values:
                _need_description(values["description"])
            if replace is not None:
                replace.check(self.table, values)
            contact = None
            if company is not None or person is not None:
                contact = find_contact(self._crm, company, person)
                values |= {"company_id": contact.company, "person_id": contact.person}
            values |= self._references(salesperson, priority, cycle)
            work.choose(self.source, as_choice(ids), _situation(values), **_parameters(values))
            taken = external_id_problem(self._crm, self.source, values.get("external_id"), work)
            if replace is not None:
                replace.prepare(work, self.table)

            def rule(situation: Situation) -> Plan:
                status, changed, other_company, flags = situation
                changes = frozenset(
                    name for place, name in enumerate(_CHANGES) if changed >> place & 1
                )
                problem = edit_problem(_STATUSES[status], changes, bool(other_company))
                if contact is not None and contact.elsewhere and "contact" in changes:
                    problem = problem or PERSON_ELSEWHERE
                problem = problem or taken or (replace.problem(flags) if replace else None)
                return Plan(result=Result.REFUSED, reason=problem) if problem else Plan()

            work.decide(rule)
            assign, parameters = assignment(self.table, values)
            if replace is not None:
                assign |= replace.assignment()
            work.count_changed(work.gate.update(self.table, work.go, assign, **parameters))
        return work.report

    def delete(self, ids: Ids, options: WriteOptions | None = None) -> Report:
        """Delete closed opportunities with their entries and open quotes; others are refused
        (decisions, delete).
        """
        with changing(self._crm, "opportunity delete", options) as work:
            work.choose(self.source, as_choice(ids), (truth("t.closed_on IS NOT NULL"),))
            delete_closed(work)
        return work.report

    def import_file(self, source: ImportFile, options: WriteOptions | None = None) -> Report:
        """Import opportunities from a file, with the state that they are in; see ``run_import``."""
        from leadctl.core.imports import run_import

        return run_import(self._crm, "opportunity", source, options)

    def _references(
        self,
        salesperson: str | None,
        priority: str | None,
        cycle_key: str | None,
    ) -> dict[str, Any]:
        """What an edit names, looked up; ``None`` is a salesperson that is taken away."""
        values: dict[str, Any] = {}
        if salesperson is not None:
            values["salesperson"] = (
                find_item_or_none(self._crm, lists.USERS, salesperson).id or None
            )
        if priority is not None:
            values["priority"] = choice_of(Priority, priority, "--priority")
        if cycle_key is not None:
            values["cycle"] = self._cycle(cycle_key)
        return values

    def _salesperson(self, name: str | None, contact: Contact) -> int | None:
        if name is not None:
            return find_item_or_none(self._crm, lists.USERS, name).id or None
        return contact.owner or current_user(self._crm)

    def _cycle(self, key: str | None) -> int:
        """The sales cycle named, or the default one. Raises Refused for a blocked one."""
        if key is not None:
            item = find_item(self._crm, cycle.CYCLES, key)
            if self._blocked(item.id):
                raise Refused(CYCLE_BLOCKED, code="cycle_blocked", key=item.key)
            return item.id
        default = self._crm.settings.get("default_cycle")
        found = look_up(self._crm, cycle.CYCLES, default)
        if found is None or self._blocked(found.id):
            raise UsageError(
                "--cycle is needed: the default sales cycle {key} is missing or blocked",
                hint="setting set default_cycle KEY chooses another",
                key=default,
            )
        return found.id

    def _blocked(self, id: int) -> bool:
        return bool(self._engine.value("SELECT blocked FROM sales_cycle WHERE id = :id", id=id))


def find_contact(
    crm: Crm, company_name: int | str | None, person_name: int | str | None
) -> Contact:
    """The contact that is named: a company, a person, or a person of that company.

    Raises NotFound, and Refused for none at all.
    """
    named = [
        name for name in (company_name, person_name) if name is not None and str(name) != "none"
    ]
    if not named:
        raise Refused.of(CONTACT_REQUIRED)
    company_id = person_id = owner = None
    if company_name in named:
        company_id = find_record(crm, company.SOURCE, str(company_name))
        owner = crm.engine.value("SELECT owner_id FROM company WHERE id = :id", id=company_id)
    if person_name in named:
        person_id = find_record(crm, person.SOURCE, str(person_name))
        theirs, owner = crm.engine.query(
            "SELECT p.company_id, coalesce(c.owner_id, p.own_owner_id) FROM person p"
            " LEFT JOIN company c ON c.id = p.company_id WHERE p.id = :id",
            id=person_id,
        )[0]
        if company_id in (None, theirs):
            return Contact(theirs, person_id, owner)
        return Contact(company_id, person_id, owner, elsewhere=True)
    return Contact(company_id, person_id, owner)


def delete_closed(work: Work, *, purge: bool = False) -> None:
    """Delete what was chosen and is closed (the first number of its situation), as sets."""
    work.decide(
        lambda situation: Plan() if situation[0] else Plan(result=Result.REFUSED, reason=NOT_CLOSED)
    )
    gate, theirs = work.gate, f"opportunity_id IN (SELECT id FROM {work.go})"
    gate.delete(opportunity.ENTRY, f"(SELECT id FROM entry WHERE {theirs})", purge=purge)
    open_quotes = f"(SELECT id FROM quote WHERE {theirs} AND status = 'open')"
    gate.delete(document.QUOTE, open_quotes, purge=purge)
    for table in (document.QUOTE, document.ORDER):
        gate.update(table, f"(SELECT id FROM {table.name} WHERE {theirs})", _UNLINKED)
    deleted = gate.delete(opportunity.TABLE, work.go, purge=purge)
    gate.records = deleted
    work.count_changed(deleted)


_UNLINKED = {"opportunity_id": "NULL"}


def _need_description(text: str | None) -> None:
    if not (text or "").strip():
        raise Refused("an opportunity needs a description", code="name_required")


def _situation(values: dict[str, Any]) -> tuple[str, ...]:
    """SQL for what an edit depends on: status, which fields change, another company."""
    status = "CASE t.status " + " ".join(
        f"WHEN '{name}' THEN {place}" for place, name in enumerate(_STATUSES)
    )
    changes = {
        "contact": ("company_id", "person_id"),
        "salesperson": ("salesperson",),
        "campaign": ("campaign",),
        "priority": ("priority",),
        "cycle": ("cycle",),
    }
    bits = []
    for place, name in enumerate(_CHANGES):
        differs = [
            f"t.{opportunity.TABLE.column(field).name} IS DISTINCT FROM :n_{field}"
            for field in changes.get(name, ())
            if field in values
        ]
        if name == "no_salesperson" and values.get("salesperson", 1) is None:
            differs = ["t.salesperson_id IS NOT NULL"]
        if differs:
            bits.append(f"{truth(' OR '.join(differs))} * {1 << place}")
    other = truth(
        "t.company_id IS DISTINCT FROM :n_company_id" if "company_id" in values else "false"
    )
    return (f"{status} END", " + ".join(bits) or "0", other, "0")


def _parameters(values: dict[str, Any]) -> dict[str, Any]:
    return {f"n_{field}": value for field, value in values.items()}


def _shown(offer: Offer) -> Record:
    return {
        "action": offer.action,
        "offered": offer.reason is None,
        "targets": [
            {"stage": stage.number, "name": stage.name, "quote_required": stage.quote_required}
            for stage in offer.targets
        ],
        "reason": offer.reason.code if offer.reason else None,
    }
