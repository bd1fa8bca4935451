"""Kill a program with SIGKILL at a chosen point inside it. See `pausing`, which knows the points."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from forked import Program

PAUSING = str(Path(__file__).parent / "pausing.py")


def killed(program: Sequence[str], *, at: str, match: str = "", nth: int = 1, timeout_seconds: int = 120) -> None:
    """Run `program` (MODULE:FUNCTION and its arguments) up to a point, prove that it is there, and kill it."""
    command = [sys.executable, PAUSING, "--at", at, "--match", match, "--nth", str(nth), *program]
    process = Program(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    giving_up = threading.Timer(timeout_seconds, process.kill)
    giving_up.start()
    try:
        said = _word(process)
    finally:
        giving_up.cancel()
        process.send_signal(signal.SIGKILL)
        process.wait(timeout_seconds)
        process.stdout.close()
    assert said == "paused", f"{program}: never came to {at} {match!r}"
    assert process.returncode == -signal.SIGKILL


def _word(process: Program) -> str:
    """Wait for the program to say where it is, past whatever it prints itself."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() in {"paused", "finished"}:
            return line.strip()
    return "died"
