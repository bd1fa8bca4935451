"""Lists told side by side: "trade with A, B and C was 3, 2 and 1", and which figure of the one is of which item."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from targetwatch.press.numbers import PrintedFigure
from targetwatch.press.subjects import WordKind, WordToken
from targetwatch.press.text import Sentence

_BETWEEN = re.compile(r"\s?(?:[、,]|,?\s?(?:and|和|及|与))\s?(?:about\s|around\s|nearly\s|over\s|约|近|超)?")
_SIDE_BY_SIDE = re.compile(r"分别|\brespectively\b")
_SEPARATOR = re.compile(r"、|和|及|与|,\s(?:and\s)?|\sand\s")
_LAST = re.compile(r"和|及|与|\sand\s")
PAIR = 2
"""A list of two may be chance, unless it is said that they stand side by side."""
LONGEST_ITEM = 60
"""Signs of an item between two separators."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A figure of a list: from where the words before all its items count, and where the `others'` items stand."""

    start: int
    own: tuple[int, int]
    others: tuple[tuple[int, int], ...]


def listings(
    text: str, sentence: Sentence, figures: Sequence[PrintedFigure], tokens: Sequence[WordToken]
) -> dict[int, Listed]:
    """Return the figures that stand in a list beside a list of as many items, by their place."""
    found: dict[int, Listed] = {}
    for run in _runs(text, figures):
        first = figures[run[0]]
        since = max([sentence.start, *(one.end for one in figures[: run[0]])])
        said = bool(_SIDE_BY_SIDE.search(text, since, sentence.end))
        items = _items(text, since, first.words_start, len(run), tokens=tokens) if said or len(run) > PAIR else None
        for place, own in zip(run, items or (), strict=False):
            found[place] = Listed(since, own, tuple(item for item in items or () if item != own))
    return found


def _runs(text: str, figures: Sequence[PrintedFigure]) -> Iterator[list[int]]:
    """Give the places of amounts that stand in a row, only a separator between each two."""
    run: list[int] = []
    for place, figure in enumerate(figures):
        if figure.percent or figure.times or figure.aside:
            continue
        last = figures[run[-1]] if run else None
        if last is None or not (_BETWEEN.fullmatch(text[last.end : figure.words_start]) and _alike(last, figure)):
            if len(run) > 1:
                yield run
            run = []
        run.append(place)
    if len(run) > 1:
        yield run


def _alike(first: PrintedFigure, second: PrintedFigure) -> bool:
    return first.unit == second.unit or (first.unit is None and first.scaled)


def _items(
    text: str, start: int, end: int, count: int, *, tokens: Sequence[WordToken]
) -> tuple[tuple[int, int], ...] | None:
    """Return where the last list of `count` items lies between `start` and `end`."""
    inside = [one for one in tokens if one.kind is WordKind.SAID and start <= one.start and one.end <= end]
    cuts = [
        cut
        for cut in _SEPARATOR.finditer(text, start, end)
        if not any(one.start < cut.start() < one.end for one in inside)
    ]
    lasts = [place for place, cut in enumerate(cuts) if _LAST.search(cut[0])] or [len(cuts) - 1]
    for last in reversed(lasts):
        chosen = cuts[max(0, last - count + 2) : last + 1]
        if len(chosen) < count - 1:
            continue
        between = [(first.end(), second.start()) for first, second in pairwise(chosen)]
        if any(second - first > LONGEST_ITEM for first, second in between):
            continue
        head = max((one.start for one in inside if one.end <= chosen[0].start()), default=start)
        ends = [one.end for one in inside if one.start >= chosen[-1].end()]
        verbs = [one.start for one in tokens if one.kind is WordKind.VERB and chosen[-1].end() < one.start < end]
        tail = min(verbs or ends, default=end)
        return ((head, chosen[0].start()), *between, (chosen[-1].end(), tail))
    return None
