"""The programs that the crash tests kill: each writes as the service does, `ADDRESS ROUND` in sys.argv."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy.engine import Engine

from store.examples import NOW, VERSION, VOLUME_2025, WANTED, reading
from targetwatch.model import Catalogue, Goal, Performance, Reading, StatusChange, Text
from targetwatch.model.problem import Problem
from targetwatch.store import catalogue, db, readings, runs, statuses

BATCH = 200
PERFORMANCES = (Performance.ON_TRACK, Performance.AT_RISK)


def batch(number: int) -> list[Reading]:
    """Return what a source publishes in a round."""
    day = date(2020, 1, 1) + timedelta(days=number)
    return [reading(number, publisher=f"p{place:03}", published_on=day) for place in range(BATCH)]


def suspicious(number: int) -> Reading:
    """Return what is held in a round."""
    return reading(-number, publisher="held", published_on=date(2020, 1, 1) + timedelta(days=number))


def configuration(number: int) -> Catalogue:
    """Return what the file says in a round: a title, and a further version of the target."""
    versions = [VERSION] + [
        replace(
            VERSION,
            number=later + 1,
            effective=VERSION.effective + timedelta(days=later),
            goal=Goal(above=Decimal(270000 + later)),
        )
        for later in range(1, number + 1)
    ]
    target = replace(VOLUME_2025, title=Text(f"round {number}", f"第{number}轮"), versions=tuple(versions))
    return replace(WANTED, targets=(target, WANTED.targets[1]))


def changes(number: int) -> list[StatusChange]:
    """Return the status changes that are noticed in a round."""
    return [
        StatusChange(
            target=target.id,
            version=1,
            on=date(2025, 3, 1) + timedelta(days=number),
            old=PERFORMANCES[(number + 1) % 2],
            new=PERFORMANCES[number % 2],
            rule="growth",
            text=Text(f"round {number}", f"第{number}轮"),
        )
        for target in WANTED.targets
    ]


def store(engine: Engine, number: int) -> None:
    """Store a batch, hold a reading, record the run and what the connector remembers."""
    with db.writing(engine, "ingest:customs", now=NOW) as session:
        added = readings.add(session, batch(number))
        held = readings.hold(session, suspicious(number), Problem("falls"), now=NOW)
        new = sum(item.outcome != "known" for item in added)
        run = runs.Run(source="customs", started_at=NOW, finished_at=NOW, outcome="ok", new=new, held=held is not None)
        runs.record(session, run)
        runs.save_fetch_state(session, "customs", {"round": number}, now=NOW)


def configure_anew(engine: Engine, number: int) -> None:
    """Make the catalogue what the file says."""
    with db.writing(engine, "cli:li", reason="a new round", now=NOW) as session:
        catalogue.reconcile(session, configuration(number), now=NOW)


def note_changes(engine: Engine, number: int) -> None:
    """Write down the status changes."""
    with db.writing(engine, "scheduler", now=NOW) as session:
        statuses.append(session, changes(number))


def ingest() -> None:
    """Store what a round brings."""
    store(*_given())


def apply() -> None:
    """Configure what a round says."""
    configure_anew(*_given())


def judge() -> None:
    """Note what a round changes."""
    note_changes(*_given())


def upgrade() -> None:
    """Prepare the database."""
    db.upgrade(_given()[0])


def keep_adding() -> None:
    """Add readings one by one for ever, saying the number of each as soon as it is committed."""
    engine, number = _given()
    while True:
        with db.writing(engine, "ingest:customs", now=NOW) as session:
            readings.add(session, [reading(number, publisher=f"p{number:06}")])
        print(number, flush=True)  # noqa: T201 - the test reads it
        number += 1


def _given() -> tuple[Engine, int]:
    return db.create_engine(sys.argv[1]), int(sys.argv[2])
