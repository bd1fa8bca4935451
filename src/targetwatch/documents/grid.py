"""What a document is once decoded: tables of text and lines of text, whatever it was before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


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
