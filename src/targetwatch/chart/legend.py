"""What the lines and marks of a drawing mean, as a list of pieces of them with their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from targetwatch.chart.svg import circle, line, polyline, tag

if TYPE_CHECKING:
    from collections.abc import Iterable

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
