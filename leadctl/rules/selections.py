"""What may be done with selections (``leads.md`` section 9), and their set algebra."""

from __future__ import annotations

from leadctl.errors import Reason, Refused, UsageError

# Operator of a combined selection -> what holds for its members, given what holds for A and B.
OPERATORS: dict[str, str] = {
    "union": "({a} OR {b})",
    "intersection": "({a} AND {b})",
    "difference": "(({a}) <> ({b}))",
    "only-first": "({a} AND NOT {b})",
    "only-second": "({b} AND NOT {a})",
}
NOT_STATIC = Reason(
    "selection_not_static",
    "the members of the selection follow from its filter",
    "selection freeze makes it static; selection edit changes the filter",
)


def check_entity(name: str, entity: str, wanted: str) -> None:
    """Raise UsageError for a selection of another kind of record than ``wanted``."""
    if entity != wanted:
        raise UsageError(
            "the selection {name} is not of this kind of record: {entity}",
            name=name,
            entity=entity,
        )


def check_static(kind: str) -> None:
    """Raise Refused unless members can be added and removed one by one (SE-10, SE-11)."""
    if kind != "static":
        raise Refused.of(NOT_STATIC)


def check_source(name: str, kind: str, entity: str, other: str) -> None:
    """Raise Refused for what cannot be combined: a combined selection (SE-18), or another kind of
    record (decisions, SE-19).
    """
    if kind == "combined" or entity != other:
        raise Refused(
            "the selection {name} cannot be combined",
            code="selection_not_combinable",
            hint="both must be of the same kind of record, and none a combined one",
            name=name,
        )


def copied_name(name: str) -> str:
    """The name of a copy (SE-14)."""
    return f"{name} (copy)"
