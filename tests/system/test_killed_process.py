"""SIGKILL in the middle of the real work: the database opens, the audit verifies, nothing is lost or doubled, a rerun
completes.

Each kill has a copy of a prepared database of its own, so several are under way at once. `store/pausing.py` stands
still at a chosen point inside the running program and says so before it is killed: that is the proof of the place.
"""

from __future__ import annotations

import random
import re
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine

from commands import PROJECT, environment
from forked import Program
from real_service import prepare
from store.killing import killed
from targetwatch import configuration, ingest
from targetwatch.model import Catalogue, Reading
from targetwatch.service.app import build
from targetwatch.settings import Settings
from targetwatch.store import audit, catalogue, db, readings, runs, statuses

pytestmark = pytest.mark.slow
COMMAND_LINE = "targetwatch.cli:main"
AT_ONCE = 2
CONFIG = PROJECT / "config"
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
TEN_MONTHS = "2026-01..2026-10,year_to_date"
NEW_ROWS = {
    "ilstc-chongqing": f"ilstc-volume,{TEN_MONTHS},30.1万,TEU,,,,,2026-11-19,port-and-logistics-office,,,,",
    "foreign-trade": f"total-trade,{TEN_MONTHS},690.1,bn CNY,,,,,2026-11-18,customs,,,,",
}

Point = tuple[str, str, int]


@dataclass(frozen=True)
class State:
    """Everything a database holds, without the numbers and moments that a rerun gives anew."""

    catalogue: Catalogue
    readings: Counter[Reading]
    runs: Counter[tuple[str, str]]
    changes: tuple[tuple[object, ...], ...]
    trail: tuple[int, str]


def state(file: Path) -> State:
    """Return what a database holds, having opened it and proved that it is sound."""
    with opened(file) as engine, db.reading(engine) as session:
        assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        assert audit.verify(session) == ()
        found = [reading for some in readings.load(session).values() for reading in some]
        assert readings.held(session, status=None) == ()
        return State(
            catalogue.load(session),
            Counter(replace(reading, id=None, recorded_at=LONG_AGO) for reading in found),
            Counter((run.source, run.outcome) for run in runs.history(session)),
            tuple((change.target, change.version, change.on, change.new) for change in statuses.load(session)),
            audit.head(session),
        )


@contextmanager
def opened(file: Path) -> Iterator[Engine]:
    engine = db.create_engine(f"sqlite:///{file}")
    db.check_schema(engine)
    yield engine
    engine.dispose()


@dataclass(frozen=True)
class Stages:
    """Prepared databases: with the schema alone, with the configuration, with the figures, with the history too."""

    bare: Path
    configured: Path
    filled: Path
    judged: Path


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    folder = tmp_path_factory.mktemp("crash")
    made = Stages(*(folder / f"{name}.db" for name in ("bare", "configured", "filled", "judged")))
    engine = db.create_engine(f"sqlite:///{made.bare}")
    db.upgrade(engine)
    engine.dispose()
    shutil.copy(made.bare, made.configured)
    apply(made.configured, CONFIG)
    prepare(made.filled).dispose()
    shutil.copy(made.filled, made.judged)
    judge(made.judged)
    return made


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the configuration with one target gone, one under another name, and one promise raised."""
    folder = tmp_path_factory.mktemp("changed") / "config"
    shutil.copytree(CONFIG, folder)
    file = folder / "targets.yaml"
    said = file.read_text(encoding="utf-8")
    said = re.sub(r"^  - id: meat-certification\n(?:    .*\n|\n)*", "", said, flags=re.MULTILINE)
    said, renamed = re.subn(r"(- id: pilots-2025\n(?:    .*\n)*?    title: \{en: )[^,]*", r"\g<1>Renamed", said)
    assert renamed == 1
    file.write_text(said, encoding="utf-8")
    return folder


# --- what is killed, and what completes it ----------------------------------------------------------------------------


def words(file: Path, config: Path, *command: str) -> list[str]:
    return [COMMAND_LINE, "--database", f"sqlite:///{file}", "--config", str(config), *command]


def apply(file: Path, config: Path) -> None:
    with opened(file) as engine:
        configuration.apply(engine, config, actor="test", now=datetime.now(UTC), environment={})


def read_sources(file: Path, config: Path) -> None:
    with opened(file) as engine:
        with db.reading(engine) as session:
            configured = catalogue.load(session)
        for source in configured.sources:
            now = datetime.now(UTC)
            outcome = ingest.run(engine, source, now=now, today=now.date(), catalogue=configured, config_dir=config)
            assert outcome.outcome in {"ok", "unchanged"}, outcome.reason


def judge(file: Path) -> None:
    app = build(Settings(database_url=f"sqlite:///{file}", config_dir=CONFIG))
    app.refresh()
    app.stop()


def read_and_judge(file: Path, config: Path) -> None:
    read_sources(file, config)
    judge(file)


@dataclass(frozen=True)
class Trial:
    """A program to kill on a copy of a database, and what makes up for it."""

    start: Path
    command: tuple[str, ...]
    complete: Callable[[Path], None]
    before: State
    wanted: State
    folder: Path
    config: Path = CONFIG

    @classmethod
    def of(cls, start: Path, command: str, complete: Callable[[Path], None], folder: Path, **more: Any) -> Trial:
        """Prepare a trial: where it starts, and where it ends when nobody disturbs it."""
        undisturbed = Path(shutil.copy(start, folder / f"{command}.db"))
        complete(undisturbed)
        before, wanted = state(start), state(undisturbed)
        assert wanted != before
        complete(undisturbed)
        assert state(undisturbed).trail == wanted.trail, "a further run changes nothing"
        return cls(start, (command,), complete, before, wanted, folder, **more)

    def at(self, point: Point) -> None:
        """Kill at one point: what was committed before it is there, what was under way is not, a rerun completes."""
        where, match, nth = point
        file = Path(shutil.copy(self.start, self.folder / f"{where}-{abs(hash(match))}-{nth}.db"))
        killed(words(file, self.config, *self.command), at=where, match=match, nth=nth)
        found = state(file)
        if self.command == ("ingest",):
            done = found.runs.total() - self.before.runs.total()
            assert done <= nth
            assert done == {"commit": nth - 1, "committed": nth}.get(where, done)
        else:
            assert same(found, self.wanted if where == "committed" else self.before), point
        self.completed(file, found)

    def completed(self, file: Path, found: State) -> None:
        """What is found is whole, and a rerun ends where an undisturbed run ends."""
        assert whole(found, self.before, self.wanted)
        self.complete(file)
        assert same(state(file), self.wanted)


def same(one: State, other: State) -> bool:
    return (one.catalogue, one.readings, one.changes) == (other.catalogue, other.readings, other.changes)


def whole(found: State, before: State, wanted: State) -> bool:
    """Return whether each of the parts that are written together is there as a whole or not at all, and once."""
    ran = {name for (name, outcome), count in found.runs.items() if count > before.runs[name, outcome]}
    return (
        found.catalogue in (before.catalogue, wanted.catalogue)
        and found.changes in (before.changes, wanted.changes)
        and found.readings
        == Counter(
            reading
            for source in {reading.source for reading in wanted.readings}
            for reading in (wanted if source in ran else before).readings.elements()
            if reading.source == source
        )
    )


def survives(trial: Trial, points: Iterable[Point]) -> None:
    """Kill the program once at each point, a few at a time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(trial.at, points))


INGEST: list[Point] = [
    ("call", "targetwatch.connectors.csv_file:rows_of", 1),
    ("call", "targetwatch.ingest.intake:judge", 3),
    ("call", "targetwatch.ingest.intake:store", 4),
    ("before", "INSERT INTO reading", 1),
    ("before", "INSERT INTO reading", 5),
    ("after", "INSERT INTO reading", 1),
    ("after", "INSERT INTO reading", 4),
    ("after", "INSERT INTO reading", 7),
    ("after", "INSERT INTO audit ", 2),
    ("after", "UPDATE audit_head", 3),
    ("before", "INSERT INTO ingest_run", 6),
    ("after", "INSERT INTO ingest_run", 2),
    ("before", "INTO fetch_state", 5),
    ("after", "INTO fetch_state", 3),
    ("commit", "", 1),
    ("commit", "", 6),
    ("committed", "", 2),
    ("committed", "", 7),
]
APPLY: list[Point] = [
    ("call", "targetwatch.store.catalogue:reconcile", 1),
    ("before", "INSERT INTO programme", 1),
    ("after", "INSERT INTO publisher", 1),
    ("after", "INSERT INTO indicator", 1),
    ("after", "INSERT INTO source", 1),
    ("before", "INSERT INTO target ", 1),
    ("after", "INSERT INTO target ", 1),
    ("after", "INSERT INTO target_version", 1),
    ("after", "INSERT INTO audit ", 3),
    ("after", "audit_head", 4),
    ("commit", "", 1),
    ("committed", "", 1),
]
REAPPLY: list[Point] = [
    ("before", "UPDATE target", 1),
    ("after", "UPDATE target", 1),
    ("after", "UPDATE audit_head", 1),
    ("commit", "", 1),
    ("committed", "", 1),
]
JUDGE: list[Point] = [
    ("call", "targetwatch.evaluation.judge:prepare", 1),
    ("call", "targetwatch.evaluation.judge:conclude", 13),
    ("call", "targetwatch.evaluation.judge:verdict", 30),
    ("call", "targetwatch.evaluation.judge:next_turn", 5),
    ("call", "targetwatch.evaluation.derived_indicators:derive", 2),
    ("call", "targetwatch.watch.judging:news", 1),
    ("before", "INSERT INTO status_change", 1),
    ("after", "INSERT INTO status_change", 1),
    ("commit", "", 1),
    ("committed", "", 1),
]


def test_an_ingest_killed_anywhere_leaves_each_source_read_whole_or_not_at_all(stages, tmp_path, some):
    complete = partial(read_sources, config=CONFIG)
    survives(Trial.of(stages.configured, "ingest", complete, tmp_path), some(INGEST, 3))


def test_a_first_apply_killed_anywhere_leaves_everything_or_nothing(stages, tmp_path, some):
    complete = partial(apply, config=CONFIG)
    survives(Trial.of(stages.bare, "apply", complete, tmp_path), some(APPLY, 2))


def test_a_changed_configuration_killed_while_it_is_applied_leaves_the_old_one_or_the_new(
    stages, changed, tmp_path, some
):
    complete = partial(apply, config=changed)
    survives(Trial.of(stages.judged, "apply", complete, tmp_path, config=changed), some(REAPPLY, 1))


def test_a_service_killed_while_it_judges_loses_and_doubles_no_status_change(stages, tmp_path, monkeypatch, some):
    monkeypatch.setenv("TARGETWATCH_PORT", "0")
    survives(Trial.of(stages.filled, "serve", judge, tmp_path), some(JUDGE, 2))


# --- at any moment ----------------------------------------------------------------------------------------------------


@pytest.fixture
def grown(tmp_path: Path) -> Path:
    """Give the real configuration with figures that nobody has read yet."""
    shutil.copytree(CONFIG, tmp_path / "config")
    for name, row in NEW_ROWS.items():
        with (tmp_path / "config" / "readings" / f"{name}.csv").open("a", encoding="utf-8") as file:
            file.write(f"{row}\n")
    return tmp_path / "config"


def test_a_service_killed_at_any_moment_of_its_work_loses_and_doubles_nothing(stages, grown, tmp_path, some):
    complete = partial(read_and_judge, config=grown)
    trial = Trial.of(stages.filled, "serve", complete, tmp_path, config=grown)
    assert trial.wanted.readings.total() == trial.before.readings.total() + len(NEW_ROWS)
    moments = [(0, 0.8 * random.random()) for _ in range(5)] + [(1, 0.4 * random.random()) for _ in range(5)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(partial(killed_after, trial), some(moments, 2)))


def service(file: Path, config: Path, log: Path) -> Program:
    said = environment(file, TARGETWATCH_CONFIG_DIR=str(config), TARGETWATCH_PORT="0")
    command = [sys.executable, "-m", "targetwatch", "serve"]
    with log.open("wb") as output:
        return Program(command, env=said, cwd=PROJECT, stdout=output, stderr=output)


def killed_after(trial: Trial, moment: tuple[int, float]) -> None:
    """Kill the service so many seconds after it opened the database (0) or first wrote to it (1), wherever it is."""
    wrote, seconds = moment
    file = Path(shutil.copy(trial.start, trial.folder / f"{wrote}-{seconds}.db"))
    log = file.with_name(f"{file.name}-wal")
    process = service(file, trial.config, trial.folder / f"{wrote}-{seconds}.txt")
    while not log.exists() or log.stat().st_size < wrote:
        assert process.poll() is None
        time.sleep(0.002)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    assert process.wait(30) == -signal.SIGKILL
    trial.completed(file, state(file))
