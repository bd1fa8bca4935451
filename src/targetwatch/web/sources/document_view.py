"""A document as it is shown: its tables and lines, each cell with what was read of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from targetwatch.documents.grid import Decoded, Grid

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
