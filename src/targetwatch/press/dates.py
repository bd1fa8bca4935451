"""The words for a stretch of time, found in a sentence; `periods` says which days they stand for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from targetwatch.press.sentences import Sentence


class Kind(StrEnum):
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
    `last` are months, `day` and `first_day` days of them, `weekday` 0..6, `to_year` the last of several years.
    """

    start: int
    end: int
    kind: Kind = Kind.SPAN
    year: int | None = None
    to_year: int | None = None
    relative: int | None = None
    first: int = 1
    last: int = 12
    first_day: int | None = None
    day: int | None = None
    weekday: int | None = None


_ZH = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_ZH |= {"十": 10, "十一": 11, "十二": 12}
_EN = {word: number for number, word in enumerate("one two three four five six seven eight nine ten eleven".split(), 1)}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_DAYS = {name: number for number, name in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())}
_RELATIVE = {"今年": 0, "本年": 0, "当年": 0, "去年": -1, "上年": -1, "前年": -2}
_RELATIVE |= {"this year": 0, "the year": 0, "last year": -1, "previous year": -1}

_YEAR = "(?:19|20)[0-9]{2}"
_Y = rf"(?:(?P<y>{_YEAR})\s?年度?\s?|(?P<r>今年|本年|当年|去年|上年|前年))?\s?的?"
_M, _D = "(?:1[0-2]|0?[1-9])", "(?:3[01]|[12][0-9]|0?[1-9])"
_N = "1[0-2]|[1-9]|十[一二]?|[一二两三四五六七八九]"
_TO = r"\s?(?:-|至|到)\s?"
_MON = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_OF = rf"(?:(?:\s+of|\s+in|,)?\s+(?P<y>{_YEAR})\b(?!\s?(?:teu|billion|million))|(?:\s+of|\s+in|,)?\s+(?P<r>this year|last year|the year))?"
_THE = r"(?:the\s+)?"

Build = Callable[[re.Match[str]], dict[str, object]]


def _span(first: int, last: int) -> dict[str, object]:
    return {"first": first, "last": last}


def _part(size: int, number: int) -> dict[str, object]:
    return _span((number - 1) * size + 1, number * size) if 1 <= number <= 12 // size else {"first": 0}


def _number(word: str) -> int:
    word = word.strip()
    return int(word) if word.isdigit() else _ZH.get(word) or _EN.get(word) or _ORDINALS.get(word) or 12


def _month(word: str) -> int:
    return _MONTHS[word[:3]] if word[:3] in _MONTHS else int(word)


def _until(found: re.Match[str]) -> dict[str, object]:
    month = found["m"]
    last = _month(month) if month else 12
    return {"kind": Kind.UNTIL, "first": last, "last": last, "day": int(found["d"]) if found["d"] else None}


def _one_month(found: re.Match[str]) -> dict[str, object]:
    return _span(_month(found["m"]), _month(found["m"]))


def _one_day(found: re.Match[str]) -> dict[str, object]:
    day = int(found["d"])
    return {**_one_month(found), "first_day": day, "day": day}


def _months(found: re.Match[str]) -> dict[str, object]:
    return _span(_month(found["m"]), _month(found["m2"]))


def _since(found: re.Match[str]) -> dict[str, object]:
    groups = found.groupdict()
    month, day = groups.get("m"), groups.get("d")
    said: dict[str, object] = {"kind": Kind.SINCE, "first": _month(month) if month else 1}
    return {**said, "first_day": int(day) if day else None}


RULES: tuple[tuple[str, Build], ...] = (
    # --- Chinese, and what Japanese writes alike ---
    (r"(?:(?:去|上|前)年|前年)\s?同(?:期|月)", lambda _: {"kind": Kind.COMPARED}),
    (rf"{_Y}(?P<half>[上下])半年", lambda found: _part(6, 1 if found["half"] == "上" else 2)),
    (rf"{_Y}前\s?(?P<n>[一二两三四1-4])个?季度", lambda found: _span(1, 3 * _number(found["n"]))),
    (rf"{_Y}第?(?P<n>[一二三四1-4])季度", lambda found: _part(3, _number(found["n"]))),
    (rf"{_Y}第(?P<n>[1-4])四半期末?", lambda found: _part(3, _number(found["n"]))),
    (rf"{_Y}(?:的|の)?前\s?(?P<n>{_N})\s?个?月", lambda found: _span(1, _number(found["n"]))),
    (rf"{_Y}(?P<m>{_M})(?:月份?)?{_TO}(?:{_YEAR}年)?(?P<m2>{_M})\s?月份?", _months),
    (
        rf"(?:截至|截止到?|截止至)\s?{_Y}(?P<m>{_M})?(?:月(?:(?P<d>{_D})日|份?底|末|份)?|年?(?:底|末))",
        _until,
    ),
    (rf"{_Y}(?P<m>{_M})月(?P<d>{_D})日\s?の?时点", _until),
    (rf"{_Y}(?P<m>{_M})月(?P<d>{_D})日", _one_day),
    (rf"{_Y}(?P<m>{_M})月(?:份|末|底|单月|当月)?(?![0-9])", _one_month),
    (
        rf"(?:年初|今年初?)(?:以来)?\s?(?:至|到|から)(?P<m>{_M})月(?:(?P<d>{_D})日|底|末|份)?",
        lambda found: {**_until(found), "kind": Kind.SPAN, "first": 1},
    ),
    (r"(?:截至|截止)?(?:目前|当前|现在|如今|日前)|至今|迄今", lambda _: {"kind": Kind.NOW}),
    (
        rf"自?从?(?P<y>{_YEAR})年(?:(?P<m>{_M})月(?:(?P<d>{_D})日)?)?[^,。;0-9]{{0,10}}(?:以来|から)",
        _since,
    ),
    ("(?:自|从)?(?:首次)?(?:开行|开通|启动|运行|运营|实施|成立|设立|落地)(?:以来|至今|后)", _since),
    (rf"(?P<y>{_YEAR})年?{_TO}(?P<y2>{_YEAR})年", lambda found: {"to_year": int(found["y2"])}),
    (rf"(?:(?P<y>{_YEAR})年度?|(?P<r>去年|上年|前年|今年|本年))(?:全年|度)?|全年", lambda _: {}),
    (rf"\b(?P<y>{_YEAR})[-/.](?P<m>{_M})[-/.](?P<d>{_D})\b", _one_day),
    # --- English ---
    (rf"\b{_THE}(?P<n>first|second)\s+half(?:[\s-]+year)?{_OF}", lambda found: _part(6, _number(found["n"]))),
    (rf"\b(?P<y>{_YEAR})[\s-]?h(?P<n>[12])\b", lambda found: _part(6, int(found["n"]))),
    (rf"\bh(?P<n>[12])\b{_OF}", lambda found: _part(6, int(found["n"]))),
    (rf"\b(?:first|1st)\s+(?P<n>two|three|2|3)\s+quarters\b{_OF}", lambda found: _span(1, 3 * _number(found["n"]))),
    (rf"\bq1\s?-\s?q(?P<n>[2-4])\b{_OF}", lambda found: _span(1, 3 * int(found["n"]))),
    (
        rf"\b(?P<n>first|second|third|fourth|1st|2nd|3rd|4th)[\s-]+quarter\b{_OF}",
        lambda found: _part(3, _number(found["n"])),
    ),
    (rf"\b(?P<y>{_YEAR})[\s-]?q(?P<n>[1-4])\b", lambda found: _part(3, int(found["n"]))),
    (rf"\bq(?P<n>[1-4])\b{_OF}", lambda found: _part(3, int(found["n"]))),
    (
        rf"\bfirst\s+(?P<n>1[01]|[2-9]|{'|'.join(_EN)})\s+months\b{_OF}",
        lambda found: _span(1, _number(found["n"])),
    ),
    (
        rf"\b(?:from\s+|between\s+)?(?P<m>{_MON})(?:\s+{_YEAR})?\s*(?:-|to|through|until|and)\s*(?P<m2>{_MON}){_OF}",
        _months,
    ),
    (
        rf"\b(?:as\s+(?:of|at)|by|until|up\s+to)\s+{_THE}(?:end\s+of\s+|end[\s-]+)?"
        rf"(?:(?P<m>{_MON})(?:\s+(?P<d>{_D})\b)?{_OF}|(?P<d2>{_D})\s+(?P<m3>{_MON}){_OF.replace('<y>', '<y3>').replace('<r>', '<r3>')})",
        lambda found: _english_until(found),
    ),
    (
        rf"\b(?:as\s+(?:of|at)|by|until)\s+{_THE}(?:end\s+of\s+|end[\s-]+)?(?:(?P<y>{_YEAR})\b|(?P<r>this year|last year|the year))",
        lambda _: {"kind": Kind.UNTIL, "first": 12},
    ),
    (
        rf"\b(?:as\s+of|by|until|through)\s+(?:last\s+)?(?P<w>{'|'.join(_DAYS)})\b",
        lambda found: {"kind": Kind.UNTIL, "weekday": _DAYS[found["w"]]},
    ),
    (rf"\b(?P<m>{_MON})\s+(?P<d>{_D})\b(?:st|nd|rd|th)?(?:,?\s+(?P<y>{_YEAR})\b)?", _one_day),
    (rf"\b(?P<d>{_D})(?:st|nd|rd|th)?\s+(?P<m>{_MON})(?:,?\s+(?P<y>{_YEAR})\b)?", _one_day),
    (
        rf"\bsince\s+(?:(?:its|the|their)\s+)?(?:[a-z-]+\s+){{0,3}}?(?:in\s+|on\s+)?"
        rf"(?:(?P<m>{_MON})\s+(?:(?P<d>{_D})\b,?\s+)?)?(?P<y>{_YEAR})\b",
        _since,
    ),
    (rf"\bsince\s+(?P<d>{_D})\s+(?P<m>{_MON})\s+(?P<y>{_YEAR})\b", _since),
    (r"\bsince\s+(?:its|the|their)?\s*(?:launch|inception|opening|start|establishment|implementation)\w*", _since),
    (r"\b(?:over|in|during)\s+the\s+(?:past|last)\s+(?:decade|[a-z0-9]+\s+years)\b", _since),
    (rf"\b(?:in|of|for|during|last|this|through|through\s+to)\s+(?P<m>{_MON}){_OF}", _one_month),
    (rf"\b(?!may)(?P<m>{_MON}){_OF}", _one_month),
    (rf"\bmay\s+(?P<y>{_YEAR})\b", lambda _: _span(5, 5)),
    (
        rf"\b(?:in|of|for|during|throughout|year|full[\s-]year)\s+(?:the\s+)?(?:whole\s+|entire\s+)?(?:year\s+(?:of\s+)?)?"
        rf"(?P<y>{_YEAR})\b(?!\s?-\s?[0-9])",
        lambda _: {},
    ),
    (rf"\b(?P<y>{_YEAR})\s?-\s?(?P<y2>{_YEAR})\b", lambda found: {"to_year": int(found["y2"])}),
    (r"\b(?P<r>last year|this year|the previous year)\b|\bfull[\s-]year\b", lambda _: {}),
    (r"\b(?:now|currently|at\s+present|to\s+date|so\s+far)\b", lambda _: {"kind": Kind.NOW}),
    (r"\b(?:same|corresponding)\s+period(?:\s+(?:of\s+)?(?:last\s+year|a\s+year\s+(?:ago|earlier)))?", lambda _: {"kind": Kind.COMPARED}),
    (r"\ba\s+year\s+(?:ago|earlier|before)\b", lambda _: {"kind": Kind.COMPARED}),
)
_COMPILED = tuple((re.compile(pattern), build) for pattern, build in RULES)
_COMPARED = re.compile(
    r"(?:比|较|与|同|超过|高于|低于|from|than|over|on|compared\s+(?:with|to)|versus|against|that\s+of)\s?"
    r"(?:the\s+)?(?:same\s+(?:period|time|quarter|month)\s+(?:of\s+|in\s+|a\s+)?|that\s+of\s+|that\s+in\s+)?$"
)


def times(text: str, sentence: Sentence) -> tuple[When, ...]:
    """Return the words for times in the sentence, in order; where two readings overlap the longer one stands."""
    found = sorted(_all(text, sentence), key=lambda when: (when.start, when.start - when.end))
    kept: list[When] = []
    for when in sorted(found, key=lambda when: (when.start - when.end, when.start)):
        if all(when.end <= other.start or other.end <= when.start for other in kept):
            kept.append(when)
    return tuple(sorted(kept, key=lambda when: when.start))


def _all(text: str, sentence: Sentence) -> Iterator[When]:
    for pattern, build in _COMPILED:
        for found in pattern.finditer(text, sentence.start, sentence.end):
            if found.end() > found.start() and (when := _when(text, found, build(found))):
                yield when


def _when(text: str, found: re.Match[str], said: dict[str, object]) -> When | None:
    groups = found.groupdict()
    year = groups.get("y") or groups.get("y3")
    relative = (groups.get("r") or groups.get("r3") or "").removeprefix("the previous ")
    when = When(
        start=found.start(),
        end=found.end(),
        year=int(year) if year else None,
        relative=_RELATIVE.get(relative or "", -1 if relative == "year" else None),
        **said,  # type: ignore[arg-type]
    )
    if not 1 <= when.first <= when.last <= 12:  # noqa: PLR2004 - months of a year
        return None
    before = text[max(0, found.start() - 40) : found.start()]
    if when.kind is Kind.SPAN and not said.get("day") and _COMPARED.search(before):
        return _replaced(when, Kind.COMPARED)
    return when


def _replaced(when: When, kind: Kind) -> When:
    return When(start=when.start, end=when.end, kind=kind, year=when.year, relative=when.relative)


def _english_until(found: re.Match[str]) -> dict[str, object]:
    month, day = _month(found["m"] or found["m3"]), found["d"] or found["d2"]
    return {"kind": Kind.UNTIL, "first": month, "last": month, "day": int(day) if day else None}
