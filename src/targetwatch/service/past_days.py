"""Past days for whoever asks: in memory, kept in the database, or judged, by the side of what is served.

A day of many targets is judged in a process of its own, since it takes minutes and memory that the service has not; it
ends with its answer, with the service, or at its limits. What it says comes in small pieces, so that taking it in holds
up nobody, and is kept for every other process and the next start.
"""

from __future__ import annotations

import logging
import os
import resource
import signal
import threading
from collections import OrderedDict
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context
from time import monotonic
from typing import TYPE_CHECKING, NoReturn

from targetwatch.errors import StoreError
from targetwatch.model import AsOf
from targetwatch.store import db, verdicts
from targetwatch.store.verdicts import FoundAsOf, FoundVerdict
from targetwatch.watch import Watch
from targetwatch.watch.judging import Inputs, horizon, program
from targetwatch.web.running import PastNotJudgedError, PastTooLargeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection

    from sqlalchemy.engine import Engine

    from targetwatch.model import Snapshot
    from targetwatch.settings import Settings
    from targetwatch.store.statuses import Horizon

log = logging.getLogger(__name__)
SERVICE = "service"
TARGETS_HERE = 200
"""So many are judged in a second or two, and not in a process of their own."""
AT_ONCE = 100
"""So many verdicts are in one piece."""
SECONDS = 1800
HEARD_SECONDS = 5
"""So often the database hears that a day is still being judged."""
WITHIN_SECONDS = 2
"""Whoever asks for a past day waits so long, and is told to come back."""
WAITING = 8
"""So many days of people wait at once, and so many of others, one for each address."""
IN_MEMORY = 16
VERDICTS_IN_MEMORY = 60_000
"""Of all past days together; two of them are kept anyway."""


@dataclass(slots=True)
class _Wanted:
    """A day that waits to be judged, or is; `by` is the address of whoever is nobody in particular."""

    as_of: AsOf
    by: str
    answer: Future[Snapshot] = field(default_factory=Future)


@dataclass(frozen=True, slots=True)
class _Known:
    """A day in memory, and how far everything was read for it; without a snapshot it took more than it may."""

    read: Horizon
    snapshot: Snapshot | None = None


@dataclass(slots=True)
class PastDays:
    """The past days of one service; `inputs` are what it has read, which may change while it is `refreshing`."""

    engine: Engine
    settings: Settings
    inputs: Callable[[], Inputs]
    refreshing: threading.Lock
    simulated: bool
    _memory: OrderedDict[tuple[object, ...], _Known] = field(default_factory=OrderedDict)
    _wanted: dict[tuple[object, ...], _Wanted] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _loading: threading.Lock = field(default_factory=threading.Lock)

    def snapshot(self, as_of: AsOf, by: Callable[[], str]) -> Snapshot:
        """Return the snapshot as of a past moment for whoever asks: `by` is their address, or "" for somebody known.

        Raises:
            PastNotJudgedError: it is not judged yet; it will be, unless too many others wait for that.
            PastTooLargeError: judging it took more memory or time than it may.
        """
        key, until = (as_of.day, as_of.clock), monotonic() + WITHIN_SECONDS
        with self._lock:
            is_wanted = key in self._wanted
        found = self._in_memory(as_of) or (None if is_wanted else self._known(as_of, until))
        if found is not None:
            return found
        answer = self._want(key, as_of, by())
        try:
            return answer.result(_left(until))
        except TimeoutError:
            _give_up(as_of)

    def keep(self, ended: Snapshot, read: Horizon) -> None:
        """Keep a day that is over as it was in force, in a while: the past day that is looked at most."""
        if self.simulated or ended.failed or len(ended.catalogue.targets) <= TARGETS_HERE:
            return
        as_of = AsOf.end_of(ended.as_of.day, self.settings.zone)

        def packed() -> None:
            self._keep(as_of, read, [some.packed() for some in _found(ended)])

        threading.Thread(target=packed, name="the day before", daemon=True).start()

    def forget(self) -> None:
        """Let every day be read anew."""
        with self._lock:
            self._memory.clear()

    def _in_memory(self, as_of: AsOf) -> Snapshot | None:
        """Return a day in memory that nothing was read since."""
        known = self._memory.get((as_of.day, as_of.clock))
        if known is None or not known.read.covers(horizon(self.inputs(), as_of)):
            return None
        if known.snapshot is None:
            raise PastTooLargeError("past_too_large", where="as_of", said=as_of.day)
        return known.snapshot

    def _copied(self, as_of: AsOf, until: float) -> Inputs:
        """Return a copy of what the service has read; PastNotJudgedError where that is not to be had in time."""
        if not self.refreshing.acquire(timeout=_left(until)):
            _give_up(as_of)
        try:
            if self.inputs().configured < 0:
                _give_up(as_of)
            return self.inputs().copied(as_of.recorded_by)
        finally:
            self.refreshing.release()

    def _known(self, as_of: AsOf, until: float) -> Snapshot | None:
        """Return a day that few targets have to be judged for; None where it is not kept, or more than a few.

        PastNotJudgedError where others hold up what it needs until then, a time of the monotonic clock.
        """
        if not self._loading.acquire(timeout=_left(until)):
            _give_up(as_of)
        try:
            if (found := self._in_memory(as_of)) is not None:
                return found
            inputs, known = self._copied(as_of, until), self._memory.get((as_of.day, as_of.clock))
            if all(one.announced_on > as_of.day for one in inputs.catalogue.targets):
                return self._taken(as_of, inputs)
            if known is not None and known.snapshot is not None:
                return self._taken(as_of, inputs, _found(known.snapshot), known.read)
            with db.reading(self.engine) as session:
                read, pieces = verdicts.load_day(session, as_of)
            if read is None or read.program != program():
                return None
            return self._taken(as_of, inputs, verdicts.unpack(pieces), read)
        finally:
            self._loading.release()

    def _taken(
        self, as_of: AsOf, inputs: Inputs, found: Iterable[FoundAsOf] = (), read: Horizon | None = None
    ) -> Snapshot | None:
        """Return the snapshot as of a moment, built on what was found; None when more than a few targets changed."""
        watch = Watch(inputs)
        with db.reading(self.engine) as session:
            if read is not None and not watch.build_on(session, found, as_of, read, most=TARGETS_HERE):
                return None
            now = datetime.now(UTC)
            snapshot = watch.refresh(session, as_of, taken_at=now, simulated=self.simulated).snapshot
        self._remember(as_of, _Known(horizon(watch.inputs, as_of), snapshot))
        return snapshot

    def _remember(self, as_of: AsOf, known: _Known) -> None:
        key = (as_of.day, as_of.clock)
        with self._lock:
            self._memory[key] = known
            self._memory.move_to_end(key)
            count = max(len(one.snapshot.verdicts) if one.snapshot else 0 for one in self._memory.values())
            while len(self._memory) > min(IN_MEMORY, max(VERDICTS_IN_MEMORY // max(count, 1), 2)):
                self._memory.popitem(last=False)

    def _want(self, key: tuple[object, ...], as_of: AsOf, by: str) -> Future[Snapshot]:
        """Let a day be judged, those of people first; PastNotJudgedError where too many wait already."""
        with self._lock:
            wanted = self._wanted.get(key)
            if wanted is None:
                others = [one.by for one in self._wanted.values() if bool(one.by) is bool(by)]
                if len(others) >= WAITING or (by and by in others):
                    _give_up(as_of)
                wanted = _Wanted(as_of, by)
                if not self._wanted:
                    threading.Thread(target=self._work, name="past days", daemon=True).start()
                self._wanted[key] = wanted
            wanted.by = wanted.by and by
            return wanted.answer

    def _work(self) -> None:
        """Judge what is wanted, one day after the other, until there is nothing more."""
        while True:
            with self._lock:
                key, wanted = min(self._wanted.items(), key=lambda one: bool(one[1].by))
            try:
                wanted.answer.set_result(self._judged(wanted.as_of))
            except Exception as error:  # noqa: BLE001 - raised where it is asked for
                wanted.answer.set_exception(error)
            with self._lock:
                del self._wanted[key]
                if not self._wanted:
                    return

    def _judged(self, as_of: AsOf) -> Snapshot:
        """Judge a day, unless another process does or has done so meanwhile."""
        inputs = self._copied(as_of, monotonic() + SECONDS)
        if len(inputs.catalogue.targets) <= TARGETS_HERE:
            return self._taken(as_of, inputs) or _give_up(as_of)
        with verdicts.judging(self.engine, as_of) as still:
            if still is None:
                _give_up(as_of)
            if (found := self._known(as_of, monotonic() + SECONDS)) is not None:
                return found
            try:
                pieces, read, whole = _judge_apart(self.engine, as_of, still, megabytes=self.settings.past_megabytes)
            except PastTooLargeError:
                self._remember(as_of, _Known(horizon(self.inputs(), as_of)))
                raise
            if whole:
                self._keep(as_of, read, pieces)
        inputs = self._copied(as_of, monotonic() + SECONDS)
        with self._loading:
            return self._taken(as_of, inputs, verdicts.unpack(pieces), read) or _give_up(as_of)

    def _keep(self, as_of: AsOf, read: Horizon, pieces: list[bytes]) -> None:
        if self.simulated:
            return
        try:
            with db.writing(self.engine, SERVICE, now=datetime.now(UTC)) as session:
                verdicts.keep_day(session, as_of, read, pieces)
        except StoreError as error:
            log.warning("%s: was judged, and could not be kept: %s", as_of.day, error)


def _left(until: float) -> float:
    return max(until - monotonic(), 0)


def _give_up(as_of: AsOf) -> NoReturn:
    raise PastNotJudgedError("past_not_judged", where="as_of", said=as_of.day) from None


def _found(snapshot: Snapshot) -> Iterator[FoundAsOf]:
    names, figures = [target.id for target in snapshot.catalogue.targets], tuple(snapshot.figures.values())
    for start in range(0, max(len(names), len(figures)), AT_ONCE):
        yield FoundAsOf(
            tuple(
                FoundVerdict(
                    target=name,
                    verdict=snapshot.verdicts.get(name),
                    paces=snapshot.paces.get(name, ()),
                    failed=snapshot.failed.get(name, ""),
                )
                for name in names[start : start + AT_ONCE]
            ),
            figures[start : start + AT_ONCE],
        )


def _judge_apart(
    engine: Engine, as_of: AsOf, still: Callable[[], object], *, megabytes: int
) -> tuple[list[bytes], Horizon, bool]:
    """Return what was found as of a past moment, packed, how far everything was read, and whether all was judged.

    Raises:
        PastTooLargeError: it took more memory or time than it may.
    """
    context, until = get_context("spawn"), monotonic() + SECONDS
    here, there = context.Pipe(duplex=False)
    url = engine.url.render_as_string(hide_password=False)
    process = context.Process(target=_judge, args=(there, url, as_of, megabytes), daemon=True)
    process.start()
    there.close()
    pieces: list[bytes] = []
    try:
        while monotonic() < until:
            still()
            while here.poll(HEARD_SECONDS):
                said = here.recv()
                if not isinstance(said, bytes):
                    return pieces, *said
                pieces.append(said)
    except EOFError:
        log.warning("%s: judging it ended without a verdict, with at most %d MB allowed", as_of.day, megabytes)
    finally:
        process.kill()
        process.join()
        here.close()
    raise PastTooLargeError("past_too_large", where="as_of", said=as_of.day)


def _judge(there: Connection, url: str, as_of: AsOf, megabytes: int) -> None:
    """Judge in the process of its own, and send what was found in pieces, what belongs to all of them last."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of the terminal; the service ends it
    with suppress(OSError):  # where a sandbox forbids it
        os.nice(5)
    resource.setrlimit(resource.RLIMIT_DATA, (megabytes * 2**20,) * 2)
    watch = Watch(Inputs(recorded_by=as_of.recorded_by))
    with db.reading(db.create_engine(url)) as session:
        snapshot = watch.refresh(session, as_of, taken_at=datetime.now(UTC), simulated=True).snapshot
    for some in _found(snapshot):
        there.send(some.packed())
    there.send((horizon(watch.inputs, as_of), not snapshot.failed))
