"""Importing companies and users: categories and names."""

from __future__ import annotations

from typing import ClassVar

from leadctl.core.companies import enter_people
from leadctl.core.importing import Stage
from leadctl.rules.leads import deleted_item, enters
from leadctl.store.engine import rows_sql


def instants(columns: list[str]) -> dict[str, str]:
    """When a new record was made and changed, as the file says."""
    return {
        name: f"coalesce(s.{name}, :stamp)"
        for name in ("created_at", "updated_at")
        if name in columns
    }


class CompanyStage(Stage):
    """Companies: the people of one that enters a category follow (T-1 to T-8)."""

    read = ("name", "category_id")

    def created_values(self) -> dict[str, str]:
        """Instants as the file has them."""
        return instants(self._columns)

    def updated(self, existing: str) -> None:
        """People follow the category."""
        if "category" in self._fields:
            enter_people(self._work, self._work.crm.policy(), existing)

    def decide(self) -> None:
        """Refuse deleted categories, and mark who enters one with lead status."""
        self.need("name", "a company needs a name")
        policy = self._work.crm.policy()
        rows = self._engine.query(
            "SELECT coalesce(t.category_id, 0) AS old, s.category_id FROM temp.staged s"
            " LEFT JOIN company t ON t.id = s.record WHERE s.category_id IS NOT NULL GROUP BY 1, 2"
        )
        entering = [(old, new) for old, new in rows if enters(old, new, policy)]
        refused = {
            new: deleted_item(policy.categories[new].key)
            for old, new in rows
            if old != new and policy.categories[new].deleted
        }
        for new, reason in refused.items():
            self._bad.from_query(
                "SELECT s.line FROM temp.staged s LEFT JOIN company t ON t.id = s.record"
                " WHERE s.category_id = :new AND t.category_id IS DISTINCT FROM :new",
                "category",
                lambda reason=reason: reason,
                new=new,
            )
        self._engine.execute("UPDATE temp.staged SET flag = 0")
        self._engine.bulk(
            "UPDATE temp.staged SET flag = 1 WHERE record IS NOT NULL AND EXISTS (SELECT 1 FROM"
            f" {rows_sql('#old', '#new')} e JOIN company t ON t.id = staged.record"
            " WHERE e.old = coalesce(t.category_id, 0) AND e.new = staged.category_id)",
            entering,
        )


class UserStage(Stage):
    """Users."""

    read = ("name",)
    unique: ClassVar[dict[str, str]] = {"name_key": "name_taken", "key": "name_taken"}

    def created_values(self) -> dict[str, str]:
        """A new user is active and not away."""
        return {
            name: f"coalesce(s.{name}, {int(name == 'active')})"
            for name in ("active", "away")
            if name in self._columns
        }

    def decide(self) -> None:
        """A user needs a name."""
        self.need("name", "a user needs a name")
