"""The observations of SDMX-ML (2.0, 2.1, 3.0) and SDMX-JSON as rows: dimensions, attributes, OBS_VALUE as printed."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from targetwatch.documents.formats import json, xml
from targetwatch.documents.formats.json import written_cell
from targetwatch.documents.grid import Decoded, grid, text_of
from targetwatch.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from targetwatch.documents.decode_options import TextOptions

TIME, VALUE = "TIME_PERIOD", "OBS_VALUE"
NOT_TOLD = frozenset({"type", "structureRef", "dataScope", "schemaLocation"})
Row = dict[str, str]


def read(data: bytes, options: TextOptions, charset: str) -> Decoded:
    """Return one grid of all observations, a column for each dimension and attribute, of a code also its label.

    A multiplier or a scale is a column like any other, and nothing is multiplied by it.

    Raises:
        DocumentError: `structure_only`, `no_observations`, or `no_time_dimension`.
    """
    text = text_of(data, options.charset, charset)
    title = ""
    if text.lstrip().startswith("{"):
        document = json.parsed(text)
        title, rows = _of_json(document)
    else:
        rows = list(_of_xml(xml.parsed(text)))
    if not rows:
        raise DocumentError("no_observations")
    columns = dict.fromkeys(chain.from_iterable(rows))
    if TIME not in columns:
        raise DocumentError("no_time_dimension")
    header = [*(name for name in columns if name not in {TIME, VALUE}), TIME, VALUE]
    return Decoded(grids=(grid("", [header, *([row.get(name, "") for name in header] for row in rows)]),), title=title)


def _of_xml(root: Any) -> Iterator[Row]:  # noqa: ANN401 - lxml has no types
    sets = root.findall(".//DataSet")
    if not sets:
        raise DocumentError("structure_only")
    for data in sets:
        of_set, groups = _told(data), [_told(one) for one in data.iterchildren("Group")]
        for series in data.iter("Series"):
            key = {**of_set, **_told(series)}
            of_groups = [
                one for one in groups if (shared := one.keys() & key.keys()) and all(one[n] == key[n] for n in shared)
            ]
            for one in of_groups:
                key |= one
            for observed in series.iterchildren("Obs"):
                yield {**key, **_told(observed)}
        for observed in data.iterchildren("Obs"):
            yield {**of_set, **_told(observed)}


def _told(element: Any) -> Row:  # noqa: ANN401 - lxml has no types
    """Return what an element tells of itself: as attributes, or as generic values below it."""
    told = {name: value for name, value in element.attrib.items() if name not in NOT_TOLD}
    for child in element:
        if child.tag in {"SeriesKey", "ObsKey", "GroupKey", "Attributes"}:
            told |= {one.get("id") or one.get("concept"): one.get("value", "") for one in child.iterchildren("Value")}
        elif child.tag in {"ObsDimension", "Time"}:
            told[child.get("id") or TIME] = child.get("value") or (child.text or "").strip()
        elif child.tag == "ObsValue":
            told[VALUE] = child.get("value", "")
    return told


def _of_json(document: Any) -> tuple[str, list[Row]]:  # noqa: ANN401 - whatever JSON holds
    """Return the title and the rows; codes are found by their positions in the structure."""
    try:
        told = document.get("data", document)
        structures = told.get("structures") or [told.get("structure") or document["structure"]]
        sets = told.get("dataSets") or []
        if not sets:
            raise DocumentError("structure_only")
        rows = [row for one in sets for row in _of_set(one, structures[one.get("structure", 0)])]
        return str(structures[0].get("name") or ""), rows
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise DocumentError("no_sdmx", why=f"{type(error).__name__}: {error}"[:200]) from error


def _of_set(data: Mapping[str, Any], structure: Mapping[str, Any]) -> Iterator[Row]:
    dimensions, attributes = structure["dimensions"], structure.get("attributes", {})
    of_set = _coded(dimensions.get("dataSet", []), [0] * len(dimensions.get("dataSet", [])))
    of_set |= _coded(attributes.get("dataSet", []), data.get("attributes", []))
    series = data.get("series") or {"": {"observations": data.get("observations", {})}}
    for key, one in series.items():
        of_series = of_set | _coded(dimensions.get("series", []), _positions(key))
        of_series |= _coded(attributes.get("series", []), one.get("attributes", []))
        for place, (value, *positions) in one["observations"].items():
            observed = _coded(dimensions["observation"], _positions(place))
            observed |= _coded(attributes.get("observation", []), positions)
            yield {**of_series, **observed, VALUE: written_cell(value)}


def _positions(key: str) -> list[int]:
    return [int(part) for part in key.split(":") if part]


def _coded(parts: list[Mapping[str, Any]], positions: list[Any]) -> Row:
    """Return the code of each part at its position, and its label where that says more; nothing for a null one."""
    row: Row = {}
    for part, position in zip(parts, positions, strict=False):
        if position is None or not part.get("values"):
            continue
        if not isinstance(position, int):
            row[part["id"]] = written_cell(position)
            continue
        value = part["values"][position]
        code, label = value.get("id", value.get("value")), value.get("name")
        row[part["id"]] = str(code if code is not None else label)
        if label not in {None, code} and code is not None:
            row[f"{part['id']} label"] = str(label)
    return row
