"""Periods as written, 2025-Q1, 2025-01..2025-06, 2025年1-6月, and periods and days as people say them.

Said may be Jan-Oct 2025, 1—10月, Q3, first half of 2025, 9 December, 昨天: a year left out is this one, or the last
where the period, or the day, would not be over by `today`; 29 February in neither is a mistake.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache, lru_cache, partial

from targetwatch.errors import QuantityError
from targetwatch.model import Period
from targetwatch.model.problem import Problem
from targetwatch.quantity.spellings import plain_text

EARLIEST, LATEST = 1900, 2200

_NUMBERS = {"一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2}
_MONTHS = re.compile(r"([0-9]{4})-([0-9]{2})")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_PART = re.compile(r"([0-9]{4})-?([QH])([1-4])")
_CHINESE = re.compile(
    r"([0-9]{4})年(?:(?:第?([1-4一二三四])季度)|(前三季度)|([上下])半年"
    r"|([0-9]{1,2})(?:[-–—至到~]([0-9]{1,2}))?月(?:份|(?:([0-9]{1,2})日))?)?"
)
_ONE_DAY = timedelta(days=1)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SAID_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_N = "1[0-2]|0?[1-9]"
_YEAR = r"(?:19|20|21)[0-9]{2}"
_SAID_NUMBERS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "上": 1, "下": 2}
_SAID_NUMBERS |= {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_SAID_NUMBERS |= {"two": 2, "three": 3}
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "中華民國": 1911, "民國": 1911, "民国": 1911}
"""The year before the first of an era, in which Japan and Taiwan count."""
_ERA_YEAR = re.compile(rf"({'|'.join(_ERAS)})\s*(元|\d{{1,3}})(?=\s*年)")
_CHINESE_MONTH = re.compile("(十[一二]?|[一二三四五六七八九])月")
_CHINESE_NUMBERS = {one: place for place, one in enumerate("一二三四五六七八九十", 1)} | {
    "两": 2,
    "十一": 11,
    "十二": 12,
}
TWO_YEARS = re.compile(r"(?:[A-Za-z]{2}\s*)?((?:19|20|21)\d\d)\s*([-–—/])\s*(\d\d|\d{4})\s*(?:学年|财年|年度)?")
ONE_YEAR = re.compile(r"(?:[A-Za-z]{2}\s*)?((?:19|20|21)\d\d)\s*(?:学年|财年|(?P<fiscal>财政年度|年度)|年)?")
_PARTS = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\b(?:first|second|third|fourth)\b"
    r"|\b[1-4](?:st|nd|rd|th)\b|\b[qh][1-4]\b|[一二三四](?=季度)|[上下](?=半年)"
)
_YEARS_BACK = {"今年": 0, "本年": 0, "去年": 1, "上年": 1}
_YEAR_SAID = re.compile(rf"({'|'.join(_YEARS_BACK)})度?的?")
_UNTIL = re.compile("(?:截至|截止到?)(.+?)[末底]?|(.+[月年])[末底]")
"""The end of something: the day on which a level stood, or up to which a total is counted."""
_RELATIVE = {"today": 0, "今天": 0, "今日": 0, "yesterday": 1, "昨天": 1, "昨日": 1}


@lru_cache(maxsize=4096)
def parse_period(text: str) -> Period:
    """Return the period that `text` names, both days inclusive, or refuse with what was expected.

    >>> parse_period("2025-01..2025-06")
    Period(start=datetime.date(2025, 1, 1), end=datetime.date(2025, 6, 30))
    """
    plain = re.sub(r"\s+", "", plain_text(text))
    first, dots, last = plain.partition("..")
    try:
        start = _single(first)
        end = _single(last) if dots else start
    except QuantityError as error:
        (problem,) = error.problems
        raise QuantityError(Problem(problem.code, {"said": text, **problem.values})) from None
    if end.end < start.start:
        raise QuantityError("period_reversed", said=text, end=end.end, start=start.start)
    return Period(start.start, end.end)


def _single(text: str) -> Period:
    """Return the period of one day, month, quarter, half or year; QuantityError otherwise."""
    if found := re.fullmatch(r"[0-9]{4}", text):
        return _months(int(text), 1, 12)
    if found := _MONTHS.fullmatch(text):
        return _months(int(found[1]), int(found[2]), int(found[2]))
    if found := _DAY.fullmatch(text):
        return _day(*(int(part) for part in found.groups()))
    if found := _PART.fullmatch(text.upper()):
        return _part(int(found[1]), 3 if found[2] == "Q" else 6, int(found[3]))
    if found := _CHINESE.fullmatch(text):
        return _chinese(found)
    raise QuantityError("not_a_period")


def _chinese(found: re.Match[str]) -> Period:
    year, (quarter, three, half, month, to_month, day) = int(found[1]), found.groups()[1:]
    if quarter:
        return _part(year, 3, _NUMBERS.get(quarter) or int(quarter))
    if three:
        return _months(year, 1, 9)
    if half:
        return _part(year, 6, _NUMBERS[half])
    if day:
        if to_month:
            raise QuantityError("not_a_period")
        return _day(year, int(month), int(day))
    return _months(year, int(month), int(to_month or month)) if month else _months(year, 1, 12)


def _part(year: int, size: int, number: int) -> Period:
    if number > 12 // size:
        raise QuantityError("no_such_half", number=number)
    return _months(year, (number - 1) * size + 1, number * size)


def _months(year: int, first: int, last: int) -> Period:
    _check_year(year)
    for month in (first, last):
        if not 1 <= month <= 12:  # noqa: PLR2004 - months of a year
            raise QuantityError("no_such_month", month=month)
    if last < first:
        raise QuantityError("months_reversed", last=last, first=first)
    after = date(year + 1, 1, 1) if last == 12 else date(year, last + 1, 1)  # noqa: PLR2004 - December
    return Period(date(year, first, 1), after - timedelta(days=1))


def _day(year: int, month: int, day: int) -> Period:
    _check_year(year)
    try:
        named = date(year, month, day)
    except ValueError as error:
        raise QuantityError("no_such_day", day=f"{year:04}-{month:02}-{day:02}") from error
    return Period(named, named)


def _check_year(year: int) -> None:
    if not EARLIEST <= year <= LATEST:
        raise QuantityError("year_out_of_range", year=year, earliest=EARLIEST, latest=LATEST)


@lru_cache(maxsize=4096)
def said_period(text: str, today: date) -> Period:
    """Return the period that `text` names, both days inclusive.

    >>> said_period("Jan-Oct 2025", date(2026, 1, 1)).end, said_period("1—10月", date(2025, 9, 1)).end
    (datetime.date(2025, 10, 31), datetime.date(2024, 10, 31))

    Raises:
        QuantityError: it names none.
    """
    try:
        return parse_period(_with_year_said(text, today))
    except QuantityError:
        plain = _with_year_said(_one_spelling(text), today)
        if until := _UNTIL.fullmatch(plain):
            end = said_period(until[1] or until[2], today).end
            return Period(end, end)
        found = _with_year(plain) or _without_year(plain, today) or _range(plain, today)
        day = None if found else _said_day(plain, today)
        if day is not None:
            return Period(day, day)
        if found is None:
            raise
        return found


@lru_cache(maxsize=4096)
def said_day(text: str, today: date) -> date:
    """Return the day that `text` names.

    >>> said_day("9 December", date(2026, 1, 8)), said_day("2025年12月9日", date(2026, 1, 8))
    (datetime.date(2025, 12, 9), datetime.date(2025, 12, 9))

    Raises:
        QuantityError: it names none.
    """
    found = _said_day(_one_spelling(text), today)
    if found is None:
        raise QuantityError("not_a_day", said=text)
    return found


def _one_spelling(text: str) -> str:
    """Return the words in one spelling: lower case, one kind of dash, no commas, single spaces."""
    plain = re.sub(r"[\u2010-\u2015~\uff5e\u301c]|(?<=[0-9月年])\s*[至到]\s*", "-", plain_text(text)).lower()
    plain = re.sub(r"\b(?:from|the|of|in|year to date|ytd)\b|,|^自|^从", " ", plain)
    plain = re.sub(r"\s(?:to|through|until|till)\s", "-", plain)
    return re.sub(r"\s*-\s*", "-", re.sub(r"\s+", " ", plain)).strip()


def _with_year_said(text: str, today: date) -> str:
    """Return a text with this year or the last in figures."""
    return _YEAR_SAID.sub(lambda found: f"{today.year - _YEARS_BACK[found[1]]}年", text)


def _with_year(plain: str) -> Period | None:
    """Return a period whose year stands before or after the rest."""
    for pattern in (rf"(?P<rest>.+?)[ /-]?(?P<year>{_YEAR})年?", rf"(?P<year>{_YEAR})(?:年|[ /.-])?(?P<rest>.+)"):
        found = re.fullmatch(pattern, plain)
        rest = found["rest"].strip() if found else ""
        if re.fullmatch(rf"{_YEAR}[./](?:{_N})-(?:{_N})", plain):
            rest += "月"
        span = (int(rest), int(rest)) if re.fullmatch(_N, rest) else _said_part(rest)
        if found and span:
            return _said_months(int(found["year"]), span)
    return None


def _without_year(plain: str, today: date) -> Period | None:
    """Return the latest such period that is over."""
    span = _said_part(plain)
    if span is None:
        return None
    this = _said_months(today.year, span)
    return this if this.end <= today else _said_months(today.year - 1, span)


def _range(plain: str, today: date) -> Period | None:
    """Return a period named by its first and its last part, each with a year or a day of its own."""
    for found in re.finditer("-", plain):
        first, last = plain[: found.start()], plain[found.end() :]
        parts = [_said_single(part, today) for part in (first, last)]
        if parts[0] and parts[1] and parts[0].start <= parts[1].end:
            return Period(parts[0].start, parts[1].end)
    return None


def _said_single(text: str, today: date) -> Period | None:
    if not re.search(_YEAR, text):
        return None
    found = _with_year(text)
    day = None if found else _said_day(text, today)
    if found or day:
        return found or Period(day, day) if day else found
    try:
        return parse_period(text)
    except QuantityError:
        return None


def _said_part(rest: str) -> tuple[int, int] | None:
    """Return the first and the last month of a part of a year."""
    for pattern, read in _SAID_PARTS:
        if found := re.fullmatch(pattern, rest):
            first, last = read(found)
            return (first, last) if 1 <= first <= last <= 12 else None  # noqa: PLR2004 - months of a year
    return None


def _month(word: str) -> int:
    return int(word) if word.isdigit() else MONTHS.index(word[:3]) + 1


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _SAID_NUMBERS[word]


def _nth(size: int, word: str) -> tuple[int, int]:
    number = _number(word)
    return (size * number - size + 1, size * number)


_SAID_PARTS: tuple[tuple[str, Callable[[re.Match[str]], tuple[int, int]]], ...] = (
    (rf"({_SAID_MONTH})", lambda found: (_month(found[1]), _month(found[1]))),
    (rf"({_SAID_MONTH})-({_SAID_MONTH})", lambda found: (_month(found[1]), _month(found[2]))),
    (rf"({_N})月?-({_N})月份?", lambda found: (int(found[1]), int(found[2]))),
    (rf"({_N})月份?", lambda found: (int(found[1]), int(found[1]))),
    (r"q([1-4])|([1-4])q", lambda found: _nth(3, found[1] or found[2])),
    (r"h([12])|([12])h", lambda found: _nth(6, found[1] or found[2])),
    (r"q1-q([2-4])", lambda found: (1, 3 * int(found[1]))),
    (r"(first|second|third|fourth|1st|2nd|3rd|4th) quarter", lambda found: _nth(3, found[1])),
    (r"(first|second|1st|2nd) half(?: year)?", lambda found: _nth(6, found[1])),
    (r"first (two|three|2|3) quarters", lambda found: (1, 3 * _number(found[1]))),
    (r"first (1[01]|[2-9]) months", lambda found: (1, int(found[1]))),
    (r"第?([一二三四1-4])季度?", lambda found: _nth(3, found[1])),
    (r"前([两二三23])个?季度", lambda found: (1, 3 * _number(found[1]))),
    (r"前(1[01]|[2-9])个?月", lambda found: (1, int(found[1]))),
    ("前(十一?|[二两三四五六七八九])个?月", lambda found: (1, _CHINESE_NUMBERS[found[1]])),
    (r"([上下])半年", lambda found: _nth(6, found[1])),
    (r"全年|full year", lambda _: (1, 12)),
)
_SAID_DAYS = (
    rf"(?P<y>{_YEAR})([-/.])(?P<m>{_N})\2(?P<d>[0-9]{{1,2}})",
    rf"(?:(?P<y>{_YEAR})年)?(?P<m>{_N})月(?P<d>[0-9]{{1,2}})[日号]",
    rf"(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)? (?P<m>{_SAID_MONTH})(?: (?P<y>{_YEAR}))?",
    rf"(?P<m>{_SAID_MONTH}) (?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?(?: (?P<y>{_YEAR}))?",
)


def _said_months(year: int, span: tuple[int, int]) -> Period:
    first, last = span
    after = date(year + last // 12, last % 12 + 1, 1)
    return Period(date(year, first, 1), after - _ONE_DAY)


def _said_day(plain: str, today: date) -> date | None:
    if plain in _RELATIVE:
        return today - _RELATIVE[plain] * _ONE_DAY
    for pattern in _SAID_DAYS:
        found = re.fullmatch(pattern, plain)
        if found is None:
            continue
        month, day = _month(found["m"]), int(found["d"])
        if found["y"]:
            return _calendar_day(int(found["y"]), month, day)
        this = _calendar_day(today.year, month, day)
        return this if this is not None and this <= today else _calendar_day(today.year - 1, month, day)
    return None


def _calendar_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def in_english(plain: str, languages: tuple[str, ...]) -> str:
    """Return the text with the names of months and quarters in English, one that stands in two languages once."""
    plain = _CHINESE_MONTH.sub(lambda found: f"{_CHINESE_NUMBERS[found[1]]}月", plain)
    plain = _ERA_YEAR.sub(lambda found: str(_ERAS[found[1]] + (1 if found[2] == "元" else int(found[2]))), plain)
    names = _names(languages)
    if names:
        pattern = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
        plain = re.sub(rf"(?<!\w)(?:{pattern})(?!\w)\.?", partial(_english, names), plain, flags=re.IGNORECASE)
    twice = re.search(r"(\d{1,2})月\W*\b([A-Za-z]{3})[a-z]*\b\.?", plain)
    if twice and twice[2].lower() in MONTHS and MONTHS.index(twice[2].lower()) + 1 == int(twice[1]):
        plain = plain.replace(twice[0], f"{twice[1]}月")
    return re.sub(r"\s+", " ", plain).strip()


def _english(names: dict[str, str], found: re.Match[str]) -> str:
    return names[found[0].casefold().rstrip(".")]


@cache
def _names(languages: tuple[str, ...]) -> dict[str, str]:
    """Return the names in several languages, without those that mean two months: listopad in Polish and Croatian."""
    every = [_names_of(language) for language in languages]
    return {
        name: said
        for one in every
        for name, said in one.items()
        if all(other.get(name, said) == said for other in every)
    }


@cache
def _names_of(language: str) -> dict[str, str]:
    """Return the names of months and quarters in a language, without their last point, and what each is in English."""
    if language.split("-", maxsplit=1)[0].split("_", maxsplit=1)[0] in {"en", "zh", "ja", "ko"}:
        return {}
    from babel.core import Locale, UnknownLocaleError  # noqa: PLC0415 - heavy, and only a foreign language needs it

    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (ValueError, UnknownLocaleError) as error:
        raise QuantityError("unknown_locale", where="language", said=language) from error
    found: dict[str, str] = {}
    for form in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            found |= {
                str(name).casefold().rstrip("."): MONTHS[number - 1]
                for number, name in locale.months[form][width].items()
            }
            found |= {
                str(name).casefold().rstrip("."): f"Q{number}" for number, name in locale.quarters[form][width].items()
            }
    return {name: english for name, english in found.items() if not name.isdigit()}


def without_parts(plain: str, languages: tuple[str, ...]) -> str:
    """Return a text in small letters without which month, quarter or half it speaks of."""
    return _PARTS.sub(" ", in_english(plain, languages))


def names_its_part(text: str) -> bool:
    """Return whether a text says what part of a date it is: 2024年 and 1月 stand together with nothing between."""
    return any(sign in text for sign in "年月季")
