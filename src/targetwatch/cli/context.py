"""What every command starts from: settings, the engine, the clock, and who is asking."""

from __future__ import annotations

import getpass
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from targetwatch.errors import UsageError
from targetwatch.model import AsOf, Clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from zoneinfo import ZoneInfo

    from sqlalchemy.engine import Engine

    from targetwatch.settings import Settings


@dataclass
class Options:
    """The global options of one call; settings are read once, when first needed."""

    database: str | None = None
    config: Path | None = None
    verbose: bool = False
    _settings: Settings | None = field(default=None, repr=False)

    @property
    def settings(self) -> Settings:
        """Return the settings of the environment, overridden by the options."""
        if self._settings is None:
            from targetwatch import settings

            self._settings = settings.load(database_url=self.database, config_dir=self.config)
        return self._settings

    @property
    def zone(self) -> ZoneInfo:
        """Return the configured time zone."""
        return self.settings.zone

    @property
    def actor(self) -> str:
        """Return who answers for changes made from this command line."""
        from targetwatch.model.people import Way

        return Way.CLI.by(getpass.getuser())

    def directory(self, said: Path | None) -> Path:
        """Return the configuration directory: the argument, else the setting."""
        return said or Path(self.settings.config_dir)

    def engine(self) -> Engine:
        """Return the database, its schema checked."""
        from targetwatch.store import db

        engine = self.unchecked_engine()
        db.check_schema(engine)
        return engine

    def unchecked_engine(self) -> Engine:
        """Return the database whatever its schema: for the commands that prepare it."""
        from targetwatch.store import db

        return db.create_engine(self.settings.database_url)

    def as_of(self, said: str | None, clock: Clock = Clock.PUBLISHED) -> AsOf:
        """Return the end of the day named, or this moment."""
        if said is None:
            return AsOf.at(now(), self.zone, clock)
        return AsOf.end_of(read_day(said, "--as-of"), self.zone, clock)

    def log(self) -> None:
        """Send what is logged to the terminal."""
        from targetwatch.service import logs

        logs.begin(json=self.settings.log_format == "json", verbose=self.verbose)


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return datetime.now(UTC)


def read_day(said: str, where: str) -> date:
    """Return the day a person wrote.

    Raises:
        UsageError: it is not a calendar day.
    """
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise UsageError("day_expected", where=where, said=said) from None


@contextmanager
def progress(doing: str) -> Iterator[Callable[[int, int], None] | None]:
    """Give what shows on a terminal how much of how much is done; nothing in a pipe."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task(doing, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
