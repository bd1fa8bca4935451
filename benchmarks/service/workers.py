"""Judging every target, by the leader alone and with one and four workers; all must say the same.

python workers.py URL [TARGETS]: a PostgreSQL database of its own, filled if it is empty; nothing of it is needed later.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from operator import itemgetter

import world
from sqlalchemy.engine import Engine

from targetwatch.store import catalogue, db, readings
from targetwatch.store.leader import ServerLock
from targetwatch.watch import Taken, Watch
from targetwatch.watch.judging import Inputs

WORKERS = (0, 1, 4)
REPETITIONS = 2


def main(url: str, targets: int) -> None:
    """Fill the database where that is to be done, and measure."""
    engine = db.create_engine(url)
    db.upgrade(engine)
    _fill(engine, targets)
    lock = ServerLock(engine)
    lock.hold()
    led = engine.execution_options(**{db.TERM: lock.term})
    with db.reading(engine) as session:
        reading = world.timed(lambda: Inputs().read(session))
    print(f"targets, each with {world.MONTHS} readings      {targets:10}")
    print(f"read by the leader                 {reading:10.2f} s")
    alone, before = 0.0, None
    for count in WORKERS:
        with _working(url, count):
            spent, taken = min((_judged(led if count else None, engine) for _ in range(REPETITIONS)), key=itemgetter(0))
        alone = alone or spent
        assert before is None or (before.snapshot.verdicts, before.changes) == (taken.snapshot.verdicts, taken.changes)
        before = taken
        load = os.getloadavg()[0]
        print(
            f"{count} workers                         {spent:10.2f} s, {alone / spent:.2f} times alone; load {load:.1f}"
        )
    lock.drop()
    engine.dispose()


def _judged(led: Engine | None, engine: Engine) -> tuple[float, Taken]:
    watch, taken = Watch(), list[Taken]()
    with db.reading(engine) as session:
        work = lambda: taken.append(watch.refresh(session, world.AS_OF, taken_at=world.NOW, led=led))  # noqa: E731
        return world.timed(work), taken[0]


@contextmanager
def _working(url: str, count: int) -> Iterator[None]:
    """Let so many workers be there, and ready."""
    command = [sys.executable, "-m", "targetwatch", "--database", url, "work"]
    processes = [subprocess.Popen(command, stderr=subprocess.DEVNULL) for _ in range(count)]
    time.sleep(10 if count else 0)
    try:
        yield
    finally:
        for one in processes:
            one.terminate()
        for one in processes:
            one.wait(60)


def _fill(engine: Engine, targets: int) -> None:
    with db.reading(engine) as session:
        if catalogue.stamp(session):
            return
    with db.writing(engine, "benchmark", now=world.NOW) as session:
        catalogue.reconcile(session, world.catalogue(targets), now=world.NOW)
    for month in world.months():
        with db.writing(engine, "benchmark", now=world.NOW) as session:
            readings.add(session, world.readings(month, targets))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
