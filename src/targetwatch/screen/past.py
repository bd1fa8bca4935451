"""What in an indicator's past speaks against a reading: a fall, a jump, a revision, a growth rate that does not fit.

The thresholds were set on the published figures the service starts with: there the growth rates agree with last
year's values to 1 %, while figures of another scope or magnitude miss by half or more.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from targetwatch.model import Basis, Indicator, Measure, Period, Qualifier, Reading
from targetwatch.quantity import CURRENCIES, format_period, parse_unit
from targetwatch.screen.words import amount, four_digits, known, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from targetwatch.screen.history import History

SLIP = Decimal("6.3")
"""10^0.8: a slip of ten upward shows even when the truth itself fell by 37 %, and fivefold growth passes."""
FALL = Decimal(4)
"""What grows does not shrink by as much: a slip of ten downward shows even when the truth grew 2.5-fold."""
OTHER_SPAN = Decimal(10)
"""Daily rates of unlike spans also differ by season, so more is allowed."""
PER_YEAR = Decimal(2)
"""A reading may be twice as far above for each further year between it and what it is compared with."""
COMPARED = 3
NEIGHBOURING_YEARS = (-1, 1, -2, 2, -3, 3)
GROWTH_TOLERANCE = Decimal("0.1")
INEXACT = Decimal("0.1")
"""How far "over" and "about" may lie from the truth."""
HALF_PERCENT = Decimal("0.005")
SMALL = 3
"""Counts of a few things, and percentages near nought, may move manifold: added to both sides of a ratio."""
SAME_SPAN_DAYS = 3
DAYS_PER_YEAR = 365
ONE_DAY = timedelta(days=1)


def reasons(reading: Reading, indicator: Indicator, history: History) -> Iterator[str]:
    """Give what the past says against the reading, the plainest first."""
    if indicator.measure is Measure.MILESTONES:
        return
    if _takes_both_signs(reading, indicator, history):
        return
    if indicator.measure is Measure.FLOW:
        yield from _fall(reading, indicator, history)
    yield from _growth(reading, indicator, history)
    yield from _revision(reading, indicator, history)
    if not _explained_by_growth(reading, history):
        yield from _jump(reading, indicator, history)


def _fall(reading: Reading, indicator: Indicator, history: History) -> Iterator[str]:
    """Give a running total that falls: a year-to-date within its year, a total since its start."""
    if reading.basis not in {Basis.YEAR_TO_DATE, Basis.SINCE_START}:
        return
    total = "year-to-date" if reading.basis is Basis.YEAR_TO_DATE else "running total"
    for other in sorted(history.of_same_start(reading), key=lambda other: _distance_days(reading, other)):
        earlier, later = sorted((other, reading), key=lambda one: one.period.end)
        if _highest(later) < _lowest(earlier):
            yield (
                f"The {total} of {reading.publisher} would fall from {known(earlier, indicator)} "
                f"to {known(later, indicator)}."
            )
            return


def _growth(reading: Reading, indicator: Indicator, history: History) -> Iterator[str]:
    """Give a published growth rate that does not fit the value known of the year before, or of the year after."""
    if parse_unit(indicator.unit).base in {"%", "pp"}:
        return
    for later, earlier in (
        (reading, history.fact(reading, a_year_from(reading.period, -1))),
        (history.fact(reading, a_year_from(reading.period, 1)), reading),
    ):
        if later is None or earlier is None or later.yoy is None or later.yoy <= -1 or _fits(later, later.yoy, earlier):
            continue
        implied = amount(four_digits(later.value / (1 + later.yoy)), indicator)
        yield (
            f"A growth of {percent(later.yoy)} to {amount(later.value, indicator)} in {format_period(later.period)} "
            f"means about {implied} a year before, but {_status(reading, earlier)} {known(earlier, indicator)}."
        )
        return


def _revision(reading: Reading, indicator: Indicator, history: History) -> Iterator[str]:
    """Give a revision by an order of magnitude."""
    current = history.fact(reading)
    if current is None or _factor(reading.value, current.value, _slack(reading, current, indicator)) <= SLIP:
        return
    yield f"It would revise {known(current, indicator)} to {amount(reading.value, indicator)}."


def _jump(reading: Reading, indicator: Indicator, history: History) -> Iterator[str]:
    """Give a value an order of magnitude away from most of those it is comparable with: one of them may be wrong."""
    alike = _alike(reading, indicator, history)
    near = alike or list(islice(history.nearest(reading), COMPARED))
    far = [other for other in near if _is_far(reading, other, indicator, same_span=bool(alike))]
    if len(far) * 2 > len(near):
        value, direction = amount(reading.value, indicator), "above" if reading.value > far[0].value else "below"
        compared = ", ".join(known(other, indicator) for other in far)
        yield f"{value} is an order of magnitude {direction} what is known{'' if alike else ' per day'}: {compared}."


def _alike(reading: Reading, indicator: Indicator, history: History) -> list[Reading]:
    """Return the readings whose values compare directly: of a level the nearest, of a flow the same season's."""
    if indicator.measure is Measure.LEVEL:
        return list(islice(history.nearest(reading), COMPARED))
    season = (history.fact(reading, a_year_from(reading.period, years)) for years in NEIGHBOURING_YEARS)
    of_season = list(islice((other for other in season if other is not None), COMPARED))
    if of_season:
        return of_season
    days = _days(reading)
    same_span = (other for other in history.nearest(reading) if abs(days - _days(other)) <= SAME_SPAN_DAYS)
    return list(islice(same_span, COMPARED))


def _is_far(reading: Reading, other: Reading, indicator: Indicator, *, same_span: bool) -> bool:
    slack = _slack(reading, other, indicator)
    if not same_span:
        return _factor(reading.value, other.value * _days(reading) / _days(other), slack) > OTHER_SPAN
    if reading.value < other.value:
        return _factor(reading.value, other.value, slack) > FALL
    years = max(0, _distance_days(reading, other) // DAYS_PER_YEAR - 1)
    return _factor(reading.value, other.value, slack) > SLIP * PER_YEAR**years


@lru_cache(maxsize=4096)
def a_year_from(period: Period, years: int) -> Period:
    """Return the same period `years` later; the end of February stays the end of February.

    >>> a_year_from(Period(date(2025, 1, 1), date(2025, 2, 28)), -1).end
    datetime.date(2024, 2, 29)
    """
    start, after = (_shifted(day, years) for day in (period.start, period.end + ONE_DAY))
    return Period(start, after - ONE_DAY)


def _shifted(day: date, years: int) -> date:
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year + years, day=last)


def _takes_both_signs(reading: Reading, indicator: Indicator, history: History) -> bool:
    """Return whether the indicator may be negative: then falls are legitimate and ratios mean nothing."""
    declared = indicator.lowest is not None and indicator.lowest < 0
    return declared or reading.value < 0 or history.was_negative(reading)


def _explained_by_growth(reading: Reading, history: History) -> bool:
    """Return whether the publisher's own growth rate leads back to a known value (`_growth` has checked that)."""
    return reading.yoy is not None and history.fact(reading, a_year_from(reading.period, -1)) is not None


def _fits(later: Reading, yoy: Decimal, earlier: Reading) -> bool:
    least = _lowest(later) / (1 + yoy + HALF_PERCENT) * (1 - GROWTH_TOLERANCE)
    below = 1 + yoy - HALF_PERCENT
    most = _highest(later) / below * (1 + GROWTH_TOLERANCE) if below > 0 else None
    return _highest(earlier) >= least and (most is None or _lowest(earlier) <= most)


def _status(reading: Reading, earlier: Reading) -> str:
    return "this reading says" if earlier is reading else "known is"


def _lowest(reading: Reading) -> Decimal:
    inexact = INEXACT if reading.qualifier is Qualifier.ABOUT else 0
    return (reading.value - reading.rounding) * (1 - inexact)


def _highest(reading: Reading) -> Decimal:
    inexact = INEXACT if reading.qualifier is not Qualifier.EXACT else 0
    return (reading.value + reading.rounding) * (1 + inexact)


def _factor(one: Decimal, other: Decimal, slack: Decimal) -> Decimal:
    """Return how many times the larger is the smaller; nothing can be said against a known nought."""
    if other == 0:
        return Decimal(1)
    small, large = sorted((one + slack, other + slack))
    return large / small if small > 0 else Decimal("Infinity")


def _slack(reading: Reading, other: Reading, indicator: Indicator) -> Decimal:
    """Return what is added to both sides of a ratio, so that small figures may move manifold."""
    unit = parse_unit(indicator.unit)
    slack = reading.rounding + other.rounding
    if unit.base in {"%", "pp", "ratio"}:
        return slack + Decimal(SMALL).scaleb(-2 if unit.base == "ratio" else 0)
    counts = unit.power == 0 and unit.base not in CURRENCIES and reading.value % 1 == 0 and other.value % 1 == 0
    return slack + SMALL if counts else slack


def _days(reading: Reading) -> int:
    return (reading.period.end - reading.period.start).days + 1


def _distance_days(one: Reading, other: Reading) -> int:
    return abs((one.period.end - other.period.end).days)
