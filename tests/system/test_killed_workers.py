"""Workers and leaders killed while they judge together: nothing is lost, done twice, or judged from half of it.

`pytest tests/system/test_killed_workers.py --thorough` kills thirty of each, and freezes five workers;
it is not in the suite, where `test_three_processes` kills a leader and `service/test_work` one that has workers.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.engine import Engine
from test_three_processes import Process, until

import builders as b
from commands import PROJECT, environment
from store.databases import on_server
from targetwatch.model import AsOf, Basis, Catalogue, Publisher, Reading, Text
from targetwatch.store import audit, catalogue, db, readings, statuses, verdicts
from targetwatch.watch import Watch, keep

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(7_200)]
ZONE = ZoneInfo("Asia/Shanghai")
TARGETS = 420
"""All on one figure, and enough that the leader shares them."""
THIS_YEAR = {"start": b.day("2026-01-01"), "deadline": b.day("2026-12-31"), "announced": b.day("2026-02-02")}
CATALOGUE = Catalogue(
    publishers=(Publisher(id=b.PUBLISHER, title=Text("Office", "局")),),
    indicators=(b.indicator(id="volume"),),
    targets=tuple(
        b.target(
            b.version(b.goal(at_least=140_000 + 320 * number), **THIS_YEAR), id=f"t-{number:03}", indicator="volume"
        )
        for number in range(TARGETS)
    ),
)


@dataclass
class Worker:
    """A worker on its own."""

    settings: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        command = [sys.executable, "-m", "targetwatch", "work"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=self.settings, cwd=PROJECT, stdout=log, stderr=log)


@dataclass
class Scene:
    """Two services and some workers on one database, and one process that judges all of it alone elsewhere."""

    engine: Engine
    services: list[Process]
    workers: list[Worker]
    alone: Engine
    watch: Watch = field(default_factory=Watch)
    torn: list[str] = field(default_factory=list)
    hit: Counter[str] = field(default_factory=Counter)
    took: list[float] = field(default_factory=list)

    def enter(self, value: int) -> None:
        """Let it be known here and there."""
        figure = b.reading("2026-01-01..2026-10-31", value, "2026-11-20", indicator="volume", basis=Basis.YEAR_TO_DATE)
        for engine in (self.engine, self.alone):
            store(engine, figure)

    def number(self, query: str) -> int:
        with db.reading(self.engine) as session:
            return int(session.connection().exec_driver_sql(query).scalar_one())

    def kept(self, value: int) -> bool:
        """Return whether everything is judged by this figure."""
        said = f"SELECT count(*) FROM verdict WHERE (verdict->>'actual_value')::numeric = {value}"
        return self.number(said) == TARGETS

    def judge_alone(self) -> dict[str, verdicts.FoundVerdict]:
        now = datetime.now(UTC)
        with db.reading(self.alone) as session:
            taken = self.watch.refresh(session, AsOf.at(now, ZONE), taken_at=now)
        found = {one.target: one for one in self.watch.found({one.id for one in CATALOGUE.targets})}
        with db.writing(self.alone, "service", now=now) as session:
            _, self.watch.number = keep(
                session, taken.changes, reached=self.watch.horizon(), found=[found[name] for name in taken.judged]
            )
        return found

    def leader(self) -> Process:
        leading: Process = until(
            lambda: next((one for one in self.services if one.process.poll() is None and one.leads), None),
            "one that leads",
            more=self.said,
        )
        return leading

    def said(self) -> str:
        return "\n".join(
            f"--- {one.log.name}\n{one.log.read_text()[-2000:]}" for one in (*self.services, *self.workers)
        )


def store(engine: Engine, *figures: Reading) -> None:
    with db.writing(engine, "test", now=datetime.now(UTC)) as session:
        readings.add(session, figures)


def history() -> Iterator[Reading]:
    for year in (2023, 2024, 2025):
        for month in range(1, 13):
            end = b.month_ends(year)[month - 1]
            value = 20_000 + 200 * month + 500 * (year - 2023)
            published = date(end.year + end.month // 12, end.month % 12 + 1, 20)
            yield b.reading(
                f"{end.replace(day=1)}..{end}", value, str(published), basis=Basis.PERIOD, indicator="volume"
            )


@contextmanager
def watching(scene: Scene) -> Iterator[None]:
    """Look all the time whether what is kept is of one figure."""
    over = threading.Event()

    def watch() -> None:
        said = "SELECT count(DISTINCT verdict->>'actual_value'), count(*), count(DISTINCT number) FROM verdict"
        while not over.is_set():
            with db.reading(scene.engine) as session:
                values, rows, horizons = session.connection().exec_driver_sql(said).one()
            if (values, rows, horizons) != (1, TARGETS, 1):
                scene.torn.append(f"{values} figures of {horizons} horizons in {rows} verdicts")
            time.sleep(0.02)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@pytest.fixture
def scene(postgresql: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Scene]:
    """Start them all, and wait until everything is judged for the first time."""
    databases = on_server(postgresql, "template0")
    engine, alone = next(databases), db.create_engine(f"sqlite:///{tmp_path / 'alone.db'}")
    for one in (engine, alone):
        db.upgrade(one)
        with db.writing(one, "test", now=datetime.now(UTC)) as session:
            catalogue.reconcile(session, CATALOGUE, now=datetime.now(UTC))
        store(one, *history())
    settings = environment(engine.url.set(drivername="postgresql").render_as_string(hide_password=False))
    services = [Process(n, {**settings, "TARGETWATCH_WORKERS": "1"}, tmp_path / f"serve-{n}.log") for n in range(2)]
    workers = [Worker(settings, tmp_path / f"work-{n}.log") for n in range(2)]
    found = Scene(engine, services, workers, alone)
    found.enter(250_000)
    try:
        for one in (*services, *workers):
            one.start()
        until(lambda: found.kept(250_000), "the first judgement", more=found.said)
        assert found.judge_alone() == now_kept(found)
        yield found
    finally:
        for one in (*services, *workers):
            one.process.kill()
            one.process.wait(30)
        alone.dispose()
    with suppress(StopIteration):
        next(databases)


def now_kept(scene: Scene) -> dict[str, verdicts.FoundVerdict]:
    with db.reading(scene.engine) as session:
        return {one.target: one for one in verdicts.load(session)}


def test_workers_and_leaders_killed_while_they_judge_together_lose_double_and_tear_nothing(scene: Scene) -> None:
    ends = random.sample(["worker"] * 30 + ["leader"] * 30 + ["frozen"] * 5, 65)
    with watching(scene):
        for place, end in enumerate(ends):
            value = 230_000 + random.randrange(400) * 100 + place
            scene.enter(value)
            began = time.monotonic()
            ended(scene, end, value)
            until(lambda value=value: scene.kept(value), f"everything judged by {value}", more=scene.said)
            scene.took.append(time.monotonic() - began)
            assert scene.judge_alone() == now_kept(scene), f"after {end} {place}"
    sys.stdout.write(
        f"{Counter(ends)}, {dict(scene.hit)} in the middle of a judging; judged after it in"
        f" {max(scene.took):.1f} s at most\n"
    )
    assert scene.torn == []
    assert told(scene.engine) == told(scene.alone)
    with db.reading(scene.engine) as session:
        assert audit.verify(session) == ()
        assert len(readings.load(session, ["volume"])["volume"]) == 36 + 1 + len(ends)
    assert min(scene.hit["worker"], scene.hit["leader"]) > 10


def told(engine: Engine) -> list[tuple[object, ...]]:
    """Return every status change, in order."""
    with db.reading(engine) as session:
        return [(one.target, one.version, one.on, one.old, one.new, one.rule) for one in statuses.load(session)]


def ended(scene: Scene, end: str, value: int) -> None:
    """Kill or freeze one of them in the middle, and have it back."""
    taken = "SELECT count(*) FROM lot WHERE claim <> '' AND result IS NULL"
    until(lambda: scene.number(taken) or scene.kept(value), "a lot that is taken", more=scene.said)
    time.sleep(random.uniform(0, 0.3))
    victim = scene.leader() if end == "leader" else random.choice(scene.workers)
    in_the_middle = not scene.kept(value)
    victim.process.send_signal(signal.SIGSTOP if end == "frozen" else signal.SIGKILL)
    scene.hit[end] += in_the_middle and not scene.kept(value)
    if end == "frozen":
        until(lambda: scene.kept(value), "everything judged without the frozen one", more=scene.said)
        victim.process.send_signal(signal.SIGCONT)
        return
    victim.process.wait(30)
    victim.start()
