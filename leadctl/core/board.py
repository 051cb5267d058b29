"""Boards: records in columns by lead status, category, owner, stage or status (``leads.md``
section 10).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from leadctl.core.board_columns import columns
from leadctl.core.board_moves import move
from leadctl.core.crm import as_choice
from leadctl.core.membership import read_selection
from leadctl.core.noun import ALL, Noun
from leadctl.core.refs import find_item, look_up
from leadctl.core.repeating import repeating
from leadctl.errors import UsageError
from leadctl.rules.board import check_words, field_of
from leadctl.store import board, cycle
from leadctl.store.select import Condition

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from leadctl.core.board_columns import Column
    from leadctl.core.crm import Crm, Ids
    from leadctl.model import Choice, Record, Report, WriteOptions

CARDS = 20


class Shown(NamedTuple):
    """A board as JSON has it, and how many opportunities it leaves out because they are of other
    sales cycles.
    """

    document: Record
    left_out: int = 0


class _Tally(NamedTuple):
    """What was counted: combination of values -> records, and their estimated value."""

    counts: Mapping[tuple[Any, ...], int]
    sums: Mapping[tuple[Any, ...], int]
    cards: Mapping[tuple[Any, ...], list[Record]]

    def count(self, *start: Any) -> int:
        """How many records the combinations that begin like this have."""
        return sum(n for key, n in self.counts.items() if key[: len(start)] == start)

    def sum(self, start: Any) -> int | float:
        """Their estimated value, in units."""
        minor = sum(n for key, n in self.sums.items() if key[0] == start)
        return minor / 100 if minor % 100 else minor // 100


@repeating
class Board:
    """Boards of people, companies or opportunities."""

    def __init__(self, crm: Crm) -> None:
        self._crm = crm

    def show(
        self,
        ids: Ids = ALL,
        *,
        entity: str | None = None,
        by: str | None = None,
        then: str | None = None,
        cycle: str | None = None,
        limit: int = CARDS,
    ) -> Record:
        """Records in columns: ``{"entity", "by", "columns": [{"key", "label", "count", "sum",
        "cards": [{"id", "name"}]}]}``.

        ``entity`` is ``"person"`` (unless ``ids`` is a selection of others), ``"company"`` or
        ``"opportunity"``. ``by`` is lead_status (people), category or owner (people and
        companies), stage, status or owner (opportunities). ``cards`` are the first ``limit`` of a
        column by name; ``sum`` is the estimated value, for opportunities only. ``then`` is one
        more field, which adds ``groups`` to each column, with up to ``limit`` cards each.

        Stages are those of one sales ``cycle``: the one named, else the one that all the
        opportunities are of, else the default one; the others are left out. What is not started
        or closed is on no stage.

        Raises Refused (``board_not_offered``) for a field that such records do not have, and
        UsageError for a selection of another kind of record.
        """
        return self.read(ids, entity=entity, by=by, then=then, cycle=cycle, limit=limit).document

    def read(
        self,
        ids: Ids = ALL,
        *,
        entity: str | None = None,
        by: str | None = None,
        then: str | None = None,
        cycle: str | None = None,
        limit: int = CARDS,
    ) -> Shown:
        """The same, and what it leaves out."""
        check_words(entity, by, then)
        choice = as_choice(ids)
        noun = self.noun(choice, entity)
        kind = noun.source.entity
        fields = [field_of(kind, by)]
        if then is not None:
            fields.append(field_of(kind, then, "--then"))
            check_words(None, *fields)
        if cycle is not None and "stage" not in fields:
            raise UsageError("--cycle goes with the stages of opportunities")
        refs = [board.REFS[kind][field] for field in fields]
        where = noun.condition(choice, ordered=fields == ["lead_status"])
        named = self._named(cycle)
        if named is not None:
            where = _of_cycle(where, named)
        staged = "stage" in fields
        found = list(
            board.counts(
                self._crm.engine, noun.source, [*refs, board.CYCLE] if staged else refs, where
            )
        )
        left_out = 0
        if staged:
            if named is None:
                named = self._usual(found)
                where = _of_cycle(where, named)
            left_out = sum(count for key, count, _ in found if key[-1] != named)
            found = [(key[:-1], count, sum) for key, count, sum in found if key[-1] == named]
        counts = {key: count for key, count, _ in found}
        tally = _Tally(
            counts,
            {key: sum for key, _, sum in found if sum is not None},
            self._cards(noun, refs, where, counts, limit),
        )
        levels = [columns(self._crm, field, named) for field in fields]
        shown = [
            _column(tally, column, levels[1:], limit, sums=kind == "opportunity")
            for column in levels[0]
            if column.always or tally.count(column.ref)
        ]
        return Shown({"entity": kind, "by": fields[0], "columns": shown}, left_out)

    def move(
        self,
        id: int | str,
        column: int | str,
        *,
        entity: str = "person",
        by: str | None = None,
        options: WriteOptions | None = None,
    ) -> Report:
        """Move one card to another column, by the rules of the edit that does the same (B-19).

        ``column`` is a key or name, ``"none"`` clears where that is allowed. People by category
        are refused while they are in a company (B-17). Opportunities reach a stage by whichever
        move goes there; by status they can only be started here.
        """
        check_words(entity, by, None)
        return move(self._crm, id, str(column), entity, field_of(entity, by), options)

    def noun(self, choice: Choice, entity: str | None) -> Noun:
        """The noun of a board: of the entity that is named, else of the selection, else people."""
        if entity is None:
            entity = "person"
            if choice.selection is not None:
                entity = read_selection(self._crm, choice.selection).entity
        nouns: dict[str, Noun] = {
            "person": self._crm.people,
            "company": self._crm.companies,
            "opportunity": self._crm.opportunities,
        }
        return nouns[entity]

    def _named(self, name: str | None) -> int | None:
        return None if name is None else find_item(self._crm, cycle.CYCLES, name).id

    def _usual(self, found: Sequence[tuple[tuple[Any, ...], int, int | None]]) -> int | None:
        """The sales cycle whose stages are shown when none is named."""
        used = {key[-1] for key, _, _ in found}
        if len(used) == 1:
            return int(used.pop())
        default = look_up(self._crm, cycle.CYCLES, self._crm.settings.get("default_cycle"))
        if default is None and used:
            raise UsageError("the opportunities are of several sales cycles: name one with --cycle")
        return default.id if default else None

    def _cards(
        self,
        noun: Noun,
        refs: Sequence[str],
        where: Condition,
        filled: Mapping[tuple[Any, ...], int],
        limit: int,
    ) -> dict[tuple[Any, ...], list[Record]]:
        """The first cards of each column, and of each group of it, in the order of their names."""
        cards: dict[tuple[Any, ...], list[Record]] = defaultdict(list)
        for *key, id, name in board.cards(
            self._crm.engine, noun.source, refs, where, filled, limit
        ):
            # The first of a column are among the first of its groups.
            for place in range(1, len(key) + 1):
                cards[tuple(key[:place])].append({"id": id, "name": name})
        return cards


def _of_cycle(where: Condition, id: int | None) -> Condition:
    return Condition(
        f"({where.sql}) AND +{board.CYCLE} = :board_cycle", where.parameters | {"board_cycle": id}
    )


def _column(
    tally: _Tally, column: Column, groups: Sequence[Sequence[Column]], limit: int, *, sums: bool
) -> Record:
    record: Record = {
        "key": column.key,
        "label": column.label,
        "count": tally.count(column.ref),
        "sum": tally.sum(column.ref) if sums else None,
        "cards": tally.cards.get((column.ref,), [])[:limit],
    }
    for level in groups:
        record["groups"] = [
            {
                "key": group.key,
                "label": group.label,
                "count": tally.count(column.ref, group.ref),
                "cards": tally.cards.get((column.ref, group.ref), []),
            }
            for group in level
            if tally.count(column.ref, group.ref)
        ]
    return record
