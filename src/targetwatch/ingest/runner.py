"""The configured sources run by name, each by one run at a time."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from targetwatch.errors import BusyError, NotFoundError
from targetwatch.ingest.run import IngestOutcome, run
from targetwatch.store import catalogue, db

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from sqlalchemy import Engine

    from targetwatch.model import Source


@dataclass(slots=True, kw_only=True)
class Runner:
    """Runs sources as they are configured at that moment, day by the clock of `zone`.

    `prepare` fills in what a source's options leave to the environment.
    """

    engine: Engine
    config_dir: Path
    zone: ZoneInfo
    prepare: Callable[[Source], Source]
    _busy: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, source_id: str) -> IngestOutcome:
        """Run one source now and return what it brought.

        Raises:
            BusyError: a run of it is under way in this process.
            NotFoundError: there is no such source.
        """
        with self._lock:
            if source_id in self._busy:
                raise BusyError(f"source '{source_id}': a run is under way, expected to wait for its end")
            self._busy.add(source_id)
        try:
            return self._run(source_id, dry_run=False)
        finally:
            with self._lock:
                self._busy.discard(source_id)

    def test(self, source_id: str) -> IngestOutcome:
        """Ask one source now and return what a run would bring, writing nothing.

        Raises:
            NotFoundError: there is no such source.
        """
        return self._run(source_id, dry_run=True)

    def _run(self, source_id: str, *, dry_run: bool) -> IngestOutcome:
        now = datetime.now(UTC)
        with db.reading(self.engine) as session:
            configured = catalogue.load(session)
        source = next((source for source in configured.sources if source.id == source_id), None)
        if source is None:
            raise NotFoundError("source", source_id, (source.id for source in configured.sources))
        return run(
            self.engine,
            source,
            prepare=self.prepare,
            now=now,
            today=now.astimezone(self.zone).date(),
            catalogue=configured,
            config_dir=self.config_dir,
            dry_run=dry_run,
        )
