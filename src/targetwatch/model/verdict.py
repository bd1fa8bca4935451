"""What is said of a target or an indicator as of a moment, and the snapshot of all of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from targetwatch.model.plain import plain
from targetwatch.model.words import AsOf, Basis, Clock, Comparator, DataState, Performance, Period, Qualifier, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from targetwatch.model.catalogue import Catalogue, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class StepState:
    """One milestone as of a moment: done in time, done late, not reported, or not due yet."""

    step: Step
    due: date | None
    done_on: date | None
    known_on: date | None
    late_days: int | None
    evidence_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The value at the deadline: median, 80 % interval, probability of attaining the goal."""

    median: float
    low: float
    high: float
    attain_probability: float
    method: str = ""
    history_years: int = 0
    members: tuple[tuple[str, float, float], ...] = ()
    """(name, median, probability) of each member of the pool."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What `evaluate` says of one target as of one moment. Field names are those of the metrics and the JSON."""

    target: str
    indicator: str
    version: int
    clock: Clock
    performance: Performance
    performance_since: date | None = None
    data_state: DataState
    rule: str
    provisional: bool = False
    start: date
    deadline: date | None
    comparator: Comparator
    data_through: date | None = None
    published_on: date | None = None
    next_release_due: date | None = None
    late_days: int = 0
    goal_value: Decimal | None = None
    goal_upper: Decimal | None = None
    baseline_value: Decimal | None = None
    actual_value: Decimal | None = None
    actual_rounding: Decimal = Decimal(0)
    expected_value: float | None = None
    variance: float | None = None
    progress_ratio: float | None = None
    expected_progress_ratio: float | None = None
    pace_ratio: float | None = None
    straight_line_pace_ratio: float | None = None
    last_year_to_date: float | None = None
    last_year_rest: float | None = None
    last_year_total: float | None = None
    required_growth_ratio: float | None = None
    required_value_per_month: float | None = None
    value_per_month: float | None = None
    remaining_months: float | None = None
    buffer_days: float | None = None
    attainment_probability: float | None = None
    forecast: Forecast | None = None
    steps: tuple[StepState, ...] = ()
    notes: tuple[Text, ...] = ()
    sentence: Text = field(default_factory=Text)
    needed: Text = field(default_factory=Text)
    card: Text = field(default_factory=Text)
    plan: Text = field(default_factory=Text)
    odds: Text = field(default_factory=Text)
    age: Text = field(default_factory=Text)
    outlook: Text = field(default_factory=Text)
    tile_age: Text = field(default_factory=Text)
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """A target's performance became `new` on `on` (published clock): history and alerts read these rows."""

    target: str
    version: int
    on: date
    old: Performance | None
    new: Performance
    rule: str
    sentence: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """The latest figure of an indicator as of a moment: shown, never judged."""

    indicator: str
    value: Decimal
    period: Period
    basis: Basis
    qualifier: Qualifier
    yoy: Decimal | None
    publisher: str
    published_on: date | None
    evidence_url: str
    data_state: DataState
    next_release_due: date | None = None
    rounding: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All verdicts as of one moment, frozen; every output reads this and nothing else."""

    as_of: AsOf
    taken_at: datetime
    catalogue: Catalogue
    verdicts: Mapping[str, Verdict]
    figures: Mapping[str, Figure]
    held: Mapping[str, int] = field(default_factory=dict)
    failed: Mapping[str, str] = field(default_factory=dict)
    simulated: bool = False

    def told(self, target: str) -> dict[str, Any]:
        """Return the verdict on a target as plain values for JSON, with the day it is the verdict of.

        The day is the snapshot's: a verdict that nothing has changed since is carried from one snapshot to the next.
        """
        return {"as_of": self.as_of.day.isoformat(), **plain(self.verdicts[target])}
