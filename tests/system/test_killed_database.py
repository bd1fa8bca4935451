"""PostgreSQL killed under a running service, or destroyed and put back to a point in time: nothing kept is lost.

`pytest tests/system/test_killed_database.py --thorough` kills it thirty times; the suite does twice.
"""

from __future__ import annotations

import logging
import random
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import count

import pytest
import requests
from sqlalchemy.engine import Engine
from test_three_processes import INDICATOR, House, everything_once, housed, until

from commands import process
from store.cluster import Cluster
from targetwatch.store import db, readings

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1_800)]
FIRST = 300_000
AT_ONCE = 2
PUBLISHED = date(2026, 11, 20)
"""The day of all figures that are typed, and of no other."""
log = logging.getLogger(__name__)


@dataclass
class Scene:
    """A server, a service on it, and the figures that were entered into it with what was answered of each."""

    cluster: Cluster
    house: House
    answered: dict[int, int] = field(default_factory=dict)
    """By figure; one that got no answer is 0."""
    _next: Iterator[int] = field(default_factory=lambda: count(FIRST))

    def enter(self) -> int:
        """Enter one more figure, another one each time, and return it."""
        figure = next(self._next)
        self.answered[figure] = 0
        with suppress(requests.RequestException):
            self.answered[figure] = self.house.processes[0].post(str(figure))
        return figure

    @contextmanager
    def typing(self) -> Iterator[None]:
        """Let several people enter one figure after another."""
        over = threading.Event()

        def enter() -> None:
            while not over.wait(0.05):
                self.enter()

        people = [threading.Thread(target=enter) for _ in range(AT_ONCE)]
        for one in people:
            one.start()
        try:
            yield
        finally:
            over.set()
            for one in people:
                one.join()

    @property
    def acknowledged(self) -> set[int]:
        return {figure for figure, status in [*self.answered.items()] if status == 201}

    def one_more(self) -> None:
        """Wait until one more is acknowledged."""
        before = len(self.acknowledged)
        until(lambda: len(self.acknowledged) > before, "a figure acknowledged", more=self.house.said)

    def is_shown(self, figure: int) -> bool:
        return self.house.shown() == Decimal(figure)

    def kill(self) -> None:
        self.house.engine.dispose()
        self.cluster.kill()

    def is_whole(self) -> None:
        """Nothing acknowledged is lost, nothing is there twice, and what is shown is what the figures come to."""
        found = typed(self.house.engine)
        assert self.acknowledged <= found.keys() <= self.answered.keys()
        assert set(found.values()) == {1}
        assert set(self.answered.values()) <= {0, 201, 503}
        everything_once(self.house, is_thorough=False)
        judged_afresh(self.house)
        assert "Traceback" not in self.house.said()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    archived = {"archive_mode": "on", "archive_command": "mkdir -p ../archive && cp %p ../archive/%f"}
    folder = tmp_path_factory.mktemp("killed")
    with Cluster.begun(**archived) as cluster, housed(cluster.address, folder, count=1) as house:
        yield Scene(cluster, house)


def typed(engine: Engine) -> Counter[int]:
    """Return how often each figure that was typed is there."""
    with db.reading(engine) as session:
        stored = readings.load(session, [INDICATOR])[INDICATOR]
        held = [one.reading for one in readings.held(session, status=None)]
    return Counter(int(one.value) for one in (*stored, *held) if one.published_on == PUBLISHED)


def test_a_server_killed_again_and_again_loses_nothing_acknowledged(
    scene: Scene, request: pytest.FixtureRequest
) -> None:
    is_thorough = request.config.getoption("--thorough")
    kills, back = 30 if is_thorough else 2, list[float]()
    with scene.typing():
        for _ in range(kills):
            if is_thorough:  # what is published is read within a minute
                scene.house.publish()
            scene.house.bind()
            scene.one_more()
            time.sleep(random.uniform(0, 1.5))
            scene.kill()
            time.sleep(random.uniform(0, 1))
            scene.cluster.start()
            begun = time.monotonic()
            scene.one_more()
            back.append(time.monotonic() - begun)
    counted = Counter(scene.answered.values())
    log.info("killed %d times, %s; taken again after %.1f s at most", kills, counted, max(back))
    scene.is_whole()


def judged_afresh(house: House) -> None:
    """What is shown is what a process shows that finds no verdict kept and judges everything."""
    one = house.processes[0]
    before = one.verdicts()
    one.process.kill()
    one.process.wait(30)
    with house.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM verdict")
        connection.exec_driver_sql("DELETE FROM horizon")
    one.start()
    until(lambda: one.is_ready, "the process, back", more=house.said)
    assert one.verdicts() == before


@pytest.mark.thorough
def test_a_server_destroyed_is_put_back_to_a_point_in_time_and_the_service_goes_on(scene: Scene) -> None:
    cluster, engine = scene.cluster, scene.house.engine
    cluster.run("pg_basebackup", "-h", cluster.folder, "-U", "postgres", "-D", cluster.folder / "base", "-c", "fast")
    last = max(scene.enter() for _ in range(3))
    kept = scene.acknowledged
    (point,) = asked(engine, "SELECT clock_timestamp()")
    lost = scene.enter()
    until(lambda: scene.is_shown(lost), "what is lost with the server, while it is there")
    (written,) = asked(engine, "SELECT pg_walfile_name(pg_switch_wal())")
    until((cluster.folder / "archive" / str(written)).exists, "the last of the log, archived")
    scene.kill()
    shutil.rmtree(cluster.data)
    (cluster.folder / "base").rename(cluster.data)
    (cluster.data / "recovery.signal").touch()
    cluster.configure(
        restore_command="cp ../archive/%f %p", recovery_target_time=str(point), recovery_target_action="promote"
    )
    cluster.start()
    begun = time.monotonic()
    until(lambda: asked(engine, "SELECT pg_is_in_recovery()") == (False,), "the end of the recovery")
    verified = process(engine.url.render_as_string(hide_password=False), "audit", "verify")
    assert verified.status == 0, verified.err
    assert kept <= typed(engine).keys()
    assert scene.answered.pop(lost) == 201
    assert lost not in typed(engine)
    until(lambda: scene.is_shown(last), "what was shown at that point", more=scene.house.said)
    log.info("at that point again after %.1f s", time.monotonic() - begun)
    figure = scene.enter()
    until(lambda: scene.is_shown(figure), "a figure entered since", more=scene.house.said)
    scene.is_whole()


def asked(engine: Engine, question: str) -> tuple[object, ...]:
    with engine.execution_options(**db.READ_ONLY).connect() as connection:
        return tuple(connection.exec_driver_sql(question).one())
