"""Elements of an SVG, all but markup escaped; words that hide nothing; the legend; the frame of days and values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from math import ceil, floor, log10
from typing import NamedTuple

from markupsafe import Markup, escape

from targetwatch.wording.formats import WIDE_FROM

Place = tuple[float, float]
FONT_SIZE = 13
CAPITAL_EM, DIGIT_EM, LETTER_EM = 0.72, 0.64, 0.58
"""Of DejaVu Sans, the widest of the usual fonts."""
BOLD = 1.12


def tag(name: str, *inside: str, **attributes: str | float | None) -> Markup:
    """Return an element; what is None is left out, and an underscore stands for a hyphen.

    >>> tag("text", "1 < 2", x=3.14159, text_anchor="end", id=None)
    Markup('<text x="3.1" text-anchor="end">1 &lt; 2</text>')
    """
    said = "".join([f' {_name(key)}="{_written(value)}"' for key, value in attributes.items() if value is not None])
    body = "".join([one if isinstance(one, Markup) else escape(one) for one in inside])
    return Markup(f"<{name}{said}>{body}</{name}>" if body else f"<{name}{said}/>")  # noqa: S704 - escaped just above


def polyline(places: Iterable[Place], kind: str, *, name: str = "polyline") -> Markup:
    """Return a line through places; nothing where there are fewer than two."""
    points = [f"{_written(x)},{_written(y)}" for x, y in places]
    return tag(name, class_=kind, points=" ".join(points)) if len(points) > 1 else Markup()


def line(kind: str, start: Place, end: Place) -> Markup:
    """Return a straight line."""
    return tag("line", class_=kind, x1=start[0], y1=start[1], x2=end[0], y2=end[1])


def circle(kind: str, place: Place, radius: float) -> Markup:
    """Return a circle."""
    return tag("circle", class_=kind, cx=place[0], cy=place[1], r=radius)


@cache
def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _written(value: str | float) -> str:
    """Return the value of an attribute; a number to a tenth, which needs no escaping."""
    return escape(value) if isinstance(value, str) else f"{round(value, 1):g}"


def text_width(said: str, *, bold: bool = False) -> float:
    """Return how wide words are at most.

    >>> text_width("12\u6708"), text_width("Dec")
    (29.64, 24.44)
    """
    ems = sum(map(_em, said))
    return round(ems * FONT_SIZE * (BOLD if bold else 1), 2)


class Box(NamedTuple):
    """The room that words take."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, said: str, place: Place, anchor: str, *, bold: bool = False) -> Box:
        """Return the room of words whose base line is at a place."""
        width = text_width(said, bold=bold)
        left = place[0] - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
        return cls(left, place[1] - FONT_SIZE, left + width, place[1] + 4)

    def overlaps(self, other: Box) -> bool:
        """Return whether two of them share room."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def covers(self, place: Place) -> bool:
        """Return whether a place lies below the words."""
        return self.left <= place[0] <= self.right and self.top <= place[1] <= self.bottom


@dataclass(slots=True)
class Labels:
    """Words set one after another inside `room`, each where it hides least; those set first have their place."""

    room: Box
    values: Sequence[Place]
    _taken: list[Box] = field(default_factory=list)

    def set(self, said: str, kind: str, places: Iterable[tuple[float, float, str]]) -> Markup:
        """Return words at the best of some places (x, y, anchor), the first of equals; pushed inside the room."""
        tried = [self._inside(said, place, bold=kind != "label-today") for place in places]
        x, y, anchor, box = min(tried, key=lambda one: self._hidden(one[3]))
        self._taken.append(box)
        return tag("text", said, class_=kind, x=x, y=y, text_anchor=None if anchor == "start" else anchor)

    def _inside(self, said: str, place: tuple[float, float, str], *, bold: bool) -> tuple[float, float, str, Box]:
        x, y, anchor = place
        box = Box.around(said, (x, y), anchor, bold=bold)
        shift = max(self.room.left - box.left, 0) or min(self.room.right - box.right, 0)
        return x + shift, y, anchor, box._replace(left=box.left + shift, right=box.right + shift)

    def _hidden(self, box: Box) -> int:
        above_or_below = box.top < self.room.top or box.bottom > self.room.bottom
        words = sum(box.overlaps(other) for other in self._taken) + above_or_below
        return 100 * words + sum(map(box.covers, self.values))


def _em(sign: str) -> float:
    if ord(sign) >= WIDE_FROM:
        return 1.0
    return DIGIT_EM if sign.isdigit() else CAPITAL_EM if sign.isupper() else LETTER_EM


LEFT, MIDDLE, RIGHT = (1, 6), (14, 6), (27, 6)
PIECES = {
    "actual": line("line-actual", LEFT, RIGHT) + circle("spot", MIDDLE, 4),
    "plan": line("line-plan", LEFT, RIGHT),
    "goal": line("line-goal", LEFT, RIGHT),
    "forecast": polyline([LEFT, (27, 0), (27, 12)], "fan-forecast", name="polygon")
    + line("line-forecast", LEFT, RIGHT),
    "change": tag("path", class_="mark-change change-achieved", d="M14 1l5 5-5 5-5-5z"),
    "move": line("line-move", (14, 0), (14, 12)),
    "before": circle("spot-before", MIDDLE, 4),
    "now": line("plan-now", (1, 9), (27, 9)) + line("goal-now", (1, 3), (27, 3)),
    "after": line("plan-after", (1, 9), (27, 9)) + line("goal-after", (1, 3), (27, 3)),
    "from": line("line-from", (14, 0), (14, 12)),
}


def legend(entries: Iterable[tuple[str, str]]) -> Markup:
    """Return the list of entries: the kind of a piece, and its name."""
    rows = [
        tag("li", tag("svg", PIECES[kind], viewBox="0 0 28 12", aria_hidden="true"), name) for kind, name in entries
    ]
    return tag("ul", *rows, class_="chart-legend")


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
