"""The problems of pasted YAML for a reader of Chinese: which kind each is, before the sentence of the command line.

The sentences of `configuration` are English by contract; a page in Chinese leads in with the place and the kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from targetwatch.wording.problems import sentence
from targetwatch.wording.translation import N_, translator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from targetwatch.model.problem import Problem

KINDS = {
    "unknown_key": ("unknown_key", "unknown_key_near"),
    "missing": ("missing", "nothing", "nothing_or_removed", "deadline_missing", "steps_missing", "base_missing"),
    "none": ("unknown_name", "unknown_name_near", "unknown_name_none"),
    "taken": ("id_twice", "id_there_already", "id_archived", "step_twice"),
    "day": ("day", "day_spelling", "day_with_time", "day_not_in_month", "day_not_in_calendar", "day_far"),
    "separators": ("number_separators",),
    "number": ("number", "number_words", "number_percent", "number_quoted", "number_digits"),
    "percent": ("percent", "percent_spelling", "percent_of_what", "days_of_what"),
    "there": ("there_otherwise", "owner_there_otherwise"),
    "syntax": ("yaml_syntax", "yaml_syntax_since", "yaml_syntax_since_line", "yaml_tab"),
}
"""The codes of a kind."""
KIND_OF = {code: kind for kind, codes in KINDS.items() for code in codes}

WRONG = {
    "unknown_key": N_("unknown key"),
    "missing": N_("missing"),
    "none": N_("no such name"),
    "taken": N_("id taken"),
    "day": N_("not a day"),
    "separators": N_("thousands separators"),
    "number": N_("not a number"),
    "percent": N_("not a percentage"),
    "there": N_("described otherwise"),
    "syntax": N_("not valid YAML"),
    "other": N_("wrong"),
}
"""What is wrong, by the kind it is known as."""
SECTIONS = {
    "target": N_("target "),
    "indicator": N_("indicator "),
    "programme": N_("programme "),
    "publisher": N_("publisher "),
    "owner": N_("owner "),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A problem as the page says it: `lead` in the reader's language ("" where `text` is), `text` as it was found."""

    line: int
    lead: str
    text: str


def told(problems: Iterable[Problem], language: str) -> tuple[Told, ...]:
    """Return problems as a page says them."""
    return tuple(Told(one.line, _lead(one, language) if language != "en" else "", _text(one)) for one in problems)


def _text(problem: Problem) -> str:
    return f"{problem.where}: {_what(problem)}" if problem.where else _what(problem)


def _lead(problem: Problem, language: str) -> str:
    _ = translator(language)
    said = _(WRONG[KIND_OF.get(problem.code, "other")])
    where = _where(problem.where, language)
    return f"{where}{_(': ')}{said}" if where else said


def _what(problem: Problem) -> str:
    return sentence(problem, translator("en"))


def _where(where: str, language: str) -> str:
    _ = translator(language)
    section, _quote, rest = where.partition(" '")
    name, _quote, key = rest.partition("'")
    if section not in SECTIONS:
        return where
    place = _(SECTIONS[section]) + f"“{name}”"
    return f"{place}{_.context('key of', ', ')}{key.removeprefix(', ')}" if key else place
