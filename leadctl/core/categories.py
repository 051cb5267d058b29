"""The list of company categories (``leads.md`` sections 4.3, 5 and 6)."""

from __future__ import annotations

from leadctl.core.batch import LookedAt, Work, changing
from leadctl.core.forms import named_by_form
from leadctl.core.items import RankedList, named_by_automation
from leadctl.core.refs import Item, find_item, look_up
from leadctl.core.values import texts
from leadctl.errors import Reason, UsageError, no_value
from leadctl.labels import accepted, en
from leadctl.model import Group, Record, Report, WriteOptions
from leadctl.rules.categories import Definition, redefine
from leadctl.rules.naming import folded
from leadctl.store import lists, person

# C-8: key -> group and flag of the categories that a new file has.
BUILT_IN: dict[str, tuple[Group, bool]] = {
    "lead": (Group.POTENTIAL_CUSTOMER, True),
    "mql": (Group.POTENTIAL_CUSTOMER, True),
    "opportunity": (Group.POTENTIAL_CUSTOMER, True),
    "lost_opportunity": (Group.POTENTIAL_CUSTOMER, False),
    "customer": (Group.CUSTOMER, False),
    "partner": (Group.PARTNER, False),
}


def parse_group(text: str | None) -> str | None:
    """A category group by key or label of any language; ``none`` is no group.

    Raises UsageError, since the set of groups is closed.
    """
    if text is None or folded(text) == "none":
        return None
    wanted = folded(text.strip())
    keys = accepted("group").get(wanted, frozenset())
    if wanted in [group.value for group in Group]:
        keys = frozenset({wanted})
    if len(keys) != 1:
        raise no_value("group", text, [group.value for group in Group])
    return next(iter(keys))


class Categories(RankedList):
    """Company categories."""

    source = lists.CATEGORIES
    table = lists.CATEGORY
    noun = "category"

    def add(
        self,
        name: str,
        *,
        group: str | None = None,
        lead_status: bool = False,
        description: str | None = None,
        key: str | None = None,
        options: WriteOptions | None = None,
    ) -> Record:
        """Add a category at the end of the list and return it. Its key follows from the name
        unless ``key`` is given.

        Raises Refused for a name that is taken (A-7, A-8) and for ``lead_status`` outside group
        Potential customer (I-1).
        """
        with changing(self._crm, "category add", options) as work:
            new = redefine(Definition(None, False), parse_group(group), lead_status)
            values = {
                "group": new.group,
                "lead_status_enabled": int(new.lead_status_enabled),
                "rank": self._next_rank(),
                **texts("category", {"description": description}),
            }
            record = self._create(work, self._new_name(name), values, key)
            work.count_created()
        return record

    def edit(
        self,
        key: str,
        *,
        name: str | None = None,
        group: str | None = None,
        lead_status: bool | None = None,
        description: str | None = None,
        backfill: bool = False,
        options: WriteOptions | None = None,
    ) -> Report:
        """Change a category. What is ``None`` stays; group ``"none"`` clears it.

        Values of people are kept whatever happens to the flag (D-1, D-2); ``backfill`` gives the
        default status to those who have none where lead status applies afterwards (D-3). The
        report counts the companies and people of a category whose group or flag changes.
        """
        if not backfill and all(value is None for value in (name, group, lead_status, description)):
            raise UsageError("nothing to change was named")
        with changing(self._crm, "category edit", options) as work:
            item = find_item(self._crm, self.source, key)
            old = self._crm.policy().categories[item.id]
            wanted = old.group if group is None else parse_group(group)
            new = redefine(Definition(old.group, old.lead_status_enabled), wanted, lead_status)
            values = texts("category", {"description": description})
            if name is not None:
                values["name"] = self._new_name(name, item)
            defined = {"group": new.group, "lead_status_enabled": int(new.lead_status_enabled)}
            self._edit(work, item, {**values, **defined})
            if new != (old.group, old.lead_status_enabled):
                self._count_affected(work, item)
            if old.lead_status_enabled and not new.lead_status_enabled and lead_status is None:
                work.report.notices.append(
                    Reason("", "lead status was switched off: the group is not Potential customer")
                )
            if backfill:
                self._backfill(work, item)
        return work.report

    def delete(self, key: str, options: WriteOptions | None = None) -> Report:
        """Delete a category softly: companies keep it, nobody can be given it (D-6, I-9).

        Refused while a form gives it to whom it adds (AU-17).
        """
        with changing(self._crm, "category delete", options) as work:
            item = find_item(self._crm, self.source, key)
            problem = named_by_automation(work, "category", item)
            problem = problem or named_by_form(self._crm, "category", item)
            if self._edit(work, item, {"deleted": 1}, problem):
                self._count_affected(work, item)
        return work.report

    def add_defaults(self, options: WriteOptions | None = None) -> Report:
        """Add the built-in categories whose key and name nobody uses (C-8)."""
        with changing(self._crm, "category add-defaults", options) as work:
            for key, (group, enabled) in BUILT_IN.items():
                taken = look_up(self._crm, self.source, key)
                name = en.CATEGORY[key]
                if taken or look_up(self._crm, self.source, name):
                    work.report.unchanged += 1
                    continue
                values = {
                    "group": group.value,
                    "lead_status_enabled": int(enabled),
                    "rank": self._next_rank(),
                    "description": en.CATEGORY_DESCRIPTION[key],
                }
                self._create(work, name, values, given=key)
            keys = " OR ".join(f"key = '{key}'" for key in BUILT_IN)
            listed = f"(SELECT id, 0 AS verdict, 0 AS reason FROM category WHERE {keys})"
            work.looked_at = [LookedAt("category", listed)]
            work.report.matched = len(BUILT_IN)
            work.report.created = len(BUILT_IN) - work.report.unchanged
        return work.report

    def _count_affected(self, work: Work, item: Item) -> None:
        record = self._record(item.id)
        work.report.affected = {"companies": record["companies"], "people": record["people"]}

    def _backfill(self, work: Work, item: Item) -> None:
        policy = self._crm.policy()
        if not policy.categories[item.id].lead_status_enabled:
            raise UsageError("--backfill needs a category with lead status", key=item.key)
        work.gate.update(
            person.TABLE,
            "(SELECT t.id FROM person t LEFT JOIN company c ON c.id = t.company_id"
            f" WHERE {person.EFFECTIVE_CATEGORY} = :category AND t.lead_status_id IS NULL"
            " AND (t.company_id IS NOT NULL OR :anybody = 1))",
            {"lead_status": ":status"},
            category=item.id,
            status=policy.default_status,
            anybody=int(not policy.require_company),
        )
