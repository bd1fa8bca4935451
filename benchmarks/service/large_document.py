"""One document of many rows posted to the real service: how long it takes, in how much memory, and who waits for it.

python large_document.py [ROWS]: 200,000 if left out.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import requests

TOKEN = "a-token-of-this-benchmark"
DAYS = 2_000
FIRST = date(2019, 1, 1)
PATIENCE_SECONDS = 900


@dataclass
class Measured:
    """What was seen: the answer, the memory in MB, and the seconds that each scrape waited."""

    outcome: str
    new: int
    seconds: float
    idle: float
    peak: float
    scrapes: list[float] = field(default_factory=list)


def measure(rows: int) -> Measured:
    """Return what a document of so many rows came to."""
    with TemporaryDirectory() as said:
        folder = Path(said)
        names = [f"indicator-{number}" for number in range(-(-rows // DAYS))]
        _configure(folder, names)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        program = [sys.executable, "-m", "targetwatch", "--database", f"sqlite:///{folder}/t.db", "--config", said]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": _environment()}
        for words in (["db", "upgrade"], ["apply"]):
            subprocess.run([*program, *words], check=True, **quiet)
        service = subprocess.Popen([*program, "serve", "--port", port], **quiet)
        try:
            return _posted(f"http://127.0.0.1:{port}", _table(names, rows), service.pid)
        finally:
            service.terminate()
            service.wait()


def _posted(address: str, table: bytes, pid: int) -> Measured:
    until = time.monotonic() + PATIENCE_SECONDS
    while not _answers(address):
        if time.monotonic() > until:
            raise TimeoutError("the service never became ready")
        time.sleep(0.1)
    idle, answers, scrapes = _megabytes(pid, "VmRSS"), list[requests.Response](), list[float]()
    began = time.monotonic()

    def post() -> None:
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "text/csv"}
        url = f"{address}/api/v1/documents?source=large"
        answers.append(requests.post(url, data=table, headers=headers, timeout=PATIENCE_SECONDS))

    posting = threading.Thread(target=post)
    posting.start()
    while posting.is_alive():
        asked = time.monotonic()
        requests.get(f"{address}/metrics", timeout=PATIENCE_SECONDS).raise_for_status()
        scrapes.append(time.monotonic() - asked)
        posting.join(0.2)
    said = answers[0].json()
    seconds, peak = time.monotonic() - began, _megabytes(pid, "VmHWM")
    return Measured(said["outcome"], said["new"], seconds, idle, peak, scrapes)


def _configure(folder: Path, names: list[str]) -> None:
    listed = "".join(
        f"  - {{id: {name}, title: {{en: {name}, zh: {name}}}, measure: level, unit: TEU, authority: office}}\n"
        for name in names
    )
    publishers = "publishers: [{id: office, title: {en: Office, zh: 口岸办}}]\n"
    (folder / "targets.yaml").write_text(f"version: 1\n{publishers}indicators:\n{listed}", encoding="utf-8")
    mapped = ", ".join(f"{name}: {name}" for name in names)
    reading = f"{{indicator: {{column: name, map: {{{mapped}}}}}, value: value, basis: point, unit: TEU}}"
    pick = f'{{period: "{{day}}", published: period_end + 0d, readings: [{reading}]}}'
    entry = f"  - {{id: large, kind: document, fetch: upload, decode: csv, pick: {pick}}}\n"
    (folder / "sources.yaml").write_text(f"version: 1\nsources:\n{entry}", encoding="utf-8")


def _table(names: list[str], rows: int) -> bytes:
    lines = (
        f"{FIRST + timedelta(number % DAYS)},{names[number // DAYS]},{1000 + number % 97}\n" for number in range(rows)
    )
    return ("day,name,value\n" + "".join(lines)).encode()


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TARGETWATCH_")}
    return {**kept, "TARGETWATCH_API_TOKEN": TOKEN}


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/-/ready", timeout=5).ok
    except requests.ConnectionError:
        return False


def _megabytes(pid: int, name: str) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    (line,) = (one for one in status.splitlines() if one.startswith(f"{name}:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    found = measure(wanted)
    print(f"{wanted:,} rows: {found.outcome}, {found.new:,} new, {found.seconds:.1f} s")
    print(f"memory: {found.idle:.0f} MB idle, {found.peak:.0f} MB at most, {found.peak - found.idle:.0f} MB over")
    print(f"{len(found.scrapes)} scrapes meanwhile, each answered, the slowest in {max(found.scrapes):.2f} s")
