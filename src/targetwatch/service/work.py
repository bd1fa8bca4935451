"""A worker: a process that judges lots of targets for the leader, whichever that is, and does nothing else.

It runs by itself (`targetwatch work`), on any machine, or beside a leader that has started it and with which it ends.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import threading
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from typing import TYPE_CHECKING

from targetwatch.errors import StoreError
from targetwatch.service import logs
from targetwatch.store import db, lots
from targetwatch.watch.judging import judge_lot, program
from targetwatch.wording.problems import in_english

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

    from sqlalchemy.engine import Engine

log = logging.getLogger(__name__)
LOOKS_EVERY_SECONDS = 0.5


def work(url: str) -> None:
    """Judge for whoever leads on this database until asked to stop, the lot in hand to its end.

    Raises:
        StoreError: the database is SQLite.
        SchemaError: it cannot be reached, or is older or newer than the program.
    """
    engine = db.create_engine(url)
    if db.file_of(engine) is not None:
        raise StoreError("work_needs_server", where=db.DATABASE, said=db.shown(engine.url))
    db.check_schema(engine)
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _signal, _frame: ending.set())
    outage = db.outage_of(engine)
    assert outage is not None
    outage.watch(engine, lambda _up: None)
    log.info("judges for the leader as %s", program())
    Worker(engine).run(ending)
    outage.stop()
    engine.dispose()
    log.info("stopped")


@dataclass(slots=True)
class Worker:
    """What a worker remembers: what it has judged since it last had nothing to do, and what it has said."""

    engine: Engine
    _judged: int = 0
    _trouble: str = ""

    def run(self, ending: threading.Event) -> None:
        """Judge what there is to judge, and wait for more."""
        while not ending.is_set():
            try:
                if self.judge():
                    continue
                if self._judged:
                    log.info("%d targets judged", self._judged)
                self._judged = 0
            except StoreError as error:
                self._say(f"the database does not answer: {in_english(error)}")
            except Exception:
                log.exception("a lot could not be judged, it is left to the leader")
            ending.wait(LOOKS_EVERY_SECONDS)

    def judge(self) -> bool:
        """Judge one lot, and return whether there was one."""
        with db.queueing(self.engine) as connection:
            lot = lots.take(connection, program=program())
            other = None if lot else lots.other_program(connection, program())
        self._say(f"judges nothing: the leader is '{other}', this is '{program()}'" if other else "")
        if lot is None:
            return False
        judged = judge_lot(self.engine, lot.asked)
        with db.queueing(self.engine) as connection:
            if not lots.finish(connection, lot, judged):
                log.debug("lot %d was judged by another", lot.number)
        self._judged += len(judged)
        return True

    def _say(self, trouble: str) -> None:
        """Say what keeps it from judging, once."""
        if trouble and trouble != self._trouble:
            log.warning("%s", trouble)
        elif self._trouble and not trouble:
            log.info("judges again")
        self._trouble = trouble


@dataclass(slots=True)
class WorkerPool:
    """The workers that a leader has beside it."""

    url: str
    count: int
    json_logs: bool
    _processes: list[SpawnProcess] = field(default_factory=list)

    def start(self) -> None:
        """Start as many as are missing."""
        self._processes = [one for one in self._processes if one.is_alive()]
        while len(self._processes) < self.count:
            process = get_context("spawn").Process(target=_beside, args=(self.url, self.json_logs), daemon=True)
            process.start()
            self._processes.append(process)

    def stop(self) -> None:
        """Let them end."""
        for one in self._processes:
            one.terminate()
        self._processes.clear()


def _beside(url: str, json_logs: bool) -> None:  # noqa: FBT001 - the arguments of a process
    """Work in a process that ends with the one that has started it, however that ends."""
    with contextlib.suppress(OSError):  # where a unit forbids it
        os.nice(5)  # pages go first
    logs.begin(json=json_logs, verbose=False)
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    try:
        work(url)
    except StoreError as error:
        log.warning("a worker could not begin: %s", in_english(error))


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(0)
