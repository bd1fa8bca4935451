"""How something is said in a sentence: promised, reported, foreseen, only under a condition, or needed for another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


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
