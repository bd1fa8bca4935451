"""Spreadsheets made by hand, good ones and such as are meant to do harm."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
HEAD = f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>'
TAIL = "</sheetData></worksheet>"
MEGABYTE = 1024 * 1024
FIRST_SHEET = "xl/worksheets/sheet1.xml"
Content = str | Iterable[str]


def xlsx(rows: Iterable[Iterable[object]], *, more: dict[str, Iterable[Iterable[object]]] | None = None) -> bytes:
    """Return a workbook of a sheet "Data", and of `more` ones; a cell that is a pair is a formula and its value."""
    sheets = {"Data": rows, **(more or {})}
    return book({name: _sheet(some) for name, some in sheets.items()})


def book(sheets: dict[str, Content], *, shared: Content | None = None) -> bytes:
    """Return a workbook of sheets given as XML, one after the other, and of one shared text."""
    made = io.BytesIO()
    numbers = range(1, len(sheets) + 1)
    types = "".join(f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{SHEET_TYPE}"/>' for n in numbers)
    names = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1))
    parts = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    if shared is not None:
        parts += f'<Relationship Id="rId99" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<?xml version="1.0"?><Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{BOOK_TYPE}"/>{types}</Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<?xml version="1.0"?><Relationships xmlns="{PACKAGE}/relationships">{parts}</Relationships>',
        )
        if shared is not None:
            _put(archive, "xl/sharedStrings.xml", shared)
        for number, content in zip(numbers, sheets.values(), strict=True):
            _put(archive, f"xl/worksheets/sheet{number}.xml", content)
    return made.getvalue()


def ods(rows: Iterable[Iterable[object]], *, tail: str = "") -> bytes:
    """Return an OpenDocument spreadsheet; `tail` is put after its rows as it is."""
    made = io.BytesIO()
    space = "urn:oasis:names:tc:opendocument:xmlns"
    body = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr(
            "META-INF/manifest.xml",
            f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="{space}:manifest:1.0"/>',
        )
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content xmlns:office="{space}:office:1.0" '
            f'xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0"><office:body><office:spreadsheet>'
            f'<table:table table:name="Data">{body}{tail}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
        )
    return made.getvalue()


def lying(data: bytes, *, size: int, name: str = FIRST_SHEET) -> bytes:
    """Return an archive whose headers say that a member unpacks to `size` bytes."""
    changed, wanted, place = bytearray(data), name.encode(), 0
    while (place := changed.find(wanted, place)) >= 0:
        for mark, size_at, name_at in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
            start = place - name_at
            if start >= 0 and changed[start : start + 4] == mark:
                changed[start + size_at : start + size_at + 4] = struct.pack("<I", size)
        place += len(wanted)
    return bytes(changed)


def shared_text(megabytes: int) -> list[str]:
    """Return one shared text of that size."""
    first = f'<?xml version="1.0"?><sst xmlns="{MAIN}" count="1" uniqueCount="1"><si><t>'
    return [first, *["x" * MEGABYTE] * megabytes, "</t></si></sst>"]


def _sheet(rows: Iterable[Iterable[object]]) -> str:
    made = [f'<row r="{n}">{"".join(_cell(c, n, v) for c, v in enumerate(row))}</row>' for n, row in enumerate(rows, 1)]
    return HEAD + "".join(made) + TAIL


def _cell(column: int, row: int, value: object) -> str:
    place = f"{chr(ord('A') + column)}{row}"
    if isinstance(value, tuple):
        formula, result = value
        return f'<c r="{place}"><f>{formula}</f><v>{result}</v></c>'
    if isinstance(value, (int, float)):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>' if value else ""


def _ods_cell(value: object) -> str:
    if isinstance(value, (int, float)):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
    return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'


def _put(archive: zipfile.ZipFile, name: str, content: Content) -> None:
    if isinstance(content, str):
        archive.writestr(name, content)
        return
    with archive.open(name, "w", force_zip64=True) as member:
        for part in content:
            member.write(part.encode())
