"""What the page of a pasted table shows: which column is what, and row by row what would become of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from targetwatch import ingest
from targetwatch.connectors import FIELDS
from targetwatch.model.problem import Problem
from targetwatch.web.figures import paste_columns, paste_table, reasons

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from targetwatch.ingest import Line, Table
    from targetwatch.model import Catalogue
    from targetwatch.web.figures.paste_sheet import Sheet
    from targetwatch.web.figures.paste_table import Pasted
    from targetwatch.web.forms import Filled
    from targetwatch.web.running import RunningService

CONSTANTS = ("indicator", "basis", "publisher", "published_on", "unit", "evidence_url")
MOST_SHOWN = 200
SAMPLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: what it is called, some of its cells, the field it is taken for ("" when it is left out)."""

    place: int
    header: str
    samples: tuple[str, ...]
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One row: its cells as they came, what becomes of it, what is wrong by field."""

    line: Line
    cells: tuple[str, ...]
    wrong: Mapping[str, str]
    elsewhere: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasteView:
    """A table understood. `rows` are those shown, the troubled ones first when there are too many."""

    sheets: tuple[Sheet, ...]
    chosen: int
    columns: tuple[Column, ...]
    constants: dict[str, str]
    rates: str
    months: bool
    has_rates: bool
    has_months: bool
    table: Table
    rows: tuple[RowView, ...]
    total: int
    has_header: bool

    @property
    def unmapped(self) -> bool:
        """Return whether no column is taken for the value: then nothing can be read."""
        return not any(column.field == "value" for column in self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A table with what its columns are: what there is to enter."""

    pasted: Pasted
    columns: tuple[Column, ...]
    constants: dict[str, str]
    rates: str
    months: bool

    def entries(self, catalogue: Catalogue, today: date) -> list[tuple[int, dict[str, str]]]:
        """Return each row's number with its cells by field."""
        names = paste_columns.names_of(catalogue)
        fields = [(column.place, column.field) for column in self.columns if column.field]
        found = []
        for number, row in zip(self.pasted.numbers, self.pasted.rows, strict=True):
            cells = {field: row[place] for place, field in fields if row[place].strip()}
            if self.months and "period" in cells and paste_columns.FIRST_OF_MONTH.fullmatch(cells["period"]):
                cells["period"] = cells["period"][:7]
            said = paste_columns.cells_of(self.constants | cells, names, today=today, rates=self.rates)
            found.append((number, said))
        return found


def understood(sheet: Sheet, posted: Filled) -> Understood:
    """Return what a table's columns are: as chosen for a column of that name before, else by its name."""
    pasted = paste_table.below_header(sheet, posted.asked("header") if posted.asked("seen_header") else None)
    chosen = {
        posted.values.get(f"head_{place}", ""): posted.values.get(f"map_{place}", "")
        for place in range(len(posted.values))
        if f"head_{place}" in posted.values
    }
    taken: set[str] = set()
    columns = []
    for place, header in enumerate(pasted.header):
        texts = [row[place] for row in pasted.rows[:SAMPLES]]
        name = header or f"#{place + 1}"
        field = chosen[name] if name in chosen else paste_columns.field_of(header)
        field = field if field in FIELDS and field not in taken else ""
        taken.add(field)
        columns.append(Column(place=place, header=name, samples=tuple(texts), field=field))
    if "value" not in taken:
        columns = _named_by_unit(columns, seen=chosen)
    constants = {name: posted.text(f"c_{name}") for name in CONSTANTS if posted.text(f"c_{name}")}
    if "unit" not in taken and "unit" not in constants and "c_unit" not in posted.values:
        units = {paste_columns.unit_of(column.header) for column in columns if column.field == "value"} - {""}
        if units:
            constants["unit"] = units.pop()
    rates = posted.text("rates")
    if rates not in paste_columns.RATES:
        rates = paste_columns.rates_of(_cells(pasted, columns, "yoy"))
    months = posted.asked("months") if posted.asked("seen_months") else _months(pasted, columns)
    return Understood(
        pasted=pasted,
        columns=tuple(columns),
        constants={name: text for name, text in constants.items() if name not in taken},
        rates=rates,
        months=months,
    )


def paste_page(
    service: RunningService, sheets: Sequence[Sheet], posted: Filled, *, actor: str, language: str, save: bool
) -> PasteView:
    """Return the view of a table; with `save` it is entered, where it can be as a whole."""
    places = [str(place) for place in range(len(sheets))]
    chosen = places.index(posted.text("sheet")) if posted.text("sheet") in places else 0
    read = understood(sheets[chosen], posted)
    catalogue = service.current().catalogue
    entries = read.entries(catalogue, service.today())
    table = ingest.enter_table(
        service.engine,
        entries,
        actor=actor,
        now=service.now(),
        today=service.today(),
        reason=posted.text("why") or Problem("pasted_table", {"count": len(entries)}).to_text(),
        hold=posted.asked("hold"),
        dry_run=not save or not any(column.field == "value" for column in read.columns),
    )
    fields = {column.field for column in read.columns}
    return PasteView(
        sheets=tuple(sheets),
        chosen=chosen,
        columns=read.columns,
        constants=read.constants,
        rates=read.rates,
        months=read.months,
        has_rates="yoy" in fields,
        has_months=_months(read.pasted, list(read.columns)),
        table=table,
        rows=_shown(table, read, catalogue, language),
        total=len(table.lines),
        has_header=read.pasted.has_header,
    )


def _named_by_unit(columns: list[Column], *, seen: Mapping[str, str]) -> list[Column]:
    """Return the columns, the only one whose name is a unit taken for the figure: nobody has `seen` and left it out."""
    units = [one for one in columns if not one.field and one.header not in seen and paste_columns.unit_of(one.header)]
    return [replace(one, field="value") if units == [one] else one for one in columns]


def _shown(table: Table, read: Understood, catalogue: Catalogue, language: str) -> tuple[RowView, ...]:
    """Return the rows to show in their order; of very many, those with trouble before the rest."""
    lines = list(zip(table.lines, read.pasted.rows, strict=True))
    if len(lines) > MOST_SHOWN:
        lines.sort(key=lambda pair: pair[0].outcome not in {"unreadable", "held"})
        lines = sorted(lines[:MOST_SHOWN], key=lambda pair: pair[0].number)
    fields = {column.field for column in read.columns}
    shown = []
    for line, row in lines:
        wrong = reasons.by_field(line.problems, language, catalogue)
        elsewhere = [text for name, text in wrong.items() if name not in fields]
        shown.append(RowView(line=line, cells=row, wrong=wrong, elsewhere=" ".join(elsewhere)))
    return tuple(shown)


def _cells(pasted: Pasted, columns: Sequence[Column], field: str) -> list[str]:
    return [row[column.place] for column in columns if column.field == field for row in pasted.rows]


def _months(pasted: Pasted, columns: Sequence[Column]) -> bool:
    return paste_columns.are_months(_cells(pasted, columns, "period"))
