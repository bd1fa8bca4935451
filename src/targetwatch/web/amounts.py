"""Amounts, rates and the numbers of an axis as a reader of either language writes them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from babel.numbers import format_compact_decimal

from targetwatch.model import Qualifier
from targetwatch.wording import formats, terms
from targetwatch.wording.translation import N_, Translator, translator

if TYPE_CHECKING:
    from targetwatch.model import Figure, Forecast, Indicator, Reading

WAN, MILLION = 10_000, 1_000_000


@dataclass(frozen=True, slots=True)
class Amounts:
    """Everything that is written with a number, in one language."""

    language: str

    @property
    def _(self) -> Translator:
        return translator(self.language)

    def amount(self, value: Decimal | float | None, indicator: Indicator) -> str:
        """Return a value with its unit; a dash when it is not known."""
        return formats.amount(value, indicator, self._) if value is not None else "—"

    def printed(self, row: Reading | Figure, indicator: Indicator) -> str:
        """Return a figure with what its publisher said of its exactness."""
        text = self.stated(row, indicator)
        if not row.rounding:
            return text
        return self._("{amount} (± {width})", amount=text, width=self.width(row.rounding, indicator))

    def stated(self, row: Reading | Figure, indicator: Indicator) -> str:
        """Return a figure with its publisher's "about" or "over", without the width it was rounded to."""
        text = self.amount(row.value, indicator)
        if row.qualifier is Qualifier.EXACT:
            return text
        return self._(terms.QUALIFIED[row.qualifier], amount=text)

    def width(self, half_width: Decimal, indicator: Indicator) -> str:
        """Return the half-width of a rounded figure; with its unit in Chinese, where the figure may count in 万."""
        return self.amount(half_width, indicator) if self.language == "zh" else f"{half_width.normalize():,f}"

    def bare(self, value: float, indicator: Indicator) -> str:
        """Return a drawn value without its unit, which the axis names."""
        return formats.bare(self.exact(value), indicator, self._)

    def count(self, number: int) -> str:
        """Return how many there are, grouped."""
        return f"{number:,}"

    def percent(self, ratio: float | Decimal | None, *, signed: bool = True) -> str:
        """Return a ratio as a percentage; a dash when it is not known."""
        if ratio is None:
            return "—"
        return formats.percent(float(ratio)) if signed else f"{float(ratio) * 100:.1f} %"

    def change(self, ratio: Decimal | None) -> str:
        """Return a change that was promised.

        >>> Amounts("en").change(Decimal("-0.6")), Amounts("zh").change(Decimal("0.125"))
        ('a cut of 60 %', '增长12.5%')
        """
        wanted = ratio or Decimal(0)
        said = N_("a cut of {size} %") if wanted < 0 else N_("a rise of {size} %")
        return self._(said, size=f"{abs(float(wanted)) * 100:.4g}")

    def number(self, value: float | None, digits: int = 2) -> str:
        """Return a bare number; a dash when it is not known."""
        return f"{value:,.{digits}f}" if value is not None else "—"

    def forecast(self, forecast: Forecast, indicator: Indicator) -> str:
        """Return a forecast's interval around its median."""
        median, low, high = (self.amount(value, indicator) for value in (forecast.median, forecast.low, forecast.high))
        return self._("{median} ({low} to {high})", median=median, low=low, high=high)

    def unit(self, indicator: Indicator) -> str:
        """Return what an axis counts in: Chinese tells money by the hundred million."""
        return formats.unit(indicator, self._).strip("()（）")

    def exact(self, value: float) -> Decimal:
        """Return a drawn value as the amount it stands for."""
        return Decimal(repr(value)).quantize(Decimal("0.0001")) if value else Decimal(0)

    def tick(self, value: float, indicator: Indicator, *, most: float) -> str:
        """Return a value beside a grid line, in the unit the axis names.

        Where `most`, the largest of them, is long, all are written short: 500K, 1.5M. Chinese counts in 万 and 亿.
        """
        is_short = most >= MILLION
        if self.language == "zh":
            value *= formats.scale(indicator, self._)
            is_short = abs(value) >= WAN
        if is_short:
            return format_compact_decimal(value, locale=self.language, fraction_digits=4)
        return f"{value:,.0f}" if value == int(value) else f"{value:,.6g}"
