"""The command line run as a user runs it: a process of its own, its output and its exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Ran:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def environment(database: Path | str, **more: str) -> dict[str, str]:
    url = database if isinstance(database, str) else f"sqlite:///{database}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TARGETWATCH_")}
    said = {"TARGETWATCH_DATABASE_URL": url, "TARGETWATCH_CONFIG_DIR": str(PROJECT / "config")}
    return {**kept, **said, "NO_COLOR": "1", "COLUMNS": "160", **more}


def command(database: Path | str, *words: str, **more: str) -> Ran:
    """Run `targetwatch WORDS` on a database; `more` are environment variables."""
    done = subprocess.run(
        [sys.executable, "-m", "targetwatch", *words],
        env=environment(database, **more),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)
