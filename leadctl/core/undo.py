"""Taking back what one change did to the records of one table, as a set.

The history of the change is read through ``temp.undo_<entity>``: a row per record, whether the
change created or deleted it, and whether it is blocked because it has changed since. A change may
have written the same field twice (*layered*): then the first old value counts, and the last new
one is what must still stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadctl.core import history, outcome
from leadctl.core.batch import LookedAt
from leadctl.core.undone import BLOCKED, CHANGED, GONE
from leadctl.core.values import folded_or_none
from leadctl.model import Problem, Result
from leadctl.store.engine import document, numbers_sql, rows_sql
from leadctl.store.gate import ERASED
from leadctl.store.tables import truth

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from leadctl.core.batch import Work
    from leadctl.core.undone import Change
    from leadctl.store.tables import Column, Table

# In these lists the order and the default belong together: one blocked item blocks the others.
_LISTS = ("setting", "category", "lead_status")
_IN_CHANGE = "h.id BETWEEN :first AND :last AND h.change_id = :undone AND h.entity = :entity"


class EntityUndo:
    """The undo of a change, as far as one table is concerned."""

    def __init__(
        self, work: Work, table: Table, change: Change, fields: list[str], kinds: set[bool]
    ) -> None:
        self._work = work
        self._engine = work.engine
        self.table = table
        self._change = change
        self._columns = [table.column(field) for field in fields]
        self._creates = False in kinds
        self._deletes = True in kinds
        self.records = f"temp.undo_{table.entity}"
        self._parameters: dict[str, Any] = {
            "first": change.first,
            "last": change.last,
            "undone": change.id,
            "entity": table.entity,
        }
        self._written: list[int] = []

    def list_records(self) -> None:
        """List the records of the change."""
        self._engine.execute(f"DROP TABLE IF EXISTS {self.records}")
        self._engine.execute(
            f"CREATE TEMP TABLE undo_{self.table.entity} (id INTEGER PRIMARY KEY, created INTEGER,"
            " deleted INTEGER, blocked INTEGER, owner INTEGER)"
        )
        created, deleted = (
            "h.field IS NULL AND h.old IS NULL",
            "h.field IS NULL AND h.old IS NOT NULL",
        )
        flags = f"{truth(created)}, {truth(deleted)}"
        grouped = f"max({created}), max({deleted})"
        once = len(self._columns) + self._creates + self._deletes == 1 and not self._change.layered
        self._engine.execute(
            f"INSERT INTO {self.records} SELECT h.entity_id, {flags if once else grouped}, 0, NULL"
            f" FROM history h WHERE {_IN_CHANGE} {'' if once else 'GROUP BY h.entity_id'}",
            **self._parameters,
        )

    def block_changed(self) -> None:
        """Block the records that have been erased or have changed since."""
        self.block(
            "u.id IN (SELECT h.entity_id FROM change n JOIN history h"
            " ON h.id BETWEEN n.first_history_id AND n.last_history_id"
            " WHERE n.purged = 1 AND n.id > :undone AND h.entity = :entity AND h.field = :erased)",
            GONE,
            erased=ERASED,
            **self._parameters,
        )
        if not self._change.undone:
            self.block(
                "u.deleted = 0 AND NOT EXISTS"
                f" (SELECT 1 FROM {self.table.name} t WHERE t.id = u.id)"
            )
        if self._creates:
            self.block(
                "u.created = 1 AND EXISTS (SELECT 1 FROM history l JOIN change n ON n.id = l.change_id"
                " WHERE l.entity = :entity AND l.entity_id = u.id AND l.id > :last"
                " AND n.undone_by IS NULL AND n.undoes IS NULL)",
                entity=self.table.entity,
                last=self._change.last,
            )
        for column in self._columns:
            self._block_changed(column)
        if self.table.entity in _LISTS:
            self.block(f"EXISTS (SELECT 1 FROM {self.records} WHERE blocked > 0)")

    def _block_changed(self, column: Column) -> None:
        now = column.shown(f"t.{column.name}")
        stands = f"{now} IS NOT DISTINCT FROM h.new"
        if self._change.undone:
            stands += f" OR {now} IS NOT DISTINCT FROM h.old"
        last = self._edge("max", column.field)
        self.block(
            f"u.id IN (SELECT h.entity_id FROM history h JOIN {self.table.name} t"
            f" ON t.id = h.entity_id WHERE {_IN_CHANGE} AND h.field = :field {last}"
            f" AND NOT ({stands}))",
            field=column.field,
            **self._parameters,
        )

    def _block_homeless(self, column: Column, source: str) -> None:
        """Block where the old value refers to what is gone, or belongs to another record now."""
        value = f"s.v_{column.field}"
        old = column.stored(value)
        gone = [self._parent_gone(column.name, old)]
        if column.keys_of:
            gone.append(f"({value} IS NOT NULL AND {old} IS NULL)")
        if column.unique:
            gone.append(
                f"EXISTS (SELECT 1 FROM {self.table.name} o WHERE"
                f" {_same(column, value)} AND o.id <> s.id)"
            )
        conditions = [condition for condition in gone if condition]
        if column.keys_of and not column.unique:
            # The items are few: a million records need not look theirs up one by one.
            missing = (
                f"SELECT 1 FROM (SELECT DISTINCT {value} AS key FROM {source} s) d"
                f" WHERE d.key IS NOT NULL AND {column.stored('d.key')} IS NULL"
            )
            if self._engine.one(missing, **self._parameters) is None:
                conditions = []
        if conditions:
            self.block(
                f"u.id IN (SELECT s.id FROM {source} s WHERE {' OR '.join(conditions)})",
                **self._parameters,
            )

    def _block_invalid(self, source: str, assign: dict[str, str]) -> None:
        """Block where the old value does not go with what another field has become since."""
        values = {
            self.table.column(field).name: sql
            for field, sql in assign.items()
            if field[-4:] != "_key"
        }
        for names, check in self.table.checks:
            if not values.keys() & set(names):
                continue
            cells = ", ".join(f"{values.get(name, f't.{name}')} AS {name}" for name in names)
            self.block(
                f"u.id IN (SELECT v.id FROM (SELECT s.id, {cells} FROM {source} s"
                f" JOIN {self.table.name} t ON t.id = s.id) v WHERE NOT ({check}))",
                **self._parameters,
            )

    def bring_back(self) -> None:
        """Restore what the change deleted, where nothing has taken its place."""
        if not self._deletes:
            return
        image = (
            f"(SELECT h.entity_id AS id, h.old AS image FROM history h JOIN {self.records} u"
            f" ON u.id = h.entity_id WHERE {_IN_CHANGE} AND h.field IS NULL AND h.old IS NOT NULL"
            f" AND u.created = 0 AND u.blocked = 0"
            f" AND NOT EXISTS (SELECT 1 FROM {self.table.name} t WHERE t.id = u.id))"
        )
        taken = [
            f"EXISTS (SELECT 1 FROM {self.table.name} o WHERE o.{name} = {self._in_image(name)})"
            for name in (
                f"{column.name}_key" if column.unique == "folded" else column.name
                for column in self.table.columns
                if column.unique
            )
        ]
        if self.table.together_unique:
            same = " AND ".join(
                f"o.{name} = {self._in_image(name)}" for name in self.table.together_unique
            )
            taken.append(f"EXISTS (SELECT 1 FROM {self.table.name} o WHERE {same})")
        taken += [self._parent_gone(name, self._in_image(name)) for name, _ in self.table.parents]
        self.block(
            f"u.id IN (SELECT i.id FROM {image} i WHERE {' OR '.join(taken)})", **self._parameters
        )
        self._wrote(self._work.gate.restore(self.table, image, **self._parameters))

    def _in_image(self, name: str) -> str:
        return self.table.cell(name, f"i.image ->> '{name}'")

    def revert(self) -> None:
        """Give every field of the records that the change updated its old value, all at once:
        some fields are only valid together.
        """
        if not self._columns:
            return
        source, order = self._old_values()
        assign: dict[str, str] = {}
        for column in self._columns:
            value, has = f"s.v_{column.field}", f"s.has_{column.field}"
            stored = column.stored(value)
            assign[column.field] = f"CASE WHEN {has} = 1 THEN {stored} ELSE t.{column.name} END"
            if column.folded:
                self._fold(source, f"v_{column.field}")
                assign[f"{column.field}_key"] = (
                    f"CASE WHEN {has} = 1 THEN {_folded(value)} ELSE t.{column.name}_key END"
                )
        for column in self._columns:
            self._block_homeless(column, source)
        self._block_invalid(source, assign)
        unblocked = source
        left_out = f"SELECT 1 FROM {self.records} WHERE created = 1 OR blocked > 0"
        if self._engine.one(left_out) is not None:
            unblocked = (
                f"(SELECT s.* FROM {source} s JOIN {self.records} u ON u.id = s.id"
                " WHERE u.created = 0 AND u.blocked = 0)"
            )
        self._wrote(
            self._work.gate.update(
                self.table,
                unblocked,
                assign,
                restoring=True,
                to_and_fro=self._change.layered and not self._change.undone,
                order=order,
                undone_stamp=self._change.stamp,
                **self._parameters,
            )
        )

    def _old_values(self) -> tuple[str, str]:
        """FROM item with ``v_<field>`` and ``has_<field>`` per field written; by what it is sorted."""
        fields = [column.field for column in self._columns]
        if len(fields) == 1 and not self._change.layered:
            return (
                f"(SELECT h.entity_id AS id, h.id AS place, h.old AS v_{fields[0]},"
                f" 1 AS has_{fields[0]}, h.was_updated_at, h.was_since FROM history h WHERE {_IN_CHANGE}"
                f" AND h.field = '{fields[0]}')"
            ), "place"
        cells = "".join(
            f", max(CASE WHEN h.field = '{field}' THEN h.old END), max(h.field = '{field}')"
            for field in fields
        )
        firsts = " OR ".join(
            f"(h.field = '{field}' {self._edge('min', field)})" for field in fields
        )
        table = f"reverted_{self.table.entity}"
        columns = "".join(f" v_{field} TEXT, has_{field} INTEGER," for field in fields)
        self._engine.execute(f"DROP TABLE IF EXISTS temp.{table}")
        columns = f"id INTEGER PRIMARY KEY,{columns} was_updated_at TEXT, was_since TEXT"
        self._engine.execute(f"CREATE TEMP TABLE {table} ({columns})")
        self._engine.execute(
            f"INSERT INTO temp.{table} SELECT h.entity_id{cells}, min(h.was_updated_at),"
            f" min(h.was_since) FROM history h WHERE {_IN_CHANGE} AND ({firsts}) GROUP BY h.entity_id",
            **self._parameters,
        )
        return f"temp.{table}", "id"

    def take_away(self) -> None:
        """Delete what the change created, unless something refers to it by now."""
        if not self._creates:
            return
        for child, column in references(self.table):
            self.block(
                f"u.created = 1 AND EXISTS (SELECT 1 FROM {child.name} c WHERE c.{column} = u.id)"
            )
        created = f"(SELECT id FROM {self.records} WHERE created = 1 AND blocked = 0)"
        self._wrote(self._work.gate.delete(self.table, created))

    def make_room(self) -> None:
        """Delete what the change created and nothing refers to, before the rest: it may have a
        name or an external id that what comes back needs.
        """
        if self._creates:
            unused = "".join(
                f" AND NOT EXISTS (SELECT 1 FROM {child.name} c WHERE c.{column} = u.id)"
                for child, column in references(self.table)
            )
            created = f"(SELECT id FROM {self.records} u WHERE created = 1 AND blocked = 0{unused})"
            self._wrote(self._work.gate.delete(self.table, created))

    def count(self, parts: EntityUndo | None = None) -> None:
        """Add what became of the records, or of their parts, to the report."""
        report = self._work.report
        matched = self._engine.value(f"SELECT count(*) FROM {self.records}")
        blocked = self._engine.value(f"SELECT count(*) FROM {self.records} WHERE blocked > 0")
        changed = sum(self._written)
        if len(self._written) > 1 or parts is not None:
            written = "SELECT entity_id FROM history WHERE entity = :entity AND id > :last"
            if parts is not None:
                written += (
                    f" UNION SELECT x.owner FROM {parts.records} x JOIN history h"
                    " ON h.entity = :part AND h.entity_id = x.id AND h.id > :last"
                )
            changed = self._engine.value(
                f"SELECT count(DISTINCT entity_id) FROM ({written})",
                last=self._work.gate.before,
                entity=self.table.entity,
                part=parts.table.entity if parts is not None else None,
            )
        report.matched += matched
        report.changed += changed
        report.unchanged += matched - changed - blocked
        report.refused += blocked
        listed = self._engine.query(
            f"SELECT id, blocked FROM {self.records} WHERE blocked > 0 ORDER BY id LIMIT :room",
            room=outcome.room(report),
        )
        report.problems += [Problem(id, Result.REFUSED, BLOCKED[why]) for id, why in listed]
        report.problems_omitted += blocked - len(listed)
        reasons = " ".join(
            f"WHEN {why} THEN {self._work.refuse(reason)}" for why, reason in BLOCKED.items()
        )
        self._work.looked_at.append(
            LookedAt(
                self.table.entity,
                f"(SELECT id, min(blocked, 1) * 2 AS verdict, CASE blocked {reasons} END AS reason"
                f" FROM {self.records})",
            )
        )

    def begin(self) -> None:
        """Nothing has been written yet."""
        self._written.clear()

    def block_numbers(self, ids: Sequence[int]) -> None:
        """Block records by their numbers."""
        if ids:
            self.block(f"u.id IN ({numbers_sql('ids')})", ids=document(ids))

    def reverts(self, column: str) -> bool:
        """Whether the change updated a column, which the undo brings back."""
        return any(other.name == column for other in self._columns)

    def block(self, condition: str, why: int = CHANGED, **parameters: Any) -> None:
        """Block the records ``u`` for which a condition holds."""
        self._engine.execute(
            f"UPDATE {self.records} AS u SET blocked = {why} WHERE u.blocked = 0 AND ({condition})",
            **parameters,
        )

    def _edge(self, which: str, field: str) -> str:
        """Of a field that the change wrote more than once, the first or the last row only."""
        if not self._change.layered:
            return ""
        return (
            f"AND h.id IN (SELECT {which}(e.id) FROM history e WHERE e.id BETWEEN :first AND :last"
            f" AND e.change_id = :undone AND e.entity = :entity AND e.field = '{field}'"
            " GROUP BY e.entity_id)"
        )

    def _parent_gone(self, name: str, value: str) -> str:
        parents: Collection[tuple[str, str]] = self.table.parents
        parent = dict(parents).get(name)
        if parent is None:
            return ""
        return (
            f"({value} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {parent} q WHERE q.id = {value}))"
        )

    def _fold(self, source: str, column: str) -> None:
        """The keys of all texts that come back, computed here: SQL folds ASCII only."""
        self._engine.execute(
            "CREATE TEMP TABLE IF NOT EXISTS fold (text TEXT PRIMARY KEY, key TEXT)"
        )
        texts = self._engine.stream(
            f"SELECT DISTINCT {column} FROM {source} WHERE {column} IS NOT NULL", **self._parameters
        )
        self._engine.bulk(
            f"INSERT INTO temp.fold SELECT text, key FROM {rows_sql('text', 'key')} WHERE true"
            " ON CONFLICT (text) DO NOTHING",
            ((text, folded_or_none(text)) for (text,) in texts),
        )

    def _wrote(self, count: int) -> None:
        if count:
            self._written.append(count)


def _folded(value: str) -> str:
    return f"(SELECT f.key FROM temp.fold f WHERE f.text = {value})"


def _same(column: Column, value: str) -> str:
    """SQL for "another record has this value", as the table's own UNIQUE compares it."""
    if column.unique == "folded":
        return f"o.{column.name}_key = {_folded(value)}"
    return f"o.{column.name} = {column.stored(value)}"


def references(table: Table) -> Iterator[tuple[Table, str]]:
    """What may refer to a table's records, and by which column."""
    for child in history.TABLES.values():
        for name, parent in child.parents:
            if parent == table.name:
                yield child, name
