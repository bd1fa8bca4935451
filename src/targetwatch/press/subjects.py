"""Whose figure it is: the words a figure stands with in its clause, and whether they narrow what is counted.

"Imports of gas", 民营企业进出口 and "trade surplus" name an indicator's own word and yet count something else: words
beside it that no indicator uses say so. Nothing here knows a target; the lists hold words that narrow nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from targetwatch.press.growth import DOWN, UP
from targetwatch.press.numbers import PrintedFigure
from targetwatch.press.text import Sentence
from targetwatch.press.vocabulary import Region, Word, feature_of
from targetwatch.press.vocabulary import words as spoken_of

_VERBS = re.compile(
    r"(?:is|are|was|were|be|been|being|has|have|had|do|does|did|will|would|can|could|may|might|saw|sees|seen|rose|fell|grew|hit|came"
    r"|stood|stands|went|made|took|put|set|sold|left|kept|held|slid|sank|shrank|shrunk|brought|became|began|got|gave|led|lost|met|won|beat"
    r"|paid|ran|sent|spent|drew|saw|said|says|told|show|shows|shot|swelled|leapt|exceeds?|reach|reaches|totals|remains?|accounts?|makes?"
    r"|exceed|surpass|rise|rises|fall|falls|grow|grows|handle|handles|down|up|not|also|than|[a-z]+ly|[a-z]{2,}(?:ed|ing))"
)
_NEUTRAL = re.compile(
    r"(?:a|an|the|this|these|all|both|its|his|her|our|whose|it|he|she|we|as|on|over|during|about|after|before|since|until"
    r"|while|whereas|and|or|but|meanwhile|however|total|overall|combined|aggregate|foreign|annual|yearly|monthly|quarterly|cumulative|new|full"
    r"|whole|entire|record|high|all-time|movements?|handling|activity|operations?|turnover|performance|business|bilateral|previous|earlier|last|first|second|third|fourth|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|quarter|quarters|month|months|year|years|period"
    r"|time|data|figures?|amount|number|numbers|level|levels|units?|tonnage|scale|size|actual|same|following|best|busiest|largest|biggest|most"
    r"|countries|nations|members|partners|markets|republic|city-state|territory|near|under|above|below|along|around|amongst?|per|plus|besides|including|excluding|following|port|seaport|harbou?r|terminals?|hub|airport|city|municipality|province|region|country|nation|state|island|district|economy|operator"
    r"|authority|group|central|north|south|east|west|northern|southern|eastern|western|northeast|northwest|southeast|southwest|major|main|top|local"
    r"|international|world|domestic|merchandise|alone|just|so|far|to-date|date|more|less|some|nearly|only|there|here|then|now|still"
    r"|s|tons?|tonnes?|ever|(?:(?:year|month|quarter)-)?on-(?:year|month|quarter)|year-over-year|together|yoy|y-o-y|percentage|[a-z]{2,}est|per|cent|percent|worth|valued|value|us|according|among|them|respectively|each|equivalent|equivalents|twenty-foot|foot|teus?)"
)
_LINK = re.compile("of|to|with|from|by|for|between|via|through|in|at|outside|into|across|within")
_BREAKS = re.compile("against|versus|despite|amid|because|due|thanks|when|if|that|which|who|like|unlike")
_COMPLEMENT = re.compile("of|to|with|from|by|for|between|in|at|outside|into|across|within")
_SUBJECTS = re.compile("it|he|she|we|they|which|who|that|and|or|but|while|port|city")
"""Words after which a participle is a verb."""
_OTHERS = frozenset({"their", "those", "others", "other"})
"""Words that point to something named before that is no place."""
_SAYS_NOTHING_ZH = (
    "的|了|在|与|和|及|以|从|由|对|向|自|将|为|是|共|总|计|约|近|超|逾|达|至|到|比|较|其|该|此|各|均|等|"
    "也|仍|已|再|又|还|就|并|而|且|年|月|日|份|其中|累计|合计|总计|共计|总共|一共|达到|达成|实现|完成|"
    "录得|取得|报|超过|突破|首次|首破|增至|降至|升至|增长|下降|增加|减少|上升|回落|攀升|同比|环比|分别|"
    "成功|顺利|持续|继续|保持|维持|稳步|快速|较快|平稳|稳定|明显|大幅|小幅|微增|微降|略增|略降|创下|创|"
    "创出|刷新|历史|新高|最高|纪录|记录|水平|规模|总体|整体|全部|预计|约为|接近|将近|左右|以上|以来|以内|"
    "期间|同期|当月|单月|当年|当季|全年|全市|全省|全区|全国|我市|我省|我国|本市|本省|该市|该省|全港|全球|"
    "世界|地区|城市|省|市|区|县|港|港口集团|集团|公司|数据|显示|统计|据|记者|获悉|了解|消息|介绍|表示|"
    "通报|发布|公布|透露|海关|今天|昨天|今日|日前|近日|最新|初步|经|调整|后|人民币|美元|数|量|额|值|总量|"
    "总额|总值|总数|金额|货值|价值|数量|业务|业务量|实际|货物|商品|贸易|外贸|对外贸易|情况|方面|来看|看|"
    "主要|贸易伙伴|伙伴|月份|季度|上半年|下半年|今年|去年|上年|本年|万|亿|元|余|高于|低于|快于|排名|双双|"
    "增|降|涨|跌|幅|速|增速|增幅|降幅|率|如下|口径|按|计价|计算"
)
_FUNCTION_ZH = re.compile(
    "(?:[高低]?基数|基础|背景|条件)[上下]?|" + "|".join(sorted(_SAYS_NOTHING_ZH.split("|"), key=len, reverse=True))
)
_APPOSITION = re.compile(r",\s(?:the|an?|its|one\sof|itself)\s[^,;:()0-9]{3,80},")
"""What is said of a subject between two commas."""
_ACRONYM = re.compile(r"(?<=\w)\s?\([a-z0-9]{2,6}\)")
_TOKEN = re.compile(r"[a-z][a-z0-9']*(?:-[a-z0-9']+)*|[\u4e00-\u9fff]+|[,;:()\"]|\s-{1,2}\s|、")
TRADE = frozenset({"trade", "exports", "imports"})
NARROW_NOTHING = frozenset(
    {"volume", "value", "running_total", "year_to_date", "growth", "whole", "share", "signed", "regions"}
)
"""Concepts that may stand beside any indicator's own."""


class WordKind(StrEnum):
    """What a word is to the subject of a figure."""

    SAID = "said"
    """A concept, or a word of its own."""
    NEUTRAL = "neutral"
    VERB = "verb"
    LINK = "link"
    BREAK = "break"


@dataclass(frozen=True, slots=True)
class WordToken:
    """A word from `start` to `end`; `features` are what it speaks of."""

    start: int
    end: int
    kind: WordKind
    features: frozenset[str] = frozenset()
    word: str = ""


class Fit(StrEnum):
    """How the words beside a figure fit an indicator."""

    OWN = "own"
    """Its own word is said, and nothing that narrows it."""
    CARRIED = "carried"
    """Nothing is said: it is of what was spoken of before."""
    NARROWED = "narrowed"
    OTHER = "other"
    """Something else is spoken of."""


def tokens(
    text: str, sentence: Sentence, words: Sequence[Word], *, named: Sequence[Region], covered: Iterable[tuple[int, int]]
) -> tuple[WordToken, ...]:
    """Return the words of a sentence that may say what its figures are of; `covered` are its times and figures.

    A place is such a word only as the other side of a trade; otherwise it says whose the figure is.
    """
    known = {(word.start, word.end): word.feature for word in words if word.feature[1:2] != ":" or word.spelled_out}
    places = {(one.start, one.end): f"w:{one.name}" for one in named}
    known |= {at: places[at] for at, one in zip(places, named, strict=True) if one.partner}
    spans = sorted({*places, *covered, *known}, key=lambda at: (at[0], at not in places, -at[1]))
    found: list[WordToken] = []
    at = sentence.start
    for start, end in spans:
        if start < at:
            continue
        found += _plain(text, at, start)
        if (start, end) in known:
            features = frozenset([known[start, end], *(word.feature for word in spoken_of(text, start, end))])
            found.append(WordToken(start, end, WordKind.SAID, features, text[start:end]))
        at = end
    found += _plain(text, at, sentence.end)
    aside = [one.span() for one in _ACRONYM.finditer(text, sentence.start, sentence.end)]
    aside += [one.span() for one in _APPOSITION.finditer(text, sentence.start, sentence.end)]
    aside = [at for at in aside if not any(_is_finite(one) for one in found if at[0] <= one.start < at[1])]
    return tuple(one for one in found if not any(start < one.start < end - 1 for start, end in aside))


def _is_finite(word: WordToken) -> bool:
    return word.kind is WordKind.VERB and not word.word.endswith("ing")


def _plain(text: str, start: int, end: int) -> Iterator[WordToken]:
    for found in _TOKEN.finditer(text, start, end):
        word = found[0]
        if not word[0].isalnum():
            yield WordToken(found.start(), found.end(), WordKind.BREAK, word=word)
        elif word.isascii():
            yield WordToken(found.start(), found.end(), kind_of(word), frozenset({feature_of(word)}), word)
        else:
            yield from _runs(text, found.start(), found.end())


def kind_of(word: str) -> WordKind:
    """Return what an English word, lower case, is to a subject."""
    if word in {"europe's", "asia's", "africa's", "america's"}:
        return WordKind.NEUTRAL
    word = word.removesuffix("'s")
    if _BREAKS.fullmatch(word):
        return WordKind.BREAK
    if _LINK.fullmatch(word):
        return WordKind.LINK
    if word in _OTHERS:
        return WordKind.SAID
    if _NEUTRAL.fullmatch(word) or len(word) == 1:
        return WordKind.NEUTRAL
    return WordKind.VERB if _VERBS.fullmatch(word) or UP.fullmatch(word) or DOWN.fullmatch(word) else WordKind.SAID


def _runs(text: str, start: int, end: int) -> Iterator[WordToken]:
    """Give a run of Chinese signs as what it says between the words that say nothing."""
    at = start
    for word in [*_FUNCTION_ZH.finditer(text, start, end), None]:
        until = word.start() if word else end
        if until - at > 1:
            pairs = frozenset(f"z:{text[place : place + 2]}" for place in range(at, until - 1))
            yield WordToken(at, until, WordKind.SAID, pairs, text[at:until])
        if word:
            at = word.end()


@dataclass(frozen=True, slots=True)
class Beside:
    """The words a figure stands with: `before` it since the amount before, and `after` it up to the next figure."""

    before: tuple[WordToken, ...]
    after: tuple[WordToken, ...]
    chinese: bool
    clause: int
    span: tuple[int, int]
    """From where the words before it count, to the figure."""

    @property
    def own(self) -> tuple[WordToken, ...]:
        """Return those of the words before it that stand in its own clause."""
        return tuple(one for one in self.before if one.start >= self.clause)

    def fit(
        self, titled: frozenset[str], known: frozenset[str], *, counted: bool = False
    ) -> tuple[Fit, WordToken | None]:
        """Return how the words fit an indicator whose title speaks of `titled` and that speaks of all `known`.

        The word that speaks against it comes with it. What is `counted` is said by the unit: 584 ports.
        """
        if counted and not any(_means(one) - known for one in self.before):
            return Fit.OWN, None
        other = next((one for one in self.own if _narrows(one, known) or one.features & TRADE - titled), None)
        zone = self.before if _heads(self.before, titled) else self.after
        heads = _heads(zone, titled)
        if not heads or ((zone is self.after or not _heads(self.own, titled)) and other):
            other = other or next((one for one in self.before if _narrows(one, known)), None)
            return (Fit.OTHER, other) if other else (Fit.CARRIED, None)
        beside = zone if self.chinese else [*_around(zone, heads), *_complement(self.after, 0)]
        narrowing = next((one for one in beside if _narrows(one, known)), None)
        if narrowing:
            return Fit.NARROWED, narrowing
        says = any(one.features & titled - NARROW_NOTHING for one in zone)
        return (Fit.OWN if says or titled <= NARROW_NOTHING else Fit.CARRIED), None


def _narrows(word: WordToken, known: frozenset[str]) -> bool:
    return word.kind is WordKind.SAID and not word.features & known


def _means(word: WordToken) -> frozenset[str]:
    """Return the concepts of a word, but for those that narrow nothing."""
    return frozenset(name for name in word.features - NARROW_NOTHING if name[1:2] != ":")


def _heads(words: Sequence[WordToken], titled: frozenset[str]) -> list[int]:
    return [place for place, one in enumerate(words) if one.features & titled]


def _around(zone: Sequence[WordToken], heads: Sequence[int]) -> Iterator[WordToken]:
    """Give the words beside the indicator's own: before them in their phrase, and what they are said to be of."""
    first = heads[0]
    apart = zone[first].word.endswith("ed") and first > 0 and zone[first - 1].kind is WordKind.BREAK
    for place in range(first - 1, -1, -1):
        token = zone[place]
        if token.kind is WordKind.VERB and place == first - 1 and _describes(zone, place):
            token = replace(token, kind=WordKind.SAID)
        if token.kind is WordKind.BREAK and apart:
            apart = place == first - 1
        elif token.kind in {WordKind.VERB, WordKind.BREAK} and not apart:
            break
        yield token
    for place in heads:
        after = place + 1
        while after < len(zone) and zone[after].features & NARROW_NOTHING:
            after += 1
        if after < len(zone) and zone[after].kind is WordKind.SAID:
            yield zone[after]
        yield from _complement(zone, after)


def _describes(zone: Sequence[WordToken], place: int) -> bool:
    """Return whether a participle describes what follows: "loaded imports", "its processing trade"."""
    if not _ends_as_participle(zone[place]):
        return False
    before = zone[place - 1] if place else None
    if zone[-1].word == "of" and len(zone) - place == len(("its verb", "a head", "of")):
        return False  # it logged imports of 5 million
    return (
        before is None
        or before.kind is WordKind.BREAK
        or (before.kind is WordKind.NEUTRAL and not _SUBJECTS.fullmatch(before.word))
    )


def _complement(zone: Sequence[WordToken], place: int) -> Iterator[WordToken]:
    """Give the words of what follows "of", "to" or "with" right there."""
    if place >= len(zone) or zone[place].kind is not WordKind.LINK or not _COMPLEMENT.fullmatch(zone[place].word):
        return
    for at, token in enumerate(zone[place + 1 :], place + 1):
        beside = at == place + 1 and token.start - zone[place].end == 1
        if token.kind is WordKind.BREAK or (
            token.kind is WordKind.VERB and not (beside and _ends_as_participle(token))
        ):
            return
        yield replace(token, kind=WordKind.SAID) if token.kind is WordKind.VERB else token


def _ends_as_participle(token: WordToken) -> bool:
    return token.word.endswith(("ed", "ing"))


_ATTRIBUTES = re.compile(r"said|says|shows?|showed|shown|announced|that")
"""What comes before only says who told it."""


def _leans_back(words: Sequence[WordToken]) -> bool:
    """Return whether a clause has its subject in the clause before: it says nothing, or opens with a verb."""
    says = any(one.kind is WordKind.SAID and not one.features & NARROW_NOTHING for one in words)
    return not says or words[0].kind is WordKind.VERB or words[0].word.endswith("ed")


def reach(found: Sequence[WordToken], figure: PrintedFigure, others: Sequence[int], end: int) -> int:
    """Return up to where words after a figure may be its own: to the next figure, or the "and" that leads up to it."""
    until = min([end, *others])
    joins = [one.start for one in found if figure.end <= one.start < until and one.word in {"and", "while", "but"}]
    return min(joins, default=until) if until < end else until


def beside(
    found: Sequence[WordToken],
    figures: Sequence[PrintedFigure],
    place: int,
    *,
    sentence: Sentence,
    chinese: bool,
    since: int | None = None,
) -> Beside:
    """Return the words that the figure at `place` stands with, those from `since` on where that is given."""
    figure = figures[place]
    clause = sentence.clause(figure.start)
    ended = [one.end for one in figures[:place] if not (one.aside or one.percent or one.times) or figure.percent]
    listed = since is not None
    since = max([clause[0], *ended]) if since is None else since
    before = [one for one in found if since <= one.start < figure.start and not (listed and one.word in _OTHERS)]
    for start, _ in reversed(sentence.clauses):
        if not listed and start < since and _leans_back(before):
            since = max([start, *ended])
            before = [one for one in found if since <= one.start < figure.start]
    told = max((place for place, one in enumerate(before) if _ATTRIBUTES.fullmatch(one.word)), default=-1)
    before = before[told + 1 :]
    until = reach(found, figure, [one.start for one in figures[place + 1 :] if not one.aside], clause[1])
    after = [one for one in found if figure.end <= one.start < until]
    return Beside(tuple(before), tuple(after), chinese, since if listed else clause[0], (since, figure.start))
