"""A document from its bytes: first what it is not, then its tables and lines, then several pages as one."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from targetwatch.documents.confined import (
    GZIP,
    MOST_BYTES,
    NEVER,
    ZIP,
    Deadline,
    is_archive,
    read_confined,
    read_here,
    unpacked,
)
from targetwatch.documents.decode_options import Decode
from targetwatch.documents.grid import MOST_ROWS, Decoded, Grid, grid
from targetwatch.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Decode", "decode", "guessed", "joined"]

READ_HERE = frozenset({"csv", "json", "jsonstat"})
MOST_BYTES_HERE = 1_000_000
"""More is read in a process of its own whatever it is: the service answers in the meantime."""
LOOKED_AT = 65_536
MARKS = {
    "pdf": re.compile(rb"%PDF-"),
    "workbook": re.compile(rb"PK\x03\x04|\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "html": re.compile(rb"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL),
    "xml": re.compile(rb"<[?!\w]"),
    "json": re.compile(rb'[\[{]\s*["\[{\]}\d]'),
}
OTHERS = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"Rar!": "RAR",
}
EXCEL_PAGE = b"urn:schemas-microsoft-com:office:excel"
"""What is in a page that a spreadsheet program wrote, which offices hand out under the name of a workbook."""
PAGES = frozenset({"html", "article"})
_PAGE_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
PASSWORD = re.compile(rb"""<input[^>]{0,500}\btype\s*=\s*["']?password""", re.IGNORECASE)


def decode(
    data: bytes,
    how: Decode,
    *,
    name: str = "",
    content_type: str = "",
    charset: str = "",
    most_rows: int = MOST_ROWS,
    deadline: Deadline = NEVER,
) -> Decoded:
    """Return the document; `charset` is what its sender declared, or `content_type` does, `name` what it is called.

    Raises:
        DocumentError: it is empty, too large, damaged, locked, something else than described, or not to be read.
    """
    charset = charset or content_type.casefold().partition("charset=")[2].partition(";")[0].strip(" \"'")
    try:
        if how.format == "workbook" and EXCEL_PAGE in data[:LOOKED_AT]:
            how = Decode.model_validate("html")
        _refuse_another(data, how.format)
        if how.format in READ_HERE and len(data) <= MOST_BYTES_HERE and not data.startswith((ZIP, GZIP)):
            return read_here(data, how, charset)
        return read_confined(data, how, charset, most_rows, deadline)
    except DocumentError as error:
        raise DocumentError(*(one if one.file else one.at(file=name) for one in error.problems)) from error


def _refuse_another(data: bytes, kind: str) -> None:
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise DocumentError("empty_document")
    if len(data) > MOST_BYTES:
        raise DocumentError("document_too_large", most=Decimal(MOST_BYTES))
    if kind != "pdf" and (another := next((name for mark, name in OTHERS.items() if data.startswith(mark)), None)):
        raise DocumentError("another_format", found=another, expected=kind)
    if kind not in PAGES and MARKS["html"].match(_start(data)):
        if PASSWORD.search(data):
            raise DocumentError("login_page")
        title = _PAGE_TITLE.search(data[:20_000].decode("utf-8", "replace"))
        if title and title[1].strip():
            raise DocumentError("page_instead_titled", title=" ".join(title[1].split())[:100])
        raise DocumentError("page_instead")


def guessed(data: bytes, content_type: str = "") -> Decode:
    """Return what a document is taken for by its first bytes, and where they say nothing by what its sender calls it.

    A page is `html`; whether it is an `article` only a person knows.
    """
    if is_archive(data):
        return guessed(unpacked(data, None))
    found = next((name for name, mark in MARKS.items() if mark.match(_start(data))), None)
    if found is None:
        found = next((name for name in ("html", "json", "xml") if name in content_type), "csv")
    if found == "json" and re.search(rb'"dimension"\s*:', data) and re.search(rb'"value"\s*:', data):
        found = "jsonstat"
    elif found in {"json", "xml"} and re.search(rb'"dataSets"\s*:|/sdmx/|SDMX', data[:LOOKED_AT]):
        found = "sdmx"
    return Decode.model_validate(found)


def _start(data: bytes) -> bytes:
    return data[:LOOKED_AT].lstrip(b"\xef\xbb\xbf \t\r\n")


def joined(pages: Sequence[Decoded]) -> Decoded:
    """Return the pages of one answer as one document: rows below rows, a header that is repeated once.

    Columns in another order are put in that of the first page, and one that only a later page has is added.

    Raises:
        DocumentError: `page_twice`, `page_without_table`, or `pages_differ` in their tables or columns.
    """
    first = pages[0]
    for number, page in enumerate(pages[1:], start=2):
        if len(page.grids) != len(first.grids):
            raise DocumentError("pages_differ", number=number)
        if page.grids and page in pages[: number - 1]:
            raise DocumentError("page_twice", number=number)
    return Decoded(
        grids=tuple(_appended([page.grids[place] for page in pages]) for place in range(len(first.grids))),
        lines=tuple(line for page in pages for line in page.lines),
        title=first.title,
        published_on=first.published_on,
    )


def _appended(grids: Sequence[Grid]) -> Grid:
    whole = [one for one in grids if one.rows]
    if not whole:
        return grids[0]
    header = list(whole[0].rows[0])
    rows = [list(row) for row in whole[0].rows]
    for one in whole[1:]:
        names = one.rows[0]
        if names == tuple(header[: len(names)]):
            rows += map(list, one.rows[1:])
        elif len(set(names)) == len(names) and len(set(names) & set(header)) * 2 > len(names):
            header += [name for name in names if name not in header]
            rows[0] = header
            rows += ([dict(zip(names, row, strict=True)).get(name, "") for name in header] for row in one.rows[1:])
        elif len(names) == len(header):
            rows += map(list, one.rows)
        else:
            raise DocumentError("pages_differ", number=grids.index(one) + 1)
    return grid(grids[0].name, rows)
