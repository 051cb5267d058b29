"""One change: the records it is about, what the rules make of them, and the report.

Every writing verb runs inside ``changing``. A dry run is the same transaction, rolled back. Rules
are asked once per *situation* (four small numbers that a verb reads from each record); the answers
go into the table ``plan``, and SQL then applies them to all records of a situation at once.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from leadctl.core import outcome
from leadctl.core.drafts import Drafts
from leadctl.errors import Reason
from leadctl.model import Choice, Problem, Report, Result, WriteOptions
from leadctl.store.engine import bare, rows_sql, typed
from leadctl.store.gate import Gate
from leadctl.store.select import Condition, missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from leadctl.core.crm import Crm
    from leadctl.store.tables import Source

Situation = tuple[int, int, int, int]
_GO = 0
_VERDICTS = {1: Result.SKIPPED, 2: Result.REFUSED}
_NUMBERS = {result: number for number, result in _VERDICTS.items()}
# A selection's view has the numbers of such items in it.
NAMED_BY_FILTERS = frozenset({"user", "category", "lead_status", "cycle", "close_code"})
_MATCH = "d.a = s.a AND d.b = s.b AND d.c = s.c AND d.d = s.d"


class Plan(NamedTuple):
    """What to do with the records of a situation: write ``value``, or nothing for ``reason``.

    ``flag`` is one more thing that a verb may want to know when it writes.
    """

    value: int = 0
    flag: bool = False
    result: Result | None = None
    reason: Reason | None = None


class LookedAt(NamedTuple):
    """What ``-f ndjson`` tells of: a FROM item with id, verdict and reason of every record.

    ``changes`` is SQL over ``s`` for a JSON object of pairs, where the history of the record
    itself does not say what changed.
    """

    entity: str
    source: str
    changes: str = "NULL"


class Work:
    """A change in the making."""

    def __init__(self, crm: Crm, command: str, options: WriteOptions, undoes: int | None) -> None:
        self.crm = crm
        self.engine = crm.engine
        self.options = options
        self.report = Report(dry_run=options.dry_run)
        self.go = "temp.target"
        self.looked_at: list[LookedAt] = []
        self._entity = ""
        self._eligible = 0
        self._reasons: list[Reason] = []
        self.gate = _gate(crm, command, options, undoes)

    def choose(
        self, source: Source, choice: Choice, situation: tuple[str, ...] = (), **parameters: Any
    ) -> None:
        """Put the chosen records into ``temp.target``, each with its situation, which may use
        ``parameters``.

        Raises NotFound for ids that do not exist, unless the work keeps going, and GuardTripped
        when the number of records is not the expected one.
        """
        self._entity = source.entity
        condition = self.crm.condition(source, choice)
        if choice.ids is not None:
            ids, external = self.crm.split_ids(choice.ids)
            for wanted in missing(self.engine, source, ids, external):
                reason = outcome.does_not_exist(source.entity, wanted)
                self.report.add(Problem(wanted, Result.MISSING, reason))
        self._fill_target(source, condition, situation, parameters)
        outcome.check_choice(self.report, self.options)

    def _fill_target(
        self,
        source: Source,
        condition: Condition,
        situation: tuple[str, ...],
        parameters: dict[str, Any],
    ) -> None:
        columns = ", ".join([*situation, "0", "0", "0", "0"][:4])
        rows = source.from_sql(f"{columns} {condition.sql}")
        self.engine.execute(
            "CREATE TEMP TABLE IF NOT EXISTS target (id INTEGER PRIMARY KEY, a INTEGER NOT NULL,"
            " b INTEGER NOT NULL, c INTEGER NOT NULL, d INTEGER NOT NULL)"
        )
        # Making the table anew for each line of a batch would cost more than all the rest.
        self.engine.execute("DELETE FROM temp.target")
        self.report.matched = self._eligible = self.engine.execute(
            f"INSERT INTO temp.target SELECT t.id, {columns} FROM {rows} WHERE {condition.sql}",
            **condition.parameters,
            **parameters,
        )

    def decide(self, rule: Callable[[Situation], Plan]) -> None:
        """Ask ``rule`` once per situation; ``go`` is then the source of the records to write.

        The columns of ``go`` are ``id``, ``value`` and ``flag``.
        """
        rows = []
        for *situation, count in self.engine.query(
            "SELECT a, b, c, d, count(*) FROM temp.target GROUP BY a, b, c, d"
        ):
            plan = rule((situation[0], situation[1], situation[2], situation[3]))
            verdict = _GO
            if plan.result is not None and plan.reason is not None:
                verdict = _NUMBERS[plan.result]
                name = plan.result.value
                setattr(self.report, name, getattr(self.report, name) + count)
                self._eligible -= count
                if plan.reason not in self._reasons:
                    self._reasons.append(plan.reason)
            reason = self._reasons.index(plan.reason) if plan.reason else None
            rows.append((*situation, verdict, reason, plan.value, int(plan.flag)))
        self.engine.execute(
            "CREATE TEMP TABLE IF NOT EXISTS plan (a INTEGER, b INTEGER, c INTEGER, d INTEGER, verdict INTEGER,"
            " reason INTEGER, value INTEGER, flag INTEGER, PRIMARY KEY (a, b, c, d))"
        )
        self.engine.execute("DELETE FROM temp.plan")
        names = ("a", "b", "c", "d", "verdict", "reason", "value", "flag")
        self.engine.bulk(
            f"INSERT INTO temp.plan SELECT {', '.join(names)} FROM {rows_sql(*[f'#{name}' for name in names])}",
            rows,
        )
        answers = {row[4:5] + row[6:] for row in rows}
        if answers == {(_GO, 0, 0)}:
            # Everybody is written and nothing depends on the situation: no need to look it up.
            self.go = "(SELECT id, 0 AS value, 0 AS flag FROM temp.target)"
        else:
            self.go = (
                f"(SELECT s.id, d.value, d.flag FROM temp.target s JOIN temp.plan d ON {_MATCH}"
                f" WHERE d.verdict = {_GO})"
            )
        decided = (
            f"(SELECT s.id, d.verdict, d.reason FROM temp.target s JOIN temp.plan d ON {_MATCH})"
        )
        self.looked_at = [LookedAt(self._entity, decided)]
        self._list_problems(decided)

    def plan_each(
        self,
        plans: Iterable[tuple[int, Reason | Sequence[Any]]],
        columns: Sequence[str],
        changes: str = "NULL",
    ) -> None:
        """Take a plan per record: the values of ``columns``, or why the record is refused.

        For what differs from record to record. ``go`` then has these columns, of which those of
        whole numbers are marked as for ``rows_sql``.
        """
        numbers: dict[Any, int] = {}

        def rows() -> Iterator[tuple[Any, ...]]:
            nothing = [None] * len(columns)
            for id, answer in plans:
                if not isinstance(answer, Reason):
                    yield (id, _GO, None, *answer)
                    continue
                key = (answer.template, *map(str, answer.details.values()))
                if key not in numbers:
                    numbers[key] = self.refuse(answer)
                self.report.refused += 1
                self._eligible -= 1
                yield (id, _NUMBERS[Result.REFUSED], numbers[key], *nothing)

        names = ("id", "verdict", "reason", *bare(columns))
        self.engine.execute("DROP TABLE IF EXISTS temp.planned")
        self.engine.execute(
            "CREATE TEMP TABLE planned (id INTEGER PRIMARY KEY, verdict INTEGER, reason INTEGER,"
            f" {typed(columns)})"
        )
        self.engine.load("temp.planned", names, rows())
        self.go = f"(SELECT * FROM temp.planned WHERE verdict = {_GO})"
        self.looked_at = [LookedAt(self._entity, "temp.planned", changes)]
        self._list_problems("temp.planned")

    def _list_problems(self, decided: str) -> None:
        """Keep the first problems; their numbers are counted already."""
        total = self.report.skipped + self.report.refused
        if not total:
            return
        for id, verdict, reason in self.engine.query(
            f"SELECT s.id, s.verdict, s.reason FROM {decided} s"
            f" WHERE s.verdict <> {_GO} ORDER BY s.id LIMIT :room",
            room=outcome.room(self.report),
        ):
            total -= 1
            problem = Problem(id, _VERDICTS[verdict], self._reasons[reason])
            self.report.problems.append(problem)
        self.report.problems_omitted += total

    def refuse(self, reason: Reason) -> int:
        """The number under which ``looked_at`` names a reason that no situation gave."""
        self._reasons.append(reason)
        return len(self._reasons) - 1

    def count_created(self) -> None:
        """One record was created."""
        self.report.matched = self.report.created = 1
        self.check_expected()

    def check_expected(self) -> None:
        """Trip ``--expect`` where ``matched`` was not counted by ``choose``."""
        outcome.check_choice(self.report, self.options)

    def count_changed(self, changed: int) -> None:
        """Say how many of the records that were allowed to change did."""
        self.report.changed += changed
        self.report.unchanged += self._eligible - changed

    def close(self) -> bool:
        """Check the guards and finish the report; returns whether there is anything to commit."""
        if self.gate.wrote(NAMED_BY_FILTERS):
            from leadctl.core.selection_views import make_views

            make_views(self.crm)
        written = self.gate.finish()
        outcome.check(self.report, self.options)
        if written and not self.options.dry_run:
            self.report.change = self.gate.change
        if self.options.details and self.looked_at:
            from leadctl.core.details import spool

            self.report.details = spool(self, self._reasons)
        return written and not self.options.dry_run


class Whole:
    """One change that several verbs write. ``report`` has the sums of theirs, ``drafts`` their
    files.
    """

    def __init__(self, gate: Gate, options: WriteOptions, drafts: Drafts) -> None:
        self.gate = gate
        self.drafts = drafts
        self.options = options
        self.report = Report(dry_run=options.dry_run)

    def add(self, report: Report) -> None:
        """Add what a verb did. Problems stay with the verb: its ids are those of its own noun."""
        for name in outcome.COUNTS:
            setattr(self.report, name, getattr(self.report, name) + getattr(report, name))
        self.report.affected |= {
            name: self.report.affected.get(name, 0) + count
            for name, count in report.affected.items()
        }
        self.report.automation += report.automation

    def close(self) -> bool:
        """Check the guards and finish the change; returns whether there is anything to commit."""
        written = self.gate.finish()
        outcome.check_choice(self.report, self.options._replace(keep_going=True))
        outcome.check_most(self.report, self.options)
        if written and not self.options.dry_run:
            self.report.change = self.gate.change
        return written and not self.options.dry_run


@contextmanager
def changing(
    crm: Crm,
    command: str,
    options: WriteOptions | None,
    undoes: int | None = None,
    *,
    in_turn: bool = False,
) -> Iterator[Work]:
    """The transaction of one verb: committed when its block ends well, else rolled back.

    Within ``one_change`` it is a savepoint, and part of that change. ``in_turn`` is for what
    cannot be repeated.
    """
    with crm.engine.transaction(in_turn=in_turn) as transaction:
        work = Work(crm, command, options or WriteOptions(), undoes)
        yield work
        if work.close():
            work.gate.hand_over()
        else:
            transaction.roll_back()
    if crm.whole is not None:
        if not work.options.dry_run:
            crm.whole.add(work.report)
    elif work.report.change is not None and crm.on_change is not None:
        crm.on_change(work.report.change, command)


@contextmanager
def one_change(crm: Crm, command: str, options: WriteOptions) -> Iterator[Whole]:
    """Make one change of all that the verbs called in the block write; see ``Crm.change``."""
    outer = crm.whole
    with Drafts() as drafts:
        # Nobody can call the block again.
        with crm.engine.transaction(in_turn=True) as transaction:
            whole = crm.whole = Whole(_gate(crm, command, options, None), options, drafts)
            try:
                yield whole
                if whole.close():
                    whole.gate.hand_over()
                else:
                    transaction.roll_back()
            finally:
                crm.whole = outer
        if outer is None and whole.report.change is not None and crm.on_change is not None:
            crm.on_change(whole.report.change, command)
        if options.dry_run:
            return
        if outer is None:
            drafts.put()
        else:
            outer.add(whole.report)
            drafts.hand_over(outer.drafts)


def _gate(crm: Crm, command: str, options: WriteOptions, undoes: int | None) -> Gate:
    """The gate of a new change, or of a part of the one that is being written."""
    if crm.whole is not None:
        return crm.whole.gate.part(options.reason)
    return Gate(
        crm.engine,
        at=crm.clock.now(),
        stamp=crm.clock.stamp(),
        author=crm.user,
        command=command,
        reason=options.reason,
        undoes=undoes,
    )
