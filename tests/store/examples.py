"""Small configured values and readings for the store's tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.engine import Engine

from targetwatch.model import (
    Announcement,
    Baseline,
    Basis,
    Catalogue,
    Goal,
    Indicator,
    Measure,
    Owner,
    Period,
    Plan,
    PlanShape,
    Programme,
    Publisher,
    Reading,
    Release,
    Source,
    Step,
    Target,
    TargetVersion,
    Text,
)
from targetwatch.store import catalogue, db

NOW = datetime(2025, 7, 17, 9, 30, 0, 123456, tzinfo=UTC)
OFFICE = Owner(
    id="port-office", name=Text("Port and Logistics Office", "口岸物流办"), email="port@example.org", language="zh"
)
ANNOUNCED = Announcement(
    by="Sun Xiyong",
    on=date(2025, 2, 7),
    source="press conference",
    url="https://example.org/1",
    quote="exceed 270,000 TEUs in cargo volume",
)
VERSION = TargetVersion(
    number=1,
    effective=date(2025, 2, 7),
    goal=Goal(above=Decimal(270000)),
    start=date(2025, 1, 1),
    deadline=date(2025, 12, 31),
    baseline=Baseline(value=Decimal(251800), period=Period(date(2024, 1, 1), date(2024, 12, 31))),
    plan=Plan(shape=PlanShape.SEASONAL),
    announcement=ANNOUNCED,
)
VOLUME = Indicator(
    id="ilstc-volume",
    title=Text("ILSTC cargo volume", "运量"),
    measure=Measure.FLOW,
    unit="TEU",
    unit_label=Text("TEU", "标箱"),
    scope=Text("Chongqing, three modes", "重庆"),
    authority="port-and-logistics-office",
    release=Release(every="quarter", lag=31, grace=14, calendar="CN", january_with_february=True),
    lowest=Decimal(0),
    highest=Decimal("1000000.50"),
)
ROUTES = Indicator(id="routes", title=Text("Routes", "航线"), measure=Measure.MILESTONES)
ANNUAL = Indicator(
    id="ilstc-volume-annual",
    title=Text("Annual", "全年"),
    measure=Measure.LEVEL,
    annual_total_of="ilstc-volume",
    base=Decimal("100.0"),
    base_on=date(2022, 12, 31),
)
VOLUME_2025 = Target(
    id="ilstc-volume-2025",
    indicator="ilstc-volume",
    programme="ilstc",
    title=Text("Cargo volume 2025", "2025年运量"),
    short=Text("Volume", "运量"),
    owner=OFFICE,
    versions=(VERSION,),
    note=Text("as announced", "按公布"),
)
ROUTES_2025 = Target(
    id="routes-2025",
    indicator="routes",
    title=Text("Four routes", "四条航线"),
    short=Text("Routes", "航线"),
    owner=OFFICE,
    versions=(
        replace(
            VERSION,
            goal=Goal(complete=True),
            baseline=None,
            plan=Plan(),
            steps=(
                Step(id="jakarta", title=Text("Jakarta", "雅加达"), due=date(2025, 6, 30)),
                Step(id="haiphong", title=Text("Haiphong", "海防")),
            ),
        ),
    ),
)
WANTED = Catalogue(
    programmes=(Programme(id="ilstc", title=Text("ILSTC", "西部陆海新通道")),),
    publishers=(Publisher(id="port-and-logistics-office", title=Text("Port and Logistics Office", "口岸物流办")),),
    indicators=(VOLUME, ANNUAL, ROUTES),
    targets=(VOLUME_2025, ROUTES_2025),
    sources=(
        Source(
            id="customs",
            kind="http_json",
            schedule="15 9 * * 1-5",
            options={"url": "https://example.org", "headers": {"X-Key": "${CUSTOMS_KEY}"}, "scale": 1000},
        ),
    ),
)


def reading(value: Decimal | int | str = 154600, published: str | None = "2025-07-17", **fields: Any) -> Reading:
    """Return a half-year reading of the cargo volume, changed as asked."""
    standard: dict[str, Any] = {
        "indicator": "ilstc-volume",
        "period": Period(date(2025, 1, 1), date(2025, 6, 30)),
        "basis": Basis.YEAR_TO_DATE,
        "value": Decimal(value),
        "publisher": "port-and-logistics-office",
        "published_on": date.fromisoformat(published) if published else None,
        "recorded_at": NOW,
        "yoy": Decimal("0.28"),
        "evidence_url": "https://example.org/h1",
        "quote": "重庆 moved 154,600 TEUs",
        "source": "by-hand",
    }
    return Reading(**{**standard, **fields})


def configure(engine: Engine, wanted: Catalogue = WANTED, *, now: datetime = NOW) -> None:
    """Put a catalogue into the database."""
    with db.writing(engine, "cli:test", reason="first configuration", now=now) as session:
        catalogue.reconcile(session, wanted, now=now)
