"""A PostgreSQL cluster of our own on a socket of our own: started, killed, copied, and put back."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import pytest

ENDS_SECONDS = 60
"""Far longer than what is left of a killed server takes to end."""


class Cluster:
    """A cluster in a folder, whose data anything may happen to."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs, self.folder, self.data = programs, folder, folder / "data"
        self.address = f"postgresql://postgres@/postgres?host={folder}"

    @classmethod
    @contextmanager
    def begun(cls, **settings: str) -> Iterator[Self]:
        """Give one that runs, with more settings than those of every test."""
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
        if not found:
            pytest.fail(
                "PostgreSQL is not installed, expected /usr/lib/postgresql/*/bin/initdb (apt-get install postgresql)"
            )
        one = cls(found[-1].parent, Path(tempfile.mkdtemp(prefix="twpg")))
        try:
            if os.geteuid() == 0:  # PostgreSQL refuses to run as root
                shutil.chown(one.folder, "postgres", "postgres")
            one.run(
                "initdb", "-D", one.data, "-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"
            )
            one.configure(
                unix_socket_directories=str(one.folder),
                listen_addresses="",
                fsync="off",
                autovacuum="off",
                timezone="Asia/Shanghai",
                **settings,
            )
            one.start()
            yield one
            one.run("pg_ctl", "stop", "-D", one.data, "-m", "immediate")
        finally:
            shutil.rmtree(one.folder, ignore_errors=True)

    def configure(self, **settings: str) -> None:
        """Set settings, for the next start."""
        with (self.data / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())

    def start(self) -> None:
        self.run("pg_ctl", "start", "-D", self.data, "-w", "-l", self.folder / "log")

    def kill(self) -> None:
        """Kill the first process of the server, and wait until the others have ended over it."""
        first = self.first
        others = [int(one.parent.name) for one in Path("/proc").glob("[0-9]*/stat") if _parent(one) == first]
        os.kill(first, signal.SIGKILL)
        end = time.monotonic() + ENDS_SECONDS
        while any(Path(f"/proc/{one}").exists() for one in (first, *others)):
            assert time.monotonic() < end, "what is left of a killed server does not end"
            time.sleep(0.01)

    @property
    def first(self) -> int:
        """Return the number of the server's first process."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def run(self, program: str, *arguments: object) -> None:
        """Run one of PostgreSQL's own programs to its end."""
        as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*as_postgres, str(self.programs / program), *(str(argument) for argument in arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, cwd="/")
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"


def _parent(stat: Path) -> int:
    with contextlib.suppress(OSError):
        return int(stat.read_text().rpartition(")")[2].split()[1])
    return 0
