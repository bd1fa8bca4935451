"""`targetwatch serve` among clients that begin and do not go on, and on a database that hangs.

`pytest tests/system/test_limits.py --thorough` begins 1,100 requests with 1,024 files, and stops
PostgreSQL for a minute.
"""

from __future__ import annotations

import logging
import resource
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from test_serve import Service

from commands import PROJECT
from real_service import prepare

CONFIG = PROJECT / "config"
log = logging.getLogger(__name__)
HALF = b"POST /api/v1/readings HTTP/1.1\r\nHost: here\r\nContent-Length: 100\r\n"
LINES = 100


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
