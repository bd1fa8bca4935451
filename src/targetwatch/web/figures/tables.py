"""A pasted text or a dropped file as a table of text cells: its encoding, what parts the cells, where its header is.

What a column is, by its name in any language, and what its cells mean: names become ids, words a basis.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from targetwatch.documents.decode import decode, guessed
from targetwatch.documents.formats.csv import parted
from targetwatch.documents.grid import Grid, grid
from targetwatch.errors import DocumentError, QuantityError
from targetwatch.model import Basis, Catalogue, Period
from targetwatch.quantity import format_period, parse_unit, plain_text, said_period
from targetwatch.quantity.spellings import SPELLINGS
from targetwatch.web.forms import Upload
from targetwatch.wording import figure_fields

RATES = ("printed", "percent", "ratio")
FIRST_OF_MONTH = re.compile(r"\d{4}-\d{2}-01")


def named(row: Sequence[str]) -> int:
    """Return how many cells of a row are names of columns."""
    return sum(1 for cell in row if cell.strip() and field_of(cell))


def field_of(header: str) -> str:
    """Return the field that a column's name stands for; "" when it is none we know.

    >>> field_of("Value (TEU)"), field_of("Published on"), field_of("colour")
    ('value', 'published_on', '')
    """
    known = figure_fields.columns()
    return known.get(figure_fields.key(header)) or known.get(_without_unit(header), "")


def basis_of(header: str) -> str:
    """Return the basis of the figures in a column of that name; "" when it says none.

    >>> basis_of("Year to date (TEU)"), basis_of("Value")
    ('year_to_date', '')
    """
    return figure_fields.bases().get(_without_unit(header), "")


def _without_unit(header: str) -> str:
    return figure_fields.key(re.sub(r"[（(\[].*?[)）\]]", "", plain_text(header)))


def unit_of(header: str) -> str:
    """Return the unit that a column's name says in brackets, or is; "" when it says none we know.

    >>> unit_of("Value (in bn CNY)"), unit_of("TEU"), unit_of("colour")
    ('bn CNY', 'TEU', '')
    """
    words = "|".join(re.escape(word) for word in figure_fields.before_a_unit())
    found = re.search(rf"[（(\[]\s*(?:(?:{words})[:：]?)?\s*([^)）\]]+)[)）\]]", header)
    unit = (found[1] if found else header).strip()
    return unit if unit and parse_unit(unit).base in SPELLINGS and unit not in {"%", "％"} else ""


def cells_of(cells: Mapping[str, str], catalogue: Names, *, today: date, rates: str) -> dict[str, str]:
    """Return a row's cells in the words a reading is entered in; what is not understood stays as it is."""
    said = {name: text for name, text in cells.items() if text.strip()}
    for name in ("indicator", "publisher"):
        if name in said:
            said[name] = catalogue.get(name, {}).get(figure_fields.key(said[name]), said[name])
    if "basis" in said:
        said["basis"] = figure_fields.bases().get(figure_fields.key(said["basis"]), said["basis"])
    if "yoy" in said:
        said["yoy"] = _rate(said["yoy"], rates)
    if said.get("basis") == Basis.YEAR_TO_DATE and "period" in said:
        said["period"] = _from_january(said["period"], today)
    return said


Names = dict[str, dict[str, str]]


def names_of(catalogue: Catalogue) -> Names:
    """Return the ids of indicators and publishers by every name they go by."""
    found: Names = {"indicator": {}, "publisher": {}}
    for kind, items in (("indicator", catalogue.indicators), ("publisher", catalogue.publishers)):
        for item in items:
            for name in (item.id, item.title.en, item.title.zh):
                if name:
                    found[kind].setdefault(figure_fields.key(name), item.id)
    return found


def rates_of(texts: Sequence[str]) -> str:
    """Return how a column of growth rates is written, by its cells: 28 %, 28, or 0.28."""
    bare = [text.strip() for text in texts if text.strip()]
    if not bare or any("%" in plain_text(text) for text in bare):
        return "printed"
    try:
        sizes = [abs(float(text)) for text in bare]
    except ValueError:
        return "printed"
    return "ratio" if max(sizes) < 2 else "percent"  # noqa: PLR2004 - a growth of 200 % is rare, one of 2 % is not


def are_months(texts: Sequence[str]) -> bool:
    """Return whether days stand for their months: a spreadsheet keeps "Oct 2025" as the first of October."""
    said = [text for text in texts if text]
    return len(said) > 1 and all(FIRST_OF_MONTH.fullmatch(text) for text in said)


def _rate(text: str, rates: str) -> str:
    plain = plain_text(text)
    if rates == "printed" or "%" in plain:
        return text
    try:
        number = float(plain)
    except ValueError:
        return text
    return f"{number * (100 if rates == 'ratio' else 1):.10g}%"


def _from_january(text: str, today: date) -> str:
    """Return the year to date that a month or a quarter stands for in a table."""
    try:
        said = said_period(text, today)
    except QuantityError:
        return text
    return format_period(Period(said.end.replace(month=1, day=1), said.end))


MOST_ROWS = 20_000
MOST_COLUMNS = 60
MOST_CHARACTERS = 12_000_000
MOST_CELLS = 1_500_000
HEADER_WITHIN = 8
MOST_PACKED_BYTES = 4 * (MOST_CHARACTERS + MOST_CELLS)
CELL, ROW, SHEET = "\x1f", "\x1e", "\x1d"
"""What parts cells, rows and tables that are put away, as ASCII has it; no cell keeps one of them."""
PARTING = str.maketrans(dict.fromkeys((CELL, ROW, SHEET), " "))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """A table below its header. `numbers` are the lines of the rows in the file; `header` is "" where none is."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    has_header: bool


def of_text(text: str) -> tuple[Grid, ...]:
    """Return the table of a pasted text.

    Raises:
        DocumentError: it is none, or too large.
    """
    if not text.strip():
        raise DocumentError("nothing_pasted")
    return _checked((grid("", parted(text)),))


def of_file(upload: Upload) -> tuple[Grid, ...]:
    """Return the tables of a dropped file, by what is in it: its name says nothing.

    Raises:
        DocumentError: it is no table, or too large.
    """
    if not upload.content.strip():
        raise DocumentError("nothing_pasted")
    how = guessed(upload.content)
    if how.format not in {"csv", "workbook"}:
        raise DocumentError("another_format", found=how.format.upper(), expected="CSV, XLSX, XLS, ODS")
    return _checked(decode(upload.content, how, most_rows=MOST_ROWS).grids)


def _checked(grids: tuple[Grid, ...]) -> tuple[Grid, ...]:
    """Return the tables, none of which is larger than a page can show and bring back."""
    if not any(one.rows for one in grids):
        raise DocumentError("nothing_pasted")
    for one in grids:
        if len(one.rows) > MOST_ROWS:
            raise DocumentError("too_many_rows", most=Decimal(MOST_ROWS))
        if len(one.rows[0]) > MOST_COLUMNS:
            raise DocumentError("too_many_columns", found=len(one.rows[0]), most=MOST_COLUMNS)
    if sum(len(one.rows) * (1 + len(one.rows[0])) for one in grids) > MOST_CELLS:
        raise DocumentError("too_many_cells", most=Decimal(MOST_CELLS))
    if sum(len(cell) for one in grids for row in one.rows for cell in row) > MOST_CHARACTERS:
        raise DocumentError("too_many_characters", most=Decimal(MOST_CHARACTERS))
    return grids


def below_header(sheet: Grid, said: bool | None = None) -> Pasted:  # noqa: FBT001 - said, or not said
    """Return the table below its header: the line among the first that names most columns, or one without a digit.

    `said` decides where a person has: True, some line is its header (else the first); False, none is.
    """
    rows = [(number, row) for number, row in enumerate(sheet.rows, 1) if any(cell.strip() for cell in row)]
    width = max((len(row) for _, row in rows), default=0)
    padded = [(number, (*row, *[""] * (width - len(row)))) for number, row in rows]
    scores = [named(row) for _, row in padded[:HEADER_WITHIN]]
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


def packed(sheets: Sequence[Grid]) -> str:
    """Return tables in few letters, for the form to bring back: a file is not kept here between two pages."""
    said = SHEET.join(
        ROW.join((_plain(sheet.name), *(CELL.join(map(_plain, row)) for row in sheet.rows))) for sheet in sheets
    )
    return base64.b85encode(zlib.compress(said.encode(), 6)).decode()


def unpacked(text: str) -> tuple[Grid, ...]:
    """Return the tables that `packed` put away; what they hold is counted before anything is made of it.

    Raises:
        DocumentError: the letters were changed, or unpack to more than any table of ours.
    """
    unpacker = zlib.decompressobj()
    try:
        packed_bytes = unpacker.decompress(base64.b85decode(text), MOST_PACKED_BYTES)
        said = packed_bytes.decode() if unpacker.eof else ""
    except (ValueError, zlib.error) as error:
        raise DocumentError("form_changed") from error
    if not unpacker.eof:
        raise DocumentError("beyond_limits")
    parts = said.count(CELL) + said.count(ROW) + said.count(SHEET)
    if parts > MOST_CELLS or len(said) - parts > MOST_CHARACTERS:
        raise DocumentError("beyond_limits")
    sheets = []
    for part in said.split(SHEET):
        rows = part.count(ROW)
        if rows > MOST_ROWS:
            raise DocumentError("too_many_rows", most=Decimal(MOST_ROWS))
        name, *lines = part.split(ROW)
        sheets.append(Grid(name, tuple(_cells(line) for line in lines)))
    if not any(sheet.rows for sheet in sheets):
        raise DocumentError("nothing_pasted")
    return tuple(sheets)


def _plain(text: str) -> str:
    return text.translate(PARTING)


def _cells(line: str) -> tuple[str, ...]:
    width = line.count(CELL) + 1
    if width > MOST_COLUMNS:
        raise DocumentError("too_many_columns", found=width, most=MOST_COLUMNS)
    return tuple(line.split(CELL))


def _are_words(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first of two rows is all words and the second is not: then it names the columns."""
    digits = [any(sign.isdigit() for cell in row for sign in cell) for row in rows]
    return digits == [False, True] and sum(1 for cell in rows[0] if cell.strip()) > 1
