"""The command line: its output and its exit status, in this process or in one of its own."""

from __future__ import annotations

import contextlib
import functools
import io
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from unittest import mock

import typer.main

from targetwatch.cli import main

PROJECT = Path(__file__).parent.parent
GET_COMMAND = typer.main.get_command


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


@functools.cache
def command_line(app: typer.Typer) -> Callable[[], None]:
    """Return the command line of its script; its parser takes longer to make than most commands take to run."""
    return functools.partial(GET_COMMAND(app), prog_name="targetwatch")


def call(*words: str, environment: Mapping[str, str], stdin: str = "") -> Ran:
    """Run `targetwatch WORDS` in this process, as its script does."""
    out, err, status = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO(), 0
    with (
        contextlib.chdir(PROJECT),
        mock.patch.dict(os.environ, environment, clear=True),
        mock.patch.object(typer.main, "get_command", command_line),
        mock.patch.object(sys, "argv", ["targetwatch", *words]),
        mock.patch.object(sys, "stdin", io.StringIO(stdin)),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as left:
            status = left.code if isinstance(left.code, int) else 1 if left.code else 0
    out.flush()
    return Ran(status, cast(io.BytesIO, out.buffer).getvalue().decode(), err.getvalue())


def command(database: Path | str, *words: str, stdin: str = "", **more: str) -> Ran:
    """Run `targetwatch WORDS` on a database, in this process; `more` are environment variables."""
    return call(*words, environment=environment(database, **more), stdin=stdin)


def process(database: Path | str, *words: str, stdin: str = "", **more: str) -> Ran:
    """Run the same as a user does: a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "targetwatch", *words],
        env=environment(database, **more),
        cwd=PROJECT,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def in_one_file(database: Path) -> Path:
    """Bring everything that was written into the one file, which may be copied then."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return database
