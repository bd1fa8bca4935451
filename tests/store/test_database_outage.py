"""A PostgreSQL server that hangs, and what is not taken for one."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import Engine, text

from targetwatch.store import db
from targetwatch.store.db import Outage


def test_a_server_that_ends_the_session_it_is_asked_in_does_not_hang(
    server: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "ASKED_EVERY_SECONDS", 0.05)
    told: list[bool] = []
    one = Outage("the database")
    one.watch(server, told.append)
    for _ in range(3):
        end = time.monotonic() + 10
        while one._own is None and time.monotonic() < end:
            time.sleep(0.02)
        assert one._own is not None
        asked_in = one._own
        with server.connect() as session:
            session.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": asked_in.info.backend_pid})
        while one._own is asked_in and time.monotonic() < end:
            time.sleep(0.02)
        assert one._own is not asked_in
    one.stop()
    assert told == []
    one.refuse()
