"""A table of figures pasted or dropped: looked at row by row first, then entered all together or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from targetwatch import ingest
from targetwatch.connectors import FIELDS
from targetwatch.documents.grid import Grid
from targetwatch.errors import DocumentError, StoreError
from targetwatch.evaluation.judge import MEASURES
from targetwatch.ingest import Line, Table
from targetwatch.model import Basis, Catalogue, Snapshot
from targetwatch.model.problem import Problem
from targetwatch.web import just_entered, render
from targetwatch.web.access import READ, Editing, Person
from targetwatch.web.figures import tables, view
from targetwatch.web.figures.tables import MOST_ROWS, Pasted
from targetwatch.web.forms import Filled, Posted
from targetwatch.web.running import RunningService, Service, number_of
from targetwatch.wording import figure_fields, problems
from targetwatch.wording.translation import Translator

CONSTANTS = ("indicator", "basis", "publisher", "published_on", "unit", "evidence_url")
"""What may be said for the whole table."""
ASKED = ("value", "indicator", "basis")
"""What is asked for once where no row can have it."""
OUTCOMES = ("new", "revised", "known", "held")
MOST_SHOWN = 200
SAMPLES = 3
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: what it is called, some of its cells, the field it is taken for ("" when it is left out)."""

    place: int
    header: str
    samples: tuple[str, ...]
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A table with what its columns are: what there is to enter; `guessed` where nobody has said what figures count."""

    pasted: Pasted
    columns: tuple[Column, ...]
    constants: dict[str, str]
    rates: str
    months: bool
    guessed: bool = False

    @property
    def fields(self) -> set[str]:
        """Return the fields that columns are taken for."""
        return {column.field for column in self.columns}

    def lacks(self, field: str) -> bool:
        """Return whether neither a column nor what is said for the whole table gives a field."""
        return field not in self.fields and field not in self.constants

    @property
    def has_months(self) -> bool:
        """Return whether its days may stand for their months."""
        return tables.are_months(_cells(self.pasted, self.columns, "period"))

    def entries(self, catalogue: Catalogue, today: date) -> list[tuple[int, dict[str, str]]]:
        """Return each row's number with its cells by field."""
        names = tables.names_of(catalogue)
        fields = [(column.place, column.field) for column in self.columns if column.field]
        found = []
        for number, row in zip(self.pasted.numbers, self.pasted.rows, strict=True):
            cells = {field: row[place] for place, field in fields if row[place].strip()}
            if self.months and tables.FIRST_OF_MONTH.fullmatch(cells.get("period", "")):
                cells["period"] = cells["period"][:7]
            said = tables.cells_of(self.constants | cells, names, today=today, rates=self.rates)
            found.append((number, said))
        return found


@router.api_route("/figures/paste", methods=READ)
def empty(request: Request, _: Editing, service: Service) -> Response:
    """Show where to paste, and what became of the table just entered."""
    said = {name: request.query_params.get(name, "") for name in OUTCOMES}
    result = {name: count for name, text in said.items() if (count := number_of(text)) is not None}
    saved = just_entered.saved(service, request.query_params.get("saved", ""))
    return _page(request, service, {}, result=result if len(result) == len(OUTCOMES) else {}, saved=saved)


@router.post("/figures/paste")
def pasted(request: Request, who: Editing, service: Service, posted: Posted) -> Response:
    """Show how a table would be read, row by row; or, as `do` says, enter it, or its good rows without the others."""
    _ = render.translator_for(request)
    is_saved = posted.text("do") in {"save", "good"}
    errors, status, shown = dict[str, str](), 200, dict[str, Any]()
    try:
        sheets, is_file = _sheets(posted)
        try:
            read, table, sheet = _entered(service, sheets, posted, who=who, is_saved=is_saved)
            if table.stored and posted.text("do") == "good":
                entered, rest = _said(table), _rest(read, table)
                if rest:
                    shown = {"done": "pasted", "result": {name: entered[name] for name in OUTCOMES}}
                    shown["way_back"] = partial(just_entered.way_back, request, entered)
                    posted = replace(posted, values={**posted.values, "text": rest, "packed": ""}, files={})
                    sheets, is_file = _sheets(posted)
                    read, table, sheet = _entered(service, sheets, posted, who=who, is_saved=False)
            elif is_saved:
                said = _("Nothing was saved: a row cannot be read, or a suspicious one needs your choice below.")
                errors, status = {"": said}, 422
        except StoreError:
            read, table, sheet = _entered(service, sheets, posted, who=who, is_saved=False)
            errors, status = {"": _(view.BUSY)}, 503
    except DocumentError as error:
        said = _("This cannot be read: {why}.", why=problems.of_error(error, _))
        return _page(request, service, posted.values, errors={"": said}, status=422)
    if table.stored:
        service.judge()
        return render.redirect(request, f"/figures/paste?{urlencode(_said(table))}")
    if shown:
        service.judge()
    chosen = {f"c_{name}": text for name, text in read.constants.items()} | {"rates": read.rates, "sheet": str(sheet)}
    packed = tables.packed(sheets) if is_file else posted.values.get("packed", "")
    return _page(
        request,
        service,
        {**posted.values, **chosen},
        read=read,
        table=table,
        lacking=[
            name
            for name in ASKED
            if read.lacks(name)
            and (name == "value" or any(one.where == name for line in table.lines for one in line.problems))
        ],
        rows=_rows(table, read, service.current().catalogue, _),
        sheets=sheets,
        packed=packed,
        errors=errors,
        status=status,
        **shown,
    )


def _said(table: Table) -> dict[str, Any]:
    """Return what an address says of a table that was entered: how many rows came to what, and the readings stored."""
    numbers = [line.id for line in table.lines if line.outcome in {"new", "revised"} and line.id]
    saved = {"saved": f"{min(numbers)}..{max(numbers)}"} if numbers else {}
    return {"done": "pasted", **{name: table.counts[name] for name in OUTCOMES}, **saved}


def _rest(read: Understood, table: Table) -> str:
    """Return the rows that were not entered, below the names of their columns, as a text to be pasted."""
    entered = {line.number for line in table.lines}
    pasted = read.pasted
    rows = [row for number, row in zip(pasted.numbers, pasted.rows, strict=True) if number not in entered]
    text = io.StringIO()
    csv.writer(text, delimiter="\t", lineterminator="\n").writerows([pasted.header] * pasted.has_header + rows)
    return text.getvalue()


def _sheets(posted: Filled) -> tuple[tuple[Grid, ...], bool]:
    """Return the tables that came, and whether they came as a file: a new one first, then a text, then the last."""
    if "file" in posted.files:
        return tables.of_file(posted.files["file"]), True
    if posted.text("text"):
        return tables.of_text(posted.values["text"]), False
    if posted.text("packed"):
        return tables.unpacked(posted.text("packed")), True
    raise DocumentError("nothing_pasted")


def _page(request: Request, service: RunningService, values: Mapping[str, str], **context: Any) -> Response:  # noqa: ANN401
    _, snapshot = render.translator_for(request), service.current()
    shown = {"read": None, "packed": values.get("packed", ""), "result": {}, "saved": ()} | context
    return view.draw(
        request,
        service,
        "paste.html",
        values=values,
        choices=view.entry_form(snapshot, {}, language=_.language, today=service.today()),
        labels=figure_fields.labels(_, figure_fields.HEADINGS),
        indicators=snapshot.catalogue.indicators_by_id,
        most_rows=MOST_ROWS,
        **shown,
    )


def _entered(
    service: RunningService, sheets: Sequence[Grid], posted: Filled, *, who: Person, is_saved: bool
) -> tuple[Understood, Table, int]:
    """Return a table as it is understood, what becomes of its rows, and which of the sheets it is; or enter it.

    Where its good rows are asked for, what is entered are those alone.
    """
    places = [str(place) for place in range(len(sheets))]
    chosen = places.index(posted.text("sheet")) if posted.text("sheet") in places else 0
    read = _understood(sheets[chosen], posted)
    if not is_saved and read.lacks("basis"):
        basis = _usual_basis(read, service.current(), service.today())
        read = replace(read, constants=read.constants | basis, guessed=bool(basis))
    entries, hold = read.entries(service.current().catalogue, service.today()), posted.asked("hold")
    enter = partial(ingest.enter_table, service.engine, actor=who.actor, now=service.now(), today=service.today())
    if is_saved and posted.text("do") == "good":
        told = enter(entries, dry_run=True)
        bad = {
            line.number for line in told.lines if line.outcome == "unreadable" or (line.outcome == "held" and not hold)
        }
        entries = [one for one in entries if one[0] not in bad]
    reason = posted.text("why") or Problem("pasted_table", {"count": len(entries)}).to_text()
    dry_run = not is_saved or "value" not in read.fields
    return read, enter(entries, reason=reason, hold=hold, dry_run=dry_run), chosen


def _understood(sheet: Grid, posted: Filled) -> Understood:
    """Return what a table's columns are: as chosen for a column of that name before, else by its name."""
    pasted = tables.below_header(sheet, posted.asked("header") if posted.asked("seen_header") else None)
    chosen = {
        posted.values[f"head_{place}"]: posted.values.get(f"map_{place}", "")
        for place in range(len(posted.values))
        if f"head_{place}" in posted.values
    }
    taken: set[str] = set()
    found = []
    for place, header in enumerate(pasted.header):
        texts = tuple(row[place] for row in pasted.rows[:SAMPLES])
        name = header or f"#{place + 1}"
        field = chosen[name] if name in chosen else tables.field_of(header)
        field = field if field in FIELDS and field not in taken else ""
        taken.add(field)
        found.append(Column(place=place, header=name, samples=texts, field=field))
    if "value" not in taken:
        found = _named_as_figure(found, seen=chosen)
    constants = {name: posted.text(f"c_{name}") for name in CONSTANTS if posted.text(f"c_{name}")}
    if "unit" not in {*taken, *constants} and "c_unit" not in posted.values:
        for unit in {tables.unit_of(column.header) for column in found if column.field == "value"} - {""}:
            constants["unit"] = unit
    rates = posted.text("rates")
    if rates not in tables.RATES:
        rates = tables.rates_of(_cells(pasted, found, "yoy"))
    read = Understood(
        pasted=pasted,
        columns=tuple(found),
        constants={name: text for name, text in constants.items() if name not in taken},
        rates=rates,
        months=posted.asked("months"),
    )
    return read if posted.asked("seen_months") else replace(read, months=read.has_months)


def _usual_basis(read: Understood, snapshot: Snapshot, today: date) -> dict[str, str]:
    """Return what the figures count by the name of their column, else as the latest ones of their indicators do."""
    named = {cells.get("indicator", "") for _, cells in read.entries(snapshot.catalogue, today)}
    indicators = [one for one in snapshot.catalogue.indicators if one.id in named]
    if any(MEASURES[one.measure].usual_basis for one in indicators):
        return {}
    found = {tables.basis_of(column.header) for column in read.columns if column.field == "value"} - {""}
    found = found or {snapshot.figures[one.id].basis.value for one in indicators if one.id in snapshot.figures}
    return {"basis": found.pop()} if len(found) == 1 else {}


def _named_as_figure(found: list[Column], *, seen: Mapping[str, str]) -> list[Column]:
    """Return the columns, the only one named by a unit or as a running total taken for the figure, unless left out.

    What was `seen` before stays as it was chosen.
    """
    free = [one for one in found if not one.field and one.header not in seen]
    named = [one for one in free if tables.unit_of(one.header) or tables.basis_of(one.header) == Basis.YEAR_TO_DATE]
    return [replace(one, field="value") if named == [one] else one for one in found]


def _rows(
    table: Table, read: Understood, catalogue: Catalogue, _: Translator
) -> list[tuple[Line, tuple[str, ...], dict[str, str]]]:
    """Return the rows to show with their cells and what is wrong by field, in their order.

    Of very many, those with trouble come before the rest. What no row has is said once, above them.
    """
    lines = list(zip(table.lines, read.pasted.rows, strict=True))
    if len(lines) > MOST_SHOWN:
        lines.sort(key=lambda pair: pair[0].outcome not in {"unreadable", "held"})
        lines = sorted(lines[:MOST_SHOWN], key=lambda pair: pair[0].number)
    lacking = {name for name in ASKED if read.lacks(name)}
    return [
        (line, row, view.by_field([one for one in line.problems if one.where not in lacking], _, catalogue))
        for line, row in lines
    ]


def _cells(pasted: Pasted, found: Sequence[Column], field: str) -> list[str]:
    return [row[column.place] for column in found if column.field == field for row in pasted.rows]
