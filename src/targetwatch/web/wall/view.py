"""What is on the wall: the targets by urgency, ten a page; the decided stay a while, then count among the results.

With nothing running the results are all there is, and fill the wall.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from targetwatch.chart import bar_of
from targetwatch.evaluation.status import DECIDED
from targetwatch.model import DataState, Measure, Performance
from targetwatch.web import lookup
from targetwatch.wording import card, formats

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal

    from targetwatch.chart import Bar
    from targetwatch.model import Indicator, Snapshot, Target, TargetVersion, Verdict
    from targetwatch.web.running import Moment, SimulatedClock
    from targetwatch.wording.translation import Translator

PAGE_ROWS = 10
DECIDED_STAYS = timedelta(days=90)
STALE_AFTER = timedelta(hours=26)
"""A snapshot is taken at each day's turn at the latest; the alert on a stale one waits as long."""
REFRESH_SECONDS = 15
REPLAY_REFRESH_SECONDS = 2
PAGE_SECONDS = 15
SIZES = ((3, "huge"), (5, "large"), (7, "medium"), (PAGE_ROWS, "full"))
HEADLINE = (
    Performance.ACHIEVED,
    Performance.ON_TRACK,
    Performance.AT_RISK,
    Performance.OFF_TRACK,
    Performance.MISSED,
    Performance.AWAITING_DATA,
    Performance.PENDING,
)
ONLY_WHERE_ANY = frozenset({Performance.AWAITING_DATA, Performance.PENDING})
URGENCY = (
    Performance.OFF_TRACK,
    Performance.AT_RISK,
    Performance.MISSED,
    Performance.AWAITING_DATA,
    Performance.ON_TRACK,
    Performance.PENDING,
    Performance.ACHIEVED,
)
"""What can still be saved comes first; what needs nobody comes last."""


@dataclass(frozen=True, slots=True)
class WallRow:
    """One target on the wall, in words short enough for large letters. `verdict` None: it could not be judged."""

    target: Target
    version: TargetVersion
    indicator: Indicator
    verdict: Verdict | None
    bar: Bar | None
    today: date
    _: Translator

    @property
    def name(self) -> str:
        """Return the short name."""
        return self.target.short[self._.language] or self.target.title[self._.language]

    @property
    def value(self) -> str:
        """Return the actual value without its unit, or how many steps are done."""
        if self.verdict is None:
            return ""
        if self.indicator.measure is Measure.MILESTONES:
            done = sum(1 for state in self.verdict.steps if state.done_on is not None)
            return self._.context("wall", "{done} of {total} done", done=done, total=len(self.verdict.steps))
        if self.verdict.actual_value is None:
            return self._("no figure")
        return formats.bare(self.verdict.actual_value, self.indicator, self._)

    @property
    def goal(self) -> str:
        """Return the goal with its unit; empty where steps are counted."""
        if self.verdict is None or self.indicator.measure is Measure.MILESTONES:
            return ""
        if self.verdict.goal_value is None:
            change = self.version.goal.relative
            return formats.percent(float(change)) if change is not None else ""
        if self.verdict.goal_upper is None:
            return self._amount(self.verdict.goal_value)
        low = formats.bare(self.verdict.goal_value, self.indicator, self._)
        return f"{low}–{self._amount(self.verdict.goal_upper)}"

    @property
    def odds(self) -> str:
        """Return the odds of making it; empty for steps, for what is decided, and where they are not known."""
        if self.verdict is None or self.verdict.attainment_probability is None or self.verdict.performance in DECIDED:
            return ""
        if self.indicator.measure is Measure.MILESTONES:
            return ""
        return formats.odds(self.verdict.attainment_probability, self._)

    @property
    def needed(self) -> str:
        """Return what a lagging target needs a month from here on; empty for every other."""
        return card.needed_per_month(self.verdict, self.indicator, self._) if self.verdict is not None else ""

    @property
    def ahead(self) -> str:
        """Return what stands at the end of the second line: what is needed, since when decided, or the deadline."""
        return (
            card.what_matters_next(self.verdict, self.indicator, self.today, self._) if self.verdict is not None else ""
        )

    @property
    def age(self) -> str:
        """Return how old the figures are and what is due or late; of steps, the last one done and the next date."""
        if self.verdict is None:
            return self._("an error of this program; its log says more")
        return card.data_age(self.verdict, self.indicator, self.today, self._)

    @property
    def is_late(self) -> bool:
        """Return whether a figure is missing that should be there by now."""
        return self.verdict is not None and self.verdict.data_state is DataState.LATE

    def _amount(self, value: Decimal | float) -> str:
        return formats.amount(value, self.indicator, self._)


@dataclass(frozen=True, slots=True)
class Results:
    """How the targets of a year ended that are no longer shown one by one."""

    year: int
    outcome: Mapping[Performance, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """Everything on the wall."""

    pages: tuple[tuple[WallRow, ...], ...]
    counts: tuple[tuple[Performance, int], ...]
    failed: int
    results: tuple[Results, ...]
    years_over: str
    later: int
    stale_hours: int | None
    refresh_seconds: int
    page_seconds: int = PAGE_SECONDS

    @property
    def size(self) -> str:
        """Return how large the rows may be drawn: fewer targets, larger letters."""
        rows = max((len(page) for page in self.pages), default=0)
        return next(name for most, name in SIZES if rows <= most)


def wall(moment: Moment, _: Translator, *, now: datetime, simulation: SimulatedClock | None) -> Wall:
    """Return the wall of a moment; `now` tells how old the present snapshot has become."""
    snapshot, today = moment.snapshot, moment.as_of.day
    rows = _rows(snapshot, _)
    running = [row for row in rows if row.verdict is None or row.verdict.performance not in DECIDED]
    folded = [row for row in rows if running and _is_folded(row, today)]
    shown = [row for row in rows if row not in folded]
    shown.sort(key=_urgency if running else _latest_first)
    counted = Counter(row.verdict.performance for row in shown if row.verdict is not None)
    replaying = simulation is not None and not simulation.frozen and not moment.is_past
    return Wall(
        pages=tuple(tuple(shown[first : first + PAGE_ROWS]) for first in range(0, len(shown), PAGE_ROWS)),
        counts=tuple((one, counted[one]) for one in HEADLINE if one not in ONLY_WHERE_ANY or counted[one]),
        failed=sum(1 for row in shown if row.verdict is None),
        results=_results(folded),
        years_over="" if running else _span(rows),
        later=sum(1 for target in snapshot.catalogue.targets if target.versions[0].effective > today),
        stale_hours=_stale_hours(moment, now),
        refresh_seconds=REPLAY_REFRESH_SECONDS if replaying else REFRESH_SECONDS,
    )


def _rows(snapshot: Snapshot, _: Translator) -> list[WallRow]:
    indicators = lookup.indicators(snapshot)
    rows = []
    for target in snapshot.catalogue.targets:
        version = target.version_on(snapshot.as_of.day)
        verdict = snapshot.verdicts.get(target.id)
        if version is None or (verdict is None and target.id not in snapshot.failed):
            continue
        indicator = indicators[target.indicator]
        bar = bar_of(verdict, indicator) if verdict is not None else None
        rows.append(WallRow(target, version, indicator, verdict, bar, snapshot.as_of.day, _))
    return rows


def _is_folded(row: WallRow, today: date) -> bool:
    """Return whether a target was decided so long ago that it only counts among the results."""
    verdict = row.verdict
    if verdict is None or verdict.performance not in DECIDED:
        return False
    decided_on = verdict.performance_since or verdict.deadline
    return decided_on is not None and today - decided_on > DECIDED_STAYS


def _urgency(row: WallRow) -> tuple[int, float, date, str]:
    """Return the place of a target: the worst first, among equals the longest odds, then the nearest deadline."""
    verdict = row.verdict
    if verdict is None:
        return (-1, 0.0, date.max, row.target.id)
    odds = verdict.attainment_probability
    return (
        URGENCY.index(verdict.performance),
        1.0 if odds is None else odds,
        verdict.deadline or date.max,
        row.target.id,
    )


def _latest_first(row: WallRow) -> tuple[int, tuple[int, float, date, str]]:
    return (-_year(row.verdict) if row.verdict is not None else 0, _urgency(row))


def _year(verdict: Verdict) -> int:
    """Return the year whose result a decided target is: of its deadline, or of an earlier decision."""
    days = [day for day in (verdict.deadline, verdict.performance_since) if day is not None]
    return min(days, default=verdict.start).year


def _span(rows: Sequence[WallRow]) -> str:
    """Return the years whose results are shown: "2025", or the first and the last."""
    years = sorted({_year(row.verdict) for row in rows if row.verdict is not None})
    return "–".join(dict.fromkeys(f"{year}" for year in (years[:1] + years[-1:])))


def _results(folded: Sequence[WallRow]) -> tuple[Results, ...]:
    years: dict[int, Counter[Performance]] = {}
    for row in folded:
        if row.verdict is not None:
            years.setdefault(_year(row.verdict), Counter())[row.verdict.performance] += 1
    return tuple(Results(year, outcome) for year, outcome in sorted(years.items(), reverse=True))


def _stale_hours(moment: Moment, now: datetime) -> int | None:
    """Return for how many hours the service has judged nothing, where that is longer than it should be."""
    if moment.is_past or moment.snapshot.simulated:
        return None
    age = now - moment.snapshot.taken_at
    return int(age.total_seconds() // 3600) if age > STALE_AFTER else None
