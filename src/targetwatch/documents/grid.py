"""What a document is once decoded: tables of text and lines of text, whatever it was before.

Its text is read from its bytes by the byte order mark, as UTF-8, as it is declared, or as GB18030.
"""

from __future__ import annotations

import codecs
import re
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


MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
LARGER = {
    **dict.fromkeys(("gb2312", "gbk", "hz"), "gb18030"),
    **dict.fromkeys(("iso8859-1", "ascii"), "cp1252"),
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
"""What is really written where an office names the smaller one: it holds the same signs and more."""
LOOKED_AT = 2048
_DECLARED = (
    re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})""", re.IGNORECASE),
    re.compile(rb"""<meta[^>]{0,400}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE),
)


def text_of(data: bytes, known: str | None, declared: str) -> str:
    """Return the text, line breaks as they are, without a byte order mark.

    A byte order mark decides, then what is `known`, then what the sender `declared`, then what the document says in
    its head. What is valid UTF-8 beyond ASCII is UTF-8 whatever is declared, since no other writing looks like it by
    chance; and a writing of single bytes is the last to be believed, since anything looks like it, and senders
    declare it unasked.

    Raises:
        DocumentError: `unknown_charset`, or `undecodable` as it says, or as anything known here.
    """
    for mark, name in MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], [name])
    names = [known] if known else sorted(filter(None, (declared, *_in_head(data))), key=_is_of_single_bytes)
    return _decoded(data, names if data.isascii() else ["utf-8", *names] if names else ["utf-8", "gb18030"])


def _is_of_single_bytes(name: str) -> bool:
    plain = name.casefold().replace("_", "-")
    return plain.startswith(("iso-8859", "iso8859", "windows-", "cp125", "latin", "us-", "ascii"))


def _in_head(data: bytes) -> Iterable[str]:
    return (found[1].decode() for pattern in _DECLARED if (found := pattern.search(data[:LOOKED_AT])))


def _decoded(data: bytes, names: list[str]) -> str:
    failed: UnicodeDecodeError | None = None
    for said in names or ["utf-8"]:
        try:
            name = codecs.lookup(said).name
            text = data.decode(LARGER.get(name, name))
        except LookupError as error:
            raise DocumentError("unknown_charset", charset=said) from error
        except UnicodeDecodeError as error:
            failed = error
            continue
        if "\x00" in text:
            raise DocumentError("holds_no_text")
        return text
    assert failed is not None
    raise DocumentError("undecodable", encoding=failed.encoding, byte=failed.start) from failed
