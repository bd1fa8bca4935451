"""When is a reading known already? What came is compared with the vintages that are kept of the same fact.

A fact is what all its vintages share (`FACT`), its content what was said of it (`CONTENT`). Withdrawn and held readings
count as vintages here: what a person took out stays out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from sqlalchemy import select
from sqlmodel import col

from targetwatch.model import Reading
from targetwatch.store.db import ROWS_AT_ONCE, slices
from targetwatch.store.tables import CONTENT, FACT, HeldRow, ReadingRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

Fact: TypeAlias = tuple[Any, ...]
"""The values of FACT."""
Content: TypeAlias = tuple[Any, ...]
"""The values of CONTENT."""
NAMES = (*FACT, *CONTENT, "published_on", "recorded_at", "id", "vintage")
SAID = len(FACT)
BESIDE = len(FACT) + len(CONTENT)
"""Where in a row of NAMES the content begins, and what is neither."""
_said = attrgetter(*CONTENT)


class Vintage(NamedTuple):
    """One version of a fact as it is kept: a stored reading, or a held one (then `held` is its id)."""

    content: Content
    published_on: date | None
    recorded_at: datetime
    id: int
    held: int | None = None

    @property
    def order(self) -> tuple[date, datetime, int]:
        """Return what sorts the vintages of a fact: the day it counts from, then when it was recorded."""
        return (self.published_on or self.recorded_at.date(), self.recorded_at, self.id)


def fact_of(reading: Reading) -> Fact:
    """Return what all vintages of this reading share."""
    period = reading.period
    step = reading.step or ""
    return (reading.indicator, reading.publisher, period.start, period.end, str(reading.basis), step)


def content_of(reading: Reading) -> Content:
    """Return what this reading says of its fact; an empty unit says nothing."""
    return tuple(None if part == "" else part for part in _said(reading))


def known(content: Content, published_on: date | None, vintages: Sequence[Vintage]) -> Vintage | None:
    """Return the vintage that says the same already, or None when this is news.

    Known is what was published that very day with the same content, and what repeats the vintage in force on the day
    of its publication (a reprint; a source without dates, whose readings count from the day we saw them). A return to
    an earlier value after another one is news, and so is finding that the same figure was published earlier.
    """
    if published_on is not None:
        for vintage in vintages:
            if vintage.published_on == published_on and vintage.content == content:
                return vintage
    before = [v for v in vintages if published_on is None or v.order[0] <= published_on]
    latest = max(before, key=lambda vintage: vintage.order, default=None)
    return latest if latest is not None and latest.content == content else None


@dataclass(slots=True)
class StoredFact:
    """What is kept of one fact: its vintages, and how many of them are stored and held."""

    vintages: list[Vintage] = field(default_factory=list)
    stored: int = 0
    held: int = 0

    def same(self, reading: Reading) -> Vintage | None:
        """Return the vintage that says the same as this reading of the fact; None when it is news."""
        return known(content_of(reading), reading.published_on, self.vintages) if self.vintages else None

    def add(self, reading: Reading, number: int) -> None:
        """Remember a reading that was just stored under `number`."""
        self.stored += 1
        self.vintages.append(Vintage(content_of(reading), reading.published_on, reading.recorded_at, number))


class Past:
    """Every fact that a batch speaks of, loaded once; `held` False leaves out what is only held."""

    def __init__(self, session: Session, batch: Sequence[Reading], *, held: bool = True) -> None:
        self._facts: dict[Fact, StoredFact] = {}
        for row in _rows(session, ReadingRow, batch, NAMES):
            published_on, recorded_at, number, vintage = row[BESIDE:]
            kept = self._kept(row[:SAID])
            kept.vintages.append(Vintage(row[SAID:BESIDE], published_on, recorded_at, number))
            kept.stored = max(kept.stored, vintage)
        for row in _rows(session, HeldRow, batch, (*NAMES, "status")) if held else ():
            published_on, recorded_at, number, vintage, status = row[BESIDE:]
            kept = self._kept(row[:SAID])
            if status != "accepted":
                kept.vintages.append(Vintage(row[SAID:BESIDE], published_on, recorded_at, number, held=number))
            kept.held = max(kept.held, vintage)

    def of(self, reading: Reading) -> StoredFact:
        """Return what is kept of this reading's fact."""
        return self._kept(fact_of(reading))

    def known(self, reading: Reading) -> Vintage | None:
        """Return the vintage, stored or held, that says the same already; None when this is news."""
        return self.of(reading).same(reading)

    def _kept(self, fact: Fact) -> StoredFact:
        kept = self._facts.get(fact)
        if kept is None:
            kept = self._facts[fact] = StoredFact()
        return kept


def _rows(
    session: Session, table: type[ReadingRow | HeldRow], batch: Sequence[Reading], names: tuple[str, ...]
) -> Iterator[tuple[Any, ...]]:
    """Give the rows of a batch's indicators in the batch's span of time, as plain tuples: objects cost ten times."""
    ends = [reading.period.end for reading in batch]
    columns = [getattr(table, name) for name in names]
    for some in slices(reading.indicator for reading in batch):
        query = select(*columns).where(
            col(table.indicator).in_(some), col(table.period_end).between(min(ends), max(ends))
        )
        for rows in session.connection().execute(query).partitions(ROWS_AT_ONCE):
            yield from map(tuple, rows)
