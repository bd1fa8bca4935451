"""The seals of readings: what shows that a stored reading was changed, removed or slipped in.

A reading row carries a digest of all its columns, and the audit entry of its batch the digest of those digests. The
texts that are hashed are those stored, and the same on both databases.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from hashlib import blake2b, sha256
from typing import TYPE_CHECKING, Any, TypeAlias

from targetwatch.errors import StoreError
from targetwatch.store.types import digits, moment_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy.orm import Session

    from targetwatch.model import Reading

COLUMNS = (
    "id",
    "indicator",
    "publisher",
    "period_start",
    "period_end",
    "basis",
    "step",
    "vintage",
    "value",
    "published_on",
    "recorded_at",
    "qualifier",
    "rounding",
    "yoy",
    "provisional",
    "unit",
    "evidence_url",
    "quote",
    "note",
    "source",
)
"""The columns of a published fact in the order they are hashed: old digests depend on it, so it only ever grows."""
ROWS_AT_ONCE = 5000
Texts: TypeAlias = "tuple[int | str | bool | None, ...]"
SEPARATOR = "\0"
"""What stands between two columns when they are hashed; no text may contain it (PostgreSQL stores none that does)."""

_moment_text = lru_cache(maxsize=64)(moment_text)


def texts_of(reading: Reading, number: int, vintage: int) -> Texts:
    """Return the columns of a reading as they are stored, in the order of COLUMNS."""
    period = reading.period
    return (
        number,
        reading.indicator,
        reading.publisher,
        period.start.isoformat(),
        period.end.isoformat(),
        str(reading.basis),
        reading.step or "",
        vintage,
        digits(reading.value),
        reading.published_on.isoformat() if reading.published_on else None,
        _moment_text(reading.recorded_at),
        str(reading.qualifier),
        digits(reading.rounding),
        None if reading.yoy is None else digits(reading.yoy),
        reading.provisional,
        reading.unit or None,
        reading.evidence_url,
        reading.quote,
        reading.note,
        reading.source,
    )


def digest_of(texts: Texts) -> str:
    """Return the seal of a row: 128 bits over all its columns.

    A column that is null is hashed as the empty text: none that may be null is ever empty.
    """
    return _digest(_joined(texts))


def sealed_for_storing(texts: Texts) -> str:
    """Return the seal of a row that is going to be stored; StoreError when a text contains a NUL character."""
    joined = _joined(texts)
    if joined.count(SEPARATOR) >= len(texts):
        raise StoreError(f"reading of '{texts[1]}': a text contains a NUL character, expected none")
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
