"""Drawings of a target: its course as SVG, its progress as a bar. Pure."""

from targetwatch.chart.course import Bar, Course, Spot, bar_of, course_of, moves_of, spark
from targetwatch.chart.frame import SIZES, Move, Size
from targetwatch.chart.picture import Picture, draw
from targetwatch.chart.svg import legend
from targetwatch.chart.two_plans import PlanComparison, PlanRow, Promise, draw_comparison
from targetwatch.chart.words import AxisWords, ChartWords, Stop, words_of

__all__ = [
    "SIZES",
    "AxisWords",
    "Bar",
    "ChartWords",
    "Course",
    "Move",
    "Picture",
    "PlanComparison",
    "PlanRow",
    "Promise",
    "Size",
    "Spot",
    "Stop",
    "bar_of",
    "course_of",
    "draw",
    "draw_comparison",
    "legend",
    "moves_of",
    "spark",
    "words_of",
]
