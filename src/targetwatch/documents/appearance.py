"""What a good document looked like, kept so that a change of it is noticed: JSON of a few lines, whatever its size."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from targetwatch.model import Basis
from targetwatch.model.scalars import format_period

if TYPE_CHECKING:
    from collections.abc import Iterable

    from targetwatch.model import Period, Reading

YEAR, QUARTER, MONTH, WEEK = range(365, 367), range(90, 93), range(28, 32), range(7, 8)


class Series(BaseModel):
    """One indicator's readings of one basis: how many, from which period to which, how long, how many decimals."""

    model_config = ConfigDict(frozen=True)

    count: int
    first: str
    last: str
    end: str
    span: str
    decimals: int


class Appearance(BaseModel):
    """What makes a change noticeable. `columns` are the headers by what they are read as, in `order` all as printed.

    `above` is the line above those that were read by a pattern, `labels` what the codes of rows that were read mean.
    """

    model_config = ConfigDict(frozen=True)

    title: str = ""
    anchors: dict[str, str] = {}
    columns: dict[str, str] = {}
    order: tuple[str, ...] = ()
    above: str = ""
    units: dict[str, str] = {}
    labels: dict[str, str] = {}
    printed: tuple[str, ...] = ()
    series: dict[str, Series] = {}


def series_of(facts: Iterable[tuple[Period, int]]) -> Series:
    """Return what is kept of some periods, each with the decimals of its value."""
    some = sorted(facts)
    first, last = some[0][0], some[-1][0]
    spans = {span_of(period) for period, _ in some}
    return Series(
        count=len({period for period, _ in some}),
        first=format_period(first),
        last=format_period(last),
        end=last.end.isoformat(),
        span=spans.pop() if len(spans) == 1 else "several",
        decimals=max(decimals for _, decimals in some),
    )


def series_name(one: Reading) -> str:
    """Return what the readings of one series share: 'teu/period/month'."""
    return f"{one.indicator}/{one.basis.value}/{span_of(one.period) if one.basis is Basis.PERIOD else ''}"


@lru_cache(maxsize=4096)
def span_of(period: Period) -> str:
    """Return how long a period is, in a word."""
    for name, days in (("year", YEAR), ("quarter", QUARTER), ("month", MONTH), ("week", WEEK), ("day", range(1, 2))):
        if period.days in days:
            return name
    return "half" if period.days in range(181, 185) else "several"
