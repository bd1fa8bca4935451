"""Processes that write at the same time: nothing is lost, nothing is doubled, on either database."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from store.examples import NOW, configure
from targetwatch.store import audit, catalogue, db, readings, runs

pytestmark = pytest.mark.system
WRITER = Path(__file__).parent / "writer.py"
TIMES = 40


def together(engine: Engine, *jobs: Sequence[str]) -> None:
    """Start writers at the same moment and wait for them to succeed."""
    address = engine.url.render_as_string(hide_password=False)
    running = [
        subprocess.Popen(
            [sys.executable, str(WRITER), address, *job], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for job in jobs
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in running:
        process.communicate(timeout=120)
    assert [process.returncode for process in running] == [0] * len(jobs)


def test_two_processes_that_count_up_together_lose_nothing(engine: Engine):
    with db.writing(engine, "ingest:test", now=NOW) as session:
        runs.save_fetch_state(session, "counter", {"count": 0}, now=NOW)
    together(engine, ["count", str(TIMES)], ["count", str(TIMES)])
    with db.reading(engine) as session:
        assert runs.fetch_state(session, "counter") == {"count": 2 * TIMES}


def test_two_processes_that_add_different_readings_lose_none(engine: Engine):
    configure(engine)
    together(engine, ["add", str(TIMES), "one"], ["add", str(TIMES), "two"])
    with db.reading(engine) as session:
        kept = readings.load(session)["ilstc-volume"]
        assert audit.verify(session) == ()
    assert sorted((item.publisher, int(item.value)) for item in kept) == [
        (publisher, number) for publisher in ("one", "two") for number in range(TIMES)
    ]


def test_two_processes_that_add_the_same_readings_double_none(engine: Engine):
    configure(engine)
    together(engine, ["add", str(TIMES), "same"], ["add", str(TIMES), "same"])
    with db.reading(engine) as session:
        kept = readings.load(session)["ilstc-volume"]
        assert audit.verify(session) == ()
    assert sorted(int(item.value) for item in kept) == list(range(TIMES))
    assert [item.id for item in kept] == list(range(1, TIMES + 1))


def test_two_processes_that_save_the_same_target_keep_every_version_in_a_row(engine: Engine):
    configure(engine)
    with db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.take_over(session, "routes-2025")
    together(engine, ["version", "10"], ["version", "10"])
    with db.reading(engine) as session:
        (target,) = (kept for kept in catalogue.load(session).targets if kept.id == "routes-2025")
        assert audit.verify(session) == ()
        assert catalogue.revision(session, "routes-2025") == 22
    assert [version.number for version in target.versions] == list(range(1, 22))
