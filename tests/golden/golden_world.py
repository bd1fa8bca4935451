"""The seeded service all goldens are taken of: the only module here that imports the program's inside."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from unittest import mock

import time_machine
from fastapi import FastAPI

from commands import Ran, call, in_one_file
from targetwatch import settings
from targetwatch.service import app

PROJECT = Path(__file__).parent.parent.parent
NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
PAST = ("2025-03-11", "2025-07-20", "2026-01-20")
PASSWORD = "correct horse battery"
TOKEN = "a-token-for-the-goldens"
PEOPLE = {"an.admin": "admin", "an.editor": "editor", "a.viewer": "viewer"}


@dataclass(frozen=True)
class World:
    """A database with its configuration directory, in a folder that can be copied."""

    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "targetwatch.db"

    @property
    def config(self) -> Path:
        return self.folder / "config"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TARGETWATCH_")}
        said = {
            "TARGETWATCH_DATABASE_URL": f"sqlite:///{self.database}",
            "TARGETWATCH_CONFIG_DIR": str(self.config),
            "TARGETWATCH_API_TOKEN": TOKEN,
            "TARGETWATCH_RELOAD_ENABLED": "true",
            "TARGETWATCH_SMTP_URL": "smtp://127.0.0.1:1",
            "TARGETWATCH_MAIL_FROM": "targets@example.org",
            "GOLDEN_SECRET": "a-secret-of-a-source",
        }
        return {**kept, **said, "NO_COLOR": "1", "COLUMNS": "160", "LOGNAME": "operator", "USER": "operator"}

    @property
    def named(self) -> tuple[tuple[str, str], ...]:
        """Return what to call the paths that differ from run to run."""
        return ((str(self.folder), "{folder}"), (str(PROJECT), "{project}"))

    def copy(self, folder: Path) -> World:
        """Return the same in another folder, to write in."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return World(folder)


def run(world: World, *words: str, stdin: str = "") -> Ran:
    """Run a command in this process."""
    return call(*words, environment=world.environment, stdin=stdin)


@contextlib.contextmanager
def served(world: World, day: str = "") -> Iterator[FastAPI]:
    """Give the application over a world, judged, without its schedule; on a past day where one is named."""
    simulation = app.Simulation(date.fromisoformat(day), date.fromisoformat(day)) if day else None
    with mock.patch.dict(os.environ, world.environment, clear=True):
        service = app.build(settings.load(), simulation=simulation)
        service.refresh()
        try:
            yield service.web
        finally:
            service.stop()


def frozen(moment: datetime = NOW) -> time_machine.travel:
    """Return a clock that stands still."""
    return time_machine.travel(moment, tick=False)


def make_real(folder: Path) -> World:
    """Return a world of the project's own configuration and figures, as they were ingested on 20 November 2026."""
    folder.mkdir(parents=True, exist_ok=True)
    world = World(folder)
    shutil.copytree(PROJECT / "config", world.config)
    with frozen(datetime(2026, 11, 20, 1, 0, tzinfo=UTC)) as clock:
        for words in (("db", "upgrade"), ("apply",), ("ingest",)):
            done = run(world, *words)
            assert done.status == 0, done.err
            clock.shift(60)
    in_one_file(world.database)
    return world
