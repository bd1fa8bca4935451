"""What speaks against a figure, beside its field and in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from targetwatch.wording.problems import on_page
from targetwatch.wording.translation import translator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from targetwatch.model import Catalogue, Indicator
    from targetwatch.model.problem import Problem


def by_field(problems: Iterable[Problem], language: str, catalogue: Catalogue | None = None) -> dict[str, str]:
    """Return what is wrong by the field it stands beside; several of one field together.

    With a catalogue, indicators and publishers to choose from are named by their titles, where those may be typed.
    """
    _ = translator(language)
    found: dict[str, str] = {}
    for problem in problems:
        said = on_page(problem, _, catalogue=catalogue)
        before = found.get(problem.where)
        found[problem.where] = _.context("sentences", "{one} {other}", one=before, other=said) if before else said
    return found


def held(problem: Problem, catalogue: Catalogue, language: str, indicator: Indicator | None = None) -> str:
    """Return why a reading is held: publishers, periods and amounts as people say them."""
    return on_page(problem, translator(language), catalogue=catalogue, indicator=indicator)
