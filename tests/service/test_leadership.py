"""What follows from having the lead, or not."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from targetwatch.errors import StoreError
from targetwatch.service import leadership
from targetwatch.service.leadership import Leadership
from targetwatch.store import db

CUT_OFF = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND datname = current_database() AND application_name = %s AND pid <> pg_backend_pid()
"""
"""Ends the session that has the lead."""


def test_a_lead_whose_work_could_not_be_begun_is_begun_again_at_the_next_look(tmp_path: Path) -> None:
    failures, said = iter([StoreError("hangs", where="database", said="x")]), list[str]()
    engine = db.create_engine(f"sqlite:///{tmp_path / 'x.db'}")

    def lead() -> None:
        said.append("leads" if one.is_begun else "does not yet")
        for error in failures:
            raise error

    one = Leadership(engine=engine, lead=lead, follow=lambda: said.append("follows"), look=lambda _heard: None)
    one.stand()
    with pytest.raises(StoreError):
        one.live()
    assert (one.is_leading, one.is_begun) == (True, False)
    one.live()
    assert one.is_begun
    assert said == ["leads", "follows", "leads"]
    one.stop()


def test_one_that_was_cut_off_looks_as_soon_as_it_is_back_and_not_a_beat_later(server: Engine, monkeypatch) -> None:
    monkeypatch.setattr(leadership, "BEAT_SECONDS", 600)
    monkeypatch.setattr(leadership, "POLL_SECONDS", 600)
    led, looked = threading.Semaphore(0), threading.Semaphore(0)
    one = Leadership(engine=server, lead=led.release, follow=lambda: None, look=lambda _heard: looked.release())
    one.stand()
    one.live()
    try:
        assert led.acquire(timeout=30)
        while looked.acquire(timeout=1):
            pass
        with server.connect() as connection:
            assert connection.exec_driver_sql(CUT_OFF, (db.PROCESS,)).scalar() == 1
        assert led.acquire(timeout=30), "it leads again"
        assert looked.acquire(timeout=30), "it sees what was written while it was away"
    finally:
        one.stop()
