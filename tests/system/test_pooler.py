"""`targetwatch serve` behind pgbouncer: it says that it needs the address of PostgreSQL itself, and ends."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import unquote

from sqlalchemy.engine import Engine

from commands import process
from store.conftest import prepared_database, server

__all__ = ["prepared_database", "server"]
READY_SECONDS = 60


@contextmanager
def pooled(folder: Path) -> Iterator[int]:
    """Run pgbouncer before the cluster whose socket is in a folder; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\n* = host={folder} user=postgres\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        "auth_type = any\npool_mode = transaction\n"
    )
    as_postgres = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}  # it refuses to run as root
    with subprocess.Popen(["/usr/sbin/pgbouncer", "-q", settings], stderr=subprocess.PIPE, **as_postgres) as running:
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
                break
            assert running.poll() is None, running.stderr and running.stderr.read()
            time.sleep(0.02)
        try:
            yield port
        finally:
            running.kill()


def test_behind_a_pooler_serve_says_that_it_needs_a_direct_connection(server: Engine) -> None:
    folder = Path(unquote(str(server.url.query["host"])))
    with pooled(folder) as port:
        ended = process(f"postgresql://postgres@127.0.0.1:{port}/{server.url.database}", "serve", TARGETWATCH_PORT="0")
    assert ended.status == 1
    assert "a pooler stands before the server" in ended.err
    assert "expected the address of PostgreSQL itself" in ended.err
    assert "Traceback" not in ended.err
