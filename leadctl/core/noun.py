"""What every noun offers: list, count, groups, show, history."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from leadctl.core.crm import Crm, Ids, as_choice, the_one
from leadctl.core.repeating import repeating
from leadctl.errors import NotFound, UsageError
from leadctl.model import Choice, Record, Shape, Type
from leadctl.rules.naming import LARGEST_INTEGER, text_of
from leadctl.store import select

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from leadctl.store.engine import Row
    from leadctl.store.tables import Source, Table

ALL = Choice(all=True)


class Noun:
    """A kind of record."""

    source: ClassVar[Source]
    table: ClassVar[Table]

    def __init_subclass__(cls) -> None:
        repeating(cls)

    def __init__(self, crm: Crm) -> None:
        self._crm = crm
        self._engine = crm.engine

    def list(
        self,
        ids: Ids = ALL,
        *,
        fields: Sequence[str] = (),
        sort: str = "",
        limit: int | None = None,
        offset: int = 0,
    ) -> Iterator[Record]:
        """Records as dictionaries, one at a time.

        ``fields`` names the keys wanted (all by default), ``sort`` is ``"field,-field"``; records
        without a value come last. Raises NotFound for an id that does not exist and UsageError
        for an unknown field.
        """
        names = tuple(fields or ()) or tuple(self.source.fields)
        rows = self.rows(ids, names, sort=sort, limit=limit, offset=offset)
        return self._records(names, rows)

    def rows(
        self,
        ids: Ids,
        fields: Sequence[str],
        *,
        sort: str = "",
        limit: int | None = None,
        offset: int = 0,
        shape: Shape = Shape.STORED,
    ) -> Iterator[Row]:
        """The same as tuples, for printing: as stored, as texts, or as one JSON text each."""
        self.readers(fields)
        for name, value in (("limit", limit), ("offset", offset)):
            if value is not None and not (isinstance(value, int) and 0 <= value <= LARGEST_INTEGER):
                raise UsageError("--{name} takes a number from 0", name=name)
        return select.rows(
            self._engine,
            self.source,
            fields,
            self.condition(ids),
            today=self._crm.today,
            sort=self._orders(text_of("--sort", sort)),
            limit=limit,
            offset=offset,
            shape=shape,
        )

    def with_numbers(self, numbers: Sequence[int], fields: Sequence[str]) -> Iterator[Record]:
        """Records by their numbers, without those that do not exist (any more)."""
        where = select.chosen(self.source, numbers, ())
        return self._read(fields, where)

    def belonging_to(self, parent: str, id: int) -> Iterator[Record]:
        """The records that refer to one company or person, whatever lists leave out included."""
        rows = self._engine.query(
            f"SELECT id FROM {self.source.table} WHERE {parent}_id = :id ORDER BY id", id=id
        )
        return self.list([row[0] for row in rows])

    def _read(self, fields: Sequence[str], where: select.Condition) -> Iterator[Record]:
        """The records for which a condition holds."""
        rows = select.rows(self._engine, self.source, fields, where, today=self._crm.today)
        return self._records(fields, rows)

    def _records(self, fields: Sequence[str], rows: Iterable[Row]) -> Iterator[Record]:
        readers = self.readers(fields)
        for row in rows:
            yield {
                name: reader(value) if reader else value
                for name, reader, value in zip(fields, readers, row, strict=True)
            }

    def count(self, ids: Ids = ALL) -> int:
        """How many records there are."""
        return select.count(self._engine, self.source, self.condition(ids), today=self._crm.today)

    def groups(
        self,
        field: str,
        ids: Ids = ALL,
        *,
        sort: str = "",
        limit: int | None = None,
        offset: int = 0,
    ) -> Iterator[Record]:
        """One record per value of ``field``: ``{field: value, "count": n}``.

        ``sort`` is ``field``, ``-field``, ``count`` or ``-count``; by default the field.
        """
        (reader,) = self.readers([field])
        name = sort.removeprefix("-")
        if name not in ("", "count", field):
            raise UsageError(
                "groups are sorted by {field} or count, not by {sort}", field=field, sort=sort
            )
        for value, count in select.groups(
            self._engine,
            self.source,
            field,
            self.condition(ids),
            today=self._crm.today,
            by_count=name == "count",
            down=sort.startswith("-"),
            limit=limit,
            offset=offset,
        ):
            yield {field: reader(value) if reader else value, "count": count}

    def show(self, id: int | str) -> Record:
        """One record with all its keys. Raises NotFound."""
        return next(self.list(Choice(ids=(the_one(id, self.source, self._crm),))))

    def history(self, id: int | str) -> Iterator[Record]:
        """Every change of one record, newest first; also of a deleted one, by its number.

        Raises NotFound.
        """
        from leadctl.core import history

        try:
            number = the_one(id, self.source, self._crm)
        except NotFound:
            numbers, _ = self._crm.split_ids([id])
            rows = history.of_record(self._crm, self.source.entity, numbers[0] if numbers else 0)
            first = next(rows, None)
            if first is None:
                raise
            yield first
            yield from rows
        else:
            yield from history.of_record(self._crm, self.source.entity, number)

    def readers(self, fields: Sequence[str]) -> Sequence[Callable[[Any], Any] | None]:
        """How to read each field's stored value. Raises UsageError for an unknown field."""
        for name in fields:
            if self.source.field(name) is None:
                raise unknown_field(name, self.source)
        if len(set(fields)) < len(fields):
            raise UsageError("a field is named twice")
        kinds = [self.source.field(name) for name in fields]
        return [_READERS.get(kind.type) for kind in kinds if kind is not None]

    def types(self, fields: Sequence[str]) -> Sequence[Type]:
        """What the fields hold. Raises UsageError for an unknown field."""
        self.readers(fields)
        return [field.type for field in map(self.source.field, fields) if field is not None]

    def _orders(self, sort: str) -> Sequence[tuple[str, bool]]:
        parts = [part.strip() for part in sort.split(",")] if sort else []
        names = [part.removeprefix("-") for part in parts]
        self.readers(names)
        return [(name, part[:1] == "-") for name, part in zip(names, parts, strict=True)]

    def meant(self, choice: Choice) -> Choice:
        """What a choice means for this noun."""
        return choice

    def condition(
        self, ids: Ids = ALL, *, source: Source | None = None, ordered: bool = False
    ) -> select.Condition:
        """The SQL condition of a choice of records; ``ordered`` as in ``Source.seen``.

        ``source`` is another one of the same records.

        Raises NotFound.
        """
        choice = self.meant(as_choice(ids))
        if choice.ids is not None:
            absent = select.missing(self._engine, self.source, *self._crm.split_ids(choice.ids))
            if absent:
                raise NotFound(
                    "{entity} {id} does not exist", entity=self.source.entity, id=absent[0]
                )
        return self._crm.condition(source or self.source, choice, ordered=ordered)


def unknown_field(name: str, source: Source) -> UsageError:
    """The error for a field that the noun does not have, with the nearest one that it has."""
    from difflib import get_close_matches

    near = get_close_matches(name, source.fields, 1)
    return UsageError(
        "{entity} has no field {field}",
        hint="did you mean {near}? The fields are: {fields}"
        if near
        else "the fields are: {fields}",
        entity=source.entity,
        field=name,
        near=near[0] if near else None,
        fields=list(source.fields),
    )


def _json(text: str | None) -> Any:
    return json.loads(text) if text else {}


_READERS: dict[Type, Callable[[Any], Any]] = {
    Type.BOOLEAN: bool,
    Type.JSON: _json,
    Type.ARRAY: json.loads,
}
