"""What a drawing says: its caller knows the language, the drawing only where the words go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from targetwatch.chart.course import Spot
    from targetwatch.model import Forecast, StatusChange


@dataclass(frozen=True, slots=True)
class Move:
    """The day a version came into force that is not the first, and the goal until then where there was a number."""

    day: date
    version: int
    before: float | None


class Stop(NamedTuple):
    """What is said of a mark, line by line, and the address of its source."""

    lines: Sequence[str]
    source: str = ""


class AxisWords(Protocol):
    """What is written around a drawing, in the reader's language; `label` says all of it to who cannot see it."""

    @property
    def label(self) -> str: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102

    def tick(self, value: float, most: float) -> str:
        """Return a value beside a grid line; `most` is the largest of them."""

    def span(self, first: date, last: date) -> str:
        """Return the name of some months or years."""


class Words(AxisWords, Protocol):
    """What is written in the drawing of a target, and said of its marks."""

    @property
    def goal(self) -> str: ...  # noqa: D102

    def day(self, day: date) -> str:
        """Return a day."""

    def value(self, value: float) -> str:
        """Return a value without its unit."""

    def versions(self, numbers: Sequence[int]) -> str:
        """Return versions by their numbers."""

    def start(self, day: date, value: float) -> Stop:
        """Return what is said of the value at the start."""

    def spot(self, spot: Spot) -> Stop:
        """Return what is said of a published value."""

    def forecast(self, day: date, forecast: Forecast) -> Stop:
        """Return what is said of the forecast."""

    def change(self, change: StatusChange) -> Stop:
        """Return what is said of a status change."""

    def move(self, move: Move) -> Stop:
        """Return what is said of a version."""
