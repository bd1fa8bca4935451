"""Short ways to say a target, an indicator and a reading in a test."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from targetwatch.model import (
    Announcement,
    Baseline,
    Basis,
    Goal,
    GoalChange,
    Indicator,
    Measure,
    Owner,
    Period,
    Plan,
    PlanShape,
    Qualifier,
    Reading,
    Release,
    Step,
    Target,
    TargetVersion,
    Text,
)

PUBLISHER = "statistics-office"
RECORDED = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
OWNER = Owner(id="port-office", name=Text("Port Office", "口岸办"), email="port@example.org")


def day(text: str) -> date:
    """Return a date written as 2025-03-31."""
    return date.fromisoformat(text)


def period(text: str) -> Period:
    """Return "2025-01-01..2025-03-31" or "2025" as a period."""
    if ".." in text:
        first, last = text.split("..")
        return Period(day(first), day(last))
    return Period(date(int(text), 1, 1), date(int(text), 12, 31))


def indicator(**changes: Any) -> Indicator:
    """Return a quarterly flow in TEU, changed as said."""
    values: dict[str, Any] = {
        "id": "cargo",
        "title": Text("Cargo", "货运量"),
        "measure": Measure.FLOW,
        "unit": "TEU",
        "unit_label": Text("TEU", "标箱"),
        "authority": PUBLISHER,
        "release": Release(every="quarter", lag=31, grace=14),
    }
    return Indicator(**values | changes)


def goal(**said: Any) -> Goal:
    """Return `goal(above=270000)`, `goal(between=(1, 2))`, `goal(change="-0.6")`, or `goal()` for complete."""
    if not said:
        return Goal(complete=True)
    ((kind, value),) = said.items()
    if kind == "change":
        return Goal(change=GoalChange(by=Decimal(str(value))))
    if kind == "between":
        return Goal(between=(Decimal(str(value[0])), Decimal(str(value[1]))))
    return Goal(**{kind: Decimal(str(value))})


def version(wanted: Goal | None = None, **changes: Any) -> TargetVersion:
    """Return a version for the year 2025, announced on 7 February, with a seasonal plan."""
    announced = changes.pop("announced", day("2025-02-07"))
    baseline = changes.pop("baseline", None)
    if baseline is not None and not isinstance(baseline, Baseline):
        baseline = Baseline(value=Decimal(str(baseline)), period=period("2024"))
    values: dict[str, Any] = {
        "number": 1,
        "effective": announced,
        "goal": wanted or goal(above=270000),
        "start": day("2025-01-01"),
        "deadline": day("2025-12-31"),
        "baseline": baseline,
        "plan": Plan(shape=PlanShape.SEASONAL),
        "announcement": Announcement(by="Somebody", on=announced),
    }
    return TargetVersion(**values | changes)


def target(*versions: TargetVersion, **changes: Any) -> Target:
    """Return a target with these versions (one for 2025 when none is given)."""
    values: dict[str, Any] = {
        "id": "cargo-2025",
        "indicator": "cargo",
        "title": Text("Cargo in 2025", "2025年货运量"),
        "short": Text("Cargo", "货运量"),
        "owner": OWNER,
        "versions": versions or (version(),),
    }
    return Target(**values | changes)


def reading(span: str, value: object, published: str | None = None, **changes: Any) -> Reading:
    """Return a year-to-date reading (or a `basis=` of yours) in the authority's name."""
    said_yoy = changes.pop("yoy", None)
    values: dict[str, Any] = {
        "indicator": "cargo",
        "period": period(span),
        "basis": Basis.YEAR_TO_DATE,
        "value": Decimal(str(value)),
        "publisher": PUBLISHER,
        "published_on": day(published) if published else None,
        "recorded_at": RECORDED,
        "yoy": None if said_yoy is None else Decimal(str(said_yoy)),
        "qualifier": Qualifier.EXACT,
    }
    return Reading(**values | changes)


def event(step: str | None, done: str, published: str, **changes: Any) -> Reading:
    """Return the report that a milestone's step was done on a day."""
    return reading(f"{done}..{done}", 1, published, basis=Basis.EVENT, step=step, **changes)


def steps(*names: str, due: str | None = None) -> tuple[Step, ...]:
    """Return milestone steps of these names."""
    return tuple(Step(id=name, title=Text(name.title(), name), due=day(due) if due else None) for name in names)


def month_ends(year: int) -> list[date]:
    """Return the twelve month ends of a year."""
    return [date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1) for month in range(1, 13)]
