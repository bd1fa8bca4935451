"""What the percentages and multiples of a sentence say, and which figure each rate and time belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from targetwatch.model import Qualifier
from targetwatch.press.dates import TimeKind, When
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

    `figure` is the place of its percentage among the sentence's figures, None for a word such as "doubled"; `on_year`
    is the year it is counted on, where it is named.
    """

    start: int
    end: int
    kind: RateKind
    ratio: Decimal | None
    figure: int | None = None
    on_year: int | None = None


UP = re.compile(
    r"增长|增加|增幅|增|上升|提高|提升|上涨|攀升|扩大|涨幅|涨|\b(?:up|rose|rise|rises|risen|rising|increas\w*|grew|grow|grown|growing|growth|growth\sof|"
    r"surg\w*|soar\w*|jump\w*|climb\w*|gain\w*|higher|expan\w+|spik\w+|leap\w*|leapt|advanc\w+|bigger|more|above|plus|ahead)\b|\+"
)
DOWN = re.compile(
    r"下降|减少|下滑|降低|回落|下跌|负增长|降幅|缩减|萎缩|跌|降|减|\b(?:down|fell|fall|falls|fallen|falling|decreas\w*|declin\w*|drop\w*|"
    r"slid|slump\w*|lower|shr[aiu]nk\w*|contract\w+|reduc\w+|plung\w+|slip\w*|los[st]\w*|less|minus|below|cut|dip\w*|eas(?:e|ed|ing))\b|(?:^|[(\s,])-$"
)
_YEAR_BEFORE = re.compile(
    r"同比|(?:比|较)(?:去年|上年|前年)|前年(?:同期)?比|同期|year[\s-]+(?:on|over|to)[\s-]+year|\byoy\b|\by/y\b|y-o-y|from\s(?:a\syear|last\syear|the\s(?:same|previous\syear))"
    r"|than\s(?:a\syear|last\syear|in\sthe\ssame)|annually|on[\s-](?:the\s)?year\b|over\s(?:the\s(?:same|previous\syear)|last\syear|a\syear)|compared\s(?:with|to)\s(?:the\ssame|last\syear|a\syear)"
)
_OTHER = re.compile(
    r"环比|(?:比|较)(?:上|前)(?:个)?(?:月|季)|年均|平均|(?:比|较)年初|month[\s-]+(?:on|over|to)[\s-]+month|\bmom\b|\bm/m\b"
    r"|quarter[\s-]+(?:on|over)[\s-]+quarter|\bqoq\b|from\s(?:the\s(?:previous|preceding)\s(?:month|quarter)|a\smonth|last\smonth)|(?:annual\s(?:average|growth\srate)|average\sannual|on\saverage|a\syear\s+on\s+average)"
    r"|个?百分点|percentage\spoint"
)
_NAMED_YEAR = re.compile(
    r"(?:(?:from|compared\s(?:with|to)|over|on|than)(?:\sin)?\s|[比较])(?P<year>(?:19|20)[0-9]{2})(?:年|\b(?!\.))"
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
_TO_LEVEL = re.compile(r"\s?(?:to|至)\s?[0-9]")
_GROWTH = frozenset({RateKind.YEAR, RateKind.GROWTH})
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
    if figure.value >= 0 and ((kind is RateKind.GROWTH and falls is None) or _is_level(before)):
        kind = RateKind.PLAIN
    ratio: Decimal | None = None
    if figure.qualifier is Qualifier.EXACT and not figure.ranged:
        ratio = figure.value.scaleb(-2)
        ratio = -ratio if falls and ratio > 0 else ratio
    named = _NAMED_YEAR.search(after) or _NAMED_YEAR.search(before)
    on_year = int(named["year"]) if named and kind is RateKind.GROWTH else None
    return Rate(start=figure.start, end=figure.end, kind=kind, ratio=ratio, figure=place, on_year=on_year)


_LEVEL = re.compile(r"(?:\b(?:to|from)|[至到]|均值?为?|平均值?为?)\s?$")
_OF_GROWTH = re.compile(r"[增涨降]幅|增速|增长率|\b(?:growth|increase|decrease|rate\sof)\b")


def _is_level(before: str) -> bool:
    """Return whether a percentage is what something rose, fell or came to, which is itself no growth."""
    return bool(_LEVEL.search(before)) and not _OF_GROWTH.search(before)


def _kind(before: str, after: str) -> RateKind:
    said = before + " | " + after
    if _OTHER.search(said):
        return RateKind.OTHER
    if _SHARE_BEFORE.search(before) or (_SHARE_AFTER.match(after) and not (UP.search(before) or DOWN.search(before))):
        return RateKind.SHARE
    if _YEAR_BEFORE.search(said):
        return RateKind.YEAR
    return RateKind.GROWTH


def _falls(before: str, after: str) -> bool | None:
    """Return whether the nearest word of change, one before the rate first, says a fall; None without such a word."""
    patterns = ((UP, False), (DOWN, True))
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
        goes_on = second.kind is RateKind.PLAIN and first.kind in _GROWTH and _TO_LEVEL.match(text, second.end)
        if (goes_on or _LISTED.fullmatch(text[first.end : second.start])) and (
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


_SAME_LIST = re.compile(r"\s?(?:,?\s?and\s(?:up\s|down\s)?|,\s?|[、和及与](?:增长|下降|上升|减少)?)(?:by\s)?")
"""What lies between the rates of one list."""
_GROWTH_OF = re.compile(
    r"\s(?:(?:fall|drop|slump|decline|decrease|increase|rise|growth|gain|jump)\s)?(?P<of>in)\s(?!value|terms|total)"
)


@dataclass(frozen=True, slots=True)
class Attached:
    """The rate of a figure; `aligned` when it was told only by its place in a list."""

    rate: Rate
    aligned: bool = False


_TO_NEXT = re.compile(
    r"(?:\s?(?:lower|higher|year[\s-]on[\s-]year|year[\s-]over[\s-]year|yoy|from\s[a-z\s]{3,30}))?,?\s?"
    r"(?:(?:and\s)?to\s(?:reach\s|hit\s|total\s|stand\sat\s|a\s(?:record\s)?)?|to\s(?:a\s)?total\sof\s|reaching\s|hitting\s|totall?ing\s|at\s|至|到|达到?|,达到?|增?の)"
    r"(?:a\srecord\s)?"
)


def attach(
    text: str,
    sentence: Sentence,
    figures: Sequence[PrintedFigure],
    rates: Sequence[Rate],
    *,
    times: Sequence[When],
    said: Sequence[int],
) -> dict[int, Attached]:
    """Return the growth rate of each figure, by its place among the sentence's figures.

    `said` are the places of words that may name something else, which a rate after them is then of.
    """
    amounts = [place for place, figure in enumerate(figures) if _amount(figure) and not figure.compared]
    growth = [rate for rate in rates if rate.kind in _GROWTH]
    found = _respectively(figures, amounts, _groups(text, growth), growth)
    used = {id(attached.rate) for attached in found.values()}
    for rate in growth:
        if id(rate) in used:
            continue
        place = _owner(text, sentence, figures, amounts, rate=rate, said=said)
        if place is not None and figures[place].start < rate.start and _of_its_own(text, rate, times):
            continue
        if place is not None and place not in found:
            found[place] = Attached(rate)
    return found


def _of_its_own(text: str, rate: Rate, times: Sequence[When]) -> bool:
    """Return whether what follows a rate says what grew: "a 1 percent fall in crude oil"."""
    found = _GROWTH_OF.match(text, rate.end)
    return found is not None and not any(found.start("of") <= when.start <= found.end() for when in times)


def _amount(figure: PrintedFigure) -> bool:
    return not (figure.percent or figure.times or figure.aside or figure.former or figure.unit == "pp")


def _respectively(
    figures: Sequence[PrintedFigure], amounts: Sequence[int], groups: Sequence[Sequence[Rate]], rates: Sequence[Rate]
) -> dict[int, Attached]:
    """Pair a list of rates with the figures before it: "154,600 TEUs worth 28.33 billion yuan, up 28% and 22%"."""
    found: dict[int, Attached] = {}
    for group in groups:
        before = [place for place in amounts if figures[place].end <= group[0].start and place not in found]
        before = [place for place in before[-len(group) :] if not _told(rates, figures[place], group)]
        for place, rate in zip(reversed(before), reversed(group), strict=False):
            found[place] = Attached(rate, aligned=len(before) < len(group))
    return found


def _told(rates: Sequence[Rate], figure: PrintedFigure, group: Sequence[Rate]) -> bool:
    """Return whether another rate stands between a figure and a list of rates: that one is the figure's."""
    return any(figure.end <= rate.start < group[0].start for rate in rates)


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
    text: str,
    sentence: Sentence,
    figures: Sequence[PrintedFigure],
    amounts: Sequence[int],
    *,
    rate: Rate,
    said: Sequence[int],
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
        if _OTHER_SUBJECT.search(text, figures[last].end, rate.start) and not figures[last].compared:
            return None
        against = any(one.compared and figures[last].end <= one.start < rate.start for one in figures)
        since = max(clause[0], figures[last].end)
        between = [at for at in said if since <= at < rate.start]
        between = [at for at in between if text.rfind("(", since, at) <= text.rfind(")", since, at)]
        if own_clause or against or not between or _LEANS_ON.search(text, sentence.start, figures[last].start):
            return last
        return None
    if following is not None and _reaches(text, figures[following], rate):
        return following
    return None


_LEANS_ON = re.compile(r"(?:^|[.;:\s])(?:at|with)\s$")
"""An amount whose subject comes after it: "At 57 million tonnes, throughput was 2 % lower"."""
_OTHER_SUBJECT = re.compile(
    r"\b(?:as|because|after|due\sto|thanks\sto|owing\sto|driven|despite|amid|including)\b(?!\s(?:against|a\sresult))"
)
"""What begins a reason, of which a rate after it speaks."""


def _reaches(text: str, figure: PrintedFigure, rate: Rate) -> bool:
    """Return whether what follows the rate leads up to the figure: "a 21% increase in shipments, reaching 20,074"."""
    between = text[rate.end : figure.words_start]
    return bool(re.search(r"(?:reach\w*|total\w*|hit\w*|to|达到?|至|为)\s?$", between)) and len(between) < 60  # noqa: PLR2004 - a clause


def time_of(
    text: str, sentence: Sentence, figures: Sequence[PrintedFigure], place: int, *, times: Sequence[When]
) -> When | None:
    """Return the words for the time a figure describes: beside it, else in its clause, else nearest before it.

    What a figure is compared with is of the same time a year before, unless another stands beside it.
    """
    figure = figures[place]
    until_next = figures[place + 1].start if place + 1 < len(figures) else sentence.end
    beside = next(
        (when for when in times if figure.end <= when.start < until_next and _adjoins(text, figure, when)), None
    )
    if beside is not None and beside.kind not in {TimeKind.COMPARED, TimeKind.SINCE}:
        return beside
    alike = [at for at in range(place) if _amount(figures[at]) or (figure.percent and figures[at].percent)]
    earlier = [at for at in alike if not figures[at].compared]
    named = [when for when in times if earlier and figures[earlier[-1]].end <= when.start and when.end <= figure.start]
    if figure.compared and named and named[-1].first == named[-1].last:
        return replace(named[-1], kind=TimeKind.SPAN)
    if earlier and (figure.compared or beside is not None):
        return _year_before(time_of(text, sentence, figures, earlier[-1], times=times), beside)
    spoken = [when for when in times if when.kind not in {TimeKind.COMPARED, TimeKind.SINCE}]
    clause = sentence.clause(figure.start)
    others = [(sentence.clause(one.start), one.start) for one in figures[place + 1 :] if _amount(one)]
    theirs = [when for when in spoken for around, at in others if clause[1] <= around[0] <= when.start < at]
    spoken = [when for when in spoken if when not in theirs]
    since_last = max((other.end for other in figures[:place]), default=sentence.start)
    ranked = sorted(
        spoken, key=lambda when: _distance(when, figure, clause, until_next=until_next, since_last=since_last)
    )
    return ranked[0] if ranked else None


def _adjoins(text: str, figure: PrintedFigure, when: When) -> bool:
    return bool(
        re.fullmatch(
            r"(?:\s[a-z]{3,10}(?:ed|ld))?\s?\(?(?:in|of|for|during|as of|on|by)?\s?(?:the\s)?",
            text[figure.end : when.start],
        )
    )


def shifted(text: str, figure: PrintedFigure, when: When, *, times: Sequence[When]) -> When:
    """Return the time of what a figure is compared with, by the time of the one it is beside."""
    beside = next((one for one in times if one.start >= figure.end and _adjoins(text, figure, one)), None)
    return _year_before(when, beside) or when


def _year_before(when: When | None, said: When | None) -> When | None:
    """Return the same time of the year that is `said`, else of the year before."""
    if when is None or said is None or said.year is None:
        return when and replace(when, back=when.back + 1)
    return replace(when, year=said.year, relative=None, to_year=None, start=said.start, end=said.end)


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
