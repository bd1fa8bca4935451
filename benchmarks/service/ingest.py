"""Storing readings, beside the fastest there is: a bare executemany upsert of the same rows.

python ingest.py FILE [TARGETS]: makes the database that the other programs here use.
"""

from __future__ import annotations

import sqlite3
import sys
from functools import partial
from itertools import count
from pathlib import Path

import world
from sqlalchemy import Engine

from targetwatch.model import Catalogue, Reading
from targetwatch.store import catalogue, db, readings
from targetwatch.store.readings.rows import COLUMNS, Texts, texts_of
from targetwatch.store.tables import FACT

IDENTITY = (*FACT, "vintage")


def main(file: Path, targets: int) -> None:
    """Store month after month, once through the store and once bare."""
    for old in file.parent.glob(f"{file.name}*"):
        old.unlink()
    engine = db.create_engine(f"sqlite:///{file}")
    db.upgrade(engine)
    wanted = world.catalogue(targets)
    seconds = world.timed(lambda: _apply(engine, wanted))
    print(f"catalogue of {targets} targets applied    {seconds:8.2f} s")
    bare = _bare(file.with_suffix(".bare"))
    numbers = count(1)
    ours, theirs = [], []
    for month in world.months():
        batch = world.readings(month, targets)
        rows = [texts_of(reading, next(numbers), 1) for reading in batch]
        theirs.append(world.timed(partial(_upsert, bare, rows)))
        ours.append(world.timed(partial(_add, engine, batch)))
    again = world.timed(lambda: _add(engine, batch))
    bare.close()
    rate, bare_rate = (targets / world.median(some) for some in (ours, theirs))
    print(f"readings.add, {world.MONTHS} batches of {targets}   {rate:10,.0f} rows/s (median batch)")
    print(f"bare executemany upsert            {bare_rate:10,.0f} rows/s (median batch)")
    print(f"ratio                              {bare_rate / rate:10.2f} times the time of the bare upsert")
    print(f"the last batch, last and first     {ours[-1] / ours[0]:10.2f} times as long")
    print(f"the same batch once more           {targets / again:10,.0f} rows/s, nothing stored")
    print(f"size of the database               {file.stat().st_size / 1e6:10.0f} MB")
    print(f"memory, at most                    {world.peak_megabytes():10.0f} MB")
    engine.dispose()
    file.with_suffix(".bare").unlink()


def _apply(engine: Engine, wanted: Catalogue) -> None:
    with db.writing(engine, "benchmark", now=world.NOW) as session:
        catalogue.reconcile(session, wanted, now=world.NOW)


def _add(engine: Engine, batch: list[Reading]) -> None:
    with db.writing(engine, "benchmark", now=world.NOW) as session:
        readings.add(session, batch)


def _bare(file: Path) -> sqlite3.Connection:
    """Return a database with the same columns, identity and safety, and nothing else."""
    file.unlink(missing_ok=True)
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(
        f"CREATE TABLE reading (id INTEGER PRIMARY KEY, {', '.join(COLUMNS[1:])}, UNIQUE ({', '.join(IDENTITY)}))"
    )
    return connection


def _upsert(connection: sqlite3.Connection, rows: list[Texts]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        f"INSERT INTO reading VALUES ({', '.join('?' * len(COLUMNS))}) "
        f"ON CONFLICT ({', '.join(IDENTITY)}) DO UPDATE SET value = excluded.value, recorded_at = excluded.recorded_at",
        rows,
    )
    connection.execute("COMMIT")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
