"""Verbs that start over when another writer came in between.

A verb that writes takes ``options``, and is one transaction. Where the database can only give it up
(SERIALIZABLE on a server), the same call is made again: nothing of the first one is there.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Kind = TypeVar("Kind", bound=type)
# What it reads may be gone when it is called again, as with a pipe: it takes its turn beforehand.
_ONCE = ("import_file",)


def repeating(kind: Kind) -> Kind:
    """Let all verbs of a class that write start over; for classes with a ``_crm``."""
    for name, verb in list(vars(kind).items()):
        code = getattr(verb, "__code__", None)
        if code is None or name in _ONCE or name.startswith("_"):
            continue
        if "options" in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]:
            setattr(kind, name, _repeated(verb))
    return kind


def _repeated(verb: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(verb)
    def call(self: Any, *words: Any, **named: Any) -> Any:
        return self._crm.engine.repeat(lambda: verb(self, *words, **named))

    return call
