"""Readings as rows: written in bulk, each with its seal, and read back as values.

Readings come by the hundred thousand, so they bypass the ORM: a row is handed to the driver as the texts it is stored
as, and the whole batch is one entry of the audit trail. A row carries a digest of all its columns, and the entry of its
batch the digest of those digests: what shows that a stored reading was changed, removed or slipped in. The texts that
are hashed are those stored, and the same on both databases.

When is a reading known already? What came is compared with the vintages that are kept of the same fact. A fact is what
all its vintages share (`FACT`), its content what was said of it (`CONTENT`). Withdrawn and held readings count as
vintages here: what a person took out stays out.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b, sha256
from operator import attrgetter
from sys import intern
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, get_args

from sqlalchemy import select
from sqlmodel import col

from targetwatch.errors import StoreError
from targetwatch.model import Basis, Period, Qualifier, Reading
from targetwatch.store.audit.trail import Fact, append
from targetwatch.store.db import ROWS_AT_ONCE, slices
from targetwatch.store.tables import CONTENT, FACT, HeldRow, Published, ReadingRow
from targetwatch.store.types import digits, moment_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy.orm import Session

COLUMNS = tuple(Published.model_fields)
"""The columns of a published fact in the order they are hashed: old digests depend on it, so it only ever grows."""
Texts: TypeAlias = "tuple[int | str | bool | None, ...]"
SEPARATOR = "\0"
"""What stands between two columns when they are hashed; no text may contain it (PostgreSQL stores none that does)."""

_TEXTS: dict[type, Any] = {
    Decimal: digits,
    date: date.isoformat,
    datetime: lru_cache(maxsize=64)(moment_text),
}
_NO_TEXTS = tuple(
    (place, text_of)
    for place, name in enumerate(COLUMNS)
    for kind, text_of in _TEXTS.items()
    if kind in {Published.model_fields[name].annotation, *get_args(Published.model_fields[name].annotation)}
)
"""Which columns are stored as texts that are none, and how."""
_SAID = attrgetter(*COLUMNS[COLUMNS.index("vintage") + 1 :])
_QUALIFIER, _UNIT = COLUMNS.index("qualifier"), COLUMNS.index("unit")
BULK = 10_000
"""From this many readings on, saving a microsecond on each is worth a line of code."""
SPELLED_OUT_MAX = 20
"""A batch up to this size is spelled out in the audit trail, a larger one only counted and sealed."""
READING_COLUMNS = tuple(getattr(ReadingRow, name) for name in COLUMNS)
BASES = {basis.value: basis for basis in Basis}
QUALIFIERS = {qualifier.value: qualifier for qualifier in Qualifier}
REPEATED = (*(name for name in FACT if Published.model_fields[name].annotation is str), "evidence_url", "source")
"""Texts that many rows have in common."""

FactKey: TypeAlias = tuple[Any, ...]
"""The values of FACT."""
Content: TypeAlias = tuple[Any, ...]
"""The values of CONTENT."""
NAMES = (*FACT, *CONTENT, "published_on", "recorded_at", "id", "vintage")
SAID = len(FACT)
BESIDE = len(FACT) + len(CONTENT)
"""Where in a row of NAMES the content begins, and what is neither."""

_period = lru_cache(maxsize=4096)(Period)
_said = attrgetter(*CONTENT)


@contextmanager
def in_bulk(*, large: bool) -> Iterator[None]:
    """Let a large number of values be made without Python looking for cycles among them again and again.

    There are none, values hold texts, numbers and dates alone; a third of the time is saved.
    """
    paused = large and gc.isenabled()
    if paused:
        gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()


def write(session: Session, rows: Sequence[Texts]) -> None:
    """Insert reading rows, each with its seal, and the one audit entry of the batch."""
    digests = [sealed_for_storing(row) for row in rows]
    connection = session.connection()
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    names = ", ".join((*COLUMNS, "digest"))
    marks = ", ".join([mark] * (len(COLUMNS) + 1))
    values = [(*row, digest) for row, digest in zip(rows, digests, strict=True)]
    if mark == "%s":  # a moment without an offset would be taken in the server's own zone
        moment = COLUMNS.index("recorded_at")
        values = [(*row[:moment], f"{row[moment]}+00:00", *row[moment + 1 :]) for row in values]
    connection.exec_driver_sql(f"INSERT INTO reading ({names}) VALUES ({marks})", values)  # noqa: S608 - our own names
    append(session, [_entry(rows, digests)])


def reading_of(values: Sequence[Any]) -> Reading:
    """Return the reading of a row, its values in the order of COLUMNS. What repeats from row to row is shared."""
    said = dict(zip(COLUMNS, values, strict=True))
    del said["vintage"]
    for name in REPEATED:
        if said[name]:
            said[name] = intern(said[name])
    said["period"] = _period(said.pop("period_start"), said.pop("period_end"))
    said["basis"], said["qualifier"] = BASES[said["basis"]], QUALIFIERS[said["qualifier"]]
    said["step"] = said["step"] or None
    return Reading(**said)


def published_of(row: Published) -> Reading:
    """Return the reading of a row that came through the ORM."""
    return reading_of([getattr(row, name) for name in COLUMNS])


def _entry(rows: Sequence[Texts], digests: Sequence[str]) -> Fact:
    """Return the audit entry of a batch; a small one spells out what was added."""
    first, last = rows[0][0], rows[-1][0]
    new: dict[str, Any] = {"first": first, "last": last, "count": len(rows), "seal": seal(digests)}
    if len(rows) <= SPELLED_OUT_MAX:
        new["readings"] = [
            {**dict(zip(COLUMNS, row, strict=True)), "digest": digest}
            for row, digest in zip(rows, digests, strict=True)
        ]
    return Fact("add", "reading", str(first) if first == last else f"{first}..{last}", None, new)


def columns_of(reading: Reading, number: int, vintage: int) -> dict[str, Any]:
    """Return the columns of a published fact as values, for a row that goes through the ORM."""
    return dict(zip(COLUMNS, _values(reading, number, vintage), strict=True))


def texts_of(reading: Reading, number: int, vintage: int) -> Texts:
    """Return the columns of a reading as they are stored, in the order of COLUMNS."""
    values = _values(reading, number, vintage)
    for place, text_of in _NO_TEXTS:
        if values[place] is not None:
            values[place] = text_of(values[place])
    return tuple(values)


def _values(reading: Reading, number: int, vintage: int) -> list[Any]:
    values = [number, *fact_of(reading), vintage, *_SAID(reading)]
    values[_QUALIFIER] = str(values[_QUALIFIER])
    values[_UNIT] = values[_UNIT] or None
    return values


def digest_of(texts: Texts) -> str:
    """Return the seal of a row: 128 bits over all its columns.

    A column that is null is hashed as the empty text: none that may be null is ever empty.
    """
    return _digest(_joined(texts))


def sealed_for_storing(texts: Texts) -> str:
    """Return the seal of a row that is going to be stored; StoreError when a text contains a NUL character."""
    joined = _joined(texts)
    if joined.count(SEPARATOR) >= len(texts):
        raise StoreError("text_with_nul", where="reading of", said=str(texts[1]))
    return _digest(joined)


def seal(digests: Iterable[str]) -> str:
    """Return the digest of a batch: SHA-256 over the seals of its rows, in the order of their ids."""
    return sha256("".join(digests).encode()).hexdigest()


def sealed(session: Session) -> Iterator[tuple[int, str, str]]:
    """Give (id, seal as stored, seal as its columns now have it) of every reading row, in the order of the ids.

    The raw texts are read, so that a value which cannot even be understood any more is found rather than stumbled on.
    """
    connection = session.connection()
    as_text = connection.dialect.name == "sqlite"  # SQLite gives dates and moments back as the texts they are
    names = ", ".join((*COLUMNS, "digest"))
    result = connection.exec_driver_sql(f"SELECT {names} FROM reading ORDER BY id")  # noqa: S608 - our own names
    boolean = COLUMNS.index("provisional")
    for rows in result.partitions(ROWS_AT_ONCE):
        for *row, stored in rows:
            if row[boolean] in (0, 1):
                row[boolean] = bool(row[boolean])
            yield row[0], stored, digest_of(tuple(row) if as_text else tuple(map(_text, row)))


def _joined(texts: Texts) -> str:
    return SEPARATOR.join(["" if value is None else str(value) for value in texts])


def _digest(joined: str) -> str:
    return blake2b(joined.encode(), digest_size=16).hexdigest()


def _text(value: Any) -> Any:  # noqa: ANN401 - whatever the driver gives
    if isinstance(value, datetime):
        return moment_text(value)
    return value.isoformat() if isinstance(value, date) else value


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


def fact_of(reading: Reading) -> FactKey:
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
        self._facts: dict[FactKey, StoredFact] = {}
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

    def _kept(self, fact: FactKey) -> StoredFact:
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
