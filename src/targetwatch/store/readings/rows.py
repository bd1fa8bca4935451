"""Readings as rows: written in bulk, each with its seal, and read back as values.

Readings come by the hundred thousand, so they bypass the ORM: a row is handed to the driver as the texts it is stored
as, and the whole batch is one entry of the audit trail. A row carries a digest of all its columns, and the entry of its
batch the digest of those digests: what shows that a stored reading was changed, removed or slipped in. The texts that
are hashed are those stored, and the same on both databases.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b, sha256
from operator import attrgetter
from sys import intern
from typing import TYPE_CHECKING, Any, TypeAlias, get_args

from targetwatch.errors import StoreError
from targetwatch.model import Basis, Period, Qualifier, Reading
from targetwatch.store.audit.trail import Fact, append
from targetwatch.store.db import ROWS_AT_ONCE
from targetwatch.store.readings.vintages import fact_of
from targetwatch.store.tables import FACT, Published, ReadingRow
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
