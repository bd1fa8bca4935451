"""Verdicts, readings and statuses as they leave the program: plain values with their words, lines of CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import fields
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from targetwatch.model import Reading
from targetwatch.model.scalars import plain_number
from targetwatch.model.words import plain
from targetwatch.wording import card, formats, needed, terms, verdict
from targetwatch.wording.figure_fields import HEADINGS, LABELS, labels
from targetwatch.wording.problems import sentence
from targetwatch.wording.translation import LANGUAGES, translator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from targetwatch.model import Catalogue, Indicator, StatusChange, Verdict
    from targetwatch.model.problem import Problem
    from targetwatch.wording.translation import Translator

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


def problem_as_json(problem: Problem, language: str = "en") -> dict[str, Any]:
    """Return what is wrong for a program: its code, its values, where it is, and its sentence in a language."""
    return {**problem.to_json(), "sentence": sentence(problem, translator(language))}


FORMS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}
READING = tuple(field.name for field in fields(Reading) if field.name not in {"id", "period", "unit"})
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet take a cell for a formula."""


def readings(found: Iterable[Reading], catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    """Give readings as rows, each with its unit; amounts are decimal strings, so that none loses a digit."""
    units = {indicator.id: indicator.unit for indicator in catalogue.indicators}
    for one in found:
        period = {"period_start": plain(one.period.start), "period_end": plain(one.period.end)}
        said = {name: _said(getattr(one, name)) for name in READING}
        yield {"id": one.id, **period, **said, "unit": one.unit or units.get(one.indicator, "")}


def figures(found: Iterable[tuple[str, Reading]], catalogue: Catalogue, _: Translator) -> Iterator[dict[str, Any]]:
    """Give readings as a person reads them, each with where it stands first: the words and headings of a language."""
    indicators = catalogue.indicators_by_id
    publishers = {publisher.id: publisher.title[_.language] for publisher in catalogue.publishers}
    headings, standing = labels(_, HEADINGS), _("Standing")
    for state, one in found:
        indicator = indicators[one.indicator]
        said = {name: _said(getattr(one, name)) for name in LABELS} | {
            "indicator": indicator.title[_.language],
            "period": formats.period(one.period, _),
            "basis": _(terms.BASES[one.basis]),
            "publisher": publishers.get(one.publisher, one.publisher),
            "unit": one.unit or indicator.unit_label[_.language] or indicator.unit,
            "qualifier": _(terms.QUALIFIERS[one.qualifier]),
            "yoy": "" if one.yoy is None else formats.percent(one.yoy),
            "provisional": _("provisional") if one.provisional else "",
        }
        yield {standing: _(terms.FIGURE_STATES[state])} | {name: said[field] for field, name in headings.items()}


def statuses(found: Iterable[StatusChange], catalogue: Catalogue) -> Iterator[dict[str, Any]]:
    """Give status changes as rows, each with what was said of it in both languages."""
    indicators = catalogue.indicators_by_id
    on: Mapping[str, Indicator] = {one.id: indicators[one.indicator] for one in catalogue.targets}
    for change in found:
        if change.target in on:
            row = change_as_json(change, on[change.target])
            sentence = row.pop("sentence")
            yield row | {f"sentence_{language}": said for language, said in sentence.items()}


def written(rows: Iterable[Mapping[str, Any]], form: str) -> Iterator[str]:
    """Give rows as lines of one of `FORMS`."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for number, row in enumerate(rows):
        if form == "jsonl":
            yield json.dumps(row, ensure_ascii=False) + "\n"
            continue
        if number == 0:
            writer.writerow(row)
        writer.writerow([value if _is_number(value) else cell(value) for value in row.values()])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def cell(value: object) -> str:
    """Return a value as a cell that no spreadsheet takes for a formula.

    >>> cell("=HYPERLINK(1)"), cell("-5"), cell("plain"), cell(None)
    ("'=HYPERLINK(1)", "'-5", 'plain', '')
    """
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _said(value: object) -> Any:  # noqa: ANN401 - what JSON holds
    return plain_number(value) if isinstance(value, Decimal) else plain(value)


def _is_number(value: object) -> bool:
    return isinstance(value, str) and value.replace(".", "", 1).removeprefix("-").isdecimal()
