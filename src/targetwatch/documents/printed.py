"""What offices print, read exactly: numbers, units, periods, and the words by which a document says what it is.

A number is left out where none stands, and refused if it may be two. Periods are months and quarters in any language,
school years, serial days, dates for a span.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from targetwatch.errors import DriftError, QuantityError
from targetwatch.model import Period
from targetwatch.quantity import (
    CURRENCIES,
    Quantity,
    Unit,
    parse_unit,
    plain_text,
    printed_units,
    said_day,
    said_period,
)
from targetwatch.quantity.period import ONE_YEAR, TWO_YEARS, in_english
from targetwatch.quantity.spellings import OTHER_MONEY, SPELLINGS, alternatives, canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from targetwatch.documents.description import Numbers, PeriodRule, PublishedRule, UnitRule

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SERIAL_START = date(1899, 12, 30)
"""Day 0 of a workbook: its 1900 has a 29 February."""
SPAN_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_LATE = date(2200, 12, 31)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d\d")
_FISCAL = r"(?:(?:FY|SY|AY)\s*\d{4}(?:\s*[-–—/]\s*\d\d(?:\d\d)?)?|\d{4}\s*[-–—/]\s*\d\d(?:\d\d)?)"
_FISCAL_QUARTER = re.compile(
    rf"Q(?P<quarter>[1-4])[ ,]*(?:of )?(?P<year>{_FISCAL})|(?P<before>{_FISCAL})[ :,-]*Q(?P<after>[1-4])", re.IGNORECASE
)
_PLAIN_QUARTER = re.compile(r"Q[1-4]\W*\d{4}|\d{4}\W*Q[1-4]", re.IGNORECASE)
_REWRITTEN = (
    (r"\s*(?:[*#†‡¹²³]|\((?:[pr]|\d)\))+$", ""),
    (r"^((?:19|20)\d\d)([01]\d)([0-3]\d)$", r"\1-\2-\3"),
    (r"\bFY\s*'?(\d\d)\b(?!\d)", r"FY20\1"),
    (r"(?i)^KW\s*(\d{1,2})\s*[/ -]\s*(\d{4})$", r"\2-W\1"),
    (r"(?i)^(\d{1,2})\.\s*KW\s*/?\s*(\d{4})$", r"\2-W\1"),
    (r"^(\d{4})-?M(\d{1,2})$", r"\1-\2"),
    (r"^(\d{4})-?S([12])$", r"\1-H\2"),
    (r"^(\d{4})-?A1?$", r"\1"),
    (r"^(\d{1,2})\.(\d{4})$", r"\2-\1"),
    (r"^(\d{1,2})\.(\d{1,2})\.(\d{4})$", r"\3-\2-\1"),
    (r"^(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}.*$", r"\1"),
)
"""Footnotes, days without marks or with points, weeks, statistical codes (2025M01, 2025-S1), and days with a time."""
GROWTH = re.compile(r"growth|change|year.on.year|yoy|y/y|同比|增速|增长|variaci|veränderung|évolution", re.IGNORECASE)
TO_DATE = re.compile(r"cumulative|year.to.date|ytd|累计|acumulad|kumul", re.IGNORECASE)
WHOLE = re.compile(r"total|all|sum|合计|合計|总计|总|全", re.IGNORECASE)
VALUE = re.compile(r"value|obs_value|amount|figure|数值|数据", re.IGNORECASE)
TIME = re.compile(
    r"time|period|date|month|year|quarter|week|时间|日期|年|月|季|期|mes|año|rok|monat|jahr", re.IGNORECASE
)
NO_TIME = re.compile(r"publi|release|updat|realtime|prepared|start|latest|base|created|发布", re.IGNORECASE)
SHARE = re.compile(r"percent|share|%|占比|比重", re.IGNORECASE)
BESIDE_A_DAY = " -–—年月"
ERROR_PAGE = re.compile(
    r"^\W*((http|error|错误)\W*)*(40[0-9]|50[0-4])(\W*$|\W+(error|not|bad|service|gateway|forbidden|internal|错误|页面))"
    r"|\bnot found\b|\bforbidden$|service unavailable|bad gateway|internal server error|access denied"
    r"|under maintenance|系统维护|网站维护|页面不存在|页面错误|页面出错|无法访问",
    re.IGNORECASE,
)
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
PUBLISHED_ON = re.compile(
    rf"(?:发布|发稿|发表|公布|公开)(?:日期|时间)?(?:<[^>]{{0,99}}>|&nbsp;|[\s:：【\[])*{DAY.pattern}"
)
INDIAN = r"[1-9]\d?(?:,\d\d)+,\d{3}(?!\d)|"
"""1,35,362: lakhs and crores part groups of two, which no other notation has."""
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", re.ASCII)
_RAISED = re.compile(r"(?<=.)\[\w{1,3}\]$")
"""A raised footnote of a page: 1,234[2]."""
_TRIANGLE = re.compile(r"[△▲▽▼](?=\s?\d)")
_AFFIXED = re.compile(r"(?P<before>[^\d().,+-]*)(?P<number>[+-]?\s?\d.*?)(?P<after>[^\d.,]*)")


def read_period(text: str, how: PeriodRule) -> Period:
    """Return the period that a cell, or several joined, prints.

    Raises:
        QuantityError: it prints none, or may print two, or one that is not of the declared span.
    """
    try:
        return _read(text, how)
    except (ValueError, OverflowError):  # a week, a day or a year that no calendar has
        raise QuantityError("not_a_period", said=text) from None


def _read(text: str, how: PeriodRule) -> Period:
    if how.form:
        day = _counted(text, how)
        return _spanned(Period(day, day), how.span, how, text)
    if how.format:
        day, coarsest = _formatted(text, how)
        return _spanned(Period(day, day), how.span or coarsest, how, text)
    if moment := _MOMENT.fullmatch(plain_text(text)):
        day = _day_of(datetime.fromisoformat(moment[0].upper().replace(" ", "T")), how, text)
        return _spanned(Period(day, day), how.span, how, text)
    return _spanned(_named(text, how), how.span, how, text)


def read_day(text: str, how: PublishedRule) -> date:
    """Return the day that a cell prints."""
    if how.format:
        return _formatted(text, how)[0]
    plain = _rewritten(in_english(plain_text(text), how.language))
    try:
        return date.fromisoformat(plain)
    except ValueError:
        return said_day(plain, _LATE)


def months_after(start: date, months: int) -> date:
    """Return the first day of the month so many months after that of `start`."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _named(text: str, how: PeriodRule) -> Period:
    plain = _rewritten(in_english(plain_text(text), how.language))
    if (years := TWO_YEARS.fullmatch(plain)) and int(years[3]) % 100 == (int(years[1]) + 1) % 100:
        if how.year_starts:
            return _year_from(int(years[1]), how.year_starts)
        if how.span != "month" and (years[2] != "-" or len(years[3]) > 2):  # noqa: PLR2004 - 2003-04 is a month
            raise QuantityError("period_of_two_years", said=text)
        plain = f"{years[1]}-{years[3]}"
    if how.year_starts and (part := _FISCAL_QUARTER.fullmatch(plain)):
        whole = _named(part["year"] or part["before"], how)
        start = months_after(whole.start, 3 * int(part["quarter"] or part["after"]) - 3)
        return Period(start, months_after(start, 3) - timedelta(days=1))
    if (how.year_starts or 1) > 1 and _PLAIN_QUARTER.fullmatch(plain):
        raise QuantityError("quarter_of_which_year", said=text)
    if how.year_starts and (year := ONE_YEAR.fullmatch(plain)):
        by_end = how.year_named == "end" and how.year_starts > 1 and not year["fiscal"]
        return _year_from(int(year[1]) - by_end, how.year_starts)
    if week := re.fullmatch(r"(\d{4})-?W(\d{1,2})", plain, re.IGNORECASE):
        monday = date.fromisocalendar(int(week[1]), int(week[2]), 1)
        return Period(monday, monday + timedelta(days=6))
    if not _YEAR.search(plain):
        raise QuantityError("period_without_year", said=text)
    try:
        return said_period(plain, _LATE)
    except QuantityError:
        raise QuantityError("not_a_period", said=text) from None


def _year_from(year: int, month: int) -> Period:
    start = date(year, month, 1)
    return Period(start, months_after(start, 12) - timedelta(days=1))


def _spanned(found: Period, span: str | None, how: PeriodRule, text: str) -> Period:
    """Return the span that a date or a shorter period starts or ends."""
    if span is None:
        return found
    if span == "day":
        whole = Period(found.start, found.start)
    elif span == "week":
        end = found.end + timedelta(days=(DAYS.index(how.week_ends) - found.end.weekday()) % 7)
        whole = Period(end - timedelta(days=6), end)
    else:
        months = SPAN_MONTHS[span]
        into = (found.start.month - ((how.year_starts or 1) if span == "year" else 1)) % months
        start = months_after(found.start, -into)
        whole = Period(start, months_after(start, months) - timedelta(days=1))
    if found.end > whole.end or (found.start != whole.start and found.end != whole.end):
        raise QuantityError("period_not_span", said=text, span=span)
    return whole


def _counted(text: str, how: PeriodRule) -> date:
    """Return the day of a serial number or of the seconds since 1970."""
    try:
        number = float(plain_text(text))
        if how.form == "serial":
            return SERIAL_START + timedelta(days=int(number))
        moment = datetime.fromtimestamp(number / (1000 if how.form == "epoch_ms" else 1), UTC)
    except (ValueError, OverflowError, OSError):
        raise QuantityError("not_counted_time", said=text) from None
    return _day_of(moment, how, text)


def _day_of(moment: datetime, how: PeriodRule, text: str) -> date:
    """Return the day of a moment; where it stands for a span it must be the beginning of one."""
    local = moment.astimezone(ZoneInfo(how.zone)) if moment.utcoffset() == timedelta(0) else moment
    if how.span not in {None, "day"} and local.time() != time.min:
        raise QuantityError("time_within_day", said=text, zone=how.zone)
    return local.date()


def _formatted(text: str, how: PeriodRule | PublishedRule) -> tuple[date, str]:
    """Return the day as its format reads it, and the span that the format leaves open."""
    try:
        day = datetime.strptime(in_english(plain_text(text), how.language), how.format).replace(tzinfo=UTC).date()
    except ValueError:
        raise QuantityError("other_day_format", said=text, form=how.format) from None
    codes = set(re.findall("%-?([a-zA-Z])", how.format))
    return day, "day" if codes & set("djxcUWuaA") else "month" if codes & set("mbB") else "year"


def _rewritten(plain: str) -> str:
    for pattern, better in _REWRITTEN:
        plain = re.sub(pattern, better, plain)
    return plain


@lru_cache(maxsize=64)
def number_pattern(how: Numbers) -> str:
    """Return the pattern of one number, its groups strictly of three digits where their mark is said."""
    decimal = how.decimal or {"," in how.thousands: ".", "." in how.thousands: ","}.get(True, "")
    if not decimal:
        return r"(?:[+-]\s?)?\d+(?:[.,]\d+)*"
    marks = "".join(re.escape(mark) for mark in how.thousands)
    grouped = rf"[1-9]\d{{0,2}}(?:[{marks}]\d{{3}})+(?!\d)|" if marks else ""
    grouped += INDIAN if "," in how.thousands else ""
    return rf"(?:[+-]\s?)?(?:{grouped}\d+)(?:{re.escape(decimal)}\d+)?(?!\d)"


def read_number(text: str, how: Numbers) -> Quantity | None:
    """Return the number in a cell, with the unit printed beside it if any; None where no figure stands.

    Raises:
        QuantityError: it is no number, or may be two.
    """
    if _PLAIN.fullmatch(text) and ("." not in text or how.decimal == ".") and text not in how.none:
        value = Decimal(text)
        return Quantity(value=value or abs(value), rounding=_half_place(value), text=text)
    plain = _unmarked(plain_text(text), how.marks)
    if plain and plain in how.zero:
        return Quantity(value=Decimal(0), rounding=Decimal(0), text=text)
    if not plain or plain in how.none or plain_text(text) in how.none:
        return None
    if found := _TRIANGLE.match(plain):
        if found[0] not in how.negative:
            raise QuantityError("number_with_triangle", said=text, sign=found[0])
        plain = f"-{plain[1:].lstrip()}"
    if plain[-1] == "-" and "-" in how.negative:
        plain = f"-{plain[:-1].rstrip()}"
    negative = False
    if plain[0] == "(" and plain[-1] == ")":
        if how.brackets is None:
            raise QuantityError("number_in_brackets", said=text)
        plain, negative = plain[1:-1].strip(), how.brackets == "negative"
    parts = _AFFIXED.fullmatch(plain)
    if parts is None:
        raise QuantityError("number_not_so_printed", said=text)
    value = _value(parts["number"].strip(), how, text)
    value = -abs(value) if negative else value
    beside = f"{parts['before'].strip()} {parts['after'].strip()}".strip()
    unit = parse_unit(beside) if beside else None
    if unit and not (unit.base in SPELLINGS or (not unit.base and unit.power)):
        raise QuantityError("number_not_so_printed", said=text)
    return Quantity(
        value=value or abs(value),
        rounding=_half_place(value),
        unit=beside or None,
        percent=bool(unit and unit.base == "%"),
        text=text,
    )


@lru_cache(maxsize=32)
def _half(exponent: int) -> Decimal:
    return Decimal(5).scaleb(exponent - 1)


def _half_place(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return _half(exponent)


def _unmarked(plain: str, marks: tuple[str, ...]) -> str:
    """Return a cell without the footnote marks at its ends."""
    while not (plain.startswith("(") and plain.endswith(")")):
        bare = _RAISED.sub("", plain.strip())
        for mark in marks:
            bare = bare.removeprefix(mark).removesuffix(mark)
        if bare == plain:
            break
        plain = bare
    return plain


def _value(body: str, how: Numbers, text: str) -> Decimal:
    decimal: str | None = how.decimal
    groups = {*how.thousands, "'"}  # which parts nothing else
    if decimal is None and groups & {".", ","}:
        decimal = "." if "," in groups else ","
    if decimal is None:
        decimal, found = _worked_out(body.lstrip("+- "), text)
        groups |= found
    parts = "".join(re.escape(one) for one in groups - {decimal})
    grouped = rf"[1-9]\d{{0,2}}(?:[{parts}]\d{{3}})+|" if parts else ""
    grouped += INDIAN if "," in parts else ""
    if not re.fullmatch(rf"[+-]?\s?(?:{grouped}\d+)(?:{re.escape(decimal)}\d+)?", body, re.ASCII):
        raise QuantityError("number_not_so_printed", said=text)
    return Decimal(
        "".join("." if one == decimal else one for one in body if one not in groups - {decimal} and one != " ")
    )


def _worked_out(body: str, text: str) -> tuple[str, set[str]]:
    """Return the decimal mark of a number and what parts its groups; refused where one mark may be either."""
    points, commas = body.count("."), body.count(",")
    if points and commas:
        last = max(".,", key=body.rfind)
        return last, {".": {","}, ",": {"."}}[last]
    mark = "." if points else ","
    if points + commas > 1:
        return {".": ",", ",": "."}[mark], {mark}
    before, _, after = body.partition(mark)
    if points + commas == 1 and len(after) == 3 and len(before) <= 3 and before != "0":  # noqa: PLR2004 - a group
        raise QuantityError("number_ambiguous", said=text)
    return (mark if points + commas else "."), set()


_OTHER_MEASURE = re.compile(r"\((kg|g|lb|m2|m3|m²|m³|km|kWh|MWh|GWh)\)")
_MODEST = frozenset({"in", "of", "current", "constant", "nominal", "real", "total"})
"""Words beside a unit that change nothing of it."""
_ABBREVIATED = re.compile(r"\w{1,5}\.")
SCALES = {0: "", 3: "thousand ", 6: "million ", 9: "bn ", 12: "tn "}


def unit_text(unit: Unit) -> str:
    """Return a unit as text from which it is read again: 'thousand TEU', '10,000 CNY'."""
    return f"{SCALES.get(unit.power, f'{10**unit.power:,} ')}{unit.base}".strip()


def combined(units: Iterable[Unit], said: str) -> Unit | None:
    """Return the one unit that is printed: TEU and 'in thousands' are thousand TEU; several are refused."""
    found = dict.fromkeys(units)
    bare = [one for one in found if not one.base]
    named = [one for one in found if one.base]
    if len(named) == 1 and len(bare) == 1 and not named[0].power:
        return Unit(named[0].base, bare[0].power)
    if len(named) > 1 or len(bare) > 1 or (named and bare and named[0].power != bare[0].power):
        raise DriftError("unit_several", said=said, names=[unit_text(one) for one in found])
    return next(iter(named or bare), None)


def unit_of(how: UnitRule | None, head: str, notes: Sequence[str], *, guarded: bool) -> str:
    """Return what a column under `head` counts; "" where nothing says it. `notes` hold for the whole document.

    A column that is called 'teu' is named so and may count thousands, where that is declared.

    Raises:
        DriftError: several are printed, or another than declared.
    """
    levels = head.split(" / ")
    in_head = tuple(one for level in levels for one in printed_units(level))
    in_notes = tuple(dict.fromkeys(one for note in notes for one in printed_units(note)))
    declared = how.declared or how.means if how else ""
    if not declared:
        bare = [one for one in in_notes if not one.base]
        unit = combined(
            (*in_head, *(bare if all(not one.power for one in in_head) else ())) if in_head else in_notes, head
        )
        return unit_text(unit) if unit and unit.base else ""
    wanted = parse_unit(declared)
    if how and how.printed:
        return declared
    if guarded and (other := _other_unit(head, wanted)):
        raise DriftError("unit_otherwise", said=other, declared=declared, head=head)
    in_head = tuple(one for one in in_head if one.power or not any(parse_unit(level) == one for level in levels))
    if guarded and (half := next(filter(None, (_half_known(one, wanted) for one in (head, *notes))), "")):
        raise DriftError("unit_half_known", said=half, declared=declared)
    powers = {one.power for one in (*in_head, *in_notes) if not one.base}
    for one in (*in_head, *in_notes):
        if guarded and _contradicts(one, wanted, powers, in_head=one in in_head):
            raise DriftError("unit_otherwise", said=unit_text(one), declared=declared, head=head)
    return declared


def _other_unit(head: str, wanted: Unit) -> str:
    """Return the currency or measure that a header prints though another is declared, of those not counted here."""
    money, measure = OTHER_MONEY.search(head), _OTHER_MEASURE.search(head)
    if money and wanted.base in CURRENCIES and canonical(money[0]) != wanted.base:
        return money[0]
    return measure[1] if measure and wanted.base in SPELLINGS and wanted.base not in CURRENCIES else ""


def _half_known(text: str, wanted: Unit) -> str:
    """Return what a text prints of a unit beside a word that may be its scale: (Tsz. EUR); "" where it is whole.

    Outside of brackets only what looks like an abbreviation may be one; who declares a scale has said which.
    """
    counted = wanted.base in SPELLINGS and not wanted.power
    for part in re.finditer(r"[(\[（]([^()\[\]（）]*)[)\]）]|[^()\[\]（）]+", text) if counted else ():
        said = part[1] or part[0]
        for found in _spelled(wanted.base).finditer(said if printed_units(f"({said})") == () else ""):
            beside = [*said[: found.start()].split()[-1:], *said[found.end() :].split()[:1]]
            unknown = [one for one in beside if one.casefold() not in _MODEST and any(map(str.isalpha, one))]
            if any(part[1] or _ABBREVIATED.fullmatch(one) for one in unknown):
                return said.strip()
    return ""


@cache
def _spelled(base: str) -> re.Pattern[str]:
    return re.compile(rf"(?:(?<![^\W\d_])(?=\w)|(?=\W)){alternatives(SPELLINGS[base])}", re.IGNORECASE)


def _contradicts(printed: Unit, wanted: Unit, powers: set[int], *, in_head: bool) -> bool:
    """Return whether a printed unit speaks against the one declared: of another scale or currency, or in the header."""
    if not printed.base or printed.base == wanted.base:
        return printed.power != wanted.power and wanted.power not in powers
    if printed.base in CURRENCIES and wanted.base in CURRENCIES:
        return True
    return in_head and wanted.base in SPELLINGS
