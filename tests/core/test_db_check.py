"""``db check``: every rule finds what breaks it, and nothing in a file that leadctl wrote."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadctl import LeadctlError, open_crm
from leadctl.core.checks import NAMED, rules
from leadctl.core.copies import migrate
from leadctl.model import Method, Outcome
from leadctl.rules.forecast import closed_figures, open_figures
from leadctl.store.invariants import FIGURES
from tests.properties.worlds import CHANGES, UNDO, Op, World, modest
from tests.samples import sample

# Rule -> what breaks it, and how many things it then finds.
BREAKERS: dict[str, tuple[str, int]] = {
    "foreign_keys": ("UPDATE person SET company_id = 99 WHERE id = 1", 1),
    "active_entry": ("UPDATE entry SET active = 0 WHERE opportunity_id = 5 AND active = 1", 1),
    "entry_action": ("UPDATE opportunity SET status = 'lost' WHERE id = 1", 1),
    "opportunity_links": ("DELETE FROM stage WHERE number = 10", 1),
    "closed_dates": ("UPDATE opportunity SET closed_on = '2026-04-01' WHERE id IN (1, 3)", 2),
    "entry_dates": ("UPDATE entry SET date = '2027-01-01' WHERE id = 1", 1),
    "days_open": ("UPDATE entry SET days_open = days_open + 1 WHERE id = 1", 1),
    "figures": (
        (
            "UPDATE entry SET probability = probability + 1 WHERE action = 'first'"
            " OR action = 'won' OR action = 'lost'"
        ),
        5,
    ),
    "dates": ("UPDATE opportunity SET created_on = '2026-02-30' WHERE id = 1", 1),
    "default_status": ("UPDATE lead_status SET is_default = 0", 1),
    "lead_status_flag": ("UPDATE category SET lead_status_enabled = 1 WHERE key = 'customer'", 1),
    "status_since": ("UPDATE person SET status_since = NULL WHERE id = 1", 1),
    "own_values": ("UPDATE person SET own_category_id = 1 WHERE company_id IS NOT NULL", 1),
    "quotes": ("UPDATE quote SET total_minor = 1, status = 'open'", 2),
    "members": ("UPDATE selection SET kind = 'dynamic', expressions = '[]' WHERE key = 'fair'", 1),
    "combined": ("UPDATE selection SET entity = 'company' WHERE key = 'fair'", 1),
    "history": ("UPDATE change SET records = 100, last_history_id = last_history_id + 1", 0),
    "search_index": ("UPDATE search_state SET indexed_to = 1000000", 1),
    "json": ("UPDATE person SET extra = '[1]', extra_key = '[1]'; UPDATE quote SET lines = '{'", 4),
    "folded_keys": ("UPDATE company SET name_key = 'Ås Verft' WHERE id = 1", 1),
    "views": ("DROP VIEW v_people; DROP VIEW selection_hot", 2),
    "settings": (
        (
            "DELETE FROM setting WHERE key = 'currency'; INSERT INTO setting (key, value)"
            " VALUES ('x', 'y'); UPDATE setting SET value = 'z' WHERE key = 'capture.utm'"
        ),
        3,
    ),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with a bit of everything."""
    path = tmp_path / "leads.db"
    sample(4, path)
    migrate(path)
    with open_crm(path, today="2026-03-01") as crm:
        crm.opportunities.add("Running", company=1)
        crm.opportunities.start(5, value=10, close_date="2027-01-01")
    return path


def spoil(path: Path, sql: str) -> None:
    """What something else than leadctl does to a file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"PRAGMA ignore_check_constraints = ON; {sql}")
        connection.commit()


def found(path: Path) -> dict[str, int | None]:
    """Rule -> how many things break it, for those that do not hold."""
    with open_crm(path) as crm:
        return {one.rule.rule: one.found for one in crm.db.check() if not one.ok}


def test_nothing_is_wrong_with_a_file_of_ours(path: Path) -> None:
    assert found(path) == {}


def test_every_rule_has_a_test() -> None:
    assert {*BREAKERS, "integrity"} == {rule.rule for rule in rules()}


@pytest.mark.parametrize("rule", BREAKERS)
def test_each_rule_finds_what_breaks_it(path: Path, rule: str) -> None:
    sql, expected = BREAKERS[rule]
    spoil(path, sql)
    with open_crm(path, language="de") as crm:
        (finding,) = crm.db.check(rule)
    record = finding.record(crm.translate)
    assert (record["rule"], record["ok"]) == (rule, False)
    assert record["found"] == expected or expected == 0 < record["found"]
    assert record["hint"] not in (None, finding.rule.hint)


def test_integrity(path: Path) -> None:
    spoil(path, "UPDATE opportunity SET priority = 'x' WHERE id = 1")
    with open_crm(path) as crm:
        (finding,) = crm.db.check("integrity")
    assert (finding.found, finding.first) == (1, ["CHECK constraint failed in opportunity"])


@pytest.mark.parametrize(
    ("rule", "sql"),
    [
        ("active_entry", "UPDATE opportunity SET status = 'not_started' WHERE id = 5"),
        (
            "active_entry",
            "UPDATE entry SET active = 0; UPDATE entry SET active = 1, days_open = 0 WHERE id = 1",
        ),
        ("entry_action", "UPDATE opportunity SET status = 'in_progress' WHERE id = 1"),
        ("closed_dates", "UPDATE entry SET closed_on = '2026-01-01' WHERE action = 'won'"),
        ("figures", "UPDATE entry SET calculated_value_minor = 1 WHERE action = 'lost'"),
        ("figures", "UPDATE entry SET chances = 10000 WHERE action = 'first'"),
        ("dates", "UPDATE person SET status_since = '2026-01-01' WHERE id = 1"),
        ("default_status", "UPDATE lead_status SET is_default = 1"),
        ("default_status", "UPDATE lead_status SET deleted = 1"),
        ("quotes", "UPDATE sales_order SET total_minor = 5"),
        ("history", "UPDATE change SET records = 1000 WHERE id = 2"),
        ("history", "UPDATE change SET first_history_id = first_history_id + 1 WHERE id = 6"),
        ("history", "UPDATE change SET undoes = id WHERE id = 3"),
        ("history", "DROP TRIGGER history_is_append_only_1; UPDATE history SET part_of = NULL"),
        ("json", "DROP TRIGGER history_is_append_only_1; UPDATE history SET old = '{'"),
        ("search_index", "DELETE FROM search_state"),
        ("folded_keys", "UPDATE company SET name = 'HANSA' WHERE id = 2"),
        ("folded_keys", "UPDATE person SET title = NULL WHERE id = 2"),
        ("views", "UPDATE selection SET key = 'cold' WHERE key = 'hot'"),
        ("views", "UPDATE selection SET expressions = '[' WHERE key = 'hot'"),
        ("views", "UPDATE selection SET expressions = '[\"name = 1 2\"]' WHERE key = 'hot'"),
    ],
)
def test_other_ways_to_break_a_rule(path: Path, rule: str, sql: str) -> None:
    spoil(path, sql)
    with open_crm(path) as crm:
        (finding,) = [one for one in crm.db.check() if one.rule.rule == rule and not one.ok]
        assert finding.told().text().startswith(f"{rule}: ")
        assert finding.first


def test_of_many_the_first_are_named(path: Path) -> None:
    with open_crm(path) as crm:
        for number in range(NAMED + 2):
            crm.companies.add(f"Company {number}")
    spoil(path, "UPDATE company SET name_key = 'x'")
    with open_crm(path) as crm:
        (finding,) = crm.db.check("folded-keys")
    assert finding.found == NAMED + 4
    assert finding.first[:2] == ["company 1 name", "company 2 name"]
    assert str(finding.told().text()).endswith("company 10 name and 4 more")


def test_a_rule_that_is_none(path: Path) -> None:
    with open_crm(path) as crm:
        for name, hint in (("figure", "did you mean figures?"), ("xyz", "the rules are: ")):
            with pytest.raises(LeadctlError) as caught:
                crm.db.check(name)
            assert caught.value.exit_code == 2
            assert caught.value.reason.hint_text().startswith(hint)
        assert dict(crm.db.explain("json"))["json"].startswith("SELECT")
        assert len(list(crm.db.explain())) == len(rules())


def test_a_check_within_a_change_sees_it(path: Path) -> None:
    with open_crm(path) as crm, crm.change("several"):
        crm.companies.add("New")
        crm.engine.execute("UPDATE company SET name_key = 'x' WHERE name = 'New'")
        assert [one.found for one in crm.db.check("folded_keys")] == [1]


def test_other_errors_are_no_findings(path: Path, monkeypatch) -> None:
    with open_crm(path) as crm:

        def full(sql: str):
            raise LeadctlError.__subclasses__()[7]("full", code="disk_full")

        monkeypatch.setattr(crm.engine, "examine", full)
        with pytest.raises(LeadctlError) as caught:
            crm.db.check("json")
    assert caught.value.code == "disk_full"


@pytest.mark.parametrize("method", Method)
def test_figures_are_those_of_the_rules(path: Path, method: Method) -> None:
    """F: recomputed by SQL as the forecast computes them, for amounts of any size."""
    chance = random.Random(7)
    with open_crm(path) as crm, crm.engine.transaction() as trial:
        crm.engine.execute(f"UPDATE sales_cycle SET method = '{method}'")
        rows = []
        for number in range(300):
            value = int(10 ** chance.uniform(0, 15)) - 1
            figures = open_figures(
                method, value, chance.randint(0, 10000), chance.randint(0, 10000)
            )
            rows.append((1000 + number, "next", 10, *figures))
        rows.append((2000, "won", None, *closed_figures(Outcome.WON, 10, 7)))
        rows.append((2001, "lost", None, *closed_figures(Outcome.LOST, 10, 7)))
        for id, action, stage, *figures in rows:
            day = "'2026-01-01'"
            crm.engine.execute(
                "INSERT INTO entry (id, opportunity_id, cycle_id, action, stage, date, active,"
                " estimated_value_minor, chances, completed, probability, calculated_value_minor,"
                f" close_date, closed_on) VALUES (:id, 2, 1, :action, :stage, {day}, 0,"
                f" {', '.join(map(str, figures))}, {day}, {'NULL' if stage else day})",
                id=id,
                action=action,
                stage=stage,
            )
        assert crm.engine.query(FIGURES) == []
        crm.engine.execute("UPDATE entry SET calculated_value_minor = calculated_value_minor + 1")
        assert len(crm.engine.query(FIGURES)) > 300
        trial.roll_back()


def test_entries_keep_the_method_that_their_cycle_had(path: Path) -> None:
    with open_crm(path) as crm:
        crm.cycles.edit("standard", method="completed")
        crm.opportunities.update(5, value=99)
        crm.cycles.edit("standard", method="chances")
    assert found(path) == {}


@modest(25)
@given(st.lists(CHANGES | UNDO, min_size=1, max_size=10))
def test_nothing_that_leadctl_does_breaks_a_rule(ops: list[Op]) -> None:
    with World() as world:
        for op in ops:
            world.perform(op)
        assert [one for one in world.crm.db.check() if not one.ok] == []


def test_flipped_bytes_are_found_or_do_no_harm(path: Path) -> None:
    content = path.read_bytes()
    chance = random.Random(1)
    codes = []
    for _ in range(60):
        spoilt = bytearray(content)
        for _ in range(8):
            spoilt[chance.randrange(100, len(spoilt))] ^= 1 << chance.randrange(8)
        path.write_bytes(spoilt)
        try:
            codes.append(0 if found(path) == {} else 8)
        except LeadctlError as error:
            codes.append(error.exit_code)
    assert set(codes) == {0, 8, 10}
    assert (codes.count(8) > 5, codes.count(10) > 5) == (True, True), codes
