"""Looking after the database: a copy of it in use, what is taken away whole, what is let go of after a time.

Readings and the audit trail are kept for ever, and of everything else what the next run, mail or judgement builds on.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import and_, delete, func, inspect, select
from sqlmodel import col

from targetwatch.errors import StoreError
from targetwatch.model.problem import Problem
from targetwatch.store import catalogue, readings, statuses
from targetwatch.store.db import BUSY_TIMEOUT_SECONDS, DATABASE, file_of, shown
from targetwatch.store.outbox import State
from targetwatch.store.runs import TROUBLE
from targetwatch.store.tables import DocumentRow, IngestRunRow, MailRow, StatusChangeRow
from targetwatch.wording import exported

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Engine
    from sqlalchemy.orm import Session

PAGES_AT_ONCE = 4096
AT_ONCE = 500
"""So many rows go in one transaction: nobody who writes waits for long."""


def export(session: Session, what: Literal["readings", "statuses"], form: str) -> Iterator[str]:
    """Give every reading, or every status there was, as lines of one of `exported.FORMS`, read while they are given."""
    known = catalogue.load_every(session)
    if what == "readings":
        rows = exported.readings(readings.every(session), known)
    else:
        rows = exported.statuses(statuses.every(session), known)
    yield from exported.written(rows, form)


def backup(engine: Engine, path: Path | str, *, progress: Callable[[int, int], None] | None = None) -> Path:
    """Copy the database to the new file `path`, as of one moment, while others go on writing; return the path.

    The copy is checked before it gets its name, so a file of that name is whole. `progress(done, total)` counts pages.
    StoreError when the file exists, the copy is damaged, or the database is PostgreSQL (which has pg_dump).
    """
    target, file = Path(path), file_of(engine)
    if file is None:
        values = {"said": shown(engine.url), "file": str(target), "name": engine.url.database or ""}
        raise StoreError(Problem("backed_up_by_pg_dump", values, where=DATABASE))
    if not file.exists():
        raise StoreError("nothing_to_back_up", where=DATABASE, said=shown(engine.url))
    if target.exists():
        raise StoreError("file_exists", where="backup", said=str(target))
    if not target.absolute().parent.is_dir():
        raise StoreError("no_such_folder", where="backup", said=str(target), folder=str(target.parent))
    part = target.with_name(f"{target.name}.part")
    try:
        _copy(file, part, progress)
        os.link(part, target)  # unlike a rename, never replaces a file made in the meantime
    except (sqlite3.Error, OSError) as error:
        raise StoreError("says", where="backup", said=str(target), why=str(error)) from error
    finally:
        part.unlink(missing_ok=True)
    return target


def _copy(file: Path, part: Path, progress: Callable[[int, int], None] | None) -> None:
    part.unlink(missing_ok=True)
    with closing(_open(file)) as source, closing(_open(part)) as copy:
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()  # holds this moment: writers do not restart us
        source.backup(
            copy,
            pages=PAGES_AT_ONCE,
            progress=None if progress is None else lambda _status, left, total: progress(total - left, total),
        )
        source.rollback()
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        found = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise StoreError("copy_damaged", where="backup of", said=str(file), found=found)
    with part.open("rb+") as whole:
        os.fsync(whole.fileno())


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None)


def let_go(session: Session, kind: str, before: datetime) -> int:
    """Delete a few of the oldest rows of a kind that ended before a moment, and return how many."""
    table, is_old = KINDS[kind]
    # As tables, past the guard of what is append-only: the only place that deletes a record.
    rows, number = inspect(table).local_table, col(table.id)
    oldest = select(number).where(is_old(before)).order_by(number).limit(AT_ONCE)
    return session.connection().execute(delete(rows).where(rows.c.id.in_(oldest))).rowcount


def _runs(before: datetime) -> ColumnElement[bool]:
    """All but the last run of each source, and its last without trouble."""
    number, source = col(IngestRunRow.id), col(IngestRunRow.source)
    last = select(func.max(number)).group_by(source)
    good = last.where(col(IngestRunRow.outcome).not_in(TROUBLE))
    return and_(col(IngestRunRow.finished_at) < before, number.not_in(last), number.not_in(good))


def _mails(before: datetime) -> ColumnElement[bool]:
    """Those that do not wait any more; what they told stands apart from them."""
    return and_(col(MailRow.state) != State.WAITING.value, col(MailRow.ended_at) < before)


def _statuses(before: datetime) -> ColumnElement[bool]:
    """All but the last change of each target."""
    last = select(func.max(col(StatusChangeRow.id))).group_by(col(StatusChangeRow.target))
    return and_(col(StatusChangeRow.recorded_at) < before, col(StatusChangeRow.id).not_in(last))


def _documents(before: datetime) -> ColumnElement[bool]:
    """All but those in the inbox, and those that the last fetch of each source gave."""
    moment, number = col(DocumentRow.fetched_at), col(DocumentRow.id)
    last = select(moment).where(number.in_(select(func.max(number)).group_by(col(DocumentRow.source))))
    return and_(moment < before, moment.not_in(last), col(DocumentRow.waits).is_(False))


KINDS: Mapping[str, tuple[Any, Any]] = {
    "runs": (IngestRunRow, _runs),
    "mails": (MailRow, _mails),
    "statuses": (StatusChangeRow, _statuses),
    "documents": (DocumentRow, _documents),
}
"""What the settings `keep_..._days` speak of."""
