"""Completion: what is offered, by the shells themselves too, and that it leaves no trace."""

from __future__ import annotations

import os
import select
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from leadctl.cli.main import main
from leadctl.cli.nouns import NOUNS, root
from leadctl.cli.values import kind_of
from leadctl.store.peek import QUERIES, names
from tests.man import verbs_of

# Of a server nothing is read: tests/cli/test_server_address.py.
pytestmark = pytest.mark.files
# What nobody but the user knows: names, numbers, texts, dates.
FREE = (
    *("C", "CC", "CHARACTER", "D", "DATE", "DESCRIPTION", "E", "F", "G", "K", "K=V", "KEY", "L"),
    *("ID", "[ID]...", "ID|NAME", "ID|NAME|none", "OPPORTUNITY", "ORDER", "QUOTE", "SOURCE"),
    *("N", "NAME", "NEW_NAME", "[NEW_NAME]", "NUMBER", "N|MIN..MAX", "P", "SECONDS", "T", "TARGET"),
    *("TEXT", "TEXT...", "'TEXT;QUANTITY;PRICE'", "V", "VALUE", "W", "24m"),
)
TYPED = [
    ("leadctl pers", ["person"]),
    ("leadctl hel", ["help"]),
    ("leadctl person set-", ["set-status"]),
    ("leadctl person list --so", ["--sort"]),
    ("leadctl person list --sort -upd", ["-updated_at"]),
    ("leadctl person list --fields id,upd", ["id,updated_at"]),
    ("leadctl person list --fields id,id", []),
    ("leadctl person list --group-by cou", ["country"]),
    ("leadctl person list -f nd", ["ndjson"]),
    ("leadctl --lang d", ["da", "de"]),
    ("leadctl person set-status 7 q", ["qualified"]),
    ("leadctl person set-status --to con", ["contacting"]),
    ("leadctl person edit 7 --category lea", ["lead"]),
    ("leadctl person edit 7 --owner=a", ["anna"]),
    ("leadctl --as a", ["anna"]),
    ("leadctl person distribute --to anna,", ["anna,ben"]),
    ("leadctl person distribute --group n", ["north"]),
    ("leadctl person edit 1 --replace tit", ["title"]),
    ("leadctl person show 1 --with peo", ["people"]),
    ("leadctl person list --selection H", [r"Hot\ leads"]),
    ('leadctl person list --selection "H', ["Hot leads"]),
    ("leadctl person list --selection 'H", ["Hot leads"]),
    ('leadctl person list --where "lead_status = con', ["lead_status = contacting"]),
    (
        'leadctl person list --where "retired = true and not upd',
        ["retired = true and not updated_at"],
    ),
    ('leadctl person list --where "lead_status in (open, q', ["lead_status in (open, qualified"]),
    ('leadctl person list --where "name = x', []),
    ("leadctl selection show H", [r"Hot\ leads"]),
    ("leadctl selection create H", []),
    ("leadctl capture submit C", [r"Contact\ us"]),
    ("leadctl opportunity close 7 --code lost_p", ["lost_price"]),
    ("leadctl opportunity add x --cycle st", ["standard"]),
    ("leadctl opportunity jump 7 --to 1", ["10"]),
    ("leadctl board move 7 con", ["contacting"]),
    ("leadctl board move 7 --by owner a", ["anna"]),
    ("leadctl board move 7 --entity opportunity --by status w", ["won"]),
    ("leadctl board move 7 --by nothing x", []),
    ("leadctl board show --by ca", ["category"]),
    ("leadctl report funnel --by status_s", ["status_since"]),
    ("leadctl category restore d", ["dormant"]),
    ("leadctl category show d", []),
    ("leadctl category add x --group pa", ["partner"]),
    ("leadctl automation set opportunity_w", ["opportunity_won"]),
    ("leadctl setting get cu", ["currency"]),
    ("leadctl change undo l", ["last"]),
    ("leadctl completion f", ["fish"]),
    ("leadctl db check --rule fig", ["figures"]),
    ("leadctl help f", ["filters", "find", "form"]),
    ("leadctl help person dis", ["distribute"]),
    ("leadctl help batch x", []),
    ("leadctl company add a:b", []),
    ("leadctl nonsense x", []),
]


@pytest.fixture
def typed(cli, monkeypatch: pytest.MonkeyPatch):
    """What is offered for a line of bash up to the cursor: the kind, and the words."""
    for words in (
        ("user", "add", "Anna", "--group", "north"),
        ("user", "add", "Ben"),
        ("selection", "create", "Hot leads", "--where", "lead_status = qualified"),
        ("form", "add", "Contact us"),
        ("category", "add", "Dormant"),
        ("category", "delete", "dormant"),
    ):
        cli(*words)
    monkeypatch.setenv("LEADCTL_DB", str(cli.path))
    monkeypatch.setenv("_LEADCTL_COMPLETE", "bash")

    def run(line: str) -> tuple[str, list[str]]:
        cli._capture.readouterr()
        assert main([line]) == 0
        out, err = cli._capture.readouterr()
        assert err == ""
        kind, *words = out.splitlines()
        return kind, words

    return run


def test_what_is_offered(typed) -> None:
    for line, expected in TYPED:
        kind, words = typed(line)
        assert kind == "words", line
        assert words == expected, line


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
@pytest.mark.parametrize("quote", ["", '"', "'"])
def test_nothing_that_stands_in_the_file_is_run_by_bash(cli, typed, quote: str) -> None:
    odd = ("Za $(x) `y` \\z!", "Zb 'q' \"r\" $HOME * ~", "Zc; x & y | (z) < > # [a]")
    with cli.engine() as engine:
        for name in (*odd, "Zd\nnew line"):
            engine.execute(
                "INSERT INTO selection (key, name, name_key, entity, kind, created_at, expressions)"
                " SELECT :name, :name, :name, entity, kind, created_at, expressions FROM selection WHERE id = 1",
                name=name,
            )
    words = typed(f"leadctl person list --selection {quote}Z")[1]
    assert len(words) == len(odd)
    for word, name in zip(words, odd, strict=True):
        script = f"printf %s {quote}{word}{quote}"
        ran = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
        assert (ran.stdout, ran.stderr) == (name, "")


def test_nothing_else_is_printed(typed) -> None:
    assert typed("leadctl --version pers") == ("words", ["person"])
    assert typed("leadctl person --help li") == ("words", ["list"])
    assert typed("leadctl opportunity close --won --lost --code won") == ("words", [])


def test_all_nouns_and_verbs_are_offered(typed) -> None:
    assert typed("leadctl ")[1] == list(NOUNS)
    for noun in NOUNS:
        words = [verb.partition(" ")[2] for verb, _ in verbs_of(noun)]
        if words != [""]:
            assert typed(f"leadctl {noun} ")[1] == words


@pytest.mark.parametrize(
    "line", ["person import ", "batch x", "setup apply ", "--db ", "person list --ids-from "]
)
def test_paths_are_left_to_the_shell(typed, line: str) -> None:
    assert typed(f"leadctl {line}") == ("files", [])


def test_every_option_and_argument_is_offered_values_or_is_free() -> None:
    undecided = []
    for noun in NOUNS:
        for words, command in verbs_of(noun):
            parent = root.make_context("leadctl", [], resilient_parsing=True)
            for name in words.split()[:-1]:
                group = root.get_command(parent, name)
                parent = group.make_context(name, [], parent=parent, resilient_parsing=True)
            verb = words.split()[-1]
            context = command.make_context(verb, [], parent=parent, resilient_parsing=True)
            undecided += [
                f"{words}: {param.name} {param.metavar}"
                for param in command.params
                if not getattr(param, "is_flag", False)
                and not kind_of(context, param)
                and str(param.metavar) not in FREE
            ]
    assert undecided == []


def test_zsh_and_fish_get_words_with_meanings(typed, capsys, monkeypatch) -> None:
    monkeypatch.setenv("_LEADCTL_COMPLETE", "zsh")
    assert main(["person", "edit", "1", "--owner=a"]) == 0
    assert capsys.readouterr().out == "words\n--owner=anna\tAnna\n"
    monkeypatch.setenv("_LEADCTL_COMPLETE", "fish")
    assert main(["person", "set-"]) == 0
    assert capsys.readouterr().out.startswith("words\nset-status\tSet the lead status of people")


def _traces(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


@pytest.mark.parametrize("content", [None, b"", b"no database", b"SQLite format 3\0" + b"x" * 200])
def test_a_file_that_cannot_be_used_offers_nothing_and_stays_as_it_is(
    content: bytes | None, tmp_path: Path, monkeypatch, capsys
) -> None:
    if content is not None:
        (tmp_path / "leads.db").write_bytes(content)
    before = _traces(tmp_path)
    monkeypatch.setenv("_LEADCTL_COMPLETE", "bash")
    assert main(["leadctl person edit 1 --owner "]) == 0
    assert capsys.readouterr() == ("words\n", "")
    assert _traces(tmp_path) == before


def test_a_file_of_another_schema_or_program_offers_what_it_has(cli) -> None:
    with sqlite3.connect(cli.path) as connection:
        connection.execute("DROP TABLE selection")
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    before = _traces(cli.path.parent)
    assert names(cli.path, "selection") == []
    assert names(cli.path, "lead_status")[0] == ("open", "Open")
    assert _traces(cli.path.parent) == before
    with sqlite3.connect(cli.path) as connection:
        connection.execute("PRAGMA application_id = 1")
    connection.close()
    assert names(cli.path, "lead_status") == []


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert names(tmp_path / "pipe", "user") == []


def test_lists_are_read_while_somebody_writes(cli) -> None:
    with sqlite3.connect(cli.path, isolation_level=None) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE lead_status SET name = 'x' WHERE key = 'open'")
        before = sorted(_traces(cli.path.parent))
        assert names(cli.path, "lead_status")[0] == ("open", "Open")
        assert sorted(_traces(cli.path.parent)) == before
        connection.execute("ROLLBACK")
    connection.close()


def test_every_query_fits_the_schema(cli) -> None:
    with sqlite3.connect(cli.path) as connection:
        for query in QUERIES.values():
            assert len(connection.execute(query).description) == 2
    connection.close()


def test_completing_imports_nothing_slow(cli) -> None:
    script = (
        "import sys; from leadctl.cli.main import main; main(sys.argv[1:]);"
        "print('\\n'.join(sorted(sys.modules)), file=sys.stderr)"
    )
    environment = {**os.environ, "_LEADCTL_COMPLETE": "bash", "LEADCTL_DB": str(cli.path)}
    ran = subprocess.run(
        [sys.executable, "-c", script, "leadctl person set-status 7 q"],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    assert ran.stdout == "words\nqualified\n"
    slow = {"rich", "yaml", "tabulate", "sqlite_utils", "leadctl.core.crm", "leadctl.cli.call"}
    assert set(ran.stderr.splitlines()) & slow == set()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_scripts_are_printed(cli, shell: str) -> None:
    assert "_LEADCTL_COMPLETE" in cli("completion", shell).out
    error = cli.error("completion", f"{shell}x", code=2)
    assert error["details"]["near"] == shell


def _surroundings_of_a_shell(cli, shell: str) -> dict[str, str]:
    """Variables for a shell that finds ``leadctl``; skips where it is not installed."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    folder = cli.path.parent / "bin"
    folder.mkdir()
    program = folder / "leadctl"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m leadctl "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "HOME": str(folder),
        "TERM": "dumb",
        "PS1": "",
        "LC_ALL": "C.UTF-8",
        "LEADCTL_DB": str(cli.path),
    }


def _press(command: list[str], variables: dict[str, str], lines: list[tuple[str, str]]) -> None:
    """Type lines into a shell on a terminal, waiting for what each must show."""
    ours, theirs = os.openpty()
    shell = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=variables, start_new_session=True
    )
    os.close(theirs)
    try:
        for line, expected in lines:
            os.write(ours, line.encode())
            shown, end = "", time.monotonic() + 30
            while expected not in shown:
                ready, _, _ = select.select([ours], [], [], max(0, end - time.monotonic()))
                assert ready, (line, shown)
                shown += os.read(ours, 4096).decode(errors="replace")
    finally:
        shell.kill()
        shell.wait()
        os.close(ours)


PRESSED: list[tuple[str, Any]] = [
    ("leadctl pers\tset-st\t1 cont\t; echo code-$?\n", "code-0"),
    ("leadctl person list --selection H\t --count; echo code-$?\n", "code-0"),
    ('leadctl person list --selection "H\t --count; echo code-$?\n', "code-0"),
    ("leadctl person edit 2 --owner=ann\t; echo code-$?\n", "code-0"),
    ("leadctl person import peo\t; echo code-$?\n", "code-0"),
]


@pytest.mark.parametrize(
    ("shell", "start"),
    [
        (["bash", "--norc", "-i"], 'eval "$(leadctl completion bash)"'),
        (
            ["zsh", "-f", "-i"],
            'autoload -Uz compinit; compinit -u -D; eval "$(leadctl completion zsh)"',
        ),
    ],
    ids=["bash", "zsh"],
)
def test_a_shell_completes(cli, shell: list[str], start: str) -> None:
    variables = _surroundings_of_a_shell(cli, shell[0])
    cli("company", "add", "Acme", "--category", "lead")
    cli("person", "add", "--last-name", "A", "--company", "Acme")
    cli("person", "add", "--last-name", "B")
    cli("user", "add", "Anna")
    cli("selection", "create", "Hot leads", "--where", "lead_status = contacting")
    Path("people.csv").write_text("last_name\nC\n", encoding="utf-8")
    _press(shell, variables, [(f"{start}; echo ready-$?\n", "ready-0"), *PRESSED])
    assert cli.json("person", "show", 1)["lead_status"] == "contacting"
    assert cli.json("person", "show", 2)["owner"] == "anna"
    assert cli.json("person", "show", 3)["last_name"] == "C"


def test_fish_completes(cli) -> None:
    variables = _surroundings_of_a_shell(cli, "fish")
    cli("selection", "create", "Hot leads", "--where", "lead_status = contacting")
    Path("people.csv").write_text("last_name\nC\n", encoding="utf-8")
    lines = ("leadctl pers", "leadctl person set-status 7 cont", "leadctl person import peo")
    lines += ('leadctl person list --selection "H', "leadctl person list --selection=H")
    asked = "; ".join(f"complete -C '{line}'" for line in lines)
    ran = subprocess.run(
        ["fish", "--no-config", "-c", f"leadctl completion fish | source; {asked}"],
        capture_output=True,
        text=True,
        check=True,
        env=variables,
    )
    assert [line.partition("\t")[0] for line in ran.stdout.splitlines()] == [
        "person",
        "contacting",
        "people.csv",
        "Hot leads",
        "--selection=Hot leads",
    ]
