"""What an announcement promises: targets proposed with the words they were taken from, and by when.

By the structure of sentences: how a clause is meant, the amount or the deed in it, the window that reaches it. Results,
forecasts, conditions, goals of others, wishes without a number, and repetitions are left out. Nothing is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from targetwatch.model import Indicator, Measure
from targetwatch.press.goals import amounts
from targetwatch.press.indicators import Near, Topics, confidences, topics
from targetwatch.press.modality import Modality, heading
from targetwatch.press.promise import CHANGE, Promise
from targetwatch.press.promise_sentence import ENDED, HAN, PromisingSentence, SentenceScope, places_in
from targetwatch.press.text import PlainText, Sentence, plain_text, sentences
from targetwatch.press.vocabulary import words
from targetwatch.press.windows import windows

MOST_PROMISES = 100
LONGEST_HEADING = 60
LEAST_SURE = 0.5
"""An indicator less likely than this is not named."""
AROUND = 0.4
"""How much the rest of a sentence says of what a promise in it is about."""
_TRADITIONAL = str.maketrans(
    "確諾證濟設現擬縮壓擴啟啓務張條間處戶畝頃噸內佔穩別這還農鎮鄉獲頒掛園試飛頂館養護屆圖費構質環應層導學醫來"
    "價責劃樣協動經輪車載專種連時會們問題見書國權組織貨幣優鄰濱廳員隊歲無與斷續緊廣實際華歐亞軍區嶼灣錄僅聯統"
    "計訂創態獎勵給讓該議論評認識說話語講讀寫課業師傷災難險礎礙願類顧風馬驗體點齊龍",
    "确诺证济设现拟缩压扩启启务张条间处户亩顷吨内占稳别这还农镇乡获颁挂园试飞顶馆养护届图费构质环应层导学医来"
    "价责划样协动经轮车载专种连时会们问题见书国权组织货币优邻滨厅员队岁无与断续紧广实际华欧亚军区屿湾录仅联统"
    "计订创态奖励给让该议论评认识说话语讲读写课业师伤灾难险础碍愿类顾风马验体点齐龙",
)
_WORDS = "one=1;two=2;three=3;four=4;five=5;six=6;seven=7;eight=8;nine=9;ten=10;half a=0.5;a=1;twenty=20;thirty=30"
_WORDS += ";forty=40;fifty=50;sixty=60;seventy=70;eighty=80;ninety=90"
_PARTS = "a third=33.333%;half=50%;a quarter=25%;two thirds=66.667%;two-thirds=66.667%"
_COUNTS, _SHARES = (dict(pair.split("=") for pair in said.split(";")) for said in (_WORDS, _PARTS))
_SPELLED = re.compile(
    rf"\b(?:{'|'.join(sorted(_COUNTS, key=len, reverse=True))})(?=\s(?:[mb]illion|thousand|per\s?cent))\b"
    rf"|(?<=\bby\s)(?:{'|'.join(_SHARES)})\b(?!\sof\sthe\syear)"
)
_ORDER = "[一二三四五六七八九十]{1,3}"
_MARK = re.compile(
    rf"\s*(?:[-*•●○▪■◆◇·]|[0-9]{{1,2}}[.)、](?![0-9]{{1,3}}\s?%)|{_ORDER}、|\((?:{_ORDER}|[0-9]{{1,3}})\))\s*"
)
_TOP_MARK = re.compile(rf"\s*(?:[■◆]|{_ORDER}、)")
_PERIOD = re.compile(r"[。.;\n]")
_EMPTY = re.compile(
    r"今年|全[省市县国年]|经济|目标|任务|增长|增速|左右|以上|实现|达到|确定为|力争|计划|为|的|[0-9.,%年月]"
    r"|\b(?:the|a|an|of|to|for|in|its|target|goal|year|set)\b"
)
_SPOKE = r"(?:also\s)?(?:said|announced|outlined|noted|pledged|promised|told|added)\b"
_SPEAKER = re.compile(
    rf"(?P<named>[A-Z][\w'-]+(?:\s[A-Z][\w'-]+)+,\s[a-z][^.;]{{3,140}}?),\s{_SPOKE}"
    rf"|(?P<titled>(?:[A-Z][\w'-]+\s){{2,6}}){_SPOKE}|(?P<again>[A-Z][\w'-]+)\s{_SPOKE}"
    r"|(?P<chinese>[\u4e00-\u9fff]{2,24}?(?:主任|[局省部市校院厅行处]长|经理|董事长|书记|主席|总裁)[\u4e00-\u9fff]{2,3}?)"
    r"(?:[^,，。]{0,14}?)(?:说|表示|介绍|宣布|指出|称)"
)


def read_promises(
    text: str, indicators: Sequence[Indicator], *, title: str = "", published_on: date | None = None, agency: str = ""
) -> tuple[Promise, ...]:
    """Return the targets that a text seems to announce, in the order of their words.

    `agency` is who announces where the text names nobody. Its places are the text's own; without one those of the
    title, or of the indicators. Any text is read.
    """
    plain = plain_text(text)
    simple = plain.text.translate(_TRADITIONAL)
    digits = _SPELLED.sub(lambda found: (_COUNTS | _SHARES)[found[0]].rjust(len(found[0])), simple)
    plain, known = replace(plain, text=digits), topics(indicators)
    found: list[Promise] = []
    own = plain_text(agency or title or " ".join(known.home_places)).text
    for one, language in _promises(plain, plain_text(title).text, published_on, own=own):
        said = _in_words(plain, one)
        if any(_repeats(said, other, text) for other in found):
            continue
        announcer = _speaker(text[: said.end] + re.split(r"[.。\n]", text[said.end :], maxsplit=1)[0]) or agency
        indicator = _indicator(known, plain.text, one, language=language)
        found.append(replace(said, announcer=announcer, announced_on=published_on, indicator=indicator))
        if len(found) == MOST_PROMISES:
            break
    return tuple(found)


def _promises(plain: PlainText, title: str, published: date | None, *, own: str) -> Iterator[tuple[Promise, str]]:
    year = re.search(r"(?<![0-9])20[0-9]{2}(?![0-9])", title)
    day = published or (date(int(year[0]), 1, 1) if year else None)
    times = windows(title, Sentence(0, len(title), ()), published=day)
    ahead = [one for one in times if one.whole_years and not one.aside and not one.is_past(day)]
    scope, text = SentenceScope(of_title=ahead[0] if len(ahead) == 1 else None), plain.text
    for whole in sentences(text):
        mark = _MARK.match(text, whole.start, whole.end)
        start = mark.end() if mark and mark.end() < whole.end else whole.start
        sentence = replace(whole, start=start)
        top = bool(_TOP_MARK.match(text, whole.start, whole.end))
        if _is_heading(text, sentence, scope, published=day, top=top):
            continue
        marked = start > whole.start
        line = PromisingSentence(text, sentence, scope=scope, published=day, own=own, marked=marked)
        for one in line.promises():
            yield one, line.language


def _is_heading(text: str, sentence: Sentence, scope: SentenceScope, *, published: date | None, top: bool) -> bool:
    """Return whether a line says what the list below it is, and leave that behind."""
    line = text[sentence.start : sentence.end].strip()
    times = windows(text, sentence, published=published)
    leads, ended, counted = line.endswith(":"), ENDED.search(line), amounts(text, sentence, times)
    said = scope.heading = heading(line) or (scope.heading if leads else None)
    opens = top or leads or (said is not None and len(times) == 1 and not ended)
    if not opens or (not leads and (len(line) > LONGEST_HEADING or ended or counted)):
        return False
    past = bool(times) and times[0].is_past(published)
    scope.listed, scope.listed_window = Modality.RESULT if past else said, times[0] if times else None
    scope.promised = False
    return not counted


def _in_words(plain: PlainText, one: Promise) -> Promise:
    """Return a promise on the words of the source."""
    start = one.start
    while start > 0 and plain.text[start - 1] == " " and not plain.source[plain.origins[start - 1]].isspace():
        start -= 1  # a number in words, whose digits stand at its end
    words_, first, last = plain.words(start, one.end)
    return replace(one, text=words_, start=first, end=last)


def _speaker(before: str) -> str:
    """Return who spoke last in the words up to the end of a promise's sentence, in full where a name is said again."""
    known = [""]
    for found in _SPEAKER.finditer(before):
        name = next(said.strip() for said in found.groups() if said)
        if not found["again"]:
            known.append(name)
        elif full := [one for one in known if name in one.partition(",")[0].split()]:
            known.append(full[-1])
    return known[-1]


def _repeats(one: Promise, other: Promise, text: str) -> bool:
    """Return whether a promise says again what an earlier sentence promised."""
    if one.steps or (one.value, one.upper, one.unit, one.about) != (other.value, other.upper, other.unit, other.about):
        return False
    if not _PERIOD.search(text, other.end, one.start):
        return False
    own, others = plain_text(one.text).text, plain_text(other.text).text
    if (one.unit != "%" and one.deadline in {other.deadline, None}) or places_in(own) & places_in(others):
        return True
    said, before = _content(own), _content(others)
    return not said or 2 * len(said & before) >= min(len(said), len(before))


def _content(said: str) -> set[str]:
    plain = _EMPTY.sub(" ", said)
    return {*re.findall("[a-z]{3,}", plain), *("".join(pair) for pair in pairwise(plain) if all(map(HAN.match, pair)))}


def _indicator(known: Topics, text: str, one: Promise, *, language: str) -> str | None:
    """Return the likeliest indicator of a promise, None where none is likely."""
    steps = one.kind is Measure.MILESTONES
    fitting = [
        profile
        for profile in known.profiles
        if (profile.indicator.measure is Measure.MILESTONES) is steps
        and (steps or one.comparator == CHANGE or profile.counts(one.unit or None))
    ]
    if not fitting:
        return None
    sentence = next(each for each in sentences(text) if each.start <= one.start < each.end)
    around = dict.fromkeys((word.feature for word in words(text, sentence.start, sentence.end)), AROUND)
    near = Near(language, around | {word.feature: 1.0 for word in words(text, one.start, one.end)})
    ranked = known.ranked(near, fitting)
    about = known.about(ranked[0][0], language)
    said = [name for name in about if near.said.get(name, 0.0) > AROUND]
    likely = (
        bool(said)
        and (not steps or 2 * len(said) >= len(about))
        and confidences([score for _, score in ranked])[0] >= LEAST_SURE
    )
    return ranked[0][0].indicator.id if likely else None
