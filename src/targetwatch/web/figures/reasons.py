"""What speaks against a figure, beside its field and in the reader's language.

The program says its reasons in English sentences of a fixed form; here each form has its Chinese. What has none is
shown as it is said.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from targetwatch.connectors import RowError
from targetwatch.errors import NotFoundError, QuantityError
from targetwatch.quantity import parse_period
from targetwatch.web.figures.reason_words import CHINESE, WORDS
from targetwatch.web.formats import Formats
from targetwatch.wording.formats import axis_unit
from targetwatch.wording.problems import placed
from targetwatch.wording.translation import translator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from targetwatch.model import Catalogue, Indicator

_FIELD = re.compile(r"([a-z_]+)(?: '(?P<said>[^']*)')?: (?P<rest>.*)", re.DOTALL)
_HAN = "[\u4e00-\u9fff]"
_QUOTED = re.compile(r"(“[^”]*”|'[^']*')")
_PERIOD = re.compile(
    r"(?<![A-Za-z0-9.-])(?:\d{4}-\d\d(?:-\d\d)?\.\.\d{4}-\d\d(?:-\d\d)?|\d{4}-(?:[HQ]\d|\d\d(?:-\d\d)?)"
    r"|(?<=\()\d{4}(?=[),，])|^\d{4}(?= 为))(?![A-Za-z0-9-])"
)
_NAMES = re.compile(
    r"(not found; (?:there are: |did you mean )|expected readings of )(.+?)(\?|(?: instead)?)$", re.DOTALL
)


def by_field(error: RowError | NotFoundError, language: str) -> dict[str, str]:
    """Return what is wrong by the field it stands beside."""
    problems = (placed(problem, translator("en")) for problem in error.problems)
    return fields_of(problems, language)


def fields_of(problems: Iterable[str], language: str, catalogue: Catalogue | None = None) -> dict[str, str]:
    """Return sentences of the form "field: what is wrong" by field; several of one field together.

    With a catalogue, indicators and publishers to choose from are named by their titles, where those may be typed.
    """
    found: dict[str, list[str]] = {}
    for problem in problems:
        name, sentence = split(problem)
        sentence = _titled(sentence, catalogue, language) if catalogue else sentence
        found.setdefault(name, []).append(said(sentence, language))
    gap = "" if language == "zh" else " "
    return {name: gap.join(some) for name, some in found.items()}


def split(problem: str) -> tuple[str, str]:
    """Return the field a sentence speaks of ("" when none), and the rest of it.

    >>> split("value: 'six': is not a number, expected a figure")
    ('value', "'six': is not a number, expected a figure")
    """
    found = _FIELD.fullmatch(problem)
    if found is None:
        return "", problem
    name, rest = found[1], found["rest"]
    if found["said"] is not None:
        rest = f"'{found['said']}': {rest}"
    return name, rest.removeprefix(f"{name} ")


def held(sentence: str, catalogue: Catalogue, language: str, indicator: Indicator | None = None) -> str:
    """Return why a reading is held in the reader's language: publishers, periods and amounts as people say them."""
    shown = said(sentence, language)
    gap = "" if language == "zh" else " "
    for publisher in sorted(catalogue.publishers, key=lambda one: -len(one.id)):
        if publisher.id in shown:
            name = rf"(?<![\w-]){re.escape(publisher.id)}(?![\w-]) ?"
            shown = re.sub(name, _literal(publisher.title[language] + gap), shown)
    return "".join(
        part if part[:1] in {"“", "'"} else _spoken(part, language, indicator) for part in _QUOTED.split(shown)
    )


def _spoken(text: str, language: str, indicator: Indicator | None) -> str:
    """Return words of ours with their periods, days and amounts as a reader of the language writes them."""
    form = Formats(language)
    if indicator is not None and indicator.unit:
        unit = rf"{re.escape(indicator.unit)}(?![A-Za-z0-9])"
        amount = rf"(?<![\d.,])(\d[\d,]*(?:\.\d+)?) {unit}"
        text = re.sub(amount, lambda one: form.amount(Decimal(one[1].replace(",", "")), indicator), text)
        if language == "zh" and indicator.unit[:1].isalpha():
            text = re.sub(rf"(?<![A-Za-z0-9]){unit}", lambda _: axis_unit(indicator, form._), text)
    text = _PERIOD.sub(lambda one: _period(one[0], form), text)
    if language != "zh":
        return text.replace("year_to_date", "year to date").replace("since_start", "running total")
    text = re.sub(r", +", "、", re.sub(r" ?\(([^()]*)\) ?", r"（\1）", text))
    return re.sub(rf"(?<={_HAN}) (?=[-\d]|{_HAN})|(?<=[\d%]) (?={_HAN})", "", text)


def _period(text: str, form: Formats) -> str:
    try:
        return form.period(parse_period(text))
    except QuantityError:
        return text


def said(sentence: str, language: str) -> str:
    """Return a sentence of ours in the reader's language.

    >>> said("'six': is not a number, expected a figure such as 154,600, 6.4万 or 28.33 billion yuan", "zh")
    '“six”不是数字，应为 154,600、6.4万、28.33 billion yuan 这样的数值。'
    """
    if language != "zh":
        shown = re.sub(r"^'([^']*)': ", r"“\1” ", sentence)
        return shown if shown.endswith(".") else f"{shown[:1].upper()}{shown[1:]}."
    for pattern, chinese in _patterns():
        found = pattern.fullmatch(sentence)
        if found:
            return chinese.format(**{name: _word(text or "") for name, text in found.groupdict().items()})
    quoted = re.fullmatch(r"'(?P<said>[^']*)': (?P<rest>.*)", sentence, re.DOTALL)
    if quoted:
        rest = said(quoted["rest"], language)
        return f"“{quoted['said']}”{rest}" if rest != quoted["rest"] else sentence
    return sentence


def _titled(sentence: str, catalogue: Catalogue, language: str) -> str:
    """Return a sentence with the titles of what there is to choose from."""
    titles = {one.id: one.title[language] for one in catalogue.indicators}
    titles |= {one.id: one.title[language] for one in catalogue.publishers}
    parting = "、" if language == "zh" else "; "

    def named(found: re.Match[str]) -> str:
        return found[1] + parting.join(titles.get(name) or name for name in re.split(", | or ", found[2])) + found[3]

    return _NAMES.sub(named, sentence)


def _literal(text: str) -> str:
    return text.replace("\\", r"\\")


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern, re.DOTALL), chinese) for pattern, chinese in CHINESE)


def _word(text: str) -> str:
    """Return a word that is inserted: a name of ours in Chinese, a list of figures with its dates as they are."""
    for english, chinese in WORDS:
        text = re.sub(english, chinese, text)
    return text
