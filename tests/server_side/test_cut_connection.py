"""The connection is lost while a change is committed: what is said is what became of it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from leadctl import init
from leadctl.core.people import People
from leadctl.errors import Busy, DatabaseError, LeadctlError, Unavailable
from leadctl.store import postgres_commit
from leadctl.store.opening import connect
from tests.conftest import Cli
from tests.server_side.proxy import Proxy

PEOPLE = "SELECT last_name FROM person ORDER BY id"
CHANGES = "SELECT id FROM change ORDER BY id"
ADD = ("person", "add", "--last-name", "Vik")


@pytest.fixture
def past(ready_address) -> str:
    """The address of a new database, past the proxy."""
    return ready_address(bare=True)


@pytest.fixture
def proxy(server):
    """What all commands go through."""
    with Proxy(server.port) as made:
        yield made


@pytest.fixture
def cli(past: str, proxy: Proxy, capsys) -> Cli:
    """The command line, the way through the proxy."""
    return Cli(proxy.address(past.rpartition("/")[2]), capsys)


def test_nothing_is_cut_without_a_wish(cli, past, asked) -> None:
    assert cli.json(*ADD)["id"] == 1
    assert asked(past, PEOPLE) == [("Vik",)]


def test_cut_before_the_server_gets_it(proxy, cli, past, asked) -> None:
    cli(*ADD)
    proxy.cuts = ["before"]
    error = cli.error(*ADD, code=75)
    assert error["code"] == "unavailable"
    assert error["message"].endswith("was lost before the change was committed")
    assert error["hint"] == "nothing was changed; try again"
    assert (asked(past, PEOPLE), asked(past, CHANGES)) == ([("Vik",)], [(1,)])
    # In words: one line, and what to do.
    proxy.cuts = ["before"]
    lines = cli(*ADD, code=75).err.splitlines()
    assert [line.split(":")[0] for line in lines] == ["Error", "Hint"]
    # Its number is free.
    assert cli.json(*ADD)["id"] == 2


def test_cut_after_the_server_has_answered(proxy, cli, past, asked) -> None:
    proxy.cuts = ["after"]
    assert cli.json(*ADD)["id"] == 1
    assert b"COMMIT" in proxy.answered
    assert (asked(past, PEOPLE), asked(past, CHANGES)) == ([("Vik",)], [(1,)])
    proxy.cuts = ["after"]
    assert cli.json("person", "edit", "1", "--title", "Chief")["change"] == 2
    assert proxy.cuts == []
    proxy.cuts = ["after"]
    rows = cli("person", "edit", "1", "--title", "Boss", "-f", "ndjson").lines
    assert rows[0]["result"] == "changed"
    assert asked(past, "SELECT title FROM person") == [("Boss",)]


@pytest.mark.parametrize("cut", ["before", "after", "swallow"])
@pytest.mark.parametrize("words", [b"SELECT pg_backend_pid", b"BEGIN", b"INSERT INTO change", b""])
def test_cut_before_the_end(proxy, cli, past, asked, cut: str, words: bytes) -> None:
    proxy.cuts, proxy.words = [cut], words
    error = cli.error(*ADD, code=75)
    assert (error["code"], error["hint"]) == ("unavailable", "nothing was changed; try again")
    assert proxy.cuts == []
    assert asked(past, CHANGES) == []
    assert cli.json(*ADD)["id"] == 1


@pytest.mark.parametrize(("first", "there"), [("before", []), ("after", [("Vik",)])])
def test_cut_again_while_it_is_found_out(
    proxy, cli, past, asked, monkeypatch, first: str, there: list
) -> None:
    monkeypatch.setattr(postgres_commit, "PAUSE", 0.01)
    proxy.cuts = [first, "before", "after", "swallow"]
    cli(*ADD, code=0 if there else 75)
    assert proxy.cuts == []
    assert asked(past, PEOPLE) == there


@pytest.mark.parametrize("cut", ["before", "after"])
def test_out_of_reach_for_too_long(proxy, cli, past, asked, monkeypatch, cut: str) -> None:
    monkeypatch.setattr(postgres_commit, "FINDING_OUT", 0.1)
    monkeypatch.setattr(postgres_commit, "PAUSE", 0.05)
    proxy.cuts, proxy.then_gone = [cut], True
    error = cli.error(*ADD, code=10)
    assert error["code"] == "commit_unknown"
    assert error["details"]["id"] == 1
    assert error["hint"].startswith("change show 1 tells")
    assert len(asked(past, PEOPLE)) == (cut == "after")


def test_a_session_that_goes_on_without_its_client_is_ended(proxy, cli, past, asked) -> None:
    proxy.cuts = ["swallow"]
    before = time.monotonic()
    assert cli.error(*ADD, code=75)["hint"] == "nothing was changed; try again"
    assert time.monotonic() - before < 5
    assert asked(past, PEOPLE) == []
    left = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%%'"
    )
    assert asked(past, left) == [(0,)]
    cli(*ADD)


def test_a_change_with_savepoints_is_recognised(proxy, cli) -> None:
    engine = connect(cli.path, lock_wait=5)
    proxy.cuts = ["after"]
    with engine.transaction():
        with engine.transaction():
            id = engine.value(
                "INSERT INTO change (at, stamp, author, command)"
                " VALUES ('2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 'a', 'b') RETURNING id"
            )
            engine.belongs_to(id)
    assert engine.committed
    # What came after it does not make it somebody else's.
    assert engine._committer.outcome(id, *_own(engine, id)) is True
    with engine.transaction():
        engine.execute("UPDATE change SET undone_by = 1 WHERE id = :id", id=id)
    engine.belongs_to(id)
    own, _ = _own(engine, id)
    assert engine._committer.outcome(id, own, "2026-01-01T00:00:00Z") is True
    # A standby that took over gave the numbers to another change.
    assert engine._committer.outcome(id, own, "2026-01-01T00:00:02Z") is False
    # Or has never heard of the transaction.
    assert engine._committer.outcome(id, str(int(own) + 1000), "2026-01-01T00:00:00Z") is False
    engine.close()


def _own(engine, id: int) -> tuple[str, str]:
    """The number of a transaction that has been committed, and when its change began."""
    engine.belongs_to(id)
    with engine.transaction():
        engine.belongs_to(id)
        own, at = engine.query(
            "SELECT CAST(pg_current_xact_id() AS text), at FROM change WHERE id = :id", id=id
        )[0]
        engine.execute("UPDATE number_given SET last = last WHERE name = 'change'")
    return own, at


def test_what_has_not_ended_is_not_known(past) -> None:
    one, other = connect(past, lock_wait=5), connect(past, lock_wait=5)
    with one.transaction():
        own = one.value("SELECT CAST(pg_current_xact_id() AS text)")
        assert other._committer.outcome(None, own, None) is None
    assert other._committer.outcome(None, own, None) is True
    with one.transaction() as transaction:
        own = one.value("SELECT CAST(pg_current_xact_id() AS text)")
        transaction.roll_back()
    assert other._committer.outcome(None, own, None) is False
    one.close()
    other.close()


def test_what_has_not_ended_is_waited_for(past, monkeypatch) -> None:
    monkeypatch.setattr(postgres_commit, "PAUSE", 0.01)
    one, other = connect(past, lock_wait=5), connect(past, lock_wait=5)
    with ThreadPoolExecutor() as pool:
        with one.transaction():
            own = one.value("SELECT CAST(pg_current_xact_id() AS text)")
            monkeypatch.setattr(postgres_commit, "FINDING_OUT", 0.05)
            with pytest.raises(DatabaseError) as caught:
                other._committer._was_committed(3, own, None)
            assert caught.value.code == "commit_unknown"
            monkeypatch.setattr(postgres_commit, "FINDING_OUT", 20)
            waiting = pool.submit(other._committer._was_committed, None, own, None)
            time.sleep(0.1)
            assert not waiting.done()
        assert waiting.result() is True
    one.close()
    other.close()


def test_what_was_sent_is_stored_when_it_cannot_be_processed(proxy, cli, past, asked) -> None:
    cli("category", "add", "Lead", "--group", "potential_customer", "--lead-status")
    cli("user", "add", "anna")
    cli("form", "add", "Web", "--category", "lead", "--owner", "anna")
    proxy.cuts = ["pass", "before"]
    words = ("capture", "submit", "web", "--data", "email=liv@example.com", "--data", "name=Liv")
    told = cli(*words, "-f", "json")
    assert proxy.cuts == []
    assert "was lost before the change was committed" in told.out
    assert asked(past, "SELECT count(*) FROM capture") == [(1,)]
    assert asked(past, "SELECT count(*) FROM person") == [(0,)]
    cli("capture", "process", "1", "--create")
    assert asked(past, "SELECT email FROM person") == [("liv@example.com",)]


def test_what_was_erased_is_erased_when_it_cannot_be_cleaned(proxy, cli, past, asked) -> None:
    cli(*ADD)
    proxy.cuts, proxy.words = ["before"], b"VACUUM"
    cli("person", "erase", "1", "-y")
    assert proxy.cuts == []
    assert asked(past, PEOPLE) != [("Vik",)]


@pytest.mark.parametrize("problem", [Unavailable, Busy])
def test_what_is_lost_after_a_change_is_no_reason_to_try_again(
    cli, past, asked, monkeypatch, problem: type[LeadctlError]
) -> None:
    adding = People.add

    def add_and_fail(self, **named):
        adding(self, **named)
        raise problem("{path} does not answer: {problem}", path="x", problem="y")

    monkeypatch.setattr(People, "add", add_and_fail)
    error = cli.error(*ADD, code=10)
    assert error["code"] == problem.default_code
    assert error["hint"] == "the change was made all the same; change undo last takes it back"
    assert asked(past, PEOPLE) == [("Vik",)]
    cli.error(*ADD, "--dry-run", code=75)


def test_a_batch_ends_with_its_connection(proxy, cli, past, asked, tmp_path) -> None:
    lines = tmp_path / "lines"
    lines.write_text("person add --last-name A\ncompany add B\nperson add --last-name C\n")
    proxy.cuts, proxy.words = ["before"], b"INSERT INTO company"
    error = cli.error("batch", lines, "--keep-going", code=75)
    assert error["code"] == "unavailable"
    assert error["details"]["line"] == 2
    assert asked(past, CHANGES) == []


def test_a_client_that_has_vanished_is_noticed(past) -> None:
    engine = connect(past, lock_wait=5)
    names = ("tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count")
    settings = ", ".join(f"current_setting('{name}')" for name in (*names, "tcp_user_timeout"))
    assert engine.query(f"SELECT {settings}") == [("30", "10", "3", "30000")]
    engine.close()


@pytest.mark.parametrize("cut", ["before", "after", "gone"])
def test_init(fresh_address: str, server, asked, monkeypatch, capsys, cut: str) -> None:
    monkeypatch.setattr(postgres_commit, "FINDING_OUT", 0.1)
    monkeypatch.setattr(postgres_commit, "PAUSE", 0.05)
    with Proxy(server.port, "after" if cut == "gone" else cut) as proxy:
        proxy.then_gone = cut == "gone"
        cli = Cli(proxy.address(fresh_address.rpartition("/")[2]), capsys)
        if cut == "after":
            cli("init")
        elif cut == "before":
            cli.error("init", code=75)
        else:
            assert cli.error("init", code=10)["code"] == "commit_unknown"
    assert init(fresh_address) is (cut == "before")


def test_what_follows_on_a_lost_connection_says_so(past) -> None:
    engine = connect(past, lock_wait=5)
    other = connect(past, lock_wait=5)
    rows = engine.stream("SELECT * FROM lead_status")
    next(rows)
    pid = engine._session._sessions[0][0]
    other.query("SELECT pg_terminate_backend(:pid)", pid=pid)
    with pytest.raises(Unavailable):
        engine.value("SELECT 1")
    with pytest.raises(Unavailable), engine.transaction():
        pass
    with pytest.raises(Unavailable):
        next(engine.stream("SELECT 1"))
    with pytest.raises(Unavailable):
        engine.load("t", ["a"], [(1,)])
    rows.close()
    engine.close()
    other.close()


def test_a_session_that_cannot_end_the_lost_one_tries_again(past, monkeypatch) -> None:
    engine = connect(past, lock_wait=5)
    session = engine._session
    (first,) = session._sessions
    making = session._connect

    def lost_at_once():
        connection = making()
        connection.close()
        return connection

    monkeypatch.setattr(session, "_connect", lost_at_once)
    with pytest.raises(Unavailable):
        session.renew()
    monkeypatch.undo()
    session.renew()
    assert session._sessions[0] == first
    assert len(session._sessions) == 3
    assert engine.value("SELECT 1") == 1
    engine.close()


@pytest.mark.parametrize("how", ["pg_cancel_backend", "pg_terminate_backend"])
def test_a_wait_for_standbys_that_is_cut_short(
    waiting_server, capsys, asked, wait_for, how: str
) -> None:
    server, address = waiting_server
    waits = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
    admin = server.address(address.rpartition("/")[2], user="postgres")
    cli = Cli(address, capsys)
    with ThreadPoolExecutor() as pool:
        ran = pool.submit(cli.json, *ADD)
        ((pid,),) = wait_for(lambda: asked(admin, waits))
        asked(admin, f"SELECT {how}(%s)", pid)
        # Finding out waits as well: what it says must be there on the standby.
        wait_for(lambda: [it for it in asked(admin, waits) if it != (pid,)])
        assert not ran.done()
        server.do("ALTER SYSTEM RESET synchronous_standby_names", user="postgres")
        server.do("SELECT pg_reload_conf()", user="postgres")
        assert ran.result()["id"] == 1
    assert asked(address, PEOPLE) == [("Vik",)]


@pytest.fixture
def waiting_server(durable_server):
    """A server that waits for a standby that does not exist."""
    address = durable_server.create("kept")
    init(address, bare=True)
    durable_server.do("ALTER SYSTEM SET synchronous_standby_names = 'nobody'", user="postgres")
    durable_server.do("SELECT pg_reload_conf()", user="postgres")
    return durable_server, address
