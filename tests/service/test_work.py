"""Workers as processes: those of a leader, and those on their own."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Engine

from commands import call, environment
from real_service import PREPARED, fill
from refusing import raises
from store.databases import execute
from targetwatch.errors import StoreError
from targetwatch.model import AsOf
from targetwatch.service import work
from targetwatch.service.app import build
from targetwatch.service.work import Worker, WorkerPool
from targetwatch.settings import Settings
from targetwatch.store import db
from targetwatch.watch import Watch, judging, snapshots, take

ZONE = ZoneInfo("Asia/Shanghai")
SOON = 120
"""Far longer than it takes, on a machine with other work."""
LEADER = """
import sys, time
from targetwatch.service.work import WorkerPool

if __name__ == "__main__":
    pool = WorkerPool(sys.argv[1], 1, json_logs=False)
    pool.start()
    print(pool._processes[0].pid, flush=True)
    time.sleep(600)
"""


def until(holds: Callable[[], object], what: str) -> None:
    end = time.monotonic() + SOON
    while not holds():
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.05)


def address_of(server: Engine) -> str:
    return server.url.set(drivername="postgresql").render_as_string(hide_password=False)


def lives(process: int) -> bool:
    with suppress(FileNotFoundError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_on_sqlite_a_worker_is_refused_and_so_are_workers_of_a_service(sqlite: Engine) -> None:
    file = db.file_of(sqlite)
    assert file is not None
    ran = call("work", environment=environment(file))
    assert ran.status == 1
    assert "workers judge for a leader on PostgreSQL only" in ran.err
    with raises(StoreError, match="TARGETWATCH_WORKERS.*.*workers judge for a leader on PostgreSQL only"):
        build(Settings(database_url=f"sqlite:///{file}", workers=2))


def test_the_workers_of_a_leader_judge_for_it_and_end_when_it_says_so(server: Engine, monkeypatch: Any) -> None:
    fill(server)
    with server.begin() as connection:
        connection.exec_driver_sql("UPDATE leader SET term = 1")
    post, judge, here = judging.post, judging.judge_targets, list[str]()

    def put(*said: Any, **more: Any) -> Any:
        posted = post(*said, **more)
        until(lambda: count(server, "WHERE result IS NULL") == 0, "a worker to judge every lot")
        return posted

    def noted(inputs: Any, targets: Any, *said: Any) -> Any:
        here.extend(target.id for target in targets)
        return judge(inputs, targets, *said)

    monkeypatch.setattr(judging, "SHARED_FROM", 1)
    monkeypatch.setattr(judging, "LOT_TARGETS", 3)
    monkeypatch.setattr(snapshots, "post", put)
    monkeypatch.setattr(judging, "judge_targets", noted)
    pool = WorkerPool(address_of(server), 2, json_logs=False)
    pool.start()
    pool.start()
    first, second = pool._processes
    with db.reading(server) as session:
        led = server.execution_options(**{db.TERM: 1})
        taken = Watch().refresh(session, AsOf.end_of(PREPARED.date(), ZONE), taken_at=PREPARED, led=led)
        assert here == []
        alone = take(session, taken.snapshot.as_of, taken_at=PREPARED)
    assert taken.snapshot == alone
    pool.stop()
    until(lambda: not first.is_alive() and not second.is_alive(), "the workers to end")


def test_a_worker_ends_with_a_leader_that_was_killed(server: Engine) -> None:
    command = [sys.executable, "-c", LEADER, address_of(server)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as leader:
        assert leader.stdout is not None
        worker = int(leader.stdout.readline())
        assert lives(worker)
        leader.kill()
        leader.wait(30)
        until(lambda: not lives(worker), "the worker to end")


def test_a_worker_on_its_own_ends_when_it_is_asked_to(server: Engine) -> None:
    command = [sys.executable, "-m", "targetwatch", "work"]
    address = environment(address_of(server))
    with subprocess.Popen(command, env=address, stderr=subprocess.PIPE, text=True) as worker:
        assert worker.stderr is not None
        assert "judges for the leader as" in worker.stderr.readline()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(SOON) == 0
        assert worker.stderr.read().rstrip().endswith("stopped")


def test_a_database_that_is_away_is_told_once_and_once_when_it_is_back(
    server: Engine, postgresql: str, monkeypatch: Any, caplog: Any
) -> None:
    monkeypatch.setattr(work, "LOOKS_EVERY_SECONDS", 0.02)
    caplog.set_level("INFO")
    name, ending = server.url.database, threading.Event()
    thread = threading.Thread(target=Worker(server).run, args=(ending,))
    thread.start()
    execute(postgresql, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    execute(postgresql, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
    until(lambda: "is not currently accepting connections" in caplog.text, "the outage to be told")
    time.sleep(0.5)
    execute(postgresql, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    until(lambda: "judges again" in caplog.messages, "the end of the outage to be told")
    ending.set()
    thread.join(SOON)
    refused = [line for line in caplog.messages if "is not currently accepting connections" in line]
    assert len(refused) == 1
    assert caplog.messages.count("judges again") == 1


def count(engine: Engine, where: str) -> int:
    with db.reading(engine) as session:
        return int(session.connection().exec_driver_sql(f"SELECT count(*) FROM lot {where}").scalar_one())
