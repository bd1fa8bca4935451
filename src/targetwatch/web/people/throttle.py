"""How long to wait after failures to sign in: longer with each, never for ever, in a bounded memory of one process.

Failures are counted for a name and for an address. While a wait lasts, further attempts are neither tried nor counted,
so no wait can be prolonged by asking again; what is counted is forgotten when nothing has failed for a while.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST = timedelta(seconds=60)
FORGOTTEN_AFTER = timedelta(minutes=15)
MOST_KEPT = 10_000
FREE = {"name": 4, "browser": 9, "address": 20}
"""How many failures cost nothing: people mistype, and many share an address."""


@dataclass(slots=True)
class _Failures:
    count: int
    last: datetime
    until: datetime


@dataclass(slots=True)
class Throttle:
    """What has failed lately. A key is what is counted ("name", "address", "browser") and which one."""

    _kept: OrderedDict[tuple[str, str], _Failures] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def attempt(self, keys: Iterable[tuple[str, str]], *, now: datetime) -> int:
        """Return 0 and count the attempt as failed until `succeeded` says otherwise, or how many seconds to wait.

        Counted before it is tried, so that a hundred at once are not all tried.
        """
        keys = tuple(keys)
        with self._lock:
            self._forget(now)
            until = max((self._kept[key].until for key in keys if key in self._kept), default=now)
            if until > now:
                return math.ceil((until - now).total_seconds())
            for key in keys:
                count = self._kept[key].count + 1 if key in self._kept else 1
                self._kept[key] = _Failures(count, now, now + _wait(count - FREE[key[0]]))
                self._kept.move_to_end(key)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return 0

    def succeeded(self, keys: Iterable[tuple[str, str]]) -> None:
        """Forget the failures of a name or browser that has signed in; of an address only this attempt.

        Otherwise whoever has an account could reset the count of their address between guesses at others'.
        """
        with self._lock:
            for key in keys:
                kept = self._kept.get(key)
                if kept is not None and key[0] == "address":
                    kept.count -= 1
                    kept.until = kept.last
                elif kept is not None:
                    del self._kept[key]

    def _forget(self, now: datetime) -> None:
        while self._kept:
            key, oldest = next(iter(self._kept.items()))
            if now - oldest.last < FORGOTTEN_AFTER:
                return
            del self._kept[key]


def throttle(request: Request) -> Throttle:
    """Return what this process remembers of failures to sign in."""
    found: Throttle = request.app.state.throttle
    return found


Slowed = Annotated[Throttle, Depends(throttle)]


def _wait(beyond: int) -> timedelta:
    """Return how long to wait after so many failures beyond the free ones: 1, 2, 4 ... 60 seconds.

    >>> [_wait(beyond).total_seconds() for beyond in (-3, 0, 1, 2, 3, 6, 7, 500)]
    [0.0, 0.0, 1.0, 2.0, 4.0, 32.0, 60.0, 60.0]
    """
    if beyond <= 0:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(beyond - 1, 16)), LONGEST)
