"""What a description gives of the documents at hand, before it is saved: every reading beside what is known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from targetwatch.documents import Pick, pick
from targetwatch.documents.grid import Decoded, Grid
from targetwatch.documents.pick import Picked
from targetwatch.errors import SourceError
from targetwatch.ingest import Line
from targetwatch.ingest.intake import Judged
from targetwatch.model import FetchedDocument, Indicator, Source
from targetwatch.model.problem import Problem
from targetwatch.quantity import convert
from targetwatch.web.running import RunningService
from targetwatch.wording import formats
from targetwatch.wording.translation import Translator

MOST_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The document as it is, and what would come of it; `trouble` says why nothing would.

    `problems` are of rows that cannot be read, `units` how what is printed is counted.
    """

    title: str = ""
    tables: Sequence[ShownTable] = ()
    trouble: Sequence[Problem] = ()
    is_complete: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)
    rows: Sequence[Judged | Line] = ()
    problems: Sequence[Problem] = ()
    units: Sequence[str] = ()


def preview_of(
    service: RunningService,
    source: Source | None,
    decoded: Callable[[], Decoded | None],
    given: Sequence[FetchedDocument],
    _: Translator,
) -> Preview | None:
    """Return what a run would bring of some documents; None where there are none, or it is no source of documents."""
    try:
        shown = decoded() if given else None
    except (SourceError, ValidationError) as error:
        return Preview(trouble=error.problems if isinstance(error, SourceError) else ())
    if shown is None:
        return None
    if source is None or service.test is None:
        return Preview(title=shown.title, tables=tables_of(shown, ()))
    outcome = service.test(source, given=given)
    places = [(one.place, one.outcome) for one in outcome.judged] + [(one.file, "fault") for one in outcome.problems]
    return Preview(
        title=shown.title,
        tables=tables_of(shown, places),
        trouble=[outcome.reason] if outcome.reason else [],
        is_complete=not outcome.failed,
        counts={name: getattr(outcome, name) for name in ("new", "revised", "known", "held")},
        rows=sorted(outcome.judged, key=lambda one: one.outcome == "known")[:MOST_SHOWN],
        problems=[one for one in outcome.problems if one != outcome.reason],
        units=_units(service, picked_of(source, shown, given[-1], service), _),
    )


def picked_of(source: Source, decoded: Decoded, document: FetchedDocument, service: RunningService) -> Picked:
    """Return what a source's description picks from a document."""
    how: Any = source.options.get("pick")
    return pick(
        decoded,
        Pick.model_validate(how),
        source=source.id,
        now=service.now(),
        today=service.today(),
        name=document.name,
    )


def of_lines(
    service: RunningService, decoded: Decoded, picked: Picked, lines: Sequence[Line], _: Translator
) -> Preview:
    """Return what would be entered of a document that a person dropped."""
    unreadable = [problem for line in lines for problem in line.problems]
    return Preview(
        title=decoded.title,
        tables=tables_of(
            decoded, [(one.place, "fault" if one.outcome == "unreadable" else one.outcome) for one in lines]
        ),
        trouble=picked.drift,
        is_complete=not picked.drift and bool(lines),
        counts=Counter(one.outcome for one in lines if one.outcome != "unreadable"),
        rows=[one for one in sorted(lines, key=lambda one: one.outcome == "known") if one.reading][:MOST_SHOWN],
        problems=unreadable,
        units=_units(service, picked, _),
    )


def _units(service: RunningService, picked: Picked, _: Translator) -> list[str]:
    """Return how each printed unit is counted, where it is another than the indicator's own."""
    known: Mapping[str, Indicator] = service.current().catalogue.indicators_by_id
    found = []
    for name, unit in picked.picture.units.items():
        indicator = known.get(name.partition("/")[0])
        one = convert(Decimal(1), unit, indicator.unit) if indicator and unit != indicator.unit else None
        if indicator and one is not None:
            found.append(_("unit {unit} = {amount}", unit=unit, amount=formats.amount(one, indicator, _)))
    return list(dict.fromkeys(found))


def indicators_of(service: RunningService, _: Translator) -> list[tuple[str, str]]:
    """Return the indicators whose figures can come in, by title: none that is computed from others."""
    found = (one for one in service.current().catalogue.indicators if one.derivation is None)
    return sorted(((one.id, one.title[_.language]) for one in found), key=lambda one: one[1])


MOST_TABLES, FIRST_ROWS, LAST_ROWS, MOST_COLUMNS, MOST_LINES = 12, 40, 4, 40, 120
LONGEST_CELL = 120
PLACE = re.compile(r"(?:(?P<table>.*)!)?(?P<column>[A-Z]{1,3})(?P<row>\d+)|(?P<line>\d+)")


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell: its place ("0:3:2" is the first table's fourth row's third cell), its text, what was read of it."""

    place: str
    text: str
    read: str = ""


@dataclass(frozen=True, slots=True)
class ShownTable:
    """The rows of a table that are shown, with their numbers; None stands where some are left out."""

    name: str
    rows: tuple[tuple[int, tuple[ShownCell, ...]] | None, ...]
    count: int


def tables_of(decoded: Decoded, places: Iterable[tuple[str, str]]) -> list[ShownTable]:
    """Return the tables of a document, or its lines as one; `places` are cells with what became of each."""
    read = _read(places)
    names = [one.name for one in decoded.grids]
    found = [_table(place, one, read if names.count(one.name) == 1 else {}) for place, one in enumerate(decoded.grids)]
    if decoded.grids:
        return found[:MOST_TABLES]
    rows = [
        (number, (ShownCell(f"line:{number}:0", line, read.get(("", number, None), "")),))
        for number, line in enumerate(decoded.lines[:MOST_LINES], 1)
    ]
    return [ShownTable("", tuple(rows), len(decoded.lines))]


def _table(place: int, grid: Grid, read: Mapping[tuple[str, int, int | None], str]) -> ShownTable:
    last = len(grid.rows) - LAST_ROWS
    faults = {row - 1 for (name, row, _), state in read.items() if name == grid.name and state == "fault"}
    rows: list[tuple[int, tuple[ShownCell, ...]] | None] = []
    for number, row in enumerate(grid.rows):
        if number < FIRST_ROWS or number >= last or number in faults:
            cells = [
                ShownCell(
                    f"{place}:{number}:{column}", text[:LONGEST_CELL], read.get((grid.name, number + 1, column), "")
                )
                for column, text in enumerate(row[:MOST_COLUMNS])
            ]
            rows.append((number + 1, tuple(cells)))
        elif rows[-1] is not None:
            rows.append(None)
    return ShownTable(grid.name, tuple(rows), len(grid.rows))


def _read(places: Iterable[tuple[str, str]]) -> dict[tuple[str, int, int | None], str]:
    """Return what became of the cells by table, row and column (of a text by line)."""
    found: dict[tuple[str, int, int | None], str] = {}
    for said, state in places:
        if place := PLACE.fullmatch(said):
            column = column_of(place["column"]) if place["column"] else None
            found[place["table"] or "", int(place["row"] or place["line"]), column] = state
    return found


def column_of(letters: str) -> int:
    """Return the place of a column that a sheet names by letters.

    >>> column_of("A"), column_of("Z"), column_of("AB")
    (0, 25, 27)
    """
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1
