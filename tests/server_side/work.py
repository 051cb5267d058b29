"""One of several processes that write at once: ``python -m tests.server_side.work ADDRESS ROUNDS``.

It begins when a line comes in, and prints as JSON how each of its attempts ended.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
from collections.abc import Callable

from leadctl import open_crm
from leadctl.cli.main import main
from leadctl.errors import LeadctlError

CLAIMED = "contacting"


def code_of(call: Callable[[], object]) -> int:
    """The exit code that a command would end with."""
    try:
        call()
    except LeadctlError as problem:
        return problem.exit_code
    return 0


def work(address: str, rounds: int) -> dict[str, list[int]]:
    """Add to a number, move an opportunity on, and claim people; exit codes of each."""
    codes: dict[str, list[int]] = {"number": [], "next": [], "raw": [], "claim": []}
    tries = 0
    with open_crm(address, user="worker", lock_wait=30) as crm:

        def add_one() -> None:
            with crm.change():
                n = int(crm.people.show(1)["title"])
                crm.people.edit(1, title=str(n + 1))

        def raw() -> None:
            nonlocal tries
            tries += 1
            with crm.engine.transaction():
                n = crm.engine.value("SELECT n FROM tally")
                time.sleep(0.003)
                crm.engine.execute("UPDATE number_given SET last = last WHERE name = 'change'")
                crm.engine.execute("UPDATE tally SET n = :n", n=n + 1)

        for _ in range(rounds):
            codes["number"].append(code_of(add_one))
            codes["next"].append(code_of(lambda: crm.opportunities.next(1)))
            codes["raw"].append(code_of(lambda: crm.engine.repeat(raw)))
    for person in range(2, rounds + 2):
        words = ["--where", f"id = {person} and lead_status = open", CLAIMED, "--expect", "1"]
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            codes["claim"].append(main(["--db", address, "person", "set-status", *words]))
    codes["tries"] = [tries]
    return codes


if __name__ == "__main__":
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    print(json.dumps(work(sys.argv[1], int(sys.argv[2]))))
