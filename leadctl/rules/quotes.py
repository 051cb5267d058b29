"""Lines of quotes and when a quote or an order can be made (section 8 of ``opportunities.md``)."""

from __future__ import annotations

from typing import Any

from leadctl.errors import Reason, UsageError
from leadctl.model import Status
from leadctl.rules.amounts import LARGEST_AMOUNT, parse_amount, parse_quantity, rounded
from leadctl.rules.naming import checked_text

QUOTE_EXISTS = Reason(
    "quote_exists", "the opportunity has a quote already", "quote add-line adds to it"
)
QUOTE_NEEDS_COMPANY = Reason(
    "quote_needs_company",
    "a quote can only be made where the contact is a company",
    "opportunity edit --company makes a company the contact",
)
NOT_IN_PROGRESS = Reason("not_in_progress", "the opportunity is not in progress")
ALREADY_ORDERED = Reason(
    "quote_ordered", "an order has been made of the quote", "order delete takes it away"
)
NOT_CUSTOMER = Reason(
    "company_not_customer",
    "the company is not a customer",
    "company set-category ID customer makes it one",
)
MOST_LINES = 1000


def quote_problem(has_quote: bool, company_is_contact: bool, status: str) -> Reason | None:
    """Why no quote can be made, in the order of section 8.1."""
    if has_quote:
        return QUOTE_EXISTS
    if not company_is_contact:
        return QUOTE_NEEDS_COMPANY
    return None if status == Status.IN_PROGRESS else NOT_IN_PROGRESS


def order_problem(ordered: bool, is_customer: bool, status: str | None) -> Reason | None:
    """Why no order can be made of a quote (8.4, decisions); ``status`` is its opportunity's."""
    if ordered:
        return ALREADY_ORDERED
    if status == Status.NOT_STARTED:
        return NOT_IN_PROGRESS
    return None if is_customer else NOT_CUSTOMER


def parse_line(text: str) -> dict[str, Any]:
    """A line from ``TEXT;QUANTITY;PRICE``, split at the last two semicolons.

    Returns text, quantity (a number), price and total in minor units. Raises UsageError.
    """
    parts = text.rsplit(";", 2)
    what = parts[0].strip()
    if len(parts) < 3 or not what:
        raise UsageError(
            "{value} is no line of a quote",
            hint="lines are written TEXT;QUANTITY;PRICE",
            value=text,
        )
    quantity = parse_quantity(parts[1].strip())
    price = parse_amount("price", parts[2].strip())
    numerator, denominator = quantity.as_integer_ratio()
    total = rounded(price * numerator, denominator)
    if abs(total) > LARGEST_AMOUNT:
        raise UsageError("{value} is too large an amount", value=text)
    whole = quantity == quantity.to_integral_value()
    return {
        "text": checked_text("line", what),
        "quantity": int(quantity) if whole else float(quantity),
        "price_minor": price,
        "total_minor": total,
    }


def total_of(lines: list[dict[str, Any]]) -> int:
    """The total of a quote in minor units. Raises UsageError when there are too many lines."""
    total: int = sum(line["total_minor"] for line in lines)
    if len(lines) > MOST_LINES or abs(total) > LARGEST_AMOUNT:
        raise UsageError("the quote is too large")
    return total
