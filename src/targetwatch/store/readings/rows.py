"""Readings as rows: written in bulk, read back as values.

Readings come by the hundred thousand, so they bypass the ORM: a row is handed to the driver as the texts it is stored
as, sealed, and the whole batch is one entry of the audit trail.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from functools import lru_cache
from sys import intern
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from targetwatch.model import Basis, Period, Qualifier, Reading
from targetwatch.store import audit
from targetwatch.store.seals import COLUMNS, Texts, seal, sealed_for_storing
from targetwatch.store.tables import HeldRow, Published, ReadingRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

BULK = 10_000
"""From this many readings on, saving a microsecond on each is worth a line of code."""
SPELLED_OUT_MAX = 20
"""A batch up to this size is spelled out in the audit trail, a larger one only counted and sealed."""


_period = lru_cache(maxsize=4096)(Period)


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
    audit.append(session, [_entry(rows, digests)])


def reading_of(values: Sequence[Any]) -> Reading:
    """Return the reading of a row, its values in the order of COLUMNS. What repeats from row to row is shared."""
    (
        number,
        indicator,
        publisher,
        start,
        end,
        basis,
        step,
        _vintage,
        value,
        published_on,
        recorded_at,
        qualifier,
        rounding,
        yoy,
        provisional,
        unit,
        evidence_url,
        quote,
        note,
        source,
    ) = values
    return Reading(
        id=number,
        indicator=intern(indicator),
        publisher=intern(publisher),
        period=_period(start, end),
        basis=BASES[basis],
        step=intern(step) or None,
        value=value,
        published_on=published_on,
        recorded_at=recorded_at,
        qualifier=QUALIFIERS[qualifier],
        rounding=rounding,
        yoy=yoy,
        provisional=provisional,
        unit=unit and intern(unit),
        evidence_url=intern(evidence_url),
        quote=quote,
        note=note,
        source=intern(source),
    )


def published_of(row: Published) -> Reading:
    """Return the reading of a row that came through the ORM."""
    return reading_of([getattr(row, name) for name in COLUMNS])


ROWS_AT_ONCE = 5000
"""How many rows are fetched from the driver in one go."""
BASES = {basis.value: basis for basis in Basis}
QUALIFIERS = {qualifier.value: qualifier for qualifier in Qualifier}

READING_COLUMNS = tuple(getattr(ReadingRow, name) for name in COLUMNS)


def columns(table: type[ReadingRow | HeldRow], *names: str) -> Select[Any]:
    """Return a query for the named columns, as plain tuples: objects would cost ten times as much."""
    return select(*(getattr(table, name) for name in names))


def _entry(rows: Sequence[Texts], digests: Sequence[str]) -> audit.Fact:
    """Return the audit entry of a batch; a small one spells out what was added."""
    first, last = rows[0][0], rows[-1][0]
    new: dict[str, Any] = {"first": first, "last": last, "count": len(rows), "seal": seal(digests)}
    if len(rows) <= SPELLED_OUT_MAX:
        new["readings"] = [
            {**dict(zip(COLUMNS, row, strict=True)), "digest": digest}
            for row, digest in zip(rows, digests, strict=True)
        ]
    return audit.Fact("add", "reading", str(first) if first == last else f"{first}..{last}", None, new)
