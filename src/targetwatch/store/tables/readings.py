"""The tables of what was published.

A reading row is never changed or deleted. `vintage` counts the versions of one fact: with it the fact's identity is
unique, so two processes that store the same reading at once cannot both succeed. `step` is "" where there is none,
because databases consider two nulls different.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from targetwatch.store.tables.base import Row
from targetwatch.store.types import ExactDecimal

FACT = ("indicator", "publisher", "period_start", "period_end", "basis", "step")
"""What all vintages of one fact share."""


class Published(Row):
    """One published fact, as stored or as held."""

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    indicator: str = Field(foreign_key="indicator.id")
    publisher: str
    period_start: date
    period_end: date
    basis: str
    step: str
    vintage: int
    value: Decimal = Field(sa_type=ExactDecimal)
    published_on: date | None
    recorded_at: datetime
    qualifier: str
    rounding: Decimal = Field(sa_type=ExactDecimal)
    yoy: Decimal | None = Field(sa_type=ExactDecimal)
    provisional: bool
    unit: str | None
    evidence_url: str
    quote: str
    note: str
    source: str


class ReadingRow(Published, table=True):
    """A reading that counts. Not audited row by row: `digest` and one audit entry per batch seal it."""

    __tablename__ = "reading"
    __table_args__ = (UniqueConstraint(*FACT, "vintage", name="uq_reading_vintage"),)
    audited: ClassVar[bool] = False
    append_only: ClassVar[bool] = True

    digest: str


class HeldRow(Published, table=True):
    """A reading kept out until a person decides: waiting, accepted (then `reading` is its id) or rejected."""

    __tablename__ = "held"
    __table_args__ = (UniqueConstraint(*FACT, "vintage", name="uq_held_vintage"),)

    reason: str
    status: str = Field(index=True)
    decided_at: datetime | None = None
    decided_by: str = ""
    decision_note: str = ""
    reading: int | None = Field(default=None, foreign_key="reading.id")


class WithdrawalRow(Row, table=True):
    """A reading was taken out of force ("withdraw") or put back ("restore"); the last one counts."""

    __tablename__ = "withdrawal"
    append_only: ClassVar[bool] = True

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    reading: int = Field(foreign_key="reading.id", index=True)
    action: str
    at: datetime
    actor: str
    reason: str
