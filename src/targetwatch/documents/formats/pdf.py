"""The text of a PDF by line, in the order in which it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pypdfium2

from targetwatch.documents.grid import Decoded, grid
from targetwatch.errors import DocumentError
from targetwatch.model.problem import Problem

if TYPE_CHECKING:
    from targetwatch.documents.decode_options import PdfOptions

MOST_PAGES = 500
TAIL_BYTES = 2_048
JOINTS = str.maketrans({"\x02": "-", "\ufffe": "-", "\u00ad": "-"})
"""What PDFium puts where a word is broken at the end of a line."""


def read(data: bytes, options: PdfOptions, charset: str) -> Decoded:  # noqa: ARG001 - it says how it is written
    """Return the lines, and a grid "page N" of them for every page, one cell a row."""
    if b"%PDF-" not in data[:1024]:
        raise DocumentError("no_pdf")
    if b"%%EOF" not in data[-TAIL_BYTES:]:
        raise DocumentError("cut_off")
    try:
        return _decoded(pypdfium2.PdfDocument(data), options)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error):
            raise DocumentError("locked") from error
        raise DocumentError("damaged", why=str(error)) from error


def _decoded(book: pypdfium2.PdfDocument, options: PdfOptions) -> Decoded:
    numbers = _numbers(options.pages, len(book))
    if len(numbers) > MOST_PAGES:
        raise DocumentError("too_many_pages", found=len(numbers), most=MOST_PAGES)
    pages = {number: _lines(book[number - 1]) for number in numbers}
    if not any(pages.values()):
        raise DocumentError("no_text_in_pdf")
    return Decoded(
        grids=tuple(grid(f"page {number}", ([line] for line in lines)) for number, lines in pages.items() if lines),
        lines=tuple(line for lines in pages.values() for line in lines),
        title=" ".join(book.get_metadata_value("Title").split()),
    )


def _numbers(said: str | None, count: int) -> list[int]:
    if said is None:
        return list(range(1, count + 1))
    numbers: list[int] = []
    for part in said.replace(" ", "").split(","):
        first, _, last = part.partition("-")
        numbers += range(int(first), int(last or first) + 1)
    if max(numbers) > count:
        raise DocumentError(Problem("no_such_page", {"said": said, "count": count}, where="pages"))
    return numbers


def _lines(page: pypdfium2.PdfPage) -> list[str]:
    text = page.get_textpage().get_text_bounded().translate(JOINTS)
    return [line for line in (" ".join(line.split()) for line in text.splitlines()) if line]
