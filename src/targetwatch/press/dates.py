"""The words for a time in a sentence, in either language; `periods` says which days they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from targetwatch.press import chinese_times, english_times
from targetwatch.press.sentences import Sentence
from targetwatch.press.when import LAST_MONTH, Build, Kind, When

_RULES = tuple((re.compile(pattern), build) for pattern, build in (*chinese_times.RULES, *english_times.RULES))
_RELATIVE = chinese_times.RELATIVE | english_times.RELATIVE
_COMPARED = re.compile(
    r"(?:比|较|与|同|超过|高于|低于|from|than|over|on|compared\s+(?:with|to)|versus|against|that\s+of)\s?"
    r"(?:the\s+)?(?:same\s+(?:period|time|quarter|month)\s+(?:of\s+|in\s+|a\s+)?|that\s+of\s+|that\s+in\s+)?$"
)
_LOOK_BACK = 40


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


def _when(text: str, found: re.Match[str], build: Build) -> When | None:
    groups, said = found.groupdict(), build(found)
    year, relative = groups.get("y") or groups.get("y3"), groups.get("r") or groups.get("r3")
    when = replace(
        When(start=found.start(), end=found.end(), year=int(year) if year else None),
        relative=_RELATIVE[relative] if relative else None,
        **said,  # type: ignore[arg-type]
    )
    in_order = when.first <= when.last or when.to_year is not None
    if not (1 <= when.first <= LAST_MONTH and 1 <= when.last <= LAST_MONTH and in_order):
        return None
    before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
    if when.kind is Kind.SPAN and when.day is None and _COMPARED.search(before):
        return replace(when, kind=Kind.COMPARED)
    return when
