"""A scrape of /metrics beside the same bytes as a static file, and start-up to ready.

python serve.py FILE: it is a database made by ingest.py. Everything is served by uvicorn, in a process of its own.
"""

from __future__ import annotations

import gzip
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import world
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

REPETITIONS = 31
READY_WITHIN_SECONDS = 1800
HERE = Path(__file__).parent


def main(file: Path) -> None:
    """Start the service and the static server, and ask both in turns."""
    help_seconds = [world.timed(lambda: _targetwatch("--help")) for _ in range(5)]
    print(f"targetwatch --help                 {world.median(help_seconds):10.2f} s (median of 5)")
    port = free_port()
    with TemporaryDirectory(dir=file.parent) as folder:
        serve = [*command(), "--database", f"sqlite:///{file}", "serve", "--as-of", "2025-10-10", "--port", str(port)]
        with running(serve) as service:
            begun = time.perf_counter()
            until_ready(service, port, "/-/healthy")
            print(f"start to answering                 {time.perf_counter() - begun:10.2f} s")
            until_ready(service, port, "/-/ready")
            print(f"start to ready                     {time.perf_counter() - begun:10.2f} s")
            body, _ = _get(port, "/metrics")
            _beside_a_file(port, body, Path(folder))
            print(f"memory of the service, at most     {peak_megabytes(service.pid):10.0f} MB")
    _beside_the_library(body)


def _beside_a_file(port: int, body: bytes, folder: Path) -> None:
    (folder / "metrics").write_bytes(body)
    packed, headers = _get(port, "/metrics", "gzip")
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed).startswith(body[:1000])  # the numbers of the process change
    (folder / "metrics.gz").write_bytes(packed)
    static = free_port()
    files = [sys.executable, str(HERE / "static_server.py"), str(folder), str(static)]
    with running(files) as server:
        until_ready(server, static, "/metrics.gz")
        for what, encoding, path in (("gzip", "gzip", "/metrics.gz"), ("plain", "identity", "/metrics")):
            ours, theirs = [], []
            for _ in range(REPETITIONS):
                theirs.append(world.timed(partial(_get, static, path, encoding)))
                ours.append(world.timed(partial(_get, port, "/metrics", encoding)))
            size = len(packed if encoding == "gzip" else body) / 1e6
            mine = world.median(ours) * 1e3
            print(f"scrape, {what:5} ({size:5.1f} MB)            {mine:10.2f} ms (median of {REPETITIONS})")
            print(f"the same bytes as a static file    {world.median(theirs) * 1e3:10.2f} ms")
            print(f"ratio                              {world.median(ours) / world.median(theirs):10.2f}")


def _beside_the_library(body: bytes) -> None:
    """Print what prometheus_client's own generate_latest takes for the same samples."""
    families = list(text_string_to_metric_families(body.decode()))
    registry = CollectorRegistry()
    registry.register(_Fixed(families))
    samples = sum(len(family.samples) for family in families)
    writing = [world.timed(lambda: generate_latest(registry)) for _ in range(5)]
    text = generate_latest(registry)
    packing = world.timed(lambda: gzip.compress(text))
    print(f"samples                            {samples:10}")
    print(f"generate_latest of the same        {world.median(writing) * 1e3:10.0f} ms (median of 5)")
    print(f"gzip.compress of that              {packing * 1e3:10.0f} ms")


class _Fixed(Collector):
    """Families that are there already."""

    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> list[Metric]:
        """Return them."""
        return self._families


def _get(port: int, path: str, encoding: str = "identity") -> tuple[bytes, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Accept-Encoding": encoding})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    assert response.status == http.HTTPStatus.OK, (response.status, body[:200])
    return body, {name.lower(): value for name, value in response.getheaders()}


def until_ready(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    """Wait until a process answers; one that has ended, or answers never, ends the measurement."""
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"{process.args!r}: ended with {process.returncode}"
        try:
            _get(port, path)
        except (OSError, AssertionError):
            time.sleep(0.02)
        else:
            return
    raise TimeoutError(path)


@contextmanager
def running(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process, and end it afterwards."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


def _targetwatch(*arguments: str) -> None:
    subprocess.run([*command(), *arguments], check=True, stdout=subprocess.DEVNULL)


def command() -> list[str]:
    """Return how this program is started."""
    return [sys.executable, "-m", "targetwatch"]


def peak_megabytes(pid: int) -> float:
    """Return the most memory a process ever held."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise ValueError(pid)


def free_port() -> int:
    """Return a port nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


if __name__ == "__main__":
    os.environ["TARGETWATCH_TIMEZONE"] = str(world.ZONE)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled once, not at every start
    main(Path(sys.argv[1]).resolve())
