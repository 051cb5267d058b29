"""Selections: static lists, stored filters, and combinations of two (``leads.md`` section 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from leadctl.core.batch import Plan, Work, changing
from leadctl.core.crm import Ids, as_choice
from leadctl.core.filters import criteria
from leadctl.core.membership import read_selection
from leadctl.core.noun import Noun
from leadctl.core.refs import current_user
from leadctl.core.selection_views import drop_view, make_view
from leadctl.core.values import assignment, insertion, texts
from leadctl.errors import LeadctlError, Reason, Refused, UsageError, no_value
from leadctl.model import Choice, Record, Report, Result, WriteOptions
from leadctl.rules.naming import checked_name, folded, new_key
from leadctl.rules.selections import OPERATORS, check_source, check_static, copied_name
from leadctl.store import selection
from leadctl.store.engine import document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadctl.core.membership import Selection

ENTITIES = ("person", "company", "opportunity")


class Content(NamedTuple):
    """What a selection holds: a filter, two others with an operator, or nothing but members."""

    kind: str
    where: str | None = None
    first: int | None = None
    second: int | None = None
    operator: str | None = None


class Selections(Noun):
    """Selections of people, companies or opportunities."""

    source = selection.SOURCE
    table = selection.SELECTION

    def create(
        self,
        name: str,
        *,
        entity: str = "person",
        where: Sequence[str] = (),
        static: bool = False,
        ids: Ids | None = None,
        combine: Sequence[str] = (),
        op: str | None = None,
        description: str | None = None,
        options: WriteOptions | None = None,
    ) -> Record:
        """Make a selection and return it.

        ``where`` is a stored filter (dynamic), or with ``static`` the filter by which the members
        are chosen now; ``ids`` are the members of a static one; ``combine`` names two others,
        ``op`` is union, intersection, difference (symmetric), only-first or only-second. Raises
        Refused for a name that is taken and for what cannot be combined (SE-18).
        """
        if entity not in ENTITIES:
            raise no_value("--entity", entity, ENTITIES)
        if sum((bool(where), ids is not None, bool(combine))) != 1:
            raise UsageError("name one of --where, --ids-from and --combine")
        with changing(self._crm, "selection create", options) as work:
            content = self._content(entity, tuple(where), static, tuple(combine), op)
            number = self._create(work, self._new_name(name), entity, content, description)
            if content.kind == "static":
                # A list with a hole is not what was asked for: nothing is kept going here.
                work.options = work.options._replace(keep_going=False)
                chosen = Choice(where=tuple(where)) if where else as_choice(ids or ())
                self._add_members(work, number, entity, chosen)
            self._one(work).created = 1
            return self.info(name)

    def info(self, name: str) -> Record:
        """A selection with the number of its members. Raises NotFound."""
        found = read_selection(self._crm, name)
        (record,) = self.with_numbers([found.id], tuple(self.source.fields))
        return record | {"members": self._members(found)}

    def list_all(self) -> list[Record]:
        """All selections with the numbers of their members."""
        names = self._engine.query("SELECT name FROM selection ORDER BY id")
        return [self.info(name) for (name,) in names]

    def members_of(self, name: str) -> tuple[Noun, Choice]:
        """The noun of a selection's members and the choice of them. Raises NotFound."""
        found = read_selection(self._crm, name)
        return self._noun(found.entity), Choice(selection=found.name)

    def add(self, name: str, ids: Ids, options: WriteOptions | None = None) -> Report:
        """Add records to a static selection; those that are in it already are unchanged (SE-7)."""
        with changing(self._crm, "selection add", options) as work:
            found = self._static(name)
            self._add_members(work, found.id, found.entity, as_choice(ids))
        return work.report

    def remove(self, name: str, ids: Ids, options: WriteOptions | None = None) -> Report:
        """Take records out of a static selection; the records stay (SE-10, SE-23)."""
        with changing(self._crm, "selection remove", options) as work:
            found = self._static(name)
            work.choose(self._noun(found.entity).source, as_choice(ids))
            work.decide(lambda situation: Plan())
            members = (
                f"(SELECT m.id FROM member m JOIN {work.go} g ON g.id = m.record_id"
                " WHERE m.selection_id = :selection)"
            )
            removed = work.gate.delete(selection.MEMBER, members, selection=found.id)
            work.gate.records = removed
            work.count_changed(removed)
        return work.report

    def edit(
        self,
        name: str,
        *,
        where: Sequence[str] = (),
        op: str | None = None,
        description: str | None = None,
        options: WriteOptions | None = None,
    ) -> Report:
        """Change the filter of a dynamic selection, the operator of a combined one, or the
        description; an empty one clears it.
        """
        if not where and op is None and description is None:
            raise UsageError("nothing to change was named")
        with changing(self._crm, "selection edit", options) as work:
            found = read_selection(self._crm, name)
            values: dict[str, Any] = dict(texts("selection", {"description": description}))
            if where:
                if found.kind != "dynamic":
                    raise UsageError("--where is for dynamic selections")
                self._check(found.entity, tuple(where))
                values["where"] = document(list(where))
            if op is not None:
                if found.kind != "combined":
                    raise UsageError("--op is for combined selections")
                values["operator"] = _operator(op)
            self._edit(work, found, values)
            make_view(self._crm, found.id)
        return work.report

    def freeze(self, name: str, options: WriteOptions | None = None) -> Report:
        """Make a dynamic or combined selection static, with the members it has now (SE-5)."""
        with changing(self._crm, "selection freeze", options) as work:
            found = read_selection(self._crm, name)
            if found.kind == "static":
                self._one(work).unchanged = 1
                return work.report
            left = "(SELECT id FROM member WHERE selection_id = :id)"
            work.gate.delete(selection.MEMBER, left, id=found.id)
            self._add_members(work, found.id, found.entity, Choice(selection=found.name))
            assign, parameters = assignment(self.table, Content("static")._asdict())
            itself = f"(SELECT {found.id} AS id)"
            changed = work.gate.update(self.table, itself, assign, **parameters)
            self._one(work).changed = changed
            drop_view(self._crm, found.key)
        return work.report

    def copy(
        self, name: str, new_name: str | None = None, options: WriteOptions | None = None
    ) -> Record:
        """Copy a selection with its members; without a name it gets " (copy)" (SE-14)."""
        with changing(self._crm, "selection copy", options) as work:
            found = read_selection(self._crm, name)
            wanted = self._new_name(copied_name(found.name) if new_name is None else new_name)
            content = Content(
                found.kind,
                None if found.kind != "dynamic" else document(list(found.where)),
                found.first,
                found.second,
                found.operator,
            )
            description = self._engine.value(
                "SELECT description FROM selection WHERE id = :id", id=found.id
            )
            number = self._create(work, wanted, found.entity, content, description)
            work.gate.insert(
                selection.MEMBER,
                "(SELECT id, record_id FROM member WHERE selection_id = :old)",
                {"selection_id": ":new", "record_id": "s.record_id"},
                "id",
                old=found.id,
                new=number,
            )
            work.gate.records = 1
            work.count_created()
            return self.info(wanted)

    def rename(self, name: str, new_name: str, options: WriteOptions | None = None) -> Report:
        """Give a selection another name; its view follows."""
        with changing(self._crm, "selection rename", options) as work:
            found = read_selection(self._crm, name)
            wanted = self._new_name(new_name, found.id)
            values = {"name": wanted, "key": self._new_key(wanted, found.id)}
            self._edit(work, found, values)
            drop_view(self._crm, found.key)
            make_view(self._crm, found.id)
        return work.report

    def delete(self, name: str, options: WriteOptions | None = None) -> Report:
        """Delete a selection, never its members (SE-23). Raises Refused while a combined one uses
        it (SE-25).
        """
        with changing(self._crm, "selection delete", options) as work:
            found = read_selection(self._crm, name)
            user = self._engine.value(
                "SELECT name FROM selection WHERE source_a_id = :id OR source_b_id = :id",
                id=found.id,
            )
            in_use = Reason(
                "selection_in_use",
                "the selection {name} is made of it",
                "selection freeze makes that one static",
                {"name": user},
            )
            work.choose(self.source, Choice(ids=(found.id,)))
            refused = Plan(result=Result.REFUSED, reason=in_use)
            work.decide(lambda situation: refused if user is not None else Plan())
            if user is None:
                members = "(SELECT id FROM member WHERE selection_id = :id)"
                work.gate.delete(selection.MEMBER, members, id=found.id)
                drop_view(self._crm, found.key)
            work.gate.records = 1
            work.count_changed(work.gate.delete(self.table, work.go))
        return work.report

    @staticmethod
    def _one(work: Work) -> Report:
        """A report of the selection itself, whatever its members were counted for."""
        work.gate.records = 1
        work.looked_at = []
        work.report = Report(work.options.dry_run, matched=1, notices=work.report.notices)
        return work.report

    def _content(
        self,
        entity: str,
        where: tuple[str, ...],
        static: bool,
        combine: tuple[str, ...],
        op: str | None,
    ) -> Content:
        if combine:
            sources = [read_selection(self._crm, name) for name in combine]
            if len({source.id for source in sources}) != 2 or op is None or static:
                raise UsageError("--combine names two selections, and --op says how")
            for source in sources:
                check_source(source.name, source.kind, source.entity, entity)
            return Content("combined", None, sources[0].id, sources[1].id, _operator(op))
        if op is not None:
            raise UsageError("--op goes with --combine")
        if not where or static:
            return Content("static")
        self._check(entity, where)
        return Content("dynamic", document(list(where)))

    def _check(self, entity: str, where: tuple[str, ...]) -> None:
        """Raise UsageError for a filter that does not fit."""
        criteria(self._crm, self._noun(entity).source, where)

    def _create(
        self, work: Work, name: str, entity: str, content: Content, description: str | None
    ) -> int:
        values = {
            "key": self._new_key(name),
            "name": name,
            "entity": entity,
            **content._asdict(),
            "owner": current_user(self._crm),
            **texts("selection", {"description": description}),
        }
        apart = {"created_at": work.gate.stamp}
        cells, parameters = insertion(self.table, values, apart)
        number = work.gate.create(self.table, cells, **parameters)
        make_view(self._crm, number)
        return number

    def _edit(self, work: Work, found: Selection, values: dict[str, Any]) -> None:
        work.choose(self.source, Choice(ids=(found.id,)))
        work.decide(lambda situation: Plan())
        assign, parameters = assignment(self.table, values)
        changed = work.gate.update(self.table, work.go, assign, **parameters)
        work.gate.records = 1
        work.count_changed(changed)

    def _add_members(self, work: Work, number: int, entity: str, choice: Choice) -> None:
        work.choose(self._noun(entity).source, choice)
        work.decide(lambda situation: Plan())
        new = (
            f"(SELECT g.id FROM {work.go} g WHERE NOT EXISTS (SELECT 1 FROM member m"
            " WHERE m.selection_id = :selection AND m.record_id = g.id))"
        )
        values = {"selection_id": ":selection", "record_id": "s.id"}
        added, _ = work.gate.insert(selection.MEMBER, new, values, "id", selection=number)
        work.gate.records = added
        work.count_changed(added)

    def _static(self, name: str) -> Selection:
        found = read_selection(self._crm, name)
        check_static(found.kind)
        return found

    def _members(self, found: Selection) -> int | None:
        """How many are in it; nobody knows when its filter names what is gone."""
        try:
            return self._noun(found.entity).count(Choice(selection=found.name))
        except LeadctlError:
            return None

    def _noun(self, entity: str) -> Noun:
        nouns: dict[str, Noun] = {
            "person": self._crm.people,
            "company": self._crm.companies,
            "opportunity": self._crm.opportunities,
        }
        return nouns[entity]

    def _new_name(self, name: str, own: int | None = None) -> str:
        checked = checked_name("selection", name)
        other = self._engine.value(
            "SELECT id FROM selection WHERE name_key = :key", key=folded(checked)
        )
        if other is not None and other != own:
            raise Refused(
                "there is a selection {name} already",
                code="name_taken",
                hint="selection edit changes it; selection delete takes it away",
                name=checked,
            )
        return checked

    def _new_key(self, name: str, own: int | None = None) -> str:
        taken = {
            row[0]
            for row in self._engine.query(
                "SELECT key FROM selection WHERE id IS DISTINCT FROM :own", own=own
            )
        }
        number = 1 + int(self._engine.value("SELECT coalesce(max(id), 0) FROM selection"))
        return new_key(name, "selection", own or number, taken)


def _operator(op: str) -> str:
    if op not in OPERATORS:
        raise no_value("--op", op, OPERATORS)
    return op
