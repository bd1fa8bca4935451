"""Documents and descriptions of a few lines, for what is picked from them."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from targetwatch.configuration.yaml import read_text
from targetwatch.documents.description import Pick
from targetwatch.documents.grid import Decoded, grid
from targetwatch.documents.pick import Picked, pick
from targetwatch.quantity import format_period

NOW = datetime(2025, 8, 1, tzinfo=UTC)


def tables(*texts: str, lines: str = "", title: str = "", published_on=None) -> Decoded:
    """Return a document with a table for each text of cells parted by bars."""
    grids = tuple(
        grid(
            f"T{number}" if len(texts) > 1 else "",
            [[cell.strip() for cell in line.split("|")] for line in text.strip("\n").splitlines()],
        )
        for number, text in enumerate(texts, 1)
    )
    return Decoded(grids=grids, lines=tuple(lines.strip("\n").splitlines()), title=title, published_on=published_on)


def described(text: str) -> Pick:
    return Pick.model_validate(read_text(text, "sources.yaml").data)


def picked(document: Decoded, text: str, **options) -> Picked:
    return pick(document, described(text), source="office", now=NOW, **options)


def said(found: Picked) -> list[str]:
    """Return the readings in short: indicator, period, value, unit."""
    return [f"{one.indicator} {format_period(one.period)} {one.value} {one.unit}" for one in found.readings]


def codes(problems) -> list[str]:
    return [problem.code for problem in problems]


def of_csv(text: str) -> Decoded:
    return Decoded(grids=(grid("", list(csv.reader(io.StringIO(text)))),))
