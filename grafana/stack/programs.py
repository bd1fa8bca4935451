"""Starts a program, waits until it answers, and ends it for certain. Knows processes, not what they are for."""

from __future__ import annotations

import shutil
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

STOP_SECONDS = 10
POLL_SECONDS = 0.1


class ProgramError(Exception):
    """A program is not installed, or did not come up; the sentence says which and what it printed."""


def find(*names: str) -> str:
    """Return the path of the first of `names` that is installed (Debian prefixes Alertmanager's with prometheus-)."""
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    raise ProgramError(
        f"{names[0]}: not installed, expected Debian's package of that name (apt-get install {names[0]})"
    )


@dataclass(kw_only=True)
class Program:
    """One child process; its output goes to `log`. `ready_url` answers 200 once it works (empty: at once)."""

    command: Sequence[str]
    log: Path
    ready_url: str = ""
    environment: Mapping[str, str] | None = None
    directory: Path | None = None
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self, *, within_seconds: float = 30) -> None:
        """Start it and wait until it is ready; raise `ProgramError` with the end of its output if it is not."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                list(self.command), stdout=log, stderr=log, env=self.environment, cwd=self.directory
            )
        deadline = time.monotonic() + within_seconds
        while self.ready_url and not answers(self.ready_url):
            if self._process.poll() is not None or time.monotonic() > deadline:
                how = f"not ready within {within_seconds:g} s" if self.running else "ended by itself"
                self.kill()
                raise ProgramError(f"{self.command[0]}: {how}:\n{self._tail()}")
            time.sleep(POLL_SECONDS)

    @property
    def running(self) -> bool:
        """Return whether the process is alive."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """Ask it to end, and end it if it does not within ten seconds."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it without asking, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _tail(self) -> str:
        return self.log.read_text(errors="replace")[-2000:]


def answers(url: str) -> bool:
    """Return whether `url` answers with a success within two seconds."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - an address of our own
            return bool(response.status < 400)  # noqa: PLR2004 - HTTP: below 400 is a success
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False
