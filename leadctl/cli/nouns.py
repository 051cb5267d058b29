"""The tree of commands. A noun's module is imported when the noun is called, its verbs are built
when they are called; the root's help and "did you mean" come from the table here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command_from_info

from leadctl import __version__
from leadctl.cli.options import GLOBALS, shared_option
from leadctl.errors import UsageError

# Noun or single verb -> module, help.
NOUNS: dict[str, tuple[str, str]] = {
    "init": ("files", "Make a new file."),
    "demo": ("files", "Make a sample file and show the main job on it."),
    "find": ("find", "Find companies, people and opportunities by a few words."),
    "company": ("company", "Companies."),
    "person": ("person", "People and their lead status."),
    "opportunity": ("opportunity", "Opportunities and their moves along a sales cycle."),
    "quote": ("quote", "Quotes of opportunities."),
    "order": ("order", "Orders made of quotes."),
    "closed": ("closed", "Closed opportunities, to be listed and deleted in bulk."),
    "selection": ("selection", "Selections of people, companies or opportunities."),
    "form": ("setup.form", "Web forms and what they give to whom they add."),
    "capture": ("capture", "What was submitted by forms."),
    "board": ("board", "Records in columns, and moving them from one to another."),
    "dashboard": ("dashboard", "Leads and pipeline at a glance."),
    "report": ("report", "Figures: funnel, sources, pipeline, forecast, won and lost, days."),
    "category": ("setup.category", "The list of company categories."),
    "lead-status": ("setup.lead_status", "The list of lead statuses."),
    "cycle": ("setup.cycle", "The list of sales cycles."),
    "stage": ("setup.stage", "The stages of a sales cycle."),
    "close-code": ("setup.close_code", "The list of reasons for closing."),
    "automation": ("automation", "Rules that move companies from category to category."),
    "user": ("setup.user", "The list of users."),
    "setting": ("setup.setting", "Settings of the data, in the file."),
    "config": ("setup.config", "Settings of the tool."),
    "change": ("change", "What was done, and undo."),
    "batch": ("batch", "Run many commands as one change."),
    "setup": ("setup.file", "Lists, rules and settings as one YAML file."),
    "db": ("db", "The file as a whole."),
    "completion": ("completion", "Completion for bash, zsh and fish."),
    "help": ("help", "Help on topics, nouns and verbs."),
}
SINGLE = ("init", "demo", "find", "batch", "completion", "help")


def unknown(word: str, known: Iterable[str], kind: str) -> UsageError:
    """What to raise for a word that is no ``kind``: noun, verb or topic."""
    names = list(known)
    near = get_close_matches(word.lower(), names, 3, 0.5)
    return UsageError(
        f"there is no {kind} {{word}}",
        hint="did you mean {near}?" if near else f"the {kind}s are: {{known}}",
        word=word,
        near=near,
        known=names,
    )


class LazyGroup(TyperGroup):
    """A group whose commands are built on demand and which shows its help when it stands alone."""

    kind = "verb"

    def __init__(self, name: str, help: str, module: str = "") -> None:
        super().__init__(name=name, help=help, rich_markup_mode=None)
        self._infos: dict[str, Any] = {}
        if module:
            app: typer.Typer = import_module(f"leadctl.cli.{module}").app
            self._infos = {str(info.name): info for info in app.registered_commands}

    def list_commands(self, ctx: Any) -> list[str]:
        """The verbs in the order of their module."""
        return list(self._infos)

    def summaries(self) -> Iterator[tuple[str, str]]:
        """The verbs and what they do in short, without building them."""
        for name, info in self._infos.items():
            first = (info.callback.__doc__ or "").strip().partition("\n\n")[0]
            yield name, " ".join(first.split())

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Build one verb."""
        info = self._infos.get(cmd_name)
        if info is None:
            return None
        return get_command_from_info(info, pretty_exceptions_short=False, rich_markup_mode=None)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The verbs with what they do, in full."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.summaries()))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Alone, a group shows what it has."""
        if not args and not ctx.resilient_parsing:
            typer.echo(ctx.get_help())
            ctx.exit()
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the verb, or say which one was meant."""
        command = self.get_command(ctx, args[0])
        if command is None:
            raise unknown(args[0], self.list_commands(ctx), self.kind)
        return args[0], command, args[1:]


class Root(LazyGroup):
    """``leadctl`` itself."""

    kind = "noun"

    def __init__(self) -> None:
        super().__init__("leadctl", "Leads and sales opportunities in one SQLite file.")
        self.params += [shared_option(name, spec) for name, spec in GLOBALS.items()]
        version = {"decls": ["--version"], "is_flag": True, "help": "Show the version."}
        self.params.append(shared_option("version", version))

    def list_commands(self, ctx: Any) -> list[str]:
        """All nouns."""
        return list(NOUNS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import a noun."""
        if cmd_name not in NOUNS:
            return None
        module, help = NOUNS[cmd_name]
        group = LazyGroup(cmd_name, help, module)
        return group.get_command(ctx, cmd_name) if cmd_name in SINGLE else group

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The nouns from the table: no module is imported for the help."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help) for name, (_, help) in NOUNS.items()])
        from leadctl.cli.topics import TOPICS

        with formatter.section("Topics (leadctl help TOPIC)"):
            formatter.write_dl([(name, topic.summary) for name, topic in TOPICS.items()])

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """``--version`` needs no noun."""
        rest = super().parse_args(ctx, args)
        if ctx.params["version"] and not ctx.resilient_parsing:
            typer.echo(f"leadctl {__version__}")
            ctx.exit()
        return rest


root = Root()
