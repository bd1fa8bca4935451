"""Is a figure of the right size? A revision, or a jump, by an order of magnitude.

The thresholds were tried on 500 public monthly series, ten years of each: of Australian retail turnover and US
employment none of 53,000 true readings was held, and more than 99 % of the same multiplied or divided by ten were; of
livestock and of prescriptions, which do jump, 0.4 to 1.8 % of the true ones were held, and 87 to 100 % of the slips.
Of running totals in the first year of 875 such series, with one to five of the year known and nothing before, 0.1 % of
3,062 true ones were held, 85 % of those multiplied by ten and 94 % of those divided by it. Where the season was last
known three years before and one to five other totals since: 1.0 % of 3,031, 76 % and 88 % (3.6, 5 and 93 % when the
season alone decided, with what that many years may change allowed).
"""

from __future__ import annotations

from decimal import Decimal
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from targetwatch.model import Indicator, Measure, Reading
from targetwatch.quantity import CURRENCIES, parse_unit
from targetwatch.screen.words import amount, known

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from targetwatch.screen.history import History

SLIP = Decimal("6.3")
"""10^0.8: a slip of ten upward shows even when the truth itself fell by 37 %, and fivefold growth passes."""
FALL = Decimal(4)
"""What grows does not shrink by as much: a slip of ten downward shows even when the truth grew 2.5-fold."""
PER_SPAN = Decimal("0.2")
"""Daily rates of unlike spans also differ by season: more is allowed by this power of how many times one is longer.

Of running totals of development series, .15 to .25 caught within two points of a hundred of the same slips."""
OTHER_SPAN = Decimal(10)
"""The most that is allowed to the daily rates of unlike spans."""
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
    of late of the same length; a level with those of late; what has neither with the daily rate of any. A season known
    only of years ago can bear a value out, but what is known since decides whether it is held.
    """
    level = indicator.measure is Measure.LEVEL
    season = [] if level else _of_season(reading, history)
    since = _since(season, reading, history) if season and _gap_years(reading, season) > 0 else []
    if since:
        if not _far_from_most(reading, season, indicator, gap_years=0):
            return
        season = []
    late = [] if len(season) >= KNOWN_SEASON else _of_late(reading, since or history.nearest(reading), any_span=level)
    if not season and not late:
        yield from _jump_by_the_day(reading, indicator, since or history.nearest(reading))
        return
    if season and not _far_from_most(reading, season, indicator, gap_years=_gap_years(reading, season)):
        return
    if late and not all(_is_far(reading, other, indicator, gap_years=_gap_years(reading, late)) for other in late):
        return
    yield _sentence(reading, indicator, season or late[:COMPARED], how="")


def _of_season(reading: Reading, history: History) -> list[Reading]:
    facts = (history.fact(reading, years=years) for years in NEIGHBOURING_YEARS)
    return list(islice((fact for fact in facts if fact is not None), COMPARED))


def _since(season: Sequence[Reading], reading: Reading, history: History) -> list[Reading]:
    """Return what is known nearer to a reading than its season is, the nearest first."""
    far = _days_between(reading, season[0])
    nearer = takewhile(lambda other: _days_between(reading, other) < far, history.nearest(reading))
    return [other for other in nearer if other not in season]


def _of_late(reading: Reading, nearest: Iterable[Reading], *, any_span: bool) -> list[Reading]:
    days = _days(reading)
    alike = (other for other in nearest if any_span or abs(days - _days(other)) <= SAME_SPAN_DAYS)
    return list(islice(alike, LATE))


def _far_from_most(reading: Reading, others: Sequence[Reading], indicator: Indicator, *, gap_years: int) -> bool:
    """Return whether the nearest is far, which may be wrong itself, and most are, which growth may have outrun."""
    far = [_is_far(reading, other, indicator, gap_years=gap_years) for other in others]
    return far[0] and sum(far) * 2 > len(far)


def _is_far(reading: Reading, other: Reading, indicator: Indicator, *, gap_years: int) -> bool:
    allowed = FALL if reading.value < other.value else SLIP * PER_YEAR**gap_years
    return _factor(reading.value, other.value, _slack(reading, other, indicator)) > allowed


def _jump_by_the_day(reading: Reading, indicator: Indicator, nearest: Iterable[Reading]) -> Iterator[str]:
    others = list(islice(nearest, COMPARED))
    gap_years = _gap_years(reading, others) if others else 0
    far = [other for other in others if _is_far_by_the_day(reading, other, indicator, gap_years=gap_years)]
    if len(far) * 2 > len(others):
        yield _sentence(reading, indicator, far, how=" per day")


def _is_far_by_the_day(reading: Reading, other: Reading, indicator: Indicator, *, gap_years: int) -> bool:
    spans = Decimal(_days(reading)) / _days(other)
    expected = other.value * spans
    falls = reading.value < expected
    allowed = min((FALL if falls else SLIP) * max(spans, 1 / spans) ** PER_SPAN, OTHER_SPAN)
    allowed *= 1 if falls else PER_YEAR**gap_years
    return _factor(reading.value, expected, _slack(reading, other, indicator)) > allowed


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
    return max(0, _days_between(reading, others[0]) // DAYS_PER_YEAR - 1)


def _days_between(one: Reading, other: Reading) -> int:
    return abs((one.period.end - other.period.end).days)


def _days(reading: Reading) -> int:
    return (reading.period.end - reading.period.start).days + 1
