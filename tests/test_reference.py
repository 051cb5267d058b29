"""The reference in ``docs/`` is what the code says, whole, and can be built."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

from leadctl.model import Type
from leadctl.store.opportunity import STAGE_HISTORY
from tests.reference import tree
from tests.reference.meanings import always, described, meaning
from tests.reference.pages import DOCS, generated
from tests.reference.parts import SOURCES
from tests.reference.schemas import schemas

AGAIN = "python -m tests.reference writes it anew"
PAGES = generated()
PYTHON = re.compile(r"(?<=```python\n).*?(?=```)", re.DOTALL)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_what_the_code_says(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name], AGAIN


def test_no_page_is_left_of_what_is_gone() -> None:
    files = {*DOCS.glob("commands/*"), *DOCS.glob("schema/*")}
    assert {str(file.relative_to(DOCS)) for file in files} <= set(PAGES), AGAIN


def test_every_verb_has_a_place_and_a_schema() -> None:
    printing = set()
    for noun, verb, command in tree.verbs():
        assert f"## leadctl {noun} {verb}".rstrip() in PAGES[f"commands/{noun}.md"]
        assert bool(tree.printed(verb, command)) == bool(command.prints or verb in tree.FREE)
        printing |= {item.schema for item in tree.printed(verb, command)}
    assert printing <= set(schemas())
    assert len(printing) > 30


def test_nothing_is_described_that_is_no_field() -> None:
    fields = {(entity, name) for entity, source in SOURCES.items() for name in source.fields}
    fields |= {("entry", name) for name in STAGE_HISTORY.fields}
    found = {"find": ("entity", "id", "name")}
    fields |= {(entity, name) for entity, names in found.items() for name in names}
    assert described() <= fields


@pytest.mark.files
@pytest.mark.parametrize("entity", SOURCES)
def test_what_always_has_a_value_cannot_be_stored_without(crm, entity: str) -> None:
    source = SOURCES[entity]
    columns = crm.engine.query(f"PRAGMA table_info({source.table})")
    needed = {str(row[1]): bool(row[3] or row[5]) for row in columns}
    for name, field in source.fields.items():
        assert meaning(entity, name)
        column = field.sql.removeprefix("t.")
        if column in needed and field.type is not Type.JSON:
            assert always(entity, name) == needed[column], name


def test_the_example_of_the_library_runs(tmp_path: Path, capsys) -> None:
    (example,) = PYTHON.findall((DOCS / "library.md").read_text(encoding="utf-8"))
    exec(compile(example, "library.md", "exec"), {})
    assert capsys.readouterr().out.splitlines() == ["1", "Nordmann"]


def test_the_example_of_validation_runs(cli, tmp_path: Path) -> None:
    (example,) = PYTHON.findall((DOCS / "json.md").read_text(encoding="utf-8"))
    (tmp_path / "docs").symlink_to(DOCS)
    report = cli("company", "set-category", "--all", "lead", "-f", "json").out
    (tmp_path / "report.json").write_text(report, encoding="utf-8")
    exec(compile(example, "json.md", "exec"), {})
    (tmp_path / "report.json").write_text(report.replace("matched", "hit"), encoding="utf-8")
    with pytest.raises(Exception, match="'matched' is a required property"):
        exec(compile(example, "json.md", "exec"), {})


@pytest.mark.skipif(
    not all(map(importlib.util.find_spec, ("sphinx", "myst_parser", "furo"))),
    reason="Sphinx is not installed: pip install '.[docs]'",
)
def test_the_documentation_is_built_without_a_warning(tmp_path: Path) -> None:
    words = ["-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "-d", tmp_path / "cache"]
    ran = subprocess.run(
        [sys.executable, *words, DOCS, tmp_path / "html"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    library = (tmp_path / "html" / "library.html").read_text(encoding="utf-8")
    assert "leadctl.core.people.People.set_status" in library
