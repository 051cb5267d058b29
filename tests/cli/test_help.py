"""Help: every verb says what it does and shows two examples, and the examples work."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from leadctl.cli.helping import parts
from leadctl.cli.nouns import NOUNS, SINGLE, root
from tests import sample

# Makes a file of its own, slowly; tests/test_examples.py runs it.
RUN_ELSEWHERE = {"demo"}


def verbs_of(noun: str) -> Iterator[tuple[str, Any]]:
    """The words of each verb of a noun, and its command."""
    group = root.get_command(None, noun)
    if noun in SINGLE:
        yield noun, group
        return
    for verb in group.list_commands(None):
        yield f"{noun} {verb}", group.get_command(None, verb)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        patch.setenv("LEADCTL_USER", "anna")
        patch.setenv("LEADCTL_TODAY", sample.TODAY)
        patch.delenv("LEADCTL_DB", raising=False)
        sample.build(folder)
    return folder


@pytest.mark.parametrize("noun", NOUNS)
def test_the_examples_of_every_verb_work(
    noun: str, prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADCTL_USER", "anna")
    monkeypatch.setenv("LEADCTL_TODAY", sample.TODAY)
    failed = []
    for words, command in verbs_of(noun):
        description, examples = parts(command.help)
        assert description, words
        assert len(examples) == 2, f"two lines that begin with leadctl {words} in its docstring"
        for number, example in enumerate(examples):
            assert f"leadctl {words}" in example.replace("leadctl --db sales.db ", "leadctl ")
            if words in RUN_ELSEWHERE:
                continue
            folder = tmp_path / f"{words.replace(' ', '-')}-{number}"
            shutil.copytree(prepared, folder)
            monkeypatch.chdir(folder)
            code, said = sample.run(example)
            if code:
                failed.append((example, code, said))
    assert failed == []


@pytest.mark.parametrize("noun", NOUNS)
def test_help_begins_with_what_a_verb_does_and_its_examples(cli, noun: str) -> None:
    for words, command in verbs_of(noun):
        shown = cli(*words.split(), "-h").out
        description, examples = parts(command.help)
        assert shown.startswith(description[:30]), words
        first, second = examples
        assert f"Examples:\n  {first}\n  {second}\n\nUsage: leadctl {words} " in shown
