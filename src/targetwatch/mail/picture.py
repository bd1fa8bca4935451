"""The small picture of a target's course in a mail: the server's drawing as PNG, without words.

A server may have no Chinese font, and a mail client shows no SVG. What the picture shows, the mail says.
"""

from __future__ import annotations

from collections.abc import Sequence

from targetwatch.chart import Picture, Size, course_of, draw, moves_of, words_of
from targetwatch.evaluation import versions
from targetwatch.model import AsOf, Indicator, Measure, Reading, Target, Verdict
from targetwatch.wording.translation import LANGUAGES, translator

SIZE = Size("mail", 620, 250)
PIXELS_WIDE = 1080
"""Twice what a mail shows, for screens that can."""
STYLE = """
text { display: none }
.reach { fill: none }
.grid { stroke: #e3e8ed }
.grid-tick { stroke: #aab5c0 }
.line-goal { stroke: #17212b; stroke-width: 2; stroke-dasharray: 8 5 }
.line-goal-before { stroke: #17212b; stroke-width: 2; stroke-dasharray: 8 5; stroke-opacity: 0.4 }
.band-goal { fill: #009e73; fill-opacity: 0.12 }
.line-plan { fill: none; stroke: #8b97a3; stroke-width: 3 }
.line-actual { fill: none; stroke: #0072b2; stroke-width: 4 }
.line-today { stroke: #4c5a68; stroke-dasharray: 2 3 }
.line-deadline, .line-move { stroke: #aab5c0; stroke-width: 1.5 }
.fan-forecast { fill: #56b4e9; fill-opacity: 0.22 }
.line-forecast { fill: none; stroke: #0072b2; stroke-width: 3; stroke-dasharray: 3 5 }
.interval-forecast { stroke: #0072b2; stroke-width: 4 }
.spot { fill: #0072b2; stroke: #ffffff; stroke-width: 2 }
.spot-start, .spot-forecast { fill: #ffffff; stroke: #0072b2; stroke-width: 2.5 }
.spot-before { fill: #ffffff; stroke: #4c5a68; stroke-width: 1.5 }
.line-before { stroke: #4c5a68; stroke-width: 1.5; stroke-dasharray: 2 2 }
"""


def picture_of(
    target: Target, indicator: Indicator, verdict: Verdict, readings: Sequence[Reading], as_of: AsOf
) -> tuple[bytes, Sequence[str]] | None:
    """Return the course of a target as of a moment as PNG, and which kinds of lines are in it.

    None for steps, and before there is anything to draw.
    """
    shown = versions.until(target, as_of.day)
    if indicator.measure is Measure.MILESTONES or not shown:
        return None
    course = course_of(indicator, shown[-1], readings, as_of)
    if not course.spots:
        return None
    picture = Picture(course, as_of.day, verdict.forecast, moves=moves_of(shown))
    words = words_of(target, verdict, indicator, versions.changes(shown), translator(LANGUAGES[0]))
    from resvg_py import svg_to_bytes  # noqa: PLC0415 - a service that sends no mail does without it

    drawn = draw(picture, words, SIZE, alone=True)
    png = svg_to_bytes(str(drawn), style_sheet=STYLE, background="#ffffff", width=PIXELS_WIDE, skip_system_fonts=True)
    return png, picture.kinds
