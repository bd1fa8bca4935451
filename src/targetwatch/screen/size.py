"""Is a figure of the right size? A revision, or a jump, by an order of magnitude.

The thresholds were tried on 500 public monthly series, ten years of each: of Australian retail turnover and US
employment none of 53,000 true readings was held, and more than 99 % of the same multiplied or divided by ten were; of
livestock and of prescriptions, which do jump, 0.4 to 1.8 % of the true ones were held, and 87 to 100 % of the slips.
Of the first year of 875 such series, told as running totals with nothing before, 12 of 10,500 true ones were held and
86 % of those multiplied by ten (with the limit of unlike spans for totals of one start too: 10, and 56 %).
"""

from __future__ import annotations

from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

from targetwatch.model import Indicator, Measure, Reading
from targetwatch.quantity import CURRENCIES, parse_unit
from targetwatch.screen.words import amount, known

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from targetwatch.screen.history import History

SLIP = Decimal("6.3")
"""10^0.8: a slip of ten upward shows even when the truth itself fell by 37 %, and fivefold growth passes."""
FALL = Decimal(4)
"""What grows does not shrink by as much: a slip of ten downward shows even when the truth grew 2.5-fold."""
OTHER_SPAN = Decimal(10)
"""Daily rates of unlike spans also differ by season, so more is allowed."""
PER_YEAR = Decimal(2)
"""After a gap a reading may be twice as far above for each further year without one."""
SMALL = 3
"""Counts of a few things, and percentages near nought, may move manifold: added to both sides of a ratio."""
NEIGHBOURING_YEARS = (-1, 1, -2, 2, -3, 3)
COMPARED = 3
KNOWN_SEASON = 2
"""One year does not show a season yet: a value within the range of late is believed then."""
LATE = 12
SAME_SPAN_DAYS = 3
DAYS_PER_YEAR = 365


def revision(reading: Reading, indicator: Indicator, history: History) -> Iterator[str]:
    """Give a revision by an order of magnitude."""
    current = history.fact(reading)
    if current is not None and _factor(reading.value, current.value, _slack(reading, current, indicator)) > SLIP:
        yield f"It would revise {known(current, indicator)} to {amount(reading.value, indicator)}."


def jump(reading: Reading, indicator: Indicator, history: History) -> Iterator[str]:
    """Give a value an order of magnitude away from all it can be compared with.

    A flow is compared with the same season of other years, and while fewer than two are known also with the readings
    of late of the same length; a level with those of late; what has neither with the daily rate of any.
    """
    level = indicator.measure is Measure.LEVEL
    season = [] if level else _of_season(reading, history)
    late = [] if len(season) >= KNOWN_SEASON else _of_late(reading, history, any_span=level)
    if not season and not late:
        yield from _jump_by_the_day(reading, indicator, history)
        return
    believed = season and not _far_from_most(reading, season, indicator)
    within = late and not all(_is_far(reading, other, indicator, gap_years=_gap_years(reading, late)) for other in late)
    if not believed and not within:
        yield _sentence(reading, indicator, season or late[:COMPARED], how="")


def _of_season(reading: Reading, history: History) -> list[Reading]:
    facts = (history.fact(reading, years=years) for years in NEIGHBOURING_YEARS)
    return list(islice((fact for fact in facts if fact is not None), COMPARED))


def _of_late(reading: Reading, history: History, *, any_span: bool) -> list[Reading]:
    days = _days(reading)
    nearest = history.nearest(reading)
    alike = (other for other in nearest if any_span or abs(days - _days(other)) <= SAME_SPAN_DAYS)
    return list(islice(alike, LATE))


def _far_from_most(reading: Reading, others: Sequence[Reading], indicator: Indicator) -> bool:
    """Return whether the nearest is far, which may be wrong itself, and most are, which growth may have outrun."""
    gap_years = _gap_years(reading, others)
    far = [_is_far(reading, other, indicator, gap_years=gap_years) for other in others]
    return far[0] and sum(far) * 2 > len(far)


def _is_far(reading: Reading, other: Reading, indicator: Indicator, *, gap_years: int) -> bool:
    allowed = FALL if reading.value < other.value else SLIP * PER_YEAR**gap_years
    return _factor(reading.value, other.value, _slack(reading, other, indicator)) > allowed


def _jump_by_the_day(reading: Reading, indicator: Indicator, history: History) -> Iterator[str]:
    others = list(islice(history.nearest(reading), COMPARED))
    expected = [other.value * _days(reading) / _days(other) for other in others]
    far = [
        other
        for other, value in zip(others, expected, strict=True)
        if _factor(reading.value, value, _slack(reading, other, indicator)) > _allowed_by_the_day(reading, other)
    ]
    if len(far) * 2 > len(others):
        yield _sentence(reading, indicator, far, how=" per day")


def _allowed_by_the_day(reading: Reading, other: Reading) -> Decimal:
    """Return how far apart two daily rates may be: less when one total goes on from the other."""
    return SLIP if other.period.start == reading.period.start else OTHER_SPAN


def _sentence(reading: Reading, indicator: Indicator, others: Sequence[Reading], *, how: str) -> str:
    rate = 1 if not how else Decimal(_days(reading)) / _days(others[0])
    direction = "above" if reading.value > others[0].value * rate else "below"
    cited = ", ".join(known(other, indicator) for other in others)
    return f"{amount(reading.value, indicator)} is an order of magnitude {direction} what is known{how}: {cited}."


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


def _gap_years(reading: Reading, others: Sequence[Reading]) -> int:
    return max(0, abs((others[0].period.end - reading.period.end).days) // DAYS_PER_YEAR - 1)


def _days(reading: Reading) -> int:
    return (reading.period.end - reading.period.start).days + 1
