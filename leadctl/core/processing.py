"""From a stored submission to a person (``leads.md`` section 15): match, create, or leave waiting."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from leadctl.core.membership import read_selection
from leadctl.core.values import insertion, object_of, texts
from leadctl.errors import NotFound, Reason, Refused, UsageError
from leadctl.model import CaptureStatus, Mode
from leadctl.rules.capture import (
    FATES,
    NOBODY,
    PLACES,
    Fate,
    Hits,
    Place,
    email_problem,
    hits_of,
    several,
    split_name,
)
from leadctl.rules.leads import Person, Wish, decide
from leadctl.rules.naming import folded
from leadctl.rules.payload import Payload, read_payload, touches
from leadctl.rules.selections import check_entity, check_static
from leadctl.store import company, person
from leadctl.store.engine import document, numbers_sql, rows_sql
from leadctl.store.form import CAPTURE
from leadctl.store.selection import MEMBER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from leadctl.core.batch import Work
    from leadctl.rules.payload import Touch

_MOST_NAMED = 10


class Waiting(NamedTuple):
    """A stored submission with what its form says; numbers are ``None`` for none."""

    id: int
    at: str
    status: str
    raw: str
    conversion: str | None
    form_id: int
    mode: Mode
    category: int | None
    owner: int | None
    selection: str | None


class Answer(NamedTuple):
    """What became of a submission; ``reasons`` make its message."""

    status: CaptureStatus
    person_id: int | None = None
    company_id: int | None = None
    created: bool = False
    reasons: tuple[Reason, ...] = ()


def waiting(work: Work, ids: Sequence[int]) -> list[Waiting]:
    """The submissions with these numbers, in their order."""
    rows = work.engine.query(
        "SELECT t.id, t.at, t.status, t.payload, t.conversion, f.id, f.mode, f.category_id,"
        " f.owner_id, f.selection FROM capture t JOIN form f ON f.id = t.form_id"
        f" WHERE t.id IN ({numbers_sql('ids')}) ORDER BY t.id",
        ids=document(ids),
    )
    return [Waiting(*row)._replace(mode=Mode(row[6])) for row in rows]


class Processor:
    """Processes submissions within one change; lists and settings are read once for all."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._engine = work.engine
        self._policy = work.crm.policy()
        self._utm = bool(work.crm.settings.get("capture.utm"))
        self._selections: dict[str, int | Reason] = {}

    def automatic(self, item: Waiting) -> Answer:
        """Do what the mode of the form says (15.1). Whatever goes wrong fails this one only."""
        try:
            # What was created for it until then is taken back, and nothing else.
            with self._engine.transaction():
                return self._by_mode(item)
        except (UsageError, Refused, NotFound) as error:
            return Answer(CaptureStatus.FAILED, reasons=(error.reason,))

    def link(self, item: Waiting, id: int) -> Answer:
        """It is by this person, who stays as they are (F-4, F-5, U-3)."""
        company_id = self._engine.value("SELECT company_id FROM person WHERE id = :id", id=id)
        return Answer(CaptureStatus.PROCESSED, id, company_id)

    def link_known(self, item: Waiting) -> Answer:
        """It is by the one person with its e-mail address. Raises Refused unless there is one."""
        payload = _checked(item)
        people = self._people(payload)
        if len(people) != 1:
            raise Refused.of(several("person", people) if people else NOBODY)
        return self.link(item, people[0])

    def create(self, item: Waiting) -> Answer:
        """Add the person, and the company where none has the name; several raise Refused."""
        answer = self._create(item, _checked(item))
        if answer.status is CaptureStatus.SUBMITTED:
            raise Refused.of(answer.reasons[0])
        return answer

    def write(self, answers: Sequence[tuple[Waiting, Answer]]) -> None:
        """Write what became of the submissions, all at once."""
        names = ("id", "status", "person_id", "company_id", "message")
        rows = [
            (item.id, answer.status, answer.person_id, answer.company_id, self.message(answer))
            for item, answer in answers
        ]
        assign = {name: f"s.{name}" for name in names[1:]}
        self._work.gate.update(
            CAPTURE, rows_sql(*CAPTURE.marked(names)), assign, rows=document(rows)
        )

    def collect(self, answers: Sequence[tuple[Waiting, Answer]]) -> list[tuple[Waiting, Answer]]:
        """Add the people of processed submissions to the selections of their forms (F-3).

        A selection that takes nobody is told in the answer: the person is more than the list.
        """
        told = []
        members: set[tuple[int, int]] = set()
        for item, answer in answers:
            reasons = answer.reasons
            if item.selection is not None and answer.status is CaptureStatus.PROCESSED:
                found = self._selection(item.selection)
                if isinstance(found, Reason):
                    reasons = (*reasons, found)
                else:
                    members.add((found, answer.person_id or 0))
            told.append((item, answer._replace(reasons=reasons)))
        if members:
            new = (
                f"(SELECT n.* FROM {rows_sql('#selection_id', '#record_id')} n WHERE NOT EXISTS"
                " (SELECT 1 FROM member m WHERE m.selection_id = n.selection_id"
                " AND m.record_id = n.record_id))"
            )
            values = {name: f"s.{name}" for name in ("selection_id", "record_id")}
            rows = document(sorted(members))
            self._work.gate.insert(MEMBER, new, values, "record_id", rows=rows)
        return told

    def _selection(self, name: str) -> int | Reason:
        """The number of a static selection of people, or why there is none of this name."""
        if name not in self._selections:
            try:
                found = read_selection(self._work.crm, name)
                check_entity(found.name, found.entity, "person")
                check_static(found.kind)
                self._selections[name] = found.id
            except (NotFound, UsageError, Refused) as error:
                self._selections[name] = error.reason
        return self._selections[name]

    def message(self, answer: Answer) -> str | None:
        """What a human should know of it, in the language of whoever processed it."""
        translate = self._work.crm.translate
        return "; ".join(reason.text(translate) for reason in answer.reasons) or None

    def _by_mode(self, item: Waiting) -> Answer:
        payload = _checked(item)
        people = self._people(payload)
        fate = FATES[item.mode, hits_of(len(people))]
        if fate is Fate.CREATE:
            return self._create(item, payload)
        _, left_out = self._origin(item, payload)
        if fate is Fate.LINK:
            return self.link(item, people[0])._replace(reasons=left_out)
        why = several("person", people) if hits_of(len(people)) is Hits.SEVERAL else NOBODY
        told = () if item.mode is Mode.MANUAL else (why,)
        return Answer(CaptureStatus.SUBMITTED, reasons=(*told, *left_out))

    def _origin(self, item: Waiting, payload: Payload) -> tuple[Touch | None, tuple[Reason, ...]]:
        """First touch, and what was left out; nothing where the setting says so (U-7)."""
        if not self._utm:
            return None, ()
        first_touch, _, left_out = touches(payload, item.at)
        return first_touch, left_out

    def _people(self, payload: Payload) -> list[int]:
        """Who has the e-mail address, ignoring case; retired people only if nobody else has."""
        rows = self._engine.query(
            "SELECT id FROM person WHERE email_key = :email AND retired ="
            " (SELECT min(retired) FROM person WHERE email_key = :email) ORDER BY id LIMIT :most",
            email=folded(payload.values["email"]),
            most=_MOST_NAMED,
        )
        return [row[0] for row in rows]

    def _create(self, item: Waiting, payload: Payload) -> Answer:
        first_touch, left_out = self._origin(item, payload)
        creation = object_of(item.conversion) if self._utm else None
        name = payload.values.get("company")
        companies = self._companies(name)
        place = PLACES[name is not None, hits_of(len(companies))]
        if place is Place.WAIT:
            why = several("company", [id for id, _ in companies])
            return Answer(CaptureStatus.SUBMITTED, reasons=(why, *left_out))
        company_id = category = None
        if place is Place.ADD:
            company_id, category = self._add_company(item, str(name), creation), item.category
        elif place is Place.JOIN:
            company_id, category = companies[0]
        person_id = self._add_person(
            item,
            payload,
            (company_id, category),
            {"first_touch": _stored(first_touch), "lead_creation": _stored(creation)},
        )
        return Answer(CaptureStatus.PROCESSED, person_id, company_id, True, left_out)

    def _companies(self, name: str | None) -> list[tuple[int, int | None]]:
        if name is None:
            return []
        rows = self._engine.query(
            "SELECT id, category_id FROM company WHERE name_key = :name ORDER BY id LIMIT :most",
            name=folded(name),
            most=_MOST_NAMED,
        )
        return [(id, category) for id, category in rows]

    def _add_company(self, item: Waiting, name: str, source: Touch | None) -> int:
        """A company for the new person, with what the form gives (F-4) and its source (U-4)."""
        values: dict[str, Any] = texts("company", {"name": name})
        values |= {"category": item.category, "owner": item.owner, "source": _stored(source)}
        return self._insert(company.TABLE, values, {})

    def _add_person(
        self,
        item: Waiting,
        payload: Payload,
        place: tuple[int | None, int | None],
        origin: dict[str, str | None],
    ) -> int:
        """A person with a lead status where one applies (F-6, L-1), made by the form (F-7)."""
        company_id, category = place
        first, last = _names(payload)
        given = payload.values
        values: dict[str, Any] = texts(
            "person",
            {
                "first_name": first,
                "last_name": last,
                "email": given["email"],
                "phone": given.get("phone"),
                "country": given.get("country"),
            },
        )
        if company_id is None:
            category = item.category
            values |= {"category": category, "owner": item.owner}
        decision = decide(
            Person(0, False, 0),
            Person(category or 0, company_id is not None, 0),
            Wish(creating=True),
            self._policy,
        )
        values |= {"company_id": company_id, "lead_status": decision.status or None}
        values |= {"form_id": item.form_id, **origin}
        since = {"status_since": self._work.gate.stamp} if decision.status else {}
        return self._insert(person.TABLE, values, since)

    def _insert(self, table: Any, values: dict[str, Any], apart: dict[str, Any]) -> int:
        cells, parameters = insertion(table, values, apart)
        return self._work.gate.create(table, cells, **parameters)


def run(
    work: Work, ids: Sequence[int], how: Callable[[Processor, Waiting], Answer]
) -> list[dict[str, Any]]:
    """Process submissions in one change, and return what ``capture submit`` tells of each."""
    processor = Processor(work)
    answers = processor.collect([(item, how(processor, item)) for item in waiting(work, ids)])
    processor.write(answers)
    work.report.matched = work.report.changed = len(answers)
    work.check_expected()
    return [
        {
            "id": item.id,
            "status": answer.status.value,
            "person_id": answer.person_id,
            "company_id": answer.company_id,
            "created": answer.created,
            "message": processor.message(answer),
        }
        for item, answer in answers
    ]


def _checked(item: Waiting) -> Payload:
    """The payload of a submission. Raises Refused when nobody can be found or made of it."""
    payload = read_payload(item.raw)
    problem = payload.problem or email_problem(payload.values.get("email"))
    if problem is not None:
        raise Refused.of(problem)
    return payload


def _names(payload: Payload) -> tuple[str | None, str | None]:
    """First and last name; who gives none is called by what stands before the @."""
    given = payload.values
    if "first_name" in given or "last_name" in given:
        return given.get("first_name"), given.get("last_name")
    return split_name(given.get("name") or given["email"].partition("@")[0])


def _stored(touch: Touch | None) -> str | None:
    return None if touch is None else json.dumps(touch, ensure_ascii=False)
