"""What is kept already of the facts that a batch speaks of: loaded once, then asked for every reading."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlmodel import col

from targetwatch.store.db import slices
from targetwatch.store.identity import Fact, Vintage, content_of, fact_of, known
from targetwatch.store.readings.rows import ROWS_AT_ONCE, columns
from targetwatch.store.tables import FACT, HeldRow, ReadingRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from targetwatch.model import Reading

CONTENT = ("value", "qualifier", "rounding", "yoy", "provisional", "unit")
NAMES = (*FACT, *CONTENT, "published_on", "recorded_at", "id", "vintage")


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
    """Every fact a batch speaks of; `held` False leaves out what is only held."""

    def __init__(self, session: Session, batch: Sequence[Reading], *, held: bool = True) -> None:
        self._facts: dict[Fact, StoredFact] = {}
        for row in _rows(session, ReadingRow, batch, NAMES):
            kept = self._remember(row)
            kept.stored = max(kept.stored, row[15])
        for row in _rows(session, HeldRow, batch, (*NAMES, "status")) if held else ():
            kept = self._remember(row, held=row[14]) if row[16] != "accepted" else self._kept(row[:6])
            kept.held = max(kept.held, row[15])

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

    def _remember(self, row: tuple[Any, ...], held: int | None = None) -> StoredFact:
        kept = self._kept(row[:6])
        kept.vintages.append(Vintage(row[6:12], row[12], row[13], row[14], held))
        return kept


def _rows(
    session: Session, table: type[ReadingRow | HeldRow], batch: Sequence[Reading], names: tuple[str, ...]
) -> Iterator[tuple[Any, ...]]:
    """Give the rows of a batch's indicators in the batch's span of time."""
    ends = [reading.period.end for reading in batch]
    for some in slices(reading.indicator for reading in batch):
        query = columns(table, *names).where(
            col(table.indicator).in_(some), col(table.period_end).between(min(ends), max(ends))
        )
        for rows in session.connection().execute(query).partitions(ROWS_AT_ONCE):
            yield from map(tuple, rows)
