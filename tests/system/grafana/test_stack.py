"""The stack without Docker: one command brings all of it up, one signal ends all of it."""

from __future__ import annotations

import os
import signal
import smtplib
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from grafana.stack.programs import Program, ProgramError, answers

ROOT = Path(__file__).resolve().parents[3]
OFFSET = 21000
pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


def test_one_command_brings_all_up_from_nothing_and_one_signal_ends_all(tmp_path: Path) -> None:
    environment = {**os.environ, "TARGETWATCH_DATABASE_URL": f"sqlite:///{tmp_path}/t.db", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "grafana.stack", "--folder", str(tmp_path / "stack"), "--offset", str(OFFSET)]
    with (tmp_path / "out").open("wb") as out:
        stack = subprocess.Popen(
            [*command, "--", "--as-of", "2025-07-20"], cwd=ROOT, env=environment, stdout=out, stderr=out
        )
    try:
        said = tmp_path / "out"
        deadline = time.monotonic() + 60
        while "Ctrl-C" not in said.read_text():
            assert stack.poll() is None, said.read_text()
            assert time.monotonic() < deadline, said.read_text()
            time.sleep(0.2)
        addresses = [word for word in said.read_text().split() if word.startswith("http://")]
        assert len(addresses) == 4
        assert all(answers(f"{address}/metrics" if ":3109" not in address else address) for address in addresses[:3])
        with smtplib.SMTP("127.0.0.1", 1025 + OFFSET) as smtp:
            smtp.sendmail("a@example.org", ["b@example.org"], "Subject: Seen\n\nHello")
        with urllib.request.urlopen(addresses[3], timeout=5) as page:
            assert "Seen" in page.read().decode()
    finally:
        stack.send_signal(signal.SIGTERM)
        code = stack.wait(40)
    assert code == 0, said.read_text()
    assert said.read_text().endswith("all ended\n")
    assert not any(answers(f"{address}/metrics") for address in addresses)
    assert "error" not in (tmp_path / "stack" / "alertmanager.log").read_text().lower()


def test_a_step_that_fails_is_named_and_nothing_is_started(tmp_path: Path) -> None:
    environment = {**os.environ, "TARGETWATCH_DATABASE_URL": f"sqlite:///{tmp_path}/no/such/folder/t.db"}
    command = [sys.executable, "-m", "grafana.stack", "--folder", str(tmp_path / "stack"), "--offset", str(OFFSET)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert done.stderr.startswith("targetwatch db upgrade: failed\n")
    assert "no/such/folder" in done.stderr
    assert not (tmp_path / "stack").exists()


def test_a_program_that_ends_by_itself_is_said_to_with_what_it_printed(tmp_path: Path) -> None:
    program = Program(
        command=[sys.executable, "-c", "print('no good')"], log=tmp_path / "log", ready_url="http://127.0.0.1:9"
    )
    with pytest.raises(ProgramError, match="ended by itself:\nno good"):
        program.start()
