"""By when something is promised: the days that the words for a time stand for, those ahead above all."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from targetwatch.press.dates import TimeKind, When, times
from targetwatch.press.text import Sentence

JUST_SAID = timedelta(days=10)
"""A single day so shortly before publication is the day on which it was said."""
LONGER_THAN_A_QUARTER = 100
FIRST_HALF = 6
"""Years ahead that are announced in these months begin with the year itself."""
DECEMBER = 12
FIRST_PLAN = 1951
"""The first of the years that 十四五, the fourteenth five, counts in fives from."""
_Days = tuple[date | None, date] | None
_NUMBERS = {word: number for number, word in enumerate("一二三四五六七八九十", 1)} | {"两": 2, "decade": 10}
_ENGLISH = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS |= {word: number for number, word in enumerate(_ENGLISH, 2)}
_QUARTERS = dict.fromkeys("一1", 1) | dict.fromkeys("二2", 4) | dict.fromkeys("三3", 7) | dict.fromkeys("四4", 10)
_QUARTERS |= {"first": 1, "second": 4, "third": 7, "fourth": 10}
_N = "|".join(("[1-9][0-9]?", *_NUMBERS))
_YEAR = "20[0-9]{2}"
_FROM = re.compile(r"(?:由|从|自|(?<!\bup\s)\bfrom)\s?(?:the\s)?(?:original\s)?$")
_BESIDE = re.compile(
    r"(?:比|较|以|与|相比|\b(?:than|on|over|against|from|since|compared\s(?:with|to)|versus|above|below)\s)\s?"
    r"(?:the\s|those\sof\s|that\sof\s)?$"
)
_COMPARED = re.compile("period|ago|earlier|before|同")
_OVER = re.compile(r"(?:from|than|on|over|against)\s(?!the\s(?:next|coming)|\w+\syears)")
_PLAN = "(?:plan|vision|strategy|agenda|roadmap|programme|program|blueprint|targets?|goals?|objectives?|commitments?)"
_PLAN_BEFORE = re.compile(rf"\b{_PLAN}\s(?:for\s)?$|(?:规划|计划|愿景)$")
_PLAN_AFTER = re.compile(rf"\s(?:[a-z]+\s)?{_PLAN}\b|年?(?:远景|规划|愿景)")
_BEFORE_A_YEAR = re.compile(
    r"(?:\b(?:by|before|until|in|during|for|to|of|from|its|the|their|on|than|end|since|fiscal|year|spring|summer|autumn"
    r"|winter|early|late|mid)\s|-)$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Words for a time from `start` to `end` of the plain text, and its days; `first` None when only an end is said.

    `aside`: a year of comparison, or a former deadline; `dated`: the year is printed or said.
    """

    start: int
    end: int
    first: date | None
    last: date
    aside: bool = False
    dated: bool = True

    @property
    def whole_years(self) -> bool:
        """Return whether it ends with a calendar or a financial year and is longer than a quarter."""
        long = self.first is None or (self.last - self.first).days > LONGER_THAN_A_QUARTER
        return long and (self.last.month, self.last.day) in {(12, 31), (3, 31)}

    def is_past(self, published: date | None) -> bool:
        """Return whether it was over when the text was published."""
        return published is not None and self.dated and self.last < published


def _years(first: int, last: int) -> _Days:
    return (date(first, 1, 1), date(last, DECEMBER, 31)) if first <= last else None


def _two_years(found: re.Match[str], _: date) -> _Days:
    """Return 2021-22 as a financial year from April, other pairs as the calendar years they span."""
    first, last = int(found["y"]), int(found["z"])
    if last == (first + 1) % 100:
        return date(first, 4, 1), date(first + 1, 3, 31)
    return _years(first, last if len(found["z"]) > 2 else first // 100 * 100 + last)  # noqa: PLR2004 - two digits


def _year(found: re.Match[str], _: date) -> _Days:
    return _years(int(found["y"]), int(found["y"]))


def _coming(found: re.Match[str], day: date) -> _Days:
    first = day.year + (day.month > FIRST_HALF)
    return _years(first, first + _number(found["n"]) - 1)


def _within(found: re.Match[str], day: date) -> _Days:
    months = _number(found["n"]) * (DECEMBER if found["u"][0] in "y年" else 1)
    year, month = divmod(day.year * DECEMBER + day.month - 1 + months, DECEMBER)
    return None, date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _number(word: str) -> int:
    return int(word) if word.isdecimal() else _NUMBERS[word]


def _next_quarter(found: re.Match[str], day: date) -> _Days:
    year, month = day.year + 1, _QUARTERS[found["q"]]
    return date(year, month, 1), date(year, month + 2, monthrange(year, month + 2)[1])


def _five_years(found: re.Match[str], _: date) -> _Days:
    first = FIRST_PLAN + 5 * (10 + _NUMBERS[found["n"]])
    return _years(first, first + 4)


_END = r"\b(?:by|before)\s(?:the\s)?(?:year[\s-]?end|end\sof\sthe\syear)\b|(?<![0-9])年[内底](?:前|之前)?"
_FINANCIAL = r"(?:\b(?:fy|(?:the\s)?(?:(?:financial|fiscal)\s)?year)\s?)?(?<![0-9])"
_BY_A_YEAR = r"\b(?:by\s|before\s|until\s)?(?:the\s)?(?:end\sof\s)?(?:the\s)?(?:year\s)?"
_NO_YEAR = r"(?!\s?(?:%|年|月|[a-z]*illion\b|-\s?[0-9]|/[0-9])|[.,][0-9])"
_Rule = tuple[str, Callable[[re.Match[str], date], _Days]]
_RELATIVE: tuple[_Rule, ...] = (
    (rf"(?:今后|未来|往后)\s?(?P<n>{_N})年", _coming),
    (rf"\b(?:over|in|during|within|for)\sthe\s(?:next|coming)\s(?P<n>{_N})(?:\syears)?\b", _coming),
    (rf"\bover\s(?P<n>{_N})\syears\b", _coming),
    (rf"(?P<n>{_N})个?(?P<u>年|月)(?:之|以)?内", _within),
    (rf"\bwithin\s(?P<n>{_N})\s(?P<u>years?|months?)\b", _within),
    (r"明年第?(?P<q>[一二三四1-4])季度?", _next_quarter),
    (r"\b(?P<q>first|second|third|fourth)\squarter\sof\snext\syear\b", _next_quarter),
    (
        r"(?:\b(?:by|before|in)\s)?(?:the\s)?(?:end\sof\s)?\bnext\syear\b|明年",
        lambda _, day: _years(*[day.year + 1] * 2),
    ),
    (_END, lambda _, day: _years(*[day.year + (day.month == DECEMBER)] * 2)),  # in December no longer this one
    (r"\bfor\sthe\s(?:full\s)?year\b(?!\s?20)", lambda _, day: _years(day.year, day.year)),
    (
        r"\b(?:by\s)?(?:the\s)?end\sof\s(?:the|this)\sdecade\b",
        lambda _, day: _years(day.year, day.year // 10 * 10 + 10),
    ),
)
_DATED: tuple[_Rule, ...] = (
    (rf"{_FINANCIAL}(?P<y>{_YEAR})年?\s?[-/至]\s?(?P<z>[0-9]{{2}})(?![0-9])(?:\s?年?(?:财政)?年?度)?", _two_years),
    (rf"\b(?:between|from)\s(?P<y>{_YEAR})\s(?:and|to)\s(?P<z>{_YEAR})\b", _two_years),
    (r"[“\"]?十(?P<n>[一二三四五六七八九])五[”\"]?(?:期间|时期|期末|末)?", _five_years),
    (r"\b(?:by\s)?mid-?\s?century\b|本世纪中叶", lambda *_: (None, date(2050, DECEMBER, 31))),
    (rf"{_BY_A_YEAR}(?P<y>{_YEAR})\b{_NO_YEAR}", _year),
)
_RULES = [(re.compile(pattern), build, True) for pattern, build in _RELATIVE]
_RULES += [(re.compile(pattern), build, False) for pattern, build in _DATED]


def windows(text: str, sentence: Sentence, *, published: date | None) -> tuple[Window, ...]:
    """Return the times that a sentence names, in order, the longer of two that overlap.

    A time without any year is the first that is not over on the day of publication; without such a day there is none.
    """
    kept: list[Window] = []
    found = (*_ahead(text, sentence, published), *_told(text, sentence, published))
    for one in sorted(found, key=lambda one: one.start - one.end):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    kept.sort(key=lambda one: one.start)
    return tuple(
        _beside(text, sentence, one, others=kept, published=published)
        for one in kept
        if not _is_said_on(one, published)
    )


def is_of_plan(text: str, start: int, end: int) -> bool:
    """Return whether a year is that of a plan by name: Vision 2030, the 2027 targets."""
    return bool(_PLAN_BEFORE.search(text, max(0, start - 14), start) or _PLAN_AFTER.match(text, end))


def without(text: str, start: int, end: int, times: Sequence[Window]) -> str:
    """Return a stretch of text, blanks where it names a time."""
    said = text[start:end]
    for one in times:
        first, last = max(0, one.start - start), min(len(said), one.end - start)
        if first < last:
            said = said[:first] + " " * (last - first) + said[last:]
    return said


def _ahead(text: str, sentence: Sentence, published: date | None) -> Iterator[Window]:
    """Give the times that lie ahead, which figures of the past never name."""
    for pattern, build, relative in _RULES:
        for found in pattern.finditer(text, sentence.start, sentence.end):
            if (relative and published is None) or (build is _year and not _is_year(text, found)):
                continue
            if days := build(found, published or date.min):
                yield Window(start=found.start(), end=found.end(), first=days[0], last=days[1])


def _is_year(text: str, found: re.Match[str]) -> bool:
    """Return whether a bare number like a year is one, by the words beside it."""
    start = found.start("y")
    said = start > found.start() or _BEFORE_A_YEAR.search(text[max(0, start - 12) : start])
    return bool(said) or is_of_plan(text, start, found.end())


def _told(text: str, sentence: Sentence, published: date | None) -> Iterator[Window]:
    for when in times(text, sentence):
        if (
            when.kind in {TimeKind.SINCE, TimeKind.NOW}
            or when.weekday is not None
            or text[when.start : when.end] == "annual"
            or text[when.start : when.end].isdecimal()
        ):
            continue
        dated, year = when.year is not None or when.relative is not None, when.year
        if year is None and published is not None:
            year = published.year + (when.relative or 0)
        try:
            days = _days_of(when, year) if year else None
            if days and not dated and published and days[1] < published:
                days = _days_of(when, published.year + 1)
        except ValueError:  # no such day in the calendar
            continue
        if days is not None:
            compared = when.kind is TimeKind.COMPARED and bool(_COMPARED.search(text, when.start, when.end))
            first = None if when.kind is TimeKind.UNTIL else days[0]
            yield Window(start=when.start, end=when.end, first=first, last=days[1], aside=compared, dated=dated)


def _days_of(when: When, year: int) -> tuple[date, date]:
    end = when.to_year or year
    last = date(end, when.last, when.day or monthrange(end, when.last)[1])
    return date(year, when.first, when.first_day or 1), last


def _is_said_on(one: Window, published: date | None) -> bool:
    """Return whether it is the day on which the text, or what it reports, was said."""
    if one.first != one.last or published is None:
        return False
    since = published - one.last if one.dated else (published - one.last) % timedelta(days=365)
    return timedelta(0) <= since <= JUST_SAID


def _beside(text: str, sentence: Sentence, one: Window, *, others: Sequence[Window], published: date | None) -> Window:
    """Return a time that is only compared with, given up, or in brackets, as one aside; "from 2027" alone is none."""
    before = text[max(sentence.start, one.start - 30) : one.start]
    apart = text.rfind("(", sentence.start, one.start) > text.rfind(")", sentence.start, one.start)
    began = _FROM.search(before)
    if began and len(others) == 1 and published and one.last >= published:
        return replace(one, aside=False)
    former = len(others) > 1 and began
    return replace(
        one, aside=bool(one.aside or apart or former or _OVER.match(text, one.start) or _BESIDE.search(before))
    )
