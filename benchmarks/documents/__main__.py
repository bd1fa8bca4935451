"""Measure what descriptions read from real documents, and what they notice when those change.

python -m benchmarks.documents FOLDER            each document: right, missing, wrong, and why
python -m benchmarks.documents FOLDER --changes  and what becomes of every change
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sqlite3
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from benchmarks.documents.mutations import HARMLESS, NOTICED, Document, outcome

from targetwatch.documents.decode import Decode, decode, joined
from targetwatch.documents.description import Pick
from targetwatch.documents.pick import Picked, pick
from targetwatch.documents.printed import months_after
from targetwatch.errors import DocumentError
from targetwatch.model import Basis, Period, Reading
from targetwatch.quantity import parse_period, parse_unit

DESCRIPTIONS = Path(__file__).with_name("descriptions")
NOW = datetime(2027, 1, 1, tzinfo=UTC)
ERROR_PAGE = b"<!DOCTYPE html><html><head><title>503 Service Unavailable</title></head><body>Try later</body></html>"


def said_period(text: str) -> Period:
    """Return a period of expected.json."""
    if "/" in text:
        start = date(int(text[:4]), 7, 1)
        return Period(start, months_after(start, 12) - (date(2000, 1, 2) - date(2000, 1, 1)))
    return parse_period(text)


def files_of(folder: Path, said: dict[str, Any], expected: dict[str, Any]) -> list[tuple[str, bytes]]:
    """Return the bytes of a sample: its pages, or the answer of its query as CSV."""
    if "query" in said:
        with sqlite3.connect(f"file:{folder / said['file']}?mode=ro", uri=True) as connection:
            answer = connection.execute(said["query"])
            text = io.StringIO()
            csv.writer(text).writerows([[column[0] for column in answer.description], *answer])
        return [(said["file"], text.getvalue().encode())]
    return [(name, (folder / name).read_bytes()) for name in expected.get("files", [said["file"]])]


def judged(found: Picked, series: dict[str, str], expected: dict[str, Any]) -> tuple[int, int, list[str]]:
    """Return how many expected figures are read exactly, how many are missing, and what is wrong."""
    right, missing, wrong = 0, 0, []
    for indicator, words in series.items():
        one = next(entry for entry in expected["series"] if entry["indicator"] == words)
        mine = {reading.period: reading for reading in found.readings if reading.indicator == indicator}
        listed = one.get("readings") or [*one["first"], *one["middle"], *one["last"]]
        wrong += [f"{indicator} {entry['period']}" for entry in listed if not agrees(entry, one, mine)]
        if len(mine) != one["count"] or sum(reading.value for reading in mine.values()) != Decimal(one["sum"]):
            wrong.append(f"{indicator}: {len(mine)} of {one['count']}, or another sum")
        unit, printed = parse_unit(next(iter(mine.values())).unit or "") if mine else None, parse_unit(one["unit"])
        if unit and unit != printed and unit.base not in one["unit"]:
            wrong.append(f"{indicator} counts {unit}, not {printed}")
        right += min(len(mine), one["count"])
        missing += max(0, one["count"] - len(mine))
    wrong += sorted({f"{reading.indicator} unasked" for reading in found.readings if reading.indicator not in series})
    return right - len(wrong), missing, wrong


def agrees(entry: dict[str, Any], one: dict[str, Any], mine: dict[Period, Reading]) -> bool:
    """Return whether a figure is read as expected: value, growth, basis, and the day where the document says it."""
    period = said_period(entry["period"])
    if one["basis"] == Basis.YEAR_TO_DATE:
        period = Period(date(period.end.year, 1, 1), period.end)
    reading = mine.get(period)
    growth = entry.get("growth_percent")
    return (
        reading is not None
        and reading.value == Decimal(entry["value"])
        and reading.basis.value == one["basis"]
        and (growth is None or reading.yoy == Decimal(growth) / 100)
        and (entry["published"] is None or str(reading.published_on) == entry["published"])
    )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--changes", action="store_true")
    options = parser.parse_args()
    everything = json.loads((options.folder / "expected.json").read_text(encoding="utf-8"))
    documents, exact = {}, 0
    for path in sorted(DESCRIPTIONS.glob("*.yaml")):
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
        expected, name = everything[said["file"]], said["file"]
        how, kind = Pick.model_validate(said["pick"]), Decode.model_validate(said["decode"])
        try:
            decoded = joined([decode(data, kind, name=file) for file, data in files_of(options.folder, said, expected)])
        except DocumentError as error:
            print(f"{name:36} nothing stored: {error}" if "no_data" in expected else f"{name:36} FAILED: {error}")
            continue
        found = pick(decoded, how, source="s", now=NOW, name=name)
        right, missing, wrong = judged(found, said.get("series", {}), expected)
        exact += not (missing or wrong or found.drift or found.problems)
        why = [str(one) for one in (*found.drift, *found.problems)][:2]
        print(f"{name:36} right {right:4}  missing {missing:3}  wrong {len(wrong):3}  {'; '.join([*wrong[:3], *why])}")
        documents[name] = Document(decoded, how, found)
    print(f"exact: {exact} of {sum('no_data' not in one and bool(one['series']) for one in everything.values()) - 4}")
    if options.changes:
        print_changes(documents)


def print_changes(documents: dict[str, Document]) -> None:
    """Print what becomes of every change of every document."""
    for kinds, good in ((NOTICED, {"drifted", "held", "same"}), (HARMLESS, {"same", "changed"})):
        tally: Counter[str] = Counter()
        for change in kinds:
            for name, document in documents.items():
                changed = change(document)
                if changed is None or changed == document.decoded:
                    continue
                became, why = outcome(document, changed, now=NOW, name=name)
                tally["good" if became in good else "bad"] += 1
                tally[became] += 1
                print(f"{'  ' if became in good else '! '}{change.__name__:20} {name:34} {became:8} {why}")
        print(dict(tally))


if __name__ == "__main__":
    main()
