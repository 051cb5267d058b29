"""Help: every verb says what it does and shows two examples, and the examples work; topics; man."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from leadctl.cli.helping import parts
from leadctl.cli.nouns import NOUNS
from leadctl.cli.topics import CRON_COMMANDS, TOPICS
from leadctl.errors import LeadctlError
from leadctl.rules.criteria import OPERATORS
from leadctl.store import company, opportunity, person
from tests import sample
from tests.man import FOLDER, pages, verbs_of


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        patch.setenv("LEADCTL_USER", "anna")
        patch.setenv("LEADCTL_TODAY", sample.TODAY)
        for name in ("DB", "CONFIG", "LANG", "FORMAT", "LOCK_WAIT"):
            patch.delenv(f"LEADCTL_{name}", raising=False)
        sample.build(folder)
    return folder


@pytest.mark.parametrize("noun", NOUNS)
def test_the_examples_of_every_verb_work(
    noun: str, prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEADCTL_USER", "anna")
    monkeypatch.setenv("LEADCTL_TODAY", sample.TODAY)
    # demo without a path makes a folder of its own.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    failed = []
    for words, command in verbs_of(noun):
        description, examples = parts(command.help)
        assert description, words
        assert len(examples) == 2, f"two lines that begin with leadctl {words} in its docstring"
        for number, example in enumerate(examples):
            assert f"leadctl {words}" in example.replace("leadctl --db sales.db ", "leadctl ")
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


def test_help_lists_the_topics(cli) -> None:
    shown = cli("help").out
    assert shown == cli("--help").out
    assert "\nTopics (leadctl help TOPIC):\n" in shown
    for name, topic in TOPICS.items():
        assert f"  {name}" in shown
        assert topic.summary in shown


def test_help_of_nouns_and_verbs_is_that_of_the_option(cli) -> None:
    for words in (("person",), ("person", "list"), ("batch",), ("help",)):
        assert cli("help", *words).out == cli(*words, "--help").out


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (("help", "exit-cods"), "exit-codes"),
        (("help", "persn"), "person"),
        (("help", "person", "lst"), "list"),
        (("persn",), "person"),
        (("person", "list", "--wher", "x"), "--where"),
        (("person", "list", "-f", "jsno"), "json"),
        (("--lang", "nln", "person", "list"), "nl"),
        (("person", "set-status", "1", "qualifed"), "qualified"),
        (("cycle", "add", "X", "--method", "multply"), "multiply"),
        (("opportunity", "edit", "1", "--priority", "hihg"), "high"),
        (("setting", "get", "currncy"), "currency"),
        (("setting", "set", "lead_status.reentry", "rest"), "reset"),
        (("category", "add", "X", "--group", "custmer"), "customer"),
        (("automation", "set", "opportunity_wn", "--category", "lead"), "opportunity_won"),
        (("board", "show", "--by", "lead_staus"), "lead_status"),
        (("board", "show", "--entity", "prson"), "person"),
        (("find", "x", "--entity", "compny"), "company"),
        (("form", "add", "X", "--mode", "manul"), "manual"),
        (("company", "import", "x.csv", "--on-match", "updte"), "update"),
        (("company", "delete", "1", "--people", "kep", "-y"), "keep"),
        (("person", "edit", "1", "--replace", "titel", "a", "b"), "title"),
        (("selection", "create", "X", "--entity", "persn", "--where", "id = 1"), "person"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_what_was_meant(cli, words: tuple[str, ...], near: str) -> None:
    ran = cli(*words, code=None)
    assert ran.code in (2, 3)
    (hint,) = [line for line in ran.err.splitlines() if line.startswith("Hint: did you mean ")]
    assert hint.removeprefix("Hint: did you mean ").partition("?")[0].split(", ")[0] == near


def test_an_option_that_is_like_none_is_not_guessed(cli) -> None:
    ran = cli("person", "list", "--xyzzy", code=2)
    assert ran.err.splitlines()[1] == "Hint: leadctl person list --help shows how it is used"


def test_the_topic_of_exit_codes_has_every_error(cli) -> None:
    shown = cli("help", "exit-codes").out
    codes = {line.split()[0] for line in shown.splitlines() if line[:5].strip().isdecimal()}
    kinds = (LeadctlError, *LeadctlError.__subclasses__())
    assert codes == {"0", *(str(kind.exit_code) for kind in kinds)}
    for kind in kinds:
        assert f"[{kind.default_code}]" in shown
    assert "``" not in shown


def test_the_topic_of_filters_has_every_field_and_operator(cli) -> None:
    shown = cli("help", "filters").out
    for source in (company.SOURCE, person.SOURCE, opportunity.SOURCE):
        for field in source.fields:
            assert f" {field}" in shown, field
    for type in OPERATORS:
        assert type.value in shown
    cli("user", "add", "Anna")
    examples = [line.strip() for line in shown.splitlines() if line.startswith("  leadctl ")]
    assert len(examples) == 4
    for example in examples:
        code, said = sample.run(example.replace("leadctl", f"leadctl --db {cli.path} --as anna"))
        assert code == 0, said


def test_the_commands_of_the_topic_of_cron_work(
    cli, prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = cli("help", "cron").out
    monkeypatch.setenv("LEADCTL_TODAY", sample.TODAY)
    shutil.copytree(prepared, tmp_path / "cron")
    monkeypatch.chdir(tmp_path / "cron")
    for command in CRON_COMMANDS:
        assert command in shown
        assert sample.run(command) == (0, "")


def test_help_needs_no_valid_configuration(cli, tmp_path: Path) -> None:
    (tmp_path / "leadctl.yaml").write_text("nonsense: 1\n", encoding="utf-8")
    assert "Exit" in cli("help", "cron").out
    assert cli("completion", "bash").out
    cli("person", "list", code=10)


def test_the_man_pages_are_up_to_date() -> None:
    stored = {file.name: file.read_text(encoding="utf-8") for file in FOLDER.glob("*.1")}
    assert stored == pages(), "python -m tests.man makes them anew"


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_the_man_pages_are_well_formed() -> None:
    files = sorted(FOLDER.glob("*.1"))
    assert len(files) == len(NOUNS) + 1
    ran = subprocess.run(
        ["groff", "-man", "-Tutf8", "-Kutf8", "-ww", "-z", *map(str, files)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stderr == ""
