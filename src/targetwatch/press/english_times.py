"""How English says when."""

from __future__ import annotations

import re

from targetwatch.press.when import (
    DAY,
    YEAR,
    Kind,
    Rule,
    Said,
    compared,
    month,
    months,
    now,
    number,
    one_day,
    one_month,
    part,
    since,
    span,
    whole_year,
    years,
)

RELATIVE = {"this year": 0, "the year": 0, "last year": -1, "previous year": -1, "the previous year": -1}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MON = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_OF = (
    rf"(?:(?:\s+of|\s+in|,)?\s+(?P<y>{YEAR})\b(?!\s?(?:teu|billion|million))"
    r"|(?:\s+of|\s+in|,)?\s+(?P<r>this year|last year|the year))?"
)
_OF_DAY = _OF.replace("<y>", "<y3>").replace("<r>", "<r3>")
_N = "1[01]|[2-9]|two|three|four|five|six|seven|eight|nine|ten|eleven"
_NTH = "first|second|third|fourth|1st|2nd|3rd|4th"
_BY = r"\b(?:as\s+(?:of|at)|by|until|up\s+to)\s+(?:the\s+)?(?:end\s+of\s+|end[\s-]+)?"


def _until(found: re.Match[str]) -> Said:
    last, day = month(found["m"] or found["m3"]), found["d"] or found["d2"]
    return {"kind": Kind.UNTIL, "first": last, "last": last, "day": int(day) if day else None}


def _weekday(found: re.Match[str]) -> Said:
    return {"kind": Kind.UNTIL, "weekday": _WEEKDAYS.index(found["w"])}


RULES: tuple[Rule, ...] = (
    (rf"\b(?P<y>{YEAR})[-/.](?P<m>1[0-2]|0?[1-9])[-/.](?P<d>{DAY})\b", one_day),
    (rf"\b(?:the\s+)?(?P<n>first|second)\s+half(?:[\s-]+year)?{_OF}", lambda found: part(6, number(found["n"]))),
    (rf"\b(?P<y>{YEAR})[\s-]?h(?P<n>[12])\b", lambda found: part(6, number(found["n"]))),
    (rf"\bh(?P<n>[12])\b{_OF}", lambda found: part(6, number(found["n"]))),
    (rf"\b(?:first|1st)\s+(?P<n>two|three|2|3)\s+quarters\b{_OF}", lambda found: span(1, 3 * number(found["n"]))),
    (rf"\bq1\s?-\s?q(?P<n>[2-4])\b{_OF}", lambda found: span(1, 3 * number(found["n"]))),
    (rf"\b(?P<n>{_NTH})[\s-]+quarter\b{_OF}", lambda found: part(3, number(found["n"]))),
    (rf"\b(?P<y>{YEAR})[\s-]?q(?P<n>[1-4])\b", lambda found: part(3, number(found["n"]))),
    (rf"\bq(?P<n>[1-4])\b{_OF}", lambda found: part(3, number(found["n"]))),
    (rf"\bfirst\s+(?P<n>{_N})\s+months\b{_OF}", lambda found: span(1, number(found["n"]))),
    (
        rf"\b(?:from\s+|between\s+)?(?P<m>{_MON})\s*(?:-|to|through|until|and)\s*(?P<m2>{_MON}){_OF}",
        months,
    ),
    (
        rf"\b(?:from\s+|between\s+)?(?P<m>{_MON})\s+(?P<y>{YEAR})\s*(?:-|to|through|and)\s*(?P<m2>{_MON})\s+(?P<y2>{YEAR})\b",
        months,
    ),
    (
        rf"\b(?:from\s+|between\s+)?(?P<m>{_MON})\s+(?P<d>{DAY})\s*(?:-|to|through|and)\s*(?P<m2>{_MON})\s+(?P<d2>{DAY})\b{_OF}",
        months,
    ),
    (rf"{_BY}(?:(?P<m>{_MON})(?:\s+(?P<d>{DAY})\b)?{_OF}|(?P<d2>{DAY})\s+(?P<m3>{_MON}){_OF_DAY})", _until),
    (rf"{_BY}(?:(?P<y>{YEAR})\b|(?P<r>this year|last year|the year))", lambda _: {"kind": Kind.UNTIL, "first": 12}),
    (rf"\b(?:as\s+of|by|until|through)\s+(?:last\s+)?(?P<w>{'|'.join(_WEEKDAYS)})\b", _weekday),
    (rf"\b(?P<m>{_MON})\s+(?P<d>{DAY})\b(?:st|nd|rd|th)?(?:,?\s+(?P<y>{YEAR})\b)?", one_day),
    (rf"\b(?P<d>{DAY})(?:st|nd|rd|th)?\s+(?P<m>{_MON})(?:,?\s+(?P<y>{YEAR})\b)?", one_day),
    (
        (
            r"\bsince\s+(?:(?:its|the|their)\s+)?(?:[a-z-]{1,20}\s+){0,3}?(?:in\s+|on\s+)?"
            rf"(?:(?P<m>{_MON})\s+(?:(?P<d>{DAY})\b,?\s+)?)?(?P<y>{YEAR})\b"
        ),
        since,
    ),
    (rf"\bsince\s+(?P<d>{DAY})\s+(?P<m>{_MON})\s+(?P<y>{YEAR})\b", since),
    (r"\bsince\s+(?:its|the|their)?\s*(?:launch|inception|opening|start|establishment|implementation)\w*", since),
    (r"\b(?:over|in|during)\s+the\s+(?:past|last)\s+(?:decade|[a-z0-9]{1,12}\s+years)\b", since),
    (rf"\b(?:in|of|for|during|last|this|through|through\s+to)\s+(?P<m>{_MON}){_OF}", one_month),
    (rf"\b(?!may)(?P<m>{_MON}){_OF}", one_month),
    (rf"\bmay\s+(?P<y>{YEAR})\b", lambda _: span(5, 5)),
    (
        (
            r"\b(?:in|of|for|during|throughout|year|full[\s-]year)\s+(?:the\s+)?(?:whole\s+|entire\s+)?"
            rf"(?:year\s+(?:of\s+)?)?(?P<y>{YEAR})\b(?!\s?-\s?[0-9])"
        ),
        whole_year,
    ),
    (rf"\b(?P<y>{YEAR})\s?-\s?(?P<y2>{YEAR})\b", years),
    (r"\b(?P<r>last year|this year|the previous year)\b|\bfull[\s-]year\b", whole_year),
    (r"\bannual\b(?!\s(?:average|growth|rate|increase))", whole_year),
    (r"\b(?:now|currently|at\s+present|to\s+date|so\s+far)\b", now),
    (
        r"\b(?:same|corresponding)\s+period(?:\s+(?:of\s+)?(?:last\s+year|a\s+year\s+(?:ago|earlier)))?",
        compared,
    ),
    (r"\ba\s+year\s+(?:ago|earlier|before)\b", compared),
)
