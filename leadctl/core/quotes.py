"""Quotes and orders (section 8 of ``opportunities.md``, as ``decisions.md`` overrules it)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from leadctl.core.batch import Plan, Work, changing
from leadctl.core.crm import Ids, as_choice, the_one
from leadctl.core.given import day_of
from leadctl.core.moves import close_chosen, close_code
from leadctl.core.noun import Noun
from leadctl.core.values import assignment, insertion
from leadctl.errors import Refused
from leadctl.model import Choice, Outcome, Record, Report, Result, Status, WriteOptions
from leadctl.rules.quotes import (
    ALREADY_ORDERED,
    order_problem,
    parse_line,
    quote_problem,
    total_of,
)
from leadctl.store import document, opportunity
from leadctl.store.tables import truth

if TYPE_CHECKING:
    from collections.abc import Sequence


class Quotes(Noun):
    """Quotes: one per opportunity."""

    source = document.QUOTES
    table = document.QUOTE

    def create(
        self,
        opportunity_id: int | str,
        lines: Sequence[str] = (),
        options: WriteOptions | None = None,
    ) -> Record:
        """Make the quote of an opportunity and return it.

        ``lines`` are ``"TEXT;QUANTITY;PRICE"``, prices in units of the currency. Raises Refused
        where there is a quote already, where the contact is no company, and where the opportunity
        is not in progress, in that order (8.1).
        """
        parsed = [parse_line(line) for line in lines]
        with changing(self._crm, "quote create", options) as work:
            number = the_one(opportunity_id, opportunity.SOURCE, self._crm)
            has_quote, company, person, status = self._engine.query(
                "SELECT EXISTS (SELECT 1 FROM quote q WHERE q.opportunity_id = t.id),"
                " t.company_id, t.person_id, t.status FROM opportunity t WHERE t.id = :id",
                id=number,
            )[0]
            is_company = company is not None and person is None
            problem = quote_problem(bool(has_quote), is_company, status)
            if problem is not None:
                raise Refused.of(problem)
            values = {
                "opportunity_id": number,
                "company_id": company,
                "status": "open",
                **_content(parsed),
                "created_on": self._crm.today,
            }
            cells, parameters = insertion(self.table, values, {})
            quote = work.gate.create(self.table, cells, **parameters)
            work.count_created()
            return self.show(quote)

    def add_line(
        self, id: int | str, line: str | Sequence[str], options: WriteOptions | None = None
    ) -> Report:
        """Add one line or several to an open quote. Raises Refused for one that is ordered."""
        added = [parse_line(text) for text in ([line] if isinstance(line, str) else line)]
        with changing(self._crm, "quote add-line", options) as work:
            number = the_one(id, self.source, self._crm)
            lines = self._engine.value("SELECT lines FROM quote WHERE id = :id", id=number)
            work.choose(self.source, Choice(ids=(number,)), (_ORDERED,))
            self._unless_ordered(work)
            values = _content(json.loads(lines) + added)
            assign, parameters = assignment(self.table, values)
            work.count_changed(work.gate.update(self.table, work.go, assign, **parameters))
        return work.report

    def delete(self, ids: Ids, options: WriteOptions | None = None) -> Report:
        """Delete open quotes; their opportunities stay where they are (8.5)."""
        with changing(self._crm, "quote delete", options) as work:
            work.choose(self.source, as_choice(ids), (_ORDERED,))
            self._unless_ordered(work)
            work.count_changed(work.gate.delete(self.table, work.go))
        return work.report

    def make_order(
        self,
        id: int | str,
        *,
        code: str | None = None,
        on: str | None = None,
        options: WriteOptions | None = None,
    ) -> Record:
        """Make an order of a quote and return it (8.4).

        The company must be a customer. An opportunity in progress is closed as won first, with
        the close code ``code`` on the date ``on``; the amount is the quote's total.
        """
        day = day_of(on)
        with changing(self._crm, "quote make-order", options) as work:
            number = the_one(id, self.source, self._crm)
            linked, company, status, is_customer, its_status = self._engine.query(
                "SELECT t.opportunity_id, t.company_id, t.status, coalesce(k.group_key, '') ="
                " 'customer', o.status FROM quote t LEFT JOIN company c ON c.id = t.company_id"
                " LEFT JOIN category k ON k.id = c.category_id"
                " LEFT JOIN opportunity o ON o.id = t.opportunity_id WHERE t.id = :id",
                id=number,
            )[0]
            problem = order_problem(status == "ordered", bool(is_customer), its_status)
            if problem is not None:
                raise Refused.of(problem)
            if its_status == Status.IN_PROGRESS:
                self._close(work, linked, code, day)
            order = self._order(work, number, linked, company, day)
            values: dict[str, Any] = {"status": "ordered"}
            if its_status == Status.LOST:
                # It stays lost and loses the link; the order keeps it.
                values["opportunity_id"] = None
            assign, parameters = assignment(self.table, values)
            work.gate.update(self.table, f"(SELECT {number} AS id)", assign, **parameters)
            if its_status in (Status.IN_PROGRESS, Status.WON):
                self._revalue(work, linked)
            work.looked_at = []
            work.gate.records = None
            work.report = Report(dry_run=work.options.dry_run, notices=work.report.notices)
            work.count_created()
            return order

    def _close(self, work: Work, linked: int, code: str | None, day: str | None) -> None:
        code_id = close_code(self._crm, Outcome.WON, code)
        work.choose(opportunity.SOURCE, Choice(ids=(linked,)))
        close_chosen(work, Outcome.WON, code_id, day, None)
        if work.report.refused:
            raise Refused.of(work.report.problems[0].reason)

    def _order(
        self, work: Work, quote: int, linked: int | None, company: int | None, day: str | None
    ) -> Record:
        lines, total = self._engine.query(
            "SELECT lines, total_minor FROM quote WHERE id = :id", id=quote
        )[0]
        values = {
            "quote_id": quote,
            "opportunity_id": linked,
            "company_id": company,
            "lines": lines,
            "total": total,
            "created_on": day or self._crm.today,
        }
        cells, parameters = insertion(document.ORDER, values, {})
        return self._crm.orders.show(work.gate.create(document.ORDER, cells, **parameters))

    @staticmethod
    def _revalue(work: Work, linked: int) -> None:
        """The won entry is worth what was ordered (8.4)."""
        work.gate.update(
            opportunity.ENTRY,
            "(SELECT e.id, r.total_minor FROM entry e JOIN sales_order r"
            " ON r.opportunity_id = e.opportunity_id"
            " WHERE e.opportunity_id = :linked AND e.active = 1)",
            {"calculated_value": "s.total_minor"},
            linked=linked,
        )

    @staticmethod
    def _unless_ordered(work: Work) -> None:
        work.decide(
            lambda situation: (
                Plan(result=Result.REFUSED, reason=ALREADY_ORDERED) if situation[0] else Plan()
            )
        )


class Orders(Noun):
    """Orders: each made of one quote."""

    source = document.ORDERS
    table = document.ORDER

    def delete(self, ids: Ids, options: WriteOptions | None = None) -> Report:
        """Delete orders: their quotes are open again, their opportunities stay won (decisions)."""
        with changing(self._crm, "order delete", options) as work:
            work.choose(self.source, as_choice(ids))
            work.decide(lambda situation: Plan())
            quotes = (
                "(SELECT quote_id AS id, opportunity_id FROM sales_order"
                f" WHERE id IN (SELECT id FROM {work.go}))"
            )
            # A quote that was ordered after its opportunity was lost had lost the link.
            linked = "coalesce(t.opportunity_id, s.opportunity_id)"
            assign = {"status": "'open'", "opportunity_id": linked}
            work.gate.update(document.QUOTE, quotes, assign)
            work.count_changed(work.gate.delete(self.table, work.go))
        return work.report


_ORDERED = truth("t.status = 'ordered'")


def _content(lines: list[dict[str, Any]]) -> dict[str, Any]:
    return {"lines": json.dumps(lines, ensure_ascii=False), "total": total_of(lines)}
