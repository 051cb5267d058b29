"""A board as a page: the counts as bars and as a table, and the columns with their cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadctl.cli.charts import Bars, with_table
from leadctl.cli.output import cell
from leadctl.cli.page import Html, Table, joined, page, tag
from leadctl.labels import header

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadctl.cli.call import Call
    from leadctl.model import Record

_PLURALS = {"person": "people", "company": "companies", "opportunity": "opportunities"}


def board_page(call: Call, document: Record, facts: Sequence[tuple[str, str]]) -> str:
    """The page of a board; ``facts`` say what it is narrowed to."""
    columns: list[Record] = document["columns"]
    many = header(call.language, _PLURALS[document["entity"]])
    title = f"{many}: {header(call.language, document['by'])}"
    shown = [_overview(call, title, document)] if columns else [tag("p", call.translate("(none)"))]
    if columns:
        shown.append(tag("div", *(_column(call, column) for column in columns), class_="columns"))
    return page(call, title, facts, joined(shown))


def _overview(call: Call, title: str, document: Record) -> Html:
    """How many there are in each column."""
    columns: list[Record] = document["columns"]
    headings = [header(call.language, document["by"]), header(call.language, "count")]
    rows = [[column["label"], str(column["count"])] for column in columns]
    if document["entity"] == "opportunity":
        headings.append(header(call.language, "estimated_value"))
        for row, column in zip(rows, columns, strict=True):
            row.append(_amount(call, column))
    bars = Bars(title, headings[1], [(column["label"], column["count"]) for column in columns])
    behind = Table(title, headings, rows, frozenset((1, 2)))
    body = with_table([bars], behind, call.translate("… {count} more"))
    return tag("section", tag("h2", headings[0]), tag("div", body, class_="halves"))


def _amount(call: Call, column: Record) -> str:
    return cell(column["sum"], None, call.translate, "estimated_value")


def _column(call: Call, column: Record) -> Html:
    """A column with its cards, or with its groups of cards."""
    parts = [tag("h2", f"{column['label']} ({column['count']})")]
    if column["sum"] is not None:
        value = f"{header(call.language, 'estimated_value')} {_amount(call, column)}"
        parts.append(tag("p", value, class_="soft"))
    for group in column.get("groups", [column]):
        if group is not column:
            parts.append(tag("h3", f"{group['label']} ({group['count']})"))
        parts.append(_cards(call, group))
    return tag("section", *parts)


def _cards(call: Call, group: Record) -> Html:
    cards = [
        tag("li", tag("span", str(card["id"]), class_="id"), tag("span", card["name"] or ""))
        for card in group["cards"]
    ]
    parts = [tag("ul", *cards)] if cards else []
    more = group["count"] - len(cards)
    if more:
        text = call.translate("… {count} more").format(count=more)
        parts.append(tag("p", text, class_="soft"))
    return joined(parts)
