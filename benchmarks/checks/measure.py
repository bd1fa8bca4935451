"""Measure the checks on incoming readings: how many true figures they hold, and how many slips they find.

One year of each public flow, drawn at random among those with two years before it.
"""

from __future__ import annotations

import argparse
import random
import sys
from calendar import monthrange
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np

from targetwatch.checks import History, check_against
from targetwatch.model import Basis, Indicator, Measure, Period, Qualifier, Reading, Release, Text

sys.path.insert(0, str(Path(__file__).parents[1] / "forecast_quality"))
import series

TODAY = date(2030, 1, 1)
YEAR = 2020
INDICATOR = Indicator(
    id="flow",
    title=Text("Flow", "流量"),
    measure=Measure.FLOW,
    unit="bn CNY",
    unit_label=Text("bn CNY", "十亿元"),
    authority="office",
    release=Release(every="month", lag=15, grace=14),
)


def figure(start: int, year: int, month: int, value: float, basis: Basis, *, growth: float | None = None) -> Reading:
    """Return a reading to the end of a month, published half a month later; a period starts with that month."""
    end = date(year, month, monthrange(year, month)[1])
    return Reading(
        indicator="flow",
        period=Period(date(start, month if basis is Basis.PERIOD else 1, 1), end),
        basis=basis,
        value=Decimal(f"{value:.6g}"),
        publisher="office",
        published_on=end + timedelta(days=15),
        recorded_at=datetime(2030, 1, 1, tzinfo=UTC),
        yoy=None if growth is None else Decimal(str(growth)),
        qualifier=Qualifier.EXACT,
    )


class Tally:
    """How many were judged and held, by what they are; and by which check."""

    def __init__(self) -> None:
        self.judged: Counter[str] = Counter()
        self.held: dict[str, Counter[str]] = {}

    def put(self, what: str, one: Reading, past: History) -> None:
        """Judge one reading."""
        problem = check_against(one, INDICATOR, past, today=TODAY)
        self.judged[what] += 1
        if problem is not None:
            self.held.setdefault(what, Counter())[problem.code] += 1


def months(tally: Tally, years: np.ndarray, known: int) -> None:
    """Judge the last year's months, as they are and as totals, with so many years known before it."""
    past = History()
    for back in range(known, 0, -1):
        for month in range(1, 13):
            past.add(figure(YEAR - back, YEAR - back, month, years[-1 - back][month - 1], Basis.PERIOD))
    for month in range(1, 13):
        true = figure(YEAR, YEAR, month, years[-1][month - 1], Basis.PERIOD)
        tally.put(f"true month, {known} years known", true, past)
        for slip in (10, 0.1):
            slipped = figure(YEAR, YEAR, month, years[-1][month - 1] * slip, Basis.PERIOD)
            tally.put(f"month times {slip}, {known} years known", slipped, past)
        if month > 1:
            total = figure(YEAR, YEAR, month, years[-1][:month].sum(), Basis.PERIOD)
            tally.put(f"total as month, {known} years known", total, past)
            if month == 2:
                tally.put(f"total as month in February, {known} years known", total, past)
        past.add(true)


def running(tally: Tally, years: np.ndarray) -> None:
    """Judge a running total over two years, and its slips."""
    past, total = History(), 0.0
    for place, value in enumerate(years[-2:].ravel()):
        before, total = total, total + value
        year, month = YEAR - 1 + place // 12, place % 12 + 1
        slips = {
            "true running total": total,
            "running total times ten": total * 10,
            "running total by ten": total / 10,
            "increment times ten": before + value * 10,
        }
        found = {what: figure(YEAR - 1, year, month, slip, Basis.SINCE_START) for what, slip in slips.items()}
        if place:
            for what, one in found.items():
                tally.put(what, one, past)
        past.add(found["true running total"])


def growths(tally: Tally, years: np.ndarray) -> None:
    """Judge a year to date with its growth against that of the year before, whichever comes first."""
    for month in (2, 6, 11):
        before, now = (float(year[:month].sum()) for year in years[-2:])
        growth = round(now / before - 1, 3)
        for slip in (1, 10, 0.1):
            earlier = figure(YEAR - 1, YEAR - 1, month, before, Basis.YEAR_TO_DATE)
            later = figure(YEAR, YEAR, month, now * slip, Basis.YEAR_TO_DATE, growth=growth)
            tally.put(f"growth, figure times {slip}, later last", later, History([earlier]))
            tally.put(f"growth, figure times {slip}, earlier last", earlier, History([later]))


def main() -> None:
    """Print the share held of each kind of figure, and by which check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=["development", "test"])
    part = parser.parse_args().part
    draw, tally = random.Random(1), Tally()
    for one in series.flows():
        if series.is_development(one.name) != (part == "development"):
            continue
        values = np.asarray(one.values)
        whole = [place for place in range(2, len(values)) if (values[place - 2 : place + 1] > 0).all()]
        if not whole:
            continue
        place = draw.choice(whole)
        years = values[place - 2 : place + 1]
        for known in (0, 1, 2):
            months(tally, years, known)
        running(tally, years)
        growths(tally, years)
    for what, judged in tally.judged.items():
        held = tally.held.get(what, Counter())
        print(f"{what:45}{held.total() / judged:7.1%} of {judged:5}  {dict(held)}")


if __name__ == "__main__":
    main()
