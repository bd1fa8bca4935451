"""The past again: as OpenMetrics with timestamps, or lived by the service itself with mails that are not sent.

A new installation's Prometheus knows it all at once: every series as it would have been scraped had the service been
there, what was known on each day on the published clock, held until the next change. A day is judged once; what is kept
of it is the changes, never the samples. Reads no clock and writes no file.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from pydantic import SecretStr

from targetwatch.errors import NotAnnouncedError, UsageError
from targetwatch.metrics.names import (
    INDICATOR_METRICS,
    READINGS_HELD,
    TARGET_LATE,
    TARGET_METRICS,
    TARGET_STATUS_CHANGES,
    Metric,
    first_second,
    header,
    of_indicator,
    of_target,
)
from targetwatch.model import AsOf
from targetwatch.model.problem import Problem
from targetwatch.service.app import Simulation, build
from targetwatch.store import db, statuses
from targetwatch.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import tzinfo

    from sqlalchemy.orm import Session

    from targetwatch.model import Catalogue, Snapshot, StatusChange, Verdict
    from targetwatch.settings import Settings
    from targetwatch.store.outbox import Mail

Progress: TypeAlias = "Callable[[int, int], None]"
_OF_NOW = (READINGS_HELD, TARGET_LATE, TARGET_STATUS_CHANGES)
FAMILIES = tuple(metric for metric in (*TARGET_METRICS, *INDICATOR_METRICS) if metric not in _OF_NOW)
"""What has a past that stands still between two judgements; what the process said of itself is of no past day."""
OWN_LABELS = frozenset(label for metric in FAMILIES for label in metric.labels)
ONE_DAY = timedelta(days=1)
EARLIEST = date(1970, 1, 2)
"""The first day that begins after second 0 in every time zone."""
LEFT_TO_SCRAPES_SECONDS = 3 * 3600
"""Prometheus still holds its last hours in memory: a block that reaches into them would lie across."""
BLOCK_SECONDS = 486 * 3600
"""What promtool makes of --max-block-duration=744h: two hours, tripled as often as fits. It reads its input once for
every block, so a file for each is read once instead of nineteen times a year."""
LINES_AT_ONCE = 500
SENDER = "targetwatch@example.org"
"""Who simulated mails are from where no sender is set."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days of a history, both inclusive, how often a value is repeated, and the last second of a sample."""

    first: date
    last: date
    step_seconds: int
    zone: tzinfo
    until: int

    @classmethod
    def between(cls, first: date, last: date, *, step_seconds: int, zone: tzinfo, now: datetime) -> Stretch:
        """Return the stretch from `first` to `last`, short of the last three hours before `now`.

        Raises:
            UsageError: there is no such stretch; every reason at once.
        """
        today = now.astimezone(zone).date()
        problems: list[Problem] = []
        if first < EARLIEST:
            problems.append(Problem("too_early_for_prometheus", {"said": first, "earliest": EARLIEST}, where="--from"))
        if last > today:
            problems.append(Problem("after_today", {"said": last, "today": today}, where="--to"))
        if last < first:
            problems.append(Problem("before_the_first_day", {"said": last, "first": first}, where="--to"))
        if step_seconds <= 0:
            problems.append(Problem("step_of_nothing", {"said": f"{step_seconds}s"}, where="--step"))
        if problems:
            raise UsageError(*problems)
        until = min(_begin(last + ONE_DAY, zone) - 1, int(now.timestamp()) - LEFT_TO_SCRAPES_SECONDS)
        if until < _begin(first, zone):
            raise UsageError("left_to_scrapes", where="--from", said=first)
        return cls(first, last, step_seconds, zone, until)

    @property
    def days(self) -> list[date]:
        """Return the days that have a sample."""
        found = (self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1))
        return [day for day in found if _begin(day, self.zone) <= self.until]

    @property
    def parts(self) -> list[range]:
        """Return the stretch cut where promtool's blocks begin, in seconds."""
        begin = _begin(self.first, self.zone)
        cuts = range((begin // BLOCK_SECONDS + 1) * BLOCK_SECONDS, self.until + 1, BLOCK_SECONDS)
        return [range(start, end) for start, end in pairwise([begin, *cuts, self.until + 1])]

    def moments(self, start: int, end: int, within: range) -> tuple[range, range]:
        """Return when a value held from `start` until before `end` is told: at once, and then at every step.

        Steps are counted from the beginning of the first day; what is not `within` is left out.
        """
        origin, step = _begin(self.first, self.zone), self.step_seconds
        number = max((start - origin) // step + 1, -((origin - within.start) // step))
        at_once = range(start, start + 1) if start in within else range(0)
        return at_once, range(origin + number * step, min(end, within.stop), step)


@dataclass(slots=True)
class Backfill:
    """What every series said from when on: (moment, value), an empty value where the series ended."""

    stretch: Stretch
    failed: dict[str, str] = field(default_factory=dict)
    """What could not be judged on some day, with the reason: those days are missing."""
    _turns: dict[Metric, dict[str, list[tuple[int, str]]]] = field(default_factory=dict)
    _told: dict[tuple[str, Metric], str] = field(default_factory=dict)

    @property
    def series_count(self) -> int:
        """Return how many series there are."""
        return sum(map(len, self._turns.values()))

    @property
    def sample_count(self) -> int:
        """Return how many samples there are."""
        spans = (self.stretch.moments(start, end, self._whole) for _, _, start, end, _ in self._spans())
        return sum(len(moments) for span in spans for moments in span)

    def note(self, moment: int, owner: str, lines: Iterable[tuple[Metric, str]]) -> None:
        """Take the lines that a target (or indicator) has from `moment` on, every family of it."""
        for metric, text in lines:
            before = self._told.get((owner, metric), "")
            if text == before:
                continue
            self._told[owner, metric] = text
            was, said = _samples(before), _samples(text)
            turns = self._turns.setdefault(metric, {})
            for series in [*said, *(was.keys() - said.keys())]:
                if said.get(series) != was.get(series):
                    turns.setdefault(series, []).append((moment, said.get(series, "")))

    def text(self, labels: str = "", *, within: range | None = None) -> Iterator[str]:
        """Yield the OpenMetrics text in pieces: one family after the other, in it one series after the other.

        `labels` (`job="targetwatch"`, escaped, comma-separated) are put on every series; `within` is a part of the
        stretch.
        """
        opened: Metric | None = None
        for metric, series, start, end, value in self._spans():
            moments = [found for found in self.stretch.moments(start, end, within or self._whole) if found]
            if moments and metric is not opened:
                yield header(metric)
                opened = metric
            line = f"{series[:-1]},{labels}}} {value} " if labels else f"{series} {value} "
            for found in moments:
                for number in range(0, len(found), LINES_AT_ONCE):
                    yield line + f"\n{line}".join(map(str, found[number : number + LINES_AT_ONCE])) + "\n"
        yield "# EOF\n"

    @property
    def _whole(self) -> range:
        return range(_begin(self.stretch.first, self.stretch.zone), self.stretch.until + 1)

    def _spans(self) -> Iterator[tuple[Metric, str, int, int, str]]:
        """Yield every stretch over which a series kept its value: family, series, start, end (exclusive), value."""
        over = (self.stretch.until + 1, "")
        for metric in FAMILIES:
            for series, turns in self._turns.get(metric, {}).items():
                for (start, value), (end, _) in pairwise(chain(turns, [over])):
                    if value:
                        yield metric, series, start, end, value


def learn(
    session: Session,
    stretch: Stretch,
    *,
    taken_at: datetime,
    progress: Progress | None = None,
) -> Backfill:
    """Return what was known on every day of a stretch, each target judged on the days it can turn, said anew on all.

    Raises:
        NotAnnouncedError: no target existed by its end.
    """
    history, watch, days = Backfill(stretch), Watch(), stretch.days
    before: Mapping[str, Verdict] = {}
    for number, day in enumerate(days, start=1):
        taken = watch.refresh(session, AsOf.end_of(day, stretch.zone), taken_at=taken_at)
        moment = _begin(day, stretch.zone)
        for owner, lines in _lines(taken.snapshot, before, stretch.zone):
            history.note(moment, owner, lines)
        before = taken.snapshot.verdicts
        history.failed |= taken.snapshot.failed
        if progress is not None:
            progress(number, len(days))
    announced = min((target.announced_on for target in watch.inputs.catalogue.targets), default=None)
    if announced is None:
        raise NotAnnouncedError("no_target_configured", where="backfill")
    if announced > days[-1]:
        raise NotAnnouncedError("none_announced_by_then", where="--to", said=stretch.last, announced=announced)
    return history


def _lines(
    snapshot: Snapshot, before: Mapping[str, Verdict], zone: tzinfo
) -> Iterator[tuple[str, Iterable[tuple[Metric, str]]]]:
    """Yield the lines of every target with another verdict than `before`, and of every indicator without a target."""
    configured: Catalogue = snapshot.catalogue
    for position, target in enumerate(configured.targets, 1):
        verdict = snapshot.verdicts.get(target.id)
        if verdict is before.get(target.id):
            continue
        found = {}
        if verdict is not None:
            indicator = configured.indicators_by_id[target.indicator]
            found = of_target(target, indicator, verdict, position, zone=zone)
        yield f"target {target.id}", [(metric, found.get(metric, "")) for metric in TARGET_METRICS]
    promised = {target.indicator for target in configured.targets}
    for indicator in configured.indicators:
        if indicator.id not in promised:
            latest = snapshot.figures.get(indicator.id)
            yield f"indicator {indicator.id}", of_indicator(indicator, latest, zone=zone).items()


def _samples(text: str) -> dict[str, str]:
    r"""Return the value of each series of some lines.

    >>> _samples('up{target="a b"} 1\nup{target="c"} 0\n')
    {'up{target="a b"}': '1', 'up{target="c"}': '0'}
    """
    lines = text.removesuffix("\n").split("\n") if text else []  # splitlines() would split inside a label, at \r
    return {series: value for series, _, value in (line.rpartition(" ") for line in lines)}


def _begin(day: date, zone: tzinfo) -> int:
    moment = first_second(day, zone)
    assert moment is not None
    return moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """What happened: the mails with the day each left, the status changes, and how everything stood in the end."""

    mails: tuple[tuple[date, Mail], ...]
    changes: tuple[StatusChange, ...]
    end: Snapshot


def live(settings: Settings, first: date, last: date, *, progress: Progress | None = None) -> Lived:
    """Return what the days from `first` to `last` would have brought; nothing is sent, and nothing kept."""
    sent: list[tuple[date, Mail]] = []
    with tempfile.TemporaryDirectory() as folder:
        simulation = Simulation(
            first,
            last,
            mails=Path(folder) / "mails.db",
            deliver=lambda mail, _settings: sent.append((app.as_of().day, mail)),
        )
        app = build(as_simulated(settings), simulation=simulation)
        try:
            snapshot = app.refresh()
            app.mail()
            days = (last - first).days
            for number in range(days):
                app.next_day()
                if progress is not None:
                    progress(number + 1, days)
            snapshot = app.holder.current or snapshot
            with db.reading(app.kept) as session:
                changes = statuses.load(session)
        finally:
            app.stop()
    return Lived(mails=tuple(sent), changes=tuple(one for one in changes if first <= one.on <= last), end=snapshot)


def as_simulated(settings: Settings, *, sink: str | None = None) -> Settings:
    """Return the settings of simulated mails: a sender, and no server but `sink`."""
    server = None if sink is None else SecretStr(sink)
    return settings.model_copy(update={"mail_from": settings.mail_from or SENDER, "smtp_url": server})
