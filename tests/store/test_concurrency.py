"""Processes that write at the same time: nothing is lost, nothing is doubled, on either database."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from store.examples import NOW, configure
from targetwatch.store import audit, catalogue, db, readings, runs

pytestmark = pytest.mark.system
WRITER = Path(__file__).parent / "writer.py"
TIMES = 12


def together(engine: Engine, *names: str) -> None:
    """Start writers at the same moment and wait for them to succeed."""
    address = engine.url.render_as_string(hide_password=False)
    running = [
        subprocess.Popen(
            [sys.executable, str(WRITER), address, str(TIMES), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in names
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
    assert [process.returncode for process in running] == [0] * len(names)


def test_two_processes_that_write_together_lose_nothing_and_double_nothing(engine: Engine):
    configure(engine)
    with db.writing(engine, "web:sun", now=NOW) as session:
        catalogue.take_over(session, "routes-2025")
        runs.save_fetch_state(session, "counter", {"count": 0}, now=NOW)
    together(engine, "one", "two")
    with db.reading(engine) as session:
        count = runs.fetch_state(session, "counter")
        kept = readings.load(session)["ilstc-volume"]
        (target,) = (kept for kept in catalogue.load(session).targets if kept.id == "routes-2025")
        revision = catalogue.revision(session, "routes-2025")
        assert audit.verify(session) == ()
    assert count == {"count": 2 * TIMES}
    assert sorted((item.publisher, int(item.value)) for item in kept) == [
        (publisher, number) for publisher in ("one", "same", "two") for number in range(TIMES)
    ]
    assert sorted(item.id for item in kept) == list(range(1, 3 * TIMES + 1))
    assert [version.number for version in target.versions] == list(range(1, 2 * TIMES + 2))
    assert revision == 2 * TIMES + 2
