"""The printed figures of a sentence: amounts, percentages and multiples, each with the words it is made of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from targetwatch.errors import QuantityError
from targetwatch.model import Qualifier
from targetwatch.press.exactness import BEFORE, QUALIFIERS
from targetwatch.press.figure import Figure
from targetwatch.press.nearby import with_unit
from targetwatch.press.related import related
from targetwatch.press.sentences import Sentence
from targetwatch.press.when import When
from targetwatch.quantity import CURRENCIES, parse_quantity
from targetwatch.quantity.grammar import figure_pattern
from targetwatch.quantity.spellings import SPELLINGS
from targetwatch.quantity.units import alternatives

LONGEST = 120
"""Signs of a figure with its unit."""


_MONEY = re.compile(
    alternatives(tuple(word for unit in CURRENCIES for word in SPELLINGS[unit])) + r"\s?$", re.IGNORECASE
)
_DIGITS = re.compile("[0-9]+")
_SIZE = re.compile(r"\s?-?\s?(?:foot|feet|ft\b|英尺|フィート|尺)")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")


def figures(
    text: str, sentence: Sentence, times: Sequence[When], *, own_units: tuple[str, ...] = ()
) -> tuple[Figure, ...]:
    """Return the figures of the sentence in order; years, dates, ordinals, codes and sizes are none."""
    found: list[Figure] = []
    at = 0
    for digits in _DIGITS.finditer(text, sentence.start, sentence.end):
        if digits.start() < at:
            continue
        covering = next((when.end for when in times if when.start <= digits.start() < when.end), None)
        if covering is not None:
            at = covering
            continue
        figure = _figure(text, digits.start(), sentence, own_units)
        if figure is None:
            continue
        found.append(figure)
        at = figure.end
    return tuple(related(text, found))


def _figure(text: str, place: int, sentence: Sentence, own_units: tuple[str, ...]) -> Figure | None:
    if _is_code(text, place):
        return None
    money = _MONEY.search(text, max(sentence.start, place - 24), place)
    start = money.start() if money else place
    match = figure_pattern(None, own_units).match(text, start, min(sentence.end, place + LONGEST))
    if match is None or match.start("body") != place or _ORDINAL.match(text, match.end("body")):
        return None
    if _SIZE.match(text, match.end("body")):
        return None
    try:
        read = parse_quantity(text[start : _end(text, match)], own_units=own_units)
    except QuantityError:
        return None  # two units, too many digits, magnitudes out of order: no figure that can be entered
    unit_at = next((match.span(name) for name in ("unit", "money") if match[name]), None)
    figure = Figure(
        start=start,
        end=_end(text, match),
        value=read.value,
        rounding=read.rounding,
        unit=read.unit,
        unit_at=unit_at,
        scaled=read.scaled,
        times=text.startswith(("倍", " times", "-fold"), _end(text, match)),
    )
    figure = _qualified(text, figure, match, sentence)
    return figure if figure.unit or figure.times else with_unit(text, figure, sentence)


def _end(text: str, match: re.Match[str]) -> int:
    if match["again"]:
        return text.index(")", match.end("again")) + 1
    return next(match.end(name) for name in ("unit", "within", "body") if match[name])


def _is_code(text: str, place: int) -> bool:
    """Return whether the digits belong to a name, an ordinal or a longer number cut off before."""
    before = text[max(0, place - 3) : place]
    if re.search(r"[0-9][.,]$|[0-9]$|第\s?$|no\.?\s?$|[/_#@+]$|[0-9]\+$", before):
        return True
    glued = re.search(r"([a-z]+)-?$", text[max(0, place - 12) : place])
    return bool(glued) and _MONEY.search(text, max(0, place - 24), place) is None


def _qualified(text: str, figure: Figure, match: re.Match[str], sentence: Sentence) -> Figure:
    before = BEFORE.search(text, max(sentence.start, figure.start - 20), figure.start)
    if before:
        return replace(figure, qualifier=QUALIFIERS[before[1].replace("\n", " ")], qualified=before.span(1))
    if match["within"]:
        return replace(figure, qualifier=Qualifier.OVER, qualified=match.span("within"))
    if match["after"]:
        over = match["after"] not in {"左右", "上下"}
        return replace(figure, qualifier=Qualifier.OVER if over else Qualifier.ABOUT, qualified=match.span("after"))
    return figure
