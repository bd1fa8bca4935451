"""The rows of an answer in JSON, each leaf a column named by its path."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import jmespath
from jmespath.exceptions import JMESPathError

from targetwatch.documents.charset import text_of
from targetwatch.documents.exact_json import parsed, written
from targetwatch.documents.grid import Decoded, grid
from targetwatch.errors import DocumentError, QuantityError
from targetwatch.model.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from targetwatch.documents.decode_options import JsonOptions

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
