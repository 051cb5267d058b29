"""Several processes write to one database at once: no update is lost."""

from __future__ import annotations

import json
import subprocess
import sys

from leadctl import open_crm
from tests.conftest import Cli
from tests.console import ROOT

PROCESSES, ROUNDS = 6, 3


def prepare(address: str) -> None:
    with open_crm(address, user="tester") as crm:
        crm.cycles.add("Long")
        for number in range(1, PROCESSES * ROUNDS + 3):
            crm.stages.add("long", number, f"Stage {number}", completed=number, chances=number)
        crm.companies.add("Acme")
        crm.opportunities.add("Deal", company=1, cycle="long", start=True, value="1")
        crm.people.add(last_name="Number", title="0")
        for number in range(ROUNDS):
            crm.people.add(last_name=f"P{number}", category="lead", lead_status="open")
        with crm.engine.transaction():
            crm.engine.execute("CREATE TABLE tally (n BIGINT)")
            crm.engine.execute("INSERT INTO tally VALUES (0)")


def test_six_processes_lose_no_update(ready_address, capsys) -> None:
    address = ready_address()
    prepare(address)
    begun = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.server_side.work", address, str(ROUNDS)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    for process in begun:
        assert process.stdout.readline() == "ready\n"
    for process in begun:
        process.stdin.write("\n")
        process.stdin.flush()
    ended = [json.loads(process.communicate(timeout=100)[0]) for process in begun]
    codes = {name: [code for one in ended for code in one[name]] for name in ended[0]}
    done = {name: all_of.count(0) for name, all_of in codes.items()}
    for name in ("number", "next", "raw"):
        assert set(codes[name]) <= {0, 75}, codes
        assert done[name] > PROCESSES * ROUNDS / 2
    # Others came in between, and that was seen.
    assert sum(codes["tries"]) > done["raw"]
    # Every lead was claimed by one of them, and the others were told.
    assert set(codes["claim"]) <= {0, 7, 75}
    assert done["claim"] == ROUNDS
    with open_crm(address) as crm:
        assert crm.people.show(1)["title"] == str(done["number"])
        assert len(crm.opportunities.show(1)["entries"]) == 1 + done["next"]
        assert crm.engine.value("SELECT n FROM tally") == done["raw"]
        claimed = "SELECT count(*) FROM history WHERE field = 'lead_status' AND new = :to"
        assert crm.engine.value(f"{claimed} AND old IS NOT NULL", to="contacting") == ROUNDS
        numbers = [number for (number,) in crm.engine.query("SELECT id FROM change ORDER BY id")]
        assert numbers == list(range(1, len(numbers) + 1))
    Cli(address, capsys)("db", "check")
