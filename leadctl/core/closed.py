"""Closed opportunities, to be listed and deleted in bulk (section 9.2 of ``opportunities.md``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.core.batch import changing
from leadctl.core.crm import Ids, as_choice
from leadctl.core.narrowing import check_filters, narrowed
from leadctl.core.noun import Noun
from leadctl.core.opportunities import delete_closed
from leadctl.store import opportunity
from leadctl.store.tables import truth

if TYPE_CHECKING:
    from leadctl.model import Choice, Report, WriteOptions

ONLY_CLOSED = "closed_on is not null"


class Closed(Noun):
    """Closed opportunities. Filters and "all" mean closed ones; ids and selections may name open
    ones, which cannot be deleted.
    """

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
            choice = as_choice(ids)
            named = choice.ids is not None or choice.selection is not None
            chosen = choice if named else self.meant(choice)
            work.choose(self.source, chosen, (truth("t.closed_on IS NOT NULL"),))
            delete_closed(work, purge=purge)
        return work.report

    def chosen(self, choice: Choice, **filters: str | None) -> Choice:
        """A choice narrowed by ``closed_before``, ``closed_after``, ``older_than``, ``outcome``,
        ``code``, ``salesperson``, ``campaign``, ``company``, ``person`` and ``cycle``, which are
        those of the command line. Raises UsageError and NotFound.
        """
        return narrowed(self._crm, choice, check_filters(**filters), **filters)

    def meant(self, choice: Choice) -> Choice:
        """Lists are of closed opportunities only, however they are chosen."""
        return choice._replace(all=False, where=(*choice.where, ONLY_CLOSED))
