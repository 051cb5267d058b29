"""The staged rows of an import: look up what they name, decide, write.

Each kind of record has a stage of its own, which says what its rules make of the rows.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from leadctl.core.batch import LookedAt
from leadctl.core.outcome import does_not_exist
from leadctl.core.specs import LISTS, REFERENCES, Spec, marked, staged_columns
from leadctl.errors import Reason
from leadctl.store import company
from leadctl.store.engine import typed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from leadctl.core.batch import Work
    from leadctl.core.imports import ImportFile
    from leadctl.core.rows import BadRows


class Stage(ABC):
    """``temp.staged``: a row per good line of the file."""

    # Columns that the rules read although the file may not have them.
    read: ClassVar[tuple[str, ...]] = ()
    # Staged columns that are no columns of the table.
    foreign: ClassVar[frozenset[str]] = frozenset()
    unique: ClassVar[Mapping[str, str]] = {"external_id": "external_id_taken"}

    def __init__(
        self, work: Work, spec: Spec, fields: tuple[str, ...], bad: BadRows, source: ImportFile
    ) -> None:
        self._work = work
        self._engine = work.engine
        self._spec = spec
        self._fields = fields
        self._bad = bad
        self._source = source
        self._columns = [name for field in fields for name in staged_columns(spec, field)]
        self.total = 0

    def load(self, rows: Iterable[Sequence[Any]]) -> None:
        """Fill the table."""
        names = [*self._columns, *(name for name in self.read if name not in self._columns)]
        columns = [
            "#record",
            "#status_after",
            "#flag",
            *(marked(self._spec, name) for name in names),
        ]
        self._engine.execute("DROP TABLE IF EXISTS temp.staged")
        self._engine.execute(
            f"CREATE TEMP TABLE staged (line INTEGER PRIMARY KEY, {typed(columns)})"
        )
        self.total = self._engine.load("temp.staged", ("line", *self._columns), rows)

    def resolve(self) -> None:
        """Find the companies and the records that the rows name, and ask the rules."""
        if "company" in self._fields:
            self._find_companies()
        self.look_up()
        if self._source.match:
            self._find_matches()
        self._check_unique()
        self.decide()

    def look_up(self) -> None:  # noqa: B027 - not every kind has any
        """Find what else the rows name."""

    @abstractmethod
    def decide(self) -> None:
        """Ask the rules; what they refuse is a bad row."""

    @abstractmethod
    def created_values(self) -> dict[str, str]:
        """The columns of a new record besides those that the file fills, as SQL over ``s``."""

    def updated_values(self) -> dict[str, str]:
        """The fields of an existing record besides those of the file, as SQL over ``s``, ``t``."""
        return {}

    def new_rows(self) -> str:
        """A FROM item with the rows that create, ordered by ``line``."""
        return "(SELECT * FROM temp.staged WHERE record IS NULL)"

    def created(self, before: int) -> None:  # noqa: B027 - not every kind has any
        """What follows when records above the number ``before`` have been created."""

    def updated(self, existing: str) -> None:  # noqa: B027 - not every kind has any
        """What follows when the records of ``existing`` have been updated."""

    def write(self) -> None:
        """Create and update; what a row leaves empty stays as it is."""
        table, gate = self._spec.table, self._work.gate
        own = [name for name in self._columns if name not in self.foreign]
        values = {name: f"s.{name}" for name in own} | self.created_values()
        created, before = gate.insert(table, self.new_rows(), values, "line")
        if created:
            self.created(before)
        report = self._work.report
        report.created = created
        existing = "(SELECT *, record AS id FROM temp.staged WHERE record IS NOT NULL)"
        matched = self._engine.value(f"SELECT count(*) FROM {existing}")
        changed = 0
        if matched and self._source.on_match == "update":
            changed = gate.update(table, existing, self._assignment())
            self.updated(existing)
        report.changed, report.unchanged = changed, matched - changed
        looked_at = (
            "(SELECT record AS id, 0 AS verdict, 0 AS reason FROM temp.staged WHERE record IS"
            f" NOT NULL UNION ALL SELECT id, 0, 0 FROM {table.name} WHERE id > {before})"
        )
        self._work.looked_at = [LookedAt(table.entity, looked_at)]

    def _assignment(self) -> dict[str, str]:
        table = self._spec.table
        assign: dict[str, str] = {}
        for field in self._fields:
            kind = self._spec.fields[field]
            if kind in REFERENCES or field in self._spec.state:
                continue
            column = table.column(field)
            staged = f"{kind}_id" if kind in LISTS else column.name
            assign[field] = f"coalesce(s.{staged}, t.{column.name})"
            if column.folded:
                assign[f"{field}_key"] = f"coalesce(s.{staged}_key, t.{column.name}_key)"
        return assign | self.updated_values()

    def _find_companies(self) -> None:
        self._look_up("company")
        if self._source.create_companies:
            missing = (
                "(SELECT s.line, s.company_text AS name, s.company_key AS name_key FROM temp.staged s"
                " JOIN (SELECT min(line) AS line FROM temp.staged WHERE company_kind = 'name'"
                " AND company_id IS NULL AND flag = 0 GROUP BY company_key) f ON f.line = s.line)"
            )
            values = {"name": "s.name", "name_key": "s.name_key"}
            created, _ = self._work.gate.insert(company.TABLE, missing, values, "line")
            self._work.report.affected["companies"] += created
            self._look_up("company")
        self._check_found("company")

    def _look_up(self, entity: str, where: str = "true") -> None:
        """Set ``<entity>_id``, and ``flag`` to how many records have the name."""
        for kind, column in (("id", "id"), ("ext", "external_id"), ("name", "name_key")):
            key = f"staged.{entity}_key"
            found = f"FROM {entity} c WHERE c.{column} = "
            found += f"CAST({key} AS BIGINT)" if kind == "id" else key
            if kind == "name":
                found += f" AND {where}"
            self._engine.execute(
                f"UPDATE temp.staged SET ({entity}_id, flag) = (SELECT max(c.id), count(*) {found})"
                f" WHERE {entity}_kind = '{kind}'"
            )

    def _check_found(self, entity: str) -> None:
        self._bad.from_query(
            f"SELECT line, {entity}_text FROM temp.staged WHERE {entity}_kind IS NOT NULL"
            " AND flag > 1 ORDER BY line",
            entity,
            lambda name: Reason(
                "ambiguous_name",
                "more than one {entity} is called {name}",
                "name it by its number or ext:KEY",
                {"entity": entity, "name": name},
            ),
        )
        self._bad.from_query(
            f"SELECT line, {entity}_text, {entity}_kind FROM temp.staged"
            f" WHERE {entity}_kind IS NOT NULL AND {entity}_id IS NULL ORDER BY line",
            entity,
            lambda text, kind: _unknown(entity, text, kind),
        )

    def _find_matches(self) -> None:
        keys = []
        for field in self._source.match:
            # External ids are compared as they are, everything else by its key.
            exact = {field: f"{field}_id" for field in REFERENCES} | {"external_id": "external_id"}
            keys.append(exact.get(field) or staged_columns(self._spec, field)[-1])
        # Of several fields one may be empty on both sides; nothing at all matches nothing.
        equal = "=" if len(keys) == 1 else "IS NOT DISTINCT FROM"
        same = " AND ".join(f"t.{key} {equal} s.{key}" for key in keys)
        where = f"FROM {self._spec.table.name} t WHERE {same.replace('s.', 'staged.')}"
        self._engine.execute(
            f"UPDATE temp.staged SET (record, flag) = (SELECT max(t.id), count(*) {where})"
        )
        fields = ", ".join(self._source.match)
        empty = " AND ".join(f"{key} IS NULL" for key in keys)
        self._bad.from_query(
            f"SELECT line FROM temp.staged WHERE {empty} ORDER BY line",
            self._source.match[0],
            lambda: Reason(
                "row_invalid", "{fields} is empty: it cannot be matched", details={"fields": fields}
            ),
        )
        self._bad.from_query(
            "SELECT line, flag FROM temp.staged WHERE flag > 1 ORDER BY line",
            self._source.match[0],
            lambda count: Reason(
                "ambiguous_match",
                "{count} records have the same {fields}",
                details={"count": count, "fields": fields},
            ),
        )
        listed = ", ".join(keys)
        self._bad.from_query(
            f"SELECT line, first FROM (SELECT line, min(line) OVER (PARTITION BY {listed}) AS first"
            " FROM temp.staged) WHERE line > first ORDER BY line",
            self._source.match[0],
            lambda first: Reason(
                "row_invalid",
                "the same {fields} as in line {first}",
                details={"fields": fields, "first": first},
            ),
        )
        if self._source.on_match == "refuse":
            self._bad.from_query(
                "SELECT line, record FROM temp.staged WHERE record IS NOT NULL ORDER BY line",
                self._source.match[0],
                lambda id: Reason("exists", "it exists already as {id}", details={"id": id}),
            )

    def _check_unique(self) -> None:
        """No two records may share an external id (or a user's name)."""
        for name, code in self.unique.items():
            if name not in self._columns:
                continue
            field = name.removesuffix("_key")
            other = "name_key" if name == "key" else name
            self._bad.from_query(
                f"SELECT s.line, s.{other} FROM temp.staged s JOIN {self._spec.table.name} t"
                f" ON t.{name} = s.{other} WHERE s.record IS NULL OR s.record <> t.id"
                " ORDER BY s.line",
                field,
                lambda value, code=code: Reason(
                    code, "{value} belongs to another record", details={"value": value}
                ),
            )
            # Whether there is any takes half the time of finding out which.
            self._bad.from_query(
                f"SELECT line, first FROM (SELECT line, min(line) OVER (PARTITION BY {other}) AS"
                f" first FROM temp.staged WHERE {other} IS NOT NULL AND EXISTS (SELECT 1 FROM"
                f" temp.staged WHERE {other} IS NOT NULL GROUP BY {other} HAVING count(*) > 1))"
                " WHERE line > first ORDER BY line",
                field,
                lambda first, field=field: Reason(
                    "row_invalid",
                    "the same {fields} as in line {first}",
                    details={"fields": field, "first": first},
                ),
            )

    def need(self, column: str, template: str) -> None:
        """A new record needs a text in ``column``."""
        self._bad.from_query(
            f"SELECT line FROM temp.staged WHERE record IS NULL AND trim(coalesce({column}, '')) = ''"
            " ORDER BY line",
            column,
            lambda: Reason("name_required", template),
        )


def _unknown(entity: str, text: str, kind: str) -> Reason:
    """The reason for a cell that names nobody; companies that are named can be added."""
    reason = does_not_exist(entity, text)
    if entity != "company" or kind != "name":
        return reason
    return reason._replace(hint="--create-companies adds the companies that are not there yet")
