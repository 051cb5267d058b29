"""The list of users: owners of companies and people, salespeople."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.core.batch import changing
from leadctl.core.distributing import leave_turns
from leadctl.core.forms import named_by_form
from leadctl.core.items import ItemList
from leadctl.core.refs import Item, find_item
from leadctl.core.values import texts
from leadctl.errors import Reason, UsageError
from leadctl.rules.opportunities import HAS_OPEN_OPPORTUNITIES
from leadctl.store import lists

if TYPE_CHECKING:
    from leadctl.core.batch import Work
    from leadctl.core.imports import ImportFile
    from leadctl.model import Record, Report, WriteOptions


class Users(ItemList):
    """Users."""

    source = lists.USERS
    table = lists.USER

    def add(
        self,
        name: str,
        *,
        email: str | None = None,
        group: str | None = None,
        key: str | None = None,
        options: WriteOptions | None = None,
    ) -> Record:
        """Add an active user and return it. The key follows from the name unless ``key`` is given.
        Raises Refused for a name that is taken.
        """
        with changing(self._crm, "user add", options) as work:
            values = texts("user", {"email": email, "group": group})
            record = self._create(work, self._new_name(name), values, key)
            work.count_created()
        return record

    def add_named(self, work: Work, name: str) -> int:
        """Add a user within another change, as an import does; returns the number."""
        return int(self._create(work, self._new_name(name), {})["id"])

    def edit(
        self,
        key: str,
        *,
        name: str | None = None,
        email: str | None = None,
        group: str | None = None,
        active: bool | None = None,
        away: bool | None = None,
        options: WriteOptions | None = None,
    ) -> Report:
        """Change a user; what is ``None`` stays, an empty text clears."""
        values: dict[str, object] = dict(texts("user", {"email": email, "group": group}))
        flags = {"active": active, "away": away}
        values |= {field: int(flag) for field, flag in flags.items() if flag is not None}
        if name is None and not values:
            raise UsageError("nothing to change was named")
        with changing(self._crm, "user edit", options) as work:
            item = find_item(self._crm, self.source, key)
            if name is not None:
                values["name"] = self._new_name(name, item)
            self._edit(work, item, values)
        return work.report

    def import_file(self, source: ImportFile, options: WriteOptions | None = None) -> Report:
        """Import users from a file; see ``run_import``."""
        from leadctl.core.imports import run_import

        return run_import(self._crm, "user", source, options)

    def delete(self, key: str, options: WriteOptions | None = None) -> Report:
        """Delete a user for good. Raises Refused while companies, people or opportunities are
        theirs, and while a form names them as owner.
        """
        with changing(self._crm, "user delete", options) as work:
            item = find_item(self._crm, self.source, key)
            problem = self._in_use(item) or named_by_form(self._crm, "owner", item)
            if problem is None:
                leave_turns(work, item.id)
            self._delete(work, item, problem)
        return work.report

    def _in_use(self, item: Item) -> Reason | None:
        owned, sold, open_ = self._engine.query(
            "SELECT (SELECT count(*) FROM company WHERE owner_id = :id)"
            " + (SELECT count(*) FROM person WHERE own_owner_id = :id),"
            " (SELECT count(*) FROM opportunity WHERE salesperson_id = :id),"
            " (SELECT count(*) FROM opportunity WHERE salesperson_id = :id AND closed_on IS NULL)",
            id=item.id,
        )[0]
        if open_:
            return HAS_OPEN_OPPORTUNITIES
        if not owned + sold:
            return None
        return Reason(
            "list_item_in_use",
            "{key} owns {owned} companies and people, and sold {sold} opportunities",
            "give them to somebody else, or user edit {key} --inactive",
            {"key": item.key, "owned": owned, "sold": sold},
        )
