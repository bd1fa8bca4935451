"""The things to be done that a sentence promises without an amount: what can be reported done on a day."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from targetwatch.press.modality import Cue, Modality
from targetwatch.press.text import Sentence
from targetwatch.press.windows import Window, without

_DONE = (
    "launch|open|reopen|complete|finish|test|trial|pilot|sign|publish|introduce|inaugurate|commission|install|ban|abolish"
    "|roll out|phase out|put into|enter service|enter operation|enter force|come into force|come into operation|go live"
    "|become operational|unveil|ratify|enact|legislate|issue|submit|conclude|acquire|relocate"
)
"""What is done once it is done: it needs no day of its own to be reported."""
_DONE_BY_A_DAY = (
    "build|create|establish|start|begin|found|set up|replace|close|shut|deliver|connect|construct|adopt|secure|extend"
    "|end|be available|be ready|be operational|be in place|be in operation|be in service|be in use|join|merge|move"
    "|award|release|present"
)
"""What may go on for ever unless a day is said."""
_OBJECTS = r"[^,;.]{0,60}\b(?:certification|approval|licen[cs]e|accreditation|pilots?|trials?|patent)\b"
_PASSIVE = (
    "launched|opened|completed|finished|tested|signed|published|introduced|inaugurated|commissioned|installed|banned"
    "|abolished|rolled out|phased out|built|established|set up|put into|replaced|connected|powered|equipped|closed"
    "|delivered|constructed|adopted|submitted|enacted"
)
_OTHER_VERBS = (
    "offer|support|improve|enhance|promote|strengthen|boost|expand|develop|drive|encourage|explore|provide|increase|reduce"
    "|cut|raise|make|help|ensure|continue|advance|accelerate|optimi[sz]e|invest|work|bring|give|keep|maintain|recruit|carry"
)


def _verbs(words: str) -> str:
    return words.replace(" ", r"\s")


_VERB = re.compile(
    rf"\b(?:(?P<done>{_verbs(_DONE)})|(?:explore|run|conduct|carry\sout|obtain|secure|gain|win)(?={_OBJECTS})"
    rf"|extend(?=\s[^,;.]*\sto\s)|(?P<dated>{_verbs(_DONE_BY_A_DAY)})|be\s(?P<passive>{_verbs(_PASSIVE)}))\b"
)
_LED = re.compile(r"(?:\bto|\band|,|\bwill|\bshall|\bshould|\bwould|\bmust)\s(?:also\s|then\s|soon\s|\w+ly\s)*$")
_FURTHER = rf"\sand\s(?:to\s|will\s|also\s)*(?:{_verbs(_DONE)}|{_verbs(_DONE_BY_A_DAY)}|{_OTHER_VERBS})\b"
_ENDS = re.compile(rf"[,;:.](?=\s|$)|\s(?:while|which|whereas|but|who)\b|{_FURTHER}")
_FURTHER_VERB = re.compile(_FURTHER)
_LIST = re.compile(r"[^,;.:]{1,80}(?:,\s[^,;.:]{1,40}){1,8},?\sand\s[^,;.:]{1,60}")
_NAMED = re.compile(
    r"\bwith\s(?P<said>(?:[a-z-]+\s){0,3}?[a-z-]+\s(?:to|in|at|from)\s(?P<names>[^,;.:]{2,40}(?:,\s[^,;.:]{2,40})*,?\sand\s"
    r"[^,;.:]{2,60}))"
)
_CUT = re.compile(r"\b(?:involving|including|such\sas|so\sthat|in\sorder\sto|aimed\sat|under)\b.*")
_BARE = re.compile(r"$|(?:in|at|on|from|to|for|with|by|before|during|service)\b")
"""What follows a verb whose subject is what will be done."""
_ABSTRACT = re.compile(
    r"\b(?:society|economy|future|culture|environment|climate|reputation|trust|confidence|momentum|relations?(?:hips?)?"
    r"|leadership|opportunit(?:y|ies)|conditions|cooperation|jobs)\b"
)
_IDLE = re.compile(
    r"(?:\s(?:in|by|on|at|before|from|during|until|the|of|for|early|late|mid|spring|summer|autumn|winter))*\s*$"
)
_CLAUSE = re.compile(r"[,;:]\s|\sand\s")
_CLAUSE_ZH = re.compile("[^,;:。\n]+")
_REACHES = re.compile("[,;](?:达|实现|至)")
_APART = re.compile(r",\s(?:and\s)?|\sand\s")
_DONE_ZH = re.compile(
    r"建成|开通|投产|投入使用|投入运营|投运|开工|竣工|启用|出台|上线|设立|成立|签署|挂牌|开业|通车|完工|开园|开馆|开建|动工|印发"
    r"|颁布|发射|首飞|试运行|试运营|投用|封顶|获批|交付使用|全覆盖|开行|开放|关停|取消|推出"
)
_NOT_DONE_ZH = re.compile(
    r"任务|目标|指标|考核|要求|工作$|机制|社会|体系|格局|局面|强[省市国县]|现代化|高地|环境|氛围|水平|优势"
)
_APART_ZH = re.compile(r"、|以及|[和及与](?![^,]{0,3}$)")


Meant: TypeAlias = Callable[[int], tuple[Modality | None, Cue | None]]
"""Tells how what stands at a place is meant, and by which word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What is to be done, from `start` to `end`; `items` are its parts; `dated`: without a day it means nothing."""

    start: int
    end: int
    items: tuple[str, ...]
    dated: bool


def english_deeds(
    text: str, sentence: Sentence, meant: Meant, *, cues: Sequence[Cue], times: Sequence[Window]
) -> Iterator[Deed]:
    """Give what an English sentence promises to do: by verbs that lead to an end, and "with service to A and B"."""
    for verb in _VERB.finditer(text, sentence.start, sentence.end):
        state, cue = meant(verb.start())
        if state is not Modality.PROMISE or not _LED.search(text, sentence.start, verb.start()):
            continue
        end = _end(text, verb, sentence, cues)
        about = re.sub(_IDLE, "", f" {_CUT.sub('', without(text, verb.end(), end, times))}").strip()
        if _ABSTRACT.search(about):
            continue
        alone = bool(verb["passive"] or verb[0].startswith("be ") or _BARE.match(about))
        edges = _CLAUSE.finditer(text, sentence.start, cue.start if cue else verb.start())
        start = max((edge.end() for edge in edges), default=sentence.start) if alone else verb.start()
        items = (text[start:end].strip(),) if alone else _items(about, _APART)
        yield Deed(start=start, end=end, items=items, dated=bool(verb["dated"]))
    for named in _NAMED.finditer(text, sentence.start, sentence.end):
        if meant(named.start())[0] is Modality.PROMISE:
            yield Deed(start=named.start("said"), end=named.end(), items=_items(named["names"], _APART), dated=False)


def _end(text: str, verb: re.Match[str], sentence: Sentence, cues: Sequence[Cue]) -> int:
    """Return where the words of a verb end: at the next clause, but after a list, and before what is said anew."""
    ends, listed = _ENDS.search(text, verb.end(), sentence.end), _LIST.match(text, verb.start(), sentence.end)
    end = ends.start() if ends else sentence.end
    if (
        listed
        and not _FURTHER_VERB.search(listed[0])
        and not any(verb.start() < cue.start < listed.end() for cue in cues)
    ):
        end = max(end, listed.end())
    anew = next((cue.start for cue in cues if verb.end() < cue.start < end), None)
    parted = text.rfind(" and ", verb.end(), anew) if anew is not None else -1
    return parted if parted >= 0 else end


def _items(words: str, apart: re.Pattern[str]) -> tuple[str, ...]:
    return tuple(part.strip() for part in apart.split(words) if part.strip())


def chinese_deeds(
    text: str, sentence: Sentence, meant: Meant, *, cues: Sequence[Cue], times: Sequence[Window]
) -> Iterator[Deed]:
    """Give what the clauses of a Chinese sentence promise to do; none where the next one says it by an amount."""
    assert not cues or cues[0].start >= sentence.start
    for clause in _CLAUSE_ZH.finditer(text, sentence.start, sentence.end):
        verb = _DONE_ZH.search(text, clause.start(), clause.end())
        if verb is None or _NOT_DONE_ZH.search(text, verb.end(), clause.end()):
            continue
        if meant(verb.start())[0] is Modality.PROMISE and not _REACHES.match(text, clause.end()):
            about = without(text, verb.end(), clause.end(), times).partition("并")[0]
            items = _items(about, _APART_ZH) or (clause[0].strip(),)
            yield Deed(start=clause.start(), end=clause.end(), items=items, dated=True)
