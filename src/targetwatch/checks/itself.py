"""What speaks against a reading taken by itself: dates, unit, bounds, basis, its quote; and against a promised goal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import permutations
from typing import TYPE_CHECKING

from targetwatch.errors import QuantityError
from targetwatch.evaluation.judge import MEASURES
from targetwatch.evaluation.versions import resolve
from targetwatch.model import Basis, Indicator, Measure, Qualifier, Reading
from targetwatch.model.problem import Amount, InWords, Name, Problem, Ratio, Value
from targetwatch.quantity import CURRENCIES, Quantity, in_unit, quantities_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from targetwatch.evaluation.versions import Resolved
    from targetwatch.model import Target, TargetVersion

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
    by_chance = len(said) > 1 and len(reading.value.normalize().as_tuple().digits) < FEWEST_DIGITS
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


FAR = 10
"""So many times the goal before, or a part of it so small, is a slip more often than a change of mind."""
BEYOND = 2
"""So many times the most ever published; the goals of the real promises stay below .9 times that."""


def doubt(target: Target, indicator: Indicator, readings: Iterable[Reading]) -> Problem | None:
    """Return why the last goal of a target should be asked about once more; None where it stood before, not undone.

    Sums are compared with the fastest published period, gone on with for as long as the target runs.
    """
    *earlier, last = target.versions
    goal = resolve(last)
    if indicator.measure is Measure.MILESTONES or goal in _not_undone(earlier):
        return None
    value = goal.value if goal.upper is None else goal.upper
    if value is None:
        change = last.goal.relative
        return None if change is None or abs(change) < FAR else Problem("goal_far_change", {"change": Ratio(change)})
    said: dict[str, Value] = {"goal": Amount(value, indicator.unit), "words": InWords(value)}
    before = resolve(earlier[-1]).value if earlier else None
    if before and (abs(value) >= FAR * abs(before) or abs(value) * FAR <= abs(before)):
        return Problem("goal_far_from_last", {**said, "before": Amount(before, indicator.unit)})
    most = _most(last, indicator, readings)
    if most and abs(value) > BEYOND * most:
        return Problem("goal_beyond_published", {**said, "most": Amount.computed(most, indicator.unit)})
    return None


def _not_undone(versions: Iterable[TargetVersion]) -> list[Resolved]:
    """Return what was promised, without a promise after which the one before it was made again."""
    kept: list[Resolved] = []
    for goal in map(resolve, versions):
        if goal in kept[-2:-1]:
            kept.pop()
        else:
            kept.append(goal)
    return kept


def _most(version: TargetVersion, indicator: Indicator, readings: Iterable[Reading]) -> Decimal:
    """Return the most that has ever been published, of sums as much as that is over the whole window."""
    known = [one for one in readings if one.withdrawn_at is None]
    if indicator.measure is Measure.LEVEL or version.deadline is None:
        return max((abs(one.value) for one in known), default=Decimal(0))
    days = (version.deadline - version.start).days + 1
    return max((abs(one.value) / one.period.days * max(days, one.period.days) for one in known), default=Decimal(0))
