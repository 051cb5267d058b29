"""``edit --replace FIELD OLD NEW``: search and replace in one text field (BU-4, SO-109)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from leadctl.errors import Reason, UsageError, no_value
from leadctl.model import Type
from leadctl.rules.naming import DEFAULT_LIMIT, LIMITS, checked_text, folded
from leadctl.store.engine import rows_sql

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from leadctl.core.batch import Work
    from leadctl.store.tables import Table

_EMPTY, _TOO_LONG = 1, 2
# A name may become empty only beside another one that is not; other texts may.
_OTHER_NAME = {
    "name": "NULL",
    "description": "NULL",
    "first_name": "t.last_name",
    "last_name": "t.first_name",
}


class Replacement(NamedTuple):
    """Replace ``old`` by ``new`` in ``field``, ignoring case unless ``case``."""

    field: str
    old: str
    new: str
    whole_word: bool = False
    case: bool = False

    def check(self, table: Table, values: Container[str]) -> None:
        """Raise UsageError for a field that is no text, or that ``values`` sets as well."""
        texts = [
            c.field for c in table.columns if c.folded and c.type is Type.TEXT and not c.unique
        ]
        if self.field not in texts:
            raise no_value("--replace", self.field, texts)
        if not self.old:
            raise UsageError("the text to replace is empty")
        if self.field in values:
            raise UsageError("{field} is both set and replaced", field=self.field)
        checked_text(self.field, self.new, table.entity)

    def prepare(self, work: Work, table: Table) -> None:
        """Compute the new texts of the chosen records; what cannot be is marked in column d."""
        engine = work.engine
        engine.execute("DROP TABLE IF EXISTS temp.replaced")
        engine.execute(
            "CREATE TEMP TABLE replaced (id INTEGER PRIMARY KEY, value TEXT, key TEXT, problem INTEGER)"
        )
        rows = engine.stream(
            f"SELECT t.id, t.{self.field}, {_OTHER_NAME.get(self.field, 'true')} FROM temp.target s JOIN {table.name} t ON t.id = s.id"
            f" WHERE instr(t.{self.field}_key, :old) > 0",
            old=folded(self.old),
        )
        names = ("id", "value", "key", "problem")
        engine.bulk(
            f"INSERT INTO temp.replaced SELECT {', '.join(names)} FROM {rows_sql('#id', 'value', 'key', '#problem')}",
            self._results(rows),
        )
        engine.execute(
            "UPDATE temp.target SET d = d | (SELECT problem FROM temp.replaced r WHERE r.id = target.id)"
            " WHERE id IN (SELECT id FROM temp.replaced WHERE problem > 0)"
        )

    def _results(
        self, rows: Iterator[tuple[int, str, str | None]]
    ) -> Iterator[tuple[int, str | None, str | None, int]]:
        limit = LIMITS.get(self.field, DEFAULT_LIMIT)
        pattern = re.escape(self.old)
        if self.whole_word:
            pattern = rf"(?<!\w){pattern}(?!\w)"
        find = re.compile(pattern, 0 if self.case else re.IGNORECASE)
        for id, text, other in rows:
            result = find.sub(lambda match: self.new, text)
            if len(result) > limit:
                yield id, text, None, _TOO_LONG
            elif not result.strip() and not other:
                yield id, text, None, _EMPTY
            else:
                yield id, result or None, folded(result) if result else None, 0

    def problem(self, flags: int) -> Reason | None:
        """Why the text of a situation cannot be replaced."""
        if flags & _EMPTY:
            return Reason("name_required", "nothing would be left of the name")
        if flags & _TOO_LONG:
            return Reason(
                "value_too_long", "{field} would be too long", details={"field": self.field}
            )
        return None

    def assignment(self) -> dict[str, str]:
        """For ``Gate.update``; records that the text does not occur in keep theirs."""
        has = "EXISTS (SELECT 1 FROM temp.replaced r WHERE r.id = t.id)"
        value = "(SELECT r.{0} FROM temp.replaced r WHERE r.id = t.id)"
        return {
            self.field: f"CASE WHEN {has} THEN {value.format('value')} ELSE t.{self.field} END",
            f"{self.field}_key": (
                f"CASE WHEN {has} THEN {value.format('key')} ELSE t.{self.field}_key END"
            ),
        }
