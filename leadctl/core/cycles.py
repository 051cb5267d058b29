"""Sales cycles, their stages, and close codes (sections 1.1 to 1.3 of ``opportunities.md``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadctl.core.batch import Plan, Work, changing
from leadctl.core.items import ItemList
from leadctl.core.noun import ALL, Noun
from leadctl.core.refs import Item, find_item
from leadctl.core.values import assignment, choice_of, insertion, texts
from leadctl.errors import NotFound, Reason, Refused, UsageError
from leadctl.model import Choice, Method, Outcome, Record, Report, Result, WriteOptions
from leadctl.rules.amounts import Number, parse_percent
from leadctl.rules.dateformula import normal_formula
from leadctl.rules.naming import checked_text
from leadctl.store import cycle
from leadctl.store.select import Condition

if TYPE_CHECKING:
    from leadctl.core.crm import Crm, Ids
    from leadctl.store.tables import Source

LARGEST_STAGE = 1_000_000


class Cycles(ItemList):
    """Sales cycles."""

    source = cycle.CYCLES
    table = cycle.CYCLE

    def add(
        self,
        name: str,
        *,
        method: str = "multiply",
        key: str | None = None,
        options: WriteOptions | None = None,
    ) -> Record:
        """Add a sales cycle without stages and return it. Its key follows from the name unless
        ``key`` is given.

        ``method`` is how the probability is computed: multiply, add, chances or completed (3.2).
        Raises Refused for a name that is taken.
        """
        with changing(self._crm, "cycle add", options) as work:
            values = {"method": choice_of(Method, method, "--method")}
            record = self._create(work, self._new_name(name), values, key)
            work.count_created()
        return record

    def edit(
        self,
        key: str,
        *,
        name: str | None = None,
        method: str | None = None,
        blocked: bool | None = None,
        options: WriteOptions | None = None,
    ) -> Report:
        """Change a sales cycle; entries that are stored stay as they are.

        A blocked one cannot be chosen any more; opportunities that are on it go on (1.1).
        """
        if name is None and method is None and blocked is None:
            raise UsageError("nothing to change was named")
        with changing(self._crm, "cycle edit", options) as work:
            item = find_item(self._crm, self.source, key)
            values: dict[str, Any] = {}
            if method is not None:
                values["method"] = choice_of(Method, method, "--method")
            if blocked is not None:
                values["blocked"] = int(blocked)
            if name is not None:
                values["name"] = self._new_name(name, item)
            self._edit(work, item, values)
        return work.report

    def delete(self, key: str, options: WriteOptions | None = None) -> Report:
        """Delete a sales cycle with its stages. Raises Refused while any opportunity, open or
        closed, is on it.
        """
        with changing(self._crm, "cycle delete", options) as work:
            item = find_item(self._crm, self.source, key)
            used = self._engine.value(
                "SELECT count(*) FROM opportunity WHERE cycle_id = :id", id=item.id
            )
            in_use = Reason(
                "cycle_in_use",
                "{count} opportunities are on the sales cycle {key}",
                "cycle edit {key} --block keeps it from being chosen",
                {"key": item.key, "count": used},
            )
            if not used:
                work.gate.delete(
                    cycle.STAGE, "(SELECT id FROM stage WHERE cycle_id = :cycle)", cycle=item.id
                )
            self._delete(work, item, in_use if used else None)
        return work.report


class Stages(Noun):
    """The stages of one sales cycle, or of all."""

    source = cycle.STAGES
    table = cycle.STAGE

    def __init__(self, crm: Crm, cycle_id: int | None = None) -> None:
        super().__init__(crm)
        self._cycle = cycle_id

    def of(self, cycle_key: str) -> Stages:
        """The stages of the sales cycle ``cycle_key``. Raises NotFound."""
        return Stages(self._crm, find_item(self._crm, cycle.CYCLES, cycle_key).id)

    def add(
        self,
        cycle_key: str,
        number: int,
        name: str,
        *,
        completed: Number,
        chances: Number,
        quote_required: bool = False,
        allow_skip: bool = False,
        date_formula: str | None = None,
        options: WriteOptions | None = None,
    ) -> Record:
        """Add a stage to a sales cycle and return it.

        ``completed`` and ``chances`` are percentages from 0 to 100; ``date_formula`` is added to
        the date of a change to give the expected closing date. Raises Refused for a number that
        the cycle has already (``stage_exists``).
        """
        with changing(self._crm, "stage add", options) as work:
            item = find_item(self._crm, cycle.CYCLES, cycle_key)
            if not 1 <= number <= LARGEST_STAGE:
                raise UsageError(
                    "{number} is no number of a stage",
                    hint="it takes a whole number from 1 to 1000000",
                    number=number,
                )
            if self._id(item, number) is not None:
                raise Refused(
                    "the sales cycle {key} has a stage {number} already",
                    code="stage_exists",
                    hint="stage edit changes it",
                    key=item.key,
                    number=number,
                )
            values = {
                "cycle": item.id,
                "stage": number,
                "name": _stage_name(name),
                **_percentages(completed, chances),
                "quote_required": int(quote_required),
                "allow_skip": int(allow_skip),
                "date_formula": normal_formula(date_formula or ""),
            }
            cells, parameters = insertion(self.table, values, {})
            id = work.gate.create(self.table, cells, **parameters)
            work.count_created()
            return self._with_id(id)

    def edit(
        self,
        cycle_key: str,
        number: int,
        *,
        name: str | None = None,
        completed: Number | None = None,
        chances: Number | None = None,
        quote_required: bool | None = None,
        allow_skip: bool | None = None,
        date_formula: str | None = None,
        options: WriteOptions | None = None,
    ) -> Report:
        """Change a stage. What is ``None`` stays; an empty ``date_formula`` clears it. Entries
        that are stored stay as they are.
        """
        values: dict[str, Any] = _percentages(completed, chances)
        if name is not None:
            values["name"] = _stage_name(name)
        flags = {"quote_required": quote_required, "allow_skip": allow_skip}
        values |= {field: int(flag) for field, flag in flags.items() if flag is not None}
        if date_formula is not None:
            values["date_formula"] = normal_formula(date_formula)
        if not values:
            raise UsageError("nothing to change was named")
        with changing(self._crm, "stage edit", options) as work:
            item = find_item(self._crm, cycle.CYCLES, cycle_key)
            self._choose(work, item, number)
            work.decide(lambda situation: Plan())
            assign, parameters = assignment(self.table, values)
            work.count_changed(work.gate.update(self.table, work.go, assign, **parameters))
        return work.report

    def delete(self, cycle_key: str, number: int, options: WriteOptions | None = None) -> Report:
        """Delete a stage. Raises Refused while an opportunity stands on it (1.2)."""
        with changing(self._crm, "stage delete", options) as work:
            item = find_item(self._crm, cycle.CYCLES, cycle_key)
            self._choose(work, item, number)
            standing = self._engine.value(
                "SELECT count(*) FROM entry WHERE active = 1 AND cycle_id = :cycle"
                " AND stage = :number AND stage IS NOT NULL",
                cycle=item.id,
                number=number,
            )
            in_use = Reason(
                "stage_in_use",
                "{count} opportunities stand on stage {number}",
                "move them first",
                {"count": standing, "number": number},
            )
            work.decide(
                lambda situation: Plan(result=Result.REFUSED, reason=in_use) if standing else Plan()
            )
            work.count_changed(work.gate.delete(self.table, work.go))
        return work.report

    def _choose(self, work: Work, item: Item, number: int) -> None:
        id = self._id(item, number)
        if id is None:
            raise NotFound(
                "stage {number} of the sales cycle {key} does not exist",
                hint="stage list {key} shows the stages",
                number=number,
                key=item.key,
            )
        work.choose(self.source, Choice(ids=(id,)))

    def has(self, number: int) -> bool:
        """Whether the sales cycle has a stage of this number."""
        sql = "SELECT 1 FROM stage WHERE cycle_id = :cycle AND number = :number"
        return self._engine.one(sql, cycle=self._cycle, number=number) is not None

    def _id(self, item: Item, number: int) -> int | None:
        id = self._engine.value(
            "SELECT id FROM stage WHERE cycle_id = :cycle AND number = :number",
            cycle=item.id,
            number=number,
        )
        return None if id is None else int(id)

    def _with_id(self, id: int) -> Record:
        return next(self.with_numbers([id], tuple(self.source.fields)))

    def condition(
        self, ids: Ids = ALL, *, source: Source | None = None, ordered: bool = False
    ) -> Condition:
        """The SQL condition of a choice of stages; all are those of the cycle, if there is one."""
        if self._cycle is None or ids is not ALL:
            return super().condition(ids, source=source, ordered=ordered)
        return Condition("t.cycle_id = :cycle", {"cycle": self._cycle})


class CloseCodes(ItemList):
    """Why opportunities are closed."""

    source = cycle.CLOSE_CODES
    table = cycle.CLOSE_CODE

    def add(
        self,
        name: str,
        *,
        outcome: str,
        description: str | None = None,
        key: str | None = None,
        options: WriteOptions | None = None,
    ) -> Record:
        """Add a close code for won or lost opportunities and return it. Its key follows from the
        name unless ``key`` is given.
        """
        with changing(self._crm, "close-code add", options) as work:
            values = {
                "outcome": choice_of(Outcome, outcome, "--outcome"),
                **texts("close_code", {"description": description}),
            }
            record = self._create(work, self._new_name(name), values, key)
            work.count_created()
        return record

    def edit(
        self,
        key: str,
        *,
        name: str | None = None,
        outcome: str | None = None,
        description: str | None = None,
        options: WriteOptions | None = None,
    ) -> Report:
        """Change a close code. Raises Refused for another outcome while an entry has the code."""
        if name is None and outcome is None and description is None:
            raise UsageError("nothing to change was named")
        with changing(self._crm, "close-code edit", options) as work:
            item = find_item(self._crm, self.source, key)
            values: dict[str, Any] = dict(texts("close_code", {"description": description}))
            problem = None
            if outcome is not None:
                values["outcome"] = choice_of(Outcome, outcome, "--outcome")
                if values["outcome"] != self._record(item.id)["outcome"]:
                    problem = self._in_use(item)
            if name is not None:
                values["name"] = self._new_name(name, item)
            self._edit(work, item, values, problem)
        return work.report

    def delete(self, key: str, options: WriteOptions | None = None) -> Report:
        """Delete a close code. Raises Refused while an entry has it."""
        with changing(self._crm, "close-code delete", options) as work:
            item = find_item(self._crm, self.source, key)
            self._delete(work, item, self._in_use(item))
        return work.report

    def _in_use(self, item: Item) -> Reason | None:
        used = self._engine.value(
            "SELECT count(DISTINCT opportunity_id) FROM entry WHERE close_code_id = :id", id=item.id
        )
        reason = Reason(
            "close_code_in_use",
            "{count} opportunities were closed with {key}",
            details={"key": item.key, "count": used},
        )
        return reason if used else None


def _stage_name(name: str) -> str:
    checked = (checked_text("name", name, "stage") or "").strip()
    if not checked:
        raise Refused("a name is needed", code="name_required")
    return checked


def _percentages(completed: Number | None, chances: Number | None) -> dict[str, Any]:
    given = {"completed_percent": completed, "chances_percent": chances}
    return {
        field: parse_percent(field, value) for field, value in given.items() if value is not None
    }
