"""The tables of a page, each in its own grid with its spans filled, and the text around them by line."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from lxml import etree, html

from targetwatch.documents.grid import MOST_COLUMNS, Decoded, Grid, grid, text_of
from targetwatch.documents.printed import DAY, ERROR_PAGE, PUBLISHED_ON
from targetwatch.errors import DocumentError

if TYPE_CHECKING:
    from targetwatch.documents.decode_options import TextOptions

UNSEEN = frozenset({"script", "style", "noscript", "template", "svg", "head", "select", "textarea", "iframe"})
WITHIN_A_LINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "ins", "kbd", "label", "mark", "nobr"}
    | {"q", "s", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "o:p", "st1:chsdate"}
)
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
MOST_SPANNED = 1_000
LONGEST_NAME = 200
POWERS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
FEW_WORDS = 1_500
PUBLISHED = frozenset({"article:published_time", "pubdate", "publishdate", "datepublished", "dcterms.issued"})
_META = re.compile(r"<meta\b[^>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(\w+)\s*=\s*["']([^"']*)["']""")


def read(data: bytes, options: TextOptions, charset: str) -> Decoded:
    """Return a grid for every table of two rows and columns or more, named by its caption, or by what heads it.

    A table that holds others gives only what is its own. What surrounds the tables are lines.

    Raises:
        DocumentError: `login_page`, `cut_off`, or `nested_too_deeply`.
    """
    text = text_of(data, options.charset, charset)
    page = parsed(text)
    walk = _Walk()
    walk.through(page)
    if page.xpath("//input[translate(@type, 'PASWORD', 'pasword') = 'password']") and not any(
        sign.isdigit() for table in walk.grids for row in table.rows for cell in row for sign in cell
    ):
        raise DocumentError("login_page")
    title = " ".join((page.findtext(".//title") or "").split())
    if not walk.grids:
        refuse_error_page(title, walk.lines)
    return Decoded(
        grids=tuple(walk.grids),
        lines=tuple(walk.lines),
        title=title,
        published_on=day_of(text),
    )


def refuse_error_page(title: str, lines: list[str]) -> None:
    """Raise DocumentError when a page of few words has the title of an error, or says it first."""
    for said in (title, *lines[:1]):
        if ERROR_PAGE.search(said) and sum(map(len, lines)) < FEW_WORDS:
            raise DocumentError("error_page", title=said[:100])


def parsed(text: str) -> Any:  # noqa: ANN401 - lxml has no types
    """Return the page as a tree, whatever its text says it is written in."""
    lower = text.casefold()
    if "<html" in lower and "</html" not in lower and lower.count("<table") > lower.count("</table"):
        raise DocumentError("cut_off")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        page = html.document_fromstring(text.encode(), parser=parser)
    except etree.XMLSyntaxError as error:  # what is wrong with a page is mended; this is memory that has run out
        raise DocumentError("beyond_limits") from error
    except etree.ParserError as error:
        raise DocumentError("empty_document") from error
    if any("depth" in one.message for one in parser.error_log):
        raise DocumentError("nested_too_deeply")
    return page


def day_of(text: str) -> date | None:
    """Return the day of publication that a page names in its head, or behind words that say so."""
    for meta in _META.findall(text):
        told = dict(_ATTRIBUTE.findall(meta))
        name = (told.get("property") or told.get("name") or told.get("itemprop") or "").casefold()
        if name in PUBLISHED and (day := _day(DAY.match(told.get("content", "").strip()))):
            return day
    return _day(PUBLISHED_ON.search(text))


def _day(found: re.Match[str] | None) -> date | None:
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


class _Walk:
    """What was met on the way through a page: its tables, its lines, and the last heading."""

    def __init__(self) -> None:
        self.grids: list[Grid] = []
        self.lines: list[str] = []
        self.heading = ""
        self._line: list[str] = []

    def through(self, page: Any) -> None:  # noqa: ANN401 - lxml has no types
        walk = etree.iterwalk(page, events=("start", "end"))
        for event, element in walk:
            if event == "end":
                self._ended(element)
            elif is_unseen(element) or (element.tag == "table" and self._took(element)):
                walk.skip_subtree()
            else:
                self._started(element)
        self._broke()

    def _started(self, element: Any) -> None:  # noqa: ANN401 - lxml has no types
        if element.tag not in WITHIN_A_LINE:
            self._broke()
        self._line.append(element.text or "")

    def _ended(self, element: Any) -> None:  # noqa: ANN401 - lxml has no types
        if element.tag not in WITHIN_A_LINE:
            self._broke()
        if element.tag in HEADINGS:
            self.heading = cell_text(element) or self.heading
        self._line.append(element.tail or "")

    def _broke(self) -> None:
        line = " ".join("".join(self._line).split())
        if line:
            self.lines.append(line)
        self._line.clear()

    def _took(self, table: Any) -> bool:  # noqa: ANN401 - lxml has no types
        """Return whether all of a table is in grids now; what is laid out by one, and not told, is text."""
        inner = table.xpath(".//table")
        rows = _rows(table)
        filled = [row for row in rows if sum(map(bool, row)) > 1]
        if len(filled) < 2 or (inner and not any(sign.isdigit() for row in filled for cell in row for sign in cell)):  # noqa: PLR2004 - a header and a row
            return False
        self._broke()
        caption = table.find("caption")
        name = cell_text(caption) if caption is not None else self.heading or (self.lines[-1] if self.lines else "")
        self.grids.append(grid(name[:LONGEST_NAME], rows))
        for one in inner:
            if one.xpath("ancestor::table[1]")[0] is table:
                self._took(one)
        return True


def _rows(table: Any) -> list[list[str]]:  # noqa: ANN401 - lxml has no types
    """Return the rows of a table itself, the text of a cell in all the places it spans."""
    rows: list[list[str]] = []
    hanging: dict[int, tuple[int, str]] = {}
    for row in table.xpath("./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr"):
        if is_unseen(row):
            continue
        cells: list[str] = []
        for cell in row.xpath("./td | ./th"):
            if is_unseen(cell):
                continue
            _hang(cells, hanging)
            text, down = cell_text(cell), _span(cell, "rowspan")
            for _ in range(_span(cell, "colspan")):
                if down > 1:
                    hanging[len(cells)] = (down - 1, text)
                cells.append(text)
            if len(cells) > MOST_COLUMNS:
                raise DocumentError("too_many_columns", found=len(cells), most=MOST_COLUMNS)
        _hang(cells, hanging)
        rows.append(cells)
    return rows


def _hang(cells: list[str], hanging: dict[int, tuple[int, str]]) -> None:
    """Append what hangs down from rows above into the next places."""
    while (place := len(cells)) in hanging:
        left, text = hanging.pop(place)
        cells.append(text)
        if left > 1:
            hanging[place] = (left - 1, text)


def _span(cell: Any, name: str) -> int:  # noqa: ANN401 - lxml has no types
    said = (cell.get(name) or "1").strip()
    return min(max(int(said), 1), MOST_SPANNED) if said.isascii() and said.isdigit() else 1


def is_unseen(element: Any) -> bool:  # noqa: ANN401 - lxml has no types
    """Return whether a browser shows nothing of an element."""
    style = "".join((element.get("style") or "").split()).casefold()
    return element.tag in UNSEEN or element.get("hidden") is not None or "display:none" in style


def cell_text(element: Any) -> str:  # noqa: ANN401 - lxml has no types
    """Return the text of a cell in one line, without tables in it; a raised mark behind a digit in brackets: 12[1]."""
    parts: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, one in walk:
        if event == "end":
            if one is not element:
                parts.append((" " if one.tag not in WITHIN_A_LINE else "") + (one.tail or ""))
        elif one is not element and (one.tag == "table" or is_unseen(one)):
            walk.skip_subtree()
        elif one.tag == "sup" and one is not element:
            parts.append(_raised("".join(one.itertext()).strip(), "".join(parts).rstrip()))
            walk.skip_subtree()
        else:
            parts.append((" " if one.tag not in WITHIN_A_LINE else "") + (one.text or ""))
    return " ".join("".join(parts).split())


def _raised(text: str, before: str) -> str:
    if not text:
        return ""
    if text.isascii() and text.isdigit() and not before[-1:].isdigit():
        return text.translate(POWERS)
    return text if text in {"*", "#", "†", "‡"} else f"[{text.strip('[]()')}]"
