"""Moving opportunities along their sales cycle, closing and reopening them (sections 5 and 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.core import ledger
from leadctl.core.batch import changing
from leadctl.core.crm import as_choice
from leadctl.core.given import day_of, given_of
from leadctl.core.noun import Noun
from leadctl.core.refs import find_item
from leadctl.core.triggers import firing_of
from leadctl.core.values import choice_of
from leadctl.errors import Reason, UsageError
from leadctl.model import Move, Outcome, Status
from leadctl.rules.amounts import parse_amount
from leadctl.rules.closing import CloseCode, choose_code, plan_close, plan_reopen
from leadctl.rules.moves import plan_move
from leadctl.store import cycle, opportunity

if TYPE_CHECKING:
    from collections.abc import Callable

    from leadctl.core.batch import Work
    from leadctl.core.crm import Crm, Ids
    from leadctl.core.given import Number
    from leadctl.model import Report, WriteOptions
    from leadctl.rules.opportunities import Entry, Given, Standing
    from leadctl.rules.stages import Cycle

QUOTE_TOTAL_TAKEN = Reason("", "the total of the quote was taken, not --amount")


class Moves(Noun):
    """What moves opportunities. Every verb takes many; each gets an entry of its own."""

    source = opportunity.SOURCE
    table = opportunity.TABLE

    def start(
        self,
        ids: Ids,
        *,
        on: str | None = None,
        value: Number | None = None,
        chances: Number | None = None,
        close_date: str | None = None,
        options: WriteOptions | None = None,
    ) -> Report:
        """Put opportunities on the first stage of their sales cycle (5.1).

        ``on`` is the date (today by default), ``value`` the estimated value in units of the
        currency (0), ``chances`` a percentage (the stage's), ``close_date`` the expected closing
        date (by the stage's date formula). Those given are checked (5.6).
        """
        given = given_of(on, value, chances, close_date)
        return self._move(Move.START, ids, given, options)

    def next(
        self,
        ids: Ids,
        *,
        on: str | None = None,
        value: Number | None = None,
        chances: Number | None = None,
        close_date: str | None = None,
        options: WriteOptions | None = None,
    ) -> Report:
        """Move opportunities to the next stage (5.3), which may need a quote (5.7).

        ``on`` is the date (the later of today and the last change), ``value`` the estimated value
        in units (the quote's total, else the one so far), ``chances`` a percentage (the stage's if
        above 0), ``close_date`` the expected closing date (by the stage's formula, else kept).
        """
        given = given_of(on, value, chances, close_date)
        return self._move(Move.NEXT, ids, given, options)

    def previous(
        self,
        ids: Ids,
        *,
        on: str | None = None,
        value: Number | None = None,
        chances: Number | None = None,
        close_date: str | None = None,
        options: WriteOptions | None = None,
    ) -> Report:
        """Move opportunities one stage back (5.3); arguments as for ``next``."""
        given = given_of(on, value, chances, close_date)
        return self._move(Move.PREVIOUS, ids, given, options)

    def skip(
        self,
        ids: Ids,
        *,
        to: int | None = None,
        on: str | None = None,
        value: Number | None = None,
        chances: Number | None = None,
        close_date: str | None = None,
        options: WriteOptions | None = None,
    ) -> Report:
        """Move opportunities over stages that allow it (5.4) to stage ``to``, the nearest by
        default; the other arguments as for ``next``.
        """
        given = given_of(on, value, chances, close_date, to)
        return self._move(Move.SKIP, ids, given, options)

    def jump(
        self,
        ids: Ids,
        *,
        to: int | None = None,
        on: str | None = None,
        value: Number | None = None,
        chances: Number | None = None,
        close_date: str | None = None,
        options: WriteOptions | None = None,
    ) -> Report:
        """Move opportunities back to stage ``to``, the nearest by default (5.5); the other
        arguments as for ``next``.
        """
        given = given_of(on, value, chances, close_date, to)
        return self._move(Move.JUMP, ids, given, options)

    def update(
        self,
        ids: Ids,
        *,
        on: str | None = None,
        value: Number | None = None,
        chances: Number | None = None,
        close_date: str | None = None,
        options: WriteOptions | None = None,
    ) -> Report:
        """Give opportunities new figures on the stage where they are; what is not given stays."""
        given = given_of(on, value, chances, close_date)
        return self._move(Move.UPDATE, ids, given, options)

    def close(
        self,
        ids: Ids,
        outcome: str,
        *,
        code: str | None = None,
        on: str | None = None,
        amount: Number | None = None,
        options: WriteOptions | None = None,
    ) -> Report:
        """Close opportunities as ``"won"`` or ``"lost"`` (section 6).

        ``code`` is a close code of that outcome; it may be left out where there is only one.
        ``on`` is the date (the later of today and the last change), ``amount`` what a won one
        brought, in units: the quote's total beats it, the estimated value stands in for it.
        """
        chosen = Outcome(choice_of(Outcome, outcome, "outcome"))
        day = day_of(on)
        minor = None if amount is None else parse_amount("--amount", amount)
        if minor is not None and chosen is Outcome.LOST:
            raise UsageError("--amount goes with --won")
        with changing(self._crm, "opportunity close", options) as work:
            code_id = close_code(self._crm, chosen, code)
            work.choose(self.source, as_choice(ids))
            close_chosen(work, chosen, code_id, day, minor)
        return work.report

    def reopen(
        self, ids: Ids, *, on: str | None = None, options: WriteOptions | None = None
    ) -> Report:
        """Bring closed opportunities back to their last stage with the figures that they had
        (decisions, reopen). ``on`` is the date (the later of today and the closing).
        """
        day = day_of(on)
        today = self._crm.today
        with changing(self._crm, "opportunity reopen", options) as work:
            work.choose(self.source, as_choice(ids))
            ledger.plan_entries(
                work, lambda standing, cycle: plan_reopen(standing, day, cycle, today)
            )
            write_planned(work, Status.IN_PROGRESS)
        return work.report

    def _move(self, move: Move, ids: Ids, given: Given, options: WriteOptions | None) -> Report:
        today = self._crm.today

        def rule(standing: Standing, cycle: Cycle) -> Entry | Reason:
            return plan_move(move, standing, given, cycle, today)

        with changing(self._crm, f"opportunity {move}", options) as work:
            work.choose(self.source, as_choice(ids))
            ledger.plan_entries(work, rule)
            write_planned(work, Status.IN_PROGRESS if move is Move.START else None)
        return work.report


def write_planned(work: Work, status: Status | None) -> None:
    """Write the entries that were planned, and the status that they bring unless ``None``."""
    added = ledger.write_entries(work, work.go)
    if status is not None:
        assign = {"status": ":status", "closed_on": "s.closed_on"}
        work.gate.update(opportunity.TABLE, work.go, assign, status=status.value)
    work.gate.records = added
    work.count_changed(added)


def close_chosen(
    work: Work, outcome: Outcome, code: int | Reason, on: str | None, amount: int | None
) -> None:
    """Close the opportunities that were chosen, or refuse them."""
    today = work.crm.today
    note = _noting(work, amount)

    def rule(standing: Standing, _cycle: Cycle) -> Entry | Reason:
        return plan_close(outcome, standing, code, on, amount, today)

    ledger.plan_entries(work, rule, note)
    write_planned(work, Status(outcome.value))
    firing = firing_of(work, f"opportunity_{outcome}")
    if firing is not None:
        firing.fire_for_opportunities(work.go)


def _noting(work: Work, amount: int | None) -> Callable[[Standing], None]:
    """Tell once that a quote's total beats the amount that was given."""
    notices = work.report.notices

    def note(standing: Standing) -> None:
        total = standing.quote_total
        if amount is not None and total not in (None, amount) and QUOTE_TOTAL_TAKEN not in notices:
            notices.append(QUOTE_TOTAL_TAKEN)

    return note


def close_code(crm: Crm, outcome: Outcome, key: str | None) -> int | Reason:
    """The close code that is named, or the only one of its outcome; else why there is none.

    Raises NotFound for one that does not exist.
    """
    named = None if key is None else find_item(crm, cycle.CLOSE_CODES, key).id
    return choose_code(outcome, named, read_codes(crm))


def read_codes(crm: Crm) -> dict[int, CloseCode]:
    """All close codes, by number."""
    rows = crm.engine.query("SELECT id, key, outcome FROM close_code")
    return {row[0]: CloseCode(*row) for row in rows}
