"""What speaks against a reading taken by itself: dates, unit, bounds, basis, and its own quote."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import permutations

from targetwatch.errors import QuantityError
from targetwatch.evaluation.judge import MEASURES
from targetwatch.model import Basis, Indicator, Measure, Qualifier, Reading
from targetwatch.model.problem import Amount, Name, Problem, Ratio, Value
from targetwatch.quantity import CURRENCIES, Quantity, in_unit, quantities_in

SLIPS = (-4, -3, -2, -1, 1, 2, 3, 4)
"""Powers of ten by which a magnitude is misread: a yi is a tenth of a billion, a wan ten thousand."""
FEWEST_DIGITS = 2
"""Among several figures one digit agrees with another by chance; two seldom do."""
HALF_PERCENT = Decimal("0.005")
"""How far a growth published in whole percent may lie from what it was rounded from."""

PAIRS = {
    ("USD", "CNY"): (Decimal("6.05"), Decimal("8.28")),
    ("EUR", "USD"): (Decimal("0.85"), Decimal("1.58")),
    ("USD", "HKD"): (Decimal("7.74"), Decimal("7.85")),
    ("USD", "JPY"): (Decimal("76.6"), Decimal("160.8")),
}
"""The least and the most of the second that one of the first has bought since 2000; other pairs are not judged.

Means of months from January 2000 to June 2026 by the Federal Reserve (G.5), as in FRED's EXCHUS, EXUSEU, EXHKUS and
EXJPUS: yuan January 2014 and August 2000, euro October 2000 and July 2008, Hong Kong dollar October 2003 and October
2022, yen October 2011 and June 2026. Single days lie up to 4 % further out, within `BEYOND_RANGE`."""
A_PAIR = 2
BEYOND_RANGE = Decimal("0.1")
"""How far an amount rounded, or converted at the rate of a year, may lie outside the range."""


def problems(reading: Reading, indicator: Indicator, today: date) -> Iterator[Problem]:
    """Give what speaks against the reading, the plainest first."""
    if reading.basis not in MEASURES[indicator.measure].bases:
        fitting = tuple(basis for basis in Basis if basis in MEASURES[indicator.measure].bases)
        yield Problem("unfitting_basis", {"measure": indicator.measure, "fitting": fitting, "basis": reading.basis})
        return
    if reading.unit is not None and indicator.measure is not Measure.MILESTONES:
        said: dict[str, Value] = {"unit": reading.unit or Problem("no_unit"), "counted": Name("unit", indicator.unit)}
        yield Problem("unit_differs", said)
    yield from _dates(reading, today)
    yield from _bounds(reading, indicator)
    if reading.yoy is not None and reading.yoy <= -1:
        yield Problem("growth_to_nothing", {"growth": Ratio(reading.yoy)})
    yield from _quote(reading, indicator)
    yield from _currencies(reading, indicator)


def quote_agrees(reading: Reading, indicator: Indicator) -> bool | None:
    """Return whether the quote names the value; None when it names no figure in the indicator's unit."""
    said = [quantity.value for quantity in _said_in(reading.quote, indicator)]
    return any(_agrees(value, reading) for value in said) if said else None


def _dates(reading: Reading, today: date) -> Iterator[Problem]:
    published, end = reading.published_on, reading.period.end
    if end > today:
        yield Problem("ends_after_today", {"end": end, "today": today})
    if published is not None and published > today:
        yield Problem("published_after_today", {"published": published, "today": today})
    if published is not None and end > published:
        yield Problem("ends_after_publication", {"end": end, "published": published})


def _bounds(reading: Reading, indicator: Indicator) -> Iterator[Problem]:
    value = Amount(reading.value, indicator.unit)
    if indicator.lowest is not None and reading.value < indicator.lowest:
        yield Problem("below_lowest", {"value": value, "lowest": Amount(indicator.lowest, indicator.unit)})
    if indicator.highest is not None and reading.value > indicator.highest:
        yield Problem("above_highest", {"value": value, "highest": Amount(indicator.highest, indicator.unit)})


def _quote(reading: Reading, indicator: Indicator) -> Iterator[Problem]:
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
                values: dict[str, Value] = {
                    "quoted": quantity.text,
                    "meant": Amount(quantity.value, indicator.unit),
                    "value": Amount(reading.value, indicator.unit),
                    "times": Decimal(10) ** abs(power),
                }
                yield Problem("larger_than_quoted" if power > 0 else "smaller_than_quoted", values)
                return


def _currencies(reading: Reading, indicator: Indicator) -> Iterator[Problem]:
    """Give one amount said in two currencies when neither can be the other; a quote of more amounts says several."""
    if indicator.measure is Measure.MILESTONES:
        return
    money = [one for one in quantities_in(reading.quote) if one.unit in CURRENCIES and one.value > 0]
    if len(money) != A_PAIR:
        return
    for one, other in permutations(money, 2):
        low, high = PAIRS.get((str(one.unit), str(other.unit)), (None, None))
        if low is None or high is None:
            continue
        rate = other.value / one.value
        if not low * (1 - BEYOND_RANGE) <= rate <= high * (1 + BEYOND_RANGE):
            values: dict[str, Value] = {
                "one": one.text,
                "other": other.text,
                "rate": Amount(rate.quantize(Decimal("0.01")), f"{other.unit}"),
                "base": str(one.unit),
                "low": Amount(low, str(other.unit)),
                "high": Amount(high, str(other.unit)),
            }
            yield Problem("currencies_disagree", values)


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


def own_growth(reading: Reading, before: Reading) -> Decimal | None:
    """Return the growth on our own figure of the year before; None on nothing or less."""
    return reading.value / before.value - 1 if before.value > 0 else None


def growth_differs(reading: Reading, before: Reading) -> bool:
    """Return whether the published growth is another than both figures give, whatever they were rounded from."""
    said = reading.yoy
    if said is None or before.value - before.rounding <= 0:
        return False
    if {before.qualifier, reading.qualifier} != {Qualifier.EXACT}:
        return False
    low = (reading.value - reading.rounding) / (before.value + before.rounding) - 1
    high = (reading.value + reading.rounding) / (before.value - before.rounding) - 1
    exponent = said.as_tuple().exponent
    half_place = HALF_PERCENT.scaleb(min(0, exponent + 2) if isinstance(exponent, int) else 0)
    return not low - half_place <= said <= high + half_place
