"""Judging every target, judging after one new reading, and making the page of it.

python judge.py FILE: a database made by ingest.py; a copy is written to, it stays as it is.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import world
from sqlalchemy import Engine

from targetwatch.metrics import Exposition
from targetwatch.model import Snapshot
from targetwatch.snapshot import Watch
from targetwatch.store import db, readings

REPETITIONS = 15


def main(file: Path) -> None:
    """Measure the first snapshot, then one new reading after another."""
    with TemporaryDirectory(dir=file.parent) as folder:
        copy = Path(shutil.copy(file, folder))
        engine = db.create_engine(f"sqlite:///{copy}")
        _measure(engine)
        engine.dispose()


def _measure(engine: Engine) -> None:
    watch, page = Watch(), Exposition(world.ZONE)
    full = world.timed(lambda: _refresh(engine, watch, 0))
    snapshot = _refresh(engine, watch, 0)
    count = len(snapshot.verdicts)
    rendering = world.timed(lambda: page.show(snapshot))
    again, shown, stored = [], [], []
    for number in range(REPETITIONS):
        at = number * count // REPETITIONS
        stored.append(world.timed(partial(_revise, engine, at, number)))
        before = snapshot
        again.append(world.timed(partial(_refresh, engine, watch, number + 1)))
        snapshot = _refresh(engine, watch, number + 1)
        changed = [name for name, verdict in snapshot.verdicts.items() if verdict is not before.verdicts[name]]
        assert changed == [f"cargo-{at:05}-2025"], changed
        shown.append(world.timed(partial(page.show, snapshot)))
    still = [world.timed(lambda: _refresh(engine, watch, REPETITIONS)) for _ in range(REPETITIONS)]
    print(f"targets, each with {world.MONTHS} readings      {count:10}")
    print(f"read and judged                    {full:10.2f} s, {full / count * 1e3:.2f} ms a target")
    print(f"page made                          {rendering:10.2f} s")
    print(f"one reading stored                 {world.median(stored) * 1e3:10.1f} ms (median of {REPETITIONS})")
    print(f"judged after one reading           {world.median(again) * 1e3:10.1f} ms (median of {REPETITIONS})")
    print(f"judged after nothing               {world.median(still) * 1e3:10.1f} ms (median of {REPETITIONS})")
    print(f"page after one reading             {world.median(shown) * 1e3:10.1f} ms (median of {REPETITIONS})")
    print(f"memory, at most                    {world.peak_megabytes():10.0f} MB")


def _refresh(engine: Engine, watch: Watch, number: int) -> Snapshot:
    moment = replace(world.AS_OF, moment=world.AS_OF.moment + timedelta(minutes=number))
    with db.reading(engine) as session:
        return watch.refresh(session, moment, taken_at=world.NOW).snapshot


def _revise(engine: Engine, at: int, number: int) -> None:
    *_, month = world.months()
    found = world.reading(at, month, recorded_at=world.NOW + timedelta(minutes=number), more=1)
    revised = replace(found, published_on=world.AS_OF.day)
    with db.writing(engine, "benchmark", now=world.NOW) as session:
        (added,) = readings.add(session, [revised])
    assert added.outcome == "revised", added


if __name__ == "__main__":
    main(Path(sys.argv[1]))
