"""A text of cells, parted by the sign that parts most lines into the same number."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import TYPE_CHECKING

from targetwatch.documents.grid import Decoded, grid, text_of
from targetwatch.errors import DocumentError
from targetwatch.model.problem import Problem

if TYPE_CHECKING:
    from targetwatch.documents.decode_options import TextTableOptions

DELIMITERS = ("\t", ",", ";", "|")
LOOKED_AT = 60


def read(data: bytes, options: TextTableOptions, charset: str) -> Decoded:
    """Return one grid; a last line that breaks off before its cells are there is an error."""
    text = text_of(data, options.charset, charset)
    rows = parted(text, options.delimiter)
    if not text.endswith(("\n", "\r")) and _breaks_off([row for row in rows if any(row)]):
        raise DocumentError("cut_off_at_line", line=len(text.splitlines()))
    return Decoded(grids=(grid("", rows),))


def _breaks_off(rows: list[list[str]]) -> bool:
    """Return whether the last row has fewer cells than all others, and is no note below them."""
    if len(rows) < 2:  # noqa: PLR2004 - a header and a row
        return False
    *others, last = rows
    if len(last) >= min(map(len, others)):
        return False
    return len(last) > 1 or len(last[0]) <= max(len(row[0]) for row in others)


def parted(text: str, delimiter: str | None = None) -> list[list[str]]:
    """Return the rows of a text, blank lines included.

    Raises:
        DocumentError: `quotation_open` or `quotation_misplaced`, with the line, or `cell_too_large`.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first = "\n".join(text.split("\n", LOOKED_AT)[:LOOKED_AT])
    best = delimiter or max(DELIMITERS, key=lambda sign: (_evenness(first, sign), -DELIMITERS.index(sign)))
    rows = _rows(text, best, quoting=True)
    if rows is None and not re.search(rf'(^|{re.escape(best)})"', text, re.MULTILINE):
        rows = _rows(text, best, quoting=False)
    if rows is None:
        raise DocumentError(_misquoted(text, best))
    return rows


def _misquoted(text: str, delimiter: str) -> Problem:
    """Return where a quotation mark stands that opens no cell and closes none."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for _ in reader:
            line = reader.line_num + 1
    except csv.Error as error:
        if "field larger" in str(error):
            return Problem("cell_too_large", line=line)
        if "unexpected end" in str(error):
            return Problem("quotation_open", line=line)
        return Problem("quotation_misplaced", {"why": str(error)}, line=line)
    return Problem("cell_too_large")


def _evenness(text: str, delimiter: str) -> float:
    rows = _rows(text, delimiter, quoting=True) or _rows(text, delimiter, quoting=False) or []
    widths = Counter(len(row) for row in rows if any(row))
    if not widths:
        return 0.0
    width, count = max(widths.items(), key=lambda item: (item[0] > 1, item[1]))
    return (count / sum(widths.values())) * (1 if delimiter == "\t" else 0.9) if width > 1 else 0.0


def _rows(text: str, delimiter: str, *, quoting: bool) -> list[list[str]] | None:
    """Return the rows; None when a quotation mark stands where none can, or a cell is larger than any of ours."""
    lines = io.StringIO(text, newline="")
    reader = csv.reader(
        lines, delimiter=delimiter, strict=quoting, quoting=csv.QUOTE_MINIMAL if quoting else csv.QUOTE_NONE
    )
    try:
        return list(reader)
    except csv.Error:
        return None
