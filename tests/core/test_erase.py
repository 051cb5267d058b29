"""``person erase``: not a byte of it is left, and nothing brings it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from leadctl import Choice, Crm, LeadctlError, WriteOptions, open_crm
from leadctl.config import is_address
from leadctl.core.erasing import COPIES, UNFINISHED
from leadctl.errors import DatabaseError
from leadctl.store.opening import connect
from leadctl.store.sqlite import Sqlite
from tests.conftest import failing
from tests.test_examples import dump

# All that is known of her: none of it stands in anything else.
HER = ("kunigunde", "zwetschgenmeier", "quux@", "+49 777 1234", "chieftess", "ext-777", "waldorf")
KEEP_GOING = WriteOptions(keep_going=True)


@pytest.fixture
def path(place) -> Path | str:
    """A database with a person of whom much is known, and who is in many places."""
    path = place()
    with open_crm(path, user="anna") as crm:
        crm.companies.add("Acme", category="lead")
        crm.forms.add("Web")
        crm.captures.submit(
            "Web", {"email": "Quux@mill.example", "name": "Kunigunde Müller", "company": "Acme"}
        )
        crm.captures.submit("Web", {"email": "quux@mill.example", "name": "Kunigunde"})
        crm.people.edit(
            1,
            last_name="Zwetschgenmeier",
            phone="+49 777 1234",
            title="Chieftess",
            country="Waldorf",
            external_id="ext-777",
        )
        crm.find("zwetsch")
        crm.people.edit(1, email="quux@new.example", title="")
        crm.find("quux")
        crm.people.add(last_name="Berg", company=1)
        crm.selections.create("Fair", ids=[1, 2])
        crm.opportunities.add("Deal", person=1)
        crm.opportunities.start(1, value=10)
        crm.opportunities.close(1, outcome="won", code="won")
        crm.people.set_status([1, 2], "qualified")
        crm.people.delete(1)
        crm.changes.undo("last")
    return path


def left(path: Path) -> list[str]:
    """What can still be read of her, in the bytes of the file and of what belongs to it, or in
    all that a server shows.
    """
    if is_address(path):
        with closing(connect(path, lock_wait=5)) as engine:
            tables = [*engine.tables(), "search"]
            rows = [engine.query(f"SELECT * FROM {name}") for name in tables]
        return [word for word in HER if word in str(rows).lower()]
    files = [path, path.with_name("leads.db-wal"), path.with_name("leads.db-shm")]
    content = b"".join(file.read_bytes() for file in files if file.exists()).lower()
    return [word for word in HER if word.encode() in content]


def changes_of(crm: Crm) -> Iterator[tuple[int, str]]:
    """Number and command of all changes, the oldest first."""
    for change in reversed(list(crm.changes.list())):
        yield change["id"], change["command"]


def test_no_byte_is_left(path: Path) -> None:
    assert left(path) == list(HER)
    with open_crm(path, user="ben") as crm:
        report = crm.people.erase(1, WriteOptions(reason="asked for by letter"))
        assert left(path) == []
        assert (report.matched, report.changed, report.notices) == (1, 1, [COPIES])
        person = crm.people.show(1)
        assert (person["name"], person["retired"], person["company"]) == ("(erased)", True, "Acme")
        assert (person["lead_status"], person["email"], person["extra"]) == ("qualified", None, {})
        assert crm.find("kunigunde") == crm.find("quux") == []
        assert [found["id"] for found in crm.find("erased")] == [1]
        members = crm.people.list(Choice(selection="Fair", hidden=True))
        assert [member["id"] for member in members] == [2]
        assert [capture["status"] for capture in crm.captures.list()] == ["processed"] * 2
        assert {crm.captures.show(id)["payload"] for id in (1, 2)} == {"{}"}
        assert crm.opportunities.show(1)["person"] == "(erased)"
        assert [one for one in crm.db.check() if not one.ok] == []
    assert left(path) == []


def test_the_receipt(path: Path) -> None:
    with open_crm(path, user="ben") as crm:
        change = crm.people.erase(1, WriteOptions(reason="asked for by letter")).change
        shown = crm.changes.show(change)
        assert (shown["user"], shown["command"], shown["records"]) == ("ben", "person erase", 1)
        assert shown["reason"] == "asked for by letter"
        rows = [(row["entity"], row["entity_id"], row["field"]) for row in shown["history"]]
        assert rows == [("person", 1, "erased"), ("capture", 1, "erased"), ("capture", 2, "erased")]
        assert all(row["old"] is row["new"] is None for row in shown["history"])
        texts = {str(row["old"]) + str(row["new"]) for row in crm.people.history(1)}
        assert any("open" in text and "qualified" in text for text in texts)


def test_nothing_brings_it_back(path: Path) -> None:
    with open_crm(path, user="anna") as crm:
        change = crm.people.erase(1).change
        for number, command in list(changes_of(crm)):
            for options in (WriteOptions(), KEEP_GOING):
                with suppress(LeadctlError):
                    crm.changes.undo(number, options)
                    assert number != change, command
            assert left(path) == []
        assert [one for one in crm.db.check() if not one.ok] == []
        assert crm.people.show(1)["name"] == "(erased)"


def test_an_earlier_change_is_undone_for_the_others(path: Path) -> None:
    with open_crm(path, user="anna") as crm:
        both = next(id for id, command in changes_of(crm) if command == "person set-status")
        crm.people.erase(1)
        with pytest.raises(LeadctlError) as caught:
            crm.changes.undo(both)
        assert (caught.value.code, caught.value.exit_code) == ("change_purged", 4)
        report = crm.changes.undo(both, KEEP_GOING._replace(details=True))
        assert (report.changed, report.refused) == (1, 1)
        assert [(problem.id, problem.reason.code) for problem in report.problems] == [
            (1, "change_purged")
        ]
        codes = {line["id"]: line["code"] for line in report.details()}
        assert codes == {1: "change_purged", 2: None}
        assert crm.people.show(2)["lead_status"] == "open"
        # What is done with the record afterwards is a change like any other.
        change = crm.people.retire(1, undo=True).change
        assert crm.changes.undo(change).changed == 1


def test_a_person_who_was_deleted(path: Path) -> None:
    with open_crm(path, user="anna") as crm:
        crm.people.delete(1)
        deleted = crm.people.delete(2).change
        assert crm.people.erase(1).changed == 1
        assert left(path) == []
        assert crm.changes.undo(deleted).changed == 1
        with pytest.raises(LeadctlError) as caught:
            crm.changes.undo(deleted - 1)
        assert caught.value.code == "change_purged"
        assert crm.people.erase(1).unchanged == 1
        with pytest.raises(LeadctlError) as caught:
            crm.people.erase(1, WriteOptions(expect=(2, 2)))
        assert caught.value.exit_code == 7
        assert [one for one in crm.db.check() if not one.ok] == []
    assert left(path) == []


def test_erased_once_is_erased(path: Path) -> None:
    with open_crm(path) as crm:
        crm.people.erase("ext:ext-777")
        before = dump(path)
        report = crm.people.erase(1)
        assert (report.unchanged, report.change, report.notices) == (1, None, [])
        assert dump(path) == before
        for nobody in (99, "ext:ext-777"):
            with pytest.raises(LeadctlError) as caught:
                crm.people.erase(nobody)
            assert caught.value.exit_code == 3
        crm.people.edit(1, last_name="Again")
        assert crm.people.erase(1).changed == 1


def test_a_dry_run_leaves_all(path: Path) -> None:
    before = dump(path)
    with open_crm(path) as crm:
        report = crm.people.erase(1, WriteOptions(dry_run=True, details=True))
        assert (report.changed, report.change) == (1, None)
        assert [line["changes"] for line in report.details()] == [{"erased": [None, None]}]
    assert dump(path) == before


def test_a_submission_that_waits_is_rejected(path: Path) -> None:
    with open_crm(path) as crm:
        crm.forms.edit("Web", mode="manual")
        waiting = crm.captures.submit("Web", {"email": "QUUX@NEW.example", "last_name": "K"})
        other = crm.captures.submit("Web", {"email": "berg@x.example", "last_name": "Berg"})
        crm.people.erase(1)
        assert crm.captures.show(waiting[0]["id"])["status"] == "rejected"
        assert crm.captures.show(other[0]["id"])["status"] == "submitted"
    assert left(path) == []


def test_where_the_name_still_stands_is_told(path: Path) -> None:
    with open_crm(path) as crm:
        crm.companies.edit(1, website="https://KUNIGUNDE Zwetschgenmeier.example")
        crm.people.edit(2, email="quux@new.example")
        report = crm.people.erase(1)
        (told, copies) = report.notices
        assert copies is COPIES
        assert told.details["places"][0] == "company 1"
        assert "person 2" in told.details["places"]
        assert any(place.startswith("history ") for place in told.details["places"])


@pytest.mark.files
def test_what_others_hold_open_is_told(path: Path, monkeypatch) -> None:
    with open_crm(path) as crm, open_crm(path) as reader:
        with reader.engine.snapshot():
            report = crm.people.erase(1)
        assert UNFINISHED in report.notices
        crm.db.vacuum()
        assert left(path) == []
        crm.people.edit(1, last_name="Zwetschgenmeier")
        assert crm.people.erase(1).notices == [COPIES]
        crm.people.edit(1, last_name="Zwetschgenmeier")
        real = Sqlite.execute

        def full(engine: Sqlite, sql: str, **parameters: object) -> int:
            if sql == "VACUUM":
                raise DatabaseError("there is no space left for {path}", code="disk_full", path="x")
            return real(engine, sql, **parameters)

        monkeypatch.setattr(Sqlite, "execute", full)
        assert UNFINISHED in crm.people.erase(1).notices
        assert crm.people.show(1)["name"] == "(erased)"
        assert crm.people.erase(1).notices == [UNFINISHED]
        monkeypatch.undo()
        # What was not finished then is finished now.
        assert crm.people.erase(1).notices == []
        assert left(path) == []


@pytest.mark.files
def test_an_interrupt_while_the_file_is_built_anew(path: Path, monkeypatch) -> None:
    real = Sqlite.execute

    def interrupted(engine: Sqlite, sql: str, **parameters: object) -> int:
        if sql == "VACUUM":
            raise KeyboardInterrupt
        return real(engine, sql, **parameters)

    with open_crm(path) as crm:
        monkeypatch.setattr(Sqlite, "execute", interrupted)
        error = failing(lambda: crm.people.erase(1))
        assert (error.exit_code, str(error)) == (130, "interrupted after the change was made")
        assert crm.people.show(1)["name"] == "(erased)"
        monkeypatch.undo()
        assert crm.people.erase(1).unchanged == 1
    assert left(path) == []


def test_history_stays_append_only(path: Path) -> None:
    with open_crm(path) as crm:
        crm.people.erase(1)
        crm.db.prune("0d")
    with closing(connect(path, lock_wait=5)) as engine:
        for sql in ("DELETE FROM history", "UPDATE history SET old = 'x'", "DELETE FROM change"):
            with pytest.raises(LeadctlError, match="append-only"):
                engine.execute(sql)
