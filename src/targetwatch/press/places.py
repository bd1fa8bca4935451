"""The countries and regions that words name, and whether a subject is somebody beside whom a text is of."""

from __future__ import annotations

import re
from functools import cache

from targetwatch.press.regions import ALSO, gazetteer

_OTHERS = re.compile(
    r"\b(?:(?:national|federal|central)\sgovernment|neighbou?ring|rivals?|competitors?|competing"
    r"|other\s(?:countries|cities|ports|provinces)|(?:by|in)\s(?:comparison|contrast)|elsewhere)\b|相比之下|邻[近国省市]|竞争对手"
    r"|加权|平均目标|多数|半数|中央"
)
_COUNTRY = re.compile("全国|我国|国家")
_OF_COUNTRY = re.compile("中国|国务院|全国|国家|部(?:$|[^分门位])")
_ON_THE_WAY = re.compile(r"\b(?:with|via|to|from|in|of)\s(?:the\s)?[a-z-]+")


@cache
def _names() -> tuple[dict[str, str], re.Pattern[str]]:
    names = {word: name for word, name in gazetteer().items() if word not in ALSO}
    longest = sorted(names, key=len, reverse=True)
    return names, re.compile("|".join(rf"\b{re.escape(one)}\b" if one.isascii() else re.escape(one) for one in longest))


def places_in(words: str) -> set[str]:
    """Return the countries and the regions of China that plain words name."""
    names, pattern = _names()
    return {names[one] for one in pattern.findall(words)}


def is_of_others(subject: str, own: str) -> bool:
    """Return whether a subject is a neighbour, or a place that is none of those that `own` names."""
    if _OTHERS.search(subject) or (_COUNTRY.search(subject) and not _OF_COUNTRY.search(own)):
        return True
    home = places_in(own)
    named = places_in(_ON_THE_WAY.sub(" ", subject)) if home else set()
    return bool(named) and not named & home
