"""The lead among the processes on one database: kept, or stood by for, and what follows from having it or not.

Two threads: one says every BEAT_SECONDS that the process is there and hears of what others write, the other does
what is to be done then, which may take as long as it takes.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from targetwatch.store import db
from targetwatch.store.leader import FileLock, ServerLock

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Engine

log = logging.getLogger(__name__)
BEAT_SECONDS = 0.4
POLL_SECONDS = 10
"""So often a process looks by itself, whatever it hears; where it could not, after RETRY_SECONDS."""
RETRY_SECONDS = 1


@dataclass(slots=True, kw_only=True)
class Leadership:
    """One process's part in who leads.

    `lead` begins what only the leader does, `follow` ends it, `look` sees what others have written; it is told whether
    something was heard.
    """

    engine: Engine
    lead: Callable[[], None]
    follow: Callable[[], None]
    look: Callable[[bool], None]
    _lock: ServerLock | FileLock = field(init=False)
    _term: int | None = None
    """The term whose work was begun."""
    _woken: threading.Event = field(default_factory=threading.Event)
    _ending: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._lock = FileLock(self.engine) if self.engine.dialect.name == "sqlite" else ServerLock(self.engine)

    @property
    def is_leading(self) -> bool:
        """Return whether this process leads, as far as it can know."""
        return self._lock.term is not None

    @property
    def is_begun(self) -> bool:
        """Return whether this process leads, and writes in the name of this very term."""
        return self._term is not None and self._term == self._lock.term

    @property
    def led(self) -> Engine | None:
        """Return the engine of the term this process leads in on PostgreSQL, its work begun or not; None without."""
        term = self._lock.term
        return self.engine.execution_options(**{db.TERM: term}) if term else None

    def writing_engine(self) -> Engine:
        """Return the engine on which nothing can be written once another leads."""
        return self.engine.execution_options(**{db.TERM: self._term}) if self._term else self.engine

    def stand(self) -> None:
        """Take the lead if nobody has it, and go on doing so.

        Raises:
            StoreError: another process has the SQLite file, or the way to PostgreSQL is not a direct one.
        """
        self._lock.hold()
        if isinstance(self._lock, ServerLock):
            threading.Thread(target=self._beat, args=(self._lock,), name="leadership", daemon=True).start()

    def live(self) -> None:
        """Begin what a leader does, or a follower; from here on by itself."""
        self._settle()
        if isinstance(self._lock, ServerLock):
            threading.Thread(target=self._work, name="following", daemon=True).start()

    def stop(self) -> None:
        """Let go of the lead, for another process to take at once."""
        self._ending.set()
        self._woken.set()
        if isinstance(self._lock, FileLock):
            self._lock.drop()

    def _beat(self, lock: ServerLock) -> None:
        before, deaf = lock.term, False
        while not self._ending.is_set():
            try:
                lock.hold()
                if deaf or lock.term != before:  # what was written in between nobody has told us
                    before, deaf = lock.term, False
                    self._woken.set()
                if lock.wait(BEAT_SECONDS):
                    self._woken.set()
            except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
                log.warning("the lead: %s", error)
                self._woken.set()
                self._ending.wait(BEAT_SECONDS if deaf else 0)
                deaf = True
        lock.drop()

    def _work(self) -> None:
        looks_at = time.monotonic() + POLL_SECONDS
        while True:
            heard = self._woken.wait(max(looks_at - time.monotonic(), 0))
            self._woken.clear()
            if self._ending.is_set():
                return
            if not heard:
                looks_at = time.monotonic() + POLL_SECONDS
            try:
                self._settle()
                self.look(heard)
            except Exception:
                log.exception("what others have written could not be taken over yet")
                looks_at = time.monotonic() + RETRY_SECONDS

    def _settle(self) -> None:
        """Begin or end what only the leader does, as far as that has changed."""
        term = self._lock.term
        if term == self._term:
            return
        if self._term is not None:
            log.info("another process leads, or none: no source is run and no mail sent here")
            self.follow()
        self._term = term
        if term is not None:
            log.info("this process leads: it runs the sources and sends the mails")
            try:
                self.lead()
            except BaseException:  # what was begun ends, and is begun again at the next look
                self._term = None
                self.follow()
                raise
