"""``person erase``: somebody's data are gone, from records, history, submissions and the file."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from leadctl.core.batch import Plan, changing
from leadctl.core.crm import the_one
from leadctl.core.outcome import alone
from leadctl.errors import Busy, DatabaseError, Interrupted, Reason, Unavailable
from leadctl.model import Choice
from leadctl.rules.naming import folded
from leadctl.store import erasing, form, person, selection
from leadctl.store.engine import document, numbers_sql

if TYPE_CHECKING:
    from leadctl.core.batch import Work
    from leadctl.core.crm import Crm
    from leadctl.model import Report, WriteOptions

# As many places where a name still stands are told.
_TOLD = 10
COPIES = Reason("", "backups and exports that were made before still have the data")
UNFINISHED = Reason(
    "",
    "another program has the file open: what was erased may still be read in it until"
    " leadctl db vacuum has run",
)


def erase(crm: Crm, id: int | str, options: WriteOptions | None = None) -> Report:
    """Erase a person; see ``People.erase``."""
    alone(crm, "person erase")
    engine = crm.engine
    # What is overwritten from here on is overwritten with zeros.
    engine.overwrite_from_here()
    with changing(crm, "person erase", options) as work:
        number = _chosen(work, id)
        known = erasing.known_of(engine, number)
        captures = erasing.captures_of(engine, number, map(folded, known.emails))
        if erasing.has_data(engine, number, captures):
            _erase(work, number, captures)
            _tell(work, known)
            work.report.changed = 1
        else:
            work.report.unchanged = 1
    if not work.options.dry_run:
        # Also where there was nothing to erase: the last time may have been interrupted here.
        _clean(crm, work)
    return work.report


def _chosen(work: Work, id: int | str) -> int:
    """The number of the person, which may be deleted: then the history alone has its data."""
    numbers, _ = work.crm.split_ids([id])
    if numbers and erasing.exists(work.engine, numbers[0]):
        gone = work.engine.value("SELECT 1 FROM person WHERE id = :id", id=numbers[0]) is None
        if gone:
            work.report.matched = 1
            work.check_expected()
            return numbers[0]
    # One that is not there ends the command, also where others would be kept going with.
    number = the_one(id, person.SOURCE, work.crm)
    work.choose(person.SOURCE, Choice(ids=(number,)))
    work.decide(lambda situation: Plan())
    return number


def _erase(work: Work, number: int, captures: list[int]) -> None:
    gate, engine = work.gate, work.engine
    with engine.rewriting_history():
        erasing.blank(engine, number, captures, gate.stamp)
    memberships = (
        "(SELECT m.id FROM member m JOIN selection l ON l.id = m.selection_id"
        " WHERE l.entity = 'person' AND m.record_id = :number)"
    )
    gate.delete(selection.MEMBER, memberships, purge=True, number=number)
    gate.mark_erased(person.TABLE, "(SELECT :number AS id)", number=number)
    theirs = f"(SELECT value AS id FROM ({numbers_sql('captures')}))"
    gate.mark_erased(form.CAPTURE, theirs, captures=document(captures))
    gate.purge(1)


def _tell(work: Work, known: erasing.Known) -> None:
    """Say where a name, an address or a phone still stands: in what belongs to somebody else."""
    found = erasing.mentions(work.engine, known.emails | known.phones | known.names)
    places = list(islice(found, _TOLD))
    if places:
        template = "the name, an e-mail address or a phone of the person still stands in: {places}"
        work.report.notices.append(Reason("", template, details={"places": places}))
    work.report.notices.append(COPIES)


def _clean(crm: Crm, work: Work) -> None:
    """Leave nothing of it in free pages, in what pages once held, or in the -wal."""
    try:
        crm.engine.vacuum()
        done = crm.engine.empty_log()
    except (Busy, DatabaseError, Unavailable):
        done = False
    except KeyboardInterrupt:
        raise Interrupted(
            "interrupted after the change was made",
            hint="the same again cleans the file, which may still have the data in unused parts",
        ) from None
    if not done:
        work.report.notices.append(UNFINISHED)
