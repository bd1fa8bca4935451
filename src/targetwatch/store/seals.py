"""The seals of readings: what shows that a stored reading was changed, removed or slipped in.

A reading row carries a digest of all its columns, and the audit entry of its batch the digest of those digests. The
texts that are hashed are those stored, and the same on both databases.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b, sha256
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias, get_args

from targetwatch.errors import StoreError
from targetwatch.store.identity import fact_of
from targetwatch.store.tables import Published
from targetwatch.store.types import digits, moment_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy.orm import Session

    from targetwatch.model import Reading

COLUMNS = tuple(Published.model_fields)
"""The columns of a published fact in the order they are hashed: old digests depend on it, so it only ever grows."""
ROWS_AT_ONCE = 5000
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
