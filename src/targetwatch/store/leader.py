"""Who leads: the one process that runs sources, keeps statuses and sends mail.

PostgreSQL: whoever holds an advisory lock in a session of its own. The server ends a session in which nothing was said
for LEASE_SECONDS, and the lock with it, whether the process was killed, frozen or cut off. Each lead is a term with a
number of its own, and `db.writing` refuses a write in the name of another term than the last. SQLite: whoever has
locked a file beside the database; there is nobody to take over.
"""

from __future__ import annotations

import fcntl
import time
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from targetwatch.errors import StoreError
from targetwatch.store import db
from targetwatch.store.db import own_session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Connection
    from sqlalchemy.engine import Engine

LEASE_SECONDS = 3
"""After so long without a word the server takes the lead away."""
BELIEF_SECONDS = 2.5
"""So long after its last word a process takes itself for the leader: less than the server does."""
WAIT_SECONDS = 2
"""How long it is waited for a connection, for the network, and for somebody who writes."""
LEADER_LOCK = int.from_bytes(b"leadingt")
STUCK = """
    SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid), leader
    WHERE locktype = 'advisory' AND (classid::bigint << 32) + objid::bigint = %s AND granted
    AND application_name = holder AND wait_event_type = 'Client' AND pid <> pg_backend_pid()
"""
"""Ends whoever of the last leader's process stands still in the middle of a write, where all others wait for it."""


class ServerLock:
    """The lead on PostgreSQL, for one process; not for two threads at once, but for `term`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection[tuple[Any, ...]] | None = None
        self._term: int | None = None
        self._heard_at = 0.0

    @property
    def term(self) -> int | None:
        """Return the number of the term this process leads in; None when it does not, or nobody has heard of it."""
        return self._term if time.monotonic() - self._heard_at < BELIEF_SECONDS else None

    def hold(self) -> None:
        """Take the lead where nobody has it, or say that we are still there.

        Raises:
            StoreError: the database does not answer, or not to this process alone: then the lead is lost.
        """
        with self._or_lost():
            heard_at = time.monotonic()
            connection = self._connection = self._connection or self._connect()
            (last,) = _one(connection, "SELECT term FROM leader")
            if self._term is None or self._term != last:
                held = self._term is not None or _one(connection, "SELECT pg_try_advisory_lock(%s)", LEADER_LOCK)[0]
                self._term = self._begin(connection) if held else None
            self._heard_at = heard_at

    def wait(self, seconds: float) -> bool:
        """Wait until something was written, at most so long, and return whether something was."""
        assert self._connection is not None
        with self._or_lost():
            heard = [*self._connection.notifies(timeout=seconds, stop_after=1)]
            heard += self._connection.notifies(timeout=0)
        return bool(heard)

    def drop(self) -> None:
        """Let go of the lead, for another to take."""
        self._term = None
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    @contextmanager
    def _or_lost(self) -> Iterator[None]:
        import psycopg  # noqa: PLC0415 - only where there is a server

        try:
            yield
        except (psycopg.Error, StoreError) as error:
            self.drop()
            if isinstance(error, StoreError):
                raise
            why = " ".join(str(error).split())
            raise StoreError("says", where=db.DATABASE, said=db.shown(self._engine.url), why=why) from error

    def _connect(self) -> Connection[tuple[Any, ...]]:
        """Return a session of its own; StoreError when something stands between it and the server."""
        connection = own_session(
            self._engine,
            connect_timeout=WAIT_SECONDS,
            tcp_user_timeout=WAIT_SECONDS * 1000,
            application_name=db.PROCESS,
            autocommit=True,
        )
        (answering,) = _one(connection, "SELECT pg_backend_pid()")
        if answering != connection.info.backend_pid:  # a pooler gives numbers of its own
            connection.close()
            raise StoreError("connection_shared", where=db.DATABASE, said=db.shown(self._engine.url))
        for statement in (
            f"SET idle_session_timeout = '{LEASE_SECONDS}s'",
            f"SET lock_timeout = '{WAIT_SECONDS}s'",
            f"LISTEN {db.CHANNEL}",
        ):
            connection.execute(statement)
        return connection

    def _begin(self, connection: Connection[tuple[Any, ...]]) -> int | None:
        """Begin a term: from the commit on nothing can be written in the name of an earlier one.

        It is done in the session that holds the lock, and so by nobody who has lost it in the meantime.
        """
        from psycopg.errors import LockNotAvailable  # noqa: PLC0415 - only where there is a server

        try:
            with connection.transaction():
                connection.execute(STUCK, (db.WRITER_LOCK,))
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (db.WRITER_LOCK,))
                begun = "UPDATE leader SET term = term + 1, holder = %s, since = now() RETURNING term"
                (term,) = _one(connection, begun, db.PROCESS)
        except LockNotAvailable:
            connection.execute("SELECT pg_advisory_unlock(%s)", (LEADER_LOCK,))
            return None
        return int(term)


class FileLock:
    """The lead on SQLite: the process that has it keeps it to its end."""

    term = 0

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._file: IO[bytes] | None = None

    def hold(self) -> None:
        """Take the lead; StoreError when another process has it."""
        if self._file is not None:
            return
        database = db.file_of(self._engine)
        assert database is not None
        file = database.with_name(f"{database.name}-leader").open("ab")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise StoreError("another_serves", where=db.DATABASE, said=db.shown(self._engine.url)) from None
        self._file = file

    def drop(self) -> None:
        """Let go of the lead."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _one(connection: Connection[tuple[Any, ...]], statement: str, *values: object) -> tuple[Any, ...]:
    row = connection.execute(statement, values).fetchone()
    assert row is not None
    return row
