"""Section 19.8: bulk updates."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from leadctl.errors import Busy
from leadctl.store.opening import connect
from tests.acceptance.steps import company, person, shown, status_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from leadctl.store.engine import Engine
    from tests.conftest import Cli

# So many that it takes a few seconds.
MANY = {"sqlite": 200_000, "postgresql": 60_000}
SLACK = 60


def test_so_104_partly_applicable(fixture_f: Cli) -> None:
    """Contacting for five people of which two cannot have it: three changed, two reasons, exit 5."""
    lead = company(fixture_f, "Acme", "lead")
    customer = company(fixture_f, "Beta", "customer_a")
    prospect = company(fixture_f, "Gamma", "prospect")
    where = (lead, customer, lead, prospect, lead)
    five = [person(fixture_f, f"P{number}", of=id) for number, id in enumerate(where)]
    ran = fixture_f("person", "set-status", *five, "contacting", "-f", "json", code=5)
    report = ran.json
    counts = {key: report[key] for key in ("matched", "changed", "unchanged", "skipped", "refused")}
    assert counts == {"matched": 5, "changed": 3, "unchanged": 0, "skipped": 2, "refused": 0}
    assert report["change"] is not None
    problems = [(row["id"], row["result"], row["code"]) for row in report["problems"]]
    assert problems == [
        (five[1], "skipped", "lead_status_not_applicable"),
        (five[3], "skipped", "lead_status_not_applicable"),
    ]
    messages = [row["message"] for row in report["problems"]]
    assert all(messages)
    assert messages[0] != messages[1]
    assert report["problems_omitted"] == 0
    assert ran.error["code"] == "partial"
    assert status_of(fixture_f, *five) == ["contacting", None, "contacting", None, "contacting"]

    again = fixture_f("person", "set-status", *five, "contacting", "-f", "ndjson", code=5)
    results = ["unchanged", "skipped", "unchanged", "skipped", "unchanged"]
    assert [(line["id"], line["result"]) for line in again.lines] == list(
        zip(five, results, strict=True)
    )


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Subprocesses obey SIGINT even where the test run itself was started to ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def _multiply_the_person(cli: Cli) -> None:
    """Copy the only person until there are as many as ``MANY`` says, by SQL because of the time."""
    with cli.engine() as engine:
        engine.execute(
            "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < :many)"
            " INSERT INTO person (last_name, last_name_key, company_id, lead_status_id,"
            " status_since, created_at, updated_at)"
            " SELECT p.last_name || n.i, p.last_name_key || n.i, p.company_id, p.lead_status_id,"
            " p.status_since, p.created_at, p.updated_at FROM n, person p WHERE p.id = 1",
            many=MANY[cli.engine_name],
        )


def _somebody_writes(engine: Engine) -> bool:
    if engine.name == "postgresql":
        sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        return bool(engine.value(f"{sql} AND backend_xid IS NOT NULL"))
    try:
        with engine.transaction():
            return False
    except Busy:
        return True


def _wait_for_its_lock(cli: Cli, process: subprocess.Popen[str]) -> None:
    """Return as soon as the process has begun to write."""
    deadline = time.monotonic() + SLACK
    with closing(connect(cli.path, lock_wait=0)) as engine:
        while time.monotonic() < deadline:
            assert process.poll() is None, process.communicate()
            if _somebody_writes(engine):
                return
            time.sleep(0.01)
    pytest.fail("the command never took the lock")


def _state(cli: Cli) -> tuple[Any, ...]:
    last = MANY[cli.engine_name]
    groups = cli.json("person", "list", "--group-by", "lead_status")
    changes = cli.json("change", "list")
    rows = [len(cli.json("person", "history", id)) for id in (1, 2, last)]
    return groups, changes, rows, shown(cli, 1), shown(cli, last)


def test_so_106_interrupted(fixture_f: Cli, interruptible: None) -> None:
    """An interrupted bulk update ends at once with exit 130 and has changed nothing."""
    person(fixture_f, "P", of=company(fixture_f, "Acme", "lead"))
    _multiply_the_person(fixture_f)
    before, many = _state(fixture_f), MANY[fixture_f.engine_name]
    assert before[0] == [{"lead_status": "open", "count": many}]
    words = ["--db", str(fixture_f.path), "person", "set-status", "--all", "contacting"]
    command = [sys.executable, "-m", "leadctl", *words, "-f", "json"]

    def started(*options: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*command, *options],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        _wait_for_its_lock(fixture_f, process)
        return process

    # How long it takes when left alone: a dry run does everything, too.
    process = started("--dry-run")
    begun = time.monotonic()
    out, err = process.communicate(timeout=SLACK)
    whole = time.monotonic() - begun
    assert process.returncode == 0, err
    assert json.loads(out)["changed"] == many

    took = []
    for part in (0, 0.15, 0.3, 0.45, 0.6):
        process = started()
        time.sleep(whole * part)
        assert process.poll() is None, "the command was over before it could be interrupted"
        sent = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=SLACK)
        took.append(time.monotonic() - sent)
        assert process.returncode == 130, (out, err)
        assert json.loads(err)["error"]["code"] == "interrupted"
        assert out == ""
        assert _state(fixture_f) == before
    # At once means within a statement, not after it.
    assert max(took) < whole / 6, (took, whole)

    # The file is as good as before.
    assert fixture_f.json("person", "set-status", "--all", "contacting")["changed"] == many


def _without(record: dict[str, Any], *fields: str) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key not in fields}


def test_so_107_only_fields_named_change(fixture_f: Cli) -> None:
    """Of several people, exactly the fields named on the command line change."""
    acme = company(fixture_f, "Acme", "lead")
    people = []
    for number in range(3):
        words = ["--first-name", "F", "--last-name", f"L{number}", "--email", f"{number}@a.example"]
        more = ["--phone", "1", "--title", "Old", "--country", "NO", "--external-id", number]
        record = fixture_f.json("person", "add", *words, *more, "--company", acme)
        people.append(record["id"])
    before = [shown(fixture_f, id) for id in people]
    report = fixture_f.json("person", "edit", *people[:2], "--title", "New", "--country", "DK")
    assert report["changed"] == 2
    after = [shown(fixture_f, id) for id in people]
    for old, new in zip(before[:2], after[:2], strict=True):
        named = ("title", "country", "updated_at")
        assert _without(new, *named) == _without(old, *named)
        assert (new["title"], new["country"]) == ("New", "DK")
    assert after[2] == before[2]
    for id in people[:2]:
        rows = fixture_f.json("person", "history", id)
        fields = {(row["field"], row["old"], row["new"]) for row in rows if row["field"]}
        assert fields == {("title", "Old", "New"), ("country", "NO", "DK")}
    error = fixture_f.error("person", "edit", *people, code=2)
    assert error["code"] == "usage"


def test_so_109_replace_whole_word_and_case(fixture_f: Cli) -> None:
    """Search-and-replace with --whole-word and --case changes only the text that matches."""
    titles = ("Head of Sales", "head of sales", "Head of Presales", "Salesman", "CEO", None)

    def people() -> list[int]:
        added = []
        for title in titles:
            words = ["--title", title] if title else []
            record = fixture_f.json("person", "add", "--last-name", "Sales", *words)
            added.append(record["id"])
        return added

    def replaced(*options: str) -> list[str | None]:
        ids = people()
        words = ("--replace", "title", "Sales", "Growth", *options)
        report = fixture_f.json("person", "edit", *ids, *words)
        after = [shown(fixture_f, id) for id in ids]
        changed = sum(new["title"] != old for new, old in zip(after, titles, strict=True))
        assert (report["changed"], report["unchanged"]) == (changed, len(ids) - changed)
        assert {record["last_name"] for record in after} == {"Sales"}
        return [record["title"] for record in after]

    rest = ["CEO", None]
    both = ["Head of Growth", "head of sales", "Head of Presales", "Salesman", *rest]
    assert replaced("--whole-word", "--case") == both
    words = ["Head of Growth", "head of Growth", "Head of Presales", "Salesman", *rest]
    assert replaced("--whole-word") == words
    case = ["Head of Growth", "head of sales", "Head of Presales", "Growthman", *rest]
    assert replaced("--case") == case
    anything = ["Head of Growth", "head of Growth", "Head of PreGrowth", "Growthman", *rest]
    assert replaced() == anything
