"""``db copy``: from a file to a server and back, with everything that is there."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

from leadctl import open_crm
from leadctl.core.copying import copy
from leadctl.store.opening import connect
from leadctl.store.version import SCHEMA
from tests.conftest import left_over
from tests.core.copied import WEIRD, broken, dump, exported, newest


def test_from_a_file_to_a_server_and_back(rich: Path, fresh_address: str, tmp_path: Path) -> None:
    back = tmp_path / "back.db"
    done = copy(rich, fresh_address)
    assert (done["from"], done["to"]) == (str(rich), fresh_address)
    assert copy(fresh_address, back) == done | {"from": fresh_address, "to": str(back)}
    files = exported(rich, tmp_path / "one")
    assert len(files) == done["tables"] == 22
    assert sum(content.count(b"\n") for content in files.values()) == done["rows"]
    assert exported(fresh_address, tmp_path / "two") == files
    assert exported(back, tmp_path / "three") == files
    assert dump(back) == dump(rich)
    assert back.stat().st_mode & 0o777 == 0o600
    assert left_over(tmp_path) == []
    told = []
    for where in (rich, fresh_address, back):
        assert broken(where) == []
        with open_crm(where) as crm:
            info = crm.db.info()
            told.append({name: info[name] for name in list(info) if name not in _PLACES})
            assert [found["name"] for found in crm.find("kari web")] == ["Kari Web"]
            assert json.loads(files["company.ndjson"].splitlines()[0])["website"] == WEIRD
    assert told[0]["schema"] == SCHEMA
    assert told[0] == told[1] == told[2]
    with closing(connect(rich, lock_wait=0)) as one, closing(connect(back, lock_wait=0)) as two:
        assert one.views() == two.views()
        assert "selection_hot_leads" in two.views()


_PLACES = ("path", "engine", "size_bytes")


def test_numbers_go_on_and_what_was_done_can_be_undone(
    rich: Path, fresh_address: str, tmp_path: Path
) -> None:
    with open_crm(rich) as crm:
        before = newest(crm)
        changes = list(crm.changes.list())
        edited = next(change["id"] for change in changes if change["command"] == "person edit")
        last = crm.engine.last_number("change")
    copies = (fresh_address, tmp_path / "file.db")
    for where in copies:
        copy(rich, where)
        with open_crm(where, user="anna") as crm:
            assert crm.people.show(2)["title"] == "Boss"
            assert crm.changes.undo(edited).changed == 1
            assert crm.people.show(2)["title"] != "Boss"
            crm.companies.add("Next")
            assert crm.engine.last_number("change") == last + 2
            assert newest(crm) == before + 2
            assert [one["name"] for one in crm.find("next")] == ["Next"]
        assert broken(where) == []


def test_from_one_server_database_to_another(ready_address, fresh_address: str) -> None:
    origin = ready_address()
    with open_crm(origin, user="anna") as crm:
        crm.companies.add("Acme")
    copy(origin, fresh_address)
    with open_crm(fresh_address) as crm:
        assert [company["name"] for company in crm.companies.list()] == ["Acme"]
        (indexes,) = crm.engine.query("SELECT count(*) FROM pg_indexes WHERE schemaname = 'public'")
        (references,) = crm.engine.query("SELECT count(*) FROM pg_constraint WHERE contype = 'f'")
    with open_crm(origin) as crm:
        assert crm.engine.query("SELECT count(*) FROM pg_indexes WHERE schemaname = 'public'") == [
            indexes
        ]
        assert crm.engine.query("SELECT count(*) FROM pg_constraint WHERE contype = 'f'") == [
            references
        ]


def test_what_others_write_meanwhile_is_not_copied(place, tmp_path: Path) -> None:
    source = place()
    with open_crm(source, user="anna") as crm:
        crm.companies.add("Before")

    def told(_table: str, _rows: int) -> None:
        with open_crm(source, user="ben") as crm:
            crm.companies.add("Meanwhile")

    copy(source, tmp_path / "new.db", told=told)
    with open_crm(tmp_path / "new.db") as crm:
        assert [company["name"] for company in crm.companies.list()] == ["Before"]
    with open_crm(source) as crm:
        assert len(list(crm.companies.list())) > 40
    assert broken(tmp_path / "new.db") == []
