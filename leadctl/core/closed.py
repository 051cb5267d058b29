"""Closed opportunities, to be listed and deleted in bulk (section 9.2 of ``opportunities.md``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.core.batch import changing
from leadctl.core.crm import Ids, as_choice
from leadctl.core.noun import Noun
from leadctl.core.opportunities import delete_closed
from leadctl.store import opportunity

if TYPE_CHECKING:
    from leadctl.model import Choice, Report, WriteOptions

ONLY_CLOSED = "closed_on is not null"


class Closed(Noun):
    """Closed opportunities. Filters and "all" mean closed ones; an id may name an open one."""

    source = opportunity.SOURCE
    table = opportunity.TABLE

    def delete(
        self, ids: Ids, *, purge: bool = False, options: WriteOptions | None = None
    ) -> Report:
        """Delete closed opportunities with their entries and open quotes; orders stay.

        Open ones that an id names are refused. ``purge`` keeps no images: the change says how
        many were deleted and cannot be undone.
        """
        with changing(self._crm, "closed delete", options) as work:
            work.choose(self.source, self.meant(as_choice(ids)), ("t.closed_on IS NOT NULL",))
            delete_closed(work, purge=purge)
        return work.report

    def meant(self, choice: Choice) -> Choice:
        """Filters and "all" are about closed opportunities only."""
        if choice.ids is not None:
            return choice
        return choice._replace(all=False, where=(*choice.where, ONLY_CLOSED))
