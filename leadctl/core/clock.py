"""The only place that reads a clock."""

from __future__ import annotations

from datetime import UTC, date, datetime


class Clock:
    """Today and now; ``today`` fixes the logical date (decisions, "Numbers, dates, identity")."""

    def __init__(self, today: date | None = None) -> None:
        self._fixed = today

    @property
    def today(self) -> date:
        """The logical today: the one given, else the local date."""
        return self._fixed or date.today()

    def now(self) -> str:
        """The real instant, UTC, to the second."""
        return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def stamp(self) -> str:
        """The instant that records carry: the logical date, if one is fixed, with the real time."""
        now = self.now()
        return f"{self._fixed.isoformat()}{now[10:]}" if self._fixed else now
