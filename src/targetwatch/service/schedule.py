"""The schedule: one job per source, and what is looked after every half minute.

Nothing sleeps until a moment of the wall's clock, which may be set back under it: due times are compared with that
clock every second of one that only goes forward. A source that is slow holds up only itself: it has a thread of its own
and runs once at a time. Runs missed while the service was down or its machine slept are made up for by one.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import TYPE_CHECKING

from targetwatch.errors import StoreError
from targetwatch.quantity.crontab import Crontab, read_crontab

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from zoneinfo import ZoneInfo

    from targetwatch.model import Source

log = logging.getLogger(__name__)

CHECK_SECONDS = 1.0
LOOK_SECONDS = 30
MOST_NAMED = 12
JUMP = timedelta(seconds=60)
"""A clock that is kept right is never put forward or back by more at once."""


@dataclass(slots=True)
class Due:
    """When a crontab line is due next, on the clocks of a zone, after the moment up to which it was kept to."""

    crontab: Crontab
    zone: ZoneInfo
    next_at: datetime | None

    def take(self, now: datetime) -> bool:
        """Return whether a run is due; however many were missed, it is one."""
        if self.next_at is None or self.next_at > now:
            return False
        self.next_at = self.crontab.after(now, self.zone)
        return True

    def mend(self, now: datetime) -> bool:
        """Return whether the last run lies in the future by more than a period, and then count from `now` again.

        That is so where the second due time from now was kept to. The first alone was if the clock was set back by less
        than a period: that one is not to be run twice.
        """
        first = self.crontab.after(now, self.zone)
        second = first and self.crontab.after(first, self.zone)
        if self.next_at is None or second is None or self.next_at <= second:
            return False
        self.next_at = first
        return True


class Schedule:
    """The jobs of this process: `ingest` runs a source by its id, `look` and `mails` are called every half minute."""

    def __init__(
        self,
        zone: ZoneInfo,
        *,
        ingest: Callable[[str], object],
        look: Callable[[], object] = lambda: None,
        mails: Callable[[], object] = lambda: None,
    ) -> None:
        self._zone, self._ingest, self._look, self._mails = zone, ingest, look, mails
        self._dues: dict[str, Due] = {}
        self._running: dict[str, Thread] = {}
        self._clock = _Clock()
        self._stopped = Event()

    def start(self, sources: Iterable[Source], last_runs: Mapping[str, datetime], now: datetime) -> None:
        """Start the jobs of `sources`; what fell due since their last runs is run at once."""
        self._stopped = Event()
        self.rebuild(sources, last_runs, now)
        self.check(now)
        self._clock = _Clock()  # what led to this start may have taken minutes since `now`
        self._repeat("check", CHECK_SECONDS, lambda: self.check(datetime.now(UTC)))
        self._repeat("look", LOOK_SECONDS, self._look)
        self._repeat("mails", LOOK_SECONDS, self._mails, at_once=True)  # what waits since another led

    def rebuild(self, sources: Iterable[Source], last_runs: Mapping[str, datetime], now: datetime) -> None:
        """Make the sources' jobs those of `sources`; one whose schedule is unchanged keeps its place."""
        wanted: dict[str, Due] = {}
        for source in sources:
            if not (source.enabled and source.schedule):
                continue
            crontab, last = read_crontab(source.schedule), last_runs.get(source.id)
            due = self._dues.get(source.id)
            if due is None or due.crontab != crontab:
                due = Due(crontab, self._zone, crontab.after(last, self._zone) if last else now)
                late = due.next_at is not None and due.next_at <= now
                log.info("source '%s': scheduled '%s'%s", source.id, source.schedule, ", running now" if late else "")
            wanted[source.id] = due
        self._dues = wanted
        self._mend(now)

    def check(self, now: datetime) -> None:
        """Begin the runs that are due, each in a thread that ends with the process; one under way is due after it."""
        if jump := self._clock.jump(now):
            log.warning("the clock went %+d s at once: it was set, or the machine slept", jump.total_seconds())
            self._mend(now)
        for name, due in self._dues.items():
            under_way = self._running.get(name)
            if (under_way is None or not under_way.is_alive()) and due.take(now):
                self._running[name] = Thread(target=self._ingest, args=(name,), name=f"source {name}", daemon=True)
                self._running[name].start()

    def replay(self, seconds: float, step: Callable[[], None]) -> None:
        """Start with one job only: `step`, once every `seconds`; for a simulated clock."""
        self._repeat("replay", seconds, step)

    def next_runs(self) -> dict[str, datetime]:
        """Return when each scheduled source runs next."""
        return {name: due.next_at.astimezone(self._zone) for name, due in self._dues.items() if due.next_at}

    def stop(self) -> None:
        """Start nothing more; a fetch under way is not waited for, its reading is stored whole or not at all."""
        self._stopped.set()
        self._dues = {}

    def _mend(self, now: datetime) -> None:
        """Let sources whose last run lies in the future run as the clock says now."""
        ahead = [name for name, due in self._dues.items() if due.mend(now)]
        if ahead:
            log.warning(
                "the clock was ahead when sources ran last, they run as it says now: %s%s",
                ", ".join(ahead[:MOST_NAMED]),
                f" and {len(ahead) - MOST_NAMED} more" if len(ahead) > MOST_NAMED else "",
            )

    def _repeat(self, name: str, seconds: float, job: Callable[[], object], *, at_once: bool = False) -> None:
        """Call `job` every so many seconds in a thread of its own, whatever becomes of it."""
        stopped = self._stopped

        def repeat() -> None:
            at = time.monotonic() + (0 if at_once else seconds)
            while not stopped.wait(max(at - time.monotonic(), 0)):
                at = max(at + seconds, time.monotonic())
                try:
                    job()
                except StoreError as error:
                    log.warning("%s: %s", name, error)
                except Exception:
                    log.exception("%s: broke off, and is tried again", name)

        Thread(target=repeat, name=name, daemon=True).start()


@dataclass(slots=True)
class _Clock:
    """The wall's clock as last looked at, beside one that only goes forward."""

    seen: datetime | None = None
    at: float = field(default_factory=time.monotonic)

    def jump(self, now: datetime) -> timedelta | None:
        """Return by how much the clock went otherwise than time did since the last look; None when it kept time."""
        at = time.monotonic()
        jump = now - self.seen - timedelta(seconds=at - self.at) if self.seen else timedelta()
        self.seen, self.at = now, at
        return jump if abs(jump) > JUMP else None
