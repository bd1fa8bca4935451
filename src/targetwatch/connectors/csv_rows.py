"""The bytes of a CSV file as rows of named cells, each with its line, whatever state the file is in.

A file may be in the middle of being written: what is not ended by a line break is left for the next run.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from io import StringIO
from typing import TYPE_CHECKING

from targetwatch.connectors.row import FIELDS, REQUIRED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_UNDECODED = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What must be known of a file to read it; the options of a source say it."""

    encoding: str
    delimiter: str
    columns: Mapping[str, str]
    constants: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: the line it starts on, and its cells by field, or what is wrong with it."""

    line: int
    cells: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""


def rows_of(data: bytes, layout: Layout) -> Iterator[Row]:
    """Give every row of the file below its header; empty cells and blank lines are left out."""
    whole, unfinished = _cut(data)
    text = whole.decode(layout.encoding, "surrogateescape").removeprefix("\ufeff")
    records = _records(text, layout)
    line, header, problem = next(records, (1, [], "is empty, expected a header line"))
    problems = [problem] if problem else _header_problems(header, layout)
    if problems:
        yield from (Row(line=line, problem=problem) for problem in problems)
        return
    fields = _fields(header, layout)
    for line, cells, fault in records:
        if wrong := fault or _shape_problem(cells, header, layout):
            yield Row(line=line, problem=wrong)
        else:
            named = zip(fields, cells, strict=True)
            yield Row(line=line, cells={name: cell for name, cell in named if name and cell.strip()})
    if unfinished.strip():
        lines = whole.count(b"\n") + 1
        yield Row(line=lines, problem="has no line break at its end and may be half-written, expected one to follow")


def _cut(data: bytes) -> tuple[bytes, bytes]:
    """Return what is ended by a line break, and what comes after the last one."""
    end = max(data.rfind(b"\n"), data.rfind(b"\r")) + 1
    return data[:end], data[end:]


def _records(text: str, layout: Layout) -> Iterator[tuple[int, list[str], str]]:
    """Give (line, cells, problem) of every record that is not blank."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=layout.delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, [], _quoting_problem(str(error), line, reader.line_num)
            continue
        if any(cell.strip() for cell in cells):
            yield line, cells, ""


def _quoting_problem(error: str, first: int, last: int) -> str:
    unread = f", lines {first} to {last} were not read" if last > first else ""
    if "unexpected end" in error or "field larger" in error:
        return f'opens a quotation mark that is never closed{unread}; expected quotes inside a cell doubled ("")'
    return f'has a quotation mark out of place{unread}; expected quotes inside a cell doubled ("") ({error})'


def _header_problems(header: Sequence[str], layout: Layout) -> list[str]:
    """Return what keeps the file from being read: missing, double and unknown columns."""
    names = [name.strip() for name in header]
    named = {column: name for name, column in layout.columns.items()}
    problems = [
        f"column '{name}': stands twice in the header" for name in sorted({n for n in names if names.count(n) > 1})
    ]
    problems += [
        f"column '{column}': is not in the header, expected it for {name}"
        for column, name in named.items()
        if column not in names
    ]
    fields = set(_fields(header, layout)) | set(layout.constants)
    problems += [f"column '{name}': is missing, expected it in the header" for name in REQUIRED if name not in fields]
    if not layout.columns:
        problems += [_unknown(name) for name in names if name and name not in FIELDS]
    return problems


def _unknown(name: str) -> str:
    close = get_close_matches(name, FIELDS, n=1)
    hint = f"did you mean {close[0]}?" if close else f"expected {', '.join(FIELDS)}"
    return f"column '{name}': is not known; {hint}"


def _fields(header: Sequence[str], layout: Layout) -> list[str]:
    """Return the field of each column, "" for one that is not read."""
    named = {column: name for name, column in layout.columns.items()}
    taken = set(layout.columns)
    return [
        named.get(name, name if name in FIELDS and name not in taken else "")
        for name in (cell.strip() for cell in header)
    ]


def _shape_problem(cells: Sequence[str], header: Sequence[str], layout: Layout) -> str:
    if len(cells) != len(header):
        return (
            f"has {len(cells)} cells where the header has {len(header)}, expected one for each column "
            f"(a cell with '{layout.delimiter}' in it stands in quotation marks)"
        )
    for cell in cells:
        if _UNDECODED.search(cell):
            return f"holds bytes that are not {layout.encoding}, expected the file saved so, or its encoding named"
    return ""
