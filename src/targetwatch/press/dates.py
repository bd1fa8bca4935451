"""The words for a time in a sentence, Chinese (and Japanese where it writes alike) or English.

`periods` says which days they stand for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from targetwatch.press.text import Sentence
from targetwatch.quantity.spellings import MAGNITUDES, SPELLINGS, alternatives

_Said = dict[str, object]
"""The fields of a `When` that the words say."""
_Rule = tuple[str, Callable[[re.Match[str]], _Said]]
_YEAR = "(?:19|20)[0-9]{2}"
_DAY = "(?:3[01]|[12][0-9]|0?[1-9])"
_LAST_MONTH = 12
_COUNTED = alternatives((*MAGNITUDES, *(word.lower() for said in SPELLINGS.values() for word in said)))
"""What a number before it counts: no year."""


class TimeKind(StrEnum):
    """What the words speak of."""

    SPAN = "span"
    UNTIL = "until"
    """As of a day: a running total, or a level on that day."""
    NOW = "now"
    SINCE = "since"
    COMPARED = "compared"
    """What a growth is counted from: the same period a year before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """Words for a time from `start` to `end` of the plain text.

    `year` is the one printed; else `relative` is 0 for this year, -1 for last year; else none is said. `first` and
    `last` are months, `first_day` and `day` days of them, `weekday` 0..6, `to_year` the last of several years. `back`
    counts the years before what is so said; `last_month` is the month before the day it was said.
    """

    start: int
    end: int
    kind: TimeKind = TimeKind.SPAN
    year: int | None = None
    to_year: int | None = None
    relative: int | None = None
    first: int = 1
    last: int = _LAST_MONTH
    first_day: int | None = None
    day: int | None = None
    weekday: int | None = None
    back: int = 0
    last_month: bool = False

    @property
    def whole_year(self) -> bool:
        """Return whether it is a year as a whole, no part of it named."""
        return self.kind is TimeKind.SPAN and (self.first, self.last, self.day) == (1, _LAST_MONTH, None)

    @property
    def single_day(self) -> bool:
        """Return whether it is one day."""
        return self.first_day is not None and (self.first, self.first_day) == (self.last, self.day)


def start_of(when: When) -> date | None:
    """Return the first day of words that name a start; None without a year, or where the calendar has no such day."""
    try:
        return date(when.year, when.first, when.first_day or 1) if when.year else None
    except ValueError:
        return None


def times(text: str, sentence: Sentence) -> tuple[When, ...]:
    """Return the words for times in the sentence, in order; where two readings overlap the longer one stands."""
    kept: list[When] = []
    for when in sorted(_all(text, sentence), key=lambda when: (when.start - when.end, when.start)):
        if all(when.end <= other.start or other.end <= when.start for other in kept):
            kept.append(when)
    return tuple(sorted(kept, key=lambda when: when.start))


def _all(text: str, sentence: Sentence) -> Iterator[When]:
    for pattern, build in _RULES:
        for found in pattern.finditer(text, sentence.start, sentence.end):
            if found.end() > found.start() and (when := _when(text, found, build)):
                yield when


def _when(text: str, found: re.Match[str], build: Callable[[re.Match[str]], _Said]) -> When | None:
    groups, said = found.groupdict(), build(found)
    year, relative = groups.get("y") or groups.get("y3"), groups.get("r") or groups.get("r3")
    if build is _fiscal_year:
        said |= _fiscal(text)
    when = replace(
        When(start=found.start(), end=found.end(), year=int(year) if year else None),
        relative=_RELATIVE[relative] if relative else None,
        **said,  # type: ignore[arg-type]
    )
    in_order = when.first <= when.last or when.to_year is not None
    if not (1 <= when.first <= _LAST_MONTH and 1 <= when.last <= _LAST_MONTH and in_order):
        return None
    before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
    if when.kind is TimeKind.SPAN and when.day is None and _COMPARED.search(before):
        return replace(when, kind=TimeKind.COMPARED)
    return when


_NUMBERS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NUMBERS |= {"十": 10, "十一": 11, "十二": 12, "上": 1, "下": 2}
_NUMBERS |= {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
_NUMBERS |= {"ten": 10, "eleven": 11, "twelve": 12, "first": 1, "second": 2, "third": 3, "fourth": 4}
_NUMBERS |= {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
MONTHS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6}
MONTHS |= {"jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12}


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word]


def _month(word: str) -> int:
    return MONTHS[word[:3]] if word[:3] in MONTHS else _number(word)


def _span(first: int, last: int) -> _Said:
    return {"first": first, "last": last}


def _part(size: int, which: int) -> _Said:
    """Return the quarter or half of a year that `which` counts; month 0, which there is not, when it has none."""
    return _span((which - 1) * size + 1, which * size) if 1 <= which <= _LAST_MONTH // size else _span(0, 0)


def _half(found: re.Match[str]) -> _Said:
    return _part(6, _number(found["n"]))


def _quarter(found: re.Match[str]) -> _Said:
    return _part(3, _number(found["n"]))


def _first_quarters(found: re.Match[str]) -> _Said:
    return _span(1, 3 * _number(found["n"]))


def _first_months(found: re.Match[str]) -> _Said:
    return _span(1, _number(found["n"]))


def _one_month(found: re.Match[str]) -> _Said:
    return _span(_month(found["m"]), _month(found["m"]))


def _one_day(found: re.Match[str]) -> _Said:
    day = int(found["d"])
    return {**_one_month(found), "first_day": day, "day": day}


def _months(found: re.Match[str]) -> _Said:
    """Return a stretch from one month to another, of the next year where that is printed."""
    groups = found.groupdict()
    said = _span(_month(found["m"]), _month(found["m2"]))
    days = {"first_day": int(found["d"]), "day": int(found["d2"])} if groups.get("d2") else {}
    other = groups.get("y2")
    return {**said, **days, **({"to_year": int(other)} if other else {})}


def _days(found: re.Match[str]) -> _Said:
    return {**_one_month(found), "first_day": int(found["d"]), "day": int(found["d2"])}


def _until(found: re.Match[str]) -> _Said:
    """Return the end of a month, a day of it, or the end of a year."""
    groups = found.groupdict()
    name, day = groups["m"] or groups.get("m3"), groups["d"] or groups.get("d2")
    last = _month(name) if name else _LAST_MONTH
    return {"kind": TimeKind.UNTIL, "first": last, "last": last, "day": int(day) if day else None}


def _weekday(found: re.Match[str]) -> _Said:
    return {"kind": TimeKind.UNTIL, "weekday": _WEEKDAYS.index(found["w"])}


def _since(found: re.Match[str]) -> _Said:
    groups = found.groupdict()
    named, day = groups.get("m"), groups.get("d")
    return {"kind": TimeKind.SINCE, "first": _month(named) if named else 1, "first_day": int(day) if day else None}


def _years(found: re.Match[str]) -> _Said:
    return {"to_year": int(found["y2"])}


def _months_to(found: re.Match[str]) -> _Said:
    """Return so many months up to the end of one."""
    last = _month(found["m"])
    return _span(last - _number(found["n"]) + 1, last)


def _fiscal_months(found: re.Match[str]) -> _Said:
    """Return months of a year that begins in one and ends in the next: April-September 2023-24."""
    said = _span(_month(found["m"]), _month(found["m2"]))
    return said if said["first"] <= said["last"] else {**said, "to_year": int(found["y"]) + 1}  # type: ignore[operator]


def _fiscal_year(found: re.Match[str]) -> _Said:
    first, second = int(found["y"]), int(found["y2"])
    return {"to_year": first + 1} if second in {first + 1, (first + 1) % 100} else _span(0, 0)


def _fiscal(text: str) -> _Said:
    """Return the months of a fiscal year, from where the text says when one ends; month 0 where it does not."""
    found = _FISCAL_END.search(text)
    if found is None:
        return _span(0, 0)
    last = _month(found["m"] or found["m2"] or found["m3"])
    return _span(last % _LAST_MONTH + 1, last)


def _last_month(_: re.Match[str]) -> _Said:
    return {"last_month": True}


def _whole_year(_: re.Match[str]) -> _Said:
    return {}


def _now(_: re.Match[str]) -> _Said:
    return {"kind": TimeKind.NOW}


def _compared(_: re.Match[str]) -> _Said:
    return {"kind": TimeKind.COMPARED}


_RELATIVE = {"今年": 0, "本年": 0, "当年": 0, "去年": -1, "上年": -1, "前年": -2}
_Y_ZH = rf"(?:(?P<y>{_YEAR})\s?年度?\s?|(?P<r>今年|本年|当年|去年|上年|前年))?\s?的?"
_M_ZH = "(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_N_ZH = "1[0-2]|[1-9]|十[一二]?|[一二两三四五六七八九]"
_TO_ZH = r"\s?(?:-|至|到)\s?"

_CHINESE: tuple[_Rule, ...] = (
    (rf"(?:(?P<y>{_YEAR})年|(?P<r>去年|上年|前年))\s?(?:的|の)?\s?同(?:期|月)", _compared),
    (rf"{_Y_ZH}(?P<n>[上下])半年", _half),
    (rf"{_Y_ZH}前\s?(?P<n>[一二两三四1-4])个?季度", _first_quarters),
    (rf"{_Y_ZH}第?(?P<n>[一二三四1-4])季度", _quarter),
    (rf"{_Y_ZH}第(?P<n>[1-4])四半期末?", _quarter),
    (rf"{_Y_ZH}(?:的|の)?前\s?(?P<n>{_N_ZH})\s?个?月", _first_months),
    (rf"{_Y_ZH}(?P<m>{_M_ZH})(?:月份?)?{_TO_ZH}(?:(?P<y2>{_YEAR})年)?(?P<m2>{_M_ZH})\s?月份?(?!{_DAY}日)", _months),
    (
        rf"{_Y_ZH}(?P<m>{_M_ZH})月(?P<d>{_DAY})日{_TO_ZH}(?:(?P<y2>{_YEAR})年)?(?P<m2>{_M_ZH})月(?P<d2>{_DAY})日",
        _months,
    ),
    (
        rf"(?:截至|截止到?|截止至|到)\s?{_Y_ZH}(?P<m>{_M_ZH})?(?:月(?:(?P<d>{_DAY})日|份?底|末|份)?|年?(?:底|末))",
        _until,
    ),
    (rf"{_Y_ZH}(?P<m>{_M_ZH})月(?P<d>{_DAY})日?{_TO_ZH}(?P<d2>{_DAY})日", _days),
    (rf"{_Y_ZH}(?P<m>{_M_ZH})月(?P<d>{_DAY})日\s?の?时点", _until),
    (rf"{_Y_ZH}(?P<m>{_M_ZH})月(?P<d>{_DAY})日", _one_day),
    (rf"{_Y_ZH}(?P<m>{_M_ZH})\s?月(?:份|末|底|单月|当月)?(?![0-9])", _one_month),
    (
        rf"(?:年初|今年初?)(?:以来)?\s?(?:至|到|から)(?P<m>{_M_ZH})月(?:(?P<d>{_DAY})日|底|末|份)?",
        lambda found: {**_until(found), "kind": TimeKind.SPAN, "first": 1},
    ),
    (r"(?:截至|截止)?(?:目前|当前|现在|如今|日前)|至今|迄今", _now),
    (rf"自?从?(?P<y>{_YEAR})年(?:(?P<m>{_M_ZH})月(?:(?P<d>{_DAY})日)?)?[^,。;0-9]{{0,10}}(?:以来|から)", _since),
    ("(?:自|从)?(?:首次)?(?:开行|开通|启动|运行|运营|实施|成立|设立|落地)(?:以来|至今|后)", _since),
    (rf"(?P<y>{_YEAR})年?{_TO_ZH}(?P<y2>{_YEAR})年", _years),
    (rf"(?:(?P<y>{_YEAR})年度?|(?P<r>去年|上年|前年|今年|本年))(?:全年|度)?|全年", _whole_year),
)
_RELATIVE |= {
    "this year": 0,
    "the year": 0,
    "last year": -1,
    "previous year": -1,
    "the previous year": -1,
    "year before": -1,
}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MON = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_OF = (
    rf"(?:(?:\s+of|\s+in|,)?\s+(?P<y>{_YEAR})\b(?!\s?(?:teu|billion|million))"
    r"|(?:\s+of|\s+in|,)?\s+(?P<r>this year|last year|the year))?"
)
_OF_DAY = _OF.replace("<y>", "<y3>").replace("<r>", "<r3>")
_NO_FISCAL = r"(?!\s+(?:of|in)\s+(?:the\s+)?(?:fiscal|financial|fy))"
_N = "1[0-2]|[2-9]|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_NTH = "first|second|third|fourth|1st|2nd|3rd|4th"
_BY = r"\b(?:as\s+(?:of|at)|at(?=\s+(?:the\s+)?end)|by|until|up\s+to)\s+(?:the\s+)?(?:end\s+of\s+|end[\s-]+)?"
_STRETCH = r"(?:period|month|quarter|half|time|months|week|year)"
_FISCAL_END = re.compile(
    rf"(?:fiscal|financial|fy)\b[^.;]{{0,60}}?\b(?:end(?:ed|ing|s)?|to|through)\s(?:on\s|in\s)?(?:{_DAY}\s)?(?P<m>{_MON})"
    rf"|(?:{_MON})\s?-\s?(?P<m2>{_MON})\s{_YEAR}[-/][0-9]{{2}}\b"
    rf"|{_YEAR}[-/][0-9]{{2}}\s?\((?:{_MON})\s?(?:-|to)\s?(?P<m3>{_MON})"
)
"""Where a text says when its fiscal year ends."""
_ENGLISH: tuple[_Rule, ...] = (
    (rf"\b(?P<y>{_YEAR})[-/.](?P<m>1[0-2]|0?[1-9])[-/.](?P<d>{_DAY})\b", _one_day),
    (rf"\b(?:the\s+)?(?P<n>first|second)\s+half(?:[\s-]+year)?{_NO_FISCAL}{_OF}", _half),
    (rf"\b(?P<y>{_YEAR})[\s-]?h(?P<n>[12])\b", _half),
    (rf"\bh(?P<n>[12])\b{_OF}", _half),
    (rf"\b(?:first|1st)\s+(?P<n>two|three|2|3)\s+quarters\b{_OF}", _first_quarters),
    (rf"\b(?:from\s)?q1\s?(?:-|to)\s?q(?P<n>[2-4])\b{_OF}", _first_quarters),
    (rf"\b(?P<n>{_NTH})[\s-]+quarter\b{_NO_FISCAL}{_OF}", _quarter),
    (rf"\b(?P<y>{_YEAR})[\s-]?q(?P<n>[1-4])\b", _quarter),
    (rf"\bq(?P<n>[1-4])\b{_OF}", _quarter),
    (rf"\bfirst\s+(?P<n>{_N})\s+months\b{_OF}", _first_months),
    (
        rf"\b(?P<n>{_N}|eleven)\s+months\s+(?:in)?(?:to|through)\s+(?:(?P<y>{_YEAR})\b|(?P<r>the year|this year))",
        _first_months,
    ),
    (
        rf"\b(?P<n>{_N})\s+months\s+(?:to|through|until|(?:that\s+)?end(?:ed|ing)(?:\s+(?:in|on))?)\s+(?:{_DAY}\s+)?(?P<m>{_MON})(?:\s+{_DAY}\b)?{_OF}",
        _months_to,
    ),
    (
        rf"\b(?P<m>{_MON})\s*(?:-|to)\s*(?P<m2>{_MON}),?\s+(?:of\s+)?(?:fy\s?)?(?P<y>{_YEAR})[-/][0-9]{{2}}\b",
        _fiscal_months,
    ),
    (
        rf"\b(?:(?:fiscal|financial)(?:\s+year)?\s+|fy\s?)?(?P<y>{_YEAR})\s?[-/]\s?(?P<y2>(?:20)?[0-9]{{2}})\b(?:\s+(?:fiscal|financial)(?:\s+year)?|\s\({_MON}\s?(?:-|to)\s?{_MON}\))?",
        _fiscal_year,
    ),
    (r"\blast\s+month\b|上个?月(?!同期)", _last_month),
    (
        rf"\b(?:from\s+|between\s+)?(?P<m>{_MON})\s*(?:-|to|through|until|and)\s*(?P<m2>{_MON}){_OF}",
        _months,
    ),
    (
        rf"\b(?:from\s+|between\s+)?(?P<m>{_MON})\s+(?P<y>{_YEAR})\s*(?:-|to|through|and)\s*(?P<m2>{_MON})\s+(?P<y2>{_YEAR})\b",
        _months,
    ),
    (
        rf"\b(?:from\s+|between\s+)?(?P<m>{_MON})\s+(?P<d>{_DAY})\s*(?:-|to|through|and)\s*(?P<m2>{_MON})\s+(?P<d2>{_DAY})\b{_OF}",
        _months,
    ),
    (rf"{_BY}(?:(?P<m>{_MON})(?:\s+(?P<d>{_DAY})\b)?{_OF}|(?P<d2>{_DAY})\s+(?P<m3>{_MON}){_OF_DAY})", _until),
    (
        rf"{_BY}(?:(?P<y>{_YEAR})\b|(?P<r>this year|last year|the year))",
        lambda _: {"kind": TimeKind.UNTIL, "first": 12},
    ),
    (rf"\b(?:as\s+of|by|until|through)\s+(?:last\s+)?(?P<w>{'|'.join(_WEEKDAYS)})\b", _weekday),
    (rf"\b(?P<m>{_MON})\s+(?P<d>{_DAY})\b(?:st|nd|rd|th)?(?:,?\s+(?P<y>{_YEAR})\b)?", _one_day),
    (
        rf"\b(?:from\s+)?(?P<m>{_MON})\s+(?P<d>{_DAY})\s*(?:-|to|through)\s*(?P<d2>{_DAY})\b(?!\s?{_COUNTED}){_OF}",
        _days,
    ),
    (rf"\b(?P<d>{_DAY})(?:st|nd|rd|th)?\s+(?P<m>{_MON})(?:,?\s+(?P<y>{_YEAR})\b)?", _one_day),
    (
        (
            r"\bsince\s+(?:(?:its|the|their)\s+)?(?:[a-z-]{1,20}\s+){0,3}?(?:in\s+|on\s+)?"
            rf"(?:(?P<m>{_MON})\s+(?:(?P<d>{_DAY})\b,?\s+)?)?(?P<y>{_YEAR})\b"
        ),
        _since,
    ),
    (rf"\bsince\s+(?P<d>{_DAY})\s+(?P<m>{_MON})\s+(?P<y>{_YEAR})\b", _since),
    (r"\bsince\s+(?:its|the|their)?\s*(?:launch|inception|opening|start|establishment|implementation)\w*", _since),
    (r"\b(?:over|in|during)\s+the\s+(?:past|last)\s+(?:decade|[a-z0-9]{1,12}\s+years)\b", _since),
    (rf"\b(?:in|of|for|during|last|this|through|through\s+to)\s+(?P<m>{_MON}){_OF}", _one_month),
    (rf"\b(?!may)(?P<m>{_MON}){_OF}", _one_month),
    (rf"\bmay\s+(?P<y>{_YEAR})\b", lambda _: _span(5, 5)),
    (
        (
            r"\b(?:in|of|for|during|throughout|year|full[\s-]year)\s+(?:the\s+)?(?:whole\s+(?:of\s+)?|entire\s+)?"
            rf"(?:year\s+(?:of\s+)?)?(?P<y>{_YEAR})\b(?!\s?-\s?[0-9])"
        ),
        _whole_year,
    ),
    (rf"(?<![-/.,$\w])(?P<y>{_YEAR})\b(?!\s?(?:[-/.,+]?[0-9]|%|{_COUNTED}))", _whole_year),
    (rf"\b(?P<y>{_YEAR})\s?-\s?(?P<y2>{_YEAR})\b", _years),
    (r"\b(?P<r>last year|this year|the previous year)\b|\bfull[\s-]year\b", _whole_year),
    (r"\bannual\b(?!\s(?:average|growth|rate|increase))", _whole_year),
    (r"\b(?:now|currently|at\s+present|to\s+date|so\s+far)\b", _now),
    (
        (
            rf"(?:\b(?:the\s+)?(?:same|corresponding|comparable)\s+{_STRETCH}|\bthat)\s+(?:of\s+|in\s+)?(?:the\s+)?"
            rf"(?:(?P<y>{_YEAR})\b|(?P<r>last year|previous year|year before)|(?:a\s+)?year\s+(?:ago|earlier|before)\b)"
        ),
        _compared,
    ),
    (rf"\b(?:year-ago|year-earlier|prior-year|previous-year)\s+{_STRETCH}\b", _compared),
    (rf"\b{_STRETCH}\s+(?:a|one)\s+year\s+(?:ago|earlier|before)\b", _compared),
    (r"\b(?:a|one)\s+year\s+(?:ago|earlier|before)\b|\b(?:the\s+)?year\s+before\b", _compared),
)
_RULES = tuple((re.compile(pattern), build) for pattern, build in (*_CHINESE, *_ENGLISH))
_COMPARED = re.compile(
    r"(?:比|较|与|同|超过|高于|低于|\b(?:from|than|over|on|as|compared\s+(?:with|to)|versus|against|(?:ahead|short|that)\s+of))\s?"
    r"(?:the\s+)?(?:same\s+(?:period|time|quarter|month)\s+(?:of\s+|in\s+|a\s+)?|that\s+of\s+|that\s+in\s+)?$"
)
_LOOK_BACK = 40
