"""What happens to published documents from one time to the next: kinds that must be noticed, and harmless ones.

A mutation takes a document as decoded, with what was picked of it, and returns another, or None where it does not fit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from targetwatch.checks import History, check_against
from targetwatch.checks.past import a_year_from
from targetwatch.documents.description import Pick
from targetwatch.documents.grid import Decoded, Grid
from targetwatch.documents.guards import contradicts, drifted
from targetwatch.documents.pick import Picked, pick
from targetwatch.documents.printed import months_after
from targetwatch.model import Basis, Indicator, Measure, Period, Reading, Text
from targetwatch.quantity import convert, format_period

PLACE = re.compile(r"(?:(?P<grid>.*)!)?(?P<letters>[A-Z]+)(?P<row>\d+)")
DONE = {ord(digit): chr(0xE000 + int(digit)) for digit in "0123456789"}
"""What was changed already in a line is not taken for what is still to be changed."""
UNDONE = {ord(other): chr(digit) for digit, other in DONE.items()}
NUMBER = re.compile(r"[+-]?\d[\d,. ]*%?")


@dataclass(frozen=True)
class Document:
    """A document as decoded, its description, and what was picked from it."""

    decoded: Decoded
    how: Pick
    picked: Picked

    @property
    def in_lines(self) -> bool:
        """Return whether it is read line by line."""
        return bool(self.picked.places) and self.picked.places[0].isdigit()

    def cell(self, place: str) -> tuple[int, int, int]:
        """Return grid, row and column of a place; of a line the grid is -1."""
        if place.isdigit():
            return -1, int(place) - 1, 0
        found = PLACE.fullmatch(place)
        assert found is not None
        column = 0
        for letter in found["letters"]:
            column = column * 26 + ord(letter) - 64
        names = [grid.name for grid in self.decoded.grids]
        return names.index(found["grid"] or ""), int(found["row"]) - 1, column - 1

    def monthly(self) -> list[tuple[Reading, str]]:
        """Return the readings of the series with most of them, by period."""
        series: dict[tuple[str, Basis], list[tuple[Reading, str]]] = {}
        for reading, place in zip(self.picked.readings, self.picked.places, strict=True):
            series.setdefault((reading.indicator, reading.basis), []).append((reading, place))
        return sorted(max(series.values(), key=len), key=lambda one: one[0].period)

    def with_values(self, changes: Iterable[tuple[Reading, str, Decimal]]) -> Decoded | None:
        """Return the document with other values printed where these readings stand."""
        lines, grids = list(self.decoded.lines), [[list(row) for row in grid.rows] for grid in self.decoded.grids]
        for reading, place, value in changes:
            grid, row, column = self.cell(place)
            if grid >= 0:
                grids[grid][row][column] = printed(value, grids[grid][row][column])
                continue
            for mark in ("", ",", " "):
                old = f"{reading.value:,}".replace(",", mark)
                if re.search(rf"(?<![\d.,-]){re.escape(old)}(?![\d.,])", lines[row]):
                    new = f"{value:,}".replace(",", mark).translate(DONE)
                    lines[row] = re.sub(rf"(?<![\d.,-]){re.escape(old)}(?![\d.,])", new, lines[row], count=1)
                    break
            else:
                return None
        return remade(self.decoded, grids, [line.translate(UNDONE) for line in lines])

    def columns(self) -> list[int]:
        """Return the columns of the first table in which values stand."""
        if self.in_lines:
            return []
        return sorted({self.cell(place)[2] for place in self.picked.places})


def printed(value: Decimal, like: str) -> str:
    """Return a value in the notation of another."""
    return f"{value:,}" if "," in like else str(value)


def remade(decoded: Decoded, grids: list[list[list[str]]], lines: list[str]) -> Decoded:
    """Return a document with other cells and lines."""
    made = tuple(Grid(old.name, tuple(map(tuple, rows))) for old, rows in zip(decoded.grids, grids, strict=True))
    return replace(decoded, grids=made, lines=tuple(lines))


def every_text(document: Document, change: Callable[[str], str], *, rows: slice = slice(None)) -> Decoded | None:
    """Return the document with every text changed; None where nothing changes."""
    decoded = document.decoded
    grids = [[list(row) for row in grid.rows] for grid in decoded.grids]
    for grid in grids:
        grid[rows] = [[change(cell) for cell in row] for row in grid[rows]]
    made = replace(remade(decoded, grids, [change(line) for line in decoded.lines]), title=change(decoded.title))
    return None if made == decoded else made


Rows = list[list[str]]


def every_row(document: Document, change: Callable[[Rows, Rows], Rows]) -> Decoded | None:
    """Return the document with the rows of its first table changed, given as those of the header and those below."""
    if document.in_lines:
        return None
    first, *others = document.decoded.grids
    start = min(document.cell(place)[1] for place in document.picked.places)
    changed = [list(row) for row in first.rows]
    rows = change(changed[:start], changed[start:])
    return replace(document.decoded, grids=(Grid(first.name, tuple(map(tuple, rows))), *others))


# --- what must be noticed ---

UNITS = [
    ("'000 TEUs", "TEUs"),
    ("千標準貨櫃單位", "標準貨櫃單位"),
    ("Mill.", "Miles"),
    ("M.U$S", "U$S"),
    ("thousand", "million"),
]
CURRENCIES = [("Euro", "US dollar"), ("US$", "EUR"), ("u$s", "eur"), ("U$S", "EUR"), ("USD", "CNY"), ("EUR", "JPY")]


def _replaced(pairs: list[tuple[str, str]]) -> Callable[[str], str]:
    def change(text: str) -> str:
        for old, new in pairs:
            if old in text:
                return text.replace(old, new)
        return text

    return change


def unit_in_note(document: Document) -> Decoded | None:
    """1. Another unit in the title or a note."""
    return every_text(document, _replaced(UNITS)) if document.in_lines else None


def currency(document: Document) -> Decoded | None:
    """2. Another currency, wherever it is printed."""
    return every_text(document, _replaced(CURRENCIES))


def unit_in_header(document: Document) -> Decoded | None:
    """3. Another unit in the header."""
    return None if document.in_lines else every_text(document, _replaced(UNITS), rows=slice(1))


def column_inserted(document: Document) -> Decoded | None:
    """4. A column before the others."""
    if document.in_lines:
        lines = [re.sub(r"(?<= )(?=\d)", "77 ", line, count=1) for line in document.decoded.lines]
        return replace(document.decoded, lines=tuple(lines))
    return every_row(
        document,
        lambda head, body: [*([row[0], "New", *row[1:]] for row in head), *([row[0], "77", *row[1:]] for row in body)],
    )


def _swapped(row: list[str], one: int, other: int) -> list[str]:
    row[one], row[other] = row[other], row[one]
    return row


def values_swapped(document: Document) -> Decoded | None:
    """5. Two columns swapped under their headers."""
    columns = document.columns()
    if len(columns) < 2:
        columns = sorted({*columns, *([columns[0] + 1] if columns and _is_number(document, columns[0] + 1) else [])})
    if len(columns) < 2:
        return None
    one, other = columns[0], columns[-1]
    return every_row(document, lambda head, body: [*head, *(_swapped(row, one, other) for row in body)])


def _is_number(document: Document, column: int) -> bool:
    rows = document.decoded.grids[0].rows
    return column < len(rows[0]) and bool(NUMBER.fullmatch(rows[-1][column]))


def headers_swapped(document: Document) -> Decoded | None:
    """5. Headers swapped over their columns."""
    columns = document.columns()
    if len(columns) < 2:
        return None
    return every_row(document, lambda head, body: [*head[:-1], _swapped(head[-1], columns[0], columns[-1]), *body])


def column_dropped(document: Document) -> Decoded | None:
    """6. A column that is read is gone."""
    if document.in_lines:
        lines = [re.sub(r"(?<=[A-Za-z\d]) [\d,.]+(?= [\d,.-]+)", "", line, count=1) for line in document.decoded.lines]
        return replace(document.decoded, lines=tuple(lines))
    gone = (document.columns() or [0])[0]
    return every_row(document, lambda head, body: [[*row[:gone], *row[gone + 1 :]] for row in [*head, *body]])


def row_renamed(document: Document) -> Decoded | None:
    """7. What names a row is called otherwise."""
    words = [
        "Overall",
        "Cumulative",
        "pesqueras",
        "United States",
        "All",
        "chongqing",
        "NZD",
        "PZINC",
        "SVK",
        "NY.GNP.PCAP.CD",
        "IT",
    ]
    decoded = document.decoded
    for word in words:
        found = any(word == cell for grid in decoded.grids for row in grid.rows for cell in row)
        if found or (document.in_lines and any(word in line.split() or word in line for line in decoded.lines)):
            return every_text(
                document, lambda text, word=word: re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", "Renamed", text)
            )  # type: ignore[misc]
    return None


def row_doubled(document: Document) -> Decoded | None:
    """8. A row stands twice, with another value."""
    reading, place = document.monthly()[-1]
    grid, row, _ = document.cell(place)
    other = document.with_values([(reading, place, reading.value + max(Decimal(1), round(reading.value / 10, 0)))])
    if other is None:
        return None
    if grid < 0:
        lines = list(document.decoded.lines)
        return replace(other, lines=(*lines[: row + 1], other.lines[row], *lines[row + 1 :]))
    rows = other.grids[grid].rows
    made = (*document.decoded.grids[grid].rows[: row + 1], rows[row], *document.decoded.grids[grid].rows[row + 1 :])
    return replace(
        other, grids=tuple(Grid(one.name, made) if place == grid else one for place, one in enumerate(other.grids))
    )


def next_file(document: Document) -> Decoded | None:
    """9. The figures of the next time under the periods of this one."""
    some = document.monthly()
    if len(some) < 3:
        return None
    return document.with_values([(one, place, later.value) for (one, place), (later, _) in pairwise(some)])


def total_off(document: Document) -> Decoded | None:
    """11. A total is not the sum of its parts."""
    if not document.how.guards.sum:
        return None
    reading, place = document.monthly()[len(document.monthly()) // 2]
    return document.with_values([(reading, place, reading.value + round(reading.value / 5, 0))])


def marks_changed(document: Document) -> Decoded | None:
    """12. A decimal comma for the point, or another mark between thousands."""

    def change(text: str) -> str:
        if re.fullmatch(r"[+-]?\d+\.\d+", text):
            return text.replace(".", ",")
        return re.sub(r"(?<=\d),(?=\d{3})", ".", text)

    if document.in_lines:
        lines = [" ".join(change(word) for word in line.split(" ")) for line in document.decoded.lines]
        return None if tuple(lines) == document.decoded.lines else replace(document.decoded, lines=tuple(lines))
    return every_text(document, change, rows=slice(1, None))


def thousands_as_points(document: Document) -> Decoded | None:
    """12. Groups of three parted by a point where nothing parted them."""
    some = [
        (reading, place) for reading, place in document.monthly() if reading.value >= 1000 and reading.value % 1 == 0
    ]
    if document.in_lines or not some:
        return None
    grids = [[list(row) for row in grid.rows] for grid in document.decoded.grids]
    for reading, place in some:
        grid, row, column = document.cell(place)
        grids[grid][row][column] = f"{reading.value:,}".replace(",", ".")
    return remade(document.decoded, grids, list(document.decoded.lines))


def page_withheld(document: Document) -> Decoded | None:
    """13. A stretch of rows is missing."""
    if document.in_lines or len(document.picked.readings) < 8:
        return None
    return every_row(document, lambda head, body: [*head, *body[: len(body) // 3], *body[len(body) * 2 // 3 :]])


def page_twice(document: Document) -> Decoded | None:
    """13. A page came a second time in place of another."""
    if document.in_lines or len(document.picked.readings) < 30:
        return None
    return every_row(document, lambda head, body: [*head, *body[: len(body) // 2], *body[: len(body) - len(body) // 2]])


def history_rewritten(document: Document) -> Decoded | None:
    """14. Many past figures are others."""
    some = document.monthly()
    if len(some) < 4:
        return None
    return document.with_values(
        [(one, place, _grown(one.value, "1.07")) for one, place in some[: max(5, len(some) // 2)]]
    )


def _grown(value: Decimal, factor: str) -> Decimal:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    return (value * Decimal(factor)).quantize(Decimal(1).scaleb(min(0, exponent)))


def growth_contradicts(document: Document) -> Decoded | None:
    """15. The growth of the newest figure is another."""
    known = {(one.indicator, one.key) for one in document.picked.readings}
    some = [(one, place) for one, place in document.monthly() if one.yoy is not None]
    if not some or (some[-1][0].indicator, _year_before(some[-1][0]).key) not in known:
        return None
    reading, place = some[-1]
    assert reading.yoy is not None
    grid, row, _ = document.cell(place)
    old, new = f"{(reading.yoy * 100).normalize():f}", f"{(reading.yoy * 100 + 20).normalize():f}"
    if grid < 0:
        lines = list(document.decoded.lines)
        lines[row] = re.sub(rf"{re.escape(old)}(?:\.0)?$", new, lines[row])
        return replace(document.decoded, lines=tuple(lines))
    grids = [[list(one) for one in each.rows] for each in document.decoded.grids]
    grids[grid][row] = [new if cell == old else cell for cell in grids[grid][row]]
    return remade(document.decoded, grids, list(document.decoded.lines))


def _year_before(one: Reading) -> Reading:
    return replace(one, period=a_year_from(one.period, -1))


def adds_up(one: Reading) -> bool:
    """Return whether a reading is of a month whose figures add up over a year."""
    return one.basis is Basis.PERIOD and one.period.days < 32 and one.unit != "%"


def cumulative(document: Document) -> Decoded | None:
    """16. Running totals where single months stood."""
    some = [one for one in document.monthly() if adds_up(one[0])]
    if len(some) < 12:
        return None
    total, year, changes = Decimal(0), 0, []
    for reading, place in some:
        total = reading.value if reading.period.end.year != year else total + reading.value
        year = reading.period.end.year
        changes.append((reading, place, total))
    return document.with_values(changes)


def newest_cumulative(document: Document) -> Decoded | None:
    """16. The newest month is the total of its year."""
    some = [one for one in document.monthly() if adds_up(one[0])]
    if len(some) < 12:
        return None
    year = some[-1][0].period.end.year
    total = sum((one.value for one, _ in some if one.period.end.year == year), Decimal(0))
    return document.with_values([(*some[-1], total)]) if total != some[-1][0].value else None


def rows_fewer(document: Document) -> Decoded | None:
    """17. The newest rows are missing."""
    if document.in_lines:
        places = sorted({int(place) for place in document.picked.places})
        gone = set(places[-max(1, len(places) // 3) :])
        lines = [line for number, line in enumerate(document.decoded.lines, 1) if number not in gone]
        return replace(document.decoded, lines=tuple(lines))
    return every_row(document, lambda head, body: [*head, *body[: len(body) - max(1, len(body) // 3)]])


def empty(document: Document) -> Decoded | None:
    """17. A header over nothing."""
    if document.in_lines:
        return replace(document.decoded, lines=document.decoded.lines[:3])
    return every_row(document, lambda head, _: head)


def mojibake(document: Document) -> Decoded | None:
    """18. The text in another encoding than was taken."""

    def change(text: str) -> str:
        return text if text.isascii() else text.encode().decode("latin-1")

    return every_text(document, change)


def labels_exchanged(document: Document) -> Decoded | None:
    """19. Codes that mean each other's things, as their labels say."""
    decoded = document.decoded
    heads = decoded.grids[0].rows[0] if decoded.grids else ()
    for place, head in enumerate(heads):
        labels = list(dict.fromkeys(row[place] for row in decoded.grids[0].rows[1:])) if head.endswith(" label") else []
        if len(labels) > 1:
            others = dict(zip(labels, (*labels[1:], labels[0]), strict=True))
            return every_text(document, lambda text, others=others: others.get(text, text))
    return None


NOTICED = (
    *(unit_in_note, currency, unit_in_header, column_inserted, values_swapped, headers_swapped, column_dropped),
    *(row_renamed, row_doubled, next_file, total_off, marks_changed, thousands_as_points, page_withheld, page_twice),
    *(history_rewritten, growth_contradicts, cumulative, newest_cumulative, rows_fewer, empty, mojibake),
    labels_exchanged,
)


# --- what must go on being read ---


def rows_reversed(document: Document) -> Decoded | None:
    """The rows in another order."""
    if any(rows and rows.fill_down for rows in (document.how.rows, *(rule.rows for rule in document.how.readings))):
        return None
    return every_row(document, lambda head, body: [*head, *reversed(body)])


def column_at_the_end(document: Document) -> Decoded | None:
    """One more column behind the others."""
    return every_row(
        document, lambda head, body: [*([*row, "Remarks"] for row in head), *([*row, "x"] for row in body)]
    )


def blanks(document: Document) -> Decoded | None:
    """More blanks, and other ones, in headers and words."""
    return every_text(
        document, lambda text: text.replace(" ", "\u00a0 ", 1) if " " in text and not NUMBER.search(text) else text
    )


def footnote(document: Document) -> Decoded | None:
    """One more footnote."""
    note = "Note: some figures have been revised."
    if document.in_lines:
        return replace(document.decoded, lines=(*document.decoded.lines, note))
    return every_row(document, lambda head, body: [*head, *body, [note, *[""] * (len(body[0]) - 1)]])


def note_above(document: Document) -> Decoded | None:
    """A line more above the table."""
    if document.in_lines:
        return replace(document.decoded, lines=("Statistics office", *document.decoded.lines))
    return every_row(document, lambda head, body: [["Statistics office", *[""] * (len(body[0]) - 1)], *head, *body])


def revised(document: Document) -> Decoded | None:
    """The newest figure a little revised, with what adds up to it."""
    if document.how.guards.sum:
        return None
    reading, place = document.monthly()[-1]
    if reading.basis is Basis.YEAR_TO_DATE or reading.value < 100:
        return None
    return document.with_values([(reading, place, _grown(reading.value, "1.004"))])


def header_marked(document: Document) -> Decoded | None:
    """Footnote marks on the headers of the values."""
    columns = document.columns()
    if not columns:
        return None

    def marked(row: list[str]) -> list[str]:
        return [f"{cell}*" if place in columns and cell else cell for place, cell in enumerate(row)]

    return every_row(document, lambda head, body: [*head[:-1], marked(head[-1]), *body])


def one_more(document: Document) -> Decoded | None:
    """One more month or year, a little more than the newest."""
    if document.in_lines or document.how.guards.sum:
        return None
    reading, place = document.monthly()[-1]
    grid, row, _ = document.cell(place)
    old = document.decoded.grids[grid].rows
    period, after = format_period(reading.period), format_period(_after(reading))
    new = [after if cell == period else cell for cell in old[row]]
    published = document.how.published
    if tuple(new) == old[row] or (published and published.of.startswith("{")):
        return None  # its day of publication would have to move as well
    for column in document.columns():
        if re.fullmatch(r"\d+(\.\d+)?", new[column]):
            new[column] = str(_grown(Decimal(new[column]), "1.004") + 1)
    rows = (*old, tuple(new))
    captured = [
        re.sub(r"(?<=count: |total: )\d+$", lambda found: str(int(found[0]) + 1), line)
        for line in document.decoded.lines
    ]
    grids = tuple(Grid(one.name, rows) if place == grid else one for place, one in enumerate(document.decoded.grids))
    return replace(document.decoded, grids=grids, lines=tuple(captured))


def _after(reading: Reading) -> Period:
    if reading.period.days == 1:
        day = reading.period.start + timedelta(days=1)
        return Period(day, day)
    if reading.period.days > 300:
        return a_year_from(reading.period, 1)
    start = months_after(reading.period.start, 1)
    return Period(start, months_after(start, 1) - timedelta(days=1))


HARMLESS = (rows_reversed, column_at_the_end, blanks, footnote, note_above, revised, header_marked, one_more)


# --- what becomes of a changed document ---


def settled(readings: tuple[Reading, ...], units: dict[str, str]) -> tuple[Reading, ...] | None:
    """Return the readings in the units they were first read in; None where one does not convert."""
    made = []
    for one in readings:
        value, rounding = (
            convert(amount, one.unit or "", units[one.indicator]) for amount in (one.value, one.rounding)
        )
        if value is None or rounding is None:
            return None
        made.append(
            Reading(
                **{name: getattr(one, name) for name in one.__slots__}
                | {"value": value, "rounding": rounding, "unit": None}
            )
        )
    return tuple(made)


def outcome(document: Document, changed: Decoded, *, now: datetime, name: str = "") -> tuple[str, str]:
    """Return what becomes of a changed document: drifted, refused in part, same, or wrong; and why."""
    before = document.picked
    found = pick(changed, document.how, source="s", now=now, name=name)
    if drift := (*found.drift, *drifted(found.picture, document.how, before.picture)):
        return "drifted", drift[0].code
    units = {one.indicator: one.unit or "" for one in before.readings}
    readings = settled(found.readings, units)
    if readings is None:
        return "drifted", "unit_differs"
    if against := contradicts([(readings, before.readings)], document.how):
        return "drifted", against[0].code
    truth = {(one.indicator, one.key): one for one in before.readings}
    held = 0
    for one in readings:
        known = truth.get((one.indicator, one.key))
        if known is not None and known.value == one.value and known.yoy == one.yoy:
            continue
        indicator = Indicator(
            id=one.indicator,
            title=Text("x", "x"),
            measure=Measure.FLOW if one.basis is not Basis.POINT else Measure.LEVEL,
            unit=units[one.indicator],
        )
        if (
            check_against(
                one,
                indicator,
                History(two for two in before.readings if two.indicator == one.indicator),
                today=now.date(),
            )
            is None
        ):
            return "changed", f"{one.indicator} {one.period.end} {known and known.value} -> {one.value}"
        held += 1
    if held or found.problems:
        return "held", f"{held} held, {len(found.problems)} rows refused"
    return "same", "" if len(readings) == len(before.readings) else f"{len(readings)} of {len(before.readings)}"
