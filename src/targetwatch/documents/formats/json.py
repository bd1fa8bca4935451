"""JSON with its numbers as they are written, and its rows: each leaf a column named by its path."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Self

import jmespath
from jmespath.exceptions import JMESPathError

from targetwatch.documents.grid import Decoded, grid, text_of
from targetwatch.errors import DocumentError, QuantityError
from targetwatch.model.problem import Problem, Value
from targetwatch.quantity import decimal_mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from targetwatch.documents.decode_options import JsonOptions

MOST_ZEROS = 30


class JsonNumber(float):
    """A JSON number that remembers its digits: 28.30 is 28.30, not the nearest binary fraction."""

    digits: str

    def __new__(cls, digits: str) -> Self:
        """Return the number written as `digits`."""
        number = super().__new__(cls, digits)
        number.digits = digits
        return number


JsonNumber.__name__ = "float"  # JMESPath knows numbers by the name of their class


def parsed(text: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return what a text in JSON holds, with exact numbers, or raise `DocumentError` saying where it is none."""
    try:
        return json.loads(text, parse_float=JsonNumber, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        cut = error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated")
        place: dict[str, Value] = {"line": error.lineno, "column": error.colno}
        found = Problem("json_cut_off", place) if cut else Problem("not_json_at", {**place, "why": error.msg})
        raise DocumentError(found) from error
    except RecursionError as error:
        raise DocumentError("nested_too_deeply") from error
    except ValueError as error:
        raise DocumentError("not_json", why=str(error)) from error


def _no_number(name: str) -> object:
    raise DocumentError("not_json", why=Problem("is_no_number", {"given": name}))


def written(found: object, locale: str | None = None) -> str | None:
    """Return one value as text, a number with its digits and the decimal mark of `locale`; None for null.

    Raises:
        QuantityError: it is a list or a group, or a number of more than thirty digits before or behind its point.
    """
    match found:
        case None:
            return None
        case bool():
            return "yes" if found else "no"
        case int() | float():
            digits = Decimal(found.digits if isinstance(found, JsonNumber) else repr(found))
            if not digits.is_finite() or abs(digits.adjusted()) > MOST_ZEROS:
                raise QuantityError("implausible_figure", said=str(digits))
            return format(digits, "f").replace(".", decimal_mark(locale))
        case str():
            return found.strip()
        case _:
            raise QuantityError("finds_a_list" if isinstance(found, list) else "finds_a_group")


MOST_NAMES = 8
MOST_LINES = 500
MOST_TOLD = 20


def read(data: bytes, options: JsonOptions, charset: str) -> Decoded:
    """Return one grid below a header of paths, and what is told outside its rows as lines "path: value".

    What is null, or not there, is an empty cell.
    """
    document = parsed(text_of(data, options.charset, charset))
    found = rows_at(options.rows, document) if options.rows else _samples(document) or _only_list(document)
    rows = found if isinstance(found, list) else [found]
    made = grid("", _of_fields(rows, options.fields) if options.fields else _of_leaves(found))
    lines = (f"{path}: {text}" for path, text in _leaves("", document, tables=False) if text)
    return Decoded(grids=(made,), lines=tuple(islice(lines, MOST_LINES)))


def rows_at(path: str, document: object) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return the list or the group that a JMESPath finds, or raise `DocumentError` saying what there is instead."""
    try:
        found = jmespath.search(path, document)
    except JMESPathError as error:
        raise DocumentError(Problem("not_applicable", {"said": path, "why": str(error)}, where="rows")) from error
    if isinstance(found, (dict, list)):
        return found
    code = "rows_find_nothing" if found is None else "rows_find_one_value"
    if isinstance(document, dict) and document:
        names = {"said": path, "names": sorted(document)[:MOST_NAMES]}
        raise DocumentError(Problem(f"{code}_among", names, where="rows"))
    raise DocumentError(Problem(code, {"said": path}, where="rows"))


def _samples(document: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - whatever JSON holds
    """Return the samples of an answer of Prometheus, each with its labels; none when it is no such answer."""
    match document:
        case {"data": {"resultType": "matrix" | "vector", "result": [*series]}}:
            try:
                return [
                    {**one["metric"], "time": time, "value": value}
                    for one in series
                    for time, value in one.get("values") or [one["value"]]
                ]
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise DocumentError("damaged", why=f"{type(error).__name__}: {error}") from error
    return []


def _only_list(document: object) -> list[Any]:
    lists = dict(_lists("", document))
    if len(lists) == 1:
        return next(iter(lists.values()))
    if lists:
        raise DocumentError(Problem("several_lists", {"names": sorted(lists)[:MOST_NAMES]}, where="rows"))
    if isinstance(document, dict) and document:
        raise DocumentError(Problem("no_list_among", {"names": sorted(document)[:MOST_NAMES]}, where="rows"))
    raise DocumentError(Problem("no_list", where="rows"))


def _lists(path: str, found: object) -> Iterator[tuple[str, list[Any]]]:
    """Give every list of groups, or of lists, by its path, those within a row left out."""
    if isinstance(found, list) and _is_table(found):
        yield path or "@", found
    elif isinstance(found, list):
        for place, one in enumerate(found):
            yield from _lists(f"{path}[{place}]", one)
    elif isinstance(found, dict):
        for name, one in found.items():
            said = name if name.replace("_", "").isalnum() and not name[0].isdigit() else f'"{name}"'
            yield from _lists(f"{path}.{said}" if path else said, one)


def _of_leaves(found: Any) -> Iterator[list[str]]:  # noqa: ANN401 - whatever JSON holds
    """Give the header and the rows of a list of groups, a list of lists, a group of columns, or a group by keys."""
    if isinstance(found, dict):
        values = list(found.values())
        if values and all(isinstance(one, list) for one in values) and len({len(one) for one in values}) == 1:
            found = [dict(zip(found, row, strict=True)) for row in zip(*values, strict=True)]
        elif values and all(isinstance(one, dict) for one in values):
            found = [{"key": name, **one} for name, one in found.items()]
        else:
            found = [found]
    if found and all(isinstance(one, list) for one in found):
        yield from ([written_cell(cell) for cell in row] for row in found)
        return
    rows = [dict(_leaves("", row)) for row in found]
    header = list(dict.fromkeys(chain.from_iterable(rows)))
    if header:
        yield header
    yield from ([row.get(name, "") for name in header] for row in rows)


def _leaves(path: str, found: object, *, tables: bool = True) -> Iterator[tuple[str, str]]:
    """Give every value by its path; without `tables`, none of lists of groups, of lists, or of more than a few."""
    if isinstance(found, dict):
        for name, one in found.items():
            yield from _leaves(f"{path}.{name}" if path else name, one, tables=tables)
    elif isinstance(found, list):
        told = len(found) <= MOST_TOLD and not _is_table(found)
        for place, one in enumerate(found if tables or told else []):
            yield from _leaves(f"{path}[{place}]", one, tables=tables)
    else:
        yield path or "@", written_cell(found)


def _is_table(found: list[Any]) -> bool:
    return bool(found) and {type(one) for one in found} in ({dict}, {list})


def written_cell(found: object) -> str:
    """Return one value as text, "" for null."""
    try:
        return written(found) or ""
    except QuantityError as error:
        raise DocumentError(*error.problems) from error


def _of_fields(rows: list[Any], fields: Mapping[str, str]) -> Iterator[list[str]]:
    yield list(fields)
    paths = {name: jmespath.compile(path) for name, path in fields.items()}
    for number, row in enumerate(rows, start=1):
        cells = []
        for name, path in paths.items():
            try:
                cells.append(written_cell(path.search(row)))
            except JMESPathError as error:
                why = {"said": fields[name], "why": str(error)}
                raise DocumentError(Problem("not_applicable", why, where=name)) from error
            except DocumentError as error:
                raise DocumentError(*(one.at(name, line=number) for one in error.problems)) from error
        yield cells
