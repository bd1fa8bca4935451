"""What is said of a target or an indicator as of a moment, and the snapshot of all of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from targetwatch.model.catalogue import Catalogue, Step
from targetwatch.model.reading import Figure
from targetwatch.model.words import AsOf, Clock, Comparator, DataState, Performance, Text


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
class Caveat:
    """What has to be known beside a verdict's figures: a code, and the days it speaks of."""

    code: str
    days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierGoal:
    """The goal in force before the one a verdict is found for, and the day on which a new version replaced it."""

    comparator: Comparator
    value: Decimal
    upper: Decimal | None = None
    replaced_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What `evaluate` says of one target as of one moment. Field names are those of the metrics and the JSON.

    `day` is the day it is said on; its figures are the same until something changes. `goal_change` is the change that a
    relative goal asks for; `reached_on` the day on which the middle of a flow's forecast comes to the goal. Of a level
    `data_from` is the first day of the period that its value describes, None where it stands at `data_through`;
    `last_year_to_date` and `last_year_total` are its values a year before that day and a year before the deadline,
    where that is less than a year off. `targetwatch.wording.verdict` puts it into words.
    """

    target: str
    indicator: str
    version: int
    clock: Clock
    day: date = field(compare=False)
    performance: Performance = Performance.PENDING
    performance_since: date | None = None
    data_state: DataState = DataState.NONE
    rule: str = ""
    provisional: bool = False
    start: date
    deadline: date | None
    comparator: Comparator
    data_from: date | None = None
    data_through: date | None = None
    published_on: date | None = None
    next_release_due: date | None = None
    late_days: int = 0
    goal_value: Decimal | None = None
    goal_upper: Decimal | None = None
    goal_change: Decimal | None = None
    goal_before: EarlierGoal | None = None
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
    reached_on: date | None = None
    forecast: Forecast | None = None
    steps: tuple[StepState, ...] = ()
    notes: tuple[Caveat, ...] = ()
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """A target's performance became `new` on `on` (published clock): history and alerts read these rows.

    `verdict` is what was said of it then, its forecast without members; None for one kept before verdicts were, of
    which only the `text` is left.
    """

    target: str
    version: int
    on: date
    old: Performance | None
    new: Performance
    rule: str
    verdict: Verdict | None = None
    text: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """Somebody knows of a target's trouble: `by` whom, what they say of it, and until when nothing is repeated."""

    target: str
    receiver: str
    by: str
    note: str
    until: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All verdicts as of one moment, frozen; every output reads this and nothing else.

    `paces` are those of each target at its known evenings, as known now, oldest first.
    """

    as_of: AsOf
    taken_at: datetime
    catalogue: Catalogue
    verdicts: Mapping[str, Verdict]
    figures: Mapping[str, Figure]
    paces: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    held: Mapping[str, int] = field(default_factory=dict)
    acknowledged: Mapping[str, Acknowledgement] = field(default_factory=dict)
    failed: Mapping[str, str] = field(default_factory=dict)
    simulated: bool = False
