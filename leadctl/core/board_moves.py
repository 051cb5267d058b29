"""Moving a card: each field by the use case that writes it (B-5, B-16, B-17, B-19)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from leadctl.core import ledger
from leadctl.core.batch import Plan, changing
from leadctl.core.moves import write_planned
from leadctl.core.values import choice_of
from leadctl.errors import NotFound, Reason, Refused
from leadctl.labels import keys_of, label
from leadctl.model import Choice, Move, Status
from leadctl.rules.board import CLEARED, NOT_BY_STATUS, move_to
from leadctl.rules.moves import plan_move
from leadctl.rules.naming import folded
from leadctl.rules.opportunities import Given
from leadctl.store import opportunity

if TYPE_CHECKING:
    from collections.abc import Callable

    from leadctl.core.crm import Crm
    from leadctl.model import Report, WriteOptions
    from leadctl.rules.opportunities import Entry, Standing
    from leadctl.rules.stages import Cycle


class Step(NamedTuple):
    """A move, and the stage that it goes to unless there is only one."""

    move: Move
    to: int | None = None


def move(
    crm: Crm, id: int | str, column: str, entity: str, field: str, options: WriteOptions | None
) -> Report:
    """Move one record to a column of the board of its ``entity`` by ``field``."""
    clears = folded(column) == "none"
    if clears and field in ("lead_status", "stage", "status"):
        raise Refused.of(CLEARED)
    if entity == "opportunity":
        return _opportunity(crm, id, column, field, options)
    if field == "lead_status":
        return crm.people.set_status(id, column, options)
    if entity == "company" and field == "category":
        return crm.companies.set_category(id, column, options)
    category, owner = (column, None) if field == "category" else (None, column)
    edit = crm.people.edit if entity == "person" else crm.companies.edit
    return edit(id, category=category, owner=owner, options=options)


def _opportunity(
    crm: Crm, id: int | str, column: str, field: str, options: WriteOptions | None
) -> Report:
    if field == "stage":
        return _step(crm, id, lambda standing, cycle: _to_stage(standing, cycle, column), options)
    if field == "status":
        status = choice_of(Status, column, "COLUMN")
        return _step(crm, id, lambda standing, cycle: _to_status(standing, status), options)
    return crm.opportunities.edit(id, salesperson=column, options=options)


def _step(
    crm: Crm,
    id: int | str,
    step: Callable[[Standing, Cycle], Step | Reason | None],
    options: WriteOptions | None,
) -> Report:
    """Move an opportunity as ``step`` says, ``None`` where it stands there already; the rules of
    the move say whether it is allowed.
    """

    def rule(standing: Standing, cycle: Cycle) -> Entry | Reason:
        taken = step(standing, cycle)
        assert taken is not None
        if isinstance(taken, Reason):
            return taken
        given = Given(None, None, None, None, taken.to)
        return plan_move(taken.move, standing, given, cycle, crm.today)

    with changing(crm, "board move", options) as work:
        work.choose(opportunity.SOURCE, Choice(ids=(id,)))
        cycles = ledger.read_cycles(crm.engine)
        standings = ledger.standings(crm.engine, "temp.target")
        if any(step(standing, cycles[cycle]) is None for _, cycle, _, standing in standings):
            work.decide(lambda situation: Plan())
            work.count_changed(0)
        else:
            ledger.plan_entries(work, rule)
            write_planned(work, Status.IN_PROGRESS)
    return work.report


def _to_stage(standing: Standing, cycle: Cycle, column: str) -> Step | None:
    """By whichever move goes to that stage. Raises NotFound for one that the cycle lacks."""
    names = {label("en", "stage", key) for key in keys_of("stage", column)} | {column}
    keys = {folded(name) for name in names}
    for stage in cycle.stages:
        if str(stage.number) == column or folded(stage.name) in keys:
            if stage.number == standing.stage:
                return None
            return Step(move_to(cycle.stages, standing.stage, stage.number), stage.number)
    raise NotFound(
        "stage {number} of the sales cycle {key} does not exist",
        hint="there are: {known}",
        number=column,
        key=cycle.key,
        known=[stage.number for stage in cycle.stages],
    )


def _to_status(standing: Standing, status: str) -> Step | Reason | None:
    """Started where it has not been; what closes or reopens needs more than a column."""
    if standing.status == status:
        return None
    if (standing.status, status) == (Status.NOT_STARTED, Status.IN_PROGRESS):
        return Step(Move.START)
    return NOT_BY_STATUS
