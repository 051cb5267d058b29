"""The codes of errors and of problems in reports, with what they say, found in the source."""

from __future__ import annotations

import ast
from pathlib import Path

import leadctl
from leadctl import errors
from tests.reference.markdown import cell, code, table

_FOLDER = Path(leadctl.__file__).parent
_CLASSES = {kind.__name__: kind for kind in errors.LeadctlError.__subclasses__()}


def exits() -> str:
    """Exit code, and what it is for."""
    found: dict[int, list[str]] = {0: ["Done; also nothing to do, nothing found, an empty list"]}
    for kind in (errors.LeadctlError, *_CLASSES.values()):
        text = (kind.__doc__ or "").partition("\n")[0].rstrip(".").replace("``", "")
        found.setdefault(kind.exit_code, []).append(f"{code(kind.__name__)}: {cell(text)}")
    found[1] = ["A bug: one line, with a traceback only with `--debug`"]
    rows = [(code(str(number)), ". ".join(texts)) for number, texts in sorted(found.items())]
    return "\n" + table(("Exit code", "Meaning"), rows)


def codes() -> str:
    """Code, and the sentences that it stands for."""
    found: dict[str, set[str]] = {}
    for file in sorted(_FOLDER.rglob("*.py")):
        module = ast.parse(file.read_text(encoding="utf-8"))
        names = {
            target.id: item.value
            for item in module.body
            if isinstance(item, ast.Assign)
            for target in item.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                for name, sentences in _raised(node, node.func.id, names):
                    found.setdefault(name, set()).update(sentences)
    rows = [
        (code(name), "; ".join(cell(text) for text in sorted(texts)))
        for name, texts in sorted(found.items())
        if name not in ("", "usage")
    ]
    return "\n" + table(("Code", "What it says"), rows)


def _raised(call: ast.Call, name: str, names: dict[str, ast.expr]) -> list[tuple[str, list[str]]]:
    """Codes and sentences of an error or a reason; nothing of any other call."""
    texts = [_texts(argument, names) for argument in call.args]
    named = {word.arg: _texts(word.value, names) for word in call.keywords}
    if name == "Reason" and len(texts) > 1:
        return [(code, texts[1]) for code in texts[0]]
    if name in _CLASSES and texts:
        given = named.get("code", [_CLASSES[name].default_code])
        return [(code, texts[0]) for code in given]
    return []


def _texts(node: ast.expr, names: dict[str, ast.expr]) -> list[str]:
    """The texts that an expression may be, as far as they stand in the module."""
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body, names), *_texts(node.orelse, names)]
    if isinstance(node, ast.Name) and node.id in names:
        return _texts(names[node.id], {})
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []
