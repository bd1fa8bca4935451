"""What a document is once decoded: tables of text and lines of text, whatever it was before."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from sys import intern
from typing import TYPE_CHECKING

from targetwatch.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

MOST_ROWS = 1_100_000
"""Of a process of its own less may be asked."""
MOST_COLUMNS = 2_000
MOST_CELLS = 2_500_000
"""A year of days by hour, or two hundred thousand rows of a dozen columns; as text some 200 MB."""
MOST_CHARACTERS = 60_000_000


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as rows of text cells, all as long, blank ones included: a row's place is that in the document."""

    name: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A document that was read: its tables, and its text by line, the tables' left out.

    `published_on` is the day of publication where the document itself says one.
    """

    grids: tuple[Grid, ...] = ()
    lines: tuple[str, ...] = ()
    title: str = ""
    published_on: date | None = None


def grid(name: str, rows: Iterable[Sequence[str]]) -> Grid:
    """Return a grid of rows that may differ in length; blanks around a cell are no part of it.

    Raises:
        DocumentError: `too_many_rows`, `_columns`, `_cells` or `_characters`, before memory goes.
    """
    made: list[tuple[str, ...]] = []
    width = characters = 0
    for row in rows:
        if len(made) == MOST_ROWS:
            raise DocumentError("too_many_rows", most=Decimal(MOST_ROWS))
        width = max(width, len(row))
        if width > MOST_COLUMNS:
            raise DocumentError("too_many_columns", found=width, most=MOST_COLUMNS)
        if width * (len(made) + 1) > MOST_CELLS:
            raise DocumentError("too_many_cells", most=Decimal(MOST_CELLS))
        cells = tuple(intern(cell.strip()) for cell in row)  # most cells of a long table come again
        characters += sum(map(len, cells))
        if characters > MOST_CHARACTERS:
            raise DocumentError("too_many_characters", most=Decimal(MOST_CHARACTERS))
        made.append(cells)
    return Grid(name, tuple(row if len(row) == width else row + ("",) * (width - len(row)) for row in made))
