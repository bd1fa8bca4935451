"""Amounts, rates, days, odds and stretches of time as they are written in a sentence, in English and Chinese."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from targetwatch.model import DataState, Text

if TYPE_CHECKING:
    from targetwatch.model import Indicator

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WAN, YI = Decimal(10_000), Decimal(100_000_000)
SIGNIFICANT_DIGITS = 4
RATE_DIGITS = 3
"""What is needed a month is an estimate: more digits would promise what nobody knows."""
POINTS_DIGITS = 2
IN_HUNDRED_MILLIONS = {"bn CNY": "亿元", "bn USD": "亿美元"}


def amount(value: Decimal | float, indicator: Indicator) -> Text:
    """Return a value with its unit; a `Decimal` exactly, a float to four significant digits.

    Chinese counts money by the hundred million: 800.68 bn CNY is 8,006.8亿元.
    """
    said, (_, zh) = bare(value, indicator), _chinese_unit(indicator)
    en = indicator.unit_label["en"] or indicator.unit
    return Text(f"{said.en}{'' if en == '%' else ' '}{en}".strip() if en else said.en, f"{said.zh}{zh}")


def bare(value: Decimal | float, indicator: Indicator) -> Text:
    """Return a value without its unit, as it stands before that unit in each language."""
    scale, _ = _chinese_unit(indicator)
    if scale == 1:
        return number(value)
    exact = value if isinstance(value, Decimal) else _rounded(value)
    return Text(_grouped(exact), _grouped(exact * scale))


def rate(value: float, indicator: Indicator) -> Text:
    """Return the size of a change a month, rounded to what matters: points of an index, percentage points, amounts.

    >>> from targetwatch.model import Indicator, Measure
    >>> index = Indicator(id="i", title=Text(), measure=Measure.LEVEL, unit="", unit_label=Text("(2022 = 100)"))
    >>> rate(-0.34375, index).en, rate(-0.34375, index).zh
    ('0.34 points a month', '0.34点')
    """
    size = bare(rough(value, indicator), indicator)
    if _is_share(indicator) or base(indicator)["en"]:
        name = Text("percentage point", "个百分点") if _is_share(indicator) else Text("point", "点")
        return Text(f"{size.en} {name.en}{'' if size.en == '1' else 's'} a month", f"{size.zh}{name.zh}")
    unit = amount(rough(value, indicator), indicator)
    return Text(f"{unit.en} a month", unit.zh)


def rough(value: float, indicator: Indicator) -> Decimal:
    """Return the size of a change a month, in as many digits as matter."""
    few = _is_share(indicator) or bool(base(indicator)["en"])
    return _rounded(abs(value), POINTS_DIGITS if few else RATE_DIGITS)


def base(indicator: Indicator) -> Text:
    """Return what an index is 100 at, "(2022 = 100)", which stands where others have their unit; empty for others."""
    return indicator.unit_label if indicator.unit_label["en"].startswith("(") else Text()


def _is_share(indicator: Indicator) -> bool:
    return (indicator.unit_label["en"] or indicator.unit) == "%"


def again(value: Decimal | float, indicator: Indicator) -> Text:
    """Return a value where an amount of the same indicator stands before it: an index does not say its base twice."""
    return bare(value, indicator) if base(indicator)["en"] else amount(value, indicator)


def chinese_scale(indicator: Indicator) -> int:
    """Return by how much a number grows where a Chinese reader counts in a smaller unit: 1 bn is 10 of 亿."""
    return _chinese_unit(indicator)[0]


def _chinese_unit(indicator: Indicator) -> tuple[int, str]:
    """Return the factor and the name of the unit that a Chinese reader counts in."""
    if indicator.unit in IN_HUNDRED_MILLIONS:
        return 10, IN_HUNDRED_MILLIONS[indicator.unit]
    return 1, indicator.unit_label["zh"] or indicator.unit


def number(value: Decimal | float | None) -> Text:
    """Return a number: a `Decimal` exactly, a float to four significant digits, Chinese in 万 or 亿 where exact."""
    if value is None:
        return Text("?", "?")
    exact = value if isinstance(value, Decimal) else _rounded(value)
    said = _grouped(exact)
    return Text(said, _in_wan_or_yi(exact) or said)


def percent(ratio: float) -> str:
    """Return a ratio as a signed percentage.

    >>> percent(0.0438), percent(-0.119), percent(0)
    ('+4.4 %', '-11.9 %', '0.0 %')
    """
    return f"{ratio * 100:+.1f} %" if round(ratio, 3) else "0.0 %"


def day_words(day: date) -> Text:
    """Return a day as it is written in a sentence."""
    return Text(f"{day.day} {MONTHS[day.month - 1]} {day.year}", f"{day.year}年{day.month}月{day.day}日")


def odds(probability: float) -> Text:
    """Return odds in words people use, never none or all of ten.

    >>> odds(0.93).en, odds(0.999).en, odds(0.01).zh
    ('about 9 in 10', 'better than 19 in 20', '不足5%')
    """
    if probability > 0.95:  # noqa: PLR2004 - beyond nine in ten
        return Text("better than 19 in 20", "九成五以上把握")
    if probability < 0.05:  # noqa: PLR2004 - below one in ten
        return Text("less than 1 in 20", "不足5%")
    tenths = min(max(round(probability * 10), 1), 9)
    return Text(f"about {tenths} in 10", f"约{'一二三四五六七八九'[tenths - 1]}成把握")


def chance(probability: float) -> Text:
    """Return odds as they are said where no label stands before them.

    >>> chance(0.93).zh, chance(0.01).zh
    ('约九成把握', '完成可能性不足5%')
    """
    said = odds(probability)
    return Text(said.en, f"完成可能性{said.zh}" if said.zh.endswith("%") else said.zh)


def age_words(through: date | None, state: DataState, due: date | None, late_days: int) -> Text:
    """Return how old the figures are, and where the next one is: kept apart from how the target goes."""
    if through is None:
        return Text("no figure yet", "尚无数据")
    day = day_words(through)
    said = Text(f"figures to {day.en}", f"数据截至{day.zh}")
    if due is None or state is DataState.FRESH:
        return said
    next_day = day_words(due)
    if state is DataState.LATE:
        days = f"{late_days} day{'' if late_days == 1 else 's'}"
        return Text(
            f"{said.en}; the next was due {next_day.en}, {days} late",
            f"{said.zh}；下一期应于{next_day.zh}公布，已晚{late_days}天",
        )
    return Text(f"{said.en}; the next is due since {next_day.en}", f"{said.zh}；下一期自{next_day.zh}起应公布")


def months_words(months: float) -> Text:
    """Return a stretch of months."""
    count = f"{months:.1f}".removesuffix(".0")
    return Text(f"{count} month{'' if count == '1' else 's'}", f"{count}个月")


def ahead_words(buffer_days: float | None) -> Text:
    """Return how far ahead of plan that is in days; nothing when on plan to the day or unknown."""
    days = round(buffer_days or 0)
    if not days:
        return Text()
    count = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return Text(
        f"; {count} {'ahead of' if days > 0 else 'behind'} plan", f"；{'领先' if days > 0 else '落后'}计划{abs(days)}天"
    )


def _rounded(value: float, digits: int = SIGNIFICANT_DIGITS) -> Decimal:
    return Decimal(f"{value:.{digits}g}") if value else Decimal(0)


def _grouped(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _in_wan_or_yi(value: Decimal) -> str | None:
    """Return the number counted in 万 or 亿 where that keeps every digit within four decimals, else None."""
    if abs(value) < WAN:
        return None
    for size, name in ((YI, "亿"), (WAN, "万")):
        scaled = value / size
        if abs(scaled) >= 1 and scaled == round(scaled, 4):
            return _grouped(scaled) + name
    return None
