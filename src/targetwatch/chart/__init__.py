"""Drawings of a target: its course as SVG, its progress as a bar. Pure."""

from targetwatch.chart.course import Bar, Course, Spot, bar_of, course_of, course_of_readings, moves_of, spark
from targetwatch.chart.picture import (
    Picture,
    PlanComparison,
    PlannedPromise,
    PlanRow,
    draw,
    draw_comparison,
    draw_readings,
)
from targetwatch.chart.svg import SIZES, Move, Size, legend
from targetwatch.chart.words import AxisWords, ChartWords, ReadingWords, Stop, words_of, words_of_readings

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
    "PlannedPromise",
    "ReadingWords",
    "Size",
    "Spot",
    "Stop",
    "bar_of",
    "course_of",
    "course_of_readings",
    "draw",
    "draw_comparison",
    "draw_readings",
    "legend",
    "moves_of",
    "spark",
    "words_of",
    "words_of_readings",
]
