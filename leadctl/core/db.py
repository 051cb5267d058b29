"""The file as a whole: figures, checks, copies, pruning."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from leadctl.core.batch import LookedAt, changing
from leadctl.core.given import duration_of
from leadctl.core.outcome import alone
from leadctl.core.repeating import repeating
from leadctl.errors import Busy, Reason, UsageError
from leadctl.rules.days import today
from leadctl.store import search, upkeep, version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadctl.core.checks import Finding
    from leadctl.core.crm import Crm
    from leadctl.model import Record, Report, WriteOptions

# What reports read and checks need is kept: moves of lead status, methods of cycles, receipts.
_KEPT = (
    "h.field = 'erased' OR h.entity = 'cycle' AND h.field = 'method' OR h.entity = 'person'"
    " AND h.field = 'lead_status' AND EXISTS (SELECT 1 FROM person p WHERE p.id = h.entity_id)"
)


@repeating
class Db:
    """The open file."""

    def __init__(self, crm: Crm) -> None:
        self._crm = crm
        self._engine = crm.engine

    def info(self) -> Record:
        """``{"path", "engine", "schema", "size_bytes", "companies", "people", "opportunities",
        "changes"}``; the size is that of the file and what belongs to it.
        """
        with self._engine.snapshot():
            counts = upkeep.counts(self._engine)
            schema = self._engine.schema
        return {
            "path": self._engine.path,
            "engine": self._engine.name,
            "schema": schema,
            "size_bytes": self._engine.size(),
            "companies": counts["company"],
            "people": counts["person"],
            "opportunities": counts["opportunity"],
            "changes": counts["change"],
        }

    def check(self, rule: str | None = None) -> list[Finding]:
        """Check all rules, or one; see ``core.checks``. Raises UsageError for an unknown one."""
        from leadctl.core.checks import check

        return check(self._crm, rule)

    def explain(self, rule: str | None = None) -> Iterator[tuple[str, str]]:
        """Name and SQL of all rules, or of one. Raises UsageError for an unknown one."""
        from leadctl.core.checks import rules_of

        return ((found.rule, found.sql) for found in rules_of(self._engine, rule))

    def vacuum(self) -> Record:
        """Build the file anew without unused room, and empty its -wal.

        Returns ``{"path", "size_bytes", "freed_bytes"}``. Raises Busy while others use the file.
        """
        alone(self._crm, "db vacuum")
        before = self._engine.size()
        self._engine.vacuum()
        if not self._engine.empty_log():
            raise Busy(
                "{path} is built anew, but another program still reads what was there",
                path=self._engine.path,
                hint="run db vacuum again when it is closed: then the room is free",
            )
        after = self._engine.size()
        return {
            "path": self._engine.path,
            "size_bytes": after,
            "freed_bytes": max(0, before - after),
        }

    def backup(self, path: str | Path) -> Record:
        """Write a verified copy of the file as it is at one moment, while others write.

        It appears under its name when it is complete. Returns ``{"path", "schema",
        "size_bytes"}``. Raises Refused when something has that name.
        """
        from leadctl.core.copies import copy_file, not_a_file

        alone(self._crm, "db backup")
        target = Path(path)
        if self._engine.as_file is None:
            raise not_a_file("db backup", self._engine.path)
        copy_file(self._engine.as_file, target)
        return {
            "path": str(target),
            "schema": version.SCHEMA,
            "size_bytes": target.stat().st_size,
        }

    def export(self, folder: str | Path) -> list[Record]:
        """Write every table as a file of NDJSON into a new or empty folder, nothing left out.

        Returns ``{"table", "file", "rows"}`` for each. Raises Refused for a folder with content.
        """
        from leadctl.core.exporting import export

        return export(self._engine, Path(folder))

    def prune(self, older_than: str, options: WriteOptions | None = None) -> Report:
        """Drop the history of changes that are older than a duration (``24m``, ``90d``, ``2y``):
        they cannot be undone any more, and what was deleted then is gone for good.

        The log of changes stays, and so do the moves of lead status, which reports read. The
        report counts changes. Raises UsageError for what is no duration.
        """
        before = self._day(duration_of(older_than))
        with changing(self._crm, "db prune", options) as work:
            engine = work.engine
            engine.execute("DROP TABLE IF EXISTS temp.pruned")
            engine.execute("CREATE TEMP TABLE pruned (id INTEGER PRIMARY KEY)")
            work.report.matched = engine.execute(
                "INSERT INTO temp.pruned SELECT id FROM change WHERE purged = 0 AND id <> :own"
                " AND substr(at, 1, 10) < :before",
                own=work.gate.change,
                before=before,
            )
            work.check_expected()
            if work.report.matched:
                # The index follows the history.
                search.refresh(engine)
                room = engine.free()
                with engine.rewriting_history():
                    rows = engine.execute(
                        "DELETE FROM history AS h WHERE change_id IN (SELECT id FROM temp.pruned)"
                        f" AND ({_KEPT}) IS NOT TRUE"
                    )
                engine.execute(
                    "UPDATE change SET purged = 1 WHERE id IN (SELECT id FROM temp.pruned)"
                )
                work.report.changed = work.report.matched
                work.gate.purge(work.report.matched)
                details = {"rows": rows, "bytes": engine.free() - room}
                template = (
                    "{rows} rows of history are gone; {bytes} bytes are free for new data,"
                    " db vacuum gives them back to the disk"
                )
                if engine.as_file is None:
                    template = "{rows} rows of history are gone"
                work.report.notices.append(Reason("", template, details=details))
            verdicts = "(SELECT id, 0 AS verdict, NULL AS reason FROM temp.pruned)"
            pruned = "json_object('purged', json_array(json('false'), json('true')))"
            work.looked_at = [LookedAt("change", verdicts, pruned)]
        return work.report

    def _day(self, duration: str) -> str:
        try:
            day = today(self._crm.clock.today).plus(-int(duration[:-1]), duration[-1])
        except (OverflowError, ValueError):
            raise UsageError("{value} is too far away", value=duration) from None
        return str(day)
