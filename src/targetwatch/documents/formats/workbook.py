"""The visible sheets of a spreadsheet; a merged cell says the same in all the places it covers."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import TYPE_CHECKING

import python_calamine as calamine

from targetwatch.documents import confined
from targetwatch.documents.grid import Decoded, Grid, grid
from targetwatch.errors import DocumentError
from targetwatch.model.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from targetwatch.documents.decode_options import WorkbookOptions

MOST_UNPACKED_BYTES = 300 * 1024 * 1024
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(data: bytes, options: WorkbookOptions, charset: str) -> Decoded:  # noqa: ARG001 - it says how it is written
    """Return a grid a sheet that holds something."""
    if not data.startswith(OLE):
        _check_archive(data)
    try:
        return Decoded(grids=tuple(_grids(calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)), options)))
    except calamine.PasswordError as error:
        raise DocumentError("locked") from error
    except (calamine.CalamineError, ValueError, KeyError, OSError) as error:
        raise DocumentError("damaged", why=str(error)[:200]) from error


def _check_archive(data: bytes) -> None:
    """Refuse what is none, and one that says it is huge, before it is read."""
    found = confined.members(data) if data.startswith(confined.ZIP) else []
    if not {member.filename for member in found} & confined.OF_WORKBOOKS:
        raise DocumentError("no_workbook")
    if sum(member.file_size for member in found) > MOST_UNPACKED_BYTES:
        raise DocumentError("beyond_limits")


def _grids(book: calamine.CalamineWorkbook, options: WorkbookOptions) -> Iterator[Grid]:
    sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet]
    names = [sheet.name for sheet in sheets if sheet.visible == calamine.SheetVisibleEnum.Visible]
    if options.sheet is not None:
        if options.sheet not in [sheet.name for sheet in sheets]:
            raise DocumentError(Problem("no_such_sheet", {"said": options.sheet, "names": names}, where="sheet"))
        names = [options.sheet]
    for name in names:
        sheet = book.get_sheet_by_name(name)
        made = grid(name, ([_text(cell) for cell in row] for row in sheet.iter_rows()))
        if any(map(any, made.rows)):
            yield _filled(made, sheet.merged_cell_ranges or [])


def _filled(made: Grid, merged: list[tuple[tuple[int, int], tuple[int, int]]]) -> Grid:
    rows = [list(row) for row in made.rows] if merged else []
    for (top, left), (bottom, right) in merged:
        for row in rows[top : bottom + 1]:
            row[left : right + 1] = [made.rows[top][left]] * len(row[left : right + 1])
    return Grid(made.name, tuple(map(tuple, rows))) if merged else made


def _text(cell: object) -> str:
    """Return a cell as a person would read it: a number to the fifteen digits a spreadsheet keeps."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return format(Decimal(format(cell, ".15g")), "f") if cell == cell and abs(cell) < float("inf") else ""  # noqa: PLR0124
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    return str(cell)
