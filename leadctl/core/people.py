"""People: adding, changing, moving, merging, deleting (``leads.md`` sections 4.1, 4.5, 4.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadctl.core.batch import Plan, Situation, changing
from leadctl.core.crm import Ids, as_choice, the_one
from leadctl.core.external import external_id_problem
from leadctl.core.noun import Noun
from leadctl.core.refs import current_user
from leadctl.core.saving import NAME_REQUIRED, Save
from leadctl.core.triggers import firing_of
from leadctl.core.values import insertion, object_of, texts
from leadctl.errors import Refused, UsageError
from leadctl.model import Choice, Record, Report, Result, WriteOptions
from leadctl.rules.leads import Person, Wish, decide, deleted_item
from leadctl.store import person
from leadctl.store.tables import truth

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadctl.core.automation import Firing
    from leadctl.core.batch import Work
    from leadctl.core.imports import ImportFile
    from leadctl.core.replacing import Replacement


class People(Noun):
    """People."""

    source = person.SOURCE
    table = person.TABLE

    def show(self, id: int | str) -> Record:
        """One person, with the description of the lead status (E-3), and where they came from
        (U-10): ``first_touch`` and ``lead_creation`` are objects or ``None``. Raises NotFound.
        """
        record = super().show(id)
        record["lead_status_description"] = self._engine.value(
            "SELECT description FROM lead_status WHERE key = :key", key=record["lead_status"]
        )
        first_touch, creation = self._engine.query(
            "SELECT first_touch, lead_creation FROM person WHERE id = :id", id=record["id"]
        )[0]
        return record | {
            "first_touch": object_of(first_touch),
            "lead_creation": object_of(creation),
        }

    def add(
        self,
        *,
        first_name: str | None = None,
        last_name: str | None = None,
        company: int | str | None = None,
        category: str | None = None,
        lead_status: str | None = None,
        owner: str | None = None,
        email: str | None = None,
        phone: str | None = None,
        title: str | None = None,
        country: str | None = None,
        external_id: str | None = None,
        options: WriteOptions | None = None,
    ) -> Record:
        """Add a person and return it as ``show`` does.

        ``company`` is a number, ``"ext:KEY"`` or a name. Lead status is the default one where it
        applies (L-1), nothing where it does not (L-2); an explicit one is refused there (L-4).
        Without ``owner``, a person without company belongs to the current user if in the user
        list. Raises Refused without a name, for a category or owner beside a company (E-7), and
        for an external id that is taken.
        """
        named = {
            "first_name": first_name,
            "last_name": last_name,
            "email": email,
            "phone": phone,
            "title": title,
            "country": country,
            "external_id": external_id,
        }
        with changing(self._crm, "person add", options) as work:
            values: dict[str, Any] = texts("person", named)
            if not has_name(values.get("first_name"), values.get("last_name")):
                raise Refused.of(NAME_REQUIRED)
            problem = external_id_problem(self._crm, self.source, values.get("external_id"))
            if problem is not None:
                raise Refused.of(problem)
            save = Save.read(self._crm, company, category, owner, lead_status)
            decision = decide(
                Person(0, False, 0),
                Person(save.category or 0, bool(save.company), 0),
                Wish(save.status or 0, category is not None, owner is not None, creating=True),
                save.policy,
            )
            if decision.reason is not None:
                raise Refused.of(decision.reason)
            if save.own_category_deleted:
                raise Refused.of(deleted_item(save.own_category_deleted))
            if not save.company:
                values["category"] = save.category or None
                values["owner"] = (current_user(self._crm) if owner is None else save.owner) or None
            values["company_id"] = save.company or None
            values["lead_status"] = decision.status or None
            since = {"status_since": work.gate.stamp} if decision.status else {}
            cells, parameters = insertion(self.table, values, since)
            number = work.gate.create(self.table, cells, **parameters)
            firing = self._firing(work, save)
            if firing is not None:
                # A category of their own they did not have before.
                firing.watch("t.id = :number AND t.company_id IS NOT NULL", number=number)
                firing.fire_for_people(chosen_by_user=save.names_category)
            work.count_created()
            return self.show(number)

    def edit(
        self,
        ids: Ids,
        *,
        first_name: str | None = None,
        last_name: str | None = None,
        company: int | str | None = None,
        category: str | None = None,
        lead_status: str | None = None,
        owner: str | None = None,
        email: str | None = None,
        phone: str | None = None,
        title: str | None = None,
        country: str | None = None,
        external_id: str | None = None,
        replace: Replacement | None = None,
        options: WriteOptions | None = None,
    ) -> Report:
        """Change people. What is ``None`` stays; an empty text clears; ``"none"`` clears a
        reference.

        Category and owner of a person in a company, and a lead status that does not apply, are
        skipped with the reason (BU-9, BU-12).
        """
        named = {
            "first_name": first_name,
            "last_name": last_name,
            "email": email,
            "phone": phone,
            "title": title,
            "country": country,
            "external_id": external_id,
        }
        references = (company, category, owner, lead_status)
        return self._save("person edit", ids, named, references, replace, options)

    def set_status(self, ids: Ids, status: str, options: WriteOptions | None = None) -> Report:
        """Set the lead status (E-1, E-2, E-4, E-6); skipped where it does not apply."""
        return self._save("person set-status", ids, {}, (None, None, None, status), None, options)

    def move(self, ids: Ids, company: int | str, options: WriteOptions | None = None) -> Report:
        """Move people to a company (M-1 to M-4), or out of theirs with ``"none"`` (M-5)."""
        return self._save("person move", ids, {}, (company, None, None, None), None, options)

    def retire(
        self, ids: Ids, *, undo: bool = False, options: WriteOptions | None = None
    ) -> Report:
        """Mark people as retired (M-8): they keep everything but leave the lists. ``undo`` ends it."""
        with changing(self._crm, "person retire", options) as work:
            work.choose(self.source, as_choice(ids))
            work.decide(lambda situation: Plan())
            assign = {"retired": ":retired"}
            work.count_changed(work.gate.update(self.table, work.go, assign, retired=int(not undo)))
        return work.report

    def merge(
        self, source: int | str, into: int | str, options: WriteOptions | None = None
    ) -> Report:
        """Merge a person into another, whose values win; the source is deleted (M-7)."""
        from leadctl.core.leaving import drop_proposals, pass_on

        with changing(self._crm, "person merge", options) as work:
            target = the_one(into, self.source, self._crm)
            work.choose(self.source, Choice(ids=(source,)))
            if self._engine.value("SELECT id FROM temp.target") == target:
                raise Refused("a person cannot be merged into itself", code="merge_into_itself")
            work.decide(lambda situation: Plan())
            pass_on(work, target)
            drop_proposals(work, "person_id")
            work.count_changed(work.gate.delete(self.table, work.go))
        return work.report

    def delete(self, ids: Ids, options: WriteOptions | None = None) -> Report:
        """Delete people; the history keeps them, and undo brings them back.

        Those with open opportunities are refused; closed ones pass to the company, or lose the
        contact.
        """
        from leadctl.core.leaving import drop_proposals, leave_person
        from leadctl.rules.opportunities import HAS_OPEN_OPPORTUNITIES

        has_open = (
            "EXISTS (SELECT 1 FROM opportunity o WHERE o.person_id = t.id AND o.closed_on IS NULL)"
        )
        refused = Plan(result=Result.REFUSED, reason=HAS_OPEN_OPPORTUNITIES)
        with changing(self._crm, "person delete", options) as work:
            work.choose(self.source, as_choice(ids), (truth(has_open),))
            work.decide(lambda situation: refused if situation[0] else Plan())
            leave_person(work, work.go)
            drop_proposals(work, "person_id")
            work.count_changed(work.gate.delete(self.table, work.go))
        return work.report

    def erase(self, id: int | str, options: WriteOptions | None = None) -> Report:
        """Erase the data of one person, who may be deleted, for good.

        The record, its history, the submissions of forms that became this person and the search
        index keep no name, address, phone, free field or origin; static selections do not have
        the person any more. What remains is a retired person without a name, with its company,
        lead status and dates, so that figures stay as they are, and a change that says that the
        person was erased. Neither that nor any earlier change of this person can be undone
        (``change_purged``). The file is built anew, so that nothing stays in unused parts of it;
        notices tell where the name still stands in what belongs to others. Raises NotFound.
        """
        from leadctl.core.erasing import erase

        return erase(self._crm, id, options)

    def distribute(
        self,
        ids: Ids,
        *,
        to: Sequence[str] | None = None,
        group: str | None = None,
        overwrite: bool = False,
        fallback: str | None = None,
        options: WriteOptions | None = None,
    ) -> Report:
        """Give people an owner in turn: users named by ``to``, in that order, or the members of a
        ``group``, in the order of their numbers (DI-1, DI-2).

        Away and inactive users are skipped. Only people without owner get one unless ``overwrite``
        (DI-3); the others are unchanged. In the place of a person with a company, the company gets
        the owner, once (DI-12); ``report.affected`` counts such companies and all of their people,
        ``report.assigned`` the turns of each user. When nobody is available ``fallback`` gets all,
        away or not (DI-4); without an active one people are skipped, ``nobody_available`` (DI-6).
        The next call for the same users or group goes on where this one ended.

        Raises UsageError unless one of ``to`` and ``group`` is named, and NotFound for an unknown
        user and a group without members.
        """
        from leadctl.core.distributing import distribute

        return distribute(
            self._crm,
            ids,
            to,
            group,
            overwrite=overwrite,
            fallback=fallback,
            options=options,
        )

    def import_file(self, source: ImportFile, options: WriteOptions | None = None) -> Report:
        """Import people from a file; see ``run_import``."""
        from leadctl.core.imports import run_import

        return run_import(self._crm, "person", source, options)

    def _save(
        self,
        command: str,
        ids: Ids,
        named: dict[str, str | None],
        references: tuple[int | str | None, str | None, str | None, str | None],
        replace: Replacement | None,
        options: WriteOptions | None,
    ) -> Report:
        if all(value is None for value in (*named.values(), *references, replace)):
            raise UsageError("nothing to change was named")
        with changing(self._crm, command, options) as work:
            values = texts("person", named)
            if replace is not None:
                replace.check(self.table, values)
            save = Save.read(self._crm, *references)
            work.choose(self.source, as_choice(ids), save.situation(values))
            taken = external_id_problem(self._crm, self.source, values.get("external_id"), work)
            if replace is not None:
                replace.prepare(work, self.table)

            def rule(situation: Situation) -> Plan:
                problem = replace.problem(situation[3]) if replace else None
                return save.plan(situation, taken or problem)

            work.decide(rule)
            firing = self._firing(work, save)
            if firing is not None:
                firing.watch(
                    f"t.id IN (SELECT id FROM {work.go})"
                    " AND t.lead_status_id IS DISTINCT FROM :status",
                    status=save.status,
                )
            assign, parameters = save.assignment(values)
            if replace is not None:
                assign |= replace.assignment()
            work.count_changed(work.gate.update(self.table, work.go, assign, **parameters))
            if save.company:
                from leadctl.core.leaving import follow_person

                follow_person(work, work.go)
            if firing is not None:
                firing.fire_for_people(chosen_by_user=save.names_category)
        return work.report

    @staticmethod
    def _firing(work: Work, save: Save) -> Firing | None:
        """Category automation, where a lead status is set (AU-4)."""
        return firing_of(work, "lead_status", save.status) if save.status else None


def has_name(first_name: str | None, last_name: str | None) -> bool:
    """A person needs at least one of the two (section 2.2)."""
    return bool((first_name or "").strip() or (last_name or "").strip())
