"""One sentence of an announcement: which of its amounts and deeds are promised, on which words, by when and where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache

from targetwatch.model import Comparator, Measure
from targetwatch.press.goals import LASTING, SHARES, GoalAmount, amounts, chinese_deeds, english_deeds, goal_of
from targetwatch.press.modality import Cue, Modality, cues, governing, is_given_up, is_named_after
from targetwatch.press.promise import CHANGE, Promise
from targetwatch.press.text import Sentence
from targetwatch.press.vocabulary import ALSO, gazetteer
from targetwatch.press.windows import Window, is_of_plan, windows, without

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


NEAR = 12
"""Signs between those who promise and the word for it."""
LEADING = 4
"""Signs before the time that a sentence begins with."""
BESIDE = 80
"""Signs between an amount and where it stood before."""
HAN = re.compile("[\u4e00-\u9fff]")
ENDED = re.compile(r"[.。!?;]\s*$")
_AHEAD_ZH = re.compile(r"\s*(?:[到在至]?(?:[一二两三四五六七八九十0-9]{1,3}年|年)内|明年|今后|未来)")
_GERUND = re.compile(r"\s*[a-z]{2,}ing\s(?!to\b)")
_POINTS_BACK = re.compile(
    r"\s*(?:these|this|of\s(?:these|this|which|the\stotal|them)|it\s(?:includes|comprises)|其中|这)"
)
_EDGES = {"zh": re.compile("[,;:。]|(?<=目标[是为])(?=[\u4e00-\u9fff]{2})"), "en": re.compile(r"[,;:](?=\s)|\swhile\s")}
_ENDS = {"zh": _EDGES["zh"], "en": re.compile(r"[,;.](?=\s|$)|\sand\s|\swhile\s")}
_SUBJECTS = {"zh": _EDGES["zh"], "en": re.compile(r";\s|,\s(?:and|but|while)\s")}
_AND = re.compile(r"\sand\s(?:to\s|then\s|also\s)*|,\s|;\s|\swhile\s|、")
_AND_TO = re.compile(r"\sand\sto\s")
_LEADS = re.compile(r"(?:[\s,;:、]|and\s|to\s|but\s|while\s|also\s|its\s|在|并)*")
_PARTED = re.compile(
    r"[;.]|,\s(?:and|but|while|which)\s|\sand\s(?:to|will|is|are|bring|raise|cut|reduce|increase|achieve|reach|build|make|create)\s"
)
_EACH = re.compile(r"(?<![人平日月年户])均|都(?=[增达实])|\b(?:both|each)\b")
_IN_TURN = re.compile(r"分别|\brespectively\b")
_JOINT = re.compile(r"[和及与、]|\sand\s")
_STRETCH = re.compile(
    r"[,、;]?(?:并|且)?(?:力争|争取|努力)(?:达到|实现|突破|超过)?|,?\s?(?:and\s)?(?:ideally|preferably)\s"
)
_NO_SUBJECT = re.compile("(?:同比|比上年|较上年)(?:增长|下降|增加|减少|提高|降低)")
_WAITS = re.compile(r"\b(?:wait(?:s|ed|ing)?|delays?|stays?|lasting|aged|old)\s(?:of\s|for\s)?$")
_OF_THEN = re.compile("(?:的|目标|实际|全年|增速|约|水平)*")
_GLUE = re.compile(r"(?:[\s,]|and|by|to|with|the|aim|of|reaching|then|a|further|rising|再|和|、|到)*")
_BY = "doubl=100;tripl=200;quadrupl=300;halv=-50;in half=-50;翻一番=100;翻番=100;翻两番=300;减半=-50"
_TIMES = dict(pair.split("=") for pair in _BY.split(";"))
_OUTRIGHT = re.compile(
    r"\b(?:doubl|tripl|quadrupl|halv)(?:e|ing)\b(?!-)|\bin\shalf\b|翻一番|翻番|翻两番|减半"
    r"|\beliminat\w+|\bnet[\s-]zero|\b(?:carbon|climate)[\s-]neutral\w*|碳中和|清零|\bzero\s(?=[a-z-]+)"
)


@dataclass(slots=True)
class SentenceScope:
    """What the sentences before have left: the list under a heading, the last window, the years the text is about."""

    listed: Modality | None = None
    listed_window: Window | None = None
    last_window: Window | None = None
    years: Window | None = None
    of_title: Window | None = None
    promised: bool = False
    unfinished: Modality | None = None
    heading: Modality | None = None


class PromisingSentence:
    """One sentence being read; `published` is the day it speaks from, `own` names whose announcement it is."""

    def __init__(
        self, text: str, sentence: Sentence, *, scope: SentenceScope, published: date | None, own: str, marked: bool
    ) -> None:
        self.text, self.sentence, self.scope, self.published, self.own = text, sentence, scope, published, own
        said = text[sentence.start : sentence.end]
        self.language = "zh" if HAN.search(said) else "en"
        self.cues = cues(text, sentence.start, sentence.end, language=self.language)
        self.times = windows(text, sentence, published=published)
        self.usable = [one for one in self.times if not one.aside]
        self.amounts = amounts(text, sentence, self.times)
        self.last: Promise | None = None
        if not marked and ENDED.search(said) and text[sentence.start - 1 : sentence.start] == "\n":
            scope.listed = None  # a paragraph ends a list
        follows = scope.promised and bool(_GERUND.match(said))
        self.continued = scope.unfinished is not None
        self.points_back = scope.promised and bool(_POINTS_BACK.match(said))
        self.listed = scope.listed if marked or follows or _GERUND.match(said) or not ENDED.search(said) else None
        goes_on = self.points_back or follows or (self.language == "zh" and self._leads_on())
        self.inherited = Modality.PROMISE if goes_on else self.listed or scope.unfinished

    def promises(self) -> list[Promise]:
        """Return what is promised, in order, and leave behind what the next sentences stand on."""
        found = sorted((*self._goals(), *self._deeds(), *self._outright()), key=lambda one: one.start)
        scope, promising = self.scope, any(one.modality is Modality.PROMISE for one in self.cues)
        ahead = [one for one in self.usable if not one.is_past(self.published)]
        if promising and scope.years is None:
            latest = self.published.year + 1 if self.published else 0
            whole = [(one, one.first.year) for one in ahead if one.whole_years and one.first]
            scope.years = next(
                (one for one, year in whole if year <= latest or is_of_plan(self.text, one.start, one.end)), None
            )
        unfinished = self.text[self.sentence.start : self.sentence.end].rstrip().endswith(";")
        scope.unfinished = self._meant(self.sentence.end)[0] if unfinished else None
        scope.promised = bool(found)
        if found or promising:
            scope.last_window = ahead[-1] if ahead else scope.last_window if found else None
        return found

    def _leads_on(self) -> bool:
        """Return whether a Chinese sentence goes on with promises, or begins with days ahead and what will be then."""
        if self.cues and self.cues[0].modality is not Modality.PROMISE:
            return False
        first, day, start = next(iter(self.usable), None), self.published, self.sentence.start
        if _AHEAD_ZH.match(self.text, start):
            return True
        same_paragraph = start > 0 and self.text[start - 1] != "\n"
        if self.scope.promised and (same_paragraph or first is not None):
            return first is None or not first.is_past(day)
        if first is None or not first.dated or first.start - start > LEADING or day is None:
            return False
        return first.last.year > day.year or (first.first is not None and first.first > day)

    def _meant(self, place: int) -> tuple[Modality | None, Cue | None]:
        return governing(self.text, self.cues, place, inherited=self.inherited)

    def _edge(self, place: int, edges: dict[str, re.Pattern[str]] = _EDGES) -> int:
        """Return where the clause that goes on at a place ends."""
        edge = edges[self.language].search(self.text, place, self.sentence.end)
        return edge.start() if edge else self.sentence.end

    def _goals(self) -> Iterator[Promise]:
        for place, one in enumerate(self.amounts):
            if one.former or self._is_detail(place):
                continue
            state, cue = self._state(one)
            clause = self._clause(place, cue)
            if state is not Modality.PROMISE or is_given_up(self.text, clause[0], one.start) or self._is_of_others(cue):
                continue
            window = self._window(one.start, one.end, place)
            if window is None or not window.is_past(self.published):
                yield from self._made(place, clause, window, cue)

    def _is_detail(self, place: int) -> bool:
        """Return whether an amount says how many promise, what it was then, how another counts, or at most what."""
        one, before = self.amounts[place], self.amounts[place - 1] if place else None
        by = next((cue for cue in self.cues if one.end <= cue.start < min(one.end + NEAR, self._edge(one.end))), None)
        counts = self.language == "zh" and one.unit not in SHARES and place + 1 < len(self.amounts)
        if by and by.modality is Modality.PROMISE and counts:
            return True
        then = [time.end for time in self.times if time.aside and time.end <= one.start]
        if any(one.unit == "pp" or _OF_THEN.fullmatch(self.text, end, one.start) for end in then):
            return True
        if self.text.startswith("up to", one.start) and self._goal(one, self._clause(place, None)).comparator != CHANGE:
            return True
        lasts = one.bound is not None and one.unit.removesuffix("s") in LASTING
        if lasts and _WAITS.search(self.text[self.sentence.start : one.start]):
            return True
        if before is None:
            return False
        if _NO_SUBJECT.fullmatch(self.text, self._clause(place, None)[0], one.start):
            return True
        between = self.text[before.end : one.start]
        further = before.unit == one.unit and _STRETCH.fullmatch(between)
        return bool(further) or (lasts and not re.search(r"[,;。]|\sand\s", between))

    def _state(self, one: GoalAmount) -> tuple[Modality | None, Cue | None]:
        """Return how an amount is meant: by what stands before it, else in English by what follows in its clause."""
        state, cue = self._meant(one.number)
        if state is None and self.language == "en":
            end = self._edge(one.end)
            after = next((other for other in self.cues if one.end <= other.start < end), None)
            if after and after.modality is not Modality.NEED and " and " not in self.text[one.end : after.start]:
                return after.modality, after
        if state in {None, Modality.RESULT} and is_named_after(self.text, one.end, self.sentence.end):
            return Modality.PROMISE, None
        return state, cue

    def _clause(self, place: int, cue: Cue | None) -> tuple[int, int]:
        """Return the words of an amount: from its clause, or the amount before it, to the next edge."""
        one, text = self.amounts[place], self.text
        before = [other.end for other in self.amounts[:place] if not other.former]
        upto = before[-1] if before else self.sentence.start
        anchor = cue.start if cue and upto <= cue.start < one.start and self.language == "en" else one.start
        start = max((edge.end() for edge in _EDGES[self.language].finditer(text, upto, anchor)), default=upto)
        if start == upto and before:
            in_turn = _IN_TURN.search(text, self.sentence.start, upto)
            edges = _EDGES[self.language] if in_turn else _AND
            begin = self.sentence.start if in_turn else upto
            start = max((edge.end() for edge in edges.finditer(text, begin, anchor)), default=begin)
        start = max((again.end() for again in _AND_TO.finditer(text, start, one.start)), default=start)
        leads = _LEADS.match(text, start, one.start)
        return leads.end() if leads else start, max(one.end, self._edge(one.end, _ENDS))

    def _is_of_others(self, cue: Cue | None) -> bool:
        """Return whether the subject of a promise is somebody beside whom the text is of."""
        if cue is None:
            return False
        edges = _SUBJECTS[self.language].finditer(self.text, self.sentence.start, cue.start)
        start = max((edge.end() for edge in edges), default=self.sentence.start)
        return is_of_others(self.text[start : cue.start], self.own)

    def _window(self, start: int, end: int, place: int | None) -> Window | None:
        """Return the window that reaches words: of an amount by its `place`, of a deed without one."""
        text, times, upto = self.text, self.usable, self.sentence.end
        if place is not None:
            upto = min((one.start for one in self.amounts[place + 1 :] if not one.former), default=upto)
        after = [one for one in times if end <= one.start < upto]
        near = [one for one in after if not _PARTED.search(text, end, one.start)][:1]
        before, inside = [one for one in times if one.end <= start], [one for one in times if start <= one.start < end]
        if self.language == "zh":
            edge = max(text.rfind(sign, self.sentence.start, start) for sign in ",;")
            near = [one for one in near if "," not in text[end : one.start]]
            found = (inside or [one for one in before if one.start > edge])[-1:] or near or before[-1:]
        else:
            found = inside[:1] or near or before[-1:] or after[:1]
        if found or (self.listed is Modality.PROMISE and self.scope.listed_window is not None):
            return found[0] if found else self.scope.listed_window
        last = self.scope.last_window
        if place is None:
            return last if self.continued else None
        carried = last is not None and (self.points_back or (self.language == "zh" and last.whole_years))
        return last if carried else self.scope.years or self.scope.of_title

    def _goal(self, one: GoalAmount, clause: tuple[int, int]) -> Promise:
        goal, last = goal_of(self.text, one, clause), self.last
        if last and last.unit == goal.unit and last.comparator == CHANGE and _GLUE.fullmatch(self._between(one)):
            return replace(goal, comparator=CHANGE, value=_signed(goal.value, last.value))
        return goal

    def _between(self, one: GoalAmount) -> str:
        """Return the words between an amount and the one before it, without times."""
        before = max((other.end for other in self.amounts if other.end <= one.start), default=self.sentence.start)
        return without(self.text, before, one.start, self.times)

    def _made(self, place: int, clause: tuple[int, int], window: Window | None, cue: Cue | None) -> Iterator[Promise]:
        """Give the promise of an amount; one of each where it is said of several."""
        one, start = self.amounts[place], clause[0]
        if cue and self.language == "en" and cue.end <= one.start:
            between = (other for other in self.amounts[:place] if other.start > cue.start and not other.former)
            start = start if any(True for _ in between) else min(start, cue.start)
        goal = self.last = self._goal(one, (start, clause[1]))
        near = (other for other in self.amounts if other.former and abs(other.start - one.start) < BESIDE)
        before = next((other.value for other in near if other.unit in {one.unit, ""}), None)
        base = _in_window(replace(goal, start=clause[0], former=before), window)
        yield base
        said = self.text[clause[0] : one.start]
        if each := _EACH.search(said):
            for part in _JOINT.finditer(said, 0, each.start()):
                yield replace(base, start=clause[0] + part.end())

    def _deeds(self) -> Iterator[Promise]:
        find = chinese_deeds if self.language == "zh" else english_deeds
        upto = self.sentence.start
        for deed in find(self.text, self.sentence, self._meant, cues=self.cues, times=self.times):
            counted = any(deed.start < one.end and one.start < deed.end for one in self.amounts)
            if counted or deed.start < upto or not deed.items:
                continue
            upto = deed.end
            window = self._window(deed.start, deed.end, None)
            past = window.is_past(self.published) if window else deed.dated
            if not past and not self._is_of_others(self._meant(deed.end)[1]):
                complete, milestones = Comparator.COMPLETE, Measure.MILESTONES
                done = Promise(kind=milestones, comparator=complete, start=deed.start, end=deed.end, steps=deed.items)
                yield _in_window(done, window)

    def _outright(self) -> Iterator[Promise]:
        """Give what is to be doubled, halved or brought to nothing, by a day."""
        for found in _OUTRIGHT.finditer(self.text, self.sentence.start, self.sentence.end):
            state, cue = self._meant(found.start() + 1)
            window, clause = self._window(*found.span(), len(self.amounts)), self.sentence.clause(found.start())
            counted = any(clause[0] <= one.start < clause[1] and not one.former for one in self.amounts)
            if counted or state is not Modality.PROMISE or window is None or self._is_of_others(cue):
                continue
            by = next((value for word, value in _TIMES.items() if word in found[0]), None)
            whole = Promise(
                kind=Measure.LEVEL,
                comparator=Comparator.AT_MOST if by is None else CHANGE,
                start=cue.start if cue and clause[0] <= cue.start < found.start() else found.start(),
                end=self._edge(found.end(), _ENDS),
                value=Decimal(by or 0),
                unit="" if by is None else "%",
            )
            yield _in_window(whole, window)


def _in_window(promise: Promise, window: Window | None) -> Promise:
    return replace(promise, first=window.first, deadline=window.last) if window else promise


def _signed(value: Decimal | None, like: Decimal | None) -> Decimal | None:
    return value if value is None or like is None else value.copy_sign(like)
