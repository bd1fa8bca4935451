"""Indicators computed from others, as readings: totals of a year or the last months, ratios, growth, chained indices.

A derived reading is known on the day its last ingredient was, and a revision of an ingredient is a revision of it, so
that derived indicators can be judged and replayed like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple, cast

from targetwatch.evaluation.days import ONE_DAY, is_month_end, month_end_before, shift_years
from targetwatch.evaluation.series import Flow, in_force, level
from targetwatch.model import AsOf, Basis, Clock, Derived, Indicator, Measure, Period, Reading

SIGNIFICANT_DIGITS = 4


class _Value(NamedTuple):
    value: Decimal
    period: Period
    evidence_url: str
    provisional: bool = False
    rounding: Decimal = Decimal(0)


def derive(
    indicator: Indicator, readings: Mapping[str, Sequence[Reading]], indicators: Mapping[str, Indicator]
) -> tuple[Reading, ...]:
    """Return the readings, all vintages, of a derived indicator; `readings` holds those of its ingredients.

    The vintages are found by computing the values anew at each day an ingredient came to be known. Ingredients without
    a publication date give no derived reading.
    """
    derivation = indicator.derivation
    if derivation is None:
        return ()
    parts = [(indicators[name], readings.get(name, ())) for name in derivation.of]
    out: list[Reading] = []
    last: dict[Period, tuple[Decimal, bool]] = {}
    for event in _events(parts):
        as_of = AsOf.end_of(event)
        known = [(part, in_force(rows, part.authority, as_of)) for part, rows in parts]
        for found in _compute(indicator, known):
            if last.get(found.period) == (found.value, found.provisional):
                continue
            last[found.period] = (found.value, found.provisional)
            out.append(_reading(indicator, found, event, known))
    return tuple(out)


def _events(parts: Iterable[tuple[Indicator, Sequence[Reading]]]) -> list[date]:
    as_of = AsOf.end_of(date.max, clock=Clock.PUBLISHED)
    days = {r.known_on(as_of) for part, rows in parts for r in rows if r.publisher == part.authority}
    return sorted(day for day in days if day is not None)


def _reading(
    indicator: Indicator, found: _Value, event: date, known: Sequence[tuple[Indicator, Sequence[Reading]]]
) -> Reading:
    """Return the derived reading; on the recorded clock it is known once all its ingredients are."""
    recorded = [reading.recorded_at for _, rows in known for reading in rows]
    return Reading(
        indicator=indicator.id,
        basis=Basis.POINT if indicator.measure is Measure.LEVEL else Basis.PERIOD,
        publisher=indicator.authority,
        published_on=event,
        recorded_at=max(recorded),
        source="derived",
        **found._asdict(),
    )


def _compute(indicator: Indicator, known: list[tuple[Indicator, list[Reading]]]) -> list[_Value]:
    derivation = indicator.derivation
    assert derivation is not None
    match derivation.kind:
        case Derived.ANNUAL_TOTAL:
            return _annual_totals(known[0][1])
        case Derived.ROLLING_TOTAL:
            assert derivation.months is not None
            return _rolling_totals(known[0][1], derivation.months)
        case Derived.RATIO:
            return _ratios(known, 100 if indicator.unit == "%" else 1)
        case Derived.GROWTH:
            return _growth(*known[0])
        case Derived.CHAINED:
            assert derivation.base is not None
            assert derivation.base_on is not None
            return _chained(known[0][1], derivation.base, derivation.base_on)


def _annual_totals(readings: list[Reading]) -> list[_Value]:
    years = sorted({reading.period.end.year for reading in readings})
    return _totals(readings, [Period(date(year, 1, 1), date(year, 12, 31)) for year in years])


def _rolling_totals(readings: list[Reading], months: int) -> list[_Value]:
    """Return the totals of the last `months` months at each month's end at which a figure ends."""
    ends = sorted({reading.period.end for reading in readings if is_month_end(reading.period.end)})
    return _totals(readings, [Period(month_end_before(end, months) + ONE_DAY, end) for end in ends])


def _totals(readings: list[Reading], periods: list[Period]) -> list[_Value]:
    """Return what published figures come to over each of the periods, as far as they cover it."""
    flow, values = Flow.of(readings), []
    for period in periods:
        point = flow.since(period.start - ONE_DAY).get(period.end)
        if point is not None and point.reading is not None:
            values.append(_Value(point.value, period, point.reading.evidence_url, point.provisional, point.half_width))
    return values


def _ratios(known: list[tuple[Indicator, list[Reading]]], scale: int) -> list[_Value]:
    """Return numerator over denominator, times `scale`, wherever both are known for the same period and basis.

    The rounding of both parts is carried by the delta method: relative half-widths add up.
    """
    (_, above), (_, below) = known
    denominators = {(reading.period, reading.basis): reading for reading in below}
    values = []
    for reading in above:
        other = denominators.get((reading.period, reading.basis))
        if other is not None and other.value != 0:
            provisional, value = reading.provisional or other.provisional, reading.value / other.value * scale
            rounding = (reading.rounding * scale + abs(value) * other.rounding) / abs(other.value)
            few = in_few_digits(value, rounding)
            values.append(_Value(few, reading.period, reading.evidence_url, provisional, rounding))
    return values


def in_few_digits(value: Decimal, half_width: Decimal = Decimal(0)) -> Decimal:
    """Return what a division or a product comes to, in the digits it deserves: four, all whole ones, no noise.

    >>> in_few_digits(Decimal(402) / 624 * 100), in_few_digits(Decimal("64.4231"), Decimal("0.8"))
    (Decimal('64.42'), Decimal('64.4'))
    """
    place = min(value.adjusted() + 1 - SIGNIFICANT_DIGITS, 0) if value else 0
    if half_width:
        place = max(place, min(half_width.adjusted(), 0))
    return value if cast("int", value.as_tuple().exponent) >= place else value.quantize(Decimal(1).scaleb(place))


def _growth(part: Indicator, readings: list[Reading]) -> list[_Value]:
    """Return growth in percent on the same period a year before: the published rate, else from both values."""
    if part.measure is Measure.LEVEL:
        points = level(readings)
        past = {day: reading.value for day, reading in points.items()}
        pairs = [(reading, past.get(shift_years(day, -1))) for day, reading in points.items()]
    else:
        flow = Flow.of(readings)
        pairs = [
            (
                reading,
                flow.between(shift_years(reading.period.start - ONE_DAY, -1), shift_years(reading.period.end, -1)),
            )
            for reading in readings
            if reading.basis in {Basis.YEAR_TO_DATE, Basis.PERIOD}
        ]
    values = []
    for reading, before in pairs:
        if reading.yoy is not None:
            values.append(_Value(reading.yoy * 100, reading.period, reading.evidence_url, reading.provisional))
        elif before:
            rate = in_few_digits((reading.value / before - 1) * 100)
            values.append(_Value(rate, reading.period, reading.evidence_url, reading.provisional))
    return values


def _chained(readings: list[Reading], base: Decimal, base_on: date) -> list[_Value]:
    """Return an index chained from yearly changes in percent: base, then times (1 + change) year after year."""
    changes = {reading.period.end: reading for reading in level(readings).values()}
    values, index, day = [], base, shift_years(base_on, 1)
    while (reading := changes.get(day)) is not None:
        index *= 1 + reading.value / 100
        values.append(_Value(in_few_digits(index), Period(day, day), reading.evidence_url, reading.provisional))
        day = shift_years(day, 1)
    return values
