"""Which rate and which time belong to which figure of a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from targetwatch.press.dates import TimeKind, When
from targetwatch.press.growth import Rate, RateKind
from targetwatch.press.numbers import PrintedFigure
from targetwatch.press.text import Sentence

_SAME_LIST = re.compile(r"\s?(?:,?\s?and\s(?:up\s|down\s)?|,\s?|[、和及与](?:增长|下降|上升|减少)?)(?:by\s)?")
"""What lies between the rates of one list."""
_GROWTH = frozenset({RateKind.YEAR, RateKind.GROWTH})


@dataclass(frozen=True, slots=True)
class Attached:
    """The rate of a figure; `aligned` when it was told only by its place in a list."""

    rate: Rate
    aligned: bool = False


_TO_NEXT = re.compile(
    r"(?:\s?(?:year[\s-]on[\s-]year|year[\s-]over[\s-]year|yoy|from\s[a-z\s]{3,30}))?,?\s?"
    r"(?:(?:and\s)?to\s(?:reach\s|hit\s|total\s|stand\sat\s|a\s(?:record\s)?)?|to\s(?:a\s)?total\sof\s|reaching\s|hitting\s|totall?ing\s|至|到|达到?|,达到?|增?の)"
    r"(?:a\srecord\s)?"
)
_BESIDE = re.compile(
    r"\([^()]{0,20}\)|同比|相当于|是|去年|上年|超过|超|逾|近|比(?:上|去)年(?:同期)?|较(?:上|去)年(?:同期)?|同期|前年同期比|分别|均|实现|同|约|达到?|了|为|的|幅度|幅|率|速"
    r"|增长|增加|增|上升|提高|提升|上涨|攀升|下降|减少|下滑|降低|回落|下跌|负|长|降|跌|涨"
    r"|\b(?:an?|the|up|down|by|of|with|was|is|and|or|representing|marking|registering|posting|recording|showing|achieving|seeing|a\sfurther"
    r"|increas\w*|decreas\w*|grew|grow\w*|ris\w*|rose|fell|fall\w*|declin\w*|drop\w*|surg\w*|soar\w*|jump\w*|climb\w*|gain\w*|growth|higher|lower"
    r"|year|on|over|yoy|percent|respectively|which|that|it|rate|annual|sharp|strong|robust|significant|about|more|than|nearly|some|around|over)\b"
    r"|[\s,\-:、()+.%]"
)


def attach(
    text: str, sentence: Sentence, figures: Sequence[PrintedFigure], rates: Sequence[Rate]
) -> dict[int, Attached]:
    """Return the growth rate of each figure, by its place among the sentence's figures."""
    amounts = [place for place, figure in enumerate(figures) if _amount(figure)]
    growth = [rate for rate in rates if rate.kind in _GROWTH]
    found = _respectively(text, figures, amounts, growth)
    used = {id(attached.rate) for attached in found.values()}
    for rate in growth:
        if id(rate) in used:
            continue
        place = _owner(text, sentence, figures, amounts, rate=rate)
        if place is not None and place not in found:
            found[place] = Attached(rate)
    return found


def _amount(figure: PrintedFigure) -> bool:
    return not (figure.percent or figure.times or figure.aside or figure.former or figure.unit == "pp")


def _respectively(
    text: str, figures: Sequence[PrintedFigure], amounts: Sequence[int], growth: Sequence[Rate]
) -> dict[int, Attached]:
    """Pair a list of rates with the figures before it: "154,600 TEUs worth 28.33 billion yuan, up 28% and 22%"."""
    found: dict[int, Attached] = {}
    for group in _groups(text, growth):
        before = [place for place in amounts if figures[place].end <= group[0].start and place not in found]
        before = before[-len(group) :]
        for place, rate in zip(reversed(before), reversed(group), strict=False):
            found[place] = Attached(rate, aligned=len(before) < len(group))
    return found


def _groups(text: str, growth: Sequence[Rate]) -> list[list[Rate]]:
    """Return the runs of two rates or more with nothing but an "and" between them."""
    groups: list[list[Rate]] = []
    for rate in growth:
        last = groups[-1][-1] if groups else None
        if last and _SAME_LIST.fullmatch(text[last.end : rate.start]):
            groups[-1].append(rate)
        else:
            groups.append([rate])
    return [group for group in groups if len(group) > 1]


def _owner(
    text: str, sentence: Sentence, figures: Sequence[PrintedFigure], amounts: Sequence[int], *, rate: Rate
) -> int | None:
    before = [place for place in amounts if figures[place].end <= rate.start]
    after = [place for place in amounts if figures[place].start >= rate.end]
    following = after[0] if after else None
    if following is not None and _TO_NEXT.fullmatch(text[rate.end : figures[following].words_start]):
        return following
    clause = sentence.clause(rate.start)
    if before:
        last = before[-1]
        own_clause = sentence.clause(figures[last].start) == clause
        if own_clause or not _BESIDE.sub("", text[max(clause[0], figures[last].end) : rate.start]):
            return last
        return None
    if following is not None and _reaches(text, figures[following], rate):
        return following
    return None


def _reaches(text: str, figure: PrintedFigure, rate: Rate) -> bool:
    """Return whether what follows the rate leads up to the figure: "a 21% increase in shipments, reaching 20,074"."""
    between = text[rate.end : figure.words_start]
    return bool(re.search(r"(?:reach\w*|total\w*|hit\w*|to|达到?|至|为)\s?$", between)) and len(between) < 60  # noqa: PLR2004 - a clause


def time_of(
    text: str, sentence: Sentence, figures: Sequence[PrintedFigure], place: int, *, times: Sequence[When]
) -> When | None:
    """Return the words for the time a figure describes: beside it, else in its clause, else nearest before it."""
    figure = figures[place]
    spoken = [when for when in times if when.kind not in {TimeKind.COMPARED, TimeKind.SINCE}]
    until_next = figures[place + 1].start if place + 1 < len(figures) else sentence.end
    clause = sentence.clause(figure.start)
    for when in spoken:
        if figure.end <= when.start < until_next and re.fullmatch(
            r"\s?\(?(?:in|of|for|during|as of|on|by)?\s?", text[figure.end : when.start]
        ):
            return when
    since_last = max((other.end for other in figures[:place]), default=sentence.start)
    ranked = sorted(
        spoken, key=lambda when: _distance(when, figure, clause, until_next=until_next, since_last=since_last)
    )
    return ranked[0] if ranked else None


def _distance(
    when: When, figure: PrintedFigure, clause: tuple[int, int], *, until_next: int, since_last: int
) -> tuple[int, int]:
    inside = clause[0] <= when.start < clause[1]
    weak = when.kind is TimeKind.NOW
    if when.end <= figure.start:
        tier = 0 if inside and when.start >= since_last else 2 if not inside else 1
        return tier + (6 if weak else 0), figure.start - when.end
    tier = 1 if inside and when.start < until_next else 3
    return tier + (6 if weak else 0), when.start - figure.end
