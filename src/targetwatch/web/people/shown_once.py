"""Secrets on their way to the page that shows them: once, to whoever had them made, within minutes.

They wait in the memory of one process, so that the page is an address of its own and may be loaded again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

if TYPE_CHECKING:
    from targetwatch.web.access import Person

WAITS = timedelta(minutes=5)
MOST_KEPT = 1000


@dataclass(slots=True)
class ShownOnce:
    """What waits to be shown, by who had it made, in which browser, and what it opens."""

    _kept: OrderedDict[tuple[str, str, str], tuple[str, datetime]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, who: Person, what: str, secret: str, *, now: datetime) -> None:
        """Keep a secret for the page of what it opens, and no other of the same."""
        with self._lock:
            self._kept.pop((who.name, who.session, what), None)
            self._kept[who.name, who.session, what] = secret, now + WAITS
            while self._kept and (len(self._kept) > MOST_KEPT or next(iter(self._kept.values()))[1] <= now):
                self._kept.popitem(last=False)

    def take(self, who: Person, what: str, *, now: datetime) -> str:
        """Return the secret that waits for this person's page, and forget it; "" when none does."""
        with self._lock:
            secret, until = self._kept.pop((who.name, who.session, what), ("", now))
        return secret if until > now else ""


def shown_once(request: Request) -> ShownOnce:
    """Return what waits to be shown in this process."""
    found: ShownOnce = request.app.state.shown_once
    return found


Once = Annotated[ShownOnce, Depends(shown_once)]
