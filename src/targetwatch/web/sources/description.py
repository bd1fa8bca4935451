"""A source's description as the fields of a form, both ways: a field is one value of the YAML, named by its path.

What no field says stays as it is written. Of what was typed the text counts, and on top of it whichever field is not as
it was when the page was shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from pydantic import ValidationError

from targetwatch.configuration.yaml import KeyPath
from targetwatch.documents.description import Layout
from targetwatch.documents.found_tables import FoundTable, table_of
from targetwatch.documents.grid import Decoded, Grid
from targetwatch.errors import DriftError
from targetwatch.quantity.period import names_its_part
from targetwatch.wording.terms import SOURCE_FIELDS

READINGS = "pick.readings"
"""The one list whose rows have fields: "pick.readings.2.value"."""
ALONE = {"fetch.http": "url", "pick.period": "of", "pick.published": "of", "pick.table": "name", "pick.header": "words"}
"""The key that a value standing alone stands for."""
SECRET = re.compile(r"^headers$|secret|passw|token$|api.?key|authorization", re.IGNORECASE)
"""Keys of a description whose values may be secrets."""
PASSWORD = re.compile(r"://[^/@\s]+:[^/@\s]+@")
VARIABLE = re.compile(r"\$\{\w+\}")
HIDDEN = "•••"
SEVERAL = " | "
"""Between several texts of one field."""


def plain(name: str) -> str:
    """Return a field's name without the number of its row: "pick.readings.2.value" is "pick.readings.value"."""
    return ".".join(part for part in name.split(".") if not part.isdecimal())


def is_field(name: str) -> bool:
    """Return whether a name is one of the form's; of a reading with the number of its row."""
    return plain(name) in SOURCE_FIELDS and (plain(name) != name) is name.startswith(f"{READINGS}.")


def readings_of(tree: Mapping[str, Any]) -> int:
    """Return how many series a description reads."""
    pick = tree.get("pick")
    found = pick.get("readings") if isinstance(pick, Mapping) else None
    return len(found) if isinstance(found, list) else 0


def fields_of(tree: Mapping[str, Any]) -> dict[str, str]:
    """Return what stands in the fields of a description; a value that is more than a text has no field."""
    names = [name for name in SOURCE_FIELDS if name != "text" and not name.startswith(READINGS)]
    parts = [name.removeprefix(f"{READINGS}.") for name in SOURCE_FIELDS if name.startswith(READINGS)]
    names += (f"{READINGS}.{number}.{part}" for number in range(1, readings_of(tree) + 1) for part in parts)
    found = {name: _text(value) for name in names if (value := _value(tree, name.split("."))) is not None}
    return {name: text for name, text in found.items() if text is not None} | {
        "enabled": "yes" if tree.get("enabled", True) else ""
    }


def with_fields(tree: Mapping[str, Any], changed: Mapping[str, str]) -> dict[str, Any]:
    """Return a description with some fields as they were typed; an empty one says nothing any more.

    >>> with_fields({"pick": {"period": "{Year}"}}, {"pick.period.span": "year", "pick.readings.1.value": "Total | T"})
    {'pick': {'period': {'of': '{Year}', 'span': 'year'}, 'readings': [{'value': ['Total', 'T']}]}}
    """
    made = deepcopy(dict(tree))
    for name, text in changed.items():
        _put(made, name.split("."), _said(name, " ".join(text.split())))
    return made


def field_at(path: KeyPath) -> str:
    """Return the field at which what is wrong at a path of the description is said; "text" where it has none."""
    names = [str(part + 1) if isinstance(part, int) else part for part in path if part != "options"]
    while names:
        name = ".".join(names)
        if is_field(name):
            return name
        if is_field(f"{name}.{ALONE.get(name, '')}"):
            return f"{name}.{ALONE[name]}"
        names.pop()
    return "text"


def veiled(tree: Any) -> Any:  # noqa: ANN401 - YAML's plain values
    """Return a description in which whatever may be a secret, and is no ${VARIABLE}, is hidden."""
    return _over_secrets(tree, lambda text: text if VARIABLE.search(text) else HIDDEN)


def secrets_in(tree: Any) -> list[str]:  # noqa: ANN401 - YAML's plain values
    """Return whatever may be a secret and is written out.

    >>> secrets_in({"fetch": {"http": {"url": "https://a.org", "headers": {"X-Key": "abc", "Y": "${KEY}"}}}})
    ['abc']
    """
    found: list[str] = []
    _over_secrets(tree, lambda text: text if VARIABLE.search(text) else found.append(text))
    return found


def _over_secrets(tree: Any, seen: Callable[[str], Any], *, is_secret: bool = False) -> Any:  # noqa: ANN401
    if isinstance(tree, Mapping):
        return {
            key: _over_secrets(value, seen, is_secret=is_secret or bool(SECRET.search(key)))
            for key, value in tree.items()
        }
    if isinstance(tree, list | tuple):
        return [_over_secrets(one, seen, is_secret=is_secret) for one in tree]
    return seen(tree) if isinstance(tree, str) and (is_secret or PASSWORD.search(tree)) else tree


def _value(tree: Any, keys: list[str]) -> Any:  # noqa: ANN401 - YAML's plain values
    for place, key in enumerate(keys):
        if isinstance(tree, list):
            tree = tree[int(key) - 1] if key.isdecimal() and int(key) <= len(tree) else None
        elif isinstance(tree, Mapping):
            tree = tree.get(key)
        elif place != len(keys) - 1 or ALONE.get(".".join(keys[:place])) != key:
            return None
    return tree


def _text(value: object) -> str | None:
    if isinstance(value, Mapping) or (isinstance(value, list) and any(isinstance(one, Mapping) for one in value)):
        return None
    return SEVERAL.join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _said(name: str, text: str) -> Any:  # noqa: ANN401 - YAML's plain values
    if name == "enabled":
        return None if text else False
    if not text:
        return None
    if name == "pick.header.depth" and text.isdecimal():
        return int(text)
    return text.split(SEVERAL) if SEVERAL in text else text


def _put(tree: dict[str, Any], keys: list[str], value: object) -> None:
    """Put a value where it belongs, or take it away (None) with whatever is empty then."""
    key, *rest = keys
    if not rest:
        tree.pop(key, None)
        if value is not None:
            tree[key] = value
        return
    inner = tree.get(key)
    if isinstance(inner, list) and rest[0].isdecimal() and all(isinstance(one, Mapping) for one in inner):
        inner = {str(place): one for place, one in enumerate(inner, 1)}
    if inner is not None and not isinstance(inner, Mapping):
        alone = next((alone for name, alone in ALONE.items() if name.endswith(f".{key}")), "of")
        inner = {alone: inner}
    made = dict(inner or {})
    _put(made, rest, value)
    if rest[0].isdecimal():
        tree[key] = list(made.values())
    elif made:
        tree[key] = made
    else:
        tree.pop(key, None)


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
