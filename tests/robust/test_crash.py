"""A process that is killed leaves all of a command or nothing of it; the long run is
``python -m tests.crash --kills 300``.
"""

from __future__ import annotations

from tests.robust.killing import kill
from tests.robust.scenarios import SCENARIOS


def test_killed_processes_leave_all_or_nothing() -> None:
    counts, findings = kill(len(SCENARIOS), 1, people=120)
    assert findings == []
    # Not all had ended before they could be killed, and not all died before they had begun.
    assert counts["done"] >= 3
    assert sum(count for name, count in counts.items() if name.endswith(": killed")) >= 6
