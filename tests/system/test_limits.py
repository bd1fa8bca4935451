"""`targetwatch serve` among clients that begin and do not go on, and on a database that hangs.

`pytest tests/system/test_limits.py --thorough` begins 1,100 requests with 1,024 files, and stops
PostgreSQL for a minute.
"""

from __future__ import annotations

import contextlib
import logging
import os
import resource
import shutil
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from test_serve import Service, until

from commands import PROJECT
from real_service import prepare
from store.databases import on_server

CONFIG = PROJECT / "config"
log = logging.getLogger(__name__)
HALF = b"POST /api/v1/readings HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n"
LINES = 100
TOKEN = "a-token-of-thirty-two-characters-or-so"
BEARER = {"authorization": f"Bearer {TOKEN}"}
FIGURE = {
    "indicator": "ilstc-volume",
    "value": "301000",
    "period": "2025-01..2025-12",
    "basis": "year_to_date",
    "published": "2026-11-20",
    "publisher": "port-and-logistics-office",
}
PAGE = "/targets/ilstc-volume-2025"
MEMORY = ("/metrics", "/wall", "/wall/content", "/-/ready")
FROM_SNAPSHOT = (*MEMORY, "/", "/api/v1/targets")
PATHS = (*FROM_SNAPSHOT, "/api/v1/readings", *[f"{PAGE}?n={number}" for number in range(8)])


@contextmanager
def files(count: int) -> Iterator[None]:
    """Let the processes begun in here have so many files, and this one go on."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (count, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def seconds_of(service: Service, path: str) -> float:
    begun = time.monotonic()
    answer = requests.get(service.address + path, timeout=60)
    assert answer.status_code == 200, (path, answer.status_code)
    return time.monotonic() - begun


def quantile(seconds: list[float], share: float = 0.99) -> float:
    return sorted(seconds)[min(int(len(seconds) * share), len(seconds) - 1)]


def test_requests_begun_and_left_hold_up_nobody(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    begun, allowed = (1100, 1024) if request.config.getoption("--thorough") else (300, 256)
    file = tmp_path / "targetwatch.db"
    prepare(file, now=datetime.now(UTC) - timedelta(minutes=1)).dispose()
    config = Path(shutil.copytree(CONFIG, tmp_path / "config"))
    service = Service(file, config, tmp_path / "log")
    with files(allowed):
        service.start()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    try:
        service.until_ready()
        paths = ("/metrics", "/wall", "/", "/targets/ilstc-volume-2025")
        before = {path: quantile([seconds_of(service, path) for _ in range(5)], 0.5) for path in paths}
        lines, where = service.said.count("\n"), urlsplit(service.address)
        with ExitStack() as stack:
            for _ in range(begun):
                one = stack.enter_context(socket.create_connection((where.hostname, where.port), timeout=60))
                one.sendall(HALF)
            during = {path: [seconds_of(service, path) for _ in range(10)] for path in paths}
        for path in paths:
            log.info("%s: %.3f s, among them at most %.3f s", path, before[path], max(during[path]))
        assert service.said.count("\n") - lines < LINES, service.said
        assert "out of system resource" not in service.said
        service.end()
    finally:
        service.process.kill()
        service.process.wait()


def test_a_database_that_hangs_hangs_nobody(postgresql: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    is_thorough = request.config.getoption("--thorough")
    for engine in on_server(postgresql, "template0"):
        url = engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
        token = {"TARGETWATCH_API_TOKEN": TOKEN}
        service = Service(url, CONFIG, tmp_path / "log", words=("--upgrade",), settings=token)  # type: ignore[arg-type]
        service.start()
        try:
            service.until_ready()
            until(partial(answers, service, PAGE), "a figure")
            found, down_after = among_a_hanging_database(service, postgresql, 60 if is_thorough else 12)
            service.end()
        finally:
            service.process.kill()
            service.process.wait()
    log.info("down after %.1f s", down_after)
    for path, answered in found.items():
        counted, seconds = Counter(status for status, _ in answered), [seconds for _, seconds in answered]
        log.info("%s: %s, median %.3f s, p99 %.3f s", path, dict(counted), quantile(seconds, 0.5), quantile(seconds))
    for path, answered in found.items():
        said = {status for status, _ in answered}
        assert said <= {200, 201, 503}
        if path in FROM_SNAPSHOT:
            assert said == {200}
        if is_thorough and path in MEMORY:
            assert quantile([seconds for _, seconds in answered]) < 0.1
    assert down_after < 10 or not is_thorough
    assert "Traceback" not in service.said, service.said


def among_a_hanging_database(
    service: Service, postgresql: str, seconds: int
) -> tuple[dict[str, list[tuple[int, float]]], float]:
    """Ask for everything while the database hangs and after it; the answers, and when it was noticed."""
    asked: dict[str, list[tuple[int, float]]] = {path: [] for path in PATHS}
    over = threading.Event()
    asking = [threading.Thread(target=ask, args=(service, *one, over)) for one in asked.items()]
    try:
        with frozen(postgresql):
            for one in asking:
                one.start()
            begun = time.monotonic()
            until(lambda: service.gauge("database_up") == 0, "the database down")
            down_after = time.monotonic() - begun
            time.sleep(max(seconds - down_after, 0))
            during = {path: [*answered] for path, answered in asked.items()}
        until(lambda: service.gauge("database_up") == 1, "the database up again")
        until(partial(answers, service, PAGE), "the page again")
    finally:
        over.set()
    for one in asking:
        one.join()
    assert {status for answered in asked.values() for status, _ in answered} <= {200, 201, 503}
    return during, down_after


def answers(service: Service, path: str) -> bool:
    return service.get(path).status_code == 200


def ask(service: Service, path: str, found: list[tuple[int, float]], over: threading.Event) -> None:
    """Ask for a page (or enter a figure) again and again, until it is over."""
    with requests.Session() as session:
        while not over.wait(0.05 if path in MEMORY else 0.5):
            begun = time.monotonic()
            if path == "/api/v1/readings":
                answer = session.post(service.address + path, json=FIGURE, headers=BEARER, timeout=100)
            else:
                answer = session.get(service.address + path, timeout=100)
            found.append((answer.status_code, time.monotonic() - begun))


@contextmanager
def frozen(postgresql: str) -> Iterator[None]:
    """Stop every process of the cluster, as a machine or a disk that hangs does, and let them go on."""
    folder = Path(postgresql.partition("host=")[2])
    first = int((folder / "data" / "postmaster.pid").read_text().split()[0])

    def all_of_it(number: signal.Signals) -> None:
        os.kill(first, number)
        for one in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                if int(one.read_text().rpartition(")")[2].split()[1]) == first:
                    os.kill(int(one.parent.name), number)

    all_of_it(signal.SIGSTOP)
    try:
        yield
    finally:
        all_of_it(signal.SIGCONT)
