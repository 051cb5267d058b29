"""Files beside the data: complete or not there, and with the change of which they are a part."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from leadctl import LeadctlError, WriteOptions
from leadctl.core.drafts import Draft, drafting
from leadctl.core.imports import ImportFile
from leadctl.errors import Partial, UsageError

KEEP_GOING = WriteOptions(keep_going=True)


def write(crm, target: Path, text: str = "new") -> None:
    """Write a file by way of a draft."""
    with drafting(crm, target) as draft:
        draft.write_text(text)


def left(folder: Path) -> list[str]:
    """The drafts that nobody has cleared away."""
    return [path.name for path in folder.iterdir() if path.name.endswith(".new")]


@pytest.fixture
def source(tmp_path: Path) -> ImportFile:
    """A file with a good row and a bad one."""
    file = tmp_path / "companies.csv"
    file.write_text("name\nGood\n \n", encoding="utf-8")
    return ImportFile(str(file), rejects=str(tmp_path / "bad.csv"))


def test_a_file_is_in_place_at_once(crm, tmp_path) -> None:
    target = tmp_path / "file"
    write(crm, target)
    assert target.read_text() == "new"
    target.chmod(0o640)
    write(crm, target, "newer")
    assert (target.read_text(), target.stat().st_mode & 0o777) == ("newer", 0o640)
    assert left(tmp_path) == []


def test_a_block_that_fails_leaves_what_was_there(crm, tmp_path) -> None:
    target = tmp_path / "file"
    target.write_text("old")
    with pytest.raises(KeyError), drafting(crm, target) as draft:
        draft.write_text("new")
        raise KeyError
    assert target.read_text() == "old"
    assert left(tmp_path) == []


def test_a_file_waits_for_the_commit(crm, tmp_path) -> None:
    target, other = tmp_path / "file", tmp_path / "other"
    target.write_text("old")
    with crm.change():
        write(crm, target, "first")
        with crm.change():
            write(crm, other)
        write(crm, target, "second")
        assert target.read_text() == "old"
        assert not other.exists()
    assert (target.read_text(), other.read_text()) == ("second", "new")
    assert left(tmp_path) == []


def test_a_change_that_is_taken_back_takes_its_files_back(crm, tmp_path) -> None:
    target, kept = tmp_path / "file", tmp_path / "kept"
    with pytest.raises(KeyError), crm.change():
        write(crm, target)
        raise KeyError
    with pytest.raises(LeadctlError), crm.change(max_changes=0):
        write(crm, target)
        crm.companies.add("Acme")
    with crm.change(dry_run=True):
        write(crm, target)
    with crm.change():
        with crm.change(dry_run=True):
            write(crm, target)
        with pytest.raises(KeyError), crm.change():
            write(crm, target)
            raise KeyError
        write(crm, kept)
    assert not target.exists()
    assert kept.read_text() == "new"
    assert left(tmp_path) == []


def test_a_file_that_cannot_take_its_place_leaves_the_change(crm, tmp_path) -> None:
    target, other, third = (tmp_path / name for name in ("file", "other", "third"))
    told = []
    crm.on_change = lambda id, command: told.append(id)
    with pytest.raises(Partial) as caught, crm.change() as change:
        write(crm, target)
        write(crm, other)
        write(crm, third)
        crm.companies.add("Acme")
        target.mkdir()
        third.mkdir()
    assert caught.value.details == {"path": str(target), "problem": "Is a directory"}
    assert told == [change.report.change]
    assert crm.companies.count() == 1
    assert other.read_text() == "new"
    assert left(tmp_path) == []


def test_targets_that_cannot_be_written(crm, tmp_path) -> None:
    link = tmp_path / "link"
    link.symlink_to(crm.engine.path)
    wal = Path(crm.engine.path + "-wal")
    for target in (
        tmp_path,
        tmp_path / "none" / "file",
        tmp_path / ("x" * 300),
        Path(crm.engine.path),
        Path(crm.engine.path) / "file",
        link,
        wal,
        Path("/dev/full"),
    ):
        with pytest.raises(UsageError):
            write(crm, target)
    assert crm.companies.count() == 0
    assert left(tmp_path) == []


def test_a_journal_that_is_not_there_yet_is_of_the_database(crm) -> None:
    with pytest.raises(UsageError, match="is the database"):
        write(crm, Path(crm.engine.path + "-journal"))


def test_a_pipe_is_written_to_and_stays(crm, tmp_path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    with crm.change():
        write(crm, pipe, "through")
    reader.join(10)
    assert read == ["through"]
    assert pipe.is_fifo()
    draft = Draft(pipe)
    draft.drop()
    draft.drop()
    assert not draft.path.exists()


def test_rejects_wait_for_the_commit(crm, source) -> None:
    rejects = Path(source.rejects)
    with pytest.raises(KeyError), crm.change():
        crm.companies.import_file(source, KEEP_GOING)
        raise KeyError
    with crm.change(dry_run=True):
        crm.companies.import_file(source, KEEP_GOING)
    assert not rejects.exists()
    assert crm.companies.count() == 0
    with crm.change():
        crm.companies.import_file(source, KEEP_GOING)
        assert not rejects.exists()
    assert rejects.read_text(encoding="utf-8") == "name\n \n"
    assert crm.companies.count() == 1


def test_rejects_never_take_the_place_of_the_source_or_the_database(crm, tmp_path) -> None:
    file = tmp_path / "companies.json"
    text = json.dumps([{"name": "A"}, {"name": ""}])
    file.write_text(text)
    for rejects, problem in (
        (file, "is the file that is imported"),
        (Path(crm.engine.path), "is the database"),
        (tmp_path / "none" / "bad.json", "No such file or directory"),
    ):
        with pytest.raises(UsageError, match=problem):
            crm.companies.import_file(ImportFile(str(file), rejects=str(rejects)), KEEP_GOING)
    assert file.read_text() == text
    assert crm.companies.count() == 0
    assert left(tmp_path) == []
