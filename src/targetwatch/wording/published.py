"""A verdict as it leaves the program: its figures as they are, and what is said of it in every language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from targetwatch.model.words import plain
from targetwatch.wording import card, needed, verdict
from targetwatch.wording.problems import sentence
from targetwatch.wording.translation import LANGUAGES, translator

if TYPE_CHECKING:
    from datetime import date

    from targetwatch.model import Indicator, StatusChange, Verdict
    from targetwatch.model.problem import Problem

WORDS = {
    "sentence": verdict.sentence,
    "needed": needed.needed,
    "card": verdict.card,
    "plan": verdict.plan,
    "odds": verdict.odds,
    "age": verdict.age,
    "outlook": card.outlook,
    "tile_age": card.brief_data_age,
}
"""By the name of the field of the JSON; the labels of the metrics follow the same order."""


def words(said: Verdict, indicator: Indicator) -> dict[str, dict[str, str]]:
    """Return all words of a verdict by field and language."""
    languages = [translator(language) for language in LANGUAGES]
    return {name: {_.language: say(said, indicator, _) for _ in languages} for name, say in WORDS.items()}


def as_json(said: Verdict, indicator: Indicator, as_of: date) -> dict[str, Any]:
    """Return a verdict as plain values for JSON, with the day it is the verdict of.

    The day is the snapshot's: a verdict that nothing has changed since is carried from one snapshot to the next.
    """
    figures = plain(said)
    figures["notes"] = [{name: verdict.note(one, translator(name)) for name in LANGUAGES} for one in said.notes]
    evidence = figures.pop("evidence")
    del figures["day"], figures["goal_change"]
    return {"as_of": as_of.isoformat(), **figures, **words(said, indicator), "evidence": evidence}


def change_as_json(change: StatusChange, indicator: Indicator) -> dict[str, Any]:
    """Return a status change as plain values for JSON, with its sentence in every language."""
    figures = plain(change)
    del figures["verdict"], figures["text"]
    return {**figures, "sentence": {name: verdict.of_change(change, indicator, translator(name)) for name in LANGUAGES}}


def problem_as_json(problem: Problem) -> dict[str, Any]:
    """Return what is wrong for a program: its code, its values, where it is, and its sentence in English."""
    return {**problem.to_json(), "sentence": sentence(problem, translator("en"))}
