"""A pasted text or a dropped file as a table of text cells: its encoding, what parts the cells, where its header is."""

from __future__ import annotations

import base64
import csv
import io
import zlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from targetwatch.web.figures import columns
from targetwatch.web.figures.sheets import (
    MOST_CELLS,
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_ROWS,
    Sheet,
    TableRefusedError,
    is_spreadsheet,
    sheets_of,
)
from targetwatch.wording.translation import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from targetwatch.web.forms import Upload

DELIMITERS = ("\t", ",", ";", "|")
LOOKED_AT = 60
HEADER_WITHIN = 8
MOST_PACKED_BYTES = 4 * (MOST_CHARACTERS + MOST_CELLS)
CELL, ROW, SHEET = "\x1f", "\x1e", "\x1d"
"""What parts cells, rows and tables that are put away, as ASCII has it; no cell keeps one of them."""
PARTING = str.maketrans(dict.fromkeys((CELL, ROW, SHEET), " "))
OTHERS = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"\x1f\x8b": "gzip",
    b"Rar!": "RAR",
}
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """A table below its header. `numbers` are the lines of the rows in the file; `header` is "" where none is."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    has_header: bool


def of_text(text: str) -> tuple[Sheet, ...]:
    """Return the table of a pasted text.

    Raises:
        TableRefusedError: it is none, or too large.
    """
    if not text.strip():
        raise TableRefusedError(N_("There is nothing to read: paste a table, or choose a file."))
    rows = _parted(text)
    widest = max((len(row) for row in rows), default=0)
    if len(rows) > MOST_ROWS:
        raise TableRefusedError(N_("It has {found} rows, expected at most {most}."), found=len(rows), most=MOST_ROWS)
    if widest > MOST_COLUMNS:
        raise TableRefusedError(N_("It has {found} columns, expected at most {most}."), found=widest, most=MOST_COLUMNS)
    return (Sheet("", tuple(tuple(cell.strip() for cell in row) for row in rows)),)


def of_file(upload: Upload) -> tuple[Sheet, ...]:
    """Return the tables of a dropped file, by what is in it: its name says nothing.

    Raises:
        TableRefusedError: it is no table, or too large.
    """
    data = upload.content
    if is_spreadsheet(data):
        return sheets_of(data)
    for mark, name in OTHERS.items():
        if data.startswith(mark):
            raise TableRefusedError(N_("This is {kind}, expected CSV, XLSX, XLS or ODS."), kind=name)
    text = decoded(data)
    if text.lstrip()[:200].lower().startswith(("<!doctype html", "<html", "<?xml", "<table")):
        raise TableRefusedError(N_("This is {kind}, expected CSV, XLSX, XLS or ODS."), kind="HTML/XML")
    return of_text(text)


def decoded(data: bytes) -> str:
    """Return the text of a file saved as UTF-8, UTF-16 with its mark, or GB18030.

    Raises:
        TableRefusedError: it is none of these.
    """
    encodings = [name for mark, name in BOMS if data.startswith(mark)] or ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise TableRefusedError(N_("It is neither UTF-8 nor GB18030: save it as CSV UTF-8."))


def below_header(sheet: Sheet, said: bool | None = None) -> Pasted:  # noqa: FBT001 - said, or not said
    """Return the table below its header: the line among the first that names most columns, or one without a digit.

    `said` decides where a person has: True, some line is its header (else the first); False, none is.
    """
    rows = [(number, row) for number, row in enumerate(sheet.rows, 1) if any(cell.strip() for cell in row)]
    width = max((len(row) for _, row in rows), default=0)
    padded = [(number, (*row, *[""] * (width - len(row)))) for number, row in rows]
    scores = [columns.named(row) for _, row in padded[:HEADER_WITHIN]]
    best = max(range(len(scores)), key=lambda place: (scores[place], -place), default=0)
    found = bool(scores) and (scores[best] >= min(2, width) or _are_words([row for _, row in padded[:2]]))
    found = found if said is None else said and bool(padded)
    header = padded[best][1] if found else ("",) * width
    below = padded[best + 1 :] if found else padded
    kept = [place for place in range(width) if header[place] or any(row[place] for _, row in below)]
    return Pasted(
        header=tuple(header[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for _, row in below),
        numbers=tuple(number for number, _ in below),
        has_header=found,
    )


def packed(sheets: Sequence[Sheet]) -> str:
    """Return tables in few letters, for the form to bring back: a file is not kept here between two pages."""
    said = SHEET.join(
        ROW.join((_plain(sheet.name), *(CELL.join(map(_plain, row)) for row in sheet.rows))) for sheet in sheets
    )
    return base64.b85encode(zlib.compress(said.encode(), 6)).decode()


def unpacked(text: str) -> tuple[Sheet, ...]:
    """Return the tables that `packed` put away; what they hold is counted before anything is made of it.

    Raises:
        TableRefusedError: the letters were changed, or unpack to more than any table of ours.
    """
    unpacker = zlib.decompressobj()
    try:
        packed_bytes = unpacker.decompress(base64.b85decode(text), MOST_PACKED_BYTES)
        said = packed_bytes.decode() if unpacker.eof else ""
    except (ValueError, zlib.error) as error:
        raise TableRefusedError(N_("The file is damaged, or not what it seems; it could not be read.")) from error
    if not unpacker.eof:
        raise TableRefusedError(N_("Unpacked it is larger than any table of figures; it was not read."))
    parts = said.count(CELL) + said.count(ROW) + said.count(SHEET)
    if parts > MOST_CELLS or len(said) - parts > MOST_CHARACTERS:
        raise TableRefusedError(N_("Unpacked it is larger than any table of figures; it was not read."))
    sheets = []
    for part in said.split(SHEET):
        rows = part.count(ROW)
        if rows > MOST_ROWS:
            raise TableRefusedError(N_("It has {found} rows, expected at most {most}."), found=rows, most=MOST_ROWS)
        name, *lines = part.split(ROW)
        sheets.append(Sheet(name, tuple(_cells(line) for line in lines)))
    if not any(sheet.rows for sheet in sheets):
        raise TableRefusedError(N_("There is nothing to read: paste a table, or choose a file."))
    return tuple(sheets)


def _plain(text: str) -> str:
    return text.translate(PARTING)


def _cells(line: str) -> tuple[str, ...]:
    width = line.count(CELL) + 1
    if width > MOST_COLUMNS:
        raise TableRefusedError(N_("It has {found} columns, expected at most {most}."), found=width, most=MOST_COLUMNS)
    return tuple(line.split(CELL))


def _are_words(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first of two rows is all words and the second is not: then it names the columns."""
    digits = [any(sign.isdigit() for cell in row for sign in cell) for row in rows]
    return digits == [False, True] and sum(1 for cell in rows[0] if cell.strip()) > 1


def _parted(text: str) -> list[list[str]]:
    """Return the rows, parted by the sign that parts most lines into the same number of cells."""
    if len(text) > MOST_CHARACTERS:
        raise TableRefusedError(
            N_("It holds more than {most} characters of text."), found=len(text), most=MOST_CHARACTERS
        )
    first = "\n".join(text.split("\n")[:LOOKED_AT])
    best = max(DELIMITERS, key=lambda sign: (_evenness(first, sign), -DELIMITERS.index(sign)))
    for quoting in (True, False):
        rows = _rows(text, best, quoting=quoting)
        if rows is not None:
            return rows
    raise TableRefusedError(N_("A cell is larger than any figure or quote: is a quotation mark never closed?"))


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
    if quoting:
        reader: Iterable[list[str]] = csv.reader(lines, delimiter=delimiter, strict=True)
    else:
        reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    try:
        return list(reader)
    except csv.Error:
        return None
