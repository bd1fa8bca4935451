"""The targets of a snapshot made ready to be counted, found and sorted: once a snapshot, whatever is asked of it.

What a request asks (a status, a programme, words) is answered from rows that are there already, so that ten thousand
targets cost a request one pass over short tuples, and only the page that is shown is drawn.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from targetwatch.model import Performance
from targetwatch.web import questions
from targetwatch.wording.translation import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from targetwatch.model import Indicator, Owner, Programme, Snapshot, Target, TargetVersion, Verdict

log = logging.getLogger(__name__)

DECIDED = frozenset({Performance.ACHIEVED, Performance.MISSED})
URGENCY = (
    Performance.OFF_TRACK,
    Performance.AT_RISK,
    Performance.AWAITING_DATA,
    Performance.PENDING,
    Performance.ON_TRACK,
    Performance.MISSED,
    Performance.ACHIEVED,
)
SORTS = ("programme", "urgency", "deadline", "odds", "name")
BOARDS_KEPT = 4
WITHOUT_ODDS = 2.0
"""Where a target whose odds are not known, or no longer matter, stands among odds of 0..1: last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One judged target with what it is found and sorted by."""

    target: Target
    version: TargetVersion
    indicator: Indicator
    verdict: Verdict
    words: str
    running: bool
    urgency: tuple[bool, int, date, float, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Every judged target of a snapshot, in the order configured, and what does not depend on a request."""

    rows: tuple[Row, ...]
    programmes: tuple[Programme, ...]
    owners: tuple[Owner, ...]
    counts: Mapping[Performance, int]
    running: tuple[Row, ...]
    unpromised: tuple[Indicator, ...]
    last_published: date | None
    first_announced: date | None
    announced_later: int
    _orders: dict[tuple[str, str], tuple[Row, ...]] = field(default_factory=dict)

    def ordered(self, sort: str, language: str) -> tuple[Row, ...]:
        """Return every row in one of the orders of `SORTS`; each is made once."""
        key = (sort, language)
        if key not in self._orders:
            self._orders[key] = tuple(sorted(self.rows, key=self._place(sort, language)))
        return self._orders[key]

    def _place(self, sort: str, language: str) -> Callable[[Row], tuple[object, ...]]:
        """Return what rows are sorted by: "programme" keeps those together, the largest first."""
        if sort == "urgency":
            return lambda row: row.urgency
        if sort == "deadline":
            return lambda row: (row.verdict.deadline or date.max, row.target.id)
        if sort == "odds":
            return lambda row: (_odds(row.verdict), row.target.id)
        if sort == "name":
            return lambda row: (row.target.title[language].casefold(), row.target.id)
        sizes = Counter(row.target.programme for row in self.rows)
        named = {programme.id for programme in self.programmes}
        places = {name: (name not in named, -size, name) for name, size in sizes.items()}
        return lambda row: (places[row.target.programme], row.urgency)


class Boards:
    """The boards of the last few snapshots."""

    def __init__(self) -> None:
        self._kept: list[tuple[Snapshot, Board]] = []
        self._lock = threading.Lock()

    def prepare(self, snapshot: Snapshot) -> None:
        """Make the board of a snapshot in the order most often asked for, before a reader waits for it.

        Called before a snapshot is in force, which no fault of a page may prevent: it is said where the page is made.
        """
        try:
            board = self.of(snapshot)
            for language in LANGUAGES:
                board.ordered(SORTS[0], language)
        except Exception:
            log.exception("the overview of %s could not be prepared", snapshot.as_of.day)

    def of(self, snapshot: Snapshot) -> Board:
        """Return the board of a snapshot, made when it is first asked for."""
        with self._lock:
            for kept, board in self._kept:
                if kept is snapshot:
                    return board
        board = make(snapshot)
        with self._lock:
            self._kept = [(snapshot, board), *self._kept][:BOARDS_KEPT]
        return board


def make(snapshot: Snapshot) -> Board:
    """Return the board of a snapshot."""
    today = snapshot.as_of.day
    rows = tuple(_rows(snapshot))
    configured = snapshot.catalogue.targets
    owners = {row.target.owner.id: row.target.owner for row in rows}
    used = {row.target.programme for row in rows}
    promised = {target.indicator for target in configured}
    published = (row.verdict.published_on for row in rows)
    return Board(
        rows=rows,
        programmes=tuple(one for one in snapshot.catalogue.programmes if one.id in used),
        owners=tuple(sorted(owners.values(), key=lambda owner: owner.name["en"].casefold())),
        counts=Counter(row.verdict.performance for row in rows),
        running=tuple(row for row in rows if row.running),
        unpromised=tuple(one for one in snapshot.catalogue.indicators if one.id not in promised),
        last_published=max((day for day in published if day is not None), default=None),
        first_announced=min((target.versions[0].effective for target in configured), default=None),
        announced_later=sum(1 for target in configured if target.versions[0].effective > today),
    )


def _rows(snapshot: Snapshot) -> list[Row]:
    indicators = questions.indicators(snapshot)
    titles = {programme.id: programme.title for programme in snapshot.catalogue.programmes}
    rows = []
    for target in snapshot.catalogue.targets:
        verdict = snapshot.verdicts.get(target.id)
        version = target.version_on(snapshot.as_of.day)
        if verdict is None or version is None:
            continue
        indicator = indicators[target.indicator]
        said = (target.title, target.short, target.owner.name, indicator.title, titles.get(target.programme))
        words = "\n".join([target.id, *(f"{text.en}\n{text.zh}" for text in said if text is not None)]).casefold()
        running = is_running(verdict, snapshot.as_of.day)
        rows.append(
            Row(
                target=target,
                version=version,
                indicator=indicator,
                verdict=verdict,
                words=words,
                running=running,
                urgency=_urgency(verdict, running=running),
            )
        )
    return rows


def is_running(verdict: Verdict, today: date) -> bool:
    """Return whether a target's time is not over: its deadline is to come, or none was announced."""
    if verdict.deadline is None:
        return verdict.performance not in DECIDED
    return verdict.deadline >= today


def _urgency(verdict: Verdict, *, running: bool) -> tuple[bool, int, date, float, str]:
    """Return the place of a target: what still runs first, the worst of it, the nearest deadline, the longest odds."""
    odds = verdict.attainment_probability
    return (
        not running,
        URGENCY.index(verdict.performance),
        verdict.deadline or date.max,
        1.0 if odds is None else odds,
        verdict.target,
    )


def _odds(verdict: Verdict) -> float:
    odds = verdict.attainment_probability
    return WITHOUT_ODDS if odds is None or verdict.performance in DECIDED else odds
