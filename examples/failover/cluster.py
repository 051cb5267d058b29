"""Three nodes on loopback in one folder; each is an etcd member, Patroni and PostgreSQL."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

USER = "postgres"  # PostgreSQL refuses to run as root; Debian's package makes this user
PACKAGES = {"etcd": "etcd-server", "patroni": "patroni"}  # what is missing when a program is
# How soon a dead leader is noticed: its lock in etcd ends after "ttl" seconds. Patroni wants
# ttl >= loop_wait + 2 * retry_timeout; from 3.2 on it makes 20 of a shorter ttl.
TIMES = {"ttl": 8, "loop_wait": 1, "retry_timeout": 3}
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # whatever http_proxy says


def install() -> None:
    """Install from Debian's packages what is missing; no service is started by that."""
    missing = [package for tool, package in PACKAGES.items() if not shutil.which(tool)]
    if not binaries():
        missing.append("postgresql")
    if not missing:
        return
    print("installing", *missing, flush=True)
    policy = Path("/usr/sbin/policy-rc.d")
    mine = not policy.exists()
    try:
        if mine:
            policy.write_text("#!/bin/sh\nexit 101\n")
            policy.chmod(0o755)
        apt_get("update")
        apt_get("install", "-y", "--no-install-recommends", *missing)
    finally:
        if mine:
            policy.unlink(missing_ok=True)


def apt_get(*words: str) -> None:
    """Run apt-get; what it prints is only shown when it fails."""
    ran = subprocess.run(
        ["apt-get", *words],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
    )
    if ran.returncode:
        raise SystemExit(f"apt-get {' '.join(words)} failed:\n{ran.stdout}{ran.stderr}")


def binaries() -> Path | None:
    """The folder with the programs of the newest PostgreSQL server that is installed."""
    found = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    return max((file.parent for file in found), key=lambda at: int(at.parent.name), default=None)


def adopt_orphans() -> None:
    """Become the parent of whatever a child leaves behind, so that ``kill`` finds everything."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def tree(*roots: int) -> list[int]:
    """The processes and all that descend from them."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found = list(roots)
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def kill(*roots: int) -> None:
    """End the processes and all that descend from them at once, and wait until they are gone."""
    for pid in roots:  # nobody starts another process meanwhile
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    pids = tree(*roots)
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        for pid in pids:  # whoever nobody waits for stays in the list of processes
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        time.sleep(0.05)


class Node:
    """One machine, so to speak."""

    def __init__(self, name: str, folder: Path, ports: list[int]) -> None:
        self.name = name
        self.folder = folder / name
        self.etcd, self.peer, self.rest, self.port = ports
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, nodes: list[Node]) -> None:
        """Start etcd and Patroni, which starts PostgreSQL."""
        self.folder.mkdir(exist_ok=True)
        shutil.chown(self.folder, USER, USER)
        client, peer = f"http://127.0.0.1:{self.etcd}", f"http://127.0.0.1:{self.peer}"
        members = ",".join(f"{node.name}=http://127.0.0.1:{node.peer}" for node in nodes)
        etcd = ["etcd", f"--name={self.name}", f"--data-dir={self.folder / 'etcd'}"]
        etcd += [f"--listen-client-urls={client}", f"--advertise-client-urls={client}"]
        etcd += [f"--listen-peer-urls={peer}", f"--initial-advertise-peer-urls={peer}"]
        etcd += [f"--initial-cluster={members}"]
        settings = self.folder / "patroni.yml"
        settings.write_text(json.dumps(self.settings(nodes), indent=2))  # JSON is YAML, too
        self.running = [self.spawn("etcd", etcd), self.spawn("patroni", ["patroni", str(settings)])]

    def settings(self, nodes: list[Node]) -> dict[str, object]:
        """What Patroni has to know."""
        shared = TIMES | {
            # A commit is acknowledged when a second node has it, and only such a node takes over.
            # "strict": without a second node nothing is acknowledged.
            "synchronous_mode": True,
            "synchronous_mode_strict": True,
            "postgresql": {"use_pg_rewind": True, "use_slots": True},
        }
        return {
            "scope": "leads",
            "name": self.name,
            "restapi": {
                "listen": f"127.0.0.1:{self.rest}",
                "connect_address": f"127.0.0.1:{self.rest}",
            },
            "etcd3": {"hosts": [f"127.0.0.1:{node.etcd}" for node in nodes]},
            "bootstrap": {
                "dcs": shared,
                "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, "data-checksums"],
            },
            "postgresql": {
                "listen": f"127.0.0.1:{self.port}",
                "connect_address": f"127.0.0.1:{self.port}",
                "bin_dir": str(binaries()),
                "data_dir": str(self.folder / "data"),
                "authentication": {
                    "superuser": {"username": "postgres"},
                    "replication": {"username": "replicator"},
                    "rewind": {"username": "postgres"},
                },
                "pg_hba": [
                    "local all all trust",
                    "host all all 127.0.0.1/32 trust",
                    "host replication all 127.0.0.1/32 trust",
                ],
                "parameters": {
                    "unix_socket_directories": str(self.folder),
                    "shared_buffers": "32MB",
                    "dynamic_shared_memory_type": "mmap",  # in the folder, not in /dev/shm
                    "wal_retrieve_retry_interval": "500ms",  # follow a new leader soon
                },
            },
        }

    def spawn(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        """Start a program as the user of PostgreSQL; what it prints goes to a file.

        It is told to end even when this script is killed in a way that leaves no time to clean up.
        """
        become = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
        with open(self.folder / f"{name}.log", "ab") as log:
            return subprocess.Popen(
                [*become, "--pdeathsig=TERM", *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"},
                start_new_session=True,
            )

    def lock_file(self) -> list[str]:
        """The lines that a running PostgreSQL keeps, and one that was killed leaves behind."""
        with suppress(FileNotFoundError):
            return (self.folder / "data" / "postmaster.pid").read_text().splitlines()
        return []

    def segment(self) -> str | None:
        """The number of PostgreSQL's segment of shared memory, if it has one."""
        return next((line.split()[1] for line in self.lock_file()[6:7] if line.strip()), None)

    def kill(self) -> None:
        """All of the node's processes die at once."""
        postmaster = (int(line) for line in self.lock_file()[:1])
        kill(*(process.pid for process in self.running), *postmaster)
        self.running = []

    def status(self) -> dict[str, object]:
        """What the node's Patroni says of it; empty when it says nothing."""
        address = f"http://127.0.0.1:{self.rest}/patroni"
        with suppress(OSError, ValueError), DIRECT.open(address, timeout=2) as answer:
            return json.load(answer)
        return {}


class Cluster:
    """The nodes together."""

    def __init__(self, folder: Path) -> None:
        # Below the ports that outgoing connections get: none of those may take a dead node's port.
        free = [port for port in range(21000, 21400) if is_free(port)]
        shutil.chown(folder, USER, USER)
        self.nodes = [Node(f"n{i + 1}", folder, free[4 * i : 4 * i + 4]) for i in range(3)]

    def start(self) -> None:
        """Start all nodes."""
        for node in self.nodes:
            node.start(self.nodes)

    def url(self, user: str, database: str) -> str:
        """The address that finds the node that takes writes, whichever it is."""
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)
        return f"postgresql://{user}@{hosts}/{database}?target_session_attrs=read-write&connect_timeout=2"

    def sql(self, *statements: str) -> None:
        """Run statements as the superuser."""
        words = [word for statement in statements for word in ("-c", statement)]
        psql = [str(binaries() / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1"]
        subprocess.run([*psql, "-d", self.url("postgres", "postgres"), *words], check=True)

    def leader(self) -> Node | None:
        """The leader, when it has two running replicas, and one of them may take over."""
        states = {node.name: node.status() for node in self.nodes}
        leaders = [
            node for node in self.nodes if states[node.name].get("role") in {"master", "primary"}
        ]
        running = [
            state for state in states.values() if state.get("state") in {"running", "streaming"}
        ]
        standby = [state for state in running if state.get("sync_standby")]
        if len(leaders) != 1 or len(running) != 3 or not standby:
            return None
        return leaders[0] if len(states[leaders[0].name].get("replication", ())) == 2 else None

    def wait(self, seconds: float = 120) -> Node:
        """Wait until every node is up and the leader could be lost; returns the leader."""
        until = time.monotonic() + seconds
        while not (leader := self.leader()):
            if time.monotonic() > until:
                states = {node.name: node.status() for node in self.nodes}
                raise TimeoutError(f"the nodes are not up after {seconds} s: {json.dumps(states)}")
            time.sleep(0.5)
        return leader


def is_free(port: int) -> bool:
    """Whether nobody listens on the port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def clean_up(nodes: list[Node]) -> None:
    """Leave no process behind, nor what a server that was killed leaves in the memory."""
    # An initdb that is told to end gives back its shared memory.
    for pid in tree(os.getpid())[1:]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    time.sleep(1)
    while left := tree(os.getpid())[1:]:
        kill(*left)
    for node in nodes:
        if segment := node.segment():
            subprocess.run(["ipcrm", "-m", segment], check=False, stderr=subprocess.DEVNULL)
