"""A hand-made present: what is said of a few targets on a day, and what was told of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from builders import day, indicator, target
from targetwatch.evaluation import evaluate
from targetwatch.mail.due import TARGET, Present
from targetwatch.model import AsOf, Catalogue, Performance, Snapshot, Source, Steward, Target, Text, Verdict
from targetwatch.store.outbox import Key, Told

OWNER, STEWARD = "port@example.org", "figures@example.org"
ABOUT = Key(OWNER, TARGET, "cargo-2025")
FIGURES = Steward(name=Text("Figures", "统计"), email="Figures@example.org", language="zh")
SOURCE = Source(id="customs", kind="csv_file")


def verdict(performance: Performance | str, since: str = "2025-06-02", **changes: Any) -> Verdict:
    """Return what is said of the target of the builders, changed as asked."""
    said: dict[str, Any] = {"performance": Performance(performance), "performance_since": day(since)}
    said |= {"data_through": day("2025-03-31"), **changes}
    return replace(evaluate(target(), indicator(), [], date(2025, 6, 30)), **said)


def present(
    on: str,
    *verdicts: Verdict,
    targets: tuple[Target, ...] = (),
    steward: Steward | None = None,
    held: int = 0,
    simulated: bool = False,
    **more: Any,
) -> Present:
    """Return a day on which this is said of the targets (the builders' one when none is given)."""
    catalogue = Catalogue(
        indicators=(indicator(steward=steward),),
        targets=targets or (target(),),
        sources=(replace(SOURCE, steward=steward),),
    )
    snapshot = Snapshot(
        as_of=AsOf.end_of(day(on)),
        taken_at=datetime.combine(day(on), datetime.min.time(), UTC),
        catalogue=catalogue,
        verdicts={one.target: one for one in verdicts},
        figures={},
        held={"cargo": held} if held else {},
        simulated=simulated,
    )
    return Present(snapshot=snapshot, **more)


def told(said: Mapping[str, Any] | None, key: Key = ABOUT) -> dict[Key, Told]:
    """Return that this was told, and nothing waits."""
    return {key: Told(said, said)}
