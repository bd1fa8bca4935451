"""What a text speaks of, word by word: concepts that both languages share, regions, and the words between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from targetwatch.press.concepts import PATTERN, concept
from targetwatch.press.plain import Plain
from targetwatch.press.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text that may say what a figure is about."""

    start: int
    end: int
    feature: str


_CAPITAL = re.compile("[a-z]{2,20}")
_WORD = re.compile(r"[a-z][a-z0-9'+]*|[\u4e00-\u9fff\u3040-\u30ff]+")
_SMALL = frozenset(
    (
        *("a", "an", "the", "of", "to", "in", "on", "at", "by", "for", "from", "with"),
        *("and", "or", "as", "is", "are", "was", "were", "be", "been", "it", "its", "this"),
        *("that", "these", "those", "their", "not", "has", "have", "had", "which", "who", "into", "than"),
        *("then", "also", "more", "most", "per", "up", "via", "total", "year", "years", "month", "months"),
        *(
            "first",
            "second",
            "third",
            "fourth",
            "half",
            "quarter",
            "since",
            "said",
            "says",
            "according",
            "last",
            "only",
        ),
        *("other", "one", "two", "three", "same", "reached", "reaching", "billion", "million", "yuan", "usd", "us"),
        *("u.s", "dollars", "percent", "s", "bn", "mn", "cny", "rmb"),
    )
)
_STOP_ZH = frozenset("亿万元年月日的了在和与及为是有共其到至从由被将以")


def spelled_out(plain: Plain, sentence: Sentence, acronyms: frozenset[str]) -> Iterator[Word]:
    """Give the words of a sentence, a name written out as its acronym: International Land-Sea Trade Corridor, ILSTC."""
    names = list(_names(plain, sentence, acronyms)) if acronyms else []
    for word in words(plain.text, sentence.start, sentence.end):
        if all(word.end <= name.start or name.end <= word.start for name in names):
            yield word
    yield from names


def _names(plain: Plain, sentence: Sentence, acronyms: frozenset[str]) -> Iterator[Word]:
    capital = [
        found for found in _CAPITAL.finditer(plain.text, sentence.start, sentence.end) if _is_capital(plain, found)
    ]
    initials = "".join(found[0][0] for found in capital)
    for acronym in acronyms:
        place = initials.find(acronym)
        if place >= 0:
            run = capital[place : place + len(acronym)]
            if all(second.start() - first.end() <= 1 for first, second in pairwise(run)):
                yield Word(run[0].start(), run[-1].end(), f"w:{acronym}")


def _is_capital(plain: Plain, found: re.Match[str]) -> bool:
    return plain.source[plain.origins[found.start()]].isupper()


def words(text: str, start: int, end: int) -> Iterator[Word]:
    """Give what a stretch of plain text speaks of: concepts first, then the words and pairs of signs between them."""
    at = start
    for found in PATTERN.finditer(text, start, end):
        yield from _plain_words(text, at, found.start())
        yield Word(found.start(), found.end(), concept(found[0]))
        at = found.end()
    yield from _plain_words(text, at, end)


def _plain_words(text: str, start: int, end: int) -> Iterator[Word]:
    for found in _WORD.finditer(text, start, end):
        word = found[0]
        if word.isascii():
            stem = word.removesuffix("'s").rstrip("'")
            if stem not in _SMALL and len(stem) > 1:
                yield Word(found.start(), found.end(), "w:" + stem.removesuffix("s"))
            continue
        for place in range(len(word) - 1):
            pair = word[place : place + 2]
            if not _STOP_ZH.intersection(pair):
                yield Word(found.start() + place, found.start() + place + 2, "z:" + pair)
