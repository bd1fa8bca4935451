"""What the overview shows: where things stand today, the targets asked for, the indicators watched beside them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from targetwatch.chart import bar_of
from targetwatch.evaluation.status import DECIDED
from targetwatch.model import DataState, Performance
from targetwatch.web.targets.listing import LISTS, SORTS, WHEN, find
from targetwatch.wording import terms
from targetwatch.wording.translation import N_, NC_, translator
from targetwatch.wording.verdict import PERFORMANCES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from targetwatch.chart import Bar
    from targetwatch.model import Figure, Indicator, Snapshot, Target, Text
    from targetwatch.web.running import Moment
    from targetwatch.web.targets.listing import JudgedTarget, ListPage, ListQuery, TargetList

NAMED_RUNNING = 6
NAMED_FAILED = 20
WATCHED_SHOWN = 50
LOOK_BACK = ((3, 1), (7, 1), (10, 1), (12, 8))
"""Days of a closed year worth looking at again: its start, its middle, its last quarter, shortly before its end."""
Options = tuple[tuple[str, str], ...]
FIELDS = {
    "status": N_("Status"),
    "programme": NC_("filter", "Programme"),
    "owner": N_("Answers for it"),
    "data": N_("Data"),
    "when": N_("Time"),
    "sort": N_("Sorted by"),
    "look": N_("Shown as"),
}

TIMES = {
    "heading": N_("From when, and why"),
    "running": N_("still running"),
    "over": N_("deadline passed"),
}
SORTING = {
    "programme": N_("programme"),
    "urgency": N_("urgency"),
    "deadline": N_("deadline"),
    "odds": N_("odds, longest first"),
    "name": N_("name"),
}


@dataclass(frozen=True, slots=True)
class TargetCard:
    """One judged target and its bar, ready to be shown."""

    row: JudgedTarget
    bar: Bar | None


@dataclass(frozen=True, slots=True)
class CardGroup:
    """Targets that stand together: those of one programme, or, sorted otherwise, all of the page (`programme` None)."""

    programme: str | None
    title: Text | None
    cards: tuple[TargetCard, ...]


@dataclass(frozen=True, slots=True)
class WatchedIndicator:
    """An indicator nobody made a promise about, with its latest figure."""

    indicator: Indicator
    figure: Figure | None
    publisher: Text | None


@dataclass(frozen=True, slots=True)
class ClosedYear:
    """A year that is over: how its targets ended, and how many still wait for their last figure."""

    year: int
    outcome: Mapping[Performance, int]
    total: int

    @property
    def waiting(self) -> int:
        """Return how many of its targets are not decided."""
        return self.total - sum(self.outcome.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """(value, name) of everything that can be chosen; of one programme or owner there is no choice."""

    status: Options
    programme: Options
    owner: Options
    data: Options
    when: Options
    sort: Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything on the page."""

    judged: TargetList
    found: ListPage
    choices: Choices
    unknown: str
    groups: tuple[CardGroup, ...]
    watched: tuple[WatchedIndicator, ...]
    watched_more: int
    closed: tuple[ClosedYear, ...]
    next_deadline: date | None
    counts: tuple[tuple[Performance, int], ...]
    failed: tuple[Target, ...]
    failed_more: int
    held: int
    look_back: tuple[date, ...]

    @property
    def running(self) -> tuple[JudgedTarget, ...]:
        """Return the running targets where they are few enough to be named."""
        return self.judged.running if len(self.judged.running) <= NAMED_RUNNING else ()


def overview_of(moment: Moment, wanted: ListQuery, language: str) -> Overview:
    """Return the overview of a moment, as far as it was asked for."""
    snapshot = moment.snapshot
    judged = LISTS.list_of(snapshot)
    found = find(judged, wanted, kept=moment.parameters, language=language)
    watched = _watched(snapshot, judged, found.wanted)
    failed = [target for target in snapshot.catalogue.targets if target.id in snapshot.failed]
    deadlines = [row.verdict.deadline for row in judged.running if row.verdict.deadline is not None]
    closed = _closed(judged, snapshot.as_of.day)
    return Overview(
        judged=judged,
        found=found,
        choices=_choices(judged, language),
        unknown=_unknown(found.wanted, language),
        groups=tuple(_groups(snapshot, found)),
        watched=tuple(watched[:WATCHED_SHOWN]),
        watched_more=max(0, len(watched) - WATCHED_SHOWN),
        closed=closed,
        next_deadline=min(deadlines, default=None),
        counts=tuple((one, judged.counts[one]) for one in Performance if judged.counts.get(one)),
        failed=tuple(failed[:NAMED_FAILED]),
        failed_more=max(0, len(failed) - NAMED_FAILED),
        held=sum(snapshot.held.values()),
        look_back=_look_back(moment),
    )


def _groups(snapshot: Snapshot, found: ListPage) -> list[CardGroup]:
    cards = [TargetCard(row, bar_of(row.verdict, row.indicator)) for row in found.rows]
    if found.wanted.sort != SORTS[0]:
        return [CardGroup(None, None, tuple(cards))] if cards else []
    titles = {programme.id: programme.title for programme in snapshot.catalogue.programmes}
    return [
        CardGroup(name, titles.get(name), tuple(some))
        for name, some in groupby(cards, key=lambda card: card.row.target.programme)
    ]


def _watched(snapshot: Snapshot, judged: TargetList, wanted: ListQuery) -> Sequence[WatchedIndicator]:
    """Return the indicators without a target that hold every word asked for, the latest figure first.

    They have no status, owner or deadline: a list narrowed to one of those shows none.
    """
    if wanted.filters > bool(wanted.q) or wanted.page > 1:
        return []
    publishers = {publisher.id: publisher.title for publisher in snapshot.catalogue.publishers}
    words = wanted.q.casefold().split()
    rows = []
    for indicator in judged.unpromised:
        named = f"{indicator.id}\n{indicator.title.en}\n{indicator.title.zh}".casefold()
        if all(word in named for word in words):
            figure = snapshot.figures.get(indicator.id)
            rows.append(
                WatchedIndicator(indicator, figure, publishers.get(figure.publisher if figure else indicator.authority))
            )
    rows.sort(key=lambda row: row.figure.period.end if row.figure else date.min, reverse=True)
    return rows


def _closed(judged: TargetList, today: date) -> tuple[ClosedYear, ...]:
    years: dict[int, Counter[Performance]] = {}
    for row in judged.rows:
        deadline = row.verdict.deadline
        if deadline is not None and deadline.year < today.year:
            years.setdefault(deadline.year, Counter())[row.verdict.performance] += 1
    return tuple(
        ClosedYear(year, {one: count for one, count in counts.items() if one in DECIDED}, counts.total())
        for year, counts in sorted(years.items())
    )


def _look_back(moment: Moment) -> tuple[date, ...]:
    """Return the days of the last closed year by which something had been announced."""
    judged = LISTS.list_of(moment.present)
    today = moment.present.as_of.day
    closed = _closed(judged, today)
    if not closed or judged.first_announced is None:
        return ()
    days = (date(closed[-1].year, month, day) for month, day in LOOK_BACK)
    return tuple(day for day in days if day >= judged.first_announced)


def _choices(targets: TargetList, language: str) -> Choices:
    """Return the choices over some targets."""
    programmes = tuple((one.id, one.title[language]) for one in targets.programmes)
    _ = translator(language)
    owners = tuple((one.id, one.name[language]) for one in targets.owners)
    return Choices(
        status=tuple((one.value, _(PERFORMANCES[one])) for one in Performance),
        programme=programmes if len(programmes) > 1 else (),
        owner=owners if len(owners) > 1 else (),
        data=tuple((one.value, _(terms.DATA_STATES[one])) for one in DataState),
        when=tuple((one, _(TIMES[one])) for one in WHEN),
        sort=tuple((one, _(SORTING[one])) for one in SORTS),
    )


def _unknown(wanted: ListQuery, language: str) -> str:
    """Return what was asked for and means nothing, quoted with the name of its field."""
    _ = translator(language)
    comma = _(", ")
    return comma.join(f"{_(FIELDS[name])} “{said}”" for name, said in wanted.unknown)
