"""What was submitted by forms: stored as it came, then processed (``leads.md`` section 15)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from leadctl.core.batch import Plan, Situation, changing
from leadctl.core.crm import the_one
from leadctl.core.forms import find_form
from leadctl.core.noun import Noun
from leadctl.core.processing import Processor, run, waiting
from leadctl.core.values import folded_or_none, object_of
from leadctl.errors import Busy, DatabaseError, Refused, Unavailable, UsageError
from leadctl.model import CaptureStatus, Choice, Record, Report, Result, WriteOptions
from leadctl.rules.capture import LONGEST_EMAIL, OPEN, status_problem
from leadctl.rules.payload import read_payload, split_body, touches
from leadctl.store import form, person
from leadctl.store.engine import document, rows_sql
from leadctl.store.tables import truth

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from leadctl.core.batch import Work
    from leadctl.core.processing import Answer, Waiting

_FAILED = frozenset({CaptureStatus.FAILED})
_STORED = ("form_id", "at", "status", "email", "email_key", "payload", "conversion")


class Captures(Noun):
    """Submissions of forms."""

    source = form.CAPTURES
    table = form.CAPTURE

    def submit(
        self,
        form: str,
        body: str | bytes | Mapping[str, Any],
        options: WriteOptions | None = None,
    ) -> list[Record]:
        """Store what a form has sent, then process it; a record per submission.

        ``body`` is a JSON object, one per line, or what a browser sends (UTF-8), at most 1 MiB
        each and 64 MiB together; or a mapping. A record is ``{"id", "status", "person_id",
        "company_id", "created", "message"}``: ``processed``, ``submitted`` (it waits for
        ``process``) or ``failed`` with the reason as message. Storing is one change and
        processing another: whatever happens, nothing that was sent is lost. Raises NotFound for
        an unknown form and UsageError for a body that cannot be read.
        """
        if not isinstance(body, (str, bytes)):
            body = json.dumps(dict(body), ensure_ascii=False, default=str)
        payloads = split_body(body)
        chosen = options or WriteOptions()
        if not chosen.dry_run:
            return self._submit(form, payloads, chosen)
        with self._engine.transaction() as trial:
            records = self._submit(form, payloads, chosen._replace(dry_run=False))
            trial.roll_back()
        return records

    def show(self, id: int | str) -> Record:
        """One submission with the raw ``payload``, and its ``conversion`` as an object or
        ``None`` (U-5). Raises NotFound.
        """
        record = super().show(id)
        payload, conversion = self._engine.query(
            "SELECT payload, conversion FROM capture WHERE id = :id", id=record["id"]
        )[0]
        return record | {"payload": payload, "conversion": object_of(conversion)}

    def process(
        self,
        id: int | str,
        *,
        person_id: int | str | None = None,
        create: bool = False,
        options: WriteOptions | None = None,
    ) -> Record:
        """Process a submission that waits or has failed, whatever the mode of its form (F-2).

        It is by the person ``person_id``, or by one to ``create``, or else by the one person who
        has the e-mail address. Raises Refused where that is not so, and for a submission that was
        processed or rejected before. The record is that of ``submit``.
        """
        if create and person_id is not None:
            raise UsageError(
                "{one} and {other} exclude each other", one="--create", other="--person"
            )

        def by_hand(processor: Processor, item: Waiting) -> Answer:
            if person_id is not None:
                return processor.link(item, the_one(person_id, person.SOURCE, self._crm))
            return processor.create(item) if create else processor.link_known(item)

        return self._process("capture process", id, OPEN, by_hand, options)

    def retry(self, id: int | str, options: WriteOptions | None = None) -> Record:
        """Process a failed submission again as its form says. Raises Refused for any other."""
        return self._process("capture retry", id, _FAILED, Processor.automatic, options)

    def reject(self, id: int | str, options: WriteOptions | None = None) -> Report:
        """Reject a submission that nobody is to be made of. Raises Refused for a processed one."""
        with changing(self._crm, "capture reject", options) as work:
            number = the_one(id, self.source, self._crm)
            work.choose(self.source, Choice(ids=(number,)), (truth("t.status = 'processed'"),))
            problem = status_problem(CaptureStatus.PROCESSED, OPEN)
            refused = Plan(result=Result.REFUSED, reason=problem)

            def rule(situation: Situation) -> Plan:
                return refused if situation[0] else Plan()

            work.decide(rule)
            assign = {"status": f"'{CaptureStatus.REJECTED}'"}
            work.count_changed(work.gate.update(self.table, work.go, assign))
        return work.report

    def _submit(self, name: str, payloads: Sequence[str], options: WriteOptions) -> list[Record]:
        with changing(self._crm, "capture submit", options) as work:
            ids = self._store(work, find_form(self._crm, name), payloads)
            work.report.matched = work.report.created = len(ids)
            work.check_expected()
        later = options._replace(expect=None, max_changes=None)
        try:
            return self._engine.repeat(lambda: self._process_all(ids, later))
        except (Busy, DatabaseError, Unavailable) as error:
            # It is stored and waits.
            waits = {"status": CaptureStatus.SUBMITTED.value, "person_id": None, "company_id": None}
            message = error.reason.text(self._crm.translate)
            return [{"id": id, **waits, "created": False, "message": message} for id in ids]

    def _process_all(self, ids: Sequence[int], options: WriteOptions) -> list[Record]:
        with changing(self._crm, "capture process", options) as work:
            return run(work, ids, Processor.automatic)

    def _store(self, work: Work, form_id: int, payloads: Sequence[str]) -> list[int]:
        """Store payloads with their conversion (U-5), which only the setting leaves out (U-7)."""
        utm = self._crm.settings.get("capture.utm")
        rows: list[tuple[Any, ...]] = []
        for raw in payloads:
            payload = read_payload(raw)
            email = payload.values.get("email")
            if email is not None and len(email) > LONGEST_EMAIL:
                email = None
            creation = touches(payload, work.gate.stamp).creation if utm else None
            conversion = json.dumps(creation, ensure_ascii=False) if creation else None
            kept = (CaptureStatus.SUBMITTED.value, email, folded_or_none(email), raw, conversion)
            rows.append((len(rows), form_id, work.gate.stamp, *kept))
        values = {name: f"s.{name}" for name in _STORED}
        source = rows_sql("#place", *self.table.marked(_STORED))
        _, before = work.gate.insert(self.table, source, values, "place", rows=document(rows))
        found = self._engine.query(
            "SELECT id FROM capture WHERE id > :last ORDER BY id", last=before
        )
        return [row[0] for row in found]

    def _process(
        self,
        command: str,
        id: int | str,
        allowed: frozenset[CaptureStatus],
        how: Callable[[Processor, Waiting], Answer],
        options: WriteOptions | None,
    ) -> Record:
        with changing(self._crm, command, options) as work:
            number = the_one(id, self.source, self._crm)
            problem = status_problem(waiting(work, [number])[0].status, allowed)
            if problem is not None:
                raise Refused.of(problem)
            return run(work, [number], how)[0]
