"""The engine: how the database is opened, and what its errors say.

SQLite: WAL, foreign keys on, five seconds' patience, and `BEGIN IMMEDIATE` for whoever means to write (plain WAL
transactions lost 242 of 800 concurrent updates without an error). PostgreSQL: psycopg 3, and one advisory lock that
every writer takes. Either way there is one writer at a time, so what a writer has read is still true when it commits.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy
from sqlalchemy import event, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, NoSuchModuleError, StatementError
from sqlalchemy.orm.exc import StaleDataError

from targetwatch.errors import ConflictError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import URL, Connection, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT_SECONDS = 5
CACHE_KIB = 65536
WRITER_LOCK = int.from_bytes(b"targetwa")
"""The PostgreSQL advisory lock of a writer."""
READ_ONLY = {"targetwatch_read_only": True}
"""The execution option of a connection that only reads; any other begins as a writer."""


def create_engine(url: str) -> Engine:
    """Return the engine of `url` (sqlite:///file.db or postgresql://...); StoreError when it cannot be understood."""
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        engine = sqlalchemy.create_engine(
            parsed, connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "isolation_level": None}, hide_parameters=True
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        engine = sqlalchemy.create_engine(parsed, hide_parameters=True, pool_pre_ping=True)
    except (ImportError, NoSuchModuleError) as error:
        raise StoreError(
            f"database '{shown(parsed)}': PostgreSQL needs a driver, expected 'pip install targetwatch[postgresql]'"
        ) from error
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def shown(url: URL) -> str:
    """Return the address as it may be shown: without its password."""
    return url.render_as_string(hide_password=True)


def file_of(engine: Engine) -> Path | None:
    """Return the file of an SQLite database; None for PostgreSQL."""
    return Path(engine.url.database) if engine.dialect.name == "sqlite" and engine.url.database else None


@contextmanager
def translated(engine: Engine) -> Iterator[None]:
    """Turn what the driver says into a sentence for a person; other errors pass."""
    where = f"database '{shown(engine.url)}'"
    try:
        yield
    except IntegrityError as error:
        raise ConflictError(f"{where}: refused a row that contradicts the others: {_said(error)}") from error
    except StaleDataError as error:
        raise ConflictError(f"{where}: someone else changed the row first, expected to load it again") from error
    except DBAPIError as error:
        said = _said(error)
        if "database is locked" in said or "lock timeout" in said:
            said = f"someone else has been writing for more than {BUSY_TIMEOUT_SECONDS} s, expected to try again"
        elif isinstance(error, DataError):
            said = f"refused a value: {said}"
        raise StoreError(f"{where}: {said}") from error
    except StatementError as error:
        raise StoreError(f"{where}: refused a value: {_said(error)}") from error


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreError(
            "database: the address cannot be read, expected 'sqlite:///targetwatch.db' or "
            "'postgresql://user:password@host/name'"
        ) from error
    backend = parsed.get_backend_name()
    if backend in {"postgres", "postgresql"}:
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise StoreError(f"database '{shown(parsed)}': '{backend}' is not supported, expected sqlite or postgresql")
    if parsed.database in {None, "", ":memory:"}:
        raise StoreError(f"database '{shown(parsed)}': is in memory and gone at once, expected 'sqlite:///file.db'")
    return parsed


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_SECONDS * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",  # a commit that was reported survives a power cut
        "foreign_keys=ON",
        f"cache_size=-{CACHE_KIB}",
        f"journal_size_limit={CACHE_KIB * 1024}",  # a large import does not leave its log lying about
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("targetwatch_read_only", False)
    connection.exec_driver_sql(f"PRAGMA query_only={int(read_only)}")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get("targetwatch_read_only", False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_TIMEOUT_SECONDS}s'")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")


def _said(error: StatementError) -> str:
    return " ".join(str(error.orig).split())
