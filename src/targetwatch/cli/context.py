"""What every command starts from: settings, the engine, the clock, and who is asking."""

from __future__ import annotations

import getpass
import logging
import sys
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

MINUTE_SECONDS = 60
LINES_A_MINUTE = 20
KINDS_KEPT = 1000


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
        level = logging.DEBUG if self.verbose else logging.INFO
        logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
        for noisy in ("apscheduler", "alembic", "urllib3"):
            logging.getLogger(noisy).setLevel(logging.DEBUG if self.verbose else logging.WARNING)
        for handler in logging.getLogger().handlers:
            handler.addFilter(Repeated())


class Repeated(logging.Filter):
    """Lets few lines of a kind pass in a minute, from warnings up, and says with the next how many were left out."""

    def __init__(self) -> None:
        super().__init__()
        self._kinds: dict[tuple[str, str], tuple[float, int]] = {}
        """Since when lines of a kind are counted, and how many there were."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a line is to be written."""
        if record.levelno < logging.WARNING:
            return True
        kind = record.name, str(record.msg)
        since, count = self._kinds.get(kind, (record.created, 0))
        if record.created - since > MINUTE_SECONDS:
            if left_out := max(count - LINES_A_MINUTE, 0):
                record.msg, record.args = f"{record.getMessage()} ({left_out} more of these were left out)", ()
            since, count = record.created, 0
        if len(self._kinds) >= KINDS_KEPT:
            self._kinds.clear()
        self._kinds[kind] = since, count + 1
        return count < LINES_A_MINUTE


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
