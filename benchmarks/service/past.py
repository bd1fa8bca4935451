"""A past day nobody has looked at: how long until it is there, a scrape and the wall beside it, and the day once more.

python past.py ADDRESS: a database made by ingest.py (a file) or fill.py; it is written to. A lone judging is timed
first, in a process that does nothing else.
"""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import world
from serve import command, free_port, peak_megabytes, running, until_ready

DAY = (datetime.now(UTC) - timedelta(days=int(os.environ.get("DAYS_AGO", "200")))).date().isoformat()
ALONE = """
import sys, time
from datetime import UTC, date, datetime
from targetwatch import watch
from targetwatch.model import AsOf
from targetwatch.settings import Settings
from targetwatch.store import db
begun = time.perf_counter()
with db.reading(db.create_engine(sys.argv[1])) as session:
    watch.take(session, AsOf.end_of(date.fromisoformat(sys.argv[2]), Settings().zone), taken_at=datetime.now(UTC))
print(time.perf_counter() - begun)
"""


def main(url: str) -> None:
    """Judge the day alone, then ask the service for it until it answers, and once more after a restart."""
    port = free_port()
    serve = [*command(), "--database", url, "serve", "--port", str(port)]
    alone = float(subprocess.run([sys.executable, "-c", ALONE, url, DAY], check=True, capture_output=True).stdout)
    print(f"judged alone                       {alone:10.2f} s; {_load()}", flush=True)
    with running(serve) as service:
        until_ready(service, port, "/-/ready")
        for path in ("/metrics", "/wall"):
            _get(port, path)
        before = peak_megabytes(service.pid)
        statuses, scrapes, walls, begun = [], [], [], time.perf_counter()
        while not statuses or statuses[-1] != http.HTTPStatus.OK:
            asked = time.perf_counter()
            statuses.append(_get(port, f"/?as_of={DAY}"))
            if len(statuses) == 1:
                print(f"first answer                       {time.perf_counter() - asked:10.2f} s ({statuses[0]})")
            scrapes += [world.timed(lambda: _get(port, "/metrics")) for _ in range(5)]
            walls += [world.timed(lambda: _get(port, "/wall")) for _ in range(5)]
        taken = time.perf_counter() - begun
        again = [world.timed(lambda: _get(port, f"/?as_of={DAY}")) for _ in range(5)]
        print(f"there after                        {taken:10.2f} s ({taken / alone:.2f} times alone)")
        print(f"once more, in memory               {world.median(again):10.2f} s")
        print(f"a scrape beside it, median, longest {world.median(scrapes) * 1e3:8.1f} ms {max(scrapes) * 1e3:8.1f} ms")
        print(f"the wall beside it                  {world.median(walls) * 1e3:8.1f} ms {max(walls) * 1e3:8.1f} ms")
        print(f"memory of the service, more        {peak_megabytes(service.pid) - before:10.0f} MB", flush=True)
        if url.startswith("postgresql"):
            _other(url)
        _get(port, "/?as_of=2026-01-31")
        print(
            f"a stop while the next is judged    {world.timed(lambda: _stop(service)):10.2f} s; {_load()}", flush=True
        )
    with running(serve) as service:
        print(
            f"restart to ready                   {world.timed(lambda: until_ready(service, port, '/-/ready')):10.2f} s"
        )
        _get(port, "/")
        print(f"the day, kept                      {world.timed(lambda: _there(port)):10.2f} s; {_load()}")


def _other(url: str) -> None:
    """Time the day in another process beside this one."""
    port = free_port()
    with running([*command(), "--database", url, "serve", "--port", str(port)]) as other:
        until_ready(other, port, "/-/ready")
        _get(port, "/")
        print(f"the day in another process         {world.timed(lambda: _there(port)):10.2f} s")


def _there(port: int) -> None:
    assert _get(port, f"/?as_of={DAY}") == http.HTTPStatus.OK


def _get(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status


def _load() -> str:
    return f"load {os.getloadavg()[0]:.0f}"


def _stop(service: subprocess.Popen[bytes]) -> None:
    service.terminate()
    service.wait(60)


if __name__ == "__main__":
    os.environ["TARGETWATCH_TIMEZONE"] = str(world.ZONE)
    os.environ["OMP_NUM_THREADS"] = "1"
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    main(sys.argv[1] if "://" in sys.argv[1] else f"sqlite:///{Path(sys.argv[1]).resolve()}")
