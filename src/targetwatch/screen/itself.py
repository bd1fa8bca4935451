"""What speaks against a reading taken by itself: dates, unit, bounds, basis, and its own quote."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from targetwatch.errors import QuantityError
from targetwatch.model import Basis, Indicator, Measure, Reading
from targetwatch.quantity import Quantity, in_unit, quantities_in
from targetwatch.screen.words import amount, percent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

FITTING: dict[Measure, frozenset[Basis]] = {
    Measure.FLOW: frozenset({Basis.PERIOD, Basis.YEAR_TO_DATE, Basis.SINCE_START}),
    Measure.LEVEL: frozenset({Basis.POINT, Basis.PERIOD, Basis.YEAR_TO_DATE}),
    Measure.MILESTONES: frozenset({Basis.EVENT}),
}
SLIPS = (-4, -3, -2, -1, 1, 2, 3, 4)
"""Powers of ten by which a magnitude is misread: 亿 is a tenth of a billion, 万 ten thousand."""
FEWEST_DIGITS = 2
"""Among several figures one digit agrees with another by chance; two seldom do."""


def reasons(reading: Reading, indicator: Indicator, today: date) -> Iterator[str]:
    """Give what speaks against the reading, the plainest first."""
    if reading.basis not in FITTING[indicator.measure]:
        fitting = ", ".join(basis for basis in Basis if basis in FITTING[indicator.measure])
        yield f"A {indicator.measure} is reported as {fitting}, but this reading says {reading.basis}."
        return
    if reading.unit is not None and indicator.measure is not Measure.MILESTONES:
        yield f"The reading says {reading.unit or 'no unit'}, but the indicator counts {indicator.unit}."
    yield from _dates(reading, today)
    yield from _bounds(reading, indicator)
    if reading.yoy is not None and reading.yoy <= -1:
        yield f"A growth of {percent(reading.yoy)} would leave nothing or less."
    yield from _quote(reading, indicator)


def quote_agrees(reading: Reading, indicator: Indicator) -> bool | None:
    """Return whether the quote names the value; None when it names no figure in the indicator's unit."""
    said = [quantity.value for quantity in _said_in(reading.quote, indicator)]
    return any(_agrees(value, reading) for value in said) if said else None


def _dates(reading: Reading, today: date) -> Iterator[str]:
    published, end = reading.published_on, reading.period.end
    if end > today:
        yield f"The period ends on {end}, after today, {today}."
    if published is not None and published > today:
        yield f"It is said to be published on {published}, after today, {today}."
    if published is not None and end > published:
        yield f"The period ends on {end}, after the day of publication, {published}."


def _bounds(reading: Reading, indicator: Indicator) -> Iterator[str]:
    value = amount(reading.value, indicator)
    if indicator.lowest is not None and reading.value < indicator.lowest:
        yield f"{value} is below the lowest plausible value, {amount(indicator.lowest, indicator)}."
    if indicator.highest is not None and reading.value > indicator.highest:
        yield f"{value} is above the highest plausible value, {amount(indicator.highest, indicator)}."


def _quote(reading: Reading, indicator: Indicator) -> Iterator[str]:
    """Give the tenfold slip between the value and the quote it is taken from."""
    if not reading.quote or reading.basis is Basis.EVENT or not reading.value:
        return
    said = [quantity for quantity in _said_in(reading.quote, indicator) if quantity.value]
    by_chance = len(said) > 1 and _significant_digits(reading.value) < FEWEST_DIGITS
    if by_chance or any(_agrees(quantity.value, reading) for quantity in said):
        return
    for quantity in said:
        for power in SLIPS:
            if _agrees(quantity.value.scaleb(power), reading):
                times = f"{Decimal(10) ** abs(power):,f} times {'larger' if power > 0 else 'smaller'}"
                yield (
                    f"The quote says '{quantity.text}', which is {amount(quantity.value, indicator)}, but the value is "
                    f"{amount(reading.value, indicator)}, {times}."
                )
                return


def _said_in(quote: str, indicator: Indicator) -> Iterator[Quantity]:
    """Give the figures of the quote that name their unit, in the indicator's unit."""
    for quantity in quantities_in(quote):
        if quantity.unit is None:
            continue
        try:
            yield in_unit(quantity, indicator.unit)
        except QuantityError:
            continue  # another unit: it speaks of something else


def _agrees(said: Decimal, reading: Reading) -> bool:
    return abs(said - reading.value) <= reading.rounding


def _significant_digits(value: Decimal) -> int:
    return len(value.normalize().as_tuple().digits)
