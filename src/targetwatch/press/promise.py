"""A promise: how a sentence says one, how it would be entered as a target, and which target holds it already.

What is said otherwise is reported, foreseen, only so under a condition, or needed for another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from targetwatch.model import Comparator, Indicator, Measure, Target, TargetVersion
from targetwatch.model.scalars import plain_number
from targetwatch.press.text import plain_text
from targetwatch.quantity import convert

CHANGE = "change"
"""The comparator of a goal relative to where it stood, beside those of the model."""
ABOUT = Decimal("0.05")
"""What "about" is taken to leave open on either side, as a share of the amount."""
NEW_INDICATOR = "+"
"""What the form of a target takes for an indicator that is not there yet."""
LONGEST_QUOTE, LONGEST_TITLE = 400, 120
LEAST_SHARED = 12
"""Fewer letters in common may be chance."""
SAME = Decimal("0.001")
_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One target as the text seems to promise it, on the words `text` from `start` to `end`.

    `value` counts in `unit`, written out; of a range `upper` is its other end, and a change is signed, in percent.
    `about`: said to be about so much, which stands for ABOUT on either side. `former` is where it stood, or the goal
    given up. `indicator` None: none of the catalogue is likely; `deadline` None: none is said.
    """

    kind: Measure
    comparator: str
    start: int
    end: int
    text: str = ""
    value: Decimal | None = None
    upper: Decimal | None = None
    unit: str = ""
    about: bool = False
    former: Decimal | None = None
    steps: tuple[str, ...] = ()
    first: date | None = None
    deadline: date | None = None
    announcer: str = ""
    announced_on: date | None = None
    indicator: str | None = None

    @property
    def ends(self) -> tuple[Decimal, Decimal] | None:
        """Return the two ends of a range; of "about so much" those it is taken to mean."""
        if self.value is None or self.comparator != Comparator.BETWEEN:
            return None
        if self.upper is not None:
            return self.value, self.upper
        return self.value * (1 - ABOUT), self.value * (1 + ABOUT)


@dataclass(frozen=True, slots=True)
class HeldPromise:
    """The target that a promise is about; `changed` where its goal or its deadline is now another."""

    target: Target
    changed: bool


def target_entry(promise: Promise, indicator: Indicator | None, *, language: str) -> tuple[str, dict[str, str]]:
    """Return the kind of form a promise is entered in, and what stands in its fields, named by the model's paths."""
    cells = promise_fields(promise, indicator)
    title = promise.text[:LONGEST_TITLE]
    cells |= {"indicator": indicator.id if indicator else NEW_INDICATOR, f"title.{language}": title}
    if indicator is None:
        cells |= {f"indicators.title.{language}": title, "indicators.unit": promise.unit}
    for number, step in enumerate(promise.steps, 1):
        cells[f"steps.{number}.title.{language}"] = step
    kind = promise.kind if indicator is None else indicator.measure
    return "relative" if promise.comparator == CHANGE else kind.value, cells


def promise_fields(promise: Promise, indicator: Indicator | None) -> dict[str, str]:
    """Return the goal, the window and the announcement as they stand in a form; what is not said is empty."""
    ends = promise.ends
    low, high = ends or (promise.value, None)
    cells = {
        "goal.comparator": promise.comparator,
        "goal.value": _typed(low, promise, indicator),
        "goal.upper": _typed(high, promise, indicator),
        "start": promise.first.isoformat() if promise.first else "",
        "deadline": promise.deadline.isoformat() if promise.deadline else "",
        f"announcement.by.{'en' if promise.announcer.isascii() else 'zh'}": promise.announcer,
        "announcement.on": promise.announced_on.isoformat() if promise.announced_on else "",
        "announcement.quote": promise.text[:LONGEST_QUOTE],
    }
    return {name: text for name, text in cells.items() if text or name in {"start", "deadline"}}


def _typed(value: Decimal | None, promise: Promise, indicator: Indicator | None) -> str:
    """Return an amount in the unit of its indicator, or as it is printed where that counts something else."""
    if value is None:
        return ""
    if promise.comparator == CHANGE:
        return f"{plain_number(value)}%"
    counted = convert(value, promise.unit, indicator.unit) if indicator else value
    return f"{plain_number(value)} {promise.unit}" if counted is None else plain_number(counted)


def held(promise: Promise, targets: Iterable[Target], indicators: Mapping[str, Indicator]) -> HeldPromise | None:
    """Return the target that holds a promise, by its words or by its goal, or the one whose goal it changes."""
    changed = None
    for target in targets:
        version, indicator = target.versions[-1], indicators.get(target.indicator)
        same_day = promise.deadline in {None, version.deadline}
        same_goal = indicator is not None and _same_goal(promise, version, indicator)
        is_its = target.indicator == promise.indicator
        counts = promise.unit not in {"", "%", "pp"} and same_goal and same_day
        if _same_words(promise.text, version.announcement.quote) or counts or (is_its and same_goal and same_day):
            return HeldPromise(target, changed=False)
        later = promise.announced_on is None or promise.announced_on > version.announcement.on
        if (
            is_its
            and later
            and promise.comparator != Comparator.COMPLETE
            and (same_goal or promise.deadline == version.deadline)
        ):
            changed = changed or HeldPromise(target, changed=True)
    return changed


def _same_words(said: str, quote: str) -> bool:
    one, other = (_NOT_LETTERS.sub("", plain_text(words).text) for words in (said, quote))
    return min(len(one), len(other)) >= LEAST_SHARED and (one in other or other in one)


def _same_goal(promise: Promise, version: TargetVersion, indicator: Indicator) -> bool:
    goal = version.goal
    if promise.kind is Measure.MILESTONES or goal.complete:
        return False
    if promise.comparator == CHANGE or goal.relative is not None:
        return promise.comparator == CHANGE and goal.relative is not None and goal.relative * 100 == promise.value
    value = convert(promise.value or Decimal(0), promise.unit, indicator.unit)
    known = goal.value if promise.upper is None and goal.upper is None else None
    if goal.upper is not None and goal.value is not None:
        known = (goal.value + goal.upper) / 2
    return value is not None and known is not None and abs(value - known) <= abs(known) * SAME


class Modality(StrEnum):
    """What a stretch of a sentence says of its amounts and deeds; NEED is what it takes to keep another promise."""

    PROMISE = "promise"
    RESULT = "result"
    FORECAST = "forecast"
    CONDITION = "condition"
    NEED = "need"


@dataclass(frozen=True, slots=True)
class Cue:
    """A word from `start` to `end` that says how the words after it are meant; `lasts`: to the end of the sentence.

    `weak`: no more than a sign, where nothing else is said.
    """

    start: int
    end: int
    modality: Modality
    lasts: bool = False
    weak: bool = False


_GROUPS = {"missed": Modality.RESULT, "others": Modality.FORECAST, "compared": Modality.RESULT}
"""Words that outweigh those of a promise beside them: a goal that was met or missed, what others foresee."""
_NOT_PAST = (
    "need|embed|exceed|speed|seed|feed|bed|wed|red|fed|led|used|based|related|combined|limited|fixed|installed|united"
    "|detailed|dedicated|advanced|said|asked|called|announced|outlined|unveiled|presented|published|added|noted|stressed|emphasized"
    "|highlighted|explained|exhorted|urged|told|informed|indeed|hundred|registered|proposed|weighted|skilled|disposed"
    "|protected|increased|reduced|improved|renewed|expected|required|estimated|projected|shared|connected|planned"
)
_ENGLISH = {
    Modality.CONDITION: r"\b(?:if|unless|provided\sthat|subject\sto|depending\son|could|might|possibly|perhaps)\b"
    r"|(?<!\bin\s)(?<!\bby\s)(?<!\bof\s)\bmay\b(?!\s[0-9])",
    "others": r"\b(?:analysts?|economists?|experts?|forecasters?|observers?|researchers|consensus|polled|imf"
    r"|world\sbank|oecd)\b",
    Modality.FORECAST: r"\bexpects?\s(?:global|world|the\s(?:economy|market|industry|sector))\b"
    r"|\b(?:is|are|was|were|been)\s(?:\w+ly\s)?(?:expected|forecast|projected|estimated|predicted|likely)\b"
    r"|\b(?:estimates?|predicts?|projects|forecasts?)\b(?=\s(?:that|the|gdp|growth|a)\b)",
    "missed": r"\b(?:missed|met|beat|exceeded|surpassed|achieved|hit|reached)\s(?:\w+\s){0,3}?(?:target|goal)s?\b",
    Modality.NEED: r"\b(?:enough|equivalent|equal)\sto\b|\bwhich\scan\b|\bneeds?\b|\brequires?\b|\bwould\sneed\b"
    r"|\bto\s(?:achieve|meet|reach)\s(?:this|that|these|the|its|our)\b(?!\s\S*\s?[0-9])",
    Modality.PROMISE: r"\b(?:is|are)\s(?:planned|targeted|due|scheduled)\b|\b(?:aim(?:s|ed|ing)?\s(?:to|at|for)"
    r"|aim\sis|plan(?:s|ned|ning)?\s(?:to|for|on)|plans|planned|target(?:s|ed|ing)?|goals?|objectives?"
    r"|pledg(?:e|es|ed|ing)|commit(?:s|ted|ting|ment|ments)?|vow(?:s|ed)?|intends?|intention|wants?|hopes?\sto"
    r"|seeks?\sto|seeking\sto|will|shall|would|should|must|(?:is|are)\s(?:set\s|due\s|scheduled\s|planned\s)?to|guidance|outlook|expects?|sees|anticipates?"
    r"|promis(?:e|es|ed|ing)|propos(?:es|ed|al)|determined\sto|set\sat|(?:campaign|drive|scheme|strategy|roadmap)\sto|ambition|striv(?:e|es|ing)\s(?:to|for)"
    r"|(?:is|are)\s(?:working|collaborating|cooperating|preparing)\b[^,;.]{0,40}?\sto)\b",
    Modality.RESULT: r"\b(?:was|were|had|has|have|did|rose|grew|fell|hit|saw|stood|sold|came|lost|made|won|built|went"
    r"|became|is|are|covers?|currently|accounts?|spent|held|began|paid|took|met"
    rf"|(?<!be\s)(?<!be\snewly\s)(?!(?:{_NOT_PAST})\b)[a-z]{{2,}}ed)\b",
}
_CHINESE = {
    Modality.CONDITION: r"如果|若(?!干)|假如|倘若|一旦|可能|或将|只要",
    "missed": r"(?:未能?|没有|超额|提前)?完成[^,;。]{0,12}?(?:目标|任务)",
    "others": r"(?:专家|学者|机构|分析师|分析人士|经济学家|券商|智库|首席)"
    r"[^,;。]{0,12}?(?:认为|预计|预测|指出|表示|称)"
    r"|(?:货币基金|世界银行|世行|投行|经合组织|亚行|高盛|摩根)[^,;。]{0,12}|(?:预计|预测)[,:]",
    Modality.FORECAST: r"预计|预测|有望|据估计|估计|预估|料将",
    Modality.RESULT: r"(?<!为)了(?!解)|前[一二两三]季度|前[0-9一二两三四五六七八九十]{1,2}个?月"
    r"|[0-9]\s?[-至到]\s?[0-9]{1,2}月|已|过去|年来|以来|迈上|跃上|超额|首次|[圆顺]满?完成|年初(?:计划|目标)",
    "compared": r"同比|比上年",
    Modality.PROMISE: r"力争|争取|目标|计划|规划|拟(?!态)|将(?!近|军)|(?<![主重首紧简扼概需])要(?!求|素|闻|点|是)|确保"
    r"|预期|努力|安排|打算|承诺|保证|定为|设定|提出",
}
_PATTERNS = {
    language: re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in words.items()))
    for language, words in (("en", _ENGLISH), ("zh", _CHINESE))
}
_PARTED = re.compile(r"[,;:]|\b(?:and|but|while|which|that|after|when|as)\b")
_NAMED_AFTER = re.compile(r"(?:\s[a-z-]+){0,3}?\s(?:target|goal|objective|guidance)s?\b(?!\sfor\slast)")
_GIVEN_UP = re.compile(
    r"\b(?:previous|earlier|former|original|old|last\syear's)\s(?:[a-z-]+\s){0,2}?(?:target|goal|guidance|forecast|plan"
    r"|range)s?\b[^,;.]*$|(?:年初|原|此前|原先|原定|早前)的?(?:[^,;。]{0,6})(?:计划|目标)[^,;。]*$"
)
_PAST_HEADING = re.compile(
    r"成绩|回顾|完成情况|工作总结|进展|\b(?:results?|review|achiev\w+|where\swe\s(?:are|stand)|progress|so\sfar"
    r"|last\syear)\b"
)
_HEADING = re.compile(
    r"目标|计划|安排|任务|打算|规划|部署|举措|\b(?:targets?|goals?|plans?|aims?|ambitions?|commitments?|pledges?|outlook"
    r"|guidance|priorities|objectives|milestones|missions|we\swill)\b"
)


def cues(text: str, start: int, end: int, *, language: str) -> list[Cue]:
    """Return the words of a stretch that say how it is meant, in order."""
    found = ((one, str(one.lastgroup)) for one in _PATTERNS[language].finditer(text, start, end))
    lasting = {"others", Modality.CONDITION}
    return [
        Cue(*one.span(), _GROUPS.get(name) or Modality(name), name in lasting, name == "compared")
        for one, name in found
    ]


def heading(line: str) -> Modality | None:
    """Return what a heading says of the list below it."""
    if _PAST_HEADING.search(line):
        return Modality.RESULT
    return Modality.PROMISE if _HEADING.search(line) else None


def is_given_up(text: str, start: int, place: int) -> bool:
    """Return whether the words before a place speak of a goal that no longer holds."""
    return bool(_GIVEN_UP.search(text, start, place))


def is_named_after(text: str, place: int, end: int) -> bool:
    """Return whether a goal is named right after its amount: a 5 % growth target."""
    return bool(_NAMED_AFTER.match(text, place, end))


def governing(
    text: str, found: Sequence[Cue], place: int, *, inherited: Modality | None
) -> tuple[Modality | None, Cue | None]:
    """Return how an amount or deed at a place is meant, and the cue it follows from; what is inherited has none.

    The last cue before it governs; a participle or copula in one breath with a promise belongs to it, as does
    "will" to what is foreseen.
    """
    state, since = inherited, None
    for cue in found:
        if cue.start >= place or (since is not None and since.lasts):
            break
        in_one_breath = since is not None and not _PARTED.search(text, since.end, cue.start)
        belongs = cue.modality is Modality.RESULT and state is Modality.PROMISE and (in_one_breath or cue.weak)
        foreseen = cue.modality is Modality.PROMISE and state is Modality.FORECAST and in_one_breath
        if not belongs and not foreseen:
            state, since = cue.modality, cue
    return state, since
