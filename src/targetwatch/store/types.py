"""How values are kept exactly, the same way on SQLite and PostgreSQL.

SQLite would send a Decimal through float, so exact decimals are text on both databases. The canonical text of a row
is what the audit trail hashes: it must never depend on the database, the machine or the order of a dictionary.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import String
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

DIGITS_MAX = 60
"""A figure with more digits than this on either side of the point is a mistake, not a statistic."""


class ExactDecimal(TypeDecorator[Decimal]):
    """A Decimal kept as plain digits ("251800", "-0.05"), trailing zeros included."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        """Return the digits; ValueError for what is no finite number of sane size."""
        return None if value is None else digits(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 - SQLAlchemy's
        """Return exactly what was stored."""
        return None if value is None else Decimal(value)


def digits(value: Decimal) -> str:
    """Return `value` in plain digits, no exponent.

    >>> digits(Decimal("1E+3")), digits(Decimal("-0.050")), digits(Decimal("-0"))
    ('1000', '-0.050', '0')
    """
    text = str(value)
    if len(text) < DIGITS_MAX and text.replace(".", "", 1).isdigit():
        return text  # nearly every figure there is, and there may be a million of them
    if not value.is_finite():
        raise ValueError(f"'{value}': not a finite number, expected digits")
    if not value:
        value = abs(value)
    if value.adjusted() > DIGITS_MAX or int(value.as_tuple().exponent) < -DIGITS_MAX:
        raise ValueError(f"'{value}': more than {DIGITS_MAX} digits on one side of the point")
    return format(value, "f")


def canonical(value: object) -> str:
    """Return the one JSON text of `value`: sorted keys, no spaces, exact decimals, moments in UTC.

    >>> canonical({"b": Decimal("1.0"), "a": date(2025, 2, 7)})
    '{"a":"2025-02-07","b":"1.0"}'
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=plain)


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
    """Return `value` as JSON can hold it; TypeError for what no column of ours contains."""
    if isinstance(value, Decimal):
        return digits(value)
    if isinstance(value, datetime):
        return moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"{type(value).__name__} has no canonical text")


def moment_text(value: datetime) -> str:
    """Return an aware moment as SQLite stores it: UTC, microseconds, no offset."""
    if value.utcoffset() is None:
        raise ValueError(f"'{value}': a moment without an offset, expected an aware datetime")
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def digest(value: object) -> str:
    """Return the SHA-256 of the canonical text, in hexadecimal."""
    return sha256(canonical(value).encode()).hexdigest()
