"""The pages beside the same pages of a bare FastAPI and Jinja application, and what each part of the overview costs.

python pages.py FILE: it is a database made by ingest.py. Everything is served by uvicorn, in a process of its own.
"""

from __future__ import annotations

import http.client
import os
import sys
import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import serve
import world

REPETITIONS = 41
HERE = Path(__file__).parent
OVERVIEW = (
    ("overview, first page", "/"),
    ("overview, page 100", "/?page=100"),
    ("overview, page 100, sorted by name", "/?sort=name&page=100"),
    ("overview, one status, by odds", "/?status=on_track&sort=odds"),
    ("overview, searched", f"/?q={quote('port 77')}"),
    ("overview, nothing found", "/?q=nothing-of-the-kind"),
    ("overview, as a table", "/?look=table"),
)
ONE = "/targets/cargo-05000-2025"


def main(file: Path) -> None:
    """Start the service and the bare application, and ask both in turns."""
    port, bare = serve.free_port(), serve.free_port()
    command = [*serve.command(), "--database", f"sqlite:///{file}", "serve", "--as-of", "2025-10-10"]
    with serve.running([*command, "--port", str(port)]) as service, TemporaryDirectory(dir=file.parent) as folder:
        begun = time.perf_counter()
        serve.until_ready(service, port, "/-/ready")
        print(f"start to ready                     {time.perf_counter() - begun:10.0f} s")
        print(f"the overview, first time           {world.timed(lambda: get(port, '/')) * 1e3:10.1f} ms")
        for name, path in (("overview", "/"), ("target", ONE)):
            (Path(folder) / f"{name}.html").write_bytes(get(port, path))
        with serve.running([sys.executable, str(HERE / "bare_pages.py"), folder, str(bare)]) as other:
            serve.until_ready(other, bare, "/overview")
            for what, path in OVERVIEW:
                beside(what, port, path, bare, "/overview")
            beside("target", port, ONE, bare, "/target")
        print(f"memory of the service, at most     {serve.peak_megabytes(service.pid):10.0f} MB")


def beside(what: str, port: int, path: str, bare: int, bare_path: str) -> None:
    """Print the medians of a page and of the bare one, asked in turns."""
    ours, theirs = [], []
    for _ in range(REPETITIONS):
        theirs.append(world.timed(partial(get, bare, bare_path)))
        ours.append(world.timed(partial(get, port, path)))
    size = len(get(port, path)) / 1e3
    mine, their = world.median(ours) * 1e3, world.median(theirs) * 1e3
    worst = sorted(ours)[int(REPETITIONS * 0.95)] * 1e3
    print(f"{what:35}{mine:8.1f} ms (95 %: {worst:6.1f}), {size:4.0f} kB; bare {their:6.1f} ms; {mine / their:5.1f} x")


def get(port: int, path: str) -> bytes:
    """Return a page; anything but an answer of 200 ends the measurement."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    assert response.status == http.HTTPStatus.OK, (path, response.status, body[:200])
    return body


if __name__ == "__main__":
    os.environ["TARGETWATCH_TIMEZONE"] = str(world.ZONE)
    main(Path(sys.argv[1]).resolve())
