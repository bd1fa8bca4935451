"""A snapshot made by hand: every kind of target, every awkward label, every kind of unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from builders import OWNER, PUBLISHER, goal, indicator, period, steps, target, version
from targetwatch.model import (
    Acknowledgement,
    AsOf,
    Basis,
    Catalogue,
    Clock,
    Comparator,
    DataState,
    Figure,
    Forecast,
    Measure,
    Performance,
    Qualifier,
    Snapshot,
    Source,
    Text,
    Verdict,
)

ZONE = ZoneInfo("Asia/Shanghai")
AWKWARD = Text('A "quoted" C:\\path\nsecond line', "“引号”与\\反斜杠")

CARGO = indicator()
ROUTES = indicator(id="routes", title=AWKWARD, measure=Measure.MILESTONES, unit="")
AIR = indicator(id="air", title=Text("Air quality", "空气质量"), measure=Measure.LEVEL, unit="µg/m³")
QUIET = indicator(id="quiet", title=Text("Never published", "未发布"))

TARGETS = (
    target(programme="ilstc"),
    target(
        version(goal(), steps=steps("one", "two")),
        id="routes-2025",
        indicator="routes",
        title=AWKWARD,
        short=AWKWARD,
        owner=replace(OWNER, email="", language="zh"),
    ),
    target(version(announced=date(2025, 9, 1)), id="later"),
)

FULL = Verdict(
    target="cargo-2025",
    indicator="cargo",
    version=2,
    clock=Clock.PUBLISHED,
    day=date(2025, 7, 18),
    performance=Performance.ON_TRACK,
    performance_since=date(2025, 7, 17),
    data_state=DataState.FRESH,
    rule="probability",
    start=date(2025, 1, 1),
    deadline=date(2025, 12, 31),
    comparator=Comparator.ABOVE,
    data_through=date(2025, 6, 30),
    next_release_due=date(2025, 10, 31),
    goal_value=Decimal(270000),
    goal_upper=Decimal("2.8E+5"),
    baseline_value=Decimal("251800.50"),
    actual_value=Decimal(154600),
    expected_value=129511.26,
    progress_ratio=0.5725925925925926,
    expected_progress_ratio=0.47967,
    pace_ratio=1.1937,
    required_growth_ratio=-0.1192,
    required_value_per_month=19233.333333333332,
    buffer_days=-0.5,
    attainment_probability=0.93,
    forecast=Forecast(median=321000.0, low=300000.5, high=343000.0, attain_probability=0.93),
    evidence="https://example.org/a?b=1&c=2",
)
BARE = Verdict(
    target="routes-2025",
    indicator="routes",
    version=1,
    clock=Clock.PUBLISHED,
    day=date(2025, 7, 18),
    performance=Performance.PENDING,
    data_state=DataState.NONE,
    rule="nothing known",
    start=date(2025, 1, 1),
    deadline=None,
    comparator=Comparator.COMPLETE,
)
FIGURE = Figure(
    indicator="air",
    value=Decimal("32.10"),
    period=period("2025-06-01..2025-06-30"),
    basis=Basis.POINT,
    qualifier=Qualifier.EXACT,
    yoy=None,
    publisher=PUBLISHER,
    published_on=date(2025, 7, 10),
    evidence_url="",
    data_state=DataState.FRESH,
)
KNOWN = Acknowledgement(
    target="cargo-2025",
    receiver="port@example.org",
    by="Port Office",
    note="",
    until=date(2025, 8, 31),
    at=datetime(2025, 7, 17, 3, 30, tzinfo=UTC),
)
SNAPSHOT = Snapshot(
    as_of=AsOf.end_of(date(2025, 7, 18), ZONE),
    taken_at=datetime(2025, 7, 18, 3, 30, tzinfo=UTC),
    catalogue=Catalogue(
        indicators=(CARGO, ROUTES, AIR, QUIET),
        targets=TARGETS,
        sources=(Source(id="customs", kind="csv_file"), Source(id="off", kind="csv_file", enabled=False)),
    ),
    verdicts={"cargo-2025": FULL, "routes-2025": BARE},
    figures={"air": FIGURE, "cargo": replace(FIGURE, indicator="cargo")},
    held={"cargo": 2},
    acknowledged={"cargo-2025": KNOWN},
    failed={"broken": "ValueError: no"},
    simulated=True,
)


def changed(snapshot: Snapshot, name: str, **values: object) -> Snapshot:
    """Return the snapshot after one verdict was reached anew; the others are the same objects."""
    verdicts = {**snapshot.verdicts, name: replace(snapshot.verdicts[name], **values)}  # type: ignore[arg-type]
    return replace(snapshot, verdicts=verdicts)


def many(count: int) -> Snapshot:
    """Return a snapshot of `count` targets, each with an indicator and figures of its own."""
    names = [f"{number:05}" for number in range(count)]
    return replace(
        SNAPSHOT,
        catalogue=Catalogue(
            indicators=tuple(replace(CARGO, id=f"cargo-{name}") for name in names),
            targets=tuple(target(id=f"target-{name}", indicator=f"cargo-{name}") for name in names),
        ),
        verdicts={
            f"target-{name}": replace(
                FULL, target=f"target-{name}", indicator=f"cargo-{name}", actual_value=Decimal(at)
            )
            for at, name in enumerate(names)
        },
        figures={},
        held={},
        failed={},
    )
