"""When is a reading known already? Pure: it compares what came with the vintages of the same fact.

A fact is what all vintages share: indicator, publisher, period, basis, step. Its content is what was said of it: value,
qualifier, rounding, published growth, provisional or not, unit. Where it was printed, and in which words, is evidence
and makes no new vintage. Withdrawn and held readings count as vintages here: what a person took out stays out.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from targetwatch.model import Reading

Fact: TypeAlias = tuple[str, str, date, date, str, str]
Content: TypeAlias = tuple[Decimal, str, Decimal, Decimal | None, bool, str | None]


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
    return (
        reading.indicator,
        reading.publisher,
        period.start,
        period.end,
        str(reading.basis),
        reading.step or "",
    )


def content_of(reading: Reading) -> Content:
    """Return what this reading says of its fact."""
    return (
        reading.value,
        str(reading.qualifier),
        reading.rounding,
        reading.yoy,
        reading.provisional,
        reading.unit or None,
    )


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
