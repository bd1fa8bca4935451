"""What the percentages and multiples of a sentence say: growth on a year before, on a month before, a share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from targetwatch.model import Qualifier
from targetwatch.press.numbers import PrintedFigure
from targetwatch.press.text import Sentence


class RateKind(StrEnum):
    """What a rate is counted on."""

    YEAR = "year"
    """Growth on the same period a year before, said so."""
    GROWTH = "growth"
    """Growth, without saying on what."""
    OTHER = "other"
    """Growth on something else: the month before, an earlier year, an average of years."""
    SHARE = "share"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A rate from `start` to `end`; `ratio` is signed, None when it is not stated exactly.

    `figure` is the place of its percentage among the sentence's figures, None for a word such as "doubled".
    """

    start: int
    end: int
    kind: RateKind
    ratio: Decimal | None
    figure: int | None = None


_UP = re.compile(
    r"增长|增加|增幅|增|上升|提高|提升|上涨|攀升|扩大|涨幅|涨|\b(?:up|rose|rise|rises|risen|rising|increas\w*|grew|grow|grown|growing|growth|growth\sof|"
    r"surg\w+|soar\w+|jump\w+|climb\w+|gain\w*|higher|expan\w+|spik\w+|leap\w*|leapt|advanc\w+|bigger|more)\b|\+"
)
_DOWN = re.compile(
    r"下降|减少|下滑|降低|回落|下跌|负增长|降幅|缩减|萎缩|跌|降|减|\b(?:down|fell|fall|falls|fallen|falling|decreas\w*|declin\w*|drop\w*|"
    r"slid|slump\w*|lower|shr[aiu]nk\w*|contract\w+|reduc\w+|plung\w+|slip\w*|los[st]\w*|less|cut)\b"
)
_YEAR_BEFORE = re.compile(
    r"同比|(?:比|较)(?:去年|上年|前年)|前年(?:同期)?比|同期|year[\s-]+(?:on|over|to)[\s-]+year|\byoy\b|\by/y\b|y-o-y|from\s(?:a\syear|last\syear|the\s(?:same|previous\syear))"
    r"|than\s(?:a\syear|last\syear|in\sthe\ssame)|annually|on\s(?:the\s)?year\b|over\s(?:the\s(?:same|previous\syear)|last\syear|a\syear)|compared\s(?:with|to)\s(?:the\ssame|last\syear|a\syear)"
)
_OTHER = re.compile(
    r"环比|(?:比|较)(?:上|前)(?:个)?(?:月|季)|年均|平均|(?:比|较)年初|(?:比|较)(?:19|20)[0-9]{2}年|month[\s-]+(?:on|over|to)[\s-]+month|\bmom\b|\bm/m\b"
    r"|quarter[\s-]+(?:on|over)[\s-]+quarter|\bqoq\b|from\s(?:the\s(?:previous|preceding)\s(?:month|quarter)|a\smonth|last\smonth)|(?:annual\s(?:average|growth\srate)|average\sannual|on\saverage|a\syear\s+on\s+average)"
    r"|(?:from|compared\s(?:with|to)|over|than(?:\sin)?)\s(?:19|20)[0-9]{2}\b|个?百分点|percentage\spoint"
)
_SHARE_BEFORE = re.compile(
    r"(?:占[^,。]{0,24}|比重(?:达到?|为|升至|提高到)?|份额(?:达到?|为)?|占比(?:达到?|为|升至)?|贡献率\S{0,3}|\bshare\sof\s?\S{0,12}|\baccount(?:s|ed|ing)?\sfor\s?[a-z\s]{0,14}|"
    r"\b(?:made?|making|makes)\sup\s?[a-z\s]{0,10}|\brepresent(?:s|ed|ing)\s?|\bcontribut\w+\s(?:to\s)?[a-z\s]{0,10}|\bproportion\sof\s|\bshare\s(?:was|is|reached|stood\sat)\s?)$"
)
_SHARE_AFTER = re.compile(r"\s?(?:of\s(?:the|its|their|all|total|china|[a-z]+'s)|の?を?占め|的份额)")
_MULTIPLE = re.compile(
    r"(?P<zh>增长|增加|提高|扩大|上升)了?(?:约|近|超)?\s?$|(?P<to>是|为|相当于|达到?|增长到|增至)[^,。;]{0,20}?(?:的)?(?:约|近)?\s?$"
)
_WORDS = (
    (re.compile(r"翻了?一番|翻番|倍增|\b(?:more\sthan\s)?doubl(?:ed|ing)\b"), Decimal(1)),
    (re.compile(r"翻了?两番|\bquadrupl(?:ed|ing)\b"), Decimal(3)),
    (re.compile(r"\btripl(?:ed|ing)\b"), Decimal(2)),
    (re.compile(r"减半|\bhalv(?:ed|ing)\b"), Decimal("-0.5")),
)
_LISTED = re.compile(r"\s?(?:and|,|、|和|及|与|,\s?and)\s?(?:by\s)?(?:约|about\s)?")
FURTHEST = 60
"""Signs before and after a rate in which its words are looked for."""


def rates(text: str, sentence: Sentence, figures: Sequence[PrintedFigure]) -> tuple[Rate, ...]:
    """Return the rates of the sentence in order."""
    found = [rate for place in range(len(figures)) if (rate := _rate(text, sentence, figures, place))]
    for pattern, ratio in _WORDS:
        for word in pattern.finditer(text, sentence.start, sentence.end):
            exact = None if word[0].startswith("more") else ratio
            kind = _kind(text[word.start() - 12 : word.start()], text[word.end() : word.end() + FURTHEST])
            found.append(Rate(start=word.start(), end=word.end(), kind=kind, ratio=exact))
    found.sort(key=lambda rate: rate.start)
    return tuple(_listed(text, found))


def _rate(text: str, sentence: Sentence, figures: Sequence[PrintedFigure], place: int) -> Rate | None:
    figure = figures[place]
    if figure.times:
        return _multiple(text, sentence, figure, place)
    if not figure.percent:
        return None
    clause = sentence.clause(figure.start)
    first = max(clause[0], figures[place - 1].end if place else 0, figure.start - FURTHEST)
    last = min(sentence.end, figures[place + 1].start if place + 1 < len(figures) else sentence.end)
    before = text[first : figure.words_start]
    after = text[figure.end : min(last, max(clause[1], figure.end), figure.end + FURTHEST)]
    falls = _falls(before, after)
    kind = _kind(before, after)
    if falls is None and kind is RateKind.GROWTH and figure.value >= 0:
        kind = RateKind.PLAIN
    ratio: Decimal | None = None
    if figure.qualifier is Qualifier.EXACT and not figure.ranged:
        ratio = figure.value.scaleb(-2)
        ratio = -ratio if falls and ratio > 0 else ratio
    return Rate(start=figure.start, end=figure.end, kind=kind, ratio=ratio, figure=place)


def _kind(before: str, after: str) -> RateKind:
    said = before + " | " + after
    if _OTHER.search(said):
        return RateKind.OTHER
    if _SHARE_BEFORE.search(before) or (_SHARE_AFTER.match(after) and not (_UP.search(before) or _DOWN.search(before))):
        return RateKind.SHARE
    if _YEAR_BEFORE.search(said):
        return RateKind.YEAR
    return RateKind.GROWTH


def _falls(before: str, after: str) -> bool | None:
    """Return whether the nearest word of change, one before the rate first, says a fall; None without such a word."""
    patterns = ((_UP, False), (_DOWN, True))
    ahead = [(found.end(), down) for pattern, down in patterns for found in pattern.finditer(before)]
    if ahead:
        return max(ahead)[1]
    behind = [(found.start(), down) for pattern, down in patterns if (found := pattern.search(after))]
    return min(behind)[1] if behind else None


def _multiple(text: str, sentence: Sentence, figure: PrintedFigure, place: int) -> Rate:
    """Return a growth in multiples: 增长1.5倍 is 150 %, "为上年的2.5倍" as much; English is ambiguous."""
    if text[figure.end] != "倍":
        return Rate(start=figure.start, end=figure.end, kind=RateKind.OTHER, ratio=None, figure=place)
    first = max(sentence.clause(figure.start)[0], figure.start - 24)
    before = text[first : (figure.qualified or (figure.start,))[0]]
    found = _MULTIPLE.search(before)
    ratio = None
    if found and figure.qualifier is Qualifier.EXACT:
        ratio = figure.value if found["zh"] else figure.value - 1
    kind = _kind(text[first - 10 : figure.start], "") if found else RateKind.OTHER
    return Rate(start=figure.start, end=figure.end + 1, kind=kind, ratio=ratio, figure=place)


def _listed(text: str, found: list[Rate]) -> list[Rate]:
    """Return the rates, those that follow another with only an "and" between having its sign and its kind."""
    told = list(found)
    for place in range(1, len(told)):
        first, second = told[place - 1], told[place]
        if _LISTED.fullmatch(text[first.end : second.start]) and (
            second.kind is RateKind.PLAIN or first.kind is RateKind.PLAIN or second.kind is not first.kind
        ):
            kinds = {first.kind, second.kind}
            kind = RateKind.YEAR if RateKind.YEAR in kinds else first.kind
            ratio = second.ratio
            if first.ratio is not None and first.ratio < 0 and ratio is not None and ratio > 0:
                ratio = -ratio
            told[place] = replace(second, kind=kind, ratio=ratio)
            told[place - 1] = replace(first, kind=kind)
    return told
