"""Importing opportunities: a running pipeline is taken over with the state that it is in.

A started one gets one entry on its stage, by the rules of ``start``; a closed one then its closing
entry, by the rules of ``close``. An opportunity that exists keeps its state: what moves it is a
verb, not an import, so a row that says something else is a bad row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadctl.core import ledger
from leadctl.core.importing import Stage
from leadctl.core.moves import read_codes
from leadctl.errors import Reason
from leadctl.model import Status
from leadctl.rules.opportunities import CONTACT_OF_OTHER_COMPANY, CONTACT_REQUIRED, edit_problem
from leadctl.rules.takeover import Bad, State, take_over
from leadctl.store import opportunity
from leadctl.store.engine import bare, rows_sql, typed

if TYPE_CHECKING:
    from collections.abc import Iterator

_STATE = (
    *("status", "outcome", "stage", "estimated_value", "amount", "chances_percent"),
    *("close_date", "closed_on", "close_code_id"),
)
# What a row says of the state -> what an existing opportunity has.
_HELD = {
    "status": "t.status",
    "outcome": "CASE WHEN t.closed_on IS NOT NULL THEN t.status END",
    "stage": "CASE WHEN t.closed_on IS NULL THEN e.stage ELSE s.stage END",
    "estimated_value": "coalesce(e.estimated_value_minor, 0)",
    "amount": "CASE WHEN t.status = 'won' THEN e.calculated_value_minor ELSE s.amount END",
    "chances_percent": (
        "CASE WHEN t.closed_on IS NULL THEN coalesce(e.chances, 0) ELSE s.chances_percent END"
    ),
    "close_date": "CASE WHEN t.closed_on IS NULL THEN e.close_date ELSE s.close_date END",
    "closed_on": "t.closed_on",
    "close_code_id": "e.close_code_id",
    "created_on": "t.created_on",
    "cycle_id": "t.cycle_id",
}
_DRAFTED = ("#place", "#line", "#cycle_id", "#active", "#days_open", *ledger.PLANNED[3:])


class OpportunityStage(Stage):
    """Opportunities."""

    read = (
        *("company_id", "person_id", "person_kind", "salesperson_id", "cycle_id", "priority"),
        *("description", "campaign", "created_on", "company_kind"),
        *_STATE,
    )
    foreign = frozenset(
        {
            *(
                f"{name}_{what}"
                for name in ("company", "person")
                for what in ("kind", "text", "key")
            ),
            *("salesperson_id", "cycle_id", "priority", "created_on"),
            *_STATE,
        }
    )

    def look_up(self) -> None:
        """Find the people that the rows name, and fill in companies, salespeople, cycles."""
        if "person" in self._fields:
            # Somebody who has left may still be the contact of an opportunity of the company.
            self._look_up(
                "person",
                "(staged.company_id IS NULL OR c.company_id = staged.company_id OR EXISTS"
                " (SELECT 1 FROM opportunity o WHERE o.person_id = c.id"
                " AND o.company_id = staged.company_id))",
            )
            self._check_found("person")
            self._engine.execute(
                "UPDATE temp.staged SET company_id = p.company_id FROM person p"
                " WHERE p.id = staged.person_id AND staged.company_id IS NULL"
            )

    def decide(self) -> None:
        """Plan the entries of what is new; check that what exists may change as the rows say."""
        self.need("description", "an opportunity needs a description")
        self._bad.from_query(
            "SELECT line FROM temp.staged WHERE record IS NULL AND company_id IS NULL"
            " AND person_id IS NULL ORDER BY line",
            "company",
            lambda: CONTACT_REQUIRED,
        )
        self._bad.from_query(
            "SELECT s.line FROM temp.staged s JOIN person p ON p.id = s.person_id"
            " LEFT JOIN opportunity t ON t.id = s.record"
            " WHERE s.company_id IS NOT NULL AND p.company_id IS DISTINCT FROM s.company_id"
            " AND (t.person_id IS DISTINCT FROM s.person_id"
            " OR t.company_id IS DISTINCT FROM s.company_id) ORDER BY s.line",
            "person",
            lambda: CONTACT_OF_OTHER_COMPANY,
        )
        self._choose_cycles()
        self._check_existing()
        self._plan()

    def created_values(self) -> dict[str, str]:
        """Contact, salesperson (the one named, else the contact's owner), cycle and state."""
        return {
            "company_id": "s.company_id",
            "person_id": "s.person_id",
            "salesperson_id": (
                "coalesce(s.salesperson_id, (SELECT c.owner_id FROM company c"
                " WHERE c.id = s.company_id), (SELECT p.own_owner_id FROM person p"
                " WHERE p.id = s.person_id))"
            ),
            "cycle_id": "s.cycle_id",
            "priority": "coalesce(s.priority, 'normal')",
            "created_on": "s.created_on",
            "status": "s.status_new",
            "closed_on": "s.closed_new",
        }

    def new_rows(self) -> str:
        """The rows that create, with the state that the last of their entries brings."""
        return (
            "(SELECT s.*, d.closed_on AS closed_new, CASE WHEN d.line IS NULL THEN 'not_started'"
            " WHEN d.closed_on IS NULL THEN 'in_progress' ELSE d.action END AS status_new"
            " FROM temp.staged s LEFT JOIN temp.drafted d ON d.line = s.line AND d.active = 1"
            " WHERE s.record IS NULL)"
        )

    def created(self, before: int) -> None:
        """Write the ledgers of the new opportunities."""
        numbered = (
            "(SELECT n.id, v.* FROM temp.drafted v JOIN (SELECT line, row_number() OVER"
            f" (ORDER BY line) + {before} AS id FROM temp.staged WHERE record IS NULL) n"
            " ON n.line = v.line)"
        )
        values = {column: f"s.{name}" for name, column in ledger.ENTRY_COLUMNS.items()}
        values |= {"opportunity_id": "s.id", "cycle_id": "s.cycle_id"}
        values |= {"active": "s.active", "days_open": "s.days_open"}
        self._work.gate.insert(opportunity.ENTRY, numbered, values, "place")

    def updated_values(self) -> dict[str, str]:
        """The contact, where the file names one."""
        values = {}
        if "company" in self._fields or "person" in self._fields:
            named = "s.company_kind IS NOT NULL OR s.person_kind IS NOT NULL"
            for name in ("company_id", "person_id"):
                values[name] = f"CASE WHEN {named} THEN s.{name} ELSE t.{name} END"
        return values

    def _choose_cycles(self) -> None:
        crm = self._work.crm
        default = crm.settings.get("default_cycle")
        self._engine.execute(
            "UPDATE temp.staged SET cycle_id = (SELECT y.id FROM sales_cycle y WHERE y.key = :key"
            " AND y.blocked = 0) WHERE cycle_id IS NULL AND record IS NULL",
            key=default,
        )
        self._bad.from_query(
            "SELECT line FROM temp.staged WHERE record IS NULL AND cycle_id IS NULL ORDER BY line",
            "cycle",
            lambda: Reason(
                "not_found",
                "the default sales cycle {key} is missing or blocked",
                details={"key": default},
            ),
        )
        self._bad.from_query(
            "SELECT s.line, y.key FROM temp.staged s JOIN sales_cycle y ON y.id = s.cycle_id"
            " WHERE s.record IS NULL AND y.blocked = 1 ORDER BY s.line",
            "cycle",
            lambda key: Reason(
                "cycle_blocked", "the sales cycle {key} is blocked", details={"key": key}
            ),
        )

    def _check_existing(self) -> None:
        """State stays; contact, salesperson and the like follow the rules of ``edit``."""
        if not self._source.match:
            return
        joined = (
            "temp.staged s JOIN opportunity t ON t.id = s.record"
            " LEFT JOIN entry e ON e.opportunity_id = t.id AND e.active = 1"
        )
        for name, held in _HELD.items():
            self._bad.from_query(
                f"SELECT s.line FROM {joined} WHERE s.{name} IS NOT NULL"
                f" AND s.{name} IS DISTINCT FROM {held} ORDER BY s.line",
                name.removesuffix("_id"),
                lambda: Reason(
                    "row_invalid",
                    "the opportunity exists, and its state is another",
                    "opportunity next, close and their like change the state",
                ),
            )
        changes = {
            "contact": "(s.company_kind IS NOT NULL OR s.person_kind IS NOT NULL) AND"
            " (s.company_id IS DISTINCT FROM t.company_id"
            " OR s.person_id IS DISTINCT FROM t.person_id)",
            "salesperson": "coalesce(s.salesperson_id, t.salesperson_id)"
            " IS DISTINCT FROM t.salesperson_id",
            "priority": "coalesce(s.priority, t.priority) <> t.priority",
            "campaign": "coalesce(s.campaign, t.campaign) IS DISTINCT FROM t.campaign",
        }
        other = "s.company_kind IS NOT NULL AND s.company_id IS DISTINCT FROM t.company_id"
        for field, differs in changes.items():
            for status in Status:
                for elsewhere in (False, True):
                    reason = edit_problem(status, frozenset({field}), elsewhere)
                    if reason is None or (elsewhere and field != "contact"):
                        continue
                    self._bad.from_query(
                        f"SELECT s.line FROM {joined} WHERE t.status = :status AND {differs}"
                        f" AND ({other}) = :elsewhere ORDER BY s.line",
                        "company" if field == "contact" else field,
                        lambda reason=reason: reason,
                        status=status.value,
                        elsewhere=int(elsewhere),
                    )

    def _plan(self) -> None:
        """Ask the rules for the entries of every row that creates."""
        self._engine.execute(
            "UPDATE temp.staged SET created_on = :today WHERE created_on IS NULL AND record IS NULL",
            today=self._work.crm.today,
        )
        self._engine.execute("DROP TABLE IF EXISTS temp.drafted")
        self._engine.execute(
            "CREATE TEMP TABLE drafted (place INTEGER PRIMARY KEY, line INTEGER,"
            f" {typed(_DRAFTED[2:])})"
        )
        self._engine.execute("CREATE INDEX temp.drafted_line ON drafted (line)")
        bad: list[tuple[int, str | None, Reason]] = []
        self._engine.bulk(
            f"INSERT INTO temp.drafted SELECT {', '.join(bare(_DRAFTED))} FROM {rows_sql(*_DRAFTED)}",
            self._drafts(bad),
        )
        self._bad.take_out(bad)

    def _drafts(self, bad: list[tuple[int, str | None, Reason]]) -> Iterator[tuple[Any, ...]]:
        """The entries of every row that creates; rows that the rules refuse go to ``bad``."""
        cycles, codes = ledger.read_cycles(self._engine), read_codes(self._work.crm)
        today = self._work.crm.today
        rows = self._engine.stream(
            f"SELECT line, cycle_id, created_on, {', '.join(_STATE)} FROM temp.staged"
            " WHERE record IS NULL ORDER BY line"
        )
        for line, cycle, *cells in rows:
            entries = take_over(State(*cells), cycles[cycle], codes, today)
            if isinstance(entries, Bad):
                bad.append((line, *entries))
                continue
            for place, entry in enumerate(entries):
                after = entries[place + 1] if place + 1 < len(entries) else None
                head = (2 * line + place, line, cycle, int(after is None))
                yield (*head, after.days_open if after else 0, *ledger.cells_of(entry))
