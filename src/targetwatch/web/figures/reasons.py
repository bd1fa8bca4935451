"""What speaks against a figure, beside its field and in the reader's language.

The program says its reasons in English sentences of a fixed form; here each form has its Chinese. What has none is
shown as it is said.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from targetwatch.connectors import RowError
from targetwatch.errors import NotFoundError
from targetwatch.web.figures.reason_words import CHINESE, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from targetwatch.model import Catalogue

_FIELD = re.compile(r"([a-z_]+)(?: '(?P<said>[^']*)')?: (?P<rest>.*)", re.DOTALL)
FIELD_OF_KIND = {"publisher": "publisher", "step": "step", "indicator": "indicator"}
AS_SAID = {"publisher", "step", "indicator", "period"}


def by_field(error: RowError | NotFoundError, language: str) -> dict[str, str]:
    """Return what is wrong by the field it stands beside."""
    problems = error.problems if isinstance(error, RowError) else (str(error),)
    return fields_of(problems, language)


def fields_of(problems: Iterable[str], language: str) -> dict[str, str]:
    """Return sentences of the form "field: what is wrong" by field; several of one field together."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        name, sentence = split(problem)
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


def held(sentence: str, catalogue: Catalogue, language: str) -> str:
    """Return why a reading is held in the reader's language, publishers by their names."""
    shown = said(sentence, language)
    gap = "" if language == "zh" else " "
    for publisher in sorted(catalogue.publishers, key=lambda one: -len(one.id)):
        if publisher.id in shown:
            name = rf"(?<![\w-]){re.escape(publisher.id)}(?![\w-]) ?"
            shown = re.sub(name, _literal(publisher.title[language] + gap), shown)
    return shown


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
