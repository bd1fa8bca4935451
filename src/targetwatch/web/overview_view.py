"""What the overview shows: where things stand today, the targets by programme, the indicators watched beside them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from targetwatch.model import Performance
from targetwatch.web import bars, questions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from targetwatch.model import Figure, Indicator, Snapshot, Target, Text, Verdict
    from targetwatch.web.bars import Bar
    from targetwatch.web.moment import Moment

DECIDED = frozenset({Performance.ACHIEVED, Performance.MISSED})


@dataclass(frozen=True, slots=True)
class Card:
    """One target and its verdict, ready to be shown."""

    target: Target
    verdict: Verdict
    indicator: Indicator
    bar: Bar | None


@dataclass(frozen=True, slots=True)
class Group:
    """The targets of one programme."""

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
    """A year all of whose targets have passed their deadline, and how they ended."""

    year: int
    outcome: Mapping[Performance, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything on the page."""

    groups: tuple[Group, ...]
    watched: tuple[Watched, ...]
    closed: tuple[Closed, ...]
    running: tuple[Target, ...]
    counts: tuple[tuple[Performance, int], ...]
    last_published: date | None
    failed: tuple[Target, ...]
    announced_later: int
    held: int


def of(moment: Moment) -> Overview:
    """Return the overview of a moment."""
    snapshot = moment.snapshot
    indicators = questions.indicators(snapshot)
    cards = [
        Card(target, verdict, indicators[target.indicator], bars.of(verdict, indicators[target.indicator]))
        for target in snapshot.catalogue.targets
        if (verdict := snapshot.verdicts.get(target.id)) is not None
    ]
    counted = Counter(card.verdict.performance for card in cards)
    later = [target for target in snapshot.catalogue.targets if target.versions[0].effective > snapshot.as_of.day]
    return Overview(
        groups=_groups(snapshot, cards),
        watched=_watched(snapshot, indicators),
        closed=_closed(cards, snapshot.as_of.day),
        running=tuple(card.target for card in cards if _is_running(card, snapshot.as_of.day)),
        counts=tuple((performance, counted[performance]) for performance in Performance if counted[performance]),
        last_published=_last_published(snapshot),
        failed=tuple(target for target in snapshot.catalogue.targets if target.id in snapshot.failed),
        announced_later=len(later),
        held=sum(snapshot.held.values()),
    )


def _groups(snapshot: Snapshot, cards: list[Card]) -> tuple[Group, ...]:
    titles = {programme.id: programme.title for programme in snapshot.catalogue.programmes}
    by_programme: dict[str, list[Card]] = {name: [] for name in titles}
    for card in cards:
        by_programme.setdefault(card.target.programme, []).append(card)
    groups = [
        Group(titles.get(name), _ordered(some, snapshot.as_of.day)) for name, some in by_programme.items() if some
    ]
    return tuple(sorted(groups, key=lambda group: (group.title is None, -len(group.cards))))


def _ordered(cards: list[Card], today: date) -> tuple[Card, ...]:
    """Return the cards in the order a reader wants them: what is running first, by deadline."""
    return tuple(
        sorted(
            cards,
            key=lambda card: (
                not _is_running(card, today),
                card.bar is None or bool(card.bar.steps),
                card.verdict.deadline or date.max,
                card.target.id,
            ),
        )
    )


def _watched(snapshot: Snapshot, indicators: Mapping[str, Indicator]) -> tuple[Watched, ...]:
    promised = {target.indicator for target in snapshot.catalogue.targets}
    publishers = {publisher.id: publisher.title for publisher in snapshot.catalogue.publishers}
    rows = [
        Watched(indicator, figure, publishers.get(figure.publisher if figure else indicator.authority))
        for name, indicator in indicators.items()
        if name not in promised
        for figure in (snapshot.figures.get(name),)
    ]
    rows.sort(key=lambda row: row.figure.period.end if row.figure else date.min, reverse=True)
    return tuple(rows)


def _is_running(card: Card, today: date) -> bool:
    """Return whether the target's time is not over: its deadline is to come, or none was announced."""
    deadline = card.verdict.deadline
    if deadline is None:
        return card.verdict.performance not in DECIDED
    return deadline >= today


def _closed(cards: list[Card], today: date) -> tuple[Closed, ...]:
    years: dict[int, list[Card]] = {}
    for card in cards:
        if card.verdict.deadline is not None:
            years.setdefault(card.verdict.deadline.year, []).append(card)
    over = {year: some for year, some in sorted(years.items()) if date(year, 12, 31) < today}
    return tuple(Closed(year, Counter(card.verdict.performance for card in some)) for year, some in over.items())


def _last_published(snapshot: Snapshot) -> date | None:
    days = [verdict.published_on for verdict in snapshot.verdicts.values()]
    return max((day for day in days if day is not None), default=None)
