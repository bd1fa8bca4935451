"""Judging every target, with its history and without, judging after one new reading, and making the page of it.

python judge.py FILE: a database made by ingest.py; a copy is written to, it stays as it is.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import world
from sqlalchemy import Engine

from targetwatch.evaluation import Case, conclude, evaluate, forecast_together, prepare
from targetwatch.metrics import Exposition
from targetwatch.model import Snapshot, Verdict
from targetwatch.store import db, readings
from targetwatch.watch import Taken, Watch, keep
from targetwatch.watch.judging import AT_ONCE

REPETITIONS = 15


class Spent(NamedTuple):
    """Seconds by the clock, and of a processor: the latter depend less on who else is busy."""

    seconds: float
    processor_seconds: float

    def said(self, count: int) -> str:
        """Return both, and a target's part."""
        each = self.processor_seconds / count * 1e3
        return f"{self.seconds:10.2f} s; {self.processor_seconds:.2f} s of a processor, {each:.2f} ms a target"


def main(file: Path) -> None:
    """Measure the first snapshot, then one new reading after another."""
    with TemporaryDirectory(dir=file.parent) as folder:
        copy = Path(shutil.copy(file, folder))
        engine = db.create_engine(f"sqlite:///{copy}")
        _measure(engine)
        engine.dispose()


def _measure(engine: Engine) -> None:
    watch, page = Watch(), Exposition(world.ZONE)
    full, first = _first(engine, watch)
    snapshot = first.snapshot
    restarted, second = _restarted(engine, watch, first)
    assert second.snapshot.verdicts == snapshot.verdicts
    count = len(snapshot.verdicts)
    once, told = _in_memory(watch, _each_evaluated)
    replayed, retold = _in_memory(watch, _judged_together)
    assert told == retold == list(snapshot.verdicts.values())
    assert all(verdict.forecast is not None for verdict in told)
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
    print(f"   of which reading                {full - replayed.seconds:10.2f} s")
    print(f"the same after a restart           {restarted:10.2f} s, {restarted / count * 1e3:.2f} ms a target")
    print(f"judged with history, in memory     {replayed.said(count)}")
    print(f"evaluated, in memory               {once.said(count)}")
    print(f"page made                          {rendering:10.2f} s")
    print(f"one reading stored                 {world.median(stored) * 1e3:10.1f} ms (median of {REPETITIONS})")
    print(f"judged after one reading           {world.median(again) * 1e3:10.1f} ms (median of {REPETITIONS})")
    print(f"judged after nothing               {world.median(still) * 1e3:10.1f} ms (median of {REPETITIONS})")
    print(f"page after one reading             {world.median(shown) * 1e3:10.1f} ms (median of {REPETITIONS})")
    print(f"memory, at most                    {world.peak_megabytes():10.0f} MB")


def _first(engine: Engine, watch: Watch) -> tuple[float, Taken]:
    """Return the seconds of a watch's first snapshot, and the snapshot with its status changes."""
    taken: list[Taken] = []
    with db.reading(engine) as session:
        seconds = world.timed(lambda: taken.append(watch.refresh(session, world.AS_OF, taken_at=world.NOW)))
    return seconds, taken[0]


def _restarted(engine: Engine, watch: Watch, taken: Taken) -> tuple[float, Taken]:
    """Keep what was judged as the service does, and return what the first snapshot of another watch takes then."""
    with db.writing(engine, "benchmark", now=world.NOW) as session:
        _, watch.number = keep(session, taken.changes, reached=watch.horizon(), found=watch.found(taken.judged))
    return _first(engine, Watch())


def _each_evaluated(cases: list[Case]) -> list[Verdict]:
    return [evaluate(case.target, case.indicator, case.readings, world.AS_OF) for case in cases]


def _judged_together(cases: list[Case]) -> list[Verdict]:
    """Return what the watch would say: so many targets are forecast together."""
    verdicts: list[Verdict] = []
    for start in range(0, len(cases), AT_ONCE):
        prepared = [prepare(case, world.AS_OF) for case in cases[start : start + AT_ONCE]]
        forecast_together(prepared)
        verdicts += [conclude(one).verdict for one in prepared]
    return verdicts


def _in_memory(watch: Watch, say: Callable[[list[Case]], list[Verdict]]) -> tuple[Spent, list[Verdict]]:
    """Return what a verdict on every target takes, and the verdicts; nothing is read."""
    indicators = {indicator.id: indicator for indicator in watch.inputs.catalogue.indicators}
    cases = [
        Case(target, indicators[target.indicator], watch.inputs.readings[target.indicator])
        for target in watch.inputs.catalogue.targets
    ]
    verdicts: list[Verdict] = []
    begun = time.process_time()
    seconds = world.timed(lambda: verdicts.extend(say(cases)))
    return Spent(seconds, time.process_time() - begun), verdicts


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
