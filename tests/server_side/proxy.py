"""Stands between leadctl and a server, and cuts the connection where a test wants it cut.

It knows of PostgreSQL's protocol how a message begins: with a letter, and its length in four bytes;
the first one has no letter. A simple query is ``Q``.
"""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress


class Proxy:
    """A port of the loopback address that leads to ``port``.

    ``cuts`` says what becomes of the next queries that begin with ``words``, one after the other:
    ``before`` cuts both ends and the server never gets it, ``after`` waits for the server's answer
    and passes it on to nobody, ``swallow`` cuts the client's end alone, and the server knows of
    nothing. ``pass`` lets one pass, as all others.
    """

    def __init__(self, port: int, *cuts: str) -> None:
        self.cuts = list(cuts)
        self.words = b"COMMIT\0"
        # With the last cut the server is out of reach for good.
        self.then_gone = False
        self.gone = self._over = False
        self.answered = b""
        self._target = ("127.0.0.1", port)
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._start(self._accept)

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, *_: object) -> None:
        self._over = True
        # Wakes who waits for a client.
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port)).close()
        self._listening.close()
        for it in self._sockets:
            _cut(it)
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive()
        for it in self._sockets:
            it.close()

    def address(self, database: str) -> str:
        """The address of a database, the way through here."""
        return (
            f"postgresql://tester@127.0.0.1:{self.port}/{database}"
            "?sslmode=disable&gssencmode=disable"
        )

    def _start(self, call, *words) -> None:
        thread = threading.Thread(target=call, args=words, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._over:
            client, _ = self._listening.accept()
            if self.gone or self._over:
                client.close()
                continue
            server = socket.create_connection(self._target)
            self._sockets += [client, server]
            awaited = threading.Event()
            self._start(self._forward, client, server, awaited)
            self._start(self._answer, client, server, awaited)

    def _forward(
        self, client: socket.socket, server: socket.socket, awaited: threading.Event
    ) -> None:
        with suppress(OSError):
            kind = b""
            while True:
                head = kind + _read(client, 4)
                body = _read(client, struct.unpack("!I", head[-4:])[0] - 4)
                meant = kind == b"Q" and body.startswith(self.words) and bool(self.cuts)
                cut = self.cuts.pop(0) if meant else ""
                if cut:
                    self.gone = self.then_gone and not self.cuts
                if cut == "after":
                    awaited.set()
                if cut in ("before", "swallow"):
                    _cut(client)
                    if cut == "before":
                        _cut(server)
                    return
                server.sendall(head + body)
                kind = _read(client, 1)
        if not awaited.is_set():
            _cut(server)

    def _answer(
        self, client: socket.socket, server: socket.socket, awaited: threading.Event
    ) -> None:
        with suppress(OSError):
            while some := server.recv(65536):
                if awaited.is_set():
                    self.answered += some
                    _cut(client)
                    _cut(server)
                    return
                client.sendall(some)
        _cut(client)


def _read(source: socket.socket, size: int) -> bytes:
    read = b""
    while len(read) < size:
        some = source.recv(size - len(read))
        if not some:
            raise OSError("closed")
        read += some
    return read


def _cut(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
