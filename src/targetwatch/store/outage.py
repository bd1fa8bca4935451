"""A PostgreSQL server that hangs: found by asking it, and then waited for by nobody until it answers again.

A server that was stopped, or whose disk hangs, keeps every session open and answers in none. No time-out of its own can
end that, and the network's do not either, since its machine still acknowledges what is sent.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import socket
import threading
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from targetwatch.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from psycopg import Connection
    from sqlalchemy.engine import Engine

log = logging.getLogger(__name__)
OPTION = "targetwatch_outage"
"""The execution option of an engine under which its server's outage is found."""
ASKED_EVERY_SECONDS = 2
ANSWERS_WITHIN_SECONDS = 3


def own_session(engine: Engine, **options: Any) -> Connection[Any]:  # noqa: ANN401 - those of psycopg
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
        self._open: WeakSet[Connection[Any]] = WeakSet()
        self._opening = threading.Lock()
        self._own: Connection[Any] | None = None

    def opened(self, connection: Any, _entry: object) -> None:  # noqa: ANN401 - a connection of the driver
        """Know of one more session."""
        with self._opening:
            self._open.add(connection)

    def refuse(self) -> None:
        """Raise StoreError while the server hangs."""
        if self._hangs.is_set():
            raise StoreError("hangs", where="database", said=self._said)

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
            poll = select.poll()
            poll.register(server.socket, select.POLLIN)
            if poll.poll(ANSWERS_WITHIN_SECONDS * 1000):
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
