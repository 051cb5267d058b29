"""The one gate for writes. Every insert, update and delete of a record goes through here, for a
set of rows at a time, and leaves its history.

A *source* is a FROM item with a column ``id``: the records that a write is about. Expressions may
use ``t`` (the table written) and ``s`` (the source). Statements per call do not depend on how many
rows the source has.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from leadctl.store.engine import rows_sql

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leadctl.store.engine import Engine
    from leadctl.store.tables import Column, Table

_HISTORY = (
    "INSERT INTO history (change_id, entity, entity_id, field, old, new, was_updated_at, was_since)"
)
# In the place of a field: the data of the record were erased.
ERASED = "erased"
# The records are looked up from the source: SQLite must not read the whole table for one of them,
# as it may with a JOIN, whose order is its own choice.
_LOOK_UP = "CROSS JOIN"


class Gate:
    """Writes of one change. ``stamp`` is the instant that records carry as ``updated_at``.

    Several verbs may write one change: each goes through a ``part`` of it, whose own history
    begins after ``before``.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        at: str,
        stamp: str,
        author: str,
        command: str,
        reason: str | None,
        undoes: int | None = None,
    ) -> None:
        self._engine = engine
        self.stamp = stamp
        self._written: set[tuple[str, str | None]] = set()
        self._layered = False
        self._purged = False
        # Tables whose records are parts of others, by entity.
        self._owned: dict[str, Table] = {}
        self._whole: Gate | None = None
        # Whether instants came back of which the history has no line.
        self._settled = False
        self._purged_in_parts = 0
        self._reasons: dict[str, None] = {}
        # How many records the change is about, where the history does not say it.
        self.records: int | None = None
        self.change = int(
            engine.value(
                "INSERT INTO change (at, stamp, author, command, reason, undoes)"
                " VALUES (:at, :stamp, :author, :command, :reason, :undoes) RETURNING id",
                at=at,
                stamp=stamp,
                author=author,
                command=command,
                reason=reason,
                undoes=undoes,
            )
        )
        engine.belongs_to(self.change)
        self.before = self._last_history()

    def part(self, reason: str | None = None) -> Gate:
        """A gate for one of several verbs that write this change; ``reason`` is the verb's own."""
        if reason:
            self._reasons[reason] = None
        part = copy(self)
        part.become_part(self)
        return part

    def become_part(self, whole: Gate) -> None:
        """Begin the history of a part here; what was written so far is shared with ``whole``."""
        self._whole = whole
        self._layered = self._purged = self._settled = False
        self._purged_in_parts = 0
        self.records = None
        self.before = self._last_history()

    def update(
        self,
        table: Table,
        source: str,
        assign: Mapping[str, str],
        *,
        restoring: bool = False,
        to_and_fro: bool = False,
        order: str = "id",
        **parameters: Any,
    ) -> int:
        """Give each record of ``source`` the values of ``assign`` (field -> SQL expression).

        Returns how many records really changed; the others are left untouched, without history.
        A folded column takes its key from the expression ``<field>_key`` in ``assign``.
        ``restoring`` puts the instants back that the source has as ``was_updated_at`` and
        ``was_since``, where nothing else has touched the record since ``:undone_stamp``; with
        ``to_and_fro`` also where nothing else differs. The history is in the order of the column
        ``order`` of the source.
        """
        columns = {
            table.column(field): sql for field, sql in assign.items() if not field.endswith("_key")
        }
        since = table.since[1] if table.since else "NULL"
        for column, sql in columns.items():
            old = column.shown(f"t.{column.name}")
            self._engine.execute(
                f"{_HISTORY} SELECT :change, '{table.entity}', t.id, '{column.field}', {old},"
                f" {column.shown(f'({sql})')}, {'t.updated_at' if table.stamped else 'NULL'},"
                f" {since if since == 'NULL' else f't.{since}'}"
                f" FROM {source} s {_LOOK_UP} {table.name} t WHERE t.id = s.id"
                f" AND {_differs(column, sql)} ORDER BY s.{order}",
                change=self.change,
                **parameters,
            )
            self._note(table, column.field)
        sets = {column.name: sql for column, sql in columns.items()}
        for column in columns:
            if column.folded:
                sets[f"{column.name}_key"] = assign[f"{column.field}_key"]
        if table.stamped:
            sets["updated_at"] = _stamp("updated_at", restoring)
        if table.since and table.since[0] in sets:
            sets[since] = _since(table.since[0], since, sets[table.since[0]], restoring)
        settings = ", ".join(f"{name} = {sql}" for name, sql in sets.items())
        changes = " OR ".join(_differs(column, sql) for column, sql in columns.items())
        if to_and_fro and table.stamped:
            # Of what the undone change wrote to and fro the instants are all that is left.
            changes += " OR t.updated_at = :undone_stamp"
        # Joining the source costs a second copy of it; most updates set the same value everywhere.
        joined = any("s." in sql for sql in sets.values())
        where = (
            f"FROM {source} s WHERE s.id = t.id"
            if joined
            else f"WHERE t.id IN (SELECT id FROM {source})"
        )
        changed = self._engine.execute(
            f"UPDATE {table.name} AS t SET {settings} {where} AND ({changes})",
            stamp=self.stamp,
            **parameters,
        )
        self._settled = self._settled or (to_and_fro and changed > 0)
        return changed

    def insert(
        self, table: Table, source: str, values: Mapping[str, str], order: str, **parameters: Any
    ) -> tuple[int, int]:
        """Create a record from each row of ``source``, in the order of the column ``order``.

        ``values`` maps columns (not fields) to SQL over ``s``. Returns how many records were
        created, and the number before the first: theirs are the ones above it.
        """
        before = self._last(table.name)
        values = dict(values)
        if table.stamped:
            values = {"created_at": ":stamp", "updated_at": ":stamp"} | values
        created = self._engine.execute(
            f"INSERT INTO {table.name} ({', '.join(values)}) SELECT {', '.join(values.values())}"
            f" FROM {source} s WHERE true ORDER BY s.{order}",
            stamp=self.stamp,
            **parameters,
        )
        self._created(table, f"(SELECT id FROM {table.name} WHERE id > {before})")
        return created, before

    def create(self, table: Table, cells: Sequence[str], **parameters: Any) -> int:
        """Create the one record whose columns ``cells`` are in ``:rows``; returns its number."""
        values = {name: f"s.{name}" for name in cells}
        self.insert(table, rows_sql(*table.marked(cells)), values, cells[0], **parameters)
        return self._last(table.name)

    def delete(self, table: Table, source: str, *, purge: bool = False, **parameters: Any) -> int:
        """Delete the records of ``source``; the history keeps an image of each, unless ``purge``."""
        if purge:
            self._purged = True
        else:
            self._keep_images(table, source, parameters)
        return self._engine.execute(
            f"DELETE FROM {table.name} WHERE id IN (SELECT id FROM {source})", **parameters
        )

    def _keep_images(self, table: Table, source: str, parameters: Mapping[str, Any]) -> None:
        pairs = ", ".join(f"'{name}', t.{name}" for name in table.all_columns())
        owner = f"t.{table.owner}" if table.owner else "NULL"
        self._engine.execute(
            "INSERT INTO history (change_id, entity, entity_id, old, part_of)"
            f" SELECT :change, '{table.entity}', t.id, json_object({pairs}), {owner}"
            f" FROM {source} s {_LOOK_UP} {table.name} t WHERE t.id = s.id ORDER BY s.id",
            change=self.change,
            **parameters,
        )
        self._note(table, None)

    def restore(self, table: Table, source: str, **parameters: Any) -> int:
        """Bring records back from their images, the column ``image`` of ``source``."""
        # First the history: a source that leaves out what is there is empty afterwards.
        self._created(table, source, **parameters)
        names = table.all_columns()
        cells = ", ".join(table.cell(name, f"s.image ->> '{name}'") for name in names)
        return self._engine.execute(
            f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {cells} FROM {source} s"
            " WHERE true ORDER BY s.id",
            **parameters,
        )

    def purge(self, records: int) -> None:
        """Note that the change takes away for good, without images, what ``records`` were."""
        self._purged = True
        self.records = records

    def mark_erased(self, table: Table, source: str, **parameters: Any) -> None:
        """Leave a receipt for each record of ``source`` whose data are gone from everywhere."""
        self._engine.execute(
            f"{_HISTORY} SELECT :change, '{table.entity}', s.id, '{ERASED}', NULL, NULL, NULL, NULL"
            f" FROM {source} s WHERE true ORDER BY s.id",
            change=self.change,
            **parameters,
        )

    def wrote(self, entities: frozenset[str]) -> bool:
        """Whether the change has written any of these kinds of record."""
        return any(entity in entities for entity, _ in self._written)

    def finish(self) -> bool:
        """Close the change, or the part; returns whether it has written anything at all."""
        last = self._last_history()
        purged = self._count_purged()
        if last == self.before and not purged and not self._settled:
            return False
        if self._whole is not None:
            return True
        records = self._count() if self.records is None else self.records
        self._engine.execute(
            "UPDATE change SET records = :records, layered = :layered, purged = :purged,"
            " reason = coalesce(reason, :reasons),"
            " first_history_id = :first, last_history_id = :last WHERE id = :change",
            records=records + self._purged_in_parts,
            reasons="; ".join(self._reasons) or None,
            layered=int(self._layered),
            purged=int(purged > 0),
            first=self.before + 1,
            last=last,
            change=self.change,
        )
        return True

    def hand_over(self) -> None:
        """Tell the whole, if this is a part that stays, what its history does not say."""
        if self._whole is not None:
            self._whole.take_part(layered=self._layered, purged=self._count_purged())

    def take_part(self, *, layered: bool, purged: int) -> None:
        """Take over what the history of a part does not say."""
        self._layered = self._layered or layered
        self._purged_in_parts += purged

    def _count_purged(self) -> int:
        return self._purged_in_parts + ((self.records or 0) if self._purged else 0)

    def _count(self) -> int:
        """How many records the history of the change is about; what is a part of a record, such
        as an entry, counts as that record.
        """
        owned = "".join(f" AND entity <> '{entity}'" for entity in sorted(self._owned))
        counted = f"history WHERE id > :first{owned}"
        if len(self._written) > 1 or self._layered:
            counted = f"SELECT DISTINCT entity, entity_id FROM {counted}"
            for entity, table in self._owned.items():
                owner = dict(table.parents)[table.owner]
                counted += (
                    f" UNION SELECT '{owner}', {table.owner} FROM {table.name} WHERE id IN"
                    f" (SELECT entity_id FROM history WHERE id > :first AND entity = '{entity}')"
                )
            counted = f"({counted})"
        return int(self._engine.value(f"SELECT count(*) FROM {counted}", first=self.before))

    def mark_undone(self, change: int, undoes: int | None) -> None:
        """Note that this change took ``change`` back.

        What that one had undone stands again, what *that* had undone does not, and so on.
        """
        sql = "UPDATE change SET undone_by = :by WHERE id = :id"
        self._engine.execute(sql, by=self.change, id=change)
        by, stands = change, True
        while undoes is not None:
            self._engine.execute(sql, by=None if stands else by, id=undoes)
            by, stands = undoes, not stands
            undoes = self._engine.value("SELECT undoes FROM change WHERE id = :id", id=undoes)

    def _created(self, table: Table, source: str, **parameters: Any) -> None:
        self._engine.execute(
            f"{_HISTORY} SELECT :change, '{table.entity}', s.id, NULL, NULL, NULL, NULL, NULL"
            f" FROM {source} s WHERE true ORDER BY s.id",
            change=self.change,
            **parameters,
        )
        self._note(table, None)

    def _note(self, table: Table, field: str | None) -> None:
        written = (table.entity, field)
        self._layered = self._layered or written in self._written
        self._written.add(written)
        if table.owner:
            self._owned[table.entity] = table

    def _last(self, table: str) -> int:
        return self._engine.last_number(table)

    def _last_history(self) -> int:
        """The number of the last row that was ever written: the newest may have been pruned."""
        return self._engine.last_number("history")


def _differs(column: Column, sql: str) -> str:
    return f"t.{column.name} IS DISTINCT FROM ({sql})"


def _stamp(name: str, restoring: bool) -> str:
    if not restoring:
        return ":stamp"
    return (
        f"CASE WHEN t.{name} = :undone_stamp OR t.{name} = s.was_updated_at"
        " THEN s.was_updated_at ELSE :stamp END"
    )


def _since(name: str, since: str, sql: str, restoring: bool) -> str:
    differs = f"t.{name} IS DISTINCT FROM ({sql})"
    if restoring:
        return (
            f"CASE WHEN {differs} OR t.{since} = :undone_stamp THEN s.was_since ELSE t.{since} END"
        )
    return f"CASE WHEN {differs} THEN :stamp ELSE t.{since} END"
