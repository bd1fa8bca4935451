"""What is on the wall: a sentence that counts every target of it, and the targets by urgency, at most ten a page.

Trouble is pinned: what lags or was missed lately stands on every page. What was decided stays through the year it was
promised for and ninety days at least; what is older counts among the results.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from markupsafe import Markup

from targetwatch.chart import Bar, bar_of, spark
from targetwatch.evaluation.status import DECIDED, LAGGING, is_done_late, place_of
from targetwatch.model import (
    Acknowledgement,
    DataState,
    Indicator,
    Measure,
    Performance,
    Snapshot,
    Target,
    TargetVersion,
    Verdict,
)
from targetwatch.web import lookup
from targetwatch.web.running import Moment, RunningService
from targetwatch.wording import card, formats
from targetwatch.wording import verdict as words
from targetwatch.wording.translation import Translator

PAGE_ROWS = 10
PAGES_AT_ONCE = 3
"""So many pages of a long wall a screen is sent, less than 50 kB, before it asks for those that follow."""
LONG_PAGES = 8
"""A wall of more pages is long; of any other a screen has the whole, also while nobody answers it."""
PINNED_AT_MOST = 5
"""More of them would leave no room for the others to take turns."""
NEWS_DAYS = timedelta(days=7)
"""A status is marked as news for a week."""
NEWLY_MISSED = timedelta(days=14)
DECIDED_STAYS = timedelta(days=90)
STALE_AFTER = timedelta(hours=26)
"""A snapshot is taken at each day's turn at the latest; the alert on a stale one waits as long."""
REFRESH_SECONDS = 15
REPLAY_REFRESH_SECONDS = 2
PAGE_SECONDS = 15
SIZES = ((3, "huge"), (5, "large"), (7, "medium"), (PAGE_ROWS, "full"))
LENGTHS = ((56, "short"), (72, "medium"), (88, "long"), (999, "longest"))


@dataclass(frozen=True, slots=True)
class WallRow:
    """One target on the wall, in words short enough for large letters. `verdict` None: it could not be judged."""

    target: Target
    version: TargetVersion
    indicator: Indicator
    verdict: Verdict | None
    paces: Sequence[float]
    today: date
    known: Acknowledgement | None
    _: Translator

    @property
    def name(self) -> str:
        """Return the short name."""
        return self.target.short[self._.language] or self.target.title[self._.language]

    @property
    def value(self) -> str:
        """Return the actual value, as it stands beside the goal, or how many steps are done."""
        if self.verdict is None:
            return ""
        if self.indicator.measure is Measure.MILESTONES:
            return card.steps_done(self.verdict, self._)
        return words.value_beside_goal(self.verdict, self.indicator, self._)

    @property
    def goal(self) -> str:
        """Return the goal with its unit; empty where steps are counted."""
        if self.verdict is None or self.indicator.measure is Measure.MILESTONES:
            return ""
        return words.goal_in_short(self.verdict, self.indicator, self._)

    @property
    def bar(self) -> Bar | None:
        """Return how far it has come, as it is drawn."""
        return None if self.verdict is None else bar_of(self.verdict, self.indicator)

    @property
    def spark(self) -> Markup | None:
        """Return the paces so far as a small line; nothing where there are too few."""
        return spark(self.paces)

    @property
    def news(self) -> str:
        """Return since when it stands so, where that is less than a week; empty elsewhere."""
        since = None if self.verdict is None else self.verdict.performance_since
        if (
            self.verdict is None
            or since is None
            or self.today - since >= NEWS_DAYS
            or since <= self.version.announcement.on
        ):
            return ""
        return words.since(self.verdict, formats.day_of_year(since, self.today, self._), self._)

    @property
    def mark(self) -> str:
        """Return what stands below the status: that it is news, or until when somebody knows."""
        if self.news or self.known is None:
            return self.news
        return self._("known until {day}", day=formats.day_of_year(self.known.until, self.today, self._))

    @property
    def odds(self) -> str:
        """Return the odds of making it; empty for steps, for what is decided, and where they are not known."""
        return card.odds(self.verdict, self.indicator, self._) if self.verdict is not None else ""

    @property
    def needed(self) -> str:
        """Return what a lagging target needs from here on; empty for every other."""
        return card.needed_briefly(self.verdict, self.indicator, self._) if self.verdict is not None else ""

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
        age = card.data_age(self.verdict, self.indicator, self.today, self._)
        if self.known is None:
            return age
        until = formats.day_of_year(self.known.until, self.today, self._)
        known = self._("known to {who} until {day}", who=self.known.by, day=until)
        return f"{age}{self._('; ')}{known}"

    @property
    def is_late(self) -> bool:
        """Return whether a figure is missing that should be there by now."""
        return self.verdict is not None and self.verdict.data_state is DataState.LATE


@dataclass(frozen=True, slots=True)
class Results:
    """How the targets of a year ended that are no longer shown one by one."""

    year: int
    outcome: Mapping[Performance, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """Everything on the wall; `worst` is the status whose colour the sentence has, None where nothing is amiss.

    `pages` are those sent at once, of `count` in all from the one numbered `first`, from 0.
    """

    title: str
    sentence: str
    worst: Performance | None
    pages: tuple[tuple[WallRow, ...], ...]
    first: int
    count: int
    results: tuple[Results, ...]
    failing: tuple[str, ...]
    later: int
    stale_hours: int | None
    clock: str
    refresh_seconds: int
    page_seconds: int = PAGE_SECONDS

    @property
    def following(self) -> int:
        """Return the number of the page that is asked for after these; 0 after the last."""
        after = self.first + len(self.pages)
        return after if after < self.count else 0

    @property
    def length(self) -> str:
        """Return how long the sentence is, so that it fits into one line."""
        return next(name for most, name in LENGTHS if formats.columns(self.sentence) <= most)

    @property
    def size(self) -> str:
        """Return how large the rows may be drawn: fewer targets, larger letters."""
        rows = max((len(page) for page in self.pages), default=0)
        return next(name for most, name in SIZES if rows <= most)


def wall(moment: Moment, _: Translator, *, now: datetime, service: RunningService, first: int = 0) -> Wall:
    """Return the wall of a moment, its pages from one on; `now` tells how old the present snapshot has become."""
    snapshot, today, simulation = moment.snapshot, moment.as_of.day, service.simulation
    rows = sorted(_rows(snapshot, _), key=_urgency)
    year = max((row.target.versions[0].announcement.on.year for row in rows), default=today.year)
    folded = [row for row in rows if _is_folded(row, today, year)]
    gone = {row.target.id for row in folded}
    shown = [row for row in rows if row.target.id not in gone]
    counted = Counter(None if row.verdict is None else row.verdict.performance for row in shown)
    late = sum(1 for row in shown if row.verdict is not None and is_done_late(row.verdict))
    replaying = simulation is not None and not simulation.frozen and not moment.is_past
    is_live = simulation is None and not moment.is_past
    pages = _pages(shown, today)
    is_long = len(pages) > LONG_PAGES
    first = first if is_long and 0 <= first < len(pages) else 0
    return Wall(
        title=card.whose(snapshot.catalogue, service.settings.wall_title, year, _),
        sentence=card.how_many(counted, _, done_late=late),
        worst=card.worst(counted),
        pages=pages[first : first + PAGES_AT_ONCE] if is_long else pages,
        first=first,
        count=len(pages),
        results=_results(folded),
        failing=service.failing() if is_live else (),
        later=sum(1 for target in snapshot.catalogue.targets if target.announced_on > today),
        stale_hours=_stale_hours(moment, now),
        clock=f"{now.astimezone(service.settings.zone):%H:%M}" if is_live else "",
        refresh_seconds=REPLAY_REFRESH_SECONDS if replaying else REFRESH_SECONDS,
    )


def _rows(snapshot: Snapshot, _: Translator) -> list[WallRow]:
    indicators, today, known = snapshot.catalogue.indicators_by_id, snapshot.as_of.day, snapshot.acknowledged
    rows = []
    for target in snapshot.catalogue.targets:
        version = target.version_on(today)
        verdict = snapshot.verdicts.get(target.id)
        if version is None or (verdict is None and target.id not in snapshot.failed):
            continue
        indicator = indicators[target.indicator]
        paces = snapshot.paces.get(target.id, ())
        rows.append(WallRow(target, version, indicator, verdict, paces, today, known.get(target.id), _))
    return rows


def _pages(rows: Sequence[WallRow], today: date) -> tuple[tuple[WallRow, ...], ...]:
    """Return the rows in as few pages as can be, of equal length as far as can be, with what is pinned on each."""
    if len(rows) <= PAGE_ROWS:
        return (tuple(rows),) if rows else ()
    pinned = tuple(row for row in rows if _is_pinned(row, today))[:PINNED_AT_MOST]
    kept = {row.target.id for row in pinned}
    others = [row for row in rows if row.target.id not in kept]
    count = -(-len(others) // (PAGE_ROWS - len(pinned)))
    ends = [len(others) * number // count for number in range(count + 1)]
    pages = (pinned + tuple(others[first:last]) for first, last in pairwise(ends))
    return tuple(tuple(sorted(page, key=_urgency)) for page in pages)


def _is_pinned(row: WallRow, today: date) -> bool:
    """Return whether a target lags or was missed lately and is still not done, or cannot be judged."""
    verdict = row.verdict
    if verdict is None or verdict.performance in LAGGING:
        return True
    if is_done_late(verdict):
        return False
    since = verdict.performance_since
    return verdict.performance is Performance.MISSED and since is not None and today - since < NEWLY_MISSED


def _is_folded(row: WallRow, today: date, year: int) -> bool:
    """Return whether a target was decided so long ago that it only counts among the results of its own year."""
    verdict = row.verdict
    if verdict is None or verdict.performance not in DECIDED or _year(verdict) >= year:
        return False
    decided_on = verdict.performance_since or verdict.deadline
    return decided_on is not None and today - decided_on > DECIDED_STAYS


def _urgency(row: WallRow) -> tuple[object, ...]:
    """Return the place of a target: the worst first, among equals the longest odds, then the nearest deadline."""
    verdict = row.verdict
    if verdict is None:
        return (-1, 0.0, date.max, lookup.natural(row.target.id))
    odds = verdict.attainment_probability
    return (
        place_of(verdict),
        1.0 if odds is None else odds,
        verdict.deadline or date.max,
        lookup.natural(row.target.id),
    )


def _year(verdict: Verdict) -> int:
    """Return the year whose result a decided target is: of its deadline, or of an earlier decision."""
    days = [day for day in (verdict.deadline, verdict.performance_since) if day is not None]
    return min(days, default=verdict.start).year


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
