"""Distribution of new leads: whose turn it is, who gets whom (``leads.md`` section 16).

People without company are assigned one by one. A company is assigned once, in the place of its
first person, and its people follow (DI-12). Who was served last is kept per list of users and per
group, and moves in the transaction of the change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from leadctl.core.batch import Plan, Situation, changing
from leadctl.core.crm import Ids, as_choice
from leadctl.core.refs import find_item
from leadctl.core.values import insertion
from leadctl.errors import NotFound, UsageError
from leadctl.model import Result
from leadctl.rules.distribution import NOBODY_AVAILABLE, taker, turn_order
from leadctl.rules.naming import folded
from leadctl.store import company, form, lists, person
from leadctl.store.engine import document, numbers_sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from leadctl.core.batch import Work
    from leadctl.core.crm import Crm
    from leadctl.model import Record, Report, WriteOptions

_OWNER = "coalesce(c.owner_id, t.own_owner_id, 0)"
_NOW = (
    "temp.target s JOIN person t ON t.id = s.id LEFT JOIN company c ON c.id = t.company_id"
    f" WHERE {_OWNER} <> s.a"
)
# For -f ndjson: the owner before (the situation, which undecided records keep) and now.
_CHANGES = (
    "(SELECT json_object('owner', json_array((SELECT key FROM app_user WHERE id = g.a),"
    f" (SELECT key FROM app_user WHERE id = {_OWNER})))"
    " FROM temp.target g JOIN person t ON t.id = g.id LEFT JOIN company c ON c.id = t.company_id"
    f" WHERE g.id = s.id AND {_OWNER} <> g.a)"
)


class Targets(NamedTuple):
    """Among whom is distributed: ``key`` names the cursor, ``users`` are in their turn order."""

    key: str
    users: tuple[int, ...]


def check_targets(to: Sequence[str] | None, group: str | None) -> None:
    """Raise UsageError unless users or a group are named, and not both."""
    if (to is None) == (group is None):
        raise UsageError("name one of --to and --group")
    if to is not None and not to:
        raise UsageError("--to names no user")


def distribute(
    crm: Crm,
    ids: Ids,
    to: Sequence[str] | None,
    group: str | None,
    *,
    overwrite: bool,
    fallback: str | None,
    options: WriteOptions | None,
) -> Report:
    """Give people an owner in turn; see ``People.distribute``."""
    check_targets(to, group)
    with changing(crm, "person distribute", options) as work:
        targets = _named(crm, to or ()) if group is None else _members(crm, group)
        spare = None if fallback is None else find_item(crm, lists.USERS, fallback).id
        work.choose(person.SOURCE, as_choice(ids), (_OWNER,))
        row = crm.engine.one(
            "SELECT id, last_user_id FROM distribution WHERE targets = :key", key=targets.key
        )
        cursor, last = row or (None, None)
        unavailable = _unavailable(crm, targets.users)
        order = turn_order(targets.users, last, unavailable)
        in_turn = bool(order)
        if not order and spare is not None:
            order = turn_order((spare,), None, _unavailable(crm, (spare,), even_away=False))

        def rule(situation: Situation) -> Plan:
            if situation[0] and not overwrite:
                return Plan()
            if not order:
                return Plan(result=Result.SKIPPED, reason=NOBODY_AVAILABLE)
            return Plan(flag=True)

        work.decide(rule)
        work.looked_at = [seen._replace(changes=_CHANGES) for seen in work.looked_at]
        turns = _assign(work, order) if order else 0
        work.count_changed(crm.engine.value(f"SELECT count(*) FROM {_NOW}"))
        if turns and in_turn:
            _move_cursor(work, targets.key, cursor, taker(order, turns - 1))
    return work.report


def assignments(crm: Crm, change: int) -> Iterator[Record]:
    """Who became the owner of what by a change, for notifications (DI-7).

    One record per assignment: ``{"person_id", "company_id", "owner", "name", "change"}``. For a
    company ``person_id`` is ``None``, for a person ``company_id``. ``name`` is theirs.
    """
    names = ("person_id", "company_id", "owner", "name", "change")
    for row in crm.engine.stream(
        "SELECT p.id, c.id, h.new, CASE WHEN c.id IS NULL"
        " THEN trim(coalesce(p.first_name, '') || ' ' || coalesce(p.last_name, ''))"
        " ELSE c.name END, h.change_id FROM change n JOIN history h ON h.change_id = n.id"
        " AND h.id BETWEEN n.first_history_id AND n.last_history_id"
        " LEFT JOIN person p ON h.entity = 'person' AND p.id = h.entity_id"
        " LEFT JOIN company c ON h.entity = 'company' AND c.id = h.entity_id"
        " WHERE n.id = :change AND h.field = 'owner' AND h.new IS NOT NULL"
        " AND coalesce(p.id, c.id) IS NOT NULL ORDER BY h.id",
        change=change,
    ):
        yield dict(zip(names, row, strict=True))


def leave_turns(work: Work, user: int) -> None:
    """Before a user is deleted: the cursors that stand at it mark the same place without it."""
    work.gate.update(
        form.DISTRIBUTION,
        "(SELECT id FROM distribution WHERE last_user_id = :gone)",
        {"last_user": "(SELECT max(u.id) FROM app_user u WHERE u.id < t.last_user_id)"},
        gone=user,
    )


def _named(crm: Crm, words: Sequence[str]) -> Targets:
    """The users named, in that order; one named twice counts once."""
    users = tuple(dict.fromkeys(find_item(crm, lists.USERS, word).id for word in words))
    return Targets(",".join(map(str, users)), users)


def _members(crm: Crm, group: str) -> Targets:
    """The users whose group this is, in the order of their numbers (DI-1, SO-124)."""
    key = folded(group.strip())
    rows = crm.engine.query(
        "SELECT id FROM app_user WHERE user_group_key = :key ORDER BY id", key=key
    )
    if not rows:
        raise NotFound("nobody belongs to the group {group}", group=group)
    return Targets(f"group:{key}", tuple(row[0] for row in rows))


def _unavailable(crm: Crm, users: Sequence[int], *, even_away: bool = True) -> set[int]:
    """Who of the users is inactive or, with ``even_away``, away (DI-5)."""
    away = " OR away = 1" if even_away else ""
    rows = crm.engine.query(
        f"SELECT id FROM app_user WHERE id IN ({numbers_sql('users')}) AND (active = 0{away})",
        users=document(users),
    )
    return {row[0] for row in rows}


def _assign(work: Work, order: Sequence[int]) -> int:
    """Give everybody whose turn it is to the users in their order; returns how many turns it took."""
    engine, gate, report = work.engine, work.gate, work.report
    engine.execute("DROP TABLE IF EXISTS temp.turn")
    engine.execute(
        "CREATE TEMP TABLE turn (person_id INTEGER PRIMARY KEY, company_id INTEGER, owner INTEGER)"
    )
    # Numbers of companies are negated: a company and a person may have the same one.
    turns = engine.execute(
        "INSERT INTO temp.turn SELECT min(t.id), t.company_id,"
        " CAST(:users ->> ((row_number() OVER (ORDER BY min(t.id)) - 1) % :length) AS BIGINT)"
        f" FROM {work.go} s JOIN person t ON t.id = s.id WHERE s.flag = 1"
        " GROUP BY coalesce(-t.company_id, t.id)",
        users=document(order),
        length=len(order),
    )
    people = gate.update(
        person.TABLE,
        "(SELECT person_id AS id, owner FROM temp.turn WHERE company_id IS NULL)",
        {"owner": "s.owner"},
    )
    theirs = "SELECT company_id AS id, owner FROM temp.turn WHERE company_id IS NOT NULL"
    followers = engine.value(
        f"SELECT count(*) FROM ({theirs}) s JOIN company t ON t.id = s.id"
        " JOIN person p ON p.company_id = t.id WHERE t.owner_id IS DISTINCT FROM s.owner"
    )
    companies = gate.update(company.TABLE, f"({theirs})", {"owner": "s.owner"})
    report.affected = {"companies": companies, "people": followers}
    report.assigned = dict(
        engine.query(
            "SELECT u.key, count(*) FROM temp.turn s JOIN app_user u ON u.id = s.owner"
            " GROUP BY u.id ORDER BY min(s.person_id)"
        )
    )
    gate.records = people + companies
    return turns


def _move_cursor(work: Work, key: str, cursor: int | None, last: int) -> None:
    if cursor is None:
        values: dict[str, Any] = {"targets": key, "last_user": last}
        cells, parameters = insertion(form.DISTRIBUTION, values, {})
        work.gate.create(form.DISTRIBUTION, cells, **parameters)
    else:
        row = "(SELECT :cursor AS id)"
        assign = {"last_user": ":last"}
        work.gate.update(form.DISTRIBUTION, row, assign, cursor=cursor, last=last)
