"""A copy of the whole database while it is in use."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from targetwatch.errors import StoreError
from targetwatch.model.problem import Problem
from targetwatch.store.db import BUSY_TIMEOUT_SECONDS, DATABASE, file_of, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Engine

PAGES_AT_ONCE = 4096


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
