"""The day of publication: given with the text, else read from a dateline, or from the day it was said on."""

from __future__ import annotations

import re
from datetime import date

from targetwatch.press import say
from targetwatch.press.plain import Plain
from targetwatch.press.proposal import Found
from targetwatch.press.when import MONTHS

_MON = "(?P<m>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,7}\\.?"
_DAY = "(?P<d>3[01]|[12][0-9]|0?[1-9])"
_YEAR = "(?P<y>20[0-9]{2})"
_SAID = r"(?:said|says|stated|disclosed|revealed|told\s[a-z ]{3,40}?|(?:conference|briefing))"
_SAID_ZH = "(?:通报|表示|介绍|透露|宣布|披露|公布|发布|获悉)"
_SAID_THEN = r"(?=,?\s[a-z' -]{0,50}?\b(?:said|announced|reported|told)\b)"
_ON_DAY_ZH = rf"(?<![截至到年0-9-])(?:{_YEAR}年)?(?P<mm>1[0-2]|0?[1-9])月{_DAY}日"
"""A day that ends no span."""
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:published|released|announced|issued|reported)\s(?:on\s)?(?:[a-z]{{6,9}},\s)?{_DAY}(?:st|nd|rd|th)?\s{_MON}(?:,?\s{_YEAR})?",
        rf"(?:published|released|announced|issued|reported)\s(?:on\s)?(?:[a-z]{{6,9}},\s)?{_MON}\s{_DAY}\b(?:,?\s{_YEAR})?",
        rf"(?:published|released|issued)\s(?:on\s)?{_YEAR}-(?P<mm>[01]?[0-9])-{_DAY}",
        rf"{_MON}\s{_DAY}(?:,\s{_YEAR})?\s\(xinhua\)",
        rf"(?:{_YEAR}年)?(?P<mm>1[0-2]|0?[1-9])月{_DAY}日(?:电|讯|公布|发布|,?记者)",
        rf"(?:发布|公布|发表)(?:于|时间|日期)?[:]?\s?(?:{_YEAR}年)?(?P<mm>1[0-2]|0?[1-9])月{_DAY}日",
        rf"(?:发布|公布|发表)(?:于|时间|日期)?[:]?\s?{_YEAR}-(?P<mm>1[0-2]|0?[1-9])-{_DAY}",
        rf"{_SAID}\son\s(?:[a-z]{{6,9}},\s)?{_DAY}(?:st|nd|rd|th)?\s{_MON}(?:,?\s{_YEAR})?",
        rf"{_SAID}\son\s(?:[a-z]{{6,9}},\s)?{_MON}\s{_DAY}\b(?:,?\s{_YEAR})?",
        rf"\bon\s{_DAY}(?:st|nd|rd|th)?\s{_MON}(?:\s{_YEAR})?{_SAID_THEN}",
        rf"\bon\s{_MON}\s{_DAY}(?:,\s{_YEAR})?{_SAID_THEN}",
        rf"{_ON_DAY_ZH}(?=(?:上午|下午)?,?[^,。;0-9]{{0,24}}{_SAID_ZH})",
        rf"{_ON_DAY_ZH}(?=(?:上午|下午)?(?:举行|召开)[^,。;0-9]{{0,24}}发布会)",
    )
)


def published_in(plain: Plain, given: date | None, today: date) -> Found[date] | None:
    """Return the day of publication; None when it was neither given nor stands in the text."""
    if given is not None:
        return Found(value=given, typed=given.isoformat(), why=say.PUBLISHED_GIVEN)
    for pattern in _PATTERNS:
        for found in pattern.finditer(plain.text):
            day = _day(found.groupdict(), today)
            if day is None:
                continue
            start, end = plain.span(*found.span())
            said = plain.source[start:end]
            return Found(
                value=day,
                typed=day.isoformat(),
                text=said,
                start=start,
                end=end,
                confidence=0.9 if found.groupdict().get("y") else 0.7,
                inferred=not found.groupdict().get("y"),
                why=say.PUBLISHED_READ,
            )
    return None


def _day(said: dict[str, str | None], today: date) -> date | None:
    month = int(said.get("mm") or 0) or MONTHS[said.get("m") or "jan"]
    year = int(said.get("y") or today.year)
    try:
        day = date(year, month, int(said.get("d") or 0))
        return day if said.get("y") or day <= today else day.replace(year=year - 1)
    except ValueError:
        return None
