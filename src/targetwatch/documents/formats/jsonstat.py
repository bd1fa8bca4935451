"""A JSON-stat data set (1.x or 2.0) as rows: every dimension's code and label, the value, its status."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

from targetwatch.documents.formats.json import parsed, written_cell
from targetwatch.documents.grid import Decoded, grid, text_of
from targetwatch.errors import DocumentError
from targetwatch.model.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from targetwatch.documents.decode_options import JsonStatOptions

TOLD = ("label", "title", "source", "updated", "note")


def read(data: bytes, options: JsonStatOptions, charset: str) -> Decoded:
    """Return one grid with a row a value, null ones included, as they may say why there is none."""
    found = _dataset(parsed(text_of(data, options.charset, charset)), options.dataset)
    try:
        made = grid("", _rows(found))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise DocumentError("no_jsonstat", why=f"{type(error).__name__}: {error}"[:200]) from error
    told = [f"{name}: {found[name]}" for name in TOLD if isinstance(found.get(name), str)]
    title = found.get("label") or found.get("title") or ""
    return Decoded(grids=(made,), lines=tuple(told), title=title if isinstance(title, str) else "")


def _dataset(document: Any, name: str | None) -> dict[str, Any]:  # noqa: ANN401 - whatever JSON holds
    """Return the data set that is the answer, or the named one of several."""
    if not isinstance(document, dict):
        raise DocumentError("no_jsonstat", why=type(document).__name__)
    if document.get("class") == "collection":
        named = [(one.get("label", ""), one) for one in document.get("link", {}).get("item", [])]
    else:
        named = [("", document), *document.items()]
    found: dict[str, dict[str, Any]] = {
        key: one for key, one in named if isinstance(one, dict) and {"dimension", "value"} <= one.keys()
    }
    if name is None and len(found) == 1:
        return next(iter(found.values()))
    if name is not None and name in found:
        return found[name]
    if not found:
        raise DocumentError("no_jsonstat", why=", ".join(sorted(document)[:8]))
    raise DocumentError(Problem("several_data_sets", {"names": sorted(found)}, where="dataset"))


def _rows(found: Mapping[str, Any]) -> Iterator[list[str]]:
    dimensions = found["dimension"]
    ids, sizes = found.get("id") or dimensions["id"], found.get("size") or dimensions["size"]
    values, statuses = found["value"], found.get("status")
    if isinstance(values, list) and len(values) != prod(sizes):
        raise DocumentError("other_number_of_values", found=len(values), expected=prod(sizes))
    if isinstance(statuses, dict) and isinstance(statuses.get("value"), list):
        statuses = statuses["value"]
    yield [column for name in ids for column in (name, f"{name} label")] + ["value", "status"]
    axes = [_categories(dimensions[name]["category"]) for name in ids]
    for number, place in enumerate(product(*axes)):
        value, status = _at(values, number), statuses if isinstance(statuses, str) else _at(statuses, number)
        yield [*(text for pair in place for text in pair), written_cell(value), written_cell(status)]


def _categories(category: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the codes of a dimension with their labels, in the order of the values."""
    labels = category.get("label", {})
    index = category.get("index") or list(labels)
    codes = sorted(index, key=lambda code: index[code]) if isinstance(index, dict) else index
    return [(str(code), str(labels.get(code, code))) for code in codes]


def _at(values: Any, number: int) -> object:  # noqa: ANN401 - a list, a group by number, or nothing
    if isinstance(values, dict):
        return values.get(str(number))
    return values[number] if isinstance(values, list) else None
