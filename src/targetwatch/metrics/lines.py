"""Samples as lines of the text format, which is that of OpenMetrics too as far as it is used here."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from targetwatch.metrics.catalogue import Metric


def header(metric: Metric) -> str:
    """Return the two lines that open a family."""
    said = metric.help.replace("\\", "\\\\").replace("\n", "\\n")
    return f"# HELP {metric.name} {said}\n# TYPE {metric.name} {metric.kind}\n"


def escaped(value: str) -> str:
    r"""Return a label's value as it stands between quotes.

    >>> print(escaped('a "quoted" C:\\path'))
    a \"quoted\" C:\\path
    """
    if "\\" in value:
        value = value.replace("\\", "\\\\")
    if '"' in value:
        value = value.replace('"', '\\"')
    return value.replace("\n", "\\n") if "\n" in value else value


def labelled(metric: Metric, values: Iterable[str]) -> str:
    """Return the labels of a sample in their braces, `values` in the order of the metric's labels."""
    pairs = zip(metric.labels, values, strict=True)
    return "{" + ",".join(f'{name}="{escaped(value)}"' for name, value in pairs) + "}"


def sample(metric: Metric, labels: str, value: Decimal | float | None) -> str:
    """Return the line of a sample; none when the value is unknown (or no number)."""
    if value is None or not isfinite(value):
        return ""
    return f"{metric.name}{labels} {number(value)}\n"


def number(value: Decimal | float) -> str:
    """Return a value in digits: an exact one exactly.

    >>> number(Decimal("2.70E+5")), number(0.25), number(True)
    ('270000', '0.25', '1')
    """
    if isinstance(value, Decimal):
        return f"{value:f}"
    return repr(value) if isinstance(value, float) else str(int(value))


@lru_cache(maxsize=65536)
def first_second(day: date | None, zone: tzinfo) -> int | None:
    """Return when a day begins in a zone, in Unix seconds."""
    return None if day is None else int(datetime.combine(day, time.min, zone).timestamp())


@lru_cache(maxsize=65536)
def last_second(day: date | None, zone: tzinfo) -> int | None:
    """Return the last second of a day in a zone: the one before the next day begins."""
    if day is None:
        return None
    following = first_second(day + timedelta(days=1), zone)
    return None if following is None else following - 1
