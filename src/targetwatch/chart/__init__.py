"""Drawings of a target: its course as SVG, its progress as a bar. Pure; words come from the caller."""

from targetwatch.chart.comparison import PlanComparison, PlanRow, Promise, draw_comparison
from targetwatch.chart.course import Bar, Course, Spot, bar_of, course_of
from targetwatch.chart.frame import SIZES, AxisWords, Move, Size, Stop, Words
from targetwatch.chart.picture import Picture, draw
from targetwatch.chart.svg import legend

__all__ = [
    "SIZES",
    "AxisWords",
    "Bar",
    "Course",
    "Move",
    "Picture",
    "PlanComparison",
    "PlanRow",
    "Promise",
    "Size",
    "Spot",
    "Stop",
    "Words",
    "bar_of",
    "course_of",
    "draw",
    "draw_comparison",
    "legend",
]
