"""The rest of the model: quotes, orders, stages that change, and what ``show`` must say.

Written from ``opportunities.md`` section 8 and ``cli.md`` section 5.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from typing import Any

from tests.properties.opportunity_facts import (
    DONE,
    Expected,
    Opportunity,
    Refusal,
    cents,
    days_between,
    exact,
)
from tests.properties.opportunity_model import MOVES, Model

Record = dict[str, Any]
AMOUNTS = ("estimated_value", "calculated_value")
PERCENTAGES = ("chances_percent", "completed_percent", "probability_percent")
FIGURES = (*AMOUNTS, *PERCENTAGES)
ACTIONS = ("start", *MOVES, "close-won", "close-lost", "reopen", "quote", "delete")
HEADER = (
    *("status", "outcome", "cycle", "stage", *FIGURES, "close_date"),
    *("created_on", "closed_on", "close_code", "order_id"),
)
ENTRY = (
    *("action", "stage", "previous_stage", "date", "active", "days_open", *FIGURES),
    *("close_date", "closed_on", "close_code"),
)


class Deals(Model):
    """A new quote or order is number 0 until the product has given it one."""

    def once(self, change: Callable[[], None]) -> Expected:
        """A command about one thing: done or refused as a whole."""
        before = deepcopy(self.tables)
        try:
            change()
        except Refusal as refusal:
            self.tables = before
            return Expected({str(refusal)})
        return DONE

    def create_quote(self, id: int, lines: list[tuple[int, float]]) -> Expected:
        def change() -> None:
            if id not in self.opportunity:
                raise Refusal("not_found")
            one = self.opportunity[id]
            self._need(one, "quote")
            one.quote = 0
            self.quote[0] = {"opportunity": id, "lines": 0, "total": 0, "ordered": False}
            self._add_lines(0, lines)

        return self.once(change)

    def add_line(self, number: int, line: tuple[int, float]) -> Expected:
        return self.once(lambda: self._add_lines(number, [line]))

    def _add_lines(self, number: int, lines: list[tuple[int, float]]) -> None:
        quote = self._open_quote(number)
        quote["lines"] += len(lines)
        quote["total"] += sum(quantity * cents(price) for quantity, price in lines)

    def _open_quote(self, number: int) -> Record:
        if self.quote[number]["ordered"]:
            raise Refusal("quote_ordered")
        return self.quote[number]

    def delete_quote(self, number: int) -> Expected:
        def change() -> None:
            self.opportunity[self._open_quote(number)["opportunity"]].quote = None
            del self.quote[number]

        return self.once(change)

    def make_order(self, number: int, code: str | None, on: str | None) -> Expected:
        """A lost opportunity stays lost and loses the quote; the order keeps its number (8.4)."""

        def change() -> None:
            quote = self._open_quote(number)
            one = self.opportunity[quote["opportunity"]]
            if one.contact != "customer":
                raise Refusal("company_not_customer")
            if not one.closed:
                self._close(one, "won", code, on, None)
            self.order[0] = {
                "opportunity": quote["opportunity"],
                "quote": number,
                "total": quote["total"],
            }
            quote["ordered"] = True
            if one.status == "lost":
                quote["opportunity"] = one.quote = None
            else:
                one.order = 0

        return self.once(change) if self.is_understood(on=on) else Expected({"usage"})

    def delete_order(self, number: int) -> Expected:
        """The quote is open again, the opportunity stays as it is."""
        order = self.order.pop(number)
        self.quote[order["quote"]]["ordered"] = False
        self.opportunity[order["opportunity"]].order = None
        return DONE

    def numbered(self, table: str, id: int) -> None:
        """What was made last has got this number."""
        rows = self.tables[table]
        rows[id] = rows.pop(0)
        if table != "opportunity":
            one = self.opportunity[rows[id]["opportunity"]]
            if getattr(one, table) == 0:
                setattr(one, table, id)

    # Stages.

    def edit_stage(self, cycle: str, number: int, completed: float, chances: float) -> Expected:
        stages = self.cycle[cycle].stages
        if number not in stages:
            return Expected({"not_found"})
        figures = {"completed": exact(completed), "chances": exact(chances)}
        stages[number] = replace(stages[number], **figures)
        return DONE

    def delete_stage(self, cycle: str, number: int) -> Expected:
        if number not in self.cycle[cycle].stages:
            return Expected({"not_found"})
        for one in self.opportunity.values():
            if one.cycle == cycle and one.entries and one.entries[-1].stage == number:
                return Expected({"stage_in_use"})
        del self.cycle[cycle].stages[number]
        return DONE

    # What `show` must say.

    def shown(self, id: int) -> Record:
        one: Opportunity = self.opportunity[id]
        entries = [self._entry(one, place) for place in range(len(one.entries))]
        header = dict.fromkeys(HEADER) | {
            "status": one.status,
            "outcome": one.status if one.closed else None,
            "cycle": one.cycle,
            "created_on": one.created,
            "order_id": one.order,
            "quote_id": one.quote if one.order is None else None,
        }
        for name in (*FIGURES, "stage", "close_date", "closed_on", "close_code"):
            header[name] = entries[-1][name] if entries else None
        allowed = {action: self._allowed(one, action) for action in ACTIONS}
        return header | {"entries": entries, "allowed": allowed}

    @staticmethod
    def _entry(one: Opportunity, place: int) -> Record:
        entry = one.entries[place]
        follower = one.entries[place + 1] if place + 1 < len(one.entries) else None
        return {
            "action": entry.action,
            "stage": entry.stage,
            "previous_stage": entry.previous,
            "date": entry.date,
            "active": follower is None,
            "days_open": days_between(entry.date, follower.date) if follower else 0,
            "estimated_value": Fraction(entry.value, 100),
            "calculated_value": Fraction(entry.calculated, 100),
            "chances_percent": entry.chances,
            "completed_percent": entry.completed,
            "probability_percent": entry.probability,
            "close_date": entry.close_date,
            "closed_on": entry.closed_on,
            "close_code": entry.code,
        }

    def _allowed(self, one: Opportunity, action: str) -> tuple[Any, ...]:
        reason = self.reason(one, action)
        if action not in ("start", *MOVES):
            return (reason is None, reason, [])
        stages = self.cycle[one.cycle].stages
        targets = [] if reason else sorted(self.targets(one, action))
        return (reason is None, reason, [(number, stages[number].quote) for number in targets])


def plain(record: Record) -> Record:
    """What ``show`` says, as far as the model knows it; the order of targets is left open."""
    started = record["status"] != "not_started"
    header = {name: record[name] for name in (*HEADER, "quote_id")}
    if record["order_id"] is not None:
        header["quote_id"] = None
    for name in FIGURES:
        header[name] = exact(record[name]) if started else record[name] or None
    entries = []
    for shown in record["entries"]:
        entry = {name: shown[name] for name in ENTRY}
        entry |= {name: exact(shown[name]) for name in FIGURES}
        entry["active"] = bool(entry["active"])
        # Before the first entry, and where a closed one was, there is no stage.
        entry["previous_stage"] = entry["previous_stage"] or None
        if entry["action"] == "reopened":
            entry["previous_stage"] = None
        entries.append(entry)
    allowed = {
        item["action"]: (
            item["offered"],
            item["reason"],
            sorted((target["stage"], bool(target["quote_required"])) for target in item["targets"])
            if item["action"] in ("start", *MOVES)
            else [],
        )
        for item in record["allowed"]
    }
    return header | {"entries": entries, "allowed": allowed}
