"""Names that may mean the same (``leads.md`` section 15.3, SO-125)."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from leadctl.rules.naming import folded

if TYPE_CHECKING:
    from collections.abc import Iterable

SIMILAR_FROM = 0.87
PREFIX = 3
# What a company's name may end with, and begin with, that does not say who it is.
LEGAL_FORM = re.compile(
    "ab|ag|amba|ans|aps|asa?|bv|co|company|corp|corporation|cv|gbr|gmbh|hb|inc|incorporated|ivs|kb"
    "|kg|ks|limited|llc|llp|ltd|mbh|nv|ohg|oyj?|plc|sa|sarl|se|spa|srl|ug|vof"
)
LEADING = frozenset(("ab", "as"))


class Named(NamedTuple):
    """A record with its name."""

    id: int
    name: str


def plain(name: str) -> str:
    """What is left of a name to compare: folded, without punctuation and legal forms.

    A name that consists of nothing else is only folded.
    """
    # A/S and B.V. are one word, so are their letters.
    text = re.sub(r"[./'’]", "", folded(unicodedata.normalize("NFKC", name)))
    words = re.findall(r"[^\W_]+", text)
    left = words.copy()
    while left and LEGAL_FORM.fullmatch(left[-1]):
        left.pop()
    if left and left[0] in LEADING:
        left.pop(0)
    return " ".join(left or words) or folded(name)


def prefixes(name: str) -> list[str]:
    """How the folded names begin among which similar ones are looked for."""
    return sorted({folded(name)[:PREFIX], plain(name)[:PREFIX]})


def similar(name: str, candidates: Iterable[Named]) -> list[Named]:
    """The candidates whose names are equal or similar to ``name``, the most similar first."""
    wanted = plain(name)
    matcher = SequenceMatcher(None, b=wanted, autojunk=False)
    hits: list[tuple[float, Named]] = []
    for candidate in candidates:
        other = plain(candidate.name)
        matcher.set_seq1(other)
        if matcher.quick_ratio() >= SIMILAR_FROM and matcher.ratio() >= SIMILAR_FROM:
            hits.append((matcher.ratio(), candidate))
    hits.sort(key=lambda hit: (-hit[0], hit[1].id))
    return [candidate for _, candidate in hits]
