"""What is said of one target, one indicator and the snapshot itself: the samples of each, family by family."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from targetwatch.metrics import catalogue as c
from targetwatch.metrics.lines import escaped, first_second, labelled, last_second, sample
from targetwatch.model import DataState, Performance

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from targetwatch.model import Figure, Forecast, Indicator, Snapshot, Target, Verdict

TARGET_FAMILIES = (
    c.TARGET_INFO,
    c.TARGET_VERDICT_INFO,
    c.TARGET_GOAL,
    c.TARGET_GOAL_UPPER,
    c.TARGET_BASELINE,
    c.TARGET_ACTUAL,
    c.TARGET_EXPECTED,
    c.TARGET_PROGRESS,
    c.TARGET_EXPECTED_PROGRESS,
    c.TARGET_PACE,
    c.TARGET_REQUIRED_GROWTH,
    c.TARGET_REQUIRED_PER_MONTH,
    c.TARGET_BUFFER,
    c.TARGET_ATTAINMENT,
    c.TARGET_FORECAST,
    c.TARGET_PERFORMANCE,
    c.TARGET_PERFORMANCE_SINCE,
    c.TARGET_DATA_STATE,
    c.TARGET_START,
    c.TARGET_DEADLINE,
    c.TARGET_DATA_THROUGH,
    c.TARGET_NEXT_RELEASE_DUE,
    c.TARGET_VERSION,
    c.TARGET_POSITION,
)
INDICATOR_FAMILIES = (c.INDICATOR_INFO, c.INDICATOR_LATEST, c.INDICATOR_DATA_THROUGH, c.READINGS_HELD)
SNAPSHOT_FAMILIES = (c.SNAPSHOT_TIMESTAMP, c.AS_OF_TIMESTAMP, c.CLOCK_SIMULATED, c.TARGETS_FAILED)

STATUSES = tuple((status, f'status="{status.value}"') for status in Performance)
STATES = tuple((state, f'state="{state.value}"') for state in DataState)
ESTIMATES = ("low", "median", "high")
SECONDS_A_DAY = 86400


@dataclass(frozen=True, slots=True)
class Judged:
    """One target with its indicator and verdict: what its lines are made of, and nothing else.

    `position` is its place among all, from 1.
    """

    target: Target
    indicator: Indicator
    verdict: Verdict
    position: int

    def lines(self, zone: tzinfo, *, owner_email: bool) -> tuple[str, ...]:
        """Return the lines of each of TARGET_FAMILIES; empty where the value is unknown."""
        said = self.verdict
        own = f'{{target="{escaped(self.target.id)}"}}'
        return (
            sample(c.TARGET_INFO, labelled(c.TARGET_INFO, self._about(owner_email=owner_email)), 1),
            sample(c.TARGET_VERDICT_INFO, labelled(c.TARGET_VERDICT_INFO, self._words()), 1),
            sample(c.TARGET_GOAL, own, said.goal_value),
            sample(c.TARGET_GOAL_UPPER, own, said.goal_upper),
            sample(c.TARGET_BASELINE, own, said.baseline_value),
            sample(c.TARGET_ACTUAL, own, said.actual_value),
            sample(c.TARGET_EXPECTED, own, said.expected_value),
            sample(c.TARGET_PROGRESS, own, said.progress_ratio),
            sample(c.TARGET_EXPECTED_PROGRESS, own, said.expected_progress_ratio),
            sample(c.TARGET_PACE, own, said.pace_ratio),
            sample(c.TARGET_REQUIRED_GROWTH, own, said.required_growth_ratio),
            sample(c.TARGET_REQUIRED_PER_MONTH, own, said.required_value_per_month),
            sample(c.TARGET_BUFFER, own, None if said.buffer_days is None else said.buffer_days * SECONDS_A_DAY),
            sample(c.TARGET_ATTAINMENT, own, said.attainment_probability),
            _forecast(own, said.forecast),
            _one_of(c.TARGET_PERFORMANCE, own, STATUSES, said.performance),
            sample(c.TARGET_PERFORMANCE_SINCE, own, first_second(said.performance_since, zone)),
            _one_of(c.TARGET_DATA_STATE, own, STATES, said.data_state),
            sample(c.TARGET_START, own, first_second(said.start, zone)),
            sample(c.TARGET_DEADLINE, own, last_second(said.deadline, zone)),
            sample(c.TARGET_DATA_THROUGH, own, last_second(said.data_through, zone)),
            sample(c.TARGET_NEXT_RELEASE_DUE, own, first_second(said.next_release_due, zone)),
            sample(c.TARGET_VERSION, own, said.version),
            sample(c.TARGET_POSITION, own, self.position),
        )

    def _about(self, *, owner_email: bool) -> tuple[str, ...]:
        target = self.target
        return (
            target.id,
            target.indicator,
            target.programme,
            target.title.en,
            target.title.zh,
            target.short.en,
            target.short.zh,
            self.indicator.unit,
            target.owner.id,
            target.owner.email if owner_email else "",
            target.owner.language,
            self.verdict.comparator.value,
        )

    def _words(self) -> tuple[str, ...]:
        said = self.verdict
        return (
            self.target.id,
            said.sentence.en,
            said.sentence.zh,
            said.needed.en,
            said.needed.zh,
            said.card.en,
            said.card.zh,
            said.plan.en,
            said.plan.zh,
            said.odds.en,
            said.odds.zh,
            said.age.en,
            said.age.zh,
            said.outlook.en,
            said.outlook.zh,
            said.tile_age.en,
            said.tile_age.zh,
            said.evidence,
            _spelled(said.performance_since),
            _spelled(said.next_release_due),
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """One indicator: its latest figure where no target is set on it (`watched`), and how many readings are held."""

    indicator: Indicator
    figure: Figure | None
    held: int
    watched: bool

    def lines(self, zone: tzinfo) -> tuple[str, ...]:
        """Return the lines of each of INDICATOR_FAMILIES; empty where there is nothing to say."""
        one, own = self.indicator, f'{{indicator="{escaped(self.indicator.id)}"}}'
        held = sample(c.READINGS_HELD, own, self.held)
        if not self.watched:
            return ("", "", "", held)
        about = labelled(c.INDICATOR_INFO, (one.id, one.title.en, one.title.zh, one.unit))
        value, through = (self.figure.value, self.figure.period.end) if self.figure else (None, None)
        return (
            sample(c.INDICATOR_INFO, about, 1),
            sample(c.INDICATOR_LATEST, own, value),
            sample(c.INDICATOR_DATA_THROUGH, own, last_second(through, zone)),
            held,
        )


def of_snapshot(snapshot: Snapshot) -> tuple[str, ...]:
    """Return the lines of each of SNAPSHOT_FAMILIES."""
    return (
        sample(c.SNAPSHOT_TIMESTAMP, "", snapshot.taken_at.timestamp()),
        sample(c.AS_OF_TIMESTAMP, "", snapshot.as_of.moment.timestamp()),
        sample(c.CLOCK_SIMULATED, "", snapshot.simulated),
        sample(c.TARGETS_FAILED, "", len(snapshot.failed)),
    )


def _one_of(metric: c.Metric, own: str, values: tuple[tuple[object, str], ...], said: object) -> str:
    """Return a line for every value: 1 for the one said, 0 for the others."""
    start = f"{metric.name}{own[:-1]},"
    return "".join([f"{start}{label}}} {1 if value is said else 0}\n" for value, label in values])


def _forecast(own: str, forecast: Forecast | None) -> str:
    if forecast is None:
        return ""
    values = zip(ESTIMATES, (forecast.low, forecast.median, forecast.high), strict=True)
    return "".join(sample(c.TARGET_FORECAST, f'{own[:-1]},estimate="{name}"}}', value) for name, value in values)


def _spelled(day: date | None) -> str:
    return "" if day is None else day.isoformat()
