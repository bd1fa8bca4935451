"""What a document is once decoded: tables of text and lines of text, whatever it was before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from sys import intern
from typing import TYPE_CHECKING, Any

from targetwatch.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

MOST_ROWS = 1_100_000
"""Of a process of its own less may be asked."""
MOST_COLUMNS = 2_000
MOST_CELLS = 2_500_000
"""A year of days by hour, or two hundred thousand rows of a dozen columns."""
MOST_CHARACTERS = 60_000_000
LARGE_CELLS = 100_000
"""A table of more is kept packed."""
SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class PackedRows(Sequence[tuple[str, ...]]):
    """The rows of a large table, each kept as one text: every cell by itself would take five times the memory."""

    texts: Sequence[str | tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.texts)

    def __getitem__(self, place: Any) -> Any:  # noqa: ANN401 - a row, or some of them
        found = self.texts[place]
        if isinstance(place, slice):
            return PackedRows(found)
        return tuple(found.split(SEPARATOR)) if isinstance(found, str) else found


def rows_kept(rows: Iterable[Sequence[str]], cells: int) -> Sequence[tuple[str, ...]]:
    """Return rows of so many cells in all as they are kept."""
    if cells <= LARGE_CELLS:
        return tuple(map(tuple, rows))
    joined = ((row, SEPARATOR.join(row)) for row in rows)
    return PackedRows([text if text.count(SEPARATOR) == len(row) - 1 else tuple(row) for row, text in joined])


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as rows of text cells, all as long, blank ones included: a row's place is that in the document."""

    name: str
    rows: Sequence[tuple[str, ...]]


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
    rows = (row if len(row) == width else row + ("",) * (width - len(row)) for row in made)
    return Grid(name, rows_kept(rows, width * len(made)))
