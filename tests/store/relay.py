"""What stands between a program and PostgreSQL: a wire that can be cut."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote


class Relay:
    """Passes on what it gets until it is cut: then nothing, and nobody is told."""

    def __init__(self, folder: Path) -> None:
        self._socket = str(next(folder.glob(".s.PGSQL.*[0-9]")))
        self._is_cut = threading.Event()
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]

    def cut(self) -> None:
        self._is_cut.set()

    def run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.socket(socket.AF_UNIX)
                far.connect(self._socket)
                self._open += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def close(self) -> None:
        for one in [self._listener, *self._open]:
            one.close()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                if not self._is_cut.is_set():
                    other.sendall(data)
            if not self._is_cut.is_set():
                other.shutdown(socket.SHUT_WR)


@contextmanager
def relayed(address: str) -> Iterator[tuple[Relay, str]]:
    """Give a way to the database at `address` (on a socket in a folder) through a relay, and that way's address."""
    before, _, folder = address.partition("?host=")
    relay = Relay(Path(unquote(folder)))
    threading.Thread(target=relay.run, daemon=True).start()
    try:
        yield relay, before.replace("postgres@/", f"postgres@127.0.0.1:{relay.port}/") + "?sslmode=disable"
    finally:
        relay.close()
