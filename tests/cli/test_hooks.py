"""Hooks and notifications: real commands, after the commit, that never fail what they are told of."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from leadctl import open_crm
from leadctl.core import hooks

COPY = "import shutil, sys; shutil.copyfileobj(sys.stdin, open('seen', 'a'))"


def python(code: str) -> str:
    """A command line that runs Python code."""
    return shlex.join([sys.executable, "-c", code])


def configure(tmp_path: Path, **settings: str) -> None:
    """Write the user's own configuration; ``__`` is a dot."""
    file = tmp_path / "config" / "leadctl" / "config.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    dotted = {key.replace("__", "."): value for key, value in settings.items()}
    file.write_text(json.dumps(dotted), encoding="utf-8")


def seen(path: Path = Path("seen")) -> list[Any]:
    """What a hook has been given."""
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_every_committed_change_is_told(cli, tmp_path) -> None:
    configure(tmp_path, hooks__after_change=python(COPY))
    cli("company", "add", "Acme", "--category", "lead", "--reason", "fair")
    head, row = seen()
    at = head.pop("at")
    assert at == cli.json("change", "show", 1)["at"]
    assert head == {
        "change": 1,
        "user": head["user"],
        "command": "company add",
        "reason": "fair",
        "records": 1,
    }
    assert row == {"entity": "company", "entity_id": 1, "field": None, "old": None, "new": None}
    cli("person", "add", "--last-name", "Berg", "--company", "Acme")
    cli("person", "add", "--last-name", "Dal")
    cli("person", "set-status", 1, 2, "qualified", code=5)
    lines = seen()
    assert [line["change"] for line in lines if "change" in line] == [1, 2, 3, 4]
    assert lines[-1] == {
        "entity": "person",
        "entity_id": 1,
        "field": "lead_status",
        "old": "open",
        "new": "qualified",
    }
    (tmp_path / "people.csv").write_text("last_name\nA\nB\n")
    cli("person", "import", tmp_path / "people.csv")
    assert seen()[-3]["records"] == 2


def test_what_commits_nothing_and_undo_tell_nobody(cli, tmp_path) -> None:
    cli("company", "add", "Acme")
    configure(tmp_path, hooks__after_change=python(COPY))
    cli("company", "edit", 1, "--country", "NO", "--dry-run")
    cli("company", "edit", 1, "--name", "Acme")
    cli("company", "edit", 9, "--name", "X", code=3)
    cli("company", "list")
    cli("change", "undo", 1, "-y")
    cli("change", "undo", 2, "-y")
    assert seen() == []
    with open_crm(cli.path) as crm:
        crm.companies.edit(1, name="By the library")
    assert seen() == []


def test_the_library_can_be_told_too(crm) -> None:
    told: list[tuple[int, str]] = []
    crm.on_change = lambda change, command: told.append((change, command))
    crm.companies.add("Acme")
    crm.companies.edit(1, name="Acme")
    assert told == [(1, "company add")]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/nowhere/hook", ["cannot be run", "No such file"]),
        ("a 'b", ["cannot be run", "No closing quotation"]),
        (" ", ["cannot be run", "no command"]),
        (python("import sys; sys.exit('out of order')"), ["ended with code 1: out of order"]),
        (python("import sys; sys.exit(3)"), ["ended with code 3: "]),
        (python("import os; os.kill(os.getpid(), 9)"), ["ended with code -9"]),
    ],
)
def test_a_failing_hook_is_a_notice(cli, tmp_path, command: str, words: list[str]) -> None:
    configure(tmp_path, hooks__after_change=command)
    ran = cli("company", "add", "Acme", "-f", "json")
    assert ran.json["id"] == 1
    assert all(word in ran.err for word in words), ran.err
    assert len(ran.err.splitlines()) == 1
    assert cli("company", "edit", 1, "--name", "Acme 2", "-q").err == ""


def test_a_hook_that_hangs_is_stopped_with_its_children(cli, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("leadctl.cli.hooks.TIME_LIMIT", 1.0)
    child = "import time; open('child', 'w').write(str(__import__('os').getpid())); time.sleep(60)"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    configure(tmp_path, hooks__after_change=python(code))
    started = time.monotonic()
    ran = cli("company", "add", "Acme")
    assert time.monotonic() - started < 20
    assert "was stopped after 1 seconds" in ran.err
    pid = int(Path("child").read_text())
    for _ in range(100):
        if not _alive(pid):
            return
        time.sleep(0.05)
    raise AssertionError("the child of the hook lives on")


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_output_is_bounded() -> None:
    code = (
        "import sys\nfor _ in range(1600): sys.stdout.write('x' * 65536)\n"
        "sys.stdout.flush(); sys.exit(1)"
    )
    reason = hooks.run_command(python(code), [], 60)
    assert reason is not None
    assert len(reason.details["output"]) == hooks.MOST_OUTPUT
    assert len(reason.text()) < 400
    assert hooks.run_command(python(code.replace("exit(1)", "exit(0)")), [], 60) is None


def test_a_hook_that_closes_its_output_has_the_same_time() -> None:
    code = "import os, time; os.close(1); os.close(2); time.sleep(60)"
    reason = hooks.run_command(python(code), [], 0.5)
    assert reason is not None
    assert "stopped after 0.5 seconds" in reason.text()


def test_a_hook_need_not_read(cli, tmp_path) -> None:
    rows = [{"text": "x" * 1000}] * 5000
    assert hooks.run_command(python("pass"), rows, 20) is None


def test_no_shell_and_no_endless_loop(cli, tmp_path) -> None:
    """A hook that runs leadctl itself fires no further hooks."""
    words = [sys.executable, "-m", "leadctl", "--db", str(cli.path), "company", "add", "$HOME; x"]
    configure(tmp_path, hooks__after_change=shlex.join(words))
    cli("company", "add", "Acme")
    assert [row["name"] for row in cli.json("company", "list")] == ["Acme", "$HOME; x"]


def test_an_interrupt_in_a_hook_says_that_the_change_stands(cli, tmp_path) -> None:
    code = "import time; open('pid', 'w').write(str(__import__('os').getpid())); time.sleep(60)"
    configure(tmp_path, hooks__after_change=python(code))
    process = subprocess.Popen(
        [sys.executable, "-m", "leadctl", "--db", str(cli.path), "company", "add", "Acme"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path / "config")},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    for _ in range(400):
        if Path("pid").exists() and Path("pid").read_text():
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "interrupted after the change was made" in error
    assert cli.json("company", "list")[0]["name"] == "Acme"


def test_the_database_may_be_gone_when_the_hooks_are_told(cli, tmp_path, monkeypatch) -> None:
    from leadctl.core.changes import Changes
    from leadctl.errors import Busy

    def busy(*_: object) -> None:
        raise Busy("locked")

    monkeypatch.setattr(Changes, "lines", busy)
    configure(tmp_path, hooks__after_change=python(COPY))
    assert "the hooks were not run: locked" in cli("company", "add", "Acme").err


def distribution(cli) -> None:
    """Two users, a company with a person, a person without."""
    for user in ("u1", "u2"):
        cli("user", "add", user)
    cli("company", "add", "Acme")
    cli("person", "add", "--first-name", "Kari", "--last-name", "Berg", "--company", "Acme")
    cli("person", "add", "--last-name", "Dal")


def test_a_notification_per_assignment(cli, tmp_path) -> None:
    configure(tmp_path, notify__command=python(COPY), notify__file="out/lines.ndjson")
    out = tmp_path / "config" / "leadctl" / "out"
    out.mkdir(parents=True)
    distribution(cli)
    words = ("person", "distribute", "--all", "--to", "u1,u2")
    cli(*words, "--dry-run")
    assert seen() == []
    change = cli.json(*words)["change"]
    expected = [
        {"person_id": 2, "company_id": None, "owner": "u2", "name": "Dal", "change": change},
        {"person_id": None, "company_id": 1, "owner": "u1", "name": "Acme", "change": change},
    ]
    assert seen() == expected
    assert seen(out / "lines.ndjson") == expected
    # Nobody gets anything new: u1 and u2 have it already.
    cli(*words)
    cli(*words, "--overwrite")
    cli("change", "undo", change, "-y")
    cli("person", "edit", 2, "--owner", "u1")
    assert seen() == expected
    cli("person", "edit", 2, "--owner", "none")
    cli(*words)
    assert len(seen()) == len(seen(out / "lines.ndjson")) == 4


def test_a_notification_that_fails_is_a_notice(cli, tmp_path) -> None:
    configure(tmp_path, notify__command="/nowhere/notify", notify__file="none/lines.ndjson")
    distribution(cli)
    ran = cli("person", "distribute", "--all", "--to", "u1")
    assert "/nowhere/notify cannot be run" in ran.err
    assert "cannot be written: No such file" in ran.err
    assert ran.out.startswith("change ")


@pytest.mark.parametrize("key", ["hooks.after_change", "notify.command", "notify.file"])
def test_a_folder_brings_no_hooks(cli, tmp_path, key: str) -> None:
    """What stands in ./leadctl.yaml may come from anybody; --config names a file on purpose."""
    file = tmp_path / "leadctl.yaml"
    file.write_text(json.dumps({key: "touch seen"}), encoding="utf-8")
    error = cli.error("company", "add", "Acme", code=10)
    assert error["code"] == "config_invalid"
    assert f"{key} is only taken from your own configuration" in error["message"]
    assert not Path("seen").exists()
    settings = {row["key"]: row for row in cli.json("--config", file, "config", "list")}
    assert settings[key]["origin"] == str(file)
