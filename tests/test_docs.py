"""Documentation cannot rot: its commands are run, its tables compared with the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from leadctl import config, errors
from leadctl.cli.nouns import NOUNS, SINGLE
from tests.console import ROOT, run_file

README = ROOT / "README.md"
TRANSCRIPTS = [README, ROOT / "docs" / "filters.md", *sorted((ROOT / "examples").glob("*.md"))]


@pytest.mark.parametrize("file", TRANSCRIPTS, ids=lambda file: file.stem)
def test_transcripts_show_real_output(file: Path, tmp_path: Path) -> None:
    assert run_file(file, tmp_path) == file.read_text(encoding="utf-8")


def test_the_example_configuration_is_generated() -> None:
    assert (ROOT / "config.example.yaml").read_text(encoding="utf-8") == config.example()


def test_the_example_configuration_is_valid_with_every_line_switched_on(tmp_path: Path) -> None:
    lines = config.example().splitlines()
    switched_on = [re.sub(r"^# (\w[\w.]*: )", r"\1", line) for line in lines]
    file = tmp_path / "all.yaml"
    file.write_text("\n".join(switched_on), encoding="utf-8")
    settings = config.load({}, str(file))
    assert {key for key, setting in settings.items() if setting.origin == str(file)} == {
        *config.OPTIONS,
        *config.DATA_OPTIONS,
    }
    defaults = {**config.OPTIONS, **config.DATA_OPTIONS}
    for key, setting in settings.items():
        expected = defaults[key].default
        assert setting.value == (str(tmp_path / expected) if key == "db" else expected)


def test_the_readme_lists_every_exit_code() -> None:
    classes = [errors.LeadctlError, *errors.LeadctlError.__subclasses__()]
    codes = {str(kind.exit_code) for kind in classes} | {"0", "8"}
    rows = re.findall(r"^\| (\d+) \|", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(rows) == codes
    for kind in classes:
        assert str(kind.exit_code) in (errors.__doc__ or "")
        assert kind.__name__ in (errors.__doc__ or "")


def test_every_promise_names_tests_that_are_there() -> None:
    text = README.read_text(encoding="utf-8")
    promises = text.partition("## Promises")[2].partition("\n## ")[0].split("\n* ")[1:]
    assert len(promises) > 9
    for promise in promises:
        named = re.findall(r"`(tests/[^`]+\.py)`", promise)
        assert named, promise
        assert all((ROOT / name).is_file() for name in named), promise


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_has_help(cli, noun: str) -> None:
    ran = cli(noun, "--help")
    assert ran.out.startswith("Usage: leadctl") or noun in SINGLE
    commands = ran.out.partition("Commands:")[2]
    for verb in re.findall(r"^  ([a-z][a-z-]+) ", commands, re.MULTILINE):
        shown = cli(noun, verb, "-h").out
        assert f"\nUsage: leadctl {noun} {verb}" in shown
        assert "--format" in shown


def test_the_changelog_has_the_version() -> None:
    import leadctl

    assert f"## {leadctl.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
