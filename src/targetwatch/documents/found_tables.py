"""The table a description speaks of, found in a decoded document: its columns by name, its rows with their places.

Lines of text with a pattern become a table as well: the pattern's named parts are the columns. What a description names
and the document does not hold is told as drift, never passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from targetwatch.documents.description import BRACES, NUMBER, Capture, Condition, Header, Layout, Lines, Numbers
from targetwatch.documents.grid import PackedRows
from targetwatch.documents.printed import number_pattern
from targetwatch.errors import DriftError
from targetwatch.quantity import plain_text

if TYPE_CHECKING:
    from targetwatch.documents.description import TableChoice
    from targetwatch.documents.grid import Decoded, Grid

Row: TypeAlias = tuple[str, ...]
MOST_WAYS = 4096
"""Ways to read the blanks of a line as parting numbers or groups of digits; a line of 18 columns has some hundred."""
GLUE = "\u00a0"
MOST_PRINTED = 3
"""Rows above columns that the description names itself, which say what they are."""
_COUNTED = re.compile(r"[-+]?[\d.,\s%]+")
_FOOTNOTES = re.compile(r"(?:[*#†‡§¹²³⁴⁵⁶⁷⁸⁹]|\s\(\d\))+$")


@lru_cache(maxsize=8192)
def same(text: str) -> str:
    """Return a text as it is compared: blanks, case, full-width signs and footnote marks at its end do not count."""
    return _FOOTNOTES.sub("", re.sub(r"\s+", " ", plain_text(text))).strip().casefold()


@dataclass(frozen=True, slots=True)
class MadeRows:
    """The rows of a large table, made again each time they are gone through: kept, they would fill the memory."""

    made: Callable[[], Iterator[tuple[int, Row]]]

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        return self.made()


@dataclass(frozen=True, slots=True)
class FoundTable:
    """Rows with the place of each; `heads` are the whole headers, several rows joined by ' / '.

    Where columns became rows the last two cells are the header the value stood under, and its place in the row.
    `printed` is what stands above columns that the description names itself, `above` the texts over the whole table,
    `order` all headers as they stand side by side; of lines the words above the first.
    """

    name: str
    heads: tuple[str, ...]
    rows: Iterable[tuple[int, Row]]
    of: Literal["cells", "lines", "unpivoted"] = "cells"
    printed: tuple[str, ...] = ()
    above: tuple[str, ...] = ()
    order: tuple[str, ...] = ()

    def column(self, names: Sequence[str]) -> int:
        """Return the place of the column that one of `names` means: a whole header, a level of one, or words in one.

        Raises:
            DriftError: there is none, or several; 'Total #2' is the second of those headed so, '#2' the second column.
        """
        heads = [" / ".join(same(level) for level in head.split(" / ")) for head in self.heads]
        if (place := re.fullmatch(r"#(\d{1,4})", names[0])) and 0 < int(place[1]) <= len(heads):
            return int(place[1]) - 1
        wanted = [re.fullmatch(r"(.*?)(?: #([1-9]))?", same(one)) for one in names]
        for means in (_whole, _level, within):
            for one in wanted:
                assert one is not None
                found = [place for place, head in enumerate(heads) if means(one[1], head)]
                if one[2] and len(found) >= int(one[2]):
                    return found[int(one[2]) - 1]
                if len(found) == 1:
                    return found[0]
                if found:
                    alike = len({heads[place] for place in found}) == 1
                    some = [f"{self.heads[at]} #{n}" if alike else self.heads[at] for n, at in enumerate(found, 1)]
                    raise DriftError("column_several", said=names[0], names=some[:6])
        raise DriftError(
            "column_gone", said=names[0], names=[head or f"#{n}" for n, head in enumerate(self.heads, 1)][:12]
        )

    def head(self, row: Row, column: int) -> str:
        """Return the header that the value of a row stands under."""
        if self.of == "unpivoted" and self.heads[column] == "value":
            return row[-2]
        return self.printed[column] if column < len(self.printed) else self.heads[column]

    def place(self, number: int, row: Row, column: int) -> str:
        """Return a cell as people name it: Sheet1!C12; of a text the line."""
        if self.of == "lines":
            return str(number)
        column = int(row[-1]) if self.of == "unpivoted" and self.heads[column] == "value" else column
        letters = ""
        while column >= 0:
            column, letters = column // 26 - 1, chr(65 + column % 26) + letters
        return f"{self.name}!{letters}{number}" if self.name else f"{letters}{number}"


def _whole(name: str, head: str) -> bool:
    return name == head


def _level(name: str, head: str) -> bool:
    return name in head.split(" / ")


def within(name: str, head: str) -> bool:
    """Return whether the words stand in a text, as whole words."""
    return bool(name) and bool(re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", head))


def table_of(
    decoded: Decoded, how: Layout, adds_up: Callable[[Mapping[str, str]], bool], *, named: Sequence[str] = ()
) -> FoundTable:
    """Return the table of a layout, its rows filled down, parted, unpivoted; conditions are not yet looked at.

    `adds_up` decides which of several ways to read a line is meant. The columns `named` by a reading tell the header
    where the description does not.
    """
    numbers = how.numbers or Numbers()
    table = _lines(decoded, how.lines, numbers, adds_up) if how.lines else _grid(decoded, how, named)
    if how.rows:
        table = _filled_down(table, [table.column((name,)) for name in how.rows.fill_down])
        for name, heading in how.rows.sections.items():
            table = _sectioned(table, name, heading)
        for name, pattern in how.rows.parts.items():
            table = _parted(
                table, table.column((name,)), re.compile(pattern.replace(NUMBER, f"(?:{number_pattern(numbers)})"))
            )
    return _unpivoted(table, re.compile(how.unpivot.columns)) if how.unpivot else table


def condition(table: FoundTable, where: Mapping[str, Condition], captures: Mapping[str, str]) -> Callable[[Row], bool]:
    """Return what tells whether a row is meant."""
    tests = [(table.column((name,)), one) for name, one in where.items()]

    def fits(row: Row) -> bool:
        return all(_fits(row[place], one, captures) for place, one in tests)

    return fits


def _fits(cell: str, how: Condition, captures: Mapping[str, str]) -> bool:
    plain = same(cell)
    wanted = [same(filled(one, captures)) for one in (*how.is_, *how.in_)]
    if (wanted and plain not in wanted) or plain in [same(filled(one, captures)) for one in how.not_]:
        return False
    return how.pattern is None or bool(re.search(how.pattern, plain_text(cell)))


def filled(template: str, values: Mapping[str, str]) -> str:
    """Return a template with the names it knows filled in."""
    return BRACES.sub(lambda found: values.get(found[1], found[0]), template)


def parts_of(decoded: Decoded, how: TableChoice | None) -> Iterator[tuple[Decoded, dict[str, str]]]:
    """Yield a document for every table that a choice means, with the named parts of its name; itself without."""
    if how is None or how.each is None:
        yield decoded, {}
        return
    hits = [(grid, found) for grid in decoded.grids if (found := re.fullmatch(how.each, plain_text(grid.name)))]
    if not hits:
        raise DriftError("table_gone", said=how.each, names=[grid.name or "?" for grid in decoded.grids][:12], count=0)
    for grid, found in hits:
        yield replace(decoded, grids=(grid,)), {name: value or "" for name, value in found.groupdict().items()}


def texts(decoded: Decoded) -> Iterator[str]:
    """Yield everything printed, a text at a time: the title, lines, rows as lines, cells."""
    yield from (decoded.title, *decoded.lines)
    for grid in decoded.grids:
        yield grid.name
        for row in grid.rows:
            yield " ".join(cell for cell in row if cell)
            yield from row


def captured(decoded: Decoded, captures: Sequence[Capture], name: str) -> dict[str, str]:
    """Return the named parts of every capture.

    Raises:
        DriftError: one is found nowhere, or with different parts in several places.
    """
    found: dict[str, str] = {}
    for one in captures:
        pattern = re.compile(
            next(text for text in (one.title, one.line, one.cell, one.file) if text).replace(NUMBER, r"[\d.,]+")
        )
        where: Iterator[str] = iter([name if one.file else decoded.title])
        if one.line:
            rows = (" ".join(cell for cell in row if cell) for grid in decoded.grids for row in grid.rows)
            where = iter([*decoded.lines, *rows])
        elif one.cell:
            where = (cell for grid in decoded.grids for row in grid.rows for cell in row)
        hits = [pattern.fullmatch(text) if one.cell else pattern.search(text) for text in map(plain_text, where)]
        parts = {tuple((key, value or "") for key, value in hit.groupdict().items()) for hit in hits if hit}
        if len(parts) != 1:
            raise DriftError("capture_several" if parts else "capture_gone", said=pattern.pattern, count=len(parts))
        found |= dict(parts.pop())
    return found


# --- tables ---


def _grid(decoded: Decoded, how: Layout, named: Sequence[str]) -> FoundTable:
    choice = how.table
    grid, first, last = _chosen(decoded.grids, choice) if choice else _only(decoded.grids, how, named)
    words = (named, choice.has if choice else (), ())
    header = how.header or Header(words=next(one for one in words if _in_one_row(grid.rows[first:last], one)))
    printed: tuple[str, ...] = ()
    if header.names:
        heads, start, top = header.names, first, first
        printed = headings([row for row in grid.rows[:first] if any(row)][-MOST_PRINTED:])
    else:
        top = _header_row(grid, header, first, last, fits=_fitting(named, how))
        start = top + header.depth
        heads = headings(grid.rows[top:start])
    width = len(heads)

    def rows() -> Iterator[tuple[int, Row]]:
        for number, row in enumerate(grid.rows[start:last], start + 1):
            if any(row):
                yield number, row if len(row) >= width else (*row, *[""] * (width - len(row)))

    above = tuple(" ".join(dict.fromkeys(cell for cell in row if cell)) for row in grid.rows[:top])
    kept = MadeRows(rows) if isinstance(grid.rows, PackedRows) else tuple(rows())
    return FoundTable(grid.name, heads, kept, printed=printed, above=above, order=printed or heads)


def _fitting(named: Sequence[str], how: Layout) -> Callable[[tuple[str, ...]], bool]:
    """Return what tells whether headers have the columns that are named, or turned into rows."""

    def fits(heads: tuple[str, ...]) -> bool:
        table = FoundTable("", heads, ())
        try:
            columns = [table.column((name,)) for name in named]
        except DriftError:
            return False
        unpivoted = how.unpivot is None or any(re.fullmatch(how.unpivot.columns, head) for head in heads)
        return bool(columns or how.unpivot) and unpivoted

    return fits


def _only(grids: Sequence[Grid], how: Layout, named: Sequence[str]) -> tuple[Grid, int, int]:
    if not grids:
        raise DriftError("no_table")
    words = how.header.words if how.header else ()
    fitting = [grid for grid in grids if _holds(grid, words)]
    if len(fitting) > 1:
        fitting = [grid for grid in fitting if _in_one_row(grid.rows, named)] or fitting
    if len(fitting) != 1:
        code = "table_several" if fitting else "table_gone"
        said = ", ".join(words or named) or "*"
        raise DriftError(code, said=said, names=[grid.name or "?" for grid in grids][:12], count=len(fitting))
    return fitting[0], 0, len(fitting[0].rows)


def _chosen(grids: Sequence[Grid], how: TableChoice) -> tuple[Grid, int, int]:
    """Return the table, its first row and the row after its last."""
    fitting = [grid for grid in grids if _holds(grid, how.has) and (not how.name or same(how.name) == same(grid.name))]
    if not fitting or (len(fitting) > 1 and how.number is None) or len(fitting) < (how.number or 1):
        code = "table_several" if len(fitting) > 1 and how.number is None else "table_gone"
        said = ", ".join(one for one in (how.name, *how.has) if one) or str(how.number)
        raise DriftError(code, said=said, names=[grid.name or "?" for grid in grids][:12], count=len(fitting))
    grid = fitting[(how.number or 1) - 1]
    first = _row_with(grid, how.from_, 0) + 1 if how.from_ else 0
    return grid, first, _row_with(grid, how.until, first + 1) if how.until else len(grid.rows)


def _holds(grid: Grid, words: Sequence[str]) -> bool:
    return all(any(within(same(word), same(cell)) for row in grid.rows for cell in row if cell) for word in words)


def _row_with(grid: Grid, word: str, first: int) -> int:
    for number, row in enumerate(grid.rows[first:], first):
        if any(within(same(word), same(cell)) for cell in row if cell):
            return number
    raise DriftError("word_gone", said=word)


def _in_one_row(rows: Sequence[Row], words: Sequence[str]) -> bool:
    return not words or any(_heads_with(row, words) for row in rows)


def _heads_with(cells: Sequence[str], words: Sequence[str]) -> bool:
    """Return whether the words all stand there, each in a cell of its own: a note may hold them all in one."""
    places = [{place for place, cell in enumerate(cells) if cell and within(same(word), same(cell))} for word in words]
    return all(places) and len(set[int]().union(*places)) >= len(set(map(same, words)))


def _header_row(grid: Grid, header: Header, first: int, last: int, *, fits: Callable[[tuple[str, ...]], bool]) -> int:
    """Return the first row of the header: of several that hold all the words, one that has the columns that are named.

    Otherwise the one most like a header.
    """
    found: list[tuple[int, int]] = []
    for start in range(first, max(first, last - header.depth) + 1):
        cells = [cell for row in grid.rows[start : start + header.depth] for cell in row if cell]
        if cells and _heads_with(cells, header.words):
            counted = sum(1 for cell in cells if _COUNTED.fullmatch(cell) and not re.fullmatch(r"(?:19|20)\d\d", cell))
            found.append((2 * counted - len(cells), start))
            if header.depth == 1 or not header.words:
                break
    if not found:
        raise DriftError("header_gone", said=", ".join(header.words))
    near = sorted(one for one in found if one[1] < found[0][1] + header.depth)
    having = (start for _, start in near if fits(headings(grid.rows[start : start + header.depth])))
    return next(having, near[0][1])


def headings(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the header of each column, its rows joined: merged cells count for all they span, footnotes not."""
    spread: list[list[str]] = []
    for level, row in enumerate(rows):
        cells = [_FOOTNOTES.sub("", re.sub(r"\s+", " ", cell).strip()) for cell in row]
        if level < len(rows) - 1:
            for place in range(1, len(cells)):
                below = any(lower[place] for lower in rows[level + 1 :] if place < len(lower))
                parted = any(above[place] != above[place - 1] for above in spread)
                if not cells[place] and below and not parted:
                    cells[place] = cells[place - 1]
        spread.append(cells)
    return tuple(" / ".join(dict.fromkeys(cell for cell in column if cell)) for column in zip(*spread, strict=False))


def _filled_down(table: FoundTable, columns: Sequence[int]) -> FoundTable:
    if not columns:
        return table

    def rows() -> Iterator[tuple[int, Row]]:
        last = dict.fromkeys(columns, "")
        for number, row in table.rows:
            cells = list(row)
            for place in columns:
                last[place] = cells[place] = cells[place] or last[place]
            yield number, tuple(cells)

    return _changed(table, rows)


def _changed(table: FoundTable, rows: Callable[[], Iterator[tuple[int, Row]]], **changes: Any) -> FoundTable:  # noqa: ANN401 - its fields
    return replace(table, rows=MadeRows(rows) if isinstance(table.rows, MadeRows) else tuple(rows()), **changes)


def _sectioned(table: FoundTable, name: str, heading: Mapping[str, Condition]) -> FoundTable:
    """Return the table with a column of what heads each row: the cell of the last row that is a heading."""
    tests = [(table.column((column,)), one) for column, one in heading.items()]

    def rows() -> Iterator[tuple[int, Row]]:
        said = ""
        for number, row in table.rows:
            said = row[tests[0][0]] if all(_fits(row[place], one, {}) for place, one in tests) else said
            yield number, (*row, said)

    return _changed(table, rows, heads=(*table.heads, name))


def _parted(table: FoundTable, column: int, pattern: re.Pattern[str]) -> FoundTable:
    names = tuple(pattern.groupindex)
    first = next((row[column] for _, row in table.rows if row[column]), "")
    if first and not any(pattern.fullmatch(plain_text(row[column])) for _, row in table.rows if row[column]):
        raise DriftError("parts_fit_nothing", said=first, head=table.heads[column])

    def rows() -> Iterator[tuple[int, Row]]:
        for number, row in table.rows:
            found = pattern.fullmatch(plain_text(row[column]))
            yield number, (*row, *((found[name] or "") if found else "" for name in names))

    return _changed(table, rows, heads=(*table.heads, *names))


def _unpivoted(table: FoundTable, pattern: re.Pattern[str]) -> FoundTable:
    hits = [
        (place, found)
        for place, head in enumerate(table.heads)
        if (found := pattern.fullmatch(_FOOTNOTES.sub("", head)))
    ]
    if not hits:
        raise DriftError("column_gone", said=pattern.pattern, names=[head for head in table.heads if head][:12])
    kept = [place for place in range(len(table.heads)) if place not in {place for place, _ in hits}]
    names = (*(table.heads[place] for place in kept), *pattern.groupindex, "value", "", "")

    def rows() -> Iterator[tuple[int, Row]]:
        for number, row in table.rows:
            for place, found in hits:
                parts = (found[name] or "" for name in pattern.groupindex)
                yield number, (*(row[one] for one in kept), *parts, row[place], table.heads[place], str(place))

    return _changed(table, rows, heads=names, of="unpivoted" if table.of == "cells" else table.of)


# --- lines of text ---


def _lines(decoded: Decoded, how: Lines, numbers: Numbers, adds_up: Callable[[Mapping[str, str]], bool]) -> FoundTable:
    blank = " " in numbers.thousands
    printed = numbers.model_copy(update={"thousands": tuple(GLUE if one == " " else one for one in numbers.thousands)})
    number = f"(?:{number_pattern(printed)})"
    pattern, carry, each = (
        re.compile(one.replace(NUMBER, number)) if one else None for one in (how.pattern, how.carry, how.each)
    )
    assert pattern is not None
    names = [*(carry.groupindex if carry else ()), *pattern.groupindex]
    carried, heads, rows = [""] * (len(names) - len(pattern.groupindex)), list[str](), list[tuple[int, Row]]()
    above = ""
    for place, line in _stretch(decoded.lines, how):
        plain = re.sub(r"\s+", " ", plain_text(line)).strip()
        if carry and (found := carry.fullmatch(plain)):
            carried = [found[name] or "" for name in carry.groupindex]
        elif how.heads and re.fullmatch(how.heads, plain):
            heads = plain.split()
        elif ways := _ways(plain, pattern, blank=blank):
            said = [dict(zip(names, (*carried, *way), strict=True)) for way in ways]
            if each:
                filling = [one for one in said if _repeats(one["values"], heads, each)]
                said = filling or said[:1]
            meant = said if len(said) == 1 else [one for one in said if adds_up(one)]
            if len(meant) != 1:
                raise DriftError("line_several_ways", said=plain, count=len(said))
            rows += [
                (place, tuple(cell.replace(GLUE, " ") for cell in row)) for row in _repeated(meant[0], heads, each)
            ]
        elif not rows:
            above = plain
    names += ("head", *each.groupindex) if each else ()
    return FoundTable("", tuple(names), tuple(rows), "lines", order=tuple(above.split()))


def _repeated(parts: Mapping[str, str], heads: Sequence[str], each: re.Pattern[str] | None) -> Iterator[Row]:
    """Yield a line once, or for every repetition with its head: they must be as many and fill the line."""
    if each is None:
        yield tuple(parts.values())
        return
    found = list(each.finditer(parts["values"]))
    if not _repeats(parts["values"], heads, each):
        raise DriftError("repeated_otherwise", said=parts["values"], count=len(found), expected=len(heads))
    for head, one in zip(heads, found, strict=True):
        yield (*parts.values(), head, *(one[name] or "" for name in each.groupindex))


def _repeats(values: str, heads: Sequence[str], each: re.Pattern[str]) -> bool:
    return len(each.findall(values)) == len(heads) and not each.sub("", values).strip()


def _stretch(lines: Sequence[str], how: Lines) -> Iterator[tuple[int, str]]:
    """Yield the lines between the words of a layout, with their numbers from 1."""
    first = 0
    for word in how.from_:
        first = next(
            (place + 1 for place, line in enumerate(lines[first:], first) if within(same(word), same(line))), -1
        )
        if first < 0:
            raise DriftError("word_gone", said=word)
    for place, line in enumerate(lines[first:], first + 1):
        if how.until and within(same(how.until), same(line)):
            return
        yield place, line
    if how.until:
        raise DriftError("word_gone", said=how.until)


def _ways(plain: str, pattern: re.Pattern[str], *, blank: bool) -> list[Row]:
    """Return every way in which a line fits the pattern; several only where a blank parts digits as well as numbers."""
    pieces = re.split(r"(?<=\d) (?=\d{3}(?:[.,]\d+)?(?: |$))", plain) if blank else [plain]
    if 2 ** (len(pieces) - 1) > MOST_WAYS:
        raise DriftError("line_several_ways", said=plain, count=2 ** (len(pieces) - 1))
    fits: dict[Row, None] = {}
    for glue in product(f" {GLUE}", repeat=len(pieces) - 1):
        if found := pattern.fullmatch("".join(map("".join, zip(pieces, (*glue, ""), strict=True)))):
            way = tuple(found[name] or "" for name in pattern.groupindex)
            fits.setdefault(way if "values" in pattern.groupindex else tuple(one.replace(GLUE, " ") for one in way))
    return list(fits)
