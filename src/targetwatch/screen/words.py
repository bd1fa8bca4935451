"""How figures are put into the sentence of a reason."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from targetwatch.quantity import format_period

if TYPE_CHECKING:
    from targetwatch.model import Indicator, Reading


def amount(value: Decimal, indicator: Indicator) -> str:
    """Return a value with its unit: "154,600 TEU"."""
    return f"{_shortest(value)} {indicator.unit}".strip()


def percent(ratio: Decimal) -> str:
    """Return a ratio as a percentage: 0.28 is "28 %"."""
    return f"{_shortest(ratio * 100)} %"


def four_digits(value: Decimal) -> Decimal:
    """Return a computed value as it is spoken of: 120781.25 is about 120,800."""
    return value.quantize(Decimal(1).scaleb(value.adjusted() - 3)) if value else value


def known(reading: Reading, indicator: Indicator) -> str:
    """Return an earlier reading as a reason cites it: value, period, publication."""
    published = f", published {reading.published_on}" if reading.published_on else ""
    return f"{amount(reading.value, indicator)} ({format_period(reading.period)}{published})"


def _shortest(value: Decimal) -> str:
    shown = format(value, ",f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
