"""A click on a cell of the shown document, as a change of the description: where figures, periods and units stand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from pydantic import ValidationError

from targetwatch.documents.description import Layout
from targetwatch.documents.found_tables import FoundTable, table_of
from targetwatch.documents.grid import Decoded, Grid
from targetwatch.errors import DriftError
from targetwatch.quantity.period import names_its_part

DEEPEST_HEADER = 3
MARKS = ("value", "period", "yoy", "unit", "title", "skip")
"""What a cell can be said to be."""
NUMBER = re.compile(r"[-+(]?[\d.,\s]*\d[\d.,\s]*[)%]?")


def marked(pick: Mapping[str, Any], decoded: Decoded, place: str, what: str, *, reading: int = 1) -> dict[str, Any]:
    """Return the description after a cell was said to be something; unchanged where it cannot be that."""
    made = deepcopy(dict(pick))
    table, row, column = place.split(":")
    text = decoded.lines[int(row) - 1] if table == "line" else decoded.grids[int(table)].rows[int(row)][int(column)]
    if what in {"unit", "title"}:
        made.setdefault("anchors", {})[what] = text
        return made
    if table == "line" or len(decoded.grids[int(table)].rows[int(row)]) == 1:
        return _in_lines(made, text, reading) if what == "value" else made
    grid = decoded.grids[int(table)]
    found = _table(made, decoded)
    if what == "value" and (found is None or found.name != grid.name or int(row) + 1 not in dict(found.rows)):
        made |= _header(decoded, grid, int(row), int(column))
        found = _table(made, decoded)
    if found is None or int(column) >= len(found.heads):
        return made
    name = _name(found, int(column))
    if what == "value" and f"{{{name}}}" in str(made.get("period")):
        _toggle(made, name, [], heads=found.heads)
    if what == "period":
        _toggle(made, name, [cells[int(column)] for _, cells in found.rows], heads=found.heads)
    elif what == "skip":
        rows = made["rows"] = dict(made.get("rows") or {})
        where = rows["where"] = dict(rows.get("where") or {})
        before = where.get(name)
        known = before.get("not", []) if isinstance(before, Mapping) else []
        where[name] = {"not": list(dict.fromkeys([*([known] if isinstance(known, str) else known), text]))}
    else:
        listed = made["readings"] = [dict(one) for one in made.get("readings") or [{}]]
        one = listed[min(reading, len(listed)) - 1]
        one[what] = name
        if what == "value":  # another column prints its own unit
            one.pop("unit", None)
    return made


def _in_lines(made: dict[str, Any], line: str, reading: int) -> dict[str, Any]:
    """Return the description of figures in lines like this one: a period, and numbers after it."""
    words = line.split()
    count = next((n for n, word in enumerate(reversed(words[1:])) if not NUMBER.fullmatch(word)), len(words) - 1)
    if not count:
        return made
    label = r"\S+" + r" \S+" * (len(words) - count - 1)
    numbers = "".join(f" (?P<n{place}>{{number}})" for place in range(1, count + 1))
    listed = [dict(one) for one in made.get("readings") or [{}]]
    listed[min(reading, len(listed)) - 1]["value"] = "n1"
    kept = {name: said for name, said in made.items() if name not in {"table", "header"}}
    return kept | {"lines": {"pattern": f"(?P<period>{label}){numbers}"}, "period": "{period}", "readings": listed}


def _table(pick: Mapping[str, Any], decoded: Decoded) -> FoundTable | None:
    """Return the table of a description as far as it is one; None where it is not found."""
    try:
        layout = Layout.model_validate({name: pick[name] for name in ("table", "header") if pick.get(name)})
        return table_of(decoded, layout, lambda _: True)
    except (DriftError, ValidationError):
        return None


def _header(decoded: Decoded, grid: Grid, row: int, column: int) -> dict[str, Any]:
    """Return which table it is, and which rows above a figure name its columns."""
    rows = grid.rows
    bottom = next((one for one in range(row - 1, -1, -1) if _names(rows[one])), None)
    if bottom is None:
        return {}
    top = bottom
    while top > 0 and bottom - top < DEEPEST_HEADER - 1 and _names(rows[top - 1]):
        top -= 1
    first = next(cell for cell in rows[bottom] if cell) if rows[bottom][0] == "" else rows[bottom][0]
    own = next((rows[one][column] for one in range(bottom, top - 1, -1) if rows[one][column]), first)
    words = list(dict.fromkeys(" ".join(cell.split()) for cell in (first, own)))
    names = [one.name for one in decoded.grids]
    table = {"name": grid.name} if grid.name and names.count(grid.name) == 1 else {"has": words}
    return {"table": table, "header": {"words": words, "depth": bottom - top + 1}}


def _names(row: Sequence[str]) -> bool:
    """Return whether a row names columns: several cells, most of them no numbers."""
    said = [cell for cell in row if cell]
    return len(said) > 1 and sum(1 for cell in said if NUMBER.fullmatch(cell)) * 2 < len(said)


def _name(table: FoundTable, column: int) -> str:
    """Return what a description calls a column: its header, numbered where several are headed alike."""
    head = table.heads[column]
    alike = [place for place, one in enumerate(table.heads) if one == head]
    return head if len(alike) == 1 else f"{head} #{alike.index(column) + 1}"


def _toggle(made: dict[str, Any], name: str, cells: Sequence[str], *, heads: Sequence[str]) -> None:
    """Add a column to the period, or take it out again; one that is printed once a group is carried down."""
    period = made.get("period")
    rule = dict(period) if isinstance(period, Mapping) else {"of": period or ""}
    columns = [one for one in re.findall(r"\{([^{}]+)\}", str(rule.get("of", ""))) if one.partition(" #")[0] in heads]
    columns = [one for one in columns if one != name] if name in columns else [*columns, name]
    between = "" if any(map(names_its_part, cells)) else "-"
    made["period"] = rule | {"of": between.join(f"{{{one}}}" for one in columns)}
    if name in columns and cells and cells[0] and sum(1 for cell in cells if not cell) * 2 > len(cells):
        rows = made["rows"] = dict(made.get("rows") or {})
        known = rows.get("fill_down") or []
        rows["fill_down"] = list(dict.fromkeys([*([known] if isinstance(known, str) else known), name]))
