"""What the figures of a sentence are to each other: ranges, changes from one to the other, repeats in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from targetwatch.press.figure import Figure

_BETWEEN = re.compile(r"\s?(?:-|至|到|to|and)\s?")
_CHANGED = re.compile(
    r"[\u4e00-\u9fff]{0,6}?(?:到|至|为|成)[约近超]?|,?\s?(?:\([^)]{0,30}\)\s?)?(?:[a-z]+\s)?to\s(?:about\s|only\s|just\s|around\s|over\s)?"
)
_FROM = re.compile(r"(?:\bfrom|从|由|自)(?:的|[a-z\s]{0,20}|[\u4e00-\u9fff]{0,4})$")


def related(text: str, found: Sequence[Figure]) -> Iterator[Figure]:
    """Give the figures, each knowing what it is to its neighbours; the two of a range become one."""
    skip = -1
    for place, figure in enumerate(found):
        if place == skip:
            continue
        after = found[place + 1] if place + 1 < len(found) else None
        between = text[figure.end : after.start] if after else ""
        came_from = bool(_FROM.search(text[max(0, figure.start - 24) : figure.start]))
        if after and came_from and _CHANGED.fullmatch(between) and figure.unit in {None, after.unit}:
            yield replace(figure, former=True)
            continue
        if (
            after
            and _BETWEEN.fullmatch(between)
            and after.unit
            and figure.unit in {None, after.unit}
            and not came_from
            and _is_range(between, text, figure)
        ):
            yield replace(after, start=figure.start, ranged=True)
            skip = place + 1
            continue
        yield replace(figure, aside=_aside(text, figure, found[place - 1] if place else None))


def _is_range(between: str, text: str, figure: Figure) -> bool:
    if between.strip() != "and":
        return True
    return bool(re.search(r"\bbetween\s$", text[max(0, figure.start - 9) : figure.start]))


def _aside(text: str, figure: Figure, before: Figure | None) -> bool:
    """Return whether the figure stands in brackets right after another of the same kind: a conversion, a repeat."""
    if before is None or before.percent != figure.percent:
        return False
    return bool(re.fullmatch(r"[a-z\s]{0,24}\([^()0-9]{0,30}", text[before.end : figure.start]))
