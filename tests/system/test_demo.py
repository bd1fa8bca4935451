"""`make demo`: a year lived again, its mails in an inbox, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from grafana.stack.programs import answers

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.timeout(180)
def test_mails_of_the_year_arrive_in_the_inbox_with_their_day_and_one_signal_ends_all(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "grafana.stack.demo", "--port", "0", "--inbox-port", "0", "--day", "0.3s"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "TMPDIR": str(tmp_path)}
    said = tmp_path / "out"
    with said.open("wb") as out:
        demo = subprocess.Popen(
            [*command, "--replay", "2025-03-10..2025-04-02"], cwd=ROOT, env=environment, stdout=out, stderr=out
        )
    try:
        wait_until(demo, said, lambda: "Ctrl-C" in said.read_text())
        wall, _pages, inbox = [word for word in said.read_text().split() if word.startswith("http://")]
        assert answers(wall)
        wait_until(demo, said, lambda: "Off track" in read(inbox))
        page = read(inbox)
        assert "2025-03-18" in page
        assert page.index("Off track") < page.index("At risk")
        assert "China-Laos-Thailand" in read(f"{inbox}/1")
    finally:
        demo.send_signal(signal.SIGTERM)
        code = demo.wait(40)
    assert code == 0, said.read_text()
    assert not answers(wall)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=5) as page:
        return str(page.read().decode())


def wait_until(demo: subprocess.Popen[bytes], said: Path, is_so) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + 120
    while not is_so():
        assert demo.poll() is None, said.read_text()
        assert time.monotonic() < deadline, said.read_text()
        time.sleep(0.2)
