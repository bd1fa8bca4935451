"""Reads one spreadsheet in a process of its own, within limits of memory and time, and prints its cells as JSON.

Started by `sheets` as a plain script: whatever a file does to the reader, it does it here. The file comes on
standard input, and no path is ever opened.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import resource
import sys
from decimal import Decimal
from typing import Any


def main() -> None:
    """Print {"sheets": [{"name": ..., "rows": [[...]]}]}, or {"refused": why}."""
    memory, seconds, most_rows, most_columns, most_characters = (int(said) for said in sys.argv[1:])
    for limit, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    data = sys.stdin.buffer.read()
    sys.stdout.write(json.dumps(_read(data, most_rows, most_columns, most_characters), ensure_ascii=True))


def _read(data: bytes, most_rows: int, most_columns: int, most_characters: int) -> dict[str, Any]:
    import python_calamine as calamine  # noqa: PLC0415 - not before the limits hold

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        visible = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == calamine.SheetVisibleEnum.Visible and sheet.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        sheets, left = [], most_characters
        for name in visible:
            sheet = book.get_sheet_by_name(name)
            last_row = sheet.end[0] + 1 if sheet.end else 0
            if last_row > most_rows:
                return {"refused": "rows", "found": last_row}
            if sheet.width > most_columns:
                return {"refused": "columns", "found": sheet.width}
            rows = []
            for cells in sheet.iter_rows():
                row = [_text(cell) for cell in cells]
                left -= sum(len(cell) for cell in row)
                if left < 0:
                    return {"refused": "characters"}
                rows.append(row)
            if any(any(row) for row in rows):
                sheets.append({"name": name, "rows": rows})
    except calamine.PasswordError:
        return {"refused": "password"}
    except (calamine.CalamineError, ValueError, KeyError, OSError) as error:
        return {"refused": "damaged", "said": str(error)[:200]}
    return {"sheets": sheets}


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
    return str(cell).strip()


if __name__ == "__main__":
    main()
