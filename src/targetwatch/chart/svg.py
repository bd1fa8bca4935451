"""Elements of an SVG, whatever is not markup already escaped."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Iterable

Place = tuple[float, float]


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
