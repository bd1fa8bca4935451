"""Words inside a drawing: how much room they take, and where they hide neither one another nor a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from targetwatch.chart.svg import tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markupsafe import Markup

    from targetwatch.chart.svg import Place

FONT_SIZE = 13
WIDE_SIGNS = 0x2E80
"""From here on signs are Chinese, and as wide as they are high."""
CAPITAL_EM, DIGIT_EM, LETTER_EM = 0.72, 0.64, 0.58
"""Of DejaVu Sans, the widest of the usual fonts."""
BOLD = 1.12


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
    if ord(sign) >= WIDE_SIGNS:
        return 1.0
    return DIGIT_EM if sign.isdigit() else CAPITAL_EM if sign.isupper() else LETTER_EM
