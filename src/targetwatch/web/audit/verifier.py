"""The audit chain verified because a person asked: on a thread of its own, and the result remembered with its time."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from targetwatch.store import audit, db

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.engine import Engine

    from targetwatch.model.problem import Problem

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a verification found. `failed` says that it could not be carried out; the log says why."""

    at: datetime
    by: str
    seconds: float
    count: int = 0
    head: str = ""
    problems: tuple[Problem, ...] = ()
    failed: bool = False


class Verifier:
    """The verifications of this process: one at a time, the last one remembered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._over.set()
        self._last: Verified | None = None

    @property
    def last(self) -> Verified | None:
        """Return the last verification since the service started; None when there was none."""
        return self._last

    @property
    def is_under_way(self) -> bool:
        """Return whether the chain is being verified now."""
        return not self._over.is_set()

    def start(self, engine: Engine, *, by: str, now: Callable[[], datetime], patience_seconds: float) -> None:
        """Verify the chain unless that is under way, and wait a little for the end."""
        with self._lock:
            if self._over.is_set():
                self._over.clear()
                threading.Thread(target=self._verify, args=(engine, by, now), name="verify", daemon=True).start()
        self._over.wait(patience_seconds)

    def _verify(self, engine: Engine, by: str, now: Callable[[], datetime]) -> None:
        began = time.perf_counter()
        try:
            with db.reading(engine) as session:
                problems = audit.verify(session)
                count, head = audit.head(session)
            seconds = time.perf_counter() - began
            self._last = Verified(at=now(), by=by, seconds=seconds, count=count, head=head, problems=problems)
        except Exception:
            log.exception("audit: could not be verified")
            seconds = time.perf_counter() - began
            self._last = Verified(at=now(), by=by, seconds=seconds, failed=True)
        finally:
            self._over.set()


def verifier(request: Request) -> Verifier:
    """Return the verifications of the application that is asked."""
    found: Verifier = request.app.state.verifier
    return found


Verifying = Annotated[Verifier, Depends(verifier)]
