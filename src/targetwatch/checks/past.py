"""What in an indicator's past speaks against a reading: a fall, a growth rate that does not fit, a wrong size, a sum.

The tolerances were set on the published figures the service starts with: there the growth rates agree with last
year's values to 1 %, while figures of another scope or magnitude miss by half or more.

The thresholds of a wrong size were tried on 500 public monthly series, ten years each: of Australian retail turnover
and US employment none of 53,000 true readings was held, and more than 99 % of the same times or divided by ten were; of
livestock and of prescriptions, which do jump, 0.4 to 1.8 % of the true ones were held, and 87 to 100 % of the slips.
Of running totals in the first year of 875 such series, with one to five of the year known and nothing before, 0.1 % of
3,062 true ones were held, 85 % of those multiplied by ten and 94 % of those divided by it. Where the season was last
known three years before and one to five other totals since: 1.0 % of 3,031, 76 % and 88 % (3.6, 5 and 93 % when the
season alone decided, with what that many years may change allowed).
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import islice, takewhile

from targetwatch.evaluation.days import is_month_end, month_end
from targetwatch.model import Basis, Indicator, Measure, Period, Qualifier, Reading
from targetwatch.model.problem import Amount, Name, Problem, Ratio, Value
from targetwatch.quantity import parse_unit

GROWTH_TOLERANCE = Decimal("0.1")
INEXACT = Decimal("0.1")
"""How far "over" and "about" may lie from the truth."""
HALF_PERCENT = Decimal("0.005")
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
FEBRUARY = 2


def problems(reading: Reading, indicator: Indicator, history: History) -> Iterator[Problem]:
    """Give what the past says against the reading, the plainest first."""
    if indicator.measure is Measure.MILESTONES:
        return
    if _takes_both_signs(reading, indicator, history):
        return
    if indicator.measure is Measure.FLOW:
        yield from _fall(reading, indicator, history)
        yield from from_totals(reading, indicator, history)
    yield from _growth(reading, indicator, history)
    yield from _revision(reading, indicator, history)
    if not _explained_by_growth(reading, history):
        yield from _jump(reading, indicator, history)


def _fall(reading: Reading, indicator: Indicator, history: History) -> Iterator[Problem]:
    """Give a running total that falls: a year-to-date within its year, a total since its start."""
    if reading.basis not in {Basis.YEAR_TO_DATE, Basis.SINCE_START}:
        return
    total = "year_to_date" if reading.basis is Basis.YEAR_TO_DATE else "running_total"
    for other in sorted(history.of_same_start(reading), key=lambda other: abs(other.period.end - reading.period.end)):
        earlier, later = sorted((other, reading), key=lambda one: one.period.end)
        if _highest(later) >= _lowest(earlier):
            continue
        figures = {"earlier": _figure(earlier, indicator), "later": _figure(later, indicator)}
        code = f"{total}_falls" if later is reading else f"{total}_above_later"
        yield Problem(code, {"publisher": Name("publisher", reading.publisher), **figures})
        return


def _growth(reading: Reading, indicator: Indicator, history: History) -> Iterator[Problem]:
    """Give a published growth rate that does not fit the value known of the year before, or of the year after."""
    if parse_unit(indicator.unit).base in {"%", "pp"}:
        return
    for later, earlier in (
        (reading, history.fact(reading, years=-1)),
        (history.fact(reading, years=1), reading),
    ):
        if later is None or earlier is None or later.yoy is None or later.yoy <= -1 or _fits(later, later.yoy, earlier):
            continue
        values: dict[str, Value] = {
            "growth": Ratio(later.yoy),
            "value": Amount(later.value, indicator.unit),
            "period": later.period,
            "implied": Amount.computed(later.value / (1 + later.yoy), indicator.unit),
            "earlier": _figure(earlier, indicator),
        }
        yield Problem("growth_of_next_year_differs" if earlier is reading else "growth_differs", values)
        return


def _revision(reading: Reading, indicator: Indicator, history: History) -> Iterator[Problem]:
    """Give a revision by an order of magnitude."""
    current = history.fact(reading)
    if current is not None and _factor(reading.value, current.value, _slack(reading, current, indicator)) > SLIP:
        value = Amount(reading.value, indicator.unit)
        yield Problem("large_revision", {"current": _figure(current, indicator), "value": value})


def _jump(reading: Reading, indicator: Indicator, history: History) -> Iterator[Problem]:
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
    if not season and len(late) < COMPARED and is_month(reading) and reading.value < late[0].value:
        return
    if season and not _far_from_most(reading, season, indicator, gap_years=_gap_years(reading, season)):
        return
    if season and _grows_like_the_last(reading, indicator, history):
        return
    if late and not all(_is_far(reading, other, indicator, gap_years=_gap_years(reading, late)) for other in late):
        return
    yield _jump_problem(reading, indicator, season or late[:COMPARED])


def _grows_like_the_last(reading: Reading, indicator: Indicator, history: History) -> bool:
    """Return whether a figure is near last year's times the growth of the last figure of the same length."""
    last_year = history.fact(reading, years=-1)
    last = next(
        (
            one
            for one in _of_late(reading, history.nearest(reading), any_span=False)
            if one.period.end < reading.period.end
        ),
        None,
    )
    before = None if last is None else history.fact(last, years=-1)
    if last is None or last_year is None or before is None or before.value <= 0:
        return False
    return not _is_far(
        reading, replace(last_year, value=last_year.value * last.value / before.value), indicator, gap_years=0
    )


def _of_season(reading: Reading, history: History) -> list[Reading]:
    facts = (history.fact(reading, years=years) for years in NEIGHBOURING_YEARS)
    return list(islice((fact for fact in facts if fact is not None), COMPARED))


def _since(season: Sequence[Reading], reading: Reading, history: History) -> list[Reading]:
    """Return what is known nearer to a reading than its season is, the nearest first."""
    far = _days_between(reading, season[0])
    nearer = takewhile(lambda other: _days_between(reading, other) < far, history.nearest(reading))
    return [other for other in nearer if other not in season]


def _of_late(reading: Reading, nearest: Iterable[Reading], *, any_span: bool) -> list[Reading]:
    days = reading.period.days
    alike = (other for other in nearest if any_span or abs(days - other.period.days) <= SAME_SPAN_DAYS)
    return list(islice(alike, LATE))


def _far_from_most(reading: Reading, others: Sequence[Reading], indicator: Indicator, *, gap_years: int) -> bool:
    """Return whether the nearest is far, which may be wrong itself, and most are, which growth may have outrun."""
    far = [_is_far(reading, other, indicator, gap_years=gap_years) for other in others]
    return far[0] and sum(far) * 2 > len(far)


def _is_far(reading: Reading, other: Reading, indicator: Indicator, *, gap_years: int) -> bool:
    allowed = FALL if reading.value < other.value else SLIP * PER_YEAR**gap_years
    return _factor(reading.value, other.value, _slack(reading, other, indicator)) > allowed


def _jump_by_the_day(reading: Reading, indicator: Indicator, nearest: Iterable[Reading]) -> Iterator[Problem]:
    others = list(islice(nearest, COMPARED))
    gap_years = _gap_years(reading, others) if others else 0
    far = [other for other in others if _is_far_by_the_day(reading, other, indicator, gap_years=gap_years)]
    if len(far) * 2 > len(others):
        yield _jump_problem(reading, indicator, far, per_day=True)


def _is_far_by_the_day(reading: Reading, other: Reading, indicator: Indicator, *, gap_years: int) -> bool:
    spans = Decimal(reading.period.days) / other.period.days
    expected = other.value * spans
    falls = reading.value < expected
    allowed = min((FALL if falls else SLIP) * max(spans, 1 / spans) ** PER_SPAN, OTHER_SPAN)
    allowed *= 1 if falls else PER_YEAR**gap_years
    return _factor(reading.value, expected, _slack(reading, other, indicator)) > allowed


def _jump_problem(
    reading: Reading, indicator: Indicator, others: Sequence[Reading], *, per_day: bool = False
) -> Problem:
    rate = Decimal(reading.period.days) / others[0].period.days if per_day else 1
    direction = "above" if reading.value > others[0].value * rate else "below"
    figures = tuple(_figure(other, indicator) for other in others)
    values: dict[str, Value] = {"value": Amount(reading.value, indicator.unit), "known": figures}
    return Problem(f"far_{direction}_per_day" if per_day else f"far_{direction}", values)


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
    counts = unit.counts_things and reading.value % 1 == 0 and other.value % 1 == 0
    return slack + SMALL if counts else slack


def _gap_years(reading: Reading, others: Sequence[Reading]) -> int:
    return max(0, _days_between(reading, others[0]) // DAYS_PER_YEAR - 1)


def _days_between(one: Reading, other: Reading) -> int:
    return abs((one.period.end - other.period.end).days)


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


def _figure(reading: Reading, indicator: Indicator) -> Problem:
    """Return a reading as a problem cites it: value, period, publication."""
    values: dict[str, Value] = {"value": Amount(reading.value, indicator.unit), "period": reading.period}
    if reading.published_on is None:
        return Problem("figure", values)
    return Problem("figure_published", {**values, "published": reading.published_on})


def _lowest(reading: Reading) -> Decimal:
    inexact = INEXACT if reading.qualifier is Qualifier.ABOUT else 0
    return (reading.value - reading.rounding) * (1 - inexact)


def _highest(reading: Reading) -> Decimal:
    inexact = INEXACT if reading.qualifier is not Qualifier.EXACT else 0
    return (reading.value + reading.rounding) * (1 + inexact)


LONGEST_MONTH = 31
SHORTEST_MONTH = 28
MONTHS = 12
"""A year of months is what a usual month is taken from, with every season in it."""
LEAST, MOST = Decimal("0.6"), Decimal(4)
"""What a figure holds beyond the sum so far, in usual months, when it is taken for the total."""
INCREMENT = Decimal(4)
"""How many times its pace since its start, by the day, a running total may grow."""
FEW, NOISE = 3, 4
"""Counts of a few things may move manifold: an increment of so many is believed, and so many roots above a month."""


def from_totals(reading: Reading, indicator: Indicator, history: History) -> Iterator[Problem]:
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
    late = list(islice((one for one in months if one.period.end < reading.period.end), MONTHS))
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
    if _counts(reading, indicator) and reading.value <= usual + FEW + NOISE * max(usual, Decimal(0)).sqrt():
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
    allowed = rate * days * INCREMENT + (FEW if _counts(reading, indicator) else 0)
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


@dataclass(slots=True)
class _Series:
    """The facts of one publisher on one basis; `ends` are their periods after their last and first days."""

    in_force: dict[Period, Reading] = field(default_factory=dict)
    ends: list[tuple[int, int, Period]] = field(default_factory=list)
    by_start: dict[date, list[Period]] = field(default_factory=dict)
    negative: bool = False


class History:
    """The readings in force of one indicator; withdrawn ones do not count, a rounder restatement replaces nothing.

    Every question is answered without walking the whole past, so a long history costs no more than a short one.
    """

    def __init__(self, readings: Iterable[Reading] = ()) -> None:
        self._series: dict[tuple[str, Basis], _Series] = {}
        for reading in readings:
            self.add(reading)

    def add(self, reading: Reading) -> None:
        """Take one more reading into account, in any order."""
        if reading.withdrawn_at is not None:
            return
        series = self._series.setdefault((reading.publisher, reading.basis), _Series())
        period = reading.period
        current = series.in_force.get(period)
        if current is None:
            insort(series.ends, (period.end.toordinal(), period.start.toordinal(), period))
            series.by_start.setdefault(period.start, []).append(period)
        if current is None or _supersedes(reading, current):
            series.in_force[period] = reading
            series.negative = series.negative or reading.value < 0

    def fact(self, like: Reading, *, years: int = 0) -> Reading | None:
        """Return what is in force of the fact of `like`, or of the same fact so many years later.

        What a period from New Year counts is the same fact as the year-to-date to its end.
        """
        period = a_year_from(like.period, years) if years else like.period
        own = self._of(like).in_force.get(period)
        from_new_year = (period.start.month, period.start.day) == (1, 1)
        return own if own is not None or not from_new_year else self._other_way(like).in_force.get(period)

    def was_negative(self, like: Reading) -> bool:
        """Return whether the series of `like` (same publisher, same basis) has been below nought."""
        return self._of(like).negative

    def of_same_start(self, like: Reading) -> list[Reading]:
        """Return the rest of the series that starts on the same day: the other totals of a year, or since an epoch."""
        series = self._of(like)
        return [series.in_force[p] for p in series.by_start.get(like.period.start, ()) if p != like.period]

    def nearest(self, like: Reading) -> Iterator[Reading]:
        """Give the rest of the series by the distance of the period's end, the nearest first.

        Where none of the publisher's single periods is known, those of the year to date, and the other way round.
        """
        series = self._of(like)
        if not any(period != like.period for period in series.in_force):
            series = self._other_way(like)
        end = like.period.end.toordinal()
        after = bisect_left(series.ends, (end, like.period.start.toordinal()))
        before = after - 1
        while before >= 0 or after < len(series.ends):
            earlier = end - series.ends[before][0] if before >= 0 else None
            later = series.ends[after][0] - end if after < len(series.ends) else None
            if later is None or (earlier is not None and earlier <= later):
                (_, _, period), before = series.ends[before], before - 1
            else:
                (_, _, period), after = series.ends[after], after + 1
            if period != like.period:
                yield series.in_force[period]

    def _of(self, like: Reading) -> _Series:
        return self._series.get((like.publisher, like.basis), _NOTHING)

    def _other_way(self, like: Reading) -> _Series:
        """Return the same publisher's counts of single periods for a year-to-date, and the other way round."""
        other = {Basis.PERIOD: Basis.YEAR_TO_DATE, Basis.YEAR_TO_DATE: Basis.PERIOD}.get(like.basis)
        return self._series.get((like.publisher, other), _NOTHING) if other is not None else _NOTHING


_NOTHING = _Series()


@lru_cache(maxsize=4096)
def a_year_from(period: Period, years: int) -> Period:
    """Return the same period `years` later; the end of February stays the end of February.

    >>> a_year_from(Period(date(2025, 1, 1), date(2025, 2, 28)), -1).end
    datetime.date(2024, 2, 29)
    """
    end_of_february = period.end.month == FEBRUARY and is_month_end(period.end)
    return Period(_shifted(period.start, years), _shifted(period.end, years, to_last=end_of_february))


def _shifted(day: date, years: int, *, to_last: bool = False) -> date:
    last = month_end(day.year + years, day.month)
    return last if to_last else last.replace(day=min(day.day, last.day))


def _supersedes(reading: Reading, current: Reading) -> bool:
    if current.qualifier is Qualifier.EXACT and reading.qualifier is not Qualifier.EXACT:
        return False
    rounder = reading.qualifier is Qualifier.EXACT and current.qualifier is not Qualifier.EXACT
    return rounder or _order(reading) >= _order(current)


def _order(reading: Reading) -> tuple[date, datetime, int]:
    return (reading.published_on or reading.recorded_at.date(), reading.recorded_at, reading.id or 0)
