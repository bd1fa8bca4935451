"""What in an indicator's past speaks against a reading: a fall, a growth rate that does not fit, a wrong size.

The tolerances were set on the published figures the service starts with: there the growth rates agree with last
year's values to 1 %, while figures of another scope or magnitude miss by half or more.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from targetwatch.model import Basis, Indicator, Measure, Qualifier, Reading
from targetwatch.quantity import format_period, parse_unit
from targetwatch.screen import size
from targetwatch.screen.words import amount, four_digits, known, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from targetwatch.screen.history import History

GROWTH_TOLERANCE = Decimal("0.1")
INEXACT = Decimal("0.1")
"""How far "over" and "about" may lie from the truth."""
HALF_PERCENT = Decimal("0.005")


def reasons(reading: Reading, indicator: Indicator, history: History) -> Iterator[str]:
    """Give what the past says against the reading, the plainest first."""
    if indicator.measure is Measure.MILESTONES:
        return
    if _takes_both_signs(reading, indicator, history):
        return
    if indicator.measure is Measure.FLOW:
        yield from _fall(reading, indicator, history)
    yield from _growth(reading, indicator, history)
    yield from size.revision(reading, indicator, history)
    if not _explained_by_growth(reading, history):
        yield from size.jump(reading, indicator, history)


def _fall(reading: Reading, indicator: Indicator, history: History) -> Iterator[str]:
    """Give a running total that falls: a year-to-date within its year, a total since its start."""
    if reading.basis not in {Basis.YEAR_TO_DATE, Basis.SINCE_START}:
        return
    total = "year-to-date" if reading.basis is Basis.YEAR_TO_DATE else "running total"
    for other in sorted(history.of_same_start(reading), key=lambda other: abs(other.period.end - reading.period.end)):
        earlier, later = sorted((other, reading), key=lambda one: one.period.end)
        if _highest(later) >= _lowest(earlier):
            continue
        said = f"The {total} of {reading.publisher} would"
        if later is reading:
            yield f"{said} fall from {known(earlier, indicator)} to {known(later, indicator)}."
        else:
            grown = known(later, indicator)
            yield f"{said} be {known(earlier, indicator)}, more than what it has grown to later: {grown}."
        return


def _growth(reading: Reading, indicator: Indicator, history: History) -> Iterator[str]:
    """Give a published growth rate that does not fit the value known of the year before, or of the year after."""
    if parse_unit(indicator.unit).base in {"%", "pp"}:
        return
    for later, earlier in (
        (reading, history.fact(reading, years=-1)),
        (history.fact(reading, years=1), reading),
    ):
        if later is None or earlier is None or later.yoy is None or later.yoy <= -1 or _fits(later, later.yoy, earlier):
            continue
        implied = amount(four_digits(later.value / (1 + later.yoy)), indicator)
        yield (
            f"A growth of {percent(later.yoy)} to {amount(later.value, indicator)} in {format_period(later.period)} "
            f"means about {implied} a year before, but {_status(reading, earlier)} {known(earlier, indicator)}."
        )
        return


def _takes_both_signs(reading: Reading, indicator: Indicator, history: History) -> bool:
    """Return whether the indicator may be negative: then falls are legitimate and ratios mean nothing."""
    declared = indicator.lowest is not None and indicator.lowest < 0
    return declared or reading.value < 0 or history.was_negative(reading)


def _explained_by_growth(reading: Reading, history: History) -> bool:
    """Return whether the publisher's own growth rate leads back to a known value (`_growth` has checked that)."""
    return reading.yoy is not None and history.fact(reading, years=-1) is not None


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
