"""The ledgers of opportunities, to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.core.noun import Noun
from leadctl.store import opportunity
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
        where = Condition("t.opportunity_id = :opportunity", {"opportunity": id})
        return self._read(tuple(self.source.fields), where)
