"""What the lists have in common: names and keys, order, soft deletion (``leads.md`` section 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadctl.core.batch import Plan, Work, changing
from leadctl.core.noun import Noun
from leadctl.core.refs import Item, find_item, look_up
from leadctl.core.values import assignment, insertion
from leadctl.errors import Reason, Refused, UsageError
from leadctl.labels import description, label, values_of
from leadctl.model import Choice, Record, Report, Result, WriteOptions
from leadctl.rules.leads import deleted_item
from leadctl.rules.naming import checked_key, checked_name, new_key
from leadctl.store.engine import document, rows_sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


class ItemList(Noun):
    """A list whose items have a key and a name."""

    def show(self, id: int | str) -> Record:
        """One item by key, name or built-in label. Raises NotFound."""
        return self._record(find_item(self._crm, self.source, str(id)).id)

    def has(self, key: str) -> bool:
        """Whether there is an item with this very key, deleted ones included."""
        sql = f"SELECT 1 FROM {self.table.name} WHERE key = :key"
        return self._engine.one(sql, key=key) is not None

    def names(self) -> dict[str, str]:
        """Key -> name in the chosen language; a built-in item is translated until renamed."""
        return {key: shown for key, _, shown in self._shown()}

    def names_by_name(self) -> dict[str, str]:
        """Stored name -> name in the chosen language."""
        return {name: shown for _, name, shown in self._shown()}

    def descriptions(self) -> dict[str, str]:
        """Stored description -> the same in the chosen language."""
        found: dict[str, str] = {}
        if "description" in self.source.fields:
            kind, language = self.source.entity, self._crm.language
            for key, text in self._engine.stream(
                f"SELECT key, description FROM {self.table.name} WHERE description IS NOT NULL"
            ):
                found[text] = description(language, kind, key, text) or text
        return found

    def _shown(self) -> Iterator[tuple[str, str, str]]:
        built_in = "builtin" in self.table.kept_apart
        kind = self.source.entity
        for key, name, translated in self._engine.stream(
            f"SELECT key, name, {'builtin' if built_in else '0'} FROM {self.table.name}"
        ):
            if translated and name == label("en", kind, key):
                yield key, name, label(self._crm.language, kind, key)
            else:
                yield key, name, name

    def _record(self, id: int) -> Record:
        return next(self.list(Choice(ids=(id,))))

    def _new_name(self, name: str, item: Item | None = None) -> str:
        """A checked name that no other item answers to, deleted ones included (A-7, A-8)."""
        checked = checked_name(self.source.entity, name)
        other = look_up(self._crm, self.source, checked)
        if other is not None and (item is None or other.id != item.id):
            raise Refused(
                "{name} is taken by {entity} {key}",
                code="name_taken",
                hint="{key} is deleted: restore it" if other.deleted else "",
                name=checked,
                entity=self.source.entity,
                key=other.key,
            )
        return checked

    def _create(
        self, work: Work, name: str, values: Mapping[str, Any], given: str | None = None
    ) -> Record:
        """Insert an item at the end of its list and return it as ``show`` would.

        ``given`` is its key, which follows from the name otherwise. The name of an item with a
        built-in key is translated until it is renamed.
        """
        last = self._engine.value(f"SELECT coalesce(max(id), 0) FROM {self.table.name}")
        taken = {row[0] for row in self._engine.stream(f"SELECT key FROM {self.table.name}")}
        apart: dict[str, int] = {}
        if given is None:
            key = new_key(name, self.source.entity, last + 1, taken)
        else:
            key = checked_key(given, taken)
            if "builtin" in self.table.kept_apart:
                apart["builtin"] = int(key in values_of(self.source.entity))
        cells, parameters = insertion(self.table, {"key": key, "name": name, **values}, apart)
        number = work.gate.create(self.table, cells, **parameters)
        return self._record(number)

    def _edit(
        self, work: Work, item: Item, values: Mapping[str, Any], problem: Reason | None = None
    ) -> bool:
        """Give one item new values, or refuse it; returns whether that changed anything."""
        work.choose(self.source, Choice(ids=(item.id,)))
        refused = Plan(result=Result.REFUSED, reason=problem)
        work.decide(lambda situation: refused if problem else Plan())
        changed = 0
        if values and problem is None:
            assign, parameters = assignment(self.table, values)
            changed = work.gate.update(self.table, work.go, assign, **parameters)
        work.count_changed(changed)
        return bool(changed)

    def _delete(self, work: Work, item: Item, problem: Reason | None) -> None:
        """Delete one item for good, or refuse it."""
        self._edit(work, item, {}, problem)
        if problem is None:
            work.report.unchanged = 0
            work.report.changed = work.gate.delete(self.table, work.go)


def named_by_automation(work: Work, entity: str, item: Item) -> Reason | None:
    """Why an item cannot be deleted: a rule of category automation names it (AU-17, S-6)."""
    trigger = work.engine.value(
        f"SELECT trigger_key FROM automation WHERE {entity}_id = :id", id=item.id
    )
    if trigger is None:
        return None
    return Reason(
        "list_item_in_use",
        "the automation of {trigger} names {key}",
        "automation clear {trigger}",
        {"trigger": trigger, "key": item.key},
    )


class RankedList(ItemList):
    """A list with an order, whose items are deleted softly and can be restored."""

    noun: str

    def _next_rank(self) -> int:
        return 1 + int(self._engine.value(f"SELECT coalesce(max(rank), 0) FROM {self.table.name}"))

    def restore(self, key: str, options: WriteOptions | None = None) -> Report:
        """Make a deleted item selectable again (A-6). Raises Refused for one that is not deleted."""
        with changing(self._crm, f"{self.noun} restore", options) as work:
            item = find_item(self._crm, self.source, key)
            not_deleted = Reason("not_deleted", "{key} is not deleted", details={"key": item.key})
            self._edit(work, item, {"deleted": 0}, None if item.deleted else not_deleted)
        return work.report

    def move(
        self,
        key: str,
        *,
        before: str | None = None,
        after: str | None = None,
        options: WriteOptions | None = None,
    ) -> Report:
        """Move an item before or after another (A-2). Raises UsageError unless one is named."""
        if (before is None) == (after is None):
            raise UsageError("name one of --before and --after")
        with changing(self._crm, f"{self.noun} move", options) as work:
            item = find_item(self._crm, self.source, key)
            other = find_item(self._crm, self.source, str(before if after is None else after))
            if item.id == other.id:
                raise UsageError("{key} cannot be moved next to itself", key=item.key)
            work.choose(self.source, Choice(ids=(item.id,)))
            work.decide(lambda situation: Plan())
            old = self._order()
            order = old.copy()
            order.remove(item.id)
            order.insert(order.index(other.id) + (before is None), item.id)
            self._write_order(work, order, old)
            work.count_changed(int(order != old))
        return work.report

    def arrange(self, keys: Sequence[str], options: WriteOptions | None = None) -> Report:
        """Put items into the order of ``keys``; the others stay where they are. Raises NotFound."""
        with changing(self._crm, f"{self.noun} move", options) as work:
            wanted = [find_item(self._crm, self.source, key).id for key in keys]
            old = self._order()
            named = iter(wanted)
            self._write_order(work, [next(named) if id in wanted else id for id in old], old)
        return work.report

    def _order(self) -> list[int]:
        rows = self._engine.query(f"SELECT id FROM {self.table.name} ORDER BY rank, id")
        return [row[0] for row in rows]

    def _write_order(self, work: Work, order: list[int], old: list[int]) -> None:
        if order != old:
            ranks = [(id, rank) for rank, id in enumerate(order, 1)]
            work.gate.update(
                self.table, rows_sql("#id", "#rank"), {"rank": "s.rank"}, rows=document(ranks)
            )

    def _refuse_deleted(self, item: Item) -> None:
        if item.deleted:
            raise Refused.of(deleted_item(item.key))
