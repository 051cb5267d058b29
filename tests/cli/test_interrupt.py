"""Ctrl-C in a real process: before the commit nothing is changed, after it the message says so."""

from __future__ import annotations

import signal
import subprocess
import sys

from leadctl import open_crm

PEOPLE = 20_000


def test_an_interrupt_after_the_commit_says_that_the_change_stands(cli, tmp_path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("last_name\n" + "Berg\n" * PEOPLE, encoding="utf-8")
    cli("person", "import", file)
    words = ["--db", str(cli.path), "person", "edit", "--all", "--title", "X", "-f", "ndjson"]
    process = subprocess.Popen(
        [sys.executable, "-m", "leadctl", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell in the background may have told us to ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        error = process.stderr.read()
    assert process.returncode == 130
    assert "interrupted after the change was made" in error
    with open_crm(cli.path) as crm:
        assert next(crm.people.list([PEOPLE], fields=["title"])) == {"title": "X"}
