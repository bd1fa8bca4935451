"""Amounts, rates, days and odds as they are written within a sentence, in the reader's language."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from urllib.parse import urlsplit

from babel import Locale
from babel.numbers import format_compact_decimal

from targetwatch.evaluation.days import DAYS_OF_WEEK, DAYS_PER_MONTH, MONTHS_PER_YEAR
from targetwatch.evaluation.versions import Resolved
from targetwatch.model import Comparator, Figure, Indicator, Period, Qualifier, Reading, Verdict
from targetwatch.wording import terms
from targetwatch.wording.translation import N_, NC_, Translator

MONTHS = (
    N_("Jan"),
    N_("Feb"),
    N_("Mar"),
    N_("Apr"),
    NC_("month", "May"),
    N_("Jun"),
    N_("Jul"),
    N_("Aug"),
    N_("Sep"),
    N_("Oct"),
    N_("Nov"),
    N_("Dec"),
)
TENTHS = (
    N_("about 1 in 10"),
    N_("about 2 in 10"),
    N_("about 3 in 10"),
    N_("about 4 in 10"),
    N_("about 5 in 10"),
    N_("about 6 in 10"),
    N_("about 7 in 10"),
    N_("about 8 in 10"),
    N_("about 9 in 10"),
)
PARTS_OF_MONTH = (N_("early {month} {year}"), N_("mid-{month} {year}"), N_("late {month} {year}"))
DAYS_OF_PART = 10
UNKNOWN = "—"
WIDE_FROM = 0x2E80
"""From here on signs are Chinese: as wide as they are high, and as two letters."""
NEARLY_CERTAIN, HARDLY_LIKELY = 0.95, 0.05
ABOUT_A_TWENTIETH = 0.075
"""Odds below it (and above what is left to 1) are nearer to a twentieth than to a tenth."""
SIGNIFICANT_DIGITS = 4
FINEST, FINEST_IN_THOUSANDS, FINEST_PUBLISHED = Decimal("0.0001"), -1, -9
RATE_DIGITS, FEWEST_RATE_DIGITS = 3, 2
"""What is needed a month is an estimate: more digits would promise what nobody knows."""
POINTS_DIGITS = WIDTH_DIGITS = 2
WEEKS_PER_MONTH = DAYS_PER_MONTH / DAYS_OF_WEEK
STRETCHES = (
    (1 / WEEKS_PER_MONTH, N_("{amount} a week")),
    (1.0, N_("{amount} a month")),
    (3.0, N_("{amount} a quarter")),
    (6.0, N_("{amount} a half-year")),
    (float(MONTHS_PER_YEAR), N_("{amount} a year")),
)
"""What a rate is told for, the shortest first: (months, words)."""
SHORTEST = {"day": 0, "week": 0, "quarter": 2, "half": 3, "year": 4}
A_MONTH = 1
"""The place in STRETCHES of the stretch that figures come in, by how often they are published."""
LATE_FOR_LONG_DAYS = 99
"""Of a figure that is late for longer it is said that it is missing; nobody counts the days."""
LARGER = {"thousand": "million", "million": "billion"}
"""5,700 thousand TEU is 5.7 million TEU."""
SCALES = {*LARGER, "billion", "bn"}
"""What a unit begins with that counts many at once."""
WAN, YI, NOUGHT = Decimal(10_000), Decimal(100_000_000), Decimal(0)
LEAST_SHARE = Decimal("0.01")
"""Of 万 or 亿: what is less is told in its own digits."""
MILLION = 1_000_000
MAGNITUDES = {"千": 1000, "百万": MILLION, "十亿": 1_000_000_000}
UNITS_OF_A_THOUSAND = ("千瓦", "千克", "千米", "千卡", "千伏", "千帕")
COUNTED_IN_YI = {"bn CNY": "亿元", "bn USD": "亿美元"}
"""Chinese counts money by the hundred million: 800.68 bn CNY is 8,006.8亿元."""


def amount(value: Decimal | float | None, indicator: Indicator, _: Translator) -> str:
    """Return a value with its unit; a `Decimal` exactly, a float to four significant digits, a dash for the unknown."""
    if value is None:
        return UNKNOWN
    name, large = unit(indicator, _), _larger(value, indicator, _)
    if large is not None:
        small = name.partition(" ")[0]
        name = f"{large}{name.removeprefix(small)}"
    return with_unit(bare(value, indicator, _, beside=value), name, _)


def bare(value: Decimal | float, indicator: Indicator, _: Translator, *, beside: Decimal | float = 0) -> str:
    """Return a value without its unit, as it stands before that unit: the one that `beside` is told in."""
    times = scale(indicator, _)
    exact = (value if isinstance(value, Decimal) else rounded(value)) * times
    if _larger(beside, indicator, _) is not None:
        exact = _in_four_decimals(exact / MAGNITUDES["千"])
    if indicator.unit in COUNTED_IN_YI and times != 1:
        return _grouped(exact, _)
    return number(exact, _, beside=(beside if isinstance(beside, Decimal) else rounded(beside)) * times)


def between(low: Decimal | float, high: Decimal | float, indicator: Indicator, _: Translator) -> tuple[str, str]:
    """Return two values that stand beside each other and name their unit once, but for a Chinese percent sign.

    In Chinese both count in the same power of ten thousand.

    >>> from targetwatch.model import Indicator, Measure, Text
    >>> from targetwatch.wording.translation import translator
    >>> boxes = Indicator(id="i", title=Text(), measure=Measure.FLOW, unit="", unit_label=Text("thousand TEU"))
    >>> between(Decimal(950), Decimal(1050), boxes, translator("en"))
    ('0.95', '1.05 million TEU')
    """
    if _.language != "zh":
        return bare(low, indicator, _, beside=high), again(high, indicator, _)
    if _is_share(indicator):
        return amount(low, indicator, _), amount(high, indicator, _)
    first, last = bare(low, indicator, _, beside=high), bare(high, indicator, _, beside=low)
    return first, last if _is_index(indicator) else with_unit(last, unit(indicator, _), _)


def _larger(value: Decimal | float, indicator: Indicator, _: Translator) -> str | None:
    """Return the magnitude in which English tells a thousand and more of a unit that names one; None of any other.

    None too of what would take more than four decimals there.
    """
    is_fine = isinstance(value, Decimal) and exponent(value) < FINEST_IN_THOUSANDS
    if _.language != "en" or is_fine or abs(float(value)) < MAGNITUDES["千"]:
        return None
    return LARGER.get(indicator.unit_label["en"].partition(" ")[0])


def told(value: Decimal | float, verdict: Verdict) -> Decimal:
    """Return a figure of a verdict in the digits it deserves.

    What was published keeps its own, four decimals at most; what is computed has four digits, and none that is finer
    than the figures and the goal were published.
    """
    if isinstance(value, float) or is_computed(value):
        return no_finer(rounded(value), published_step(verdict))
    return _in_four_decimals(value)


def forecast_told(verdict: Verdict) -> tuple[Decimal, Decimal, Decimal]:
    """Return the middle and the ends of a verdict's forecast, told no finer than its interval is wide."""
    found = verdict.forecast
    assert found is not None
    width = Decimal(found.high) - Decimal(found.low)
    step = Decimal(1).scaleb(width.adjusted() - 1) if width else NOUGHT
    middle, low, high = (told(one, verdict) for one in (found.median, found.low, found.high))
    return (no_finer(middle, step), no_finer(low, step), no_finer(high, step)) if step else (middle, low, high)


def _in_four_decimals(value: Decimal) -> Decimal:
    """Return a number in four decimals at most, below 1 in four digits."""
    return no_finer(value, FINEST if abs(value) >= 1 else FINEST.scaleb(value.adjusted() + 1))


def is_computed(value: Decimal) -> bool:
    """Return whether an exact value comes of a division, as a share of a week does: nobody publishes such decimals."""
    return exponent(value) < FINEST_PUBLISHED


def no_finer(value: Decimal, step: Decimal) -> Decimal:
    """Return a number rounded to a step, a power of ten, that it is finer than."""
    return value if exponent(value) >= exponent(step) else value.quantize(step) + 0  # minus nought is nought


def published_step(verdict: Verdict) -> Decimal:
    """Return the last digit that a target's figures are published to, a power of ten: .1 for 0.4 ± 0.1 of 1."""
    known = (verdict.actual_value, verdict.goal_value, verdict.goal_upper)
    finest = min((exponent(value) for value in known if value is not None and not is_computed(value)), default=0)
    width = 2 * verdict.actual_rounding
    finest = min(finest, 0)
    return Decimal(1).scaleb(max(finest, width.adjusted()) if width else finest)


@lru_cache(maxsize=256)
def exponent(value: Decimal) -> int:
    """Return the place of the last digit that is not nought: -2 of 1.250, 3 of 5,000."""
    found = value.normalize().as_tuple().exponent
    assert isinstance(found, int)
    return found


def with_unit(said: str, name: str, _: Translator) -> str:
    """Return a number with the name of its unit, which a percent sign follows without a space; one case, two cases."""
    if said == "1" and _.language == "en" and name.isalpha() and name.endswith("s") and not name.endswith("ss"):
        name = name[:-3] + "y" if name.endswith("ies") else name[:-1]
    return f"{said}{name}" if not name or name == "%" else _("{number} {unit}", number=said, unit=name)


def unit(indicator: Indicator, _: Translator) -> str:
    """Return the name of the unit that a reader counts in."""
    name = indicator.unit_label[_.language] or indicator.unit
    if scale(indicator, _) == 1:
        return name
    return COUNTED_IN_YI.get(indicator.unit) or name.removeprefix(_magnitude(name))


def scale(indicator: Indicator, _: Translator) -> int:
    """Return by how much a number grows where a Chinese reader counts in a smaller unit: 1 bn is 10 of 亿.

    Where the name of the unit begins with a magnitude that is told in 万 and 亿: 800 of 十亿卢比 is 8,000亿卢比.
    """
    if _.language != "zh":
        return 1
    return 10 if indicator.unit in COUNTED_IN_YI else MAGNITUDES.get(_magnitude(indicator.unit_label["zh"]), 1)


def _magnitude(name: str) -> str:
    """Return the magnitude that a Chinese name of a unit begins with; 千 of 千瓦时 is a part of the unit."""
    return next((one for one in MAGNITUDES if name.startswith(one) and not name.startswith(UNITS_OF_A_THOUSAND)), "")


def is_scaled(indicator: Indicator, _: Translator) -> bool:
    """Return whether a number says little without its unit: thousands, a billion of something, a share."""
    name = indicator.unit_label[_.language] or indicator.unit
    is_large = name.partition(" ")[0] in SCALES or bool(_magnitude(name))
    return is_large or indicator.unit in COUNTED_IN_YI or _is_share(indicator)


def base(indicator: Indicator, _: Translator) -> str:
    """Return what an index is 100 at, "(2022 = 100)", which stands where others have their unit; "" for others."""
    return indicator.unit_label[_.language] if _is_index(indicator) else ""


def again(value: Decimal | float, indicator: Indicator, _: Translator) -> str:
    """Return a value where an amount of the same indicator stands before it: an index does not say its base twice."""
    return bare(value, indicator, _) if _is_index(indicator) else amount(value, indicator, _)


def bounds(
    goal: Resolved,
    indicator: Indicator,
    _: Translator,
    *,
    say: Callable[[Decimal, Indicator, Translator], str] = amount,
) -> str:
    """Return a goal in the indicator's unit, its amounts as `say` says them; of steps that all are done."""
    if goal.comparator is Comparator.COMPLETE:
        return _("every step done")
    value = goal.value or NOUGHT
    if goal.upper is not None:
        low, high = between(value, goal.upper, indicator, _)
        return _(terms.GOALS[goal.comparator], value=low, upper=high)
    return _(terms.GOALS[goal.comparator], value=say(value, indicator, _))


def with_change(goal: str, change: Decimal | None, _: Translator) -> str:
    """Return a goal in words with the change on its baseline that was promised, if one was."""
    asked = _("{change} on the baseline", change=change_asked_for(change or NOUGHT, _))
    return goal if change is None else _("{value} ({period})", value=goal, period=asked)


def printed(figure: Reading | Figure, indicator: Indicator, _: Translator) -> str:
    """Return a figure with what its publisher said of its exactness."""
    said = stated(figure, indicator, _)
    if not figure.rounding:
        return said
    return _("{amount} (± {width})", amount=said, width=width(figure.rounding, indicator, _, beside=figure.value))


def stated(figure: Reading | Figure, indicator: Indicator, _: Translator) -> str:
    """Return a figure with its publisher's "about" or "over", without the width it was rounded to."""
    said = amount(figure.value, indicator, _)
    return said if figure.qualifier is Qualifier.EXACT else _(terms.QUALIFIED[figure.qualifier], amount=said)


def width(half_width: Decimal, indicator: Indicator, _: Translator, *, beside: Decimal | float = 0) -> str:
    """Return the half-width of a rounded value that stands before it: of a share in percentage points, else bare.

    In Chinese with its unit, since the value may count in 万.
    """
    few = rounded(half_width, 1 if is_computed(half_width) else WIDTH_DIGITS)
    if _is_share(indicator):
        return size(few, indicator, _)
    return amount(few, indicator, _) if _.language == "zh" else bare(few, indicator, _, beside=beside)


def change_asked_for(ratio: Decimal, _: Translator) -> str:
    """Return a change that was promised.

    >>> from targetwatch.wording.translation import translator
    >>> change_asked_for(Decimal("-0.6"), translator("en")), change_asked_for(Decimal("0.125"), translator("zh"))
    ('a cut of 60%', '增长12.5%')
    """
    said = N_("a cut of {size}%") if ratio < 0 else N_("a rise of {size}%")
    return _(said, size=f"{abs(float(ratio)) * 100:.4g}")


def drawn(value: float) -> Decimal:
    """Return a drawn value as the amount it stands for."""
    return Decimal(repr(value)).quantize(Decimal("0.0001")) if value else Decimal(0)


def axis_unit(indicator: Indicator, _: Translator) -> str:
    """Return what an axis counts in: Chinese tells money by the hundred million."""
    return unit(indicator, _).strip("()（）")


def tick(value: float, indicator: Indicator, _: Translator, *, most: float) -> str:
    """Return a value beside a grid line, in the unit the axis names.

    Where `most`, the largest of them, is long, all are written short: 500K, 1.5M. Chinese counts in 万 and 亿.
    """
    is_short = most >= MILLION
    if _.language == "zh":
        value *= scale(indicator, _)
        is_short = abs(value) >= WAN
    if is_short:
        return str(format_compact_decimal(value, locale=_.language, fraction_digits=4))
    return _grouped(Decimal(f"{value:.6g}"), _)


def rate(a_month: float, verdict: Verdict, indicator: Indicator, _: Translator, *, at_most: bool = False) -> str:
    """Return the size of a change a month, rounded to what matters; a year, a quarter or a week where figures come so.

    `at_most`: one that must not be exceeded is rounded down.
    """
    in_months, each = rhythm(verdict, indicator)
    digits = POINTS_DIGITS if _is_share(indicator) or _is_index(indicator) else RATE_DIGITS
    exact = Decimal(abs(a_month) * in_months)
    finest = min(exponent(published_step(verdict)), exact.adjusted() + 1 - FEWEST_RATE_DIGITS)
    step = Decimal(1).scaleb(max(finest, exact.adjusted() + 1 - digits))
    value = exact.quantize(step, ROUND_FLOOR if at_most else ROUND_HALF_EVEN)
    return _(each, amount=size(value, indicator, _))


def rhythm(verdict: Verdict, indicator: Indicator) -> tuple[float, str]:
    """Return the stretch a rate is told for: the one figures come in; of whole things one in which there is one.

    Where the last figure ends within a quarter or half-year they come otherwise, and a month it is.
    """
    first, through = SHORTEST.get(indicator.release.every, A_MONTH), verdict.data_through
    if through is not None and STRETCHES[first][0] in (3, 6) and through.month % STRETCHES[first][0]:
        first = A_MONTH
    stretches, a_month = STRETCHES[first:], verdict.required_value_per_month
    if not a_month or published_step(verdict) < 1:
        return stretches[0]
    return next((one for one in stretches if abs(a_month) * one[0] >= 1), stretches[-1])


def size(value: Decimal, indicator: Indicator, _: Translator) -> str:
    """Return the size of a change: points of an index, percentage points, amounts.

    >>> from targetwatch.model import Indicator, Measure, Text
    >>> from targetwatch.wording.translation import translator
    >>> index = Indicator(id="i", title=Text(), measure=Measure.LEVEL, unit="", unit_label=Text("(2022 = 100)"))
    >>> size(Decimal("0.34"), index, translator("en")), size(Decimal("0.34"), index, translator("zh"))
    ('0.34 points', '0.34点')
    """
    said = bare(value, indicator, _)
    if _is_share(indicator):
        return _(N_("{size} percentage point") if said == "1" else N_("{size} percentage points"), size=said)
    if _is_index(indicator):
        return _(N_("{size} point") if said == "1" else N_("{size} points"), size=said)
    return amount(value, indicator, _)


def _is_index(indicator: Indicator) -> bool:
    return indicator.unit_label["en"].startswith("(")


def _is_share(indicator: Indicator) -> bool:
    return (indicator.unit_label["en"] or indicator.unit) == "%"


def number(value: Decimal | float, _: Translator, *, beside: Decimal = NOUGHT) -> str:
    """Return a number: a `Decimal` exactly, a float to four significant digits, Chinese in 万 or 亿 where exact.

    Where it stands `beside` another, it counts in what both can be told in.
    """
    exact = value if isinstance(value, Decimal) else rounded(value)
    return (_.language == "zh" and _in_wan_or_yi(exact, beside, _)) or _grouped(exact, _)


def percent(ratio: float | Decimal | None, *, signed: bool = True) -> str:
    """Return a ratio as a percentage, a change with its sign; a dash for the unknown.

    >>> percent(0.0438), percent(-0.119), percent(0), percent(0.3, signed=False)
    ('+4.4%', '-11.9%', '0%', '30%')
    """
    if ratio is None:
        return UNKNOWN
    return f"{'+' if signed and round(float(ratio), 3) > 0 else ''}{hundredths(ratio)}%"


def hundredths(ratio: float | Decimal) -> str:
    """Return a ratio in percent, to a tenth where that is not nought.

    >>> hundredths(0.3), hundredths(1.214), hundredths(-0.0001)
    ('30', '121.4', '0')
    """
    return f"{float(ratio) * 100:z.1f}".removesuffix(".0")


def day(on: date | None, _: Translator) -> str:
    """Return a day as it is written in a sentence; a dash for the unknown."""
    if on is None:
        return UNKNOWN
    return _("{day} {month} {year}", day=on.day, month=_(MONTHS[on.month - 1]), year=on.year)


def day_of_year(on: date, today: date, _: Translator) -> str:
    """Return a day without its year where that is this year.

    >>> from datetime import date
    >>> from targetwatch.wording.translation import translator
    >>> [day_of_year(date(year, 8, 31), date(2025, 12, 8), translator("en")) for year in (2025, 2024)]
    ['31 Aug', '31 Aug 2024']
    """
    return day(on, _) if on.year != today.year else _("{day} {month}", day=on.day, month=_(MONTHS[on.month - 1]))


def period(described: Period, _: Translator) -> str:
    """Return a period as briefly as it can be said.

    >>> from datetime import date
    >>> from targetwatch.model import Period
    >>> from targetwatch.wording.translation import translator
    >>> period(Period(date(2025, 1, 1), date(2025, 9, 30)), translator("en"))
    'Jan–Sep 2025'
    >>> period(Period(date(2024, 12, 20), date(2025, 1, 8)), translator("en"))
    '20 Dec 2024 – 8 Jan 2025'
    """
    start, end = described.start, described.end
    if start == end:
        return day(end, _)
    whole = start.day == 1 and end.day == monthrange(end.year, end.month)[1]
    if not whole or start.year != end.year:
        return f"{day(start, _)} – {day(end, _)}"
    if (start.month, end.month) == (1, 12):
        return _.context("year", "{year}", year=end.year)
    first, last = (_(MONTHS[one.month - 1]) for one in (start, end))
    if first == last:
        return _("{month} {year}", month=first, year=end.year)
    return _("{first}–{last} {year}", first=first, last=last, year=end.year)


def span(first: date, last: date, _: Translator) -> str:
    """Return the name of some months of one year, or of some years, below a drawing."""
    if (first.month, last.month) == (1, 12):
        return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    one, other = (_(MONTHS[each.month - 1]) for each in (first, last))
    if one == other:
        return _.context("months", "{month}", month=one)
    return _.context("months", "{first}–{last}", first=one, last=other)


def days_left(days: int, _: Translator) -> str:
    """Return how many days are left."""
    if days == 0:
        return _("today is the last day")
    return _(N_("{days} day left") if days == 1 else N_("{days} days left"), days=days)


def stretch(first: date, last: date, _: Translator) -> str:
    """Return the months of a stretch, with their years where they are of two."""
    if first.year == last.year and (first.month, last.month) != (1, 12):
        return span(first, last, _)
    return _("{first} to {last}", first=day(first, _), last=day(last, _))


def part_of_month(on: date, _: Translator) -> str:
    """Return a day that is not known exactly.

    >>> from datetime import date
    >>> from targetwatch.wording.translation import translator
    >>> part_of_month(date(2025, 10, 25), translator("en")), part_of_month(date(2025, 10, 25), translator("zh"))
    ('late Oct 2025', '2025年10月下旬')
    """
    part = PARTS_OF_MONTH[min((on.day - 1) // DAYS_OF_PART, 2)]
    return _(part, month=_(MONTHS[on.month - 1]), year=on.year)


def odds(probability: float, _: Translator) -> str:
    """Return odds in words people use; never none or all of ten.

    >>> from targetwatch.wording.translation import translator
    >>> [odds(one, translator("en")) for one in (0.07, 0.08, 0.92, 0.93, 0.999)]
    ['about 1 in 20', 'about 1 in 10', 'about 9 in 10', 'about 19 in 20', 'better than 19 in 20']
    >>> odds(0.01, translator("zh")), odds(0.06, translator("zh"))
    ('不足5%可能', '约5%可能')
    """
    if probability > NEARLY_CERTAIN:
        return _("better than 19 in 20")
    if probability < HARDLY_LIKELY:
        return _("less than 1 in 20")
    if probability < ABOUT_A_TWENTIETH:
        return _("about 1 in 20")
    if probability > 1 - ABOUT_A_TWENTIETH:
        return _("about 19 in 20")
    return _(TENTHS[round(probability * 10) - 1])


def evidence(address: str, _: Translator) -> str:
    """Return the words of a link to a source, with whose page it is.

    >>> from targetwatch.wording.translation import translator
    >>> evidence("https://www.news.cn/a.html", translator("en")), evidence("somewhere", translator("en"))
    ('source: news.cn', 'source')
    """
    said = _("source")
    try:
        host = (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:  # no address at all, such as http://[half
        return said
    return f"{said}{_(': ')}{host}" if host else said


def country(code: str, _: Translator) -> str:
    """Return the name of a country; its code where it has none.

    >>> from targetwatch.wording.translation import translator
    >>> country("CN", translator("en")), country("CN", translator("zh")), country("XX", translator("en"))
    ('China', '中国', 'XX')
    """
    return str(Locale(_.language).territories.get(code, code))


def columns(text: str) -> int:
    """Return how wide a text is, counted in letters: a Chinese character is as wide as two.

    >>> columns("27万")
    4
    """
    return sum(2 if ord(letter) >= WIDE_FROM else 1 for letter in text)


def rounded(value: Decimal | float, digits: int = SIGNIFICANT_DIGITS) -> Decimal:
    """Return a number in so many significant digits."""
    return Decimal(f"{value:.{digits}g}") if value else Decimal(0)


def _grouped(value: Decimal, _: Translator) -> str:
    """Return a number in groups of three digits; Chinese does not part four digits."""
    text = f"{value:f}" if _.language == "zh" and abs(value) < WAN else f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _in_wan_or_yi(value: Decimal, beside: Decimal, _: Translator) -> str:
    """Return the number counted in 亿 or 万 where that keeps every digit of both within four decimals, else nothing."""
    for size, name in ((YI, "亿"), (WAN, "万")):
        scaled, other = value / size, beside / size
        is_exact = scaled == round(scaled, 4) and other == round(other, 4)
        if is_exact and max(abs(scaled), abs(other)) >= 1 and abs(scaled) >= LEAST_SHARE:
            return _grouped(scaled, _) + name
    return ""
