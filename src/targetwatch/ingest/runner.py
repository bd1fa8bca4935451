"""Sources run as they are configured at that moment, one run of each at a time."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from targetwatch.connectors import Shelf
from targetwatch.connectors.document import DocumentSource
from targetwatch.errors import BusyError, NotFoundError
from targetwatch.ingest.run import IngestOutcome, run
from targetwatch.store import catalogue as stored_catalogue
from targetwatch.store import db
from targetwatch.store.guards import WEB

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from sqlalchemy import Engine

    from targetwatch.model import FetchedDocument, Source


@dataclass(slots=True, kw_only=True)
class Runner:
    """Runs sources as they are configured at that moment, day by the clock of `zone`.

    `prepare` fills in what a source's options leave to the environment; sources made on the web read files only below
    `folders`.
    """

    engine: Engine
    config_dir: Path
    zone: ZoneInfo
    prepare: Callable[[Source], Source]
    folders: Sequence[Path] = ()
    _under_way: dict[str, threading.Lock] = field(default_factory=dict)

    def run(
        self,
        source_id: str,
        *,
        given: Sequence[FetchedDocument] | None = None,
        reread: bool = False,
        patient: bool = False,
    ) -> IngestOutcome:
        """Run one source now and return what it brought: by itself, of documents given, or of those kept.

        Raises:
            BusyError: a run of it is under way in this process, and this one is not `patient`.
            NotFoundError: there is no such source.
        """
        lock = self._under_way.setdefault(source_id, threading.Lock())
        if not lock.acquire(blocking=patient):
            raise BusyError("run_under_way", where="source", said=source_id)
        try:
            return self._run(source_id, given=given, reread=reread)
        finally:
            lock.release()

    def test(self, source: Source | str, *, given: Sequence[FetchedDocument] | None = None) -> IngestOutcome:
        """Ask a source now, or one that is not configured yet, and return what a run would bring, writing nothing.

        Raises:
            NotFoundError: there is no such source.
        """
        return self._run(source, given=given, dry_run=True)

    def gather(self, source: Source) -> tuple[FetchedDocument, ...]:
        """Return the documents that the `fetch` of a source gives now, whatever else is said of it.

        Raises:
            SourceError: they cannot be had.
        """
        folders = tuple(self.folders) if source.managed_by == WEB else None
        return DocumentSource(self.config_dir, Shelf(folders=folders)).gather(self.prepare(source), datetime.now(UTC))

    def _run(self, named: Source | str, **how: Any) -> IngestOutcome:  # noqa: ANN401 - those of `run`
        now = datetime.now(UTC)
        with db.reading(self.engine) as session:
            configured = stored_catalogue.load(session)
        source = next((one for one in configured.sources if one.id == named), named)
        if isinstance(source, str):
            raise NotFoundError("source", source, (one.id for one in configured.sources))
        return run(
            self.engine,
            source,
            prepare=self.prepare,
            now=now,
            today=now.astimezone(self.zone).date(),
            catalogue=configured,
            config_dir=self.config_dir,
            folders=self.folders,
            **how,
        )
