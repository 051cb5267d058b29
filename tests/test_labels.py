"""Every text that the code can show has a translation in every language.

The English templates are collected from the syntax trees of the package. After a change of the
code, ``python -m tests.test_labels`` prints what is missing per language, and where it is used.
"""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, NamedTuple

import pytest

import leadctl
from leadctl import errors, labels, store
from leadctl.cli import columns, demo, fields, parsing
from leadctl.labels import en, language
from leadctl.model import Group, Report, Result
from leadctl.store.invariants import ON_SERVER
from leadctl.store.tables import Source

PACKAGE = Path(leadctl.__file__).parent
TRANSLATIONS = tuple(code for code in labels.LANGUAGES if code != "en")
# A parameter, keyword or field of one of these names takes a template.
TEMPLATE_NAMES = ("template", "hint")
# Texts that the code puts together: file and expression -> what comes out.
COMPUTED: dict[tuple[str, str], tuple[str, ...]] = {
    ("cli/nouns.py", "f'there is no {kind} {{word}}'"): (
        "there is no noun {word}",
        "there is no verb {word}",
        "there is no topic {word}",
    ),
    ("cli/nouns.py", "f'the {kind}s are: {{known}}'"): (
        "the nouns are: {known}",
        "the verbs are: {known}",
        "the topics are: {known}",
    ),
    ("cli/fields.py", "f'did you mean {{near}}? {hint[0].upper()}{hint[1:]}'"): (
        "did you mean {near}? The fields are: {fields}",
    ),
    ("cli/reports.py", "problem.result.value"): tuple(result.value for result in Result),
    ("cli/demo.py", "comment"): tuple(comment for comment, _ in demo.STEPS),
    ("cli/parsing.py", "template"): tuple(template for _, template in parsing.SAID),
    ("core/checks.py", "hint"): tuple(ON_SERVER.values()),
    ("errors.py", "WORDS[value]"): tuple(errors.WORDS.values()),
}
COUNTED = ("cli/reports.py", "report.affected.items()")
ABBREVIATIONS = {"id", "url", "utm", "csv", "json", "email", "crm", "roi"}  # for labels.header


class Template(NamedTuple):
    """An English text and the place in the code where it stands."""

    text: str
    place: str


class Unit:
    """One file of the package."""

    def __init__(self, path: Path) -> None:
        self.name = path.relative_to(PACKAGE).as_posix()
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        dotted = self.name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        self.dotted = "leadctl" if dotted == "__init__" else f"leadctl.{dotted}"
        self.parents = {
            child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)
        }

    def local(self, name: str) -> str:
        """A function's name; those with an underscore belong to their file."""
        return f"{self.name} {name}" if name.startswith("_") else name

    def global_value(self, name: str) -> Any:
        """The value of a name of the module."""
        if self.name == "__main__.py":
            return None
        return vars(import_module(self.dotted)).get(name)

    def scopes(self, node: ast.AST) -> Iterator[ast.AST]:
        """The functions and comprehensions around a node, from the inside out."""
        while node in self.parents:
            node = self.parents[node]
            if isinstance(node, (ast.FunctionDef, ast.Lambda, *COMPREHENSIONS)):
                yield node


COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)


class Collector:
    """Finds the templates of all files; ``unknown`` has the expressions that it cannot follow."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self.units = [Unit(path) for path in paths]
        self.sinks: dict[str, dict[str, int]] = {"translate": {"template": 0}}
        self.found: list[Template] = []
        self.unknown: list[str] = []
        self.counted = set(Report().affected)
        for unit in self.units:
            self._find_sinks(unit)
            self._find_counted(unit)
        for unit in self.units:
            for node in ast.walk(unit.tree):
                if isinstance(node, ast.Call):
                    for argument in self._arguments(unit, node):
                        self._take(unit, argument)

    def _find_sinks(self, unit: Unit) -> None:
        """Functions, errors and records that take a template, and at which position."""
        for node in ast.walk(unit.tree):
            if isinstance(node, ast.FunctionDef) and node.name != "__init__":
                names = [argument.arg for argument in node.args.args]
                names = names[names[:1] in (["self"], ["cls"]) :]
                keywords = [argument.arg for argument in node.args.kwonlyargs]
                self._sink(unit.local(node.name), names, keywords)
            elif isinstance(node, ast.ClassDef):
                names = [
                    item.target.id
                    for item in node.body
                    if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
                ]
                self._sink(node.name, names, [])
        for name, value in vars(errors).items():
            if isinstance(value, type) and issubclass(value, errors.LeadctlError):
                self._sink(name, ["template"], ["hint"])

    def _sink(self, name: str, names: list[str], keywords: list[str]) -> None:
        places = {name: place for place, name in enumerate(names) if name in TEMPLATE_NAMES}
        places |= dict.fromkeys((word for word in keywords if word in TEMPLATE_NAMES), 99)
        if places:
            self.sinks.setdefault(name, {}).update(places)

    def _find_counted(self, unit: Unit) -> None:
        """The words under which reports count what followed."""
        for node in ast.walk(unit.tree):
            if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith(".affected"):
                self.counted.add(ast.literal_eval(node.slice))
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
                named = ast.unparse(node.targets[0]).endswith(".affected")
                keys = node.value.keys if named else []
                self.counted |= {ast.literal_eval(key) for key in keys if key}

    def _arguments(self, unit: Unit, call: ast.Call) -> Iterator[ast.expr]:
        name = ""
        if isinstance(call.func, ast.Name):
            name = call.func.id
        elif isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) != "text":
            name = call.func.attr
        for place in self.sinks.get(unit.local(name), {}).values():
            yield from call.args[place : place + 1]
        yield from (word.value for word in call.keywords if word.arg in TEMPLATE_NAMES)

    def _take(self, unit: Unit, node: ast.expr) -> None:
        texts = self._texts(unit, node)
        if texts is None:
            self.unknown.append(f"{unit.name}:{node.lineno}: {ast.unparse(node)}")
            return
        for text in texts:
            if re.search(r"[^\W\d_]", re.sub(r"\{\w*\}", "", text)):
                self.found.append(Template(text, f"{unit.name}:{node.lineno}"))

    def _texts(self, unit: Unit, node: ast.expr) -> set[str] | None:
        """What an expression can be, ``None`` when nobody knows."""
        computed = COMPUTED.get((unit.name, ast.unparse(node)))
        if computed is not None:
            return set(computed)
        if isinstance(node, ast.Constant):
            return {node.value} if isinstance(node.value, str) else None
        if isinstance(node, ast.IfExp):
            return self._all(unit, [node.body, node.orelse])
        if isinstance(node, ast.BoolOp):
            return self._all(unit, node.values)
        if isinstance(node, ast.Attribute) and node.attr in TEMPLATE_NAMES:
            return set()  # of a reason, which is collected where it is made
        return self._named(unit, node) if isinstance(node, ast.Name) else None

    def _all(self, unit: Unit, nodes: Iterable[ast.expr]) -> set[str] | None:
        found: set[str] = set()
        for node in nodes:
            texts = self._texts(unit, node)
            if texts is None:
                return None
            found |= texts
        return found

    def _named(self, unit: Unit, name: ast.Name) -> set[str] | None:
        """What a name can stand for: a variable, a parameter, or a constant of the module."""
        for scope in unit.scopes(name):
            values, loops = _bindings(scope, name.id)
            if values:
                return self._all(unit, values)
            if loops:
                return self._looped(unit, *loops[0])
            if isinstance(scope, ast.FunctionDef) and name.id in TEMPLATE_NAMES:
                arguments = scope.args
                if name.id in [item.arg for item in (*arguments.args, *arguments.kwonlyargs)]:
                    return set()  # collected from the calls
        value = unit.global_value(name.id)
        return {value} if isinstance(value, str) else None

    def _looped(self, unit: Unit, over: ast.expr, place: int | None) -> set[str] | None:
        """What a loop over a constant gives to its variable."""
        if (unit.name, ast.unparse(over)) == COUNTED:
            return self.counted
        items: Any = unit.global_value(over.id) if isinstance(over, ast.Name) else None
        if not isinstance(items, tuple):
            return None
        return {item if place is None else item[place] for item in items}


def _bindings(
    scope: ast.AST, name: str
) -> tuple[list[ast.expr], list[tuple[ast.expr, int | None]]]:
    """The values that a name is given in a scope, and the loops that give it one."""
    values: list[ast.expr] = []
    loops: list[tuple[ast.expr, int | None]] = []
    for node in ast.walk(scope):
        if isinstance(node, (ast.For, ast.comprehension)):
            place = _place(node.target, name)
            if place is not False:
                loops.append((node.iter, place))
        targets: list[ast.expr] = []
        value: ast.expr | None = None
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)):
            targets, value = [node.target], node.value
        for target in targets:
            place = _place(target, name)
            if value is not None and place is not False:
                if place is not None and isinstance(value, ast.Tuple):
                    value = value.elts[place]
                values.append(value)
    return values, loops


def _place(target: ast.expr, name: str) -> int | bool | None:
    """``None``: the target is the name; a number: its place in a tuple; ``False``: it is not there."""
    if isinstance(target, ast.Tuple):
        names = [ast.unparse(item) for item in target.elts]
        return names.index(name) if name in names else False
    return None if isinstance(target, ast.Name) and target.id == name else False


@cache
def collected() -> Collector:
    paths = sorted(PACKAGE.rglob("*.py"))
    return Collector(path for path in paths if "labels" not in path.parts)


@cache
def templates() -> dict[str, list[str]]:
    """English template -> the places where it is used."""
    places: dict[str, list[str]] = {}
    for template in collected().found:
        places.setdefault(template.text, []).append(template.place)
    return places


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def all_fields() -> set[str]:
    """Every field that can be the heading of a table."""
    names = {"count"}
    for module in iter_modules(store.__path__):
        for value in vars(import_module(f"leadctl.store.{module.name}")).values():
            names |= set(value.fields) if isinstance(value, Source) else set()
    for value in (*vars(fields).values(), columns.TABLE_FIELDS):
        tables = value.values() if isinstance(value, dict) else [value]
        for table in tables:
            if isinstance(table, tuple) and all(isinstance(name, str) for name in table):
                names.update(table)
    return {name for name in names if name.islower()}


def missing(code: str) -> list[str]:
    return [text for text in templates() if text not in language(code).MESSAGES]


def stale(code: str) -> list[str]:
    return [text for text in language(code).MESSAGES if text not in templates()]


def test_the_collector_finds_the_templates() -> None:
    texts = templates()
    for text in (
        "{entity} {id} does not exist",  # a constant
        "leadctl db migrate brings it up to date",  # one side of a conditional expression
        "{path} is damaged",  # a table that is looped over
        "{path}: a database address is only taken from your own configuration",  # a variable
        "a user needs a name",  # an argument that is passed on
        "there is no verb {word}",  # an f-string
        "nothing to do",  # a word
        "unchanged",  # a word out of a constant
        "companies",  # a word that only data have
    ):
        assert text in texts, text
    assert len(texts) > 150


def test_every_template_can_be_collected() -> None:
    assert collected().unknown == []


@pytest.mark.parametrize("code", TRANSLATIONS)
def test_every_template_is_translated(code: str) -> None:
    assert {text: templates()[text] for text in missing(code)} == {}


@pytest.mark.parametrize("code", labels.LANGUAGES)
def test_no_translation_is_stale(code: str) -> None:
    assert stale(code) == []


@pytest.mark.parametrize("code", TRANSLATIONS)
def test_translations_have_the_placeholders_of_the_english(code: str) -> None:
    messages: dict[str, str] = language(code).MESSAGES
    wrong = {
        text: shown for text, shown in messages.items() if placeholders(text) != placeholders(shown)
    }
    assert wrong == {}


@pytest.mark.parametrize("code", TRANSLATIONS)
def test_options_and_commands_are_not_translated(code: str) -> None:
    messages: dict[str, str] = language(code).MESSAGES
    for text, shown in messages.items():
        for word in re.findall(r"--[a-z-]+|\b[A-Z]{2,}\b|\bleadctl\b|\w+_\w+|\w+-status\b", text):
            assert word in shown, (text, shown)


@pytest.mark.parametrize("code", TRANSLATIONS)
def test_sentences_are_not_left_in_english(code: str) -> None:
    messages: dict[str, str] = language(code).MESSAGES
    same = [
        text
        for text, shown in messages.items()
        if text == shown and len(re.sub(r"\{\w+\}", "", text).split()) > 3
    ]
    assert same == []


@pytest.mark.parametrize("code", TRANSLATIONS)
def test_translations_begin_and_end_like_the_english(code: str) -> None:
    messages: dict[str, str] = language(code).MESSAGES
    for text, shown in messages.items():
        assert shown == shown.strip() != ""
        assert (text[-1] in ".?!:") == (shown[-1] in ".?!:"), (text, shown)


@pytest.mark.parametrize("code", TRANSLATIONS)
def test_every_field_has_a_heading(code: str) -> None:
    assert set(language(code).HEADERS) ^ all_fields() == set()


def test_english_headings_are_given_where_the_fallback_is_wrong() -> None:
    assert set(en.HEADERS) - all_fields() == set()
    wrong = {
        name
        for name in all_fields() - set(en.HEADERS)
        if ABBREVIATIONS & set(name.split("_")) or name.startswith("is_")
    }
    assert wrong == set()


@pytest.mark.parametrize("code", labels.LANGUAGES)
def test_built_in_items_have_the_same_keys_in_every_language(code: str) -> None:
    module = language(code)
    assert set(module.GROUP) == set(Group)
    for name in ("LEAD_STATUS", "CATEGORY", "LEAD_STATUS_DESCRIPTION", "CATEGORY_DESCRIPTION"):
        assert list(getattr(module, name)) == list(getattr(en, name)), name
    for kind in labels.KINDS:
        aliases = getattr(module, f"{kind.upper()}_ALIASES", {})
        assert set(aliases.values()) <= set(getattr(module, kind.upper()))


def print_missing() -> None:
    """For whoever adds a template: what each language lacks, ready to be filled in."""
    for place in collected().unknown:
        print(f"cannot be collected: {place}")
    for code in TRANSLATIONS:
        print(f"# {code}: {len(missing(code))} missing, {len(stale(code))} stale")
        print(*(f'    "{text}": "",  # {templates()[text][0]}' for text in missing(code)), sep="\n")
        print(*(f'    stale: "{text}"' for text in stale(code)), sep="\n")
        lacking = sorted(all_fields() - set(language(code).HEADERS))
        print(f"    headings: {' '.join(lacking)}\n" if lacking else "")


if __name__ == "__main__":
    print_missing()
