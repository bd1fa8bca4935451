"""The frame of a drawing: where days and values lie, the grid lines, the stretches of time named below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor, log10
from typing import NamedTuple

from targetwatch.chart.svg import text_width

ABOVE, BELOW, BESIDE = 48, 48, 24
TICK_ROOM = 20
GRID_LINES = 4
MONTHS = (1, 3, 6, 12, 24, 60, 120)
MONTHS_A_YEAR = 12
NAME_ROOM = 4
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Move:
    """The day a version came into force that is not the first, and the goal until then where there was a number."""

    day: date
    version: int
    before: float | None


class Size(NamedTuple):
    """A size in which everything is drawn; the style sheet shows the one that fits."""

    name: str
    width: int
    height: int


SIZES = (Size("wide", 1000, 400), Size("middle", 720, 380), Size("narrow", 360, 330))


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time with its name below the drawing; `begins_year` where a year begins with it."""

    left: float
    right: float
    name: str
    last: date
    begins_year: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Where a day and a value lie. A day is its evening: what is counted through 31 March lies where March ends."""

    size: Size
    origin: date
    end: date
    low: float
    high: float
    step: float
    left: float

    @classmethod
    def around(
        cls,
        size: Size,
        values: Sequence[float],
        *,
        origin: date,
        end: date,
        from_zero: bool,
        tick: Callable[[float, float], str],
    ) -> Frame:
        """Return the frame around some values; `tick` writes one beside its grid line, given the largest of them."""
        low, high, step = _scale(values, from_zero=from_zero)
        most = max(abs(low), abs(high))
        widest = max(text_width(tick(low + step * n, most)) for n in range(round((high - low) / step) + 1))
        return cls(
            size=size,
            origin=origin,
            end=max(end, origin + ONE_DAY),
            low=low,
            high=high,
            step=step,
            left=ceil(widest + TICK_ROOM),
        )

    @property
    def right(self) -> float:
        """Return where the last day lies."""
        return self.size.width - BESIDE

    @property
    def top(self) -> float:
        """Return where the highest value lies."""
        return ABOVE

    @property
    def bottom(self) -> float:
        """Return where the lowest value lies."""
        return self.size.height - BELOW

    @property
    def rows(self) -> list[float]:
        """Return the values that have a grid line, lowest first."""
        return [self.low + self.step * n for n in range(round((self.high - self.low) / self.step) + 1)]

    def x(self, day: date) -> float:
        """Return where an evening lies; one outside lies at the edge."""
        along = (min(max(day, self.origin), self.end) - self.origin) / (self.end - self.origin)
        return self.left + along * (self.right - self.left)

    def y(self, value: float) -> float:
        """Return where a value lies."""
        return self.bottom - (value - self.low) / (self.high - self.low) * (self.bottom - self.top)

    def at(self, day: date, value: float) -> tuple[float, float]:
        """Return where a value on an evening lies."""
        return self.x(day), self.y(value)

    def spans(self, name: Callable[[date, date], str]) -> list[Span]:
        """Return the shortest stretches of months or years whose names all fit below them."""
        found = [self._spans(months, name) for months in MONTHS]
        return next((spans for spans in found if all(map(_fits, spans[1:-1]))), found[-1])

    def years(self, name: Callable[[date, date], str]) -> list[Span]:
        """Return the years."""
        return self._spans(MONTHS_A_YEAR, name)

    def _spans(self, months: int, name: Callable[[date, date], str]) -> list[Span]:
        first = self.origin + ONE_DAY
        number = (first.year * MONTHS_A_YEAR + first.month - 1) // months * months
        found = []
        while (start := _month(number)) <= self.end:
            number += months
            last = _month(number) - ONE_DAY
            found.append(Span(self.x(start - ONE_DAY), self.x(last), name(start, last), last, start.month == 1))
        return found


def named(span: Span) -> bool:
    """Return whether the name of a span, which the edge may have cut short, fits below it."""
    return text_width(span.name) <= span.right - span.left


def _fits(span: Span) -> bool:
    return text_width(span.name) + NAME_ROOM <= span.right - span.left


def _month(number: int) -> date:
    return date(number // MONTHS_A_YEAR, number % MONTHS_A_YEAR + 1, 1)


def _scale(values: Sequence[float], *, from_zero: bool) -> tuple[float, float, float]:
    """Return the lowest and highest value drawn and the step between grid lines, all round numbers."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    if from_zero or (low >= 0 and low < (high - low)):
        low, high = min(low, 0.0), max(high, 0.0)
    else:
        margin = (high - low or abs(high) or 1.0) * 0.15
        low, high = low - margin, high + margin
    step = _round_step((high - low or 1.0) / GRID_LINES)
    return floor(low / step + 1e-9) * step, ceil(high / step + 0.05) * step, step


def _round_step(rough: float) -> float:
    """Return the next of 1, 2, 2.5, 5, 10 times a power of ten.

    >>> _round_step(81_000), _round_step(0.3), _round_step(17)
    (100000.0, 0.5, 20.0)
    """
    power = 10.0 ** floor(log10(rough))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * (1 - 1e-9))
