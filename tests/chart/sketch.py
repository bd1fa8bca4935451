"""A course to draw, the words for it, and the drawing looked at again."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass, replace
from datetime import UTC
from typing import TYPE_CHECKING, Any

from builders import day, goal, indicator, reading, version
from targetwatch.chart import SIZES, Picture, Size, Stop, course_of, draw
from targetwatch.model import AsOf, Clock, Performance, Reading, StatusChange, TargetVersion

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDE, MIDDLE, NARROW = SIZES
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
READINGS = (
    reading("2025-01-01..2025-02-28", 37600, "2025-03-10"),
    reading("2025-01-01..2025-03-31", 64000, "2025-04-15"),
    reading("2025-01-01..2025-08-31", 215800, "2025-10-01", evidence_url="https://example.org/a?b=1&c=2"),
)


@dataclass(frozen=True)
class PlainWords:
    """Short words of every kind."""

    label: str = "a label"
    unit: str = "in TEU"
    goal: str = "goal: more than 270,000 TEU"

    def tick(self, value, most):
        return f"{value:,.6g}"

    def span(self, first, last):
        if last.year != first.year or (first.month, last.month) == (1, 12):
            return "–".join(sorted({str(first.year), str(last.year)}))
        return "–".join(MONTHS[one - 1] for one in sorted({first.month, last.month}))

    def day(self, day):
        return f"{day:%d %b %Y}"

    def value(self, value):
        return f"{value:,g}"

    def versions(self, numbers):
        return f"version {', '.join(map(str, numbers))}"

    def start(self, day, value):
        return Stop([f"{day}: {value:g}", "start"])

    def spot(self, spot):
        return Stop([f"{spot.day}: {spot.value:g}"], spot.reading.evidence_url if spot.reading else "")

    def forecast(self, day, forecast):
        return Stop([f"{day}: {forecast.median:g}"])

    def change(self, change):
        return Stop([f"{change.on}: {change.new.value}"])

    def move(self, move):
        return Stop([f"{move.day}: version {move.version}"])


WORDS = PlainWords()


def known_as_of(said: str) -> AsOf:
    return AsOf.end_of(day(said), UTC, Clock.PUBLISHED)


def change(on: str, new: Performance = Performance.ON_TRACK) -> StatusChange:
    return StatusChange(target="cargo-2025", version=1, on=day(on), old=None, new=new, rule="")


def picture(
    wanted: TargetVersion | None = None,
    readings: tuple[Reading, ...] = READINGS,
    today: str = "2025-10-02",
    measured: Any = None,
    **more: Any,
) -> Picture:
    """Return what is drawn of a version, by default a cargo goal on three figures."""
    one = wanted or version(goal(above=270000))
    found = Picture(course_of(measured or indicator(), one, readings, known_as_of(today)), day(today))
    return replace(found, **more)


class Drawing:
    """A drawing, read again as the XML it is."""

    def __init__(self, said: Picture | str, size: Size = WIDE, words: Any = WORDS) -> None:
        self.size = size
        self.root = ET.fromstring(draw(said, words, size) if isinstance(said, Picture) else said)

    def all(self, kind: str) -> list[ET.Element]:
        """Return the elements of a class, in their order."""
        return [one for one in self.root.iter() if kind in one.get("class", "").split()]

    def numbers(self, kind: str, *names: str) -> list[tuple[float, ...]]:
        """Return some attributes of each element of a class."""
        return [tuple(float(one.get(name, "nan")) for name in names) for one in self.all(kind)]

    def places(self, kind: str) -> list[tuple[float, float]]:
        """Return the points of a line."""
        (one,) = self.all(kind)
        return [(float(x), float(y)) for x, y in (place.split(",") for place in one.get("points", "").split())]

    def titles(self, kind: str = "stop") -> list[str]:
        """Return what is said of marks."""
        return [title.text or "" for one in self.all(kind) if (title := one.find("title")) is not None]

    def texts(self) -> Iterator[ET.Element]:
        """Yield every text written."""
        yield from self.root.iter("text")
