"""The list of lead statuses (``leads.md`` sections 4.4 and 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.core.batch import Work, changing
from leadctl.core.items import RankedList, named_by_automation
from leadctl.core.refs import Item, find_item
from leadctl.core.values import assignment, texts
from leadctl.errors import Reason, UsageError
from leadctl.store import lists

if TYPE_CHECKING:
    from leadctl.model import Record, Report, WriteOptions


class LeadStatuses(RankedList):
    """Lead statuses; exactly one is the default."""

    source = lists.LEAD_STATUSES
    table = lists.LEAD_STATUS
    noun = "lead-status"

    def add(
        self,
        name: str,
        *,
        description: str | None = None,
        key: str | None = None,
        options: WriteOptions | None = None,
    ) -> Record:
        """Add a lead status at the end of the list and return it (A-1, A-2, A-17). Its key follows
        from the name unless ``key`` is given.

        Raises Refused for a name that is taken.
        """
        with changing(self._crm, "lead-status add", options) as work:
            checked = texts("lead_status", {"description": description})
            values = {"rank": self._next_rank(), **checked}
            record = self._create(work, self._new_name(name), values, key)
            work.count_created()
        return record

    def edit(
        self,
        key: str,
        *,
        name: str | None = None,
        description: str | None = None,
        default: bool = False,
        options: WriteOptions | None = None,
    ) -> Report:
        """Rename or describe a status, or make it the default of new leads (S-1, S-3)."""
        if name is None and description is None and not default:
            raise UsageError("nothing to change was named")
        with changing(self._crm, "lead-status edit", options) as work:
            item = find_item(self._crm, self.source, key)
            values: dict[str, object] = {**texts("lead_status", {"description": description})}
            if name is not None:
                values["name"] = self._new_name(name, item)
            if default:
                self._refuse_deleted(item)
                self._clear_default(work, item)
                values["is_default"] = 1
            self._edit(work, item, values)
        return work.report

    def delete(
        self, key: str, *, default: str | None = None, options: WriteOptions | None = None
    ) -> Report:
        """Delete a status softly: people keep it, nobody can be given it (S-2).

        Deleting the default is refused unless ``default`` names another one (S-3).
        """
        with changing(self._crm, "lead-status delete", options) as work:
            item = find_item(self._crm, self.source, key)
            is_default = self._record(item.id)["is_default"]
            values: dict[str, object] = {"deleted": 1}
            problem = None
            if default is not None:
                other = find_item(self._crm, self.source, default)
                self._refuse_deleted(other)
                if other.id == item.id:
                    raise UsageError("{key} cannot replace itself", key=item.key)
                self._clear_default(work, other)
                self._set_default(work, other)
                values["is_default"] = 0
            problem = problem or named_by_automation(work, "lead_status", item)
            if default is None and is_default:
                problem = Reason(
                    "default_status_needed",
                    "{key} is the status that new leads get",
                    "--default KEY names the status that takes its place",
                    {"key": item.key},
                )
            self._edit(work, item, values, problem)
        return work.report

    def _clear_default(self, work: Work, new: Item) -> None:
        work.gate.update(
            self.table,
            "(SELECT id FROM lead_status WHERE is_default = 1 AND id <> :new)",
            {"is_default": ":zero"},
            new=new.id,
            zero=0,
        )

    def _set_default(self, work: Work, item: Item) -> None:
        assign, parameters = assignment(self.table, {"is_default": 1})
        work.gate.update(self.table, "(SELECT :item AS id)", assign, item=item.id, **parameters)
