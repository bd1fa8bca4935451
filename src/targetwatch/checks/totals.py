"""What the totals say against a reading: a total given as a month, an increment out of all proportion."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

from targetwatch.checks.history import History
from targetwatch.model import Basis, Indicator, Reading
from targetwatch.model.problem import Amount, Problem, Value
from targetwatch.quantity import parse_unit

LONGEST_MONTH = 31
SHORTEST_MONTH = 28
LATE = 12
"""A year of months is what a usual month is taken from, with every season in it."""
LEAST, MOST = Decimal("0.6"), Decimal(4)
"""What a figure holds beyond the sum so far, in usual months, when it is taken for the total."""
INCREMENT = Decimal(4)
"""How many times its pace since its start, by the day, a running total may grow."""
SMALL, NOISE = 3, 4
"""Counts of a few things may move manifold: an increment of so many is believed, and so many roots above a month."""


def problems(reading: Reading, indicator: Indicator, history: History) -> Iterator[Problem]:
    """Give what the sum of the year, or the running total so far, says against a flow's reading."""
    if reading.basis is Basis.PERIOD:
        yield from _total_as_month(reading, indicator, history)
    if reading.basis is Basis.SINCE_START:
        yield from _increment(reading, indicator, history)


def _total_as_month(reading: Reading, indicator: Indicator, history: History) -> Iterator[Problem]:
    """Give a month that equals the sum of its year so far and a usual month: the total to its end, given as a month."""
    month = reading.period.end.month
    if month == 1 or not is_month(reading):
        return
    months = (one for one in history.nearest(reading) if one.basis is Basis.PERIOD and is_month(one))
    late = list(islice((one for one in months if one.period.end < reading.period.end), LATE))
    if not late:
        return
    last_year = history.fact(reading, years=-1)
    own = [one for one in late if one.period.end.year == reading.period.end.year]
    before = [history.fact(one, years=-1) for one in own]
    usual = sum((one.value for one in late), Decimal(0)) / len(late)
    known = [one for one in before if one is not None]
    months_like = [usual, *(one.value for one in own[:1])]
    if last_year is not None and own and len(known) == len(own) and sum(one.value for one in known) > 0:
        usual = last_year.value * sum(one.value for one in own) / sum(one.value for one in known)
        months_like = [usual]
    so_far = sum((one.value for one in own), Decimal(0)) + usual * (month - 1 - len(own))
    beyond = reading.value - so_far
    if _counts(reading, indicator) and reading.value <= usual + SMALL + NOISE * max(usual, Decimal(0)).sqrt():
        return
    if beyond > 0 and any(LEAST * one <= beyond <= MOST * one for one in months_like):
        values: dict[str, Value] = {
            "value": Amount(reading.value, indicator.unit),
            "period": reading.period,
            "so_far": Amount.computed(so_far, indicator.unit),
            "usual": Amount.computed(usual, indicator.unit),
        }
        yield Problem("total_as_month", values)


def _increment(reading: Reading, indicator: Indicator, history: History) -> Iterator[Problem]:
    """Give a running total that grew, by the day, many times faster than since its start."""
    earlier = [one for one in history.of_same_start(reading) if one.period.end < reading.period.end]
    if not earlier:
        return
    last = max(earlier, key=lambda one: one.period.end)
    rate = last.value / last.period.days
    grown, days = reading.value - last.value, (reading.period.end - last.period.end).days
    allowed = rate * days * INCREMENT + (SMALL if _counts(reading, indicator) else 0)
    if rate > 0 and grown - reading.rounding - last.rounding > allowed:
        values: dict[str, Value] = {
            "value": Amount(reading.value, indicator.unit),
            "last": Amount(last.value, indicator.unit),
            "grown": Amount(grown, indicator.unit),
            "usual": Amount.computed(rate * days, indicator.unit),
        }
        yield Problem("increment_out_of_proportion", values)


def _counts(reading: Reading, indicator: Indicator) -> bool:
    return parse_unit(indicator.unit).counts_things and reading.value % 1 == 0


def is_month(reading: Reading) -> bool:
    """Return whether a reading is of a month, as near as days tell."""
    return SHORTEST_MONTH <= reading.period.days <= LONGEST_MONTH
