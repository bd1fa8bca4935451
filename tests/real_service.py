"""The service over the real configuration and the real figures: its database made, and its pages served, right here."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from sqlalchemy.engine import Engine

from commands import PROJECT
from targetwatch import configuration, ingest
from targetwatch.store import catalogue, db

CONFIG = PROJECT / "config"
PREPARED = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
"""When the real figures were entered, in the tests."""
REPLACED = ("htmx:afterRequest", "htmx:sendAbort")
"""What a browser complains of when a question is given up for a later one."""
KEEP_ALIVE_SECONDS = 300
"""Longer than any test: a connection closed while a slow test sends its next form breaks the form off."""


def prepare(file: Path, *, config: Path = CONFIG, now: datetime = PREPARED) -> Engine:
    """Make a database as `db upgrade`, `apply` and `ingest` make it, and return its engine."""
    engine = db.create_engine(f"sqlite:///{file}")
    fill(engine, config=config, now=now)
    return engine


def fill(engine: Engine, *, config: Path = CONFIG, now: datetime = PREPARED) -> None:
    """Fill an empty database in the same way."""
    db.upgrade(engine)
    configuration.apply(engine, config, actor="test", now=now, environment={})
    with db.reading(engine) as session:
        configured = catalogue.load(session)
    for source in configured.sources:
        outcome = ingest.run(engine, source, now=now, today=now.date(), catalogue=configured, config_dir=config)
        assert outcome.outcome == "ok", outcome.reason


@contextmanager
def served(web: FastAPI) -> Iterator[str]:
    """Serve an application on a free port of this process; its address. That it ends nobody has to wait for."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(
            web,
            log_level="warning",
            lifespan="off",
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
    )

    def serve() -> None:
        with listener:
            server.run(sockets=[listener])

    threading.Thread(target=serve).start()
    deadline = time.monotonic() + 60
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.001)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True
