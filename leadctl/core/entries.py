"""The ledgers of opportunities, to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.core.noun import Noun
from leadctl.store import opportunity, select
from leadctl.store.select import Condition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadctl.model import Record


class Entries(Noun):
    """Entries: append-only, exactly one active per opportunity that was started."""

    source = opportunity.ENTRIES
    table = opportunity.ENTRY

    def of(self, id: int) -> Iterator[Record]:
        """The entries of one opportunity, the oldest first."""
        names = tuple(self.source.fields)
        readers = self.readers(names)
        where = Condition("t.opportunity_id = :opportunity", {"opportunity": id})
        for row in select.rows(self._engine, self.source, names, where, today=self._crm.today):
            yield {
                name: reader(value) if reader else value
                for name, reader, value in zip(names, readers, row, strict=True)
            }
