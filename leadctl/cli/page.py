"""One HTML page that stands alone: it loads nothing, runs nothing, and escapes every text."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from leadctl.cli.page_style import STYLE
from leadctl.cli.text import visible
from leadctl.core.drafts import drafting
from leadctl.errors import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from leadctl.cli.call import Call

_VOID = frozenset(("link", "meta"))
# Should a text ever get past the escaping, a browser still loads and runs nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


class Html(str):
    """Markup; any other text is escaped before it becomes a part of some."""

    __slots__ = ()


class Table(NamedTuple):
    """A table with texts as cells; the first cell of a row is its heading."""

    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    # The places of the columns with numbers.
    numbers: frozenset[int] = frozenset()
    # Those with dates, which are not broken into lines.
    dates: frozenset[int] = frozenset()


def tag(name: str, /, *parts: str, **attributes: str) -> Html:
    """An element; underscores end names that are Python's and stand for hyphens in others."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_escaped(value)}"'
        for key, value in attributes.items()
    )
    if name in _VOID:
        return Html(f"<{name}{given}>")
    return Html(f"<{name}{given}>{joined(parts)}</{name}>")


def joined(parts: Iterable[str]) -> Html:
    """Parts one after another."""
    return Html("".join(part if isinstance(part, Html) else _escaped(part) for part in parts))


def _escaped(text: str) -> str:
    return escape(visible(text))


def table(shown: Table) -> Html:
    """A table that scrolls in its own place when it is too wide for the page."""
    kinds = dict.fromkeys(shown.numbers, "number") | dict.fromkeys(shown.dates, "date")
    classes = [kinds.get(place, "text") for place in range(len(shown.headings))]
    head = [
        tag("th", text, scope="col", class_=kind)
        for text, kind in zip(shown.headings, classes, strict=True)
    ]
    rows = []
    for row in shown.rows:
        (first, *others) = zip(row, classes, strict=True)
        cells = [tag("td", text, class_=kind) for text, kind in others]
        rows.append(tag("tr", tag("th", first[0], scope="row", class_=first[1]), *cells))
    made = tag(
        "table",
        tag("caption", shown.caption),
        tag("thead", tag("tr", *head)),
        tag("tbody", *rows),
    )
    # What scrolls can be reached with the keyboard.
    return tag("div", made, class_="scroll", role="region", tabindex="0", aria_label=shown.caption)


def page(call: Call, title: str, facts: Sequence[tuple[str, str]], body: Html) -> str:
    """A whole page; ``facts`` say of when it is and what it is narrowed to."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("link", rel="icon", href="data:,"),
        tag("title", title),
        tag("style", Html(STYLE)),
    )
    listed = [tag("div", tag("dt", name), tag("dd", text)) for name, text in facts]
    top = tag("header", tag("h1", title), tag("dl", *listed))
    shown = tag("body", top, tag("main", body))
    return f"<!DOCTYPE html>\n{tag('html', head, shown, lang=call.language)}\n"


def save(call: Call, path: str, text: str) -> None:
    """Write a page and say so. It stands under its name when it is complete, or not at all; in a
    batch with the change.

    Raises UsageError when it cannot be written, or would take the place of the database.
    """
    target = Path(path)
    with drafting(call.crm, target) as draft:
        draft.write_text(text, encoding="utf-8")
    if call.format in ("table", "markdown"):
        call.ready(Reason("", "{path} is ready", details={"path": str(target)}))
    else:
        call.fields = []
        call.print_record({"path": str(target)})
