"""The problems of pasted YAML for a reader of Chinese: which kind each is, before the sentence of the command line.

The sentences of `configuration` are English by contract; a page in Chinese leads in with the place and the kind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from targetwatch.wording.problems import sentence
from targetwatch.wording.translation import N_, translator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from targetwatch.model.problem import Problem

KINDS = (
    ("unknown_key", r"unknown key"),
    ("missing", r"missing|nothing stands here"),
    ("none", r"no (indicator|programme|publisher|owner) "),
    ("taken", r".* is the id of "),
    ("day", r".*(not a day|is not written as a day|has a time of day|is too far away)"),
    ("separators", r".* has thousands separators"),
    ("number", r".*(is not a number|is not a plain number|is a percentage|is text, write|has too many digits)"),
    ("percent", r".*(is not a percentage|is not written as a percentage|does not say of what)"),
    ("there", r"is there already"),
    ("syntax", r"not valid YAML|a tab indents"),
)
"""What the sentences of a kind begin with, the narrowest first."""
OWN = re.compile(r"(target|indicator|programme|publisher|owner) '([^']*)'(?:, (.+))?")

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
    kind = next((name for name, begins in KINDS if re.match(begins, _what(problem))), "other")
    said = _(WRONG[kind])
    where = _where(problem.where, language)
    return f"{where}{_(': ')}{said}" if where else said


def _what(problem: Problem) -> str:
    return sentence(problem, translator("en"))


def _where(where: str, language: str) -> str:
    _ = translator(language)
    own = OWN.fullmatch(where)
    if own is None:
        return where
    place = _(SECTIONS[own[1]]) + f"“{own[2]}”"
    return f"{place}{_.context('key of', ', ')}{own[3]}" if own[3] else place
