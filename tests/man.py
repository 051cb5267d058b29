"""The man pages, made from the tree of commands: leadctl(1), and a page for each noun.

``python -m tests.man`` writes them into ``man/``, from where they go into the wheel.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from leadctl import __version__
from leadctl.cli import options
from leadctl.cli.helping import parts
from leadctl.cli.nouns import NOUNS, SINGLE, root
from leadctl.cli.topics import TOPICS
from leadctl.config import OPTIONS
from tests.console import ROOT

FOLDER = ROOT / "man"
SETS = {
    "Records": options.RECORDS,
    "Lists": options.LISTS,
    "Writing": options.WRITES,
    "Output": options.OUTPUT,
}
ABOUT = """\
Every noun has verbs: leadctl person list, leadctl opportunity close. Global options
stand before the noun or after the verb. Bulk verbs can be tried with --dry-run, guarded
with --expect and --max-changes, and taken back with leadctl change undo."""
FILES = {
    "./leads.db": "The database file when nothing names another.",
    "./leadctl.yaml": "Settings of the tool in this folder.",
    "~/.config/leadctl/config.yaml": "Settings of the tool of this user.",
}
VARIABLES = {option.environment: option.help for option in OPTIONS.values() if option.environment}
VARIABLES |= {
    "LEADCTL_CONFIG": "The configuration file; replaces the usual ones.",
    "LEADCTL_TODAY": "The logical today.",
    "NO_COLOR": "No colour.",
}


def pages() -> dict[str, str]:
    """Name of the file -> its content."""
    made = {"leadctl.1": _page("leadctl", _main())}
    for noun in NOUNS:
        made[f"leadctl-{noun}.1"] = _page(f"leadctl-{noun}", _noun(noun))
    return made


def verbs_of(noun: str) -> Iterator[tuple[str, Any]]:
    """The words of each verb of a noun, and its command."""
    group = root.get_command(None, noun)
    if noun in SINGLE:
        yield noun, group
        return
    for verb in group.list_commands(None):
        yield f"{noun} {verb}", group.get_command(None, verb)


def _page(name: str, body: list[str]) -> str:
    head = f'.TH {name.upper()} 1 "" "leadctl {__version__}" "leadctl"'
    return "\n".join(['.\\" Made by python -m tests.man', head, *body]) + "\n"


def _main() -> list[str]:
    context = root.make_context(
        "leadctl", [], resilient_parsing=True, help_option_names=["-h", "--help"]
    )
    lines = [".SH NAME", _text(f"leadctl - {_small(root.help)}")]
    lines += [".SH SYNOPSIS", ".B leadctl", _text("[GLOBAL OPTIONS] NOUN VERB [ARGS] [OPTIONS]")]
    lines += [".SH DESCRIPTION", _text(ABOUT)]
    lines += [".SH GLOBAL OPTIONS", *_options(context, root.get_params(context))]
    lines += [".SH NOUNS"]
    for noun, (_, help) in NOUNS.items():
        lines += [".TP", f".BR {_text(f'leadctl-{noun}')} (1)", _text(help)]
    lines += [".SH OPTIONS OF VERBS", _text("Verbs take the sets that their pages name.")]
    for title, shared in SETS.items():
        made = [options.shared_option(name, spec) for name, spec in shared.items()]
        lines += [f".SS {title}", *_options(context, made)]
    for title, topic in (("FILTERS", "filters"), ("JOBS", "cron"), ("EXIT STATUS", "exit-codes")):
        lines += [f".SH {title}", *_as_it_is(TOPICS[topic].text().splitlines())]
    lines += [".SH ENVIRONMENT", *_terms(VARIABLES), ".SH FILES", *_terms(FILES)]
    return lines


def _noun(noun: str) -> list[str]:
    words = ".B leadctl " + _text(noun if noun in SINGLE else f"{noun} VERB")
    lines = [".SH NAME", _text(f"leadctl-{noun} - {_small(NOUNS[noun][1])}")]
    lines += [".SH SYNOPSIS", words, "[ARGS] [OPTIONS]"]
    lines += [".SH DESCRIPTION" if noun in SINGLE else ".SH VERBS"]
    for verb, command in verbs_of(noun):
        context = command.make_context(verb, [], resilient_parsing=True)
        usage = " ".join(command.collect_usage_pieces(context))
        description, examples = parts(command.help)
        lines += [f'.SS "{_text(f"leadctl {verb} {usage}").replace(chr(34), "")}"']
        for number, paragraph in enumerate(description.split("\n\n")):
            lines += [".PP"] if number else []
            lines += [_text(paragraph)]
        own = [param for param in command.params if param.name not in command._shared]
        lines += _options(context, own)
        sets = [
            title for title, shared in SETS.items() if shared in (*command.sets, options.OUTPUT)
        ]
        lines += [".PP", _text(f"Shared options, see leadctl(1): {', '.join(sets).lower()}.")]
        lines += [".PP", "Examples:", *_as_it_is([f"  {example}" for example in examples])]
    return [*lines, ".SH SEE ALSO", ".BR leadctl (1)"]


def _options(context: Any, params: list[Any]) -> list[str]:
    records = [param.get_help_record(context) for param in params]
    return _terms({record[0]: record[1] for record in records if record is not None})


def _terms(terms: dict[str, str]) -> list[str]:
    lines = []
    for term, meaning in terms.items():
        lines += [".TP", f".B {_text(term)}", _text(meaning) or "\\&"]
    return lines


def _as_it_is(lines: list[str]) -> list[str]:
    return [".PP", ".nf", *(_text(line) or "\\&" for line in lines), ".fi"]


def _text(text: str) -> str:
    """Text in which nothing is a command of roff."""
    lines = text.replace("\\", "\\e").replace("-", "\\-").splitlines()
    return "\n".join(f"\\&{line}" if line[:1] in (".", "'") else line for line in lines)


def _small(sentence: str) -> str:
    return sentence.rstrip(".")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for old in set(FOLDER.glob("*.1")) - {FOLDER / name for name in pages()}:
        old.unlink()
    for name, content in pages().items():
        Path(FOLDER / name).write_text(content, encoding="utf-8")
