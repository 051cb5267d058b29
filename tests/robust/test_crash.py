"""A process that is killed leaves all of a command or nothing of it; the long run is
``python -m tests.crash --kills 300``.
"""

from __future__ import annotations

from tests.robust.killing import kill

SHORT = ("bulk", "import", "delete", "undo", "batch", "capture", "init", "backup", "migrate")


def test_killed_processes_leave_all_or_nothing() -> None:
    counts, findings = kill(18, 1, people=120, names=SHORT)
    assert findings == []
    # Not all had ended before they could be killed, and not all died before they had begun.
    assert counts["done"] >= 3
    assert counts["not done"] >= 3
    assert sum(count for name, count in counts.items() if name.endswith(": killed")) >= 6
