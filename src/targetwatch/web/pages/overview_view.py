"""What the overview shows: where things stand today, the targets asked for, the indicators watched beside them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from targetwatch.chart import bar_of
from targetwatch.model import Performance
from targetwatch.web.pages import choices, listing
from targetwatch.web.pages.board import DECIDED, SORTS, Boards

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from targetwatch.chart import Bar
    from targetwatch.model import Figure, Indicator, Snapshot, Target, Text
    from targetwatch.web.moment import Moment
    from targetwatch.web.pages.board import Board, Row
    from targetwatch.web.pages.choices import Choices
    from targetwatch.web.pages.listing import Found, Wanted

__all__ = ["DECIDED", "Overview", "of"]

NAMED_RUNNING = 6
NAMED_FAILED = 20
WATCHED_SHOWN = 50
LOOK_BACK = ((3, 1), (7, 1), (10, 1), (12, 8))
"""Days of a closed year worth looking at again: its start, its middle, its last quarter, shortly before its end."""
BOARDS = Boards()


@dataclass(frozen=True, slots=True)
class Card:
    """One target and its verdict, ready to be shown."""

    row: Row
    bar: Bar | None


@dataclass(frozen=True, slots=True)
class Group:
    """Targets that stand together: those of one programme, or, sorted otherwise, all of the page (`programme` None)."""

    programme: str | None
    title: Text | None
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Watched:
    """An indicator nobody made a promise about, with its latest figure."""

    indicator: Indicator
    figure: Figure | None
    publisher: Text | None


@dataclass(frozen=True, slots=True)
class Closed:
    """A year that is over: how its targets ended, and how many still wait for their last figure."""

    year: int
    outcome: Mapping[Performance, int]
    total: int

    @property
    def waiting(self) -> int:
        """Return how many of its targets are not decided."""
        return self.total - sum(self.outcome.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything on the page."""

    board: Board
    found: Found
    choices: Choices
    unknown: str
    groups: tuple[Group, ...]
    watched: tuple[Watched, ...]
    watched_more: int
    closed: tuple[Closed, ...]
    next_deadline: date | None
    counts: tuple[tuple[Performance, int], ...]
    failed: tuple[Target, ...]
    failed_more: int
    held: int
    look_back: tuple[date, ...]

    @property
    def running(self) -> tuple[Row, ...]:
        """Return the running targets where they are few enough to be named."""
        return self.board.running if len(self.board.running) <= NAMED_RUNNING else ()


def of(moment: Moment, wanted: Wanted, language: str) -> Overview:
    """Return the overview of a moment, as far as it was asked for."""
    snapshot = moment.snapshot
    board = BOARDS.of(snapshot)
    found = listing.find(board, wanted, kept=moment.parameters, language=language)
    watched = _watched(snapshot, board, found.wanted)
    failed = [target for target in snapshot.catalogue.targets if target.id in snapshot.failed]
    deadlines = [row.verdict.deadline for row in board.running if row.verdict.deadline is not None]
    closed = _closed(board, snapshot.as_of.day)
    return Overview(
        board=board,
        found=found,
        choices=choices.of(board, language),
        unknown=choices.unknown(found.wanted, language),
        groups=tuple(_groups(snapshot, found)),
        watched=tuple(watched[:WATCHED_SHOWN]),
        watched_more=max(0, len(watched) - WATCHED_SHOWN),
        closed=closed,
        next_deadline=min(deadlines, default=None),
        counts=tuple((one, board.counts[one]) for one in Performance if board.counts.get(one)),
        failed=tuple(failed[:NAMED_FAILED]),
        failed_more=max(0, len(failed) - NAMED_FAILED),
        held=sum(snapshot.held.values()),
        look_back=_look_back(moment),
    )


def _groups(snapshot: Snapshot, found: Found) -> list[Group]:
    cards = [Card(row, bar_of(row.verdict, row.indicator)) for row in found.rows]
    if found.wanted.sort != SORTS[0]:
        return [Group(None, None, tuple(cards))] if cards else []
    titles = {programme.id: programme.title for programme in snapshot.catalogue.programmes}
    return [
        Group(name, titles.get(name), tuple(some))
        for name, some in groupby(cards, key=lambda card: card.row.target.programme)
    ]


def _watched(snapshot: Snapshot, board: Board, wanted: Wanted) -> Sequence[Watched]:
    """Return the indicators without a target that hold every word asked for, the latest figure first.

    They have no status, owner or deadline: a list narrowed to one of those shows none.
    """
    if wanted.filters > bool(wanted.q) or wanted.page > 1:
        return []
    publishers = {publisher.id: publisher.title for publisher in snapshot.catalogue.publishers}
    words = wanted.q.casefold().split()
    rows = []
    for indicator in board.unpromised:
        named = f"{indicator.id}\n{indicator.title.en}\n{indicator.title.zh}".casefold()
        if all(word in named for word in words):
            figure = snapshot.figures.get(indicator.id)
            rows.append(Watched(indicator, figure, publishers.get(figure.publisher if figure else indicator.authority)))
    rows.sort(key=lambda row: row.figure.period.end if row.figure else date.min, reverse=True)
    return rows


def _closed(board: Board, today: date) -> tuple[Closed, ...]:
    years: dict[int, Counter[Performance]] = {}
    for row in board.rows:
        deadline = row.verdict.deadline
        if deadline is not None and deadline.year < today.year:
            years.setdefault(deadline.year, Counter())[row.verdict.performance] += 1
    return tuple(
        Closed(year, {one: count for one, count in counts.items() if one in DECIDED}, counts.total())
        for year, counts in sorted(years.items())
    )


def _look_back(moment: Moment) -> tuple[date, ...]:
    """Return the days of the last closed year by which something had been announced."""
    board = BOARDS.of(moment.present)
    today = moment.present.as_of.day
    closed = _closed(board, today)
    if not closed or board.first_announced is None:
        return ()
    days = (date(closed[-1].year, month, day) for month, day in LOOK_BACK)
    return tuple(day for day in days if day >= board.first_announced)
