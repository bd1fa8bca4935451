"""Runs that a person asked for: each on a thread of its own, so that a slow source holds up no worker of the web.

One at a time for a source; the last one of each is remembered until the next. A connector's deadline ends every run.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request

from targetwatch.errors import BusyError, StoreError, TargetwatchError
from targetwatch.ingest import IngestOutcome
from targetwatch.model.problem import Problem

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Attempt:
    """A run or a test of a source; when it is over either `outcome` says what it brought or `trouble` what happened.

    `trouble` is "busy" (a scheduled run is under way), "away" (the database), "ours" (a fault of this program) or
    "refused" (then `reason` says why).
    """

    source: str
    is_test: bool
    by: str
    at: datetime
    outcome: IngestOutcome | None = None
    trouble: str = ""
    reason: Problem | None = None
    _over: threading.Event = field(default_factory=threading.Event)

    @property
    def is_over(self) -> bool:
        """Return whether it has come to its end."""
        return self._over.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end, so long at the most, and return whether it has come."""
        return self._over.wait(seconds)

    def carry_out(self, work: Callable[[str], IngestOutcome]) -> None:
        """Do what was asked for; whatever happens is remembered."""
        try:
            self.outcome = work(self.source)
        except BusyError:
            self.trouble = "busy"
        except StoreError:
            log.exception("source '%s': asked for by %s, the database refused", self.source, self.by)
            self.trouble = "away"
        except TargetwatchError as error:
            self.trouble, self.reason = "refused", error.problems[0]
        except Exception:
            log.exception("source '%s': asked for by %s, the run broke off", self.source, self.by)
            self.trouble = "ours"
        finally:
            self._over.set()


class Attempts:
    """The last attempt at each source."""

    def __init__(self) -> None:
        self._last: dict[str, Attempt] = {}
        self._lock = threading.Lock()

    def start(self, attempt: Attempt, work: Callable[[str], IngestOutcome]) -> bool:
        """Start an attempt and return True; False when another one at the same source is still under way."""
        with self._lock:
            before = self._last.get(attempt.source)
            if before is not None and not before.is_over:
                return False
            self._last[attempt.source] = attempt
        name = f"{'test' if attempt.is_test else 'run'} {attempt.source}"
        threading.Thread(target=attempt.carry_out, args=(work,), name=name, daemon=True).start()
        return True

    def last(self, source: str) -> Attempt | None:
        """Return the last attempt at a source since the service started; None when there was none."""
        with self._lock:
            return self._last.get(source)

    def under_way(self) -> dict[str, Attempt]:
        """Return the attempts that are not over yet, by source."""
        with self._lock:
            return {name: attempt for name, attempt in self._last.items() if not attempt.is_over}


def attempts(request: Request) -> Attempts:
    """Return what was asked for in this process."""
    found: Attempts = request.app.state.attempts
    return found


AskedFor = Annotated[Attempts, Depends(attempts)]
