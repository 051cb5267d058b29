"""The shape of the code: layers, file sizes, what a command imports."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import leadctl

ROOT = Path(leadctl.__file__).parent.parent
LONGEST_FILE = 400
# Slow to import, and of no use to a command that prints one report.
FOREIGN_TO_HOT_COMMANDS = {
    "sqlite_utils",
    "psycopg",
    "rich",
    "pydantic",
    "yaml",
    "tabulate",
    "hypothesis",
    "asyncio",
    "http",
    "email",
    "multiprocessing",
    "leadctl.core.imports",
    "leadctl.core.undo",
    "leadctl.core.replacing",
    "leadctl.cli.lists",
    "leadctl.labels.da",
}


def test_layers_hold() -> None:
    from importlinter.cli import lint_imports

    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_rules_read_no_clock() -> None:
    # They may calculate with dates, but today is an argument.
    for file in ROOT.glob("leadctl/rules/*.py"):
        assert not re.search(r"\.(today|now|utcnow)\(", file.read_text(encoding="utf-8")), file


def test_no_file_is_longer_than_400_lines() -> None:
    files = [*ROOT.glob("leadctl/**/*.py"), *ROOT.glob("tests/**/*.py")]
    long = {
        str(file.relative_to(ROOT)): lines
        for file in files
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert len(files) > 50
    assert long == {}


def modules_of(path: Path, *words: str) -> set[str]:
    """The modules that a command has imported when it ends."""
    script = (
        "import sys; from leadctl.cli.main import main; main(sys.argv[1:]);"
        "print('\\n'.join(sorted(sys.modules)), file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, "--db", str(path), *words],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ran.stderr.splitlines())


@pytest.mark.files
def test_a_one_record_command_imports_nothing_that_it_does_not_need(cli) -> None:
    cli("company", "add", "Acme", "--category", "lead")
    cli("person", "add", "--last-name", "Berg", "--company", "Acme")
    modules = modules_of(cli.path, "person", "set-status", "1", "qualified")
    assert "leadctl.core.people" in modules
    assert modules & FOREIGN_TO_HOT_COMMANDS == set()


@pytest.mark.files
def test_a_move_imports_nothing_that_it_does_not_need(cli) -> None:
    cli("company", "add", "Acme")
    cli("opportunity", "add", "Deal", "--company", "Acme", "--start", "--value", 5)
    modules = modules_of(cli.path, "opportunity", "next", "1")
    assert "leadctl.core.moves" in modules
    assert modules & (FOREIGN_TO_HOT_COMMANDS | {"leadctl.core.automation"}) == set()
    assert modules & {"leadctl.core.quotes", "leadctl.core.cycles", "dateutil"} == set()


def test_help_imports_no_noun_and_no_database(cli) -> None:
    modules = modules_of(cli.path, "--help")
    assert "leadctl.cli.nouns" in modules
    assert modules & (FOREIGN_TO_HOT_COMMANDS | {"sqlite3", "leadctl.core.crm"}) == set()
    assert not any(name.startswith("leadctl.cli.person") for name in modules)


def test_public_names_are_pinned() -> None:
    assert leadctl.__all__ == [
        "Choice",
        "Crm",
        "ImportFile",
        "LeadctlError",
        "Replacement",
        "Report",
        "WriteOptions",
        "init",
        "open_crm",
    ]
    assert all(getattr(leadctl, name) is not None for name in leadctl.__all__)
