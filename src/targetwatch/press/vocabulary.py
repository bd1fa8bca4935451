"""What a text speaks of, word by word: concepts both languages share, places, and the words between.

The concepts are of trade, finance and statistics; no name of any target stands here. Which places a text names,
and in which role, says of which place a figure is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from babel import Locale

from targetwatch.model import Text
from targetwatch.press.text import PlainText, Sentence

NATION = "china"
COUNTRY = "the country"
"""The country that a text is of, unnamed."""
_CHINESE: dict[str, str] = dict(
    re.findall(
        r"([a-z' ]+) ([\u4e00-\u9fff]+)(?:, |$)",
        "beijing 北京, tianjin 天津, hebei 河北, shanxi 山西, inner mongolia 内蒙古, liaoning 辽宁, "
        "jilin 吉林, heilongjiang 黑龙江, shanghai 上海, jiangsu 江苏, zhejiang 浙江, anhui 安徽, fujian 福建, "
        "jiangxi 江西, shandong 山东, henan 河南, hubei 湖北, hunan 湖南, guangdong 广东, guangxi 广西, "
        "hainan 海南, chongqing 重庆, sichuan 四川, guizhou 贵州, yunnan 云南, tibet 西藏, shaanxi 陕西, "
        "gansu 甘肃, qinghai 青海, ningxia 宁夏, xinjiang 新疆, hong kong 香港, macao 澳门, taiwan 台湾, "
        "chengdu 成都, xi'an 西安, wuhan 武汉, guangzhou 广州, shenzhen 深圳, kunming 昆明, nanning 南宁, "
        "ningbo 宁波, hangzhou 杭州, nanjing 南京, suzhou 苏州, qingdao 青岛, xiamen 厦门, dalian 大连, "
        "zhengzhou 郑州, changsha 长沙, fuzhou 福州, jinan 济南, hefei 合肥, harbin 哈尔滨, guiyang 贵阳, "
        "lanzhou 兰州, urumqi 乌鲁木齐, haikou 海口, shenyang 沈阳",
    )
)
ALSO = {
    **dict.fromkeys(("全国", "我国", "chinese"), NATION),
    **dict.fromkeys(("nationwide", "the country's", "the nation"), COUNTRY),
    **dict.fromkeys(("u.s.", "us", "usa"), "united states"),
    **dict.fromkeys(("uk", "u.k.", "britain"), "united kingdom"),
    "eu": "european union",
}
"""Other words for a place, adjectives with them."""
_CAPITALS = ("us", "uk", "eu")
"""Names that only capital letters tell from a word."""


@cache
def gazetteer() -> dict[str, str]:
    """Return the English name, lower case, of each place by its names in both languages."""
    english, chinese = (Locale(language).territories for language in ("en", "zh"))
    found = {
        spelled[code].split(" (")[0].lower(): name.split(" (")[0].lower()
        for spelled in (english, chinese)
        for code, name in english.items()
        if code in chinese
        and code.isalpha()
        and not code.startswith("X")
        and code not in {"ZZ", "HK", "MO", "TW", "UN"}
    }
    return found | {word: name for name, said in _CHINESE.items() for word in (name, said)} | ALSO


_SUFFIXED = (
    r"(?<![\u4e00-\u9fff])(?![我全本该各年月日度]|\w市场)(?P<stem>[\u4e00-\u9fff]{2,4}?)"
    r"(?<![全我本该各])(?:省|市|区(?!域)|县|港(?![口区湾务元币])|机场)"
)
_ON_THE_WAY = re.compile(
    r"(?:经由?|至|到|往|赴|(?:占|高于|高出|快于|低于|慢于|超过|优于|好于)[^,。;0-9]{0,6}|\b(?:via|through|into|than|towards?|between|behind|(?:rank\w*\s\S+|first|second|third|[a-z]+th|[a-z]+est)\s(?:in|among|of)))\s?(?:the\s)?$"
)
_PARTNER = re.compile(r"(?:对|与|和|自|从|向|\b(?:to|from|with|and))\s?(?:the\s)?$")
_LISTED = re.compile(r"\s?(?:[、,和及与]|,?\sand)\s?(?:the\s)?")
_DESCRIBES = re.compile(
    r"'s\s(?:[a-z-]+\s){0,2}?(?:[a-z]+est|second|third|fourth|main|leading|major|top|no\.)\b"
    r"|的?(?:整体|平均|增速|增幅|水平|排名)|第[一二三四五六七八九十]|[一二三四五六七八九十]大|最大|-[a-z]"
)
_ATTRIBUTES = re.compile(
    r"[^,。;]{0,30}?(?:获悉|消息|介绍|表示|透露|通报|发布|公布|统计|显示)"
    r"|[a-z' ]{0,40}\b(?:said|says|announced|showed)\b"
)
_TOLD_BY = re.compile(r"\b(?:according\sto|data\sfrom)\s[^,;.]{0,40}$")
_CURRENCY = re.compile(r"\s?dollars?\b|元|\$")
_DATELINE = re.compile(r",?\s(?:[a-z]+\.?\s[0-9]{1,2}\s)?\((?:xinhua|reuters|ap)\)|,?\s[a-z. ]{0,12}\s?--?\s")


@dataclass(frozen=True, slots=True)
class Region:
    """A place named from `start` to `end`.

    `passing` as a way, a yardstick or a description; `partner` as the other side of a trade; `source` where it only
    says who told it.
    """

    start: int
    end: int
    name: str
    passing: bool = False
    partner: bool = False
    source: bool = False


@cache
def _pattern(own: frozenset[str]) -> re.Pattern[str]:
    names = sorted({*gazetteer(), *own}, key=len, reverse=True)
    return re.compile(
        "|".join(
            [*(rf"\b{re.escape(name)}(?![a-z])" if name[0].isascii() else re.escape(name) for name in names), _SUFFIXED]
        )
    )


def places(plain: PlainText, start: int, end: int, *, own: frozenset[str] = frozenset()) -> tuple[Region, ...]:
    """Return the places named in a stretch of plain text, in order; `own` are further names to know."""
    found: list[Region] = []
    for word in _pattern(own).finditer(plain.text, start, end):
        if _capital(plain, word) and not _CURRENCY.match(plain.text, word.end()):
            found.append(_region(plain.text, word, start, before=found[-1] if found else None))
    return tuple(found)


def _capital(plain: PlainText, word: re.Match[str]) -> bool:
    said = plain.words(*word.span())[0]
    return said.isupper() if word[0] in _CAPITALS else not word[0][0].isascii() or said[:1].isupper() or word[0] in ALSO


def _named(word: re.Match[str]) -> str:
    stem = word["stem"] or re.sub(r"(?<=..)(?:省|市|区|县|港|机场)$", "", word[0])
    return gazetteer().get(word[0]) or gazetteer().get(stem) or stem


def _region(text: str, word: re.Match[str], start: int, *, before: Region | None) -> Region:
    name = _named(word)
    ahead = text[max(start, word.start() - 24) : word.start()]
    after = text[word.end() : word.end() + 60]
    listed = before is not None and _LISTED.fullmatch(text, before.end, word.start()) is not None
    partner = bool(_PARTNER.search(ahead)) or (listed and before is not None and before.partner)
    passing = (
        bool(_ON_THE_WAY.search(ahead) or re.search(r"\ban?\s$", ahead) or _DESCRIBES.match(after))
        or (name == NATION and bool(re.match(r"'s\s[a-z]", after)) and _province_follows(after))
        or (word.start() == start == 0 and _DATELINE.match(after) is not None)
        or ahead.endswith("新华社")
    )
    source = (
        bool(_ATTRIBUTES.match(after))
        or ahead.endswith(("据", "从"))
        or bool(_TOLD_BY.search(text, start, word.start()))
    )
    return Region(word.start(), word.end(), name, passing=passing, partner=partner, source=source)


def _province_follows(after: str) -> bool:
    """Return whether "China's" only introduces a province: southwest China's Chongqing."""
    return any(after.startswith(name, 3) for name in _CHINESE)


def scope(
    found: Sequence[Region], clauses: Iterable[tuple[int, int]], inherited: Sequence[Region], *, own: frozenset[str]
) -> Sequence[Region]:
    """Return the places a figure is of: those of the nearest clause that names any, else those that still hold."""
    subjects = [one for one in found if not one.passing and (not one.partner or one.name in own)]
    for start, end in clauses:
        inside = [one for one in subjects if start <= one.start < end]
        if inside:
            return inside
    return inherited


def elsewhere(about: Sequence[Region], own: frozenset[str]) -> Region | None:
    """Return the place a figure is about when none of `own` is among `about`; None where no place is named."""
    if any(one.name in own for one in about):
        return None
    return next((one for one in reversed(about) if not one.source), None)


def widened(own: frozenset[str]) -> frozenset[str]:
    """Return the places of an indicator, with the unnamed country for one of a whole country."""
    countries = frozenset(gazetteer().values()) - frozenset(_CHINESE)
    return own | {COUNTRY} if own & countries else own


def shown(name: str) -> Text:
    """Return a place's name in English and in Chinese."""
    return Text(name.title(), _CHINESE.get(name, name))


_CONCEPTS = {
    "volume": (
        "volume|cargo volume|freight volume|traffic volume|traffic|shipment|throughput volume|cargo|goods|freight|"
        "transported|moved|handled|transport|transportation|运量|货运量|货物量|运输量|货物|运输|发运|发送|输送"
    ),
    "containers": (
        "containers|container|boxes|standard containers|container volume|container volumes|container traffic|集装箱|"
        "标准集装箱|箱量|标箱|标准箱|teu|teus"
    ),
    "value": (
        "value|worth|valued|cargo value|goods value|trade value|total worth|货值|价值|金额|总额|运输额|总值|"
        "货物总额|输送额|货物价值"
    ),
    "trade": (
        "foreign trade|import and export|imports and export|exports and import|export and import|import-export|"
        "import export|trade|trade volume|import and export volume|import and export value|进出口|外贸|贸易|"
        "外贸进出口|外贸进出口总值|外贸进出口总额|进出口总值|进出口总额|贸易额|输出入总额|对外贸易|进出口值"
    ),
    "exports": "exports|export|exported|outbound shipments|出口|出口总值|出口额|出口值|输出",
    "imports": "imports|import|imported|进口|进口总值|进口总额|进口额|进口值|输入",
    "financing": "financing|finance|financing projects|financing deals|loans|融资|融资额|贷款|资金",
    "investment": (
        "foreign investment|foreign direct investment|fdi|foreign capital|utilized foreign capital|外资|利用外资|"
        "实际利用外资|外商投资|外商直接投资|使用外资|实际使用外资"
    ),
    "services": "financial service|financial services|金融服务|金融",
    "projects": (
        "project|projects|cooperation projects|commercial cooperation|business cooperation projects|项目|"
        "合作项目|签约项目"
    ),
    "signed": "signed|inked|concluded|签约|签署|落地|新签署",
    "crossborder": "cross-border|cross border|跨境",
    "throughput": "throughput|吞吐量",
    "trains": "train|trains|freight trains|freight train|班列|列车",
    "rail": "rail|railway|railroad|rail service|railway transport|railroad transport|铁路|铁道",
    "railsea": (
        "rail-sea|sea-rail|rail sea|rail-sea intermodal|sea-rail intermodal|铁海联运|海铁联运|海上・铁道复合一贯|"
        "海上·铁路|铁道と海上"
    ),
    "landsea": "land-sea|land sea|陆海",
    "road": "road|truck|trucks|highway|公路|卡车|卡班|越境道路|道路",
    "vehicles": "vehicle|vehicles|车辆|车次",
    "trips": "trips|truck trips|车次|班车|趟次",
    "ports": "ports|港口|口岸",
    "departing": "departing|departed|departure|始发|出发|发车",
    "cars": "car|cars|automobile|automobiles|auto|passenger cars|汽车|整车|乘用车",
    "electric": "electric vehicle|electric vehicles|new energy vehicles|nev|nevs|evs|电动汽车|新能源汽车",
    "mechanical": "mechanical and electrical|electromechanical|mechanical and electrical products|机电|机电产品",
    "asean": "asean|东盟|东南亚国家联盟",
    "bonded": "bonded|comprehensive bonded|综合保税区|综保区|保税区",
    "special": "special supervision|special customs supervision areas|特殊监管区域|特殊监管区|保税物流中心",
    "zones": "zone|zones|these zones|园区",
    "share": (
        "share|proportion|accounted for|accounting for|account for|accounts for|made up|makes up|占|比重|份额|占比"
    ),
    "growth": "growth|growth rate|yearly change|change|grew|grown|on the year before|增速|增幅|变化|同比增速|年度变化",
    "cost": "cost|costs|expense|成本|费用",
    "logistics": "logistics|物流",
    "tax": "tax|tax burden|tax burdens|taxes|税负|税收|税",
    "price": "price|prices|价格|物价",
    "timeliness": "timeliness|时效",
    "index": "index|指数",
    "transit": "transit time|transit times|全程时间|运输时间|travel time",
    "time": "time|hours|时间|时长",
    "running_total": (
        "since launch|cumulative|cumulatively|running total|in total since|accumulated|aggregate|累计|开通以来|"
        "开行以来|以来|总共"
    ),
    "year_to_date": "year to date|year-to-date|年初以来|今年以来累计",
    "average": "daily average|monthly average|per capita|per day|per month|日均|月均|年均|人均|户均",
    "bilateral": "bilateral|two-way|双边",
    "whole": "whole|all provinces|entire|overall|全线|沿线|各省|13+2",
    "regions": "regions|provinces|region|provinces and regions|省区市|地区|省份",
    "western": "western|west|西部地区|西部",
    "corridor": "corridor|trade corridor|通道|新通道|走廊|ルート",
    "overseas": "overseas|abroad|海外|境外",
    "electricity": "electricity|power consumption|power generation|用电量|发电量",
    "production": "output|production|产量|产值",
    "industry": "industrial|industry|工业|规上工业|规模以上工业",
    "retail": "retail sales|consumption|consumer goods|社会消费品零售总额|零售|消费",
    "gdp": "gdp|gross domestic product|生产总值|地区生产总值|国内生产总值",
    "fixed_investment": "fixed asset investment|fixed-asset investment|固定资产投资",
    "revenue": "revenue|income|收入|营收",
    "passengers": "passengers|passenger trips|visitors|tourists|旅客|游客|客运量",
    "flights": "flights|routes|lines|航班|航线|线路",
    "enterprises": "enterprises|companies|firms|企业|公司|市场主体",
    "employment": "employment|jobs|就业",
}
_SMALL = re.compile(
    "a|an|the|of|to|in|on|at|by|for|from|with|and|or|as|is|are|was|were|be|been|it|its|this|that|these|those|"
    "their|not|has|have|had|which|who|into|than|then|also|more|most|per|up|via|total|year|years|month|months|"
    "first|second|third|fourth|half|quarter|since|said|says|according|last|only|other|one|two|three|same|reached|"
    r"reaching|billion|million|yuan|usd|us|u\.s|dollars|percent|s|bn|mn|cny|rmb"
)
_STOP_ZH = frozenset("亿万元年月日的了在和与及为是有共其到至从由被将以")
_CAPITAL = re.compile("[a-z]{2,20}")
_WORD = re.compile(r"[a-z][a-z0-9'+]*|[\u4e00-\u9fff\u3040-\u30ff]+")


def _english(word: str) -> str:
    return r"\b" + r"[\s-]+".join(re.escape(piece) for piece in re.split(r"[\s-]", word)) + r"s?\b"


_BY_WORD = {word: concept for concept, words in _CONCEPTS.items() for word in words.split("|")}
_BY_WORD |= {word: "w:" + place for word, place in gazetteer().items() if len(word) > len("us") or not word.isascii()}
_BY_SQUEEZED = {re.sub(r"[\s-]+", " ", word): concept for word, concept in _BY_WORD.items()}
_PATTERN = re.compile(
    "|".join(_english(word) if word.isascii() else re.escape(word) for word in sorted(_BY_WORD, key=len, reverse=True))
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text that may say what a figure is about."""

    start: int
    end: int
    feature: str
    spelled_out: bool = False


def spelled_out(plain: PlainText, sentence: Sentence, acronyms: frozenset[str]) -> Iterator[Word]:
    """Give the words of a sentence, a name written out as its acronym: International Land-Sea Trade Corridor, ILSTC."""
    names = list(_names(plain, sentence, acronyms)) if acronyms else []
    for word in words(plain.text, sentence.start, sentence.end):
        if all(word.end <= name.start or name.end <= word.start for name in names):
            yield word
    yield from names


def _names(plain: PlainText, sentence: Sentence, acronyms: frozenset[str]) -> Iterator[Word]:
    capital = [
        found for found in _CAPITAL.finditer(plain.text, sentence.start, sentence.end) if _is_capital(plain, found)
    ]
    initials = "".join(found[0][0] for found in capital)
    for acronym in acronyms:
        place = initials.find(acronym)
        if place >= 0:
            run = capital[place : place + len(acronym)]
            if all(second.start() - first.end() <= 1 for first, second in pairwise(run)):
                yield Word(run[0].start(), run[-1].end(), f"w:{acronym}", spelled_out=True)


def _is_capital(plain: PlainText, found: re.Match[str]) -> bool:
    return plain.source[plain.origins[found.start()]].isupper()


def words(text: str, start: int, end: int) -> Iterator[Word]:
    """Give what a stretch of plain text speaks of: concepts first, then the words and pairs of signs between them."""
    at = start
    for found in _PATTERN.finditer(text, start, end):
        yield from _plain_words(text, at, found.start())
        said = re.sub(r"[\s-]+", " ", found[0])
        yield Word(found.start(), found.end(), _BY_SQUEEZED.get(said) or _BY_SQUEEZED[said.removesuffix("s")])
        at = found.end()
    yield from _plain_words(text, at, end)


def _plain_words(text: str, start: int, end: int) -> Iterator[Word]:
    for found in _WORD.finditer(text, start, end):
        word = found[0]
        if word.isascii():
            feature = feature_of(word)
            if not _SMALL.fullmatch(feature[2:]) and len(feature) > len("w:x"):
                yield Word(found.start(), found.end(), feature)
            continue
        for place in range(len(word) - 1):
            pair = word[place : place + 2]
            if not _STOP_ZH.intersection(pair):
                yield Word(found.start() + place, found.start() + place + 2, "z:" + pair)


def feature_of(word: str) -> str:
    """Return what an English word speaks of that is no concept: itself, its plural and its genitive as one."""
    return "w:" + word.removesuffix("'s").rstrip("'").removesuffix("s")
