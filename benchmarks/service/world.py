"""Targets with five years of monthly readings each, the same ones every time, and what the programs here share."""

from __future__ import annotations

import random
import resource
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from targetwatch.model import (
    Announcement,
    AsOf,
    Basis,
    Catalogue,
    Goal,
    Indicator,
    Measure,
    Owner,
    Period,
    Plan,
    PlanShape,
    Reading,
    Release,
    Target,
    TargetVersion,
    Text,
)

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2025, 10, 10, 4, 0, tzinfo=UTC)
AS_OF = AsOf.at(NOW, ZONE)
FIRST_MONTH, MONTHS = date(2020, 9, 1), 60
LAG_DAYS = 20
PUBLISHER = "statistics-office"
OWNER = Owner(id="port-office", name=Text("Port Office", "口岸办"), email="port@example.org")


def catalogue(count: int) -> Catalogue:
    """Return `count` targets for 2025, each with an indicator of its own."""
    release = Release(every="month", lag=LAG_DAYS, grace=10, calendar="CN")
    return Catalogue(
        indicators=tuple(
            Indicator(
                id=f"cargo-{number:05}",
                title=Text(f"Cargo volume through port {number}", f"第{number}口岸货运量"),
                measure=Measure.FLOW,
                unit="TEU",
                unit_label=Text("TEU", "标箱"),
                authority=PUBLISHER,
                release=release,
            )
            for number in range(count)
        ),
        targets=tuple(_target(number) for number in range(count)),
    )


def months() -> Iterator[date]:
    """Yield the first day of each month that has readings, in order."""
    for number in range(MONTHS):
        index = FIRST_MONTH.year * 12 + FIRST_MONTH.month - 1 + number
        yield date(index // 12, index % 12 + 1, 1)


def readings(month: date, count: int, recorded_at: datetime = NOW) -> list[Reading]:
    """Return the readings of one month: every other indicator's are year to date, the rest of the month alone."""
    return [reading(number, month, recorded_at=recorded_at) for number in range(count)]


def reading(number: int, month: date, *, recorded_at: datetime = NOW, more: int = 0) -> Reading:
    """Return the reading of one indicator for one month, `more` than it would be."""
    end = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    running = number % 2 == 0
    first = 1 if running else month.month
    value = sum(_amount(number, month.replace(month=one)) for one in range(first, month.month + 1))
    return Reading(
        indicator=f"cargo-{number:05}",
        period=Period(month.replace(month=first), end),
        basis=Basis.YEAR_TO_DATE if running else Basis.PERIOD,
        value=Decimal(value + more),
        publisher=PUBLISHER,
        published_on=end + timedelta(days=LAG_DAYS),
        recorded_at=recorded_at,
        source="statistics",
        evidence_url="https://example.org/statistics/monthly",
    )


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds something takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def median(values: list[float]) -> float:
    """Return the median."""
    return statistics.median(values)


def peak_megabytes() -> float:
    """Return the most memory this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _amount(number: int, month: date) -> int:
    chance = random.Random(number * 1_000_003 + month.year * 12 + month.month)
    season = (80, 55, 95, 100, 105, 100, 98, 102, 110, 108, 112, 120)[month.month - 1]
    growth = 1 + (month.year - 2020) * 0.04
    return round((50 + number % 500) * season * growth * chance.uniform(0.9, 1.1))


def _target(number: int) -> Target:
    before = sum(_amount(number, date(2024, month, 1)) for month in range(1, 13))
    return Target(
        id=f"cargo-{number:05}-2025",
        indicator=f"cargo-{number:05}",
        title=Text(f"Cargo volume through port {number} in 2025", f"2025年第{number}口岸货运量"),
        short=Text(f"Port {number}", f"第{number}口岸"),
        owner=OWNER,
        versions=(
            TargetVersion(
                number=1,
                effective=date(2025, 2, 7),
                goal=Goal(above=Decimal(round(before * 1.04))),
                start=date(2025, 1, 1),
                deadline=date(2025, 12, 31),
                plan=Plan(shape=PlanShape.SEASONAL),
                announcement=Announcement(by="Somebody", on=date(2025, 2, 7)),
            ),
        ),
    )
