"""The printed figures of a sentence: amounts, percentages and multiples, each with the words it is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from targetwatch.errors import QuantityError
from targetwatch.model import Qualifier
from targetwatch.press.dates import When
from targetwatch.press.text import Sentence
from targetwatch.quantity import CURRENCIES, parse_quantity
from targetwatch.quantity.figures import figure_pattern
from targetwatch.quantity.spellings import SPELLINGS, alternatives, canonical

LONGEST_FIGURE = 120
"""Signs of a figure with its unit."""
_MONEY = re.compile(
    alternatives(tuple(word for unit in CURRENCIES for word in SPELLINGS[unit])) + r"\s?$", re.IGNORECASE
)
_DIGITS = re.compile("[0-9]+")
_SIZE = re.compile(r"\s?-?\s?(?:foot|feet|ft\b|英尺|フィート|尺)")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")
_UNKNOWN_UNIT = re.compile("[\u4e00-\u9fff](?<![的左以大之和与及并且但同较比是占为])")
LEAST_SIGNS = 3
"""99 counts too little to be told from a rank."""
_COUNTS = alternatives(
    tuple(
        word.lower()
        for unit in ("projects", "deals", "trips", "trains", "ports", "companies", "vehicles", "TEU")
        for word in SPELLINGS[unit]
        if word.isascii()
    )
)
_UNIT_AFTER = re.compile(r"(?:\s[a-z'-]{1,20}){1,4}?(?:,?\sor)?\s(?P<unit>" + _COUNTS + ")")
_TONS = re.compile(r"\s(tons?)\b")
"""Written of tonnes nearly everywhere, yet there are others: read with a remark."""
_NUMBER_OF = re.compile(r"\bnumber\sof\s(?:[a-z'-]{1,20}\s){0,3}?(?P<unit>" + _COUNTS + ")")
_COUNTER = re.compile(r"\s?[个条](?![百千万月])")
_NOUN = re.compile(r"\s?(?:[a-z]{2,20})")
_APART = re.compile(r"(?<!\S)(?:in|of|for|from|by|on|at|via|with|as|up|than)(?!\S)")
"""Words that part a number from a noun further on, which it then does not count."""
_LINKING = re.compile(
    "in|to|and|of|for|from|by|on|at|with|as|up|via|was|were|is|are|during|over|this|last|while|which|per|between|through"
    "|year|compared|than|marking|representing|versus|or|but|after|since|respectively"
)
_REACHED = re.compile(
    r"(?:达到?了?|为|至|到|是|共计?|合计|计|总额|总值|总量|运量|[:=]|reach(?:ed|es|ing)?|total(?:l?ed|l?ing|s)?|was|were"
    r"|is|at|to|hit|hitting|stood\sat|of|amount(?:ed|ing)\sto|handled|moved|transported|index|average)\s?"
    r"(?:a\s(?:record|total\sof)\s)?$"
)
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_COUNTED = alternatives(
    tuple(
        word
        for unit in ("projects", "ports", "deals")
        for word in SPELLINGS[unit]
        if not word.isascii() and len(word) > 1
    )
)
_NOUN_BEFORE = re.compile(f"({_COUNTED})(?:累计|合计|共计?|已|新?签约|签署|达成|落地|达到?|为)*$")
_NOUN_AFTER = re.compile(f"[\u4e00-\u9fff]{{0,10}}?({_COUNTED})")
_BETWEEN = re.compile(r"\s?(?:-|至|到|to|and)\s?")
_CHANGED = re.compile(
    r"[\u4e00-\u9fff]{0,6}?(?:到|至|为|成)[约近超]?|,?\s?(?:\([^)]{0,30}\)\s?)?(?:[a-z]+\s)?to\s(?:about\s|only\s|just\s|around\s|over\s)?"
)
_GROWN_BY = re.compile(
    r"(?:增加|减少|增长|下降|(?<![许至不])[多少]|净增|扩大|[比较][^,。;]{0,12}新增)了?$"
    r"|\b(?:increas\w+|decreas\w+|rise|rose|fall|fell|gr[eo]w\w*|drop\w*|declin\w+|gain\w*|add\w*|cut|jump\w*)\s(?:by\s|of\s)?(?:some\s|about\s)?$"
    r"|[,;(]\s?(?:up|down)\s(?:by\s)?$"
)
_MORE_THAN = re.compile(r"(?:\s[a-z]+)?\s(?:more|fewer|less|higher|lower)\b(?!\s(?:and|or)\b)")
_MARK = re.compile(
    r"(?:\s?-?[a-z]+){0,2}\s(?:mark|milestone|threshold|barrier|target|goal)\b|[^,。;、0-9]{0,6}?(?:的?(?:纪录|记录)|大关|关口|台阶|目标)"
)
_COMPARED_WITH = re.compile(
    r"\b(?:from|than|that\sof|record\sof|those\sof)\s(?:the\s|a\s|some\s|about\s|its\s|previous\s|record\s|high\s|of\s)*$"
    r"|\b(?:against|versus|vs\.?|compared\s(?:with|to))\s(?:[a-z'-]+\s){0,6}$"
    r"|(?:上年|去年)同[期月]的?(?:为|是)?$|[比较](?:[0-9]{4}年|[上去前]年)[^,。;0-9]{0,8}的$"
)
_AFTER_GROWTH = re.compile(
    r"(?:%|\bper\s?cent|\bpct)\s(?:over|above|below|(?:more|less|fewer|higher|lower)\sthan)\s(?:the\s)?$"
)
"""What a growth is counted from: it exceeds nothing."""
_HIGHER_THAN = re.compile(
    r"\b(?:higher|lower|more|less|fewer)\sthan\s(?:the\s)?(?:[a-z-]+\s)?(?:[a-z]+'s\s)?$|[高低]于[^,。;0-9]{0,6}[0-9]{0,2}月的$"
)
_REACHES = re.compile(r",?(?:至|达到?了?|为|reaching|hitting|to\sreach|totall?ing|to|at)\s?")
_FROM = re.compile(r"(?:\bfrom|从|由|自)(?:的|[a-z\s]{0,20}|[\u4e00-\u9fff]{0,4})$")
_OVER = (
    *("超过了", "超过", "超出", "超", "逾", "突破了", "突破", "首破", "多达", "不少于", "不低于", "不下于", "高于"),
    *("over", "more than", "exceeding", "exceeded", "exceeds", "exceed", "surpassing", "surpassed", "surpass"),
    *("topping", "topped", "above", "at least", "no less than", "not less than", "upwards of", "well over"),
    *("as many as", "greater than", "in excess of", ">"),
)
_ABOUT = (
    *("约为", "约", "大约", "近", "将近", "接近", "不足", "不到", "低于", "左右", "~", "≈"),
    *("about", "around", "nearly", "almost", "close to", "roughly", "approximately", "approx.", "approx", "some"),
    *("an estimated", "estimated", "just under", "just over", "less than", "fewer than", "under", "ca.", "circa"),
)
_QUALIFIERS = dict.fromkeys(_OVER, Qualifier.OVER) | dict.fromkeys(_ABOUT, Qualifier.ABOUT)


def _any(words: Sequence[str]) -> str:
    """Return a pattern for any of the words, longest first, each a whole word where it begins with a letter."""
    parts = []
    for word in sorted(words, key=len, reverse=True):
        escaped = r"\s".join(re.escape(piece) for piece in word.split(" ")).replace("约", "(?<!签)约")
        parts.append(rf"(?<![a-z]){escaped}" if word[0].isascii() and word[0].isalpha() else escaped)
    return "(?:" + "|".join(parts) + ")"


_BEFORE = re.compile(rf"({_any((*_OVER, *_ABOUT))})\s?(?:the\s)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedFigure:
    """A figure from `start` to `end`, its qualifier's words not included (they lie at `qualified`).

    `unit` None: none was printed beside it; `unit_at` is where the unit stands. `times` marks a multiple (1.5倍),
    `ranged` a range of two, `aside` one that is no figure of its own: a repeat in brackets, a change, a round mark
    passed. `former` is the starting point of a change ("from 20 days to 10 days"), `compared` what another one before
    it is compared with.
    """

    start: int
    end: int
    value: Decimal
    rounding: Decimal
    unit: str | None
    unit_at: tuple[int, int] | None = None
    unit_apart: bool = False
    qualifier: Qualifier = Qualifier.EXACT
    qualified: tuple[int, int] | None = None
    scaled: bool = False
    times: bool = False
    ranged: bool = False
    aside: bool = False
    former: bool = False
    compared: bool = False

    @property
    def percent(self) -> bool:
        """Return whether it is a percentage."""
        return self.unit == "%"

    @property
    def words_start(self) -> int:
        """Return where it begins, its qualifier's words included."""
        return min(self.start, self.qualified[0]) if self.qualified else self.start


def figures(
    text: str, sentence: Sentence, times: Sequence[When], *, own_units: tuple[str, ...] = ()
) -> tuple[PrintedFigure, ...]:
    """Return the figures of the sentence in order; years, dates, ordinals, codes and sizes are none."""
    found: list[PrintedFigure] = []
    at = 0
    for digits in _DIGITS.finditer(text, sentence.start, sentence.end):
        if digits.start() < at:
            continue
        covering = next((when.end for when in times if when.start <= digits.start() < when.end), None)
        if covering is not None:
            at = covering
            continue
        figure = _figure(text, digits.start(), sentence, own_units)
        if figure is None:
            continue
        found.append(figure)
        at = figure.end
    return tuple(_related(text, found))


def _figure(text: str, place: int, sentence: Sentence, own_units: tuple[str, ...]) -> PrintedFigure | None:
    if _is_code(text, place):
        return None
    money = _MONEY.search(text, max(sentence.start, place - 24), place)
    start = money.start() if money else place
    match = figure_pattern(None, own_units).match(text, start, min(sentence.end, place + LONGEST_FIGURE))
    if match is None or match.start("body") != place or _ORDINAL.match(text, match.end("body")):
        return None
    if _SIZE.match(text, match.end("body")):
        return None
    try:
        read = parse_quantity(text[start : _end(text, match)], own_units=own_units)
    except QuantityError:
        return None  # two units, too many digits, magnitudes out of order: no figure that can be entered
    unit_at = next((match.span(name) for name in ("unit", "money") if match[name]), None)
    figure = PrintedFigure(
        start=start,
        end=_end(text, match),
        value=read.value,
        rounding=read.rounding,
        unit=read.unit,
        unit_at=unit_at,
        scaled=read.scaled,
        times=text.startswith(("倍", " times", "-fold"), _end(text, match)),
    )
    figure = _qualified(text, figure, match, sentence)
    return figure if figure.unit or figure.times else _with_unit(text, figure, sentence)


def _end(text: str, match: re.Match[str]) -> int:
    if match["again"]:
        return text.index(")", match.end("again")) + 1
    return next(match.end(name) for name in ("unit", "within", "body") if match[name])


def _is_code(text: str, place: int) -> bool:
    """Return whether the digits belong to a name, an ordinal or a longer number cut off before."""
    before = text[max(0, place - 3) : place]
    if re.search(r"[0-9][.,]$|[0-9]$|第\s?$|no\.?\s?$|[/_#@]$|[0-9a-z]\+$", before):
        return True
    glued = re.search(r"([a-z]+)-?$", text[max(0, place - 12) : place])
    return bool(glued) and _MONEY.search(text, max(0, place - 24), place) is None


def _qualified(text: str, figure: PrintedFigure, match: re.Match[str], sentence: Sentence) -> PrintedFigure:
    before = _BEFORE.search(text, max(sentence.start, figure.start - 20), figure.start)
    if before and not _AFTER_GROWTH.search(text, sentence.start, figure.start):
        return replace(figure, qualifier=_QUALIFIERS[before[1].replace("\n", " ")], qualified=before.span(1))
    if match["within"]:
        return replace(figure, qualifier=Qualifier.OVER, qualified=match.span("within"))
    if match["after"]:
        over = match["after"] not in {"左右", "上下"}
        return replace(figure, qualifier=Qualifier.OVER if over else Qualifier.ABOUT, qualified=match.span("after"))
    return figure


def _with_unit(text: str, figure: PrintedFigure, sentence: Sentence) -> PrintedFigure | None:
    """Return a figure without a unit beside it with the one nearby, or None when it counts something unknown."""
    if tons := _TONS.match(text, figure.end):
        return replace(figure, end=tons.end(), unit="t", unit_at=tons.span(1), unit_apart=True)
    after = _UNIT_AFTER.match(text, figure.end, min(sentence.end, figure.end + 90))
    if after and not _APART.search(after[0]):
        unit = canonical(after["unit"])
        return replace(figure, unit=unit, unit_at=after.span("unit"), unit_apart=True)
    clause = sentence.clause(figure.start)[0]
    counted = _NUMBER_OF.search(text, clause, figure.start)
    if counted and canonical(counted["unit"]) in SPELLINGS:
        return replace(figure, unit=canonical(counted["unit"]), unit_at=counted.span("unit"), unit_apart=True)
    if counter := _COUNTER.match(text, figure.end):
        noun = _NOUN_BEFORE.search(text, max(clause, figure.start - 12), figure.start) or _NOUN_AFTER.match(
            text, counter.end()
        )
        if noun is None:
            return None
        return replace(figure, unit=canonical(noun[1]), unit_at=noun.span(1), unit_apart=True)
    return figure if _stands_alone(text, figure, sentence) else None


def _stands_alone(text: str, figure: PrintedFigure, sentence: Sentence) -> bool:
    """Return whether a bare number may be a figure: big or exact enough, and not counting some other thing."""
    if figure.scaled:
        return not _UNKNOWN_UNIT.match(text, figure.end)
    if _YEAR.fullmatch(text, figure.start, figure.end):
        return False
    noun = _NOUN.match(text, figure.end)
    if noun and not _LINKING.fullmatch(noun[0].strip()):
        return False
    if re.match(r"\s?[\u4e00-\u9fff]", text[figure.end : figure.end + 2]):
        return False
    reached = _REACHED.search(text, max(sentence.start, figure.start - 24), figure.start)
    exact = "." in text[figure.start : figure.end]
    return bool(reached or figure.qualified or exact) and figure.end - figure.start >= LEAST_SIGNS


def _related(text: str, found: Sequence[PrintedFigure]) -> Iterator[PrintedFigure]:
    """Give the figures, each knowing what it is to its neighbours; the two of a range become one."""
    skip = -1
    for place, figure in enumerate(found):
        if place == skip:
            continue
        after = found[place + 1] if place + 1 < len(found) else None
        between = text[figure.end : after.start] if after else ""
        came_from = bool(_FROM.search(text[max(0, figure.start - 24) : figure.start]))
        if after and came_from and _CHANGED.fullmatch(between) and figure.unit in {None, after.unit}:
            yield replace(figure, former=True)
            continue
        if (
            after
            and _BETWEEN.fullmatch(between)
            and after.unit
            and figure.unit in {None, after.unit}
            and not came_from
            and _is_range(between, text, figure)
        ):
            yield replace(after, start=figure.start, ranged=True)
            skip = place + 1
            continue
        before = found[place - 1] if place else None
        aside = _aside(text, figure, before) or _is_change(text, figure, before) or _is_mark(text, figure, after)
        yield replace(figure, aside=aside, compared=not aside and _is_compared(text, figure, found[:place]))


def _is_change(text: str, figure: PrintedFigure, before: PrintedFigure | None) -> bool:
    """Return whether the figure says by how much something grew: "60,000 more", 同比增加6.2万, "up 9 % (400,000 t)"."""
    if figure.percent or figure.times:
        return False
    if before is not None and before.percent and re.fullmatch(r"\s?\(", text[before.end : figure.words_start]):
        return True
    if _MORE_THAN.match(text, figure.end):
        return True
    return bool(_GROWN_BY.search(text[max(0, figure.words_start - 24) : figure.words_start]))


def _is_mark(text: str, figure: PrintedFigure, after: PrintedFigure | None) -> bool:
    """Return whether the figure is a round mark that was passed, beside the figure that was reached."""
    if figure.percent:
        return False
    if _MARK.match(text, figure.end):
        return True
    over = figure.qualifier is Qualifier.OVER and after is not None and after.unit == figure.unit
    return bool(
        over and after and _REACHES.fullmatch(text[figure.end : after.words_start]) and after.value >= figure.value
    )


def _is_compared(text: str, figure: PrintedFigure, before: Sequence[PrintedFigure]) -> bool:
    if figure.times:
        return False
    ahead = text[max(0, figure.words_start - 40) : figure.words_start]
    if _HIGHER_THAN.search(ahead) or _AFTER_GROWTH.search(ahead):
        return True
    if not any(figure.unit in {None, one.unit} for one in before if one.percent == figure.percent):
        return False
    return bool(_COMPARED_WITH.search(ahead))


def _is_range(between: str, text: str, figure: PrintedFigure) -> bool:
    if between.strip() != "and":
        return True
    return bool(re.search(r"\bbetween\s$", text[max(0, figure.start - 9) : figure.start]))


def _aside(text: str, figure: PrintedFigure, before: PrintedFigure | None) -> bool:
    """Return whether the figure stands in brackets right after another of the same kind: a conversion, a repeat."""
    if before is None or before.percent != figure.percent:
        return False
    return bool(re.fullmatch(r"[a-z\s]{0,24}\([^()0-9]{0,30}", text[before.end : figure.start]))
