"""Importing people: company, category and lead status by the rules of the save pipeline."""

from __future__ import annotations

from typing import Any

from leadctl.core.import_companies import instants
from leadctl.core.importing import Stage
from leadctl.core.leaving import follow_person
from leadctl.errors import Reason
from leadctl.rules.leads import Person, Wish, decide, deleted_item
from leadctl.store import person
from leadctl.store.engine import rows_sql, typed
from leadctl.store.tables import truth

# What the rules decide a row by. A category or owner that is the company's own is no contradiction:
# exports have both.
SITUATION = {
    "creating": truth("s.record IS NULL"),
    "category": f"coalesce({person.EFFECTIVE_CATEGORY}, 0)",
    "placed": truth("t.company_id IS NOT NULL"),
    "status": "coalesce(t.lead_status_id, 0)",
    "company_category": "coalesce(n.category_id, 0)",
    "placed_after": truth("coalesce(s.company_id, t.company_id) IS NOT NULL"),
    "named": "coalesce(s.category_id, 0)",
    "other_owner": truth("s.owner_id IS NOT NULL AND s.owner_id IS DISTINCT FROM n.owner_id"),
    "wanted": "coalesce(s.lead_status_id, 0)",
    "as_it_was": truth("s.record IS NULL AND s.lead_status_active IS NOT NULL"),
}
_CELLS = ", ".join(f"{sql} AS {name}" for name, sql in SITUATION.items())
SITUATIONS = (
    f"(SELECT s.line, {_CELLS} FROM temp.staged s LEFT JOIN person t ON t.id = s.record"
    " LEFT JOIN company c ON c.id = t.company_id"
    " LEFT JOIN company n ON n.id = coalesce(s.company_id, t.company_id))"
)


class PersonStage(Stage):
    """People."""

    read = (
        *("company_id", "category_id", "owner_id", "lead_status_id", "lead_status_active"),
        *("first_name", "last_name"),
    )
    foreign = frozenset(
        {
            *("company_kind", "company_text", "company_key", "lead_status_id"),
            *("lead_status_active", "status_since", "category_id", "owner_id"),
        }
    )

    def created_values(self) -> dict[str, str]:
        """References, the lead status that the rules gave, instants."""
        since = "s.status_since" if "status_since" in self._columns else "NULL"
        values = {
            "company_id": "s.company_id",
            "own_category_id": "s.category_id",
            "own_owner_id": "s.owner_id",
            "lead_status_id": "nullif(s.status_after, 0)",
            "status_since": f"CASE WHEN s.status_after > 0 THEN coalesce({since}, :stamp) END",
        }
        if "retired" in self._columns:
            values["retired"] = "coalesce(s.retired, 0)"
        return values | instants(self._columns)

    def updated_values(self) -> dict[str, str]:
        """A company takes category and owner away; the lead status follows the rules."""
        own = "CASE WHEN s.company_id IS NULL THEN coalesce(s.{0}, t.own_{0}) END"
        return {
            "company_id": "coalesce(s.company_id, t.company_id)",
            "category": own.format("category_id"),
            "owner": own.format("owner_id"),
            "lead_status": "nullif(s.status_after, 0)",
        }

    def updated(self, existing: str) -> None:
        """Opportunities without a company follow their person to one."""
        if "company" in self._fields:
            follow_person(self._work, existing)

    def decide(self) -> None:
        """Ask the rules once per situation of a row (section 4.8)."""
        self._bad.from_query(
            "SELECT line FROM temp.staged WHERE record IS NULL AND"
            " trim(coalesce(first_name, '') || coalesce(last_name, '')) = '' ORDER BY line",
            "last_name",
            lambda: Reason("name_required", "a person needs a first or a last name"),
        )
        reasons = self._answer()
        # Who is in a company has no category and owner of its own.
        cleared = ", ".join(
            f"{name} = CASE WHEN a.placed_after = 0 THEN {name} END"
            for name in ("category_id", "owner_id")
        )
        same = " AND ".join(f"a.{name} = r.{name}" for name in SITUATION)
        self._engine.execute(
            f"UPDATE temp.staged SET status_after = a.number, {cleared} FROM {SITUATIONS} r"
            f" JOIN temp.answer a ON {same} WHERE staged.line = r.line"
        )
        columns = {"category_follows_company": "category", "owner_follows_company": "owner"}
        for number, reason in enumerate(reasons):
            self._bad.from_query(
                "SELECT line FROM temp.staged WHERE status_after = :number ORDER BY line",
                columns.get(reason.code, "category" if "key" in reason.details else "lead_status"),
                lambda reason=reason: reason,
                number=-1 - number,
            )

    def _answer(self) -> list[Reason]:
        """Fill ``temp.answer`` with what the rules say of each situation: the number of the lead
        status, or -1 - n for the n-th of the reasons that are returned.
        """
        names = ", ".join(SITUATION)
        answers: list[tuple[Any, ...]] = []
        reasons: list[Reason] = []
        for found in self._engine.query(f"SELECT DISTINCT {names} FROM {SITUATIONS}"):
            status, reason = self._decision(*found)
            reasons += [reason] if reason and reason not in reasons else []
            answers.append((*found, -1 - reasons.index(reason) if reason else status))
        columns = [f"#{name}" for name in (*SITUATION, "number")]
        self._engine.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS answer ({typed(columns)}, PRIMARY KEY ({names}))"
        )
        self._engine.execute("DELETE FROM temp.answer")
        self._engine.bulk(
            f"INSERT INTO temp.answer SELECT {names}, number FROM {rows_sql(*columns)}",
            answers,
        )
        return reasons

    def _decision(
        self,
        creating: int,
        category: int,
        placed: int,
        status: int,
        company_category: int,
        placed_after: int,
        named: int,
        other_owner: int,
        wanted: int,
        as_it_was: int,
    ) -> tuple[int, Reason | None]:
        """The lead status of a situation, or why its rows are bad.

        A row that tells whether lead status applies comes from an export: its status is taken
        over as it was, hidden or not (I-3).
        """
        policy = self._work.crm.policy()
        after = company_category if placed_after else named or category
        contradicts = bool(named) and (not placed_after or named != company_category)
        decision = decide(
            Person(category, bool(placed), status),
            Person(after, bool(placed_after), status),
            Wish(0 if as_it_was else wanted, contradicts, bool(other_owner), bool(creating)),
            policy,
        )
        if decision.reason is not None:
            return 0, decision.reason
        if contradicts and policy.categories[named].deleted and named != category:
            return 0, deleted_item(policy.categories[named].key)
        return wanted if as_it_was else decision.status, None
