"""The database: how it is opened, the only two ways to a session, its schema, and what its errors say.

SQLite: WAL, foreign keys on, five seconds' patience, and `BEGIN IMMEDIATE` for whoever means to write (plain WAL
transactions lost 242 of 800 concurrent updates without an error). PostgreSQL: psycopg 3, and one advisory lock that
every writer takes. Either way there is one writer at a time, so what a writer has read is still true when it commits.

The schema is checked and upgraded from an installed wheel, without an alembic.ini. Alembic is only imported when
something is to be migrated: a command that looks at a figure should not wait for it. So a migration's file name starts
with its revision, four digits that count up.

A PostgreSQL server that was stopped, or whose disk hangs, keeps every session open and answers in none. No time-out of
its own can end that, and the network's do not either, since its machine still acknowledges what is sent. So an `Outage`
is found by asking, and then waited for by nobody until the server answers again.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from select import POLLIN, poll
from socket import gethostname
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import sqlalchemy
from sqlalchemy import event, func, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, NoSuchModuleError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from targetwatch.errors import ActorMissingError, ConflictError, SchemaError, StoreError
from targetwatch.model.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    import psycopg
    from alembic.config import Config
    from sqlalchemy.engine import URL, Connection, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

log = logging.getLogger(__name__)
DATABASE = "database"
"""Where the problems are that an error of this module speaks of."""
BUSY_TIMEOUT_SECONDS = 5
STATEMENT_TIMEOUT_SECONDS = 120
"""A statement of PostgreSQL may take so long, those of a migration apart."""
POOL = {"pool_size": 5, "max_overflow": 27, "pool_timeout": 5}
"""As many connections as requests are answered at once, and a few for what runs by itself."""
WAYS = {
    "connect_timeout": 3,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""How soon a PostgreSQL that cannot be reached, or not any more, is given up; the address may say otherwise."""
CACHE_KIB = 65536
WRITER_LOCK = int.from_bytes(b"targetwa")
"""The PostgreSQL advisory lock of a writer."""
CHANNEL = "targetwatch"
"""The PostgreSQL channel on which every write is announced, in its own commit."""
PROCESS = f"targetwatch {gethostname()[:40]} {token_hex(4)}"
"""What PostgreSQL calls the sessions of this process."""
TERM = "targetwatch_term"
"""The execution option of an engine on which a leader writes: the number of its term."""
QUEUES = "targetwatch_queue"
"""The execution option of a connection to the queue, which is no writer's: it waits for none and announces nothing."""
READS_ONLY = "targetwatch_read_only"
READ_ONLY = {READS_ONLY: True}
"""The execution option of a connection that only reads; any other begins as a writer."""
NAMES_AT_ONCE = 500
"""How many names go into one IN (...)."""
ROWS_AT_ONCE = 5000
"""How many rows are fetched from the driver in one go."""
OPTION = "targetwatch_outage"
"""The execution option of an engine under which its server's outage is found."""
ASKED_EVERY_SECONDS = 2
ANSWERS_WITHIN_SECONDS = 3
MIGRATIONS = Path(__file__).parent / "migrations"


def create_engine(url: str) -> Engine:
    """Return the engine of `url` (sqlite:///file.db or postgresql://...); StoreError when it cannot be understood."""
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        patient = {"timeout": BUSY_TIMEOUT_SECONDS, "isolation_level": None}
        engine = sqlalchemy.create_engine(parsed, connect_args=patient, hide_parameters=True, **POOL)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        ways = {"application_name": PROCESS} | {name: n for name, n in WAYS.items() if name not in parsed.query}
        engine = sqlalchemy.create_engine(parsed, connect_args=ways, hide_parameters=True, pool_pre_ping=True, **POOL)
    except (ImportError, NoSuchModuleError) as error:
        raise StoreError("driver_missing", where=DATABASE, said=shown(parsed)) from error
    found = Outage(shown(parsed))
    event.listen(engine, "connect", found.opened)
    event.listen(engine, "connect", _prepare_postgresql)
    event.listen(engine, "begin", _begin_postgresql)
    return engine.execution_options(**{OPTION: found})


def outage_of(engine: Engine) -> Outage | None:
    """Return what finds out that the server of an engine hangs; None for SQLite."""
    return engine.get_execution_options().get(OPTION)


def shown(url: URL) -> str:
    """Return the address as it may be shown: without its password."""
    return url.render_as_string(hide_password=True)


def file_of(engine: Engine) -> Path | None:
    """Return the file of an SQLite database; None for PostgreSQL."""
    return Path(engine.url.database) if engine.dialect.name == "sqlite" and engine.url.database else None


@contextmanager
def translated(engine: Engine) -> Iterator[None]:
    """Turn what the driver says into a sentence for a person; other errors pass."""
    said = shown(engine.url)
    if (found := outage_of(engine)) is not None:
        found.refuse()
    try:
        yield
    except PoolTimeoutError as error:
        raise StoreError("connections_taken", where=DATABASE, said=said, seconds=POOL["pool_timeout"]) from error
    except IntegrityError as error:
        raise ConflictError("row_contradicts", where=DATABASE, said=said, why=_said(error)) from error
    except StaleDataError as error:
        raise ConflictError("row_changed_first", where=DATABASE, said=said) from error
    except DBAPIError as error:
        why = _said(error)
        if "database is locked" in why or "lock timeout" in why:
            raise StoreError("being_written", where=DATABASE, said=said, seconds=BUSY_TIMEOUT_SECONDS) from error
        code = "value_refused" if isinstance(error, DataError) else "says"
        raise StoreError(code, where=DATABASE, said=said, why=why) from error
    except StatementError as error:
        raise StoreError("value_refused", where=DATABASE, said=said, why=_said(error)) from error


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Give a session that sees one moment of the database and cannot change it; StoreError for rows it changed."""
    with translated(engine), Session(engine.execution_options(**READ_ONLY), autoflush=False) as session:
        yield session
        if session.new or session.deleted or any(session.is_modified(row) for row in session.dirty):
            raise StoreError("changed_while_reading", where=DATABASE)


@contextmanager
def writing(engine: Engine, actor: str, *, reason: str | Problem = "", now: datetime) -> Iterator[Session]:
    """Give the one writing session, committed at the end and undone by any error.

    `actor` answers for every change in the audit trail ("cli:li", "web:sun", "ingest:customs"), `reason` says why
    (in a person's words, or a code of ours), `now` is when. Keep it short: everyone else who writes is waiting, and
    gives up after BUSY_TIMEOUT_SECONDS. On the engine of a leader StoreError says that another leads.
    """
    if not actor.strip():
        raise ActorMissingError("actor_missing", where=DATABASE)
    if now.utcoffset() is None:
        raise StoreError("moment_without_offset", where=DATABASE, moment=str(now))
    why = reason.to_text() if isinstance(reason, Problem) else reason.strip()
    info = {"actor": actor.strip(), "reason": why, "now": now}
    with translated(engine), Session(engine, expire_on_commit=False, info=info) as session, session.begin():
        _refuse_over(session.connection())  # waits here for its turn, not at some later statement
        yield session


@contextmanager
def queueing(engine: Engine) -> Iterator[Connection]:
    """Give a connection to the queue of what is to be judged, committed at the end; PostgreSQL only.

    Whoever stands still in it is put out of it by the server. On the engine of a leader like `writing`.
    """
    with translated(engine), engine.execution_options(**{QUEUES: True}).begin() as connection:
        _refuse_over(connection)
        yield connection


def _refuse_over(connection: Connection) -> None:
    """Raise StoreError on the engine of a leader whose term is over.

    After a restore to an earlier moment another process may lead in a term of the same number: its holder tells them.
    """
    term = connection.get_execution_options().get(TERM)
    if term is None:
        return
    if connection.exec_driver_sql("SELECT term FROM leader WHERE holder = %s", (PROCESS,)).scalar() != term:
        raise StoreError("another_leads", where=DATABASE)


def next_id(session: Session, column: Any) -> int:  # noqa: ANN401 - a mapped column
    """Return the next free number of an id column. There is one writer at a time, so it is still free when used."""
    last = session.connection().scalar(select(func.max(column)))
    return int(last or 0) + 1


def slices(names: Iterable[str]) -> Iterator[list[str]]:
    """Give `names` without repetition, sorted, in lots that fit one query."""
    ordered = sorted(set(names))
    for start in range(0, len(ordered), NAMES_AT_ONCE):
        yield ordered[start : start + NAMES_AT_ONCE]


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the schema to this program's, creating an SQLite file where there is none: all of it or nothing.

    SchemaError when the database is newer than the program.
    """
    from alembic import command  # noqa: PLC0415 - see above

    _check_folder(engine)
    with translated(engine), engine.connect() as connection:
        _enforce_foreign_keys(connection, enforced=False)
        try:
            with connection.begin():
                if engine.dialect.name == "postgresql":
                    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
                found = _revision(connection)
                if found is not None and found not in revisions():
                    raise SchemaError("database_newer", where=DATABASE, said=shown(engine.url), revision=found)
                command.upgrade(_config(connection), revision)
                _check_foreign_keys(connection)
        finally:
            _enforce_foreign_keys(connection, enforced=True)


def check_schema(engine: Engine) -> None:
    """Return when the schema is this program's; SchemaError, with what to do, when it is not or cannot be reached."""
    said, file = shown(engine.url), file_of(engine)
    if file is not None and not file.exists():
        raise SchemaError("database_missing", where=DATABASE, said=said)
    try:
        with translated(engine), engine.execution_options(**READ_ONLY).connect() as connection:
            found, tables = _revision(connection), inspect(connection).get_table_names()
    except StoreError as error:
        raise SchemaError(*(Problem("database_unreachable", {"why": one}) for one in error.problems)) from error
    if found is None:
        code = "database_of_others" if tables else "database_empty"
        raise SchemaError(code, where=DATABASE, said=said, tables=sorted(tables)[:3])
    if found not in revisions():
        raise SchemaError("database_newer", where=DATABASE, said=said, revision=found)
    if found != revisions()[-1]:
        raise SchemaError("database_older", where=DATABASE, said=said, revision=found, expected=revisions()[-1])


def revisions() -> tuple[str, ...]:
    """Return every revision this program knows, oldest first."""
    return tuple(sorted(file.name.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*_*.py")))


def draft(engine: Engine, message: str) -> Path:
    """Write a migration from what differs between the tables and an upgraded database: a developer's first draft."""
    from alembic import command  # noqa: PLC0415 - see above

    number = f"{len(revisions()) + 1:04}"
    with engine.connect() as connection, connection.begin():
        made = command.revision(_config(connection), message, autogenerate=True, rev_id=number)
    assert made is not None
    assert not isinstance(made, list)
    return Path(made.path)


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreError("address_unreadable", where=DATABASE) from error
    backend = parsed.get_backend_name()
    if backend in {"postgres", "postgresql"}:
        return parsed.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise StoreError("database_unsupported", where=DATABASE, said=shown(parsed), backend=backend)
    if parsed.database in {None, "", ":memory:"}:
        raise StoreError("database_in_memory", where=DATABASE, said=shown(parsed))
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
    read_only = connection.get_execution_options().get(READS_ONLY, False)
    connection.exec_driver_sql(f"PRAGMA query_only={int(read_only)}")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _prepare_postgresql(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute(f"SET statement_timeout = '{STATEMENT_TIMEOUT_SECONDS}s'")
    cursor.close()
    connection.commit()


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get(READS_ONLY, False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_TIMEOUT_SECONDS}s'")
    if connection.get_execution_options().get(QUEUES, False):
        connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = '{BUSY_TIMEOUT_SECONDS}s'")
        return
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK}), pg_notify('{CHANNEL}', '')")


def _said(error: StatementError) -> str:
    return " ".join(str(error.orig).split())


def _revision(connection: Connection) -> str | None:
    """Return the revision a database is at; None when no targetwatch was ever here."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)


def _config(connection: Connection) -> Config:
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _enforce_foreign_keys(connection: Connection, *, enforced: bool) -> None:
    """Switch SQLite's foreign keys, outside any transaction: a table rebuilt by a migration is dropped for a moment."""
    if connection.dialect.name == "sqlite":
        cursor = connection.connection.cursor()
        cursor.execute(f"PRAGMA foreign_keys={'ON' if enforced else 'OFF'}")
        cursor.close()


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise StoreError("rows_refer_to_nothing", where=DATABASE, count=len(broken))


def _check_folder(engine: Engine) -> None:
    file = file_of(engine)
    if file is not None and not file.absolute().parent.is_dir():
        raise SchemaError("no_such_folder", where=DATABASE, said=shown(engine.url), folder=str(file.parent))


def own_session(engine: Engine, **options: Any) -> psycopg.Connection[Any]:  # noqa: ANN401 - those of psycopg
    """Return a session at the server of an engine that is in no pool; psycopg.Error when there is none to be had."""
    import psycopg  # noqa: PLC0415 - only where there is a server

    args, said = engine.dialect.create_connect_args(engine.url)
    return psycopg.connect(*args, **{**said, **options})


class Outage:
    """Whether a server hangs, and the sessions open there."""

    def __init__(self, said: str) -> None:
        self._said = said
        self._hangs = threading.Event()
        self._ended = threading.Event()
        self._open: WeakSet[psycopg.Connection[Any]] = WeakSet()
        self._opening = threading.Lock()
        self._own: psycopg.Connection[Any] | None = None

    def opened(self, connection: Any, _entry: object) -> None:  # noqa: ANN401 - a connection of the driver
        """Know of one more session."""
        with self._opening:
            self._open.add(connection)

    def refuse(self) -> None:
        """Raise StoreError while the server hangs."""
        if self._hangs.is_set():
            raise StoreError("hangs", where=DATABASE, said=self._said)

    def watch(self, engine: Engine, tell: Callable[[bool], object]) -> None:
        """Ask from now on, and tell what was found whenever it is something else."""
        threading.Thread(target=self._watch, args=(engine, tell), name="outage", daemon=True).start()

    def stop(self) -> None:
        """Ask no more."""
        self._ended.set()

    def _watch(self, engine: Engine, tell: Callable[[bool], object]) -> None:
        while not self._ended.wait(ASKED_EVERY_SECONDS):
            answers = self._ask(engine)
            if answers is None:
                answers = bool(self._ask(engine))
            if answers and self._hangs.is_set():
                log.warning("the database answers again")
                self._hangs.clear()
                tell(True)
            elif not answers and not self._hangs.is_set():
                log.warning("the database does not answer: nobody waits for it any more")
                self._hangs.set()
                tell(False)
            if not answers:
                self._cut_off()
        if self._own is not None:
            self._own.close()

    def _ask(self, engine: Engine) -> bool | None:
        """Ask for nothing in a session of its own, and return whether that is answered in time.

        None when the server has ended that session: then it has to be asked once more, in another.
        """
        import psycopg  # noqa: PLC0415 - only where there is a server

        answers: bool | None = False
        try:
            if self._own is None:
                self._own = own_session(engine, connect_timeout=ANSWERS_WITHIN_SECONDS)
            server = self._own.pgconn
            server.send_query(b"")
            asked = poll()
            asked.register(server.socket, POLLIN)
            if asked.poll(ANSWERS_WITHIN_SECONDS * 1000):
                while server.get_result() is not None:
                    pass
                if server.status == psycopg.pq.ConnStatus.OK:
                    return True
                answers = None
        except (psycopg.Error, OSError) as error:
            answers = None if self._own is not None else False
            log.debug("asked the database: %s", error)
        if self._own is not None:
            self._own.pgconn.finish()
            self._own = None
        return answers

    def _cut_off(self) -> None:
        """End every session from this side, so that who waits there gets an error at once."""
        with self._opening:
            sessions = list(self._open)
        for connection in sessions:
            with contextlib.suppress(Exception), socket.socket(fileno=os.dup(connection.pgconn.socket)) as duplicate:
                duplicate.shutdown(socket.SHUT_RDWR)
