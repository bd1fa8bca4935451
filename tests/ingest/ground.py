"""A database with a small catalogue, and a folder with the files of a source."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from builders import PUBLISHER, goal, indicator, steps, target, version
from targetwatch.ingest import IngestOutcome, Recorded, record, run
from targetwatch.model import (
    Catalogue,
    Measure,
    Publisher,
    Reading,
    Source,
    Text,
)
from targetwatch.store import db, readings, runs

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
HEADER = "indicator,period,basis,value,publisher,published_on,unit,yoy,step,quote\n"
Q1 = f"cargo,2025-01..2025-03,year_to_date,6.4万标箱,{PUBLISHER},2025-04-15,,28%,,\n"
H1 = f'cargo,2025-01..2025-06,year_to_date,"154,600 TEUs",{PUBLISHER},2025-07-17,,28%,,\n'
FALL = f"cargo,2025-01..2025-08,year_to_date,21580,{PUBLISHER},2025-10-01,,,,\n"
SOURCE = Source(id="port", kind="csv_file", options={"path": "port.csv"})
KNOWN = Catalogue(
    publishers=(Publisher(id=PUBLISHER, title=Text("Office")), Publisher(id="customs", title=Text("Customs"))),
    indicators=(
        indicator(),
        indicator(id="trade", unit="bn CNY", unit_label=Text("bn yuan", "十亿元")),
        indicator(id="routes", measure=Measure.MILESTONES, unit=""),
        indicator(id="index", measure=Measure.LEVEL, unit="points"),
        indicator(id="beds", measure=Measure.LEVEL, unit="hospital beds", unit_label=Text("beds", "张床位")),
        indicator(id="total", annual_total_of="cargo"),
    ),
    targets=(
        target(
            version(goal(), steps=steps("jakarta", "haiphong")),
            id="routes-2025",
            indicator="routes",
        ),
    ),
    sources=(SOURCE,),
)


class Ground:
    """A database, a folder with the file of the source, and the day."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.folder = engine, folder

    def write(self, *lines: str) -> None:
        (self.folder / "port.csv").write_text(HEADER + "".join(lines), encoding="utf-8")

    def run(self, *lines: str, days: int = 0, source: Source = SOURCE, **changes: Any) -> IngestOutcome:
        if lines:
            self.write(*lines)
        now = NOW + timedelta(days=days)
        return run(self.engine, source, now=now, today=now.date(), config_dir=self.folder, **changes)

    def record(self, days: int = 0, **cells: str) -> Recorded:
        options: dict[str, Any] = {
            name: cells.pop(name) for name in ("force_note", "dry_run", "locale", "corrects", "reason") if name in cells
        }
        now = NOW + timedelta(days=days)
        entry = {"indicator": "cargo", "period": "2025-H1", "basis": "year_to_date", "value": "154600", **cells}
        return record(self.engine, entry, actor="cli:li", now=now, today=now.date(), **options)

    def stored(self, name: str = "cargo") -> tuple[Reading, ...]:
        with db.reading(self.engine) as session:
            return readings.load(session, [name])[name]

    def values(self, name: str = "cargo") -> list[str]:
        return [str(reading.value) for reading in self.stored(name)]

    def held(self, status: str | None = "waiting") -> tuple[readings.Held, ...]:
        with db.reading(self.engine) as session:
            return readings.held(session, status=status)

    def runs(self) -> list[runs.Run]:
        with db.reading(self.engine) as session:
            return list(reversed(runs.history(session)))

    def state(self) -> dict[str, Any]:
        with db.reading(self.engine) as session:
            return runs.fetch_state(session, SOURCE.id)
