"""A printed figure and the words it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from targetwatch.model import Qualifier

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure from `start` to `end`, its qualifier's words not included (they lie at `qualified`).

    `unit` None: none was printed beside it; `unit_at` is where the unit stands. `times` marks a multiple (1.5倍),
    `ranged` a range of two, `aside` one in brackets that repeats another, `former` the starting
    point of a change ("from 20 days to 10 days").
    """

    start: int
    end: int
    value: Decimal
    rounding: Decimal
    unit: str | None
    unit_at: Span | None = None
    unit_apart: bool = False
    qualifier: Qualifier = Qualifier.EXACT
    qualified: Span | None = None
    scaled: bool = False
    times: bool = False
    ranged: bool = False
    aside: bool = False
    former: bool = False

    @property
    def percent(self) -> bool:
        """Return whether it is a percentage."""
        return self.unit == "%"
