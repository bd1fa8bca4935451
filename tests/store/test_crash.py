"""SIGKILL in the middle of a write: the database opens, the audit verifies, nothing is lost or doubled.

`killing` proves that the program was inside the write when it died; the rerun is this process, not the dead one.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine

from refusing import raises
from store import crashing
from store.examples import NOW, configure
from store.killing import PAUSING, killed
from targetwatch.errors import SchemaError
from targetwatch.store import audit, catalogue, db, readings, runs, statuses

pytestmark = pytest.mark.system
State = tuple[object, ...]
Program = Callable[[Engine, int], None]
INGEST = [
    ("before", "INSERT INTO reading"),
    ("after", "INSERT INTO reading"),
    ("after", "INSERT INTO audit"),
    ("after", "UPDATE audit_head"),
    ("before", "INSERT INTO held"),
    ("after", "INSERT INTO held"),
    ("after", "INSERT INTO ingest_run"),
    ("before", "(INSERT INTO|UPDATE) fetch_state"),
    ("after", "(INSERT INTO|UPDATE) fetch_state"),
    ("commit", ""),
    ("committed", ""),
]
APPLY = [
    ("before", "INSERT INTO audit"),
    ("after", "INSERT INTO audit"),
    ("after", "UPDATE audit_head"),
    ("before", "UPDATE target"),
    ("after", "UPDATE target"),
    ("before", "INSERT INTO target_version"),
    ("after", "INSERT INTO target_version"),
    ("after", "SELECT target_version"),
    ("commit", ""),
    ("committed", ""),
]
JUDGE = [
    ("before", "INSERT INTO status_change"),
    ("after", "INSERT INTO status_change"),
    ("commit", ""),
    ("committed", ""),
]


def address(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def state(engine: Engine) -> State:
    """Return everything the database holds, having checked that it is sound."""
    db.check_schema(engine)
    with db.reading(engine) as session:
        assert audit.verify(session) == ()
        if engine.dialect.name == "sqlite":
            assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        return (
            readings.load(session),
            readings.held(session, status=None),
            runs.history(session),
            runs.fetch_state(session, "customs"),
            catalogue.load(session),
            statuses.load(session),
            audit.head(session),
        )


def survives(
    engine: Engine, name: str, rerun: Program, done: Callable[[State, int], bool], points: list[tuple[str, str]]
) -> None:
    """Kill a program once at every point, each time in a new round, and run it again twice."""
    configure(engine)
    for number, (at, match) in enumerate(points, start=1):
        before = state(engine)
        killed([f"store.crashing:{name}", address(engine), str(number)], at=at, match=match)
        after = state(engine)
        assert done(after, number) if at == "committed" else after == before, (at, match)
        for _ in range(2):
            rerun(engine, number)
            assert done(state(engine), number), (at, match)


def ingested(kept: State, number: int) -> bool:
    """Return whether the readings of all rounds so far are there, each once."""
    (found, held, _, remembered, *_) = kept
    assert isinstance(found, dict)
    assert isinstance(held, tuple)
    values = sorted((item.publisher, int(item.value)) for item in found["ilstc-volume"])
    expected = sorted((f"p{place:03}", made) for place in range(crashing.BATCH) for made in range(1, number + 1))
    return values == expected and len(held) == number and remembered == {"round": number}


def applied(kept: State, number: int) -> bool:
    """Return whether the catalogue is what the file said in this round."""
    return kept[4] == crashing.configuration(number)


def judged(kept: State, number: int) -> bool:
    """Return whether the status changes of all rounds so far are there, each once."""
    return kept[5] == tuple(change for made in range(1, number + 1) for change in crashing.changes(made))


@pytest.mark.slow
def test_an_ingest_killed_anywhere_loses_and_doubles_nothing(sqlite: Engine, some):
    survives(sqlite, "ingest", crashing.store, ingested, some(INGEST, 4))


@pytest.mark.slow
def test_an_apply_killed_anywhere_leaves_the_catalogue_as_it_was(sqlite: Engine, some):
    survives(sqlite, "apply", crashing.configure_anew, applied, some(APPLY, 3))


@pytest.mark.slow
def test_a_judgement_killed_anywhere_loses_and_doubles_no_status_change(sqlite: Engine, some):
    survives(sqlite, "judge", crashing.note_changes, judged, some(JUDGE, 2))


@pytest.mark.slow
def test_a_client_of_postgresql_may_be_killed_too(server: Engine, some):
    survives(server, "ingest", crashing.store, ingested, some(INGEST[1:4] + INGEST[-2:], 2))


@pytest.mark.slow
@pytest.mark.parametrize("at", [("after", "CREATE TABLE reading"), ("after", "alembic_version"), ("commit", "")])
def test_an_upgrade_killed_anywhere_is_completed_by_the_next(bare: Engine, at: tuple[str, str]):
    killed(["store.crashing:upgrade", address(bare), "0"], at=at[0], match=at[1])
    with raises(SchemaError, match="is empty"):
        db.check_schema(bare)
    db.upgrade(bare)
    configure(bare)
    state(bare)


@pytest.mark.slow
@pytest.mark.parametrize("_round", range(2))
def test_what_was_reported_as_stored_is_there_after_a_kill_at_any_moment(engine: Engine, _round: int):
    configure(engine)
    command = [sys.executable, PAUSING, "store.crashing:keep_adding", address(engine), "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    reported = [int(process.stdout.readline()) for _ in range(random.randint(3, 15))]
    time.sleep(random.uniform(0, 0.05))
    process.send_signal(signal.SIGKILL)
    reported += [int(line) for line in process.stdout.read().split()]
    process.wait(30)
    process.stdout.close()
    found = state(engine)[0]
    assert isinstance(found, dict)
    kept = [int(item.value) for item in found["ilstc-volume"]]
    assert kept in (reported, [*reported, len(reported)])
    with db.writing(engine, "ingest:customs", now=NOW) as session:
        readings.add(session, [crashing.reading(number, publisher=f"p{number:06}") for number in range(len(kept) + 5)])
    assert len(readings_of(engine)) == len(kept) + 5


def readings_of(engine: Engine) -> tuple[readings.Reading, ...]:
    found = state(engine)[0]
    assert isinstance(found, dict)
    kept: tuple[readings.Reading, ...] = found["ilstc-volume"]
    return kept
