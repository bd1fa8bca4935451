"""What a sentence promises: its amounts as goals, and the things to be done that can be reported done on a day.

Of an amount: number, unit, comparator, and whether it adds up or stands at a level.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import TypeAlias

from targetwatch.errors import QuantityError
from targetwatch.model import Comparator, Measure
from targetwatch.press.modality import Cue, Modality
from targetwatch.press.promise import CHANGE, Promise
from targetwatch.press.text import Sentence
from targetwatch.press.windows import Window, without
from targetwatch.quantity import parse_quantity
from targetwatch.quantity.figures import figure_pattern

_COUNTED = (
    "人次 人 名 户 家 个 项 所 座 张 架 辆 列 套 条 间 处 台 艘 班 件 亩 公顷 公里 米 平方米 平方公里 立方米 斤 公斤 "
)
_COUNTED += "千瓦时 千瓦 兆瓦 微克 毫克 升 册 分 度 小时 分钟 天 岁 年 倍 级 门 宗 枚 对 克 场 次 株 部 千伏安 ‰"
COUNTERS = tuple(_COUNTED.split())
"""What Chinese counts in, beyond the units that any figure is read in."""
SHARES = frozenset({"%", "‰", "pp"})
LASTING = frozenset(
    ("hour", "week", "day", "year", "minute", "month", "degree", "°c", "小时", "分钟", "天", "岁", "年")
)
_POWER = re.compile(r"[kmgt]?wp?|(?:kilo|mega|giga|tera)watt(?:-peak)?|(?:千|兆|吉)瓦")
LEAST_BARE = 1000
"""A smaller number without a unit or a bound may be anything."""
LOOK_BACK, BEHIND = 60, 6
_STOP = (
    "in|of|by|for|from|to|at|on|per|a|an|each|every|this|next|last|with|and|or|as|over|during|within|across|through|under"
    "|between|until|before|after|who|which|that|while|is|are|was|were|will|would|up|down|compared|than|annually|yearly"
    "|more|less|lower|higher|versus|against|via|into|has|have|had|should|must|can|could|may|throughout|available"
)
_WORD = rf"(?!(?:{_STOP})\b)[a-zà-ÿ][a-zà-ÿ'-]*"
_NOUN = re.compile(
    rf"\s(?:(?:more|fewer|less)\s)?({_WORD}(?:\s{_WORD}){{0,5}})|(k?m[²³]?|ha|kg|mt|t|[kmgt]wh?p?|°c|m?l)(?![a-z])"
)
_THING_BEFORE = re.compile(
    r"\b([a-z]{3,}s)\s(?:to|at|below|under)\s(?:(?:no\s)?[a-z]+\sthan\s|at\s(?:most|least)\s|about\s|around\s)?$"
)
"""The noun that a bare number further on counts: traffic deaths to fewer than 400."""
_PER = re.compile(
    r"\s?(?:per|/)\s?([a-z]+)\b|\s(?:an?|each|every)\s(hour|day|week|month|quarter|year)\b|\s(?:annual|year)ly\b"
)
_PER_ZH = re.compile(r"(?:每个?([天日周月年])|([日月年])均)[^,。;0-9]{0,4}$")
_SIGNS = {"天": "day", "日": "day", "周": "week", "月": "month", "年": "year"}
_OVER = re.compile("/[\u4e00-\u9fff]{1,4}?(?=[以左上,;。、]|$)")
_CODE = re.compile(
    r"(?:第|\bper\s|\bno\.\s?|#|/|\bq|\b(?:scope|phase|tier|type|category|grade|stage|class|article|section|route|line|version)s?"
    r"(?:\s[0-9]+(?:,|\sand|\sto|-))*)\s?$"
)
_ORDER = re.compile(r"(?:st|nd|rd|th)\b|[-/][0-9]")
_WAS = (
    r"an?|the|its|current(?:ly)?|present|prior|outlook|guidance|forecast|today's|previous(?:ly)?|earlier|last\syear's|range"
    r"|of|target|目前的?|现在的?|原来的?|20[0-9]{2}年的?"
)
_FORMER = re.compile(
    r"(?:\bfrom|(?<!more\s)(?<!less\s)(?<!wer\s)(?<!her\s)(?<!ter\s)(?<!ger\s)\bthan|\bagainst|\bversus"
    rf"|\bcompared\s(?:with|to)|\breplac\w+|由|从|(?<![占对同环])比|较)\s?(?:(?:{_WAS})\s?)*"
    r"(?:about|around|roughly|some|nearly|almost|only|just|over|(?:more|less|fewer)\sthan|约)?\s?$"
    r"|(?<!不)(?:高于|低于|快于)(?:全国|去年|上年|同期|预期)[^,;。]{0,8}$"
)
_IN_DASHES = re.compile(r"\s-\s(?:[a-z]+\s){0,2}$")
_AT_LEAST = r"\bat\sleast|\b(?:no|not)\s(?:less|fewer|lower)\sthan|\bminimum(?:\sof)?|不低于|不少于|不小于|至少"
_AT_MOST = (
    r"\bat\smost|\b(?:no|not)\s(?:more|higher|greater|longer)\sthan|\bup\sto|\bmaximum(?:\sof)?|\bwithin|不超过|不高于|不多于"
    r"|\bcap(?:ped)?\s(?:\S+\s){0,4}?at|\blimit(?:ed)?\s(?:[a-z]+\s){0,4}?to|不大于|至多"
)
_ABOVE = (
    r"\bexceed(?:ing|s|ed)?|\b(?:more|greater|higher)\sthan|\bover|\babove|\bsurpass(?:ing|es)?|\btop(?:ping|s)?|\bbeyond"
    r"|\bin\sexcess\sof|\bupwards\sof|超过?|突破|逾|高于|大于"
)
_BELOW = r"\bbelow|\bunder|\b(?:less|fewer|lower|shorter)\sthan|低于|少于|小于"
_NEARLY = r"\b(?:about|around|roughly|approximately|approx\.|circa|nearly|almost|close\sto|some)|约|近|大约|接近"
_BEFORE = {
    Comparator.AT_LEAST: _AT_LEAST,
    Comparator.AT_MOST: _AT_MOST,
    Comparator.ABOVE: _ABOVE,
    Comparator.BELOW: _BELOW,
    Comparator.BETWEEN: _NEARLY,
}
_AFTER = {
    Comparator.AT_MOST: r"以内|以下|之内|\bor\s(?:less|below|lower|fewer)\b",
    Comparator.BETWEEN: r"左右|上下|\bor\sso\b",
    Comparator.AT_LEAST: r"及?以上|\bor\s(?:more|above|higher)\b|\+",
}
_BOUNDS = [
    (one, re.compile(rf"(?:{said})\s?(?:an?\s|the\s|to\s|of\s|its\s|total\s)*$")) for one, said in _BEFORE.items()
]
_BOUNDS_AFTER = [(one, re.compile(rf"\s?[\u4e00-\u9fff]{{0,4}}?(?:{said})")) for one, said in _AFTER.items()]
_FALL = re.compile(
    r"\b(?:reduc\w+|cut(?:s|ting)?|lower\w*|bring\w*\sdown|shorten\w*|f[ae]ll(?:s|ing)?|decreas\w+|drop\w*|declin\w+"
    r"|shrink\w*|slash\w*|curb\w*|down|fewer|less)\b|降低|降至|降到|下降|减少|减至|压缩|缩短|压减|控制|回落"
)
_RISE = re.compile(
    r"\b(?:rais\w+|increas\w+|ris(?:e|es|ing)|gr[oe]w(?:s|ing)?|lift\w*|boost\w*|expand\w*|improv\w+|lengthen\w*|higher"
    r"|climb\w*)\b|提高|增长|上升|增加|增至|扩大|提升"
)
_TARGET = re.compile(r"\b(?:target|goal|guidance|outlook|objective)s?\b|目标")
_SUBORDINATE = re.compile(r"\b(?:so\sthat|with|where|when)\b")
_CONTROL = re.compile(r"控制|\b(?:keep|hold|limit|contain)\w*\b|\bcap(?:s|ped)?\b")
_BY = re.compile(
    r"(?:\bby|[低降少缩短减长加高升大])\s?(?:at\sleast|about|around|more\sthan|over|不低于|约|至少|超过|了)?\s?$"
)
_GROWTH_ZH = re.compile(r"增长|增速|涨幅|增幅")
_LESS = re.compile(r"\s(?:reduction|cut|decrease|fall|drop|less|fewer)\b")
_LEVEL = re.compile(
    r"\b(?:capacity|share|rate|ratio|stock|population|network|length|coverage|average|prices?|wait|times?|temperature|fares?"
    r"|fees?|costs?|tariffs?|rents?|wages?|index|score|rank|level|proportion|reserves?|fleet|density|enrolment|installed"
    r"|emissions?|size|area|number\sof)\b|产能|能力|总数|保有量|规模|里程|面积|覆盖|存量|装机|在校|拥有|比重|占比|人口|均|水平"
    r"|寿命|时间|浓度|储量|库存|床位数"
)
_FLOW = re.compile(
    r"\b(?:build|recruit|train|plant|add|construct|s[eo]ll|sales|produc\w+|output|ship|exports?|imports?|generat\w+|invest\w*"
    r"|revenues?|income|profit|deliver\w*|create|hire|earn\w*|turnover|throughput|volume|trade|spend\w*|deaths|treat|carry"
    r"|handle|connect|open|award|financing|grow|plus)\b|新增|新建|新开|生产|产量|销售|销量|营收|收入|投资|出口|进口|总额|总值"
    r"|引进|招收|招聘|培训|建设|建成|改造|开行|完成|吞吐量|运输量|增聘|增加|就业|利润|产值"
)
_ADDED = re.compile("新增|新建|新开")
_CAPACITY = re.compile(r"capacity|产能|能力")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalAmount:
    """A printed amount from `start` to `end`, its unit and the words of its bound included; the number at `number`.

    `upper`: of a range of two; `bound`: what the words beside it say, BETWEEN where they say "about"; `per` the time of
    a rate; `things` the nouns behind the number. `former`: where it stood, a goal given up, or an aside.
    """

    start: int
    end: int
    number: int
    value: Decimal
    upper: Decimal | None = None
    unit: str = ""
    bound: str | None = None
    per: str = ""
    things: str = ""
    former: bool = False


@cache
def _pattern() -> re.Pattern[str]:
    pattern = figure_pattern(None, COUNTERS)
    return re.compile(rf"(?<![0-9a-z.,/])(?:{pattern.pattern})", pattern.flags)


def amounts(text: str, sentence: Sentence, times: Sequence[Window]) -> tuple[GoalAmount, ...]:
    """Return the amounts of a sentence in order; what belongs to a time, a code, an order or a name is none."""
    found: list[GoalAmount] = []
    for match in _pattern().finditer(text, sentence.start, sentence.end):
        start, end = match.start("money") if match["money"] else match.start("body"), match.end("body")
        if any(start < one.end and one.start < end for one in times):
            continue
        if _CODE.search(text[max(0, start - 24) : start]) or _ORDER.match(text, end):
            continue
        try:
            read = parse_quantity(text[start : max(end, match.end("unit"))], own_units=COUNTERS)
        except QuantityError:
            continue  # two units, or no number that can be entered
        counter = match["unit"] if match["unit"] in COUNTERS else read.unit or ("个" if "个" in match[0] else "")
        compound = re.match("-[a-z]", text[match.end() :])
        if compound and not match["unit"]:
            continue  # a ten-minute walk
        unit = "" if compound else counter
        one = GoalAmount(start=start, end=match.end() if unit else end, number=start, value=read.value, unit=unit)
        one = _bounded(text, _with_nouns(text, one, sentence), sentence)
        if one.unit or one.bound or one.value >= LEAST_BARE:
            found.append(one)
    return tuple(_ranges(text, found))


def _with_nouns(text: str, one: GoalAmount, sentence: Sentence) -> GoalAmount:
    """Return an amount with what is counted, and the time of a rate."""
    if noun := _NOUN.match(text, one.end, sentence.end):
        one = replace(one, things=noun[1] or noun[2])
        one = one if one.unit else replace(one, unit=one.things.rpartition(" ")[2], end=noun.end())
    if one.unit in COUNTERS and (over := _OVER.match(text, one.end, sentence.end)):
        one = replace(one, unit=one.unit + over[0], end=over.end())
    if not one.unit and (thing := _THING_BEFORE.search(text[sentence.start : one.start])):
        one = replace(one, unit=thing[1])
    if per := _PER.match(text, one.end, sentence.end):
        return replace(one, per=per[1] or per[2] or "year", end=per.end())
    every = _PER_ZH.search(text[max(sentence.start, one.start - 8) : one.start])
    return replace(one, per=_SIGNS[every[1] or every[2]]) if every else one


def _bounded(text: str, one: GoalAmount, sentence: Sentence) -> GoalAmount:
    before = text[max(sentence.start, one.start - LOOK_BACK) : one.start]
    dashed = _IN_DASHES.search(before) and text.startswith(" - ", one.end)
    one = replace(one, former=bool(_FORMER.search(before) or dashed) or before.rfind("(") > before.rfind(")"))
    for bound, pattern in _BOUNDS_AFTER:
        if found := pattern.match(text, one.end, sentence.end):
            return replace(one, bound=bound, end=found.end())
    if said := re.search(r"以上|左右|\+", text[one.start : one.end]):
        return replace(one, bound=Comparator.BETWEEN if said[0] == "左右" else Comparator.AT_LEAST)
    for bound, pattern in _BOUNDS:
        if found := pattern.search(before):
            return replace(one, bound=bound, start=one.start - len(before) + found.start())
    return one


def _ranges(text: str, found: Sequence[GoalAmount]) -> Iterator[GoalAmount]:
    """Give the amounts, the two of a range as one; of "31 to 24", or "by 5 % to 24", the first is none."""
    begun: GoalAmount | None = None
    for place, one in enumerate(found):
        after = found[place + 1] if place + 1 < len(found) else None
        between = text[one.end : after.start].strip() if after else ""
        if begun is not None:
            yield replace(
                one, start=begun.start, number=begun.number, value=begun.value, upper=one.value, former=begun.former
            )
            begun = None
        elif after is None or one.unit not in {"", after.unit}:
            yield replace(one, former=one.former or (one.unit == "%" and between in {"to", "达到", "至"}))
        elif between in {"-", "~", "至", "到"} or (between in {"and", "to"} and _opens_range(text, one)):
            begun = one
        else:
            yield replace(one, former=one.former or between == "to")


def _opens_range(text: str, one: GoalAmount) -> bool:
    return text.endswith(("between ", " of "), 0, one.start)


def goal_of(text: str, one: GoalAmount, clause: tuple[int, int]) -> Promise:
    """Return what the words of a clause promise of an amount in it; a change is signed, in percent."""
    upto, after = text[clause[0] : one.number], text[one.end : clause[1]]
    before, less = _SUBORDINATE.split(text[clause[0] : one.start])[-1], _LESS.match(after)
    named = _last(_TARGET, before)  # a target that is lowered is still one to be reached
    falls, rises = (at if at > named else -1 for at in (_last(_FALL, before), _last(_RISE, before)))
    down = falls > rises or less is not None
    changes = max(falls, rises) >= 0 and _BY.search(upto) and not (_GROWTH_ZH.search(before) and rises >= falls)
    comparator, value = one.bound, one.value
    if one.unit == "%" and (changes or less or before.endswith("down ") or after.startswith(" more")):
        comparator, value = CHANGE, -one.value if down else one.value
    elif one.upper is not None:
        comparator = Comparator.BETWEEN
    elif comparator is None:
        by_so_much = upto.endswith("by ") and one.unit not in SHARES
        limited = (down or (_CONTROL.search(before) and falls >= rises)) and not by_so_much
        comparator = Comparator.AT_MOST if limited else Comparator.AT_LEAST
    return Promise(
        kind=_measure(f"{text[clause[0] : one.start]} {one.things or after[:BEHIND]}", one, comparator),
        comparator=comparator,
        start=clause[0],
        end=clause[1],
        value=value,
        upper=one.upper,
        unit=f"{one.unit}/{one.per}" if one.per not in {"", "year"} else one.unit,
        about=one.bound == Comparator.BETWEEN and comparator == Comparator.BETWEEN and one.upper is None,
    )


def _last(pattern: re.Pattern[str], words: str) -> int:
    return max((found.start() for found in pattern.finditer(words)), default=-1)


def _measure(said: str, one: GoalAmount, comparator: str) -> Measure:
    """Return whether figures of the amount stand at a level or add up: by unit, by rate, by the words around it."""
    thing = one.unit.removesuffix("s")
    if comparator == CHANGE or one.unit in SHARES or thing in LASTING or _POWER.fullmatch(thing):
        return Measure.LEVEL
    if _ADDED.search(said):
        return Measure.FLOW
    if one.per:
        return Measure.FLOW if one.per == "year" and not _CAPACITY.search(said) else Measure.LEVEL
    return Measure.LEVEL if _last(_LEVEL, said) > _last(_FLOW, said) else Measure.FLOW


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
