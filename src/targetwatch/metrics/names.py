"""Every Prometheus metric of the service: its name, type, help and labels, and the lines of targets and indicators.

The only place one is named. The lines are those of the text format, which is OpenMetrics too as far as it is used here,
but for the header of a counter. An unknown value has no line.

Dates become Unix seconds in the configured time zone; each help says whether the first or the last second of the day
is meant. Ratios are 0..1 and up, moments and durations are seconds, an unknown value is an absent series.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache, partial
from math import isfinite
from operator import attrgetter
from typing import TYPE_CHECKING, Literal, TypeAlias

from targetwatch.evaluation.status import urgency
from targetwatch.model import DataState, Performance, Verdict
from targetwatch.wording.card import brief_data_age, outlook
from targetwatch.wording.formats import rounded, told
from targetwatch.wording.translation import LANGUAGES, translator
from targetwatch.wording.verdict import card

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable
    from datetime import tzinfo

    from targetwatch.model import Acknowledgement, Figure, Indicator, Snapshot, Target

Kind = Literal["gauge", "counter", "histogram"]


@dataclass(frozen=True, slots=True, eq=False)
class Metric:
    """One family of samples; `name` is that of the samples, so a counter's ends in `_total`.

    `edge` is which second of a day it is, where it is one; `figure` the name of the verdict's figure it shows.
    """

    name: str
    kind: Kind
    help: str
    labels: tuple[str, ...] = ()
    edge: Literal["First", "Last"] | None = None

    @property
    def figure(self) -> str:
        """Return what the verdict's figure of the same name would be called."""
        return self.name.removeprefix("targetwatch_target_").removesuffix("_timestamp_seconds")


_named: list[Metric] = []


def _metric(kind: Kind, name: str, said: str, labels: str = "") -> Metric:
    ending = "_total" if kind == "counter" else ""
    _named.append(Metric(f"targetwatch_{name}{ending}", kind, said, tuple(labels.split())))
    return _named[-1]


def _day(name: str, edge: Literal["First", "Last"], said: str, label: str = "target") -> Metric:
    _named.append(Metric(f"targetwatch_{name}_timestamp_seconds", "gauge", f"{edge} second of {said}", (label,), edge))
    return _named[-1]


_gauge, _counter = partial(_metric, "gauge"), partial(_metric, "counter")

# The snapshot
SNAPSHOT_TIMESTAMP = _gauge("snapshot_timestamp_seconds", "When the verdicts shown were reached.")
AS_OF_TIMESTAMP = _gauge("as_of_timestamp_seconds", "Moment of knowledge that the verdicts speak of.")
CLOCK_SIMULATED = _gauge("clock_simulated", "1 when the service shows a past date or lives one again.")
TARGETS_FAILED = _gauge("targets_failed", "Targets left out because they could not be judged; the log says why.")

# What is promised, and the words on a wall
TARGET_INFO = _gauge(
    "target_info",
    "What a target is about, always 1; join the other series to it on (target).",
    "target indicator programme measure title_en title_zh short_en short_zh unit owner comparator",
)
TARGET_TILE_INFO = _gauge(
    "target_tile_info",
    "The status and the few words on a target's tile of a wall, always 1.",
    " ".join(["target status", *(f"{name}_{one}" for name in ("card", "outlook", "age") for one in LANGUAGES)]),
)

# The figures of a target, in the unit of its info; one of the verdict's name shows that, and needs no name here
_gauge("target_goal_value", "Goal in the unit of the target; of a band, its lower bound.", "target")
TARGET_GOAL_UPPER = _gauge("target_goal_upper_value", "Upper bound of a goal that is a band.", "target")
_gauge("target_baseline_value", "Where the indicator stood before the target began.", "target")
TARGET_ACTUAL = _gauge("target_actual_value", "Last known value, as of the data-through day.", "target")
TARGET_EXPECTED = _gauge(
    "target_expected_value",
    "Value the plan expects on the data-through day; of milestones, the steps expected by the day itself less the lag.",
    "target",
)
_gauge("target_progress_ratio", "Share of the goal reached; 1 is all of it.", "target")
_gauge("target_expected_progress_ratio", "Share of the goal the plan expects on the data-through day.", "target")
_gauge("target_pace_ratio", "Actual over expected on the data-through day; 1 is on plan.", "target")
_gauge(
    "target_required_growth_ratio",
    "Growth on the same stretch of the year before that the rest of the window needs; 0.1 is 10 percent.",
    "target",
)
_gauge(
    "target_required_value_per_month",
    "Amount a month needed from the data-through day to the deadline, in the unit; negative where a level has to fall.",
    "target",
)
TARGET_BUFFER = _gauge(
    "target_buffer_seconds",
    "How far ahead of plan in time; negative is behind. Of a cap on a total, how much of the plan is used in advance.",
    "target",
)
_gauge("target_attainment_probability", "Probability that the goal is attained, 0 to 1.", "target")
TARGET_FORECAST = _gauge(
    "target_forecast_value",
    "Value forecast for the deadline: its median, and the ends of the 80 percent interval.",
    "target estimate",
)

# How a target stands
TARGET_PERFORMANCE = _gauge(
    "target_performance", "1 for the status the target has, 0 for every other.", "target status"
)
_day("target_performance_since", "First", "the day since which the target has its status, on the published clock.")
TARGET_STATUS_CHANGES = _counter("target_status_changes", "Changes of status that are kept.", "target")
TARGET_DATA_STATE = _gauge(
    "target_data_state", "1 for the state of the data of the target, 0 for every other.", "target state"
)
_day("target_start", "First", "the day the target starts.")
_day("target_deadline", "Last", "the day of the deadline.")
_day("target_data_through", "Last", "the day up to which figures are known.")
_day("target_next_release_due", "First", "the day by which the next figure is to be published.")
TARGET_LATE = _gauge(
    "target_late_seconds", "How long the next figure has been due; absent while it is not late.", "target"
)
_gauge("target_version", "Number of the version of the target in force.", "target")
TARGET_ACKNOWLEDGED_UNTIL = _day(
    "target_acknowledged_until",
    "Last",
    "the day until which somebody knows of the target's trouble; absent when nobody said so.",
)
TARGET_URGENCY = _gauge(
    "target_urgency",
    "Where the target belongs on a wall, the more urgent the higher: of no two the same, so that order has no ties.",
    "target",
)

# Indicators
INDICATOR_INFO = _gauge(
    "indicator_info", "What an indicator without a target is about, always 1.", "indicator title_en title_zh unit"
)
INDICATOR_LATEST = _gauge(
    "indicator_latest_value", "Latest figure of an indicator without a target, in its unit.", "indicator"
)
INDICATOR_DATA_THROUGH = _day(
    "indicator_data_through",
    "Last",
    "the period that the latest figure of an indicator without a target describes.",
    "indicator",
)
READINGS_HELD = _gauge("readings_held", "Suspicious readings that wait for a person.", "indicator")

# The service
WORKING_DAY = _gauge("working_day", "1 when the day of the verdicts is a working day of the calendar.")
DATABASE_UP = _gauge("database_up", "1 when the database answered the last time it was asked.")
SCHEDULER_LEADER = _gauge("scheduler_leader", "1 in the process that runs the scheduled jobs.")
RELOAD_SUCCESSFUL = _gauge(
    "config_last_reload_successful", "1 when the last reload of the configuration was put in force."
)
RELOAD_SUCCESS_TIMESTAMP = _gauge(
    "config_last_reload_success_timestamp_seconds", "When a configuration was last put in force."
)
BUILD_INFO = _gauge("build_info", "The program that answers, always 1.", "version python")
SOURCE_LAST_SUCCESS = _gauge(
    "source_last_success_timestamp_seconds", "When the last run of a source ended that did not fail.", "source"
)
SOURCE_LAST_RUN_SUCCESSFUL = _gauge(
    "source_last_run_successful", "1 when the last run of a source neither failed nor drifted.", "source"
)
SOURCE_DRIFTED = _gauge(
    "source_drifted",
    "1 when the documents of a source looked other than described the last time it was read.",
    "source",
)
MAILS = _counter(
    "mails",
    "Mails by what became of them: sent, refused (and tried again), failed (given up after a week), replaced by a newer"
    " one, broken (could not be written).",
    "outcome",
)
MAILS_WAITING = _gauge("mails_waiting", "Mails that are to be sent, and have not been taken by the server yet.")
WRITE_FAILURES = _counter("write_failures", "Times the service could not write to the database what it had to keep.")
HTTP_REQUESTS = _counter(
    "http_requests", "Requests answered, by the pattern of their path; none: no page of ours.", "method route code"
)
REFRESH_DURATION = _metric("histogram", "refresh_duration_seconds", "How long it took to judge what had changed.")
INGEST_RUNS = _counter(
    "ingest_runs",
    "Runs of a source: ok, unchanged, failed, drifted, or broken off by a fault of the service.",
    "source outcome",
)
INGEST_READINGS = _counter("ingest_readings", "Readings a source brought, by what became of them.", "source result")
INGEST_DURATION = _metric("histogram", "ingest_duration_seconds", "How long the runs of a source took.", "source")

CATALOGUE: tuple[Metric, ...] = tuple(_named)
"""All of them, in the order in which they are written out."""
TARGET_METRICS, INDICATOR_METRICS = (
    tuple(metric for metric in CATALOGUE if metric.labels[:1] == (owner,)) for owner in ("target", "indicator")
)
Lines: TypeAlias = "dict[Metric, str]"
_FIGURES = {field.name for field in fields(Verdict)}
_OWN = [one for one in TARGET_METRICS if one.labels == ("target",) and one.figure in _FIGURES]
"""The metrics that show a figure of the verdict under its own name."""
_VALUES: dict[Metric, Callable[[Verdict], Decimal | float | None]] = {
    **{one: attrgetter(one.figure) for one in _OWN if one.edge is None},
    TARGET_GOAL_UPPER: attrgetter("goal_upper"),
    TARGET_ACTUAL: lambda said: None if said.actual_value is None else told(said.actual_value, said),
    TARGET_EXPECTED: lambda said: None if said.expected_value is None else told(said.expected_value, said),
    TARGET_BUFFER: lambda said: None if said.buffer_days is None else said.buffer_days * _SECONDS_A_DAY,
}
_DAYS: dict[Metric, Callable[[Verdict], date | None]] = {one: attrgetter(one.figure) for one in _OWN if one.edge}
_STATUSES = tuple((status, f'status="{status.value}"') for status in Performance)
_STATES = tuple((state, f'state="{state.value}"') for state in DataState)
_SECONDS_A_DAY = 86400


def of_target(
    target: Target, indicator: Indicator, verdict: Verdict, position: int, *, zone: tzinfo, tile: str = ""
) -> Lines:
    """Return the lines of a target with its verdict; `position` is its place among all, from 1.

    `tile` is the line of TARGET_TILE_INFO where it is known already: its words are half of the work.
    """
    own, about = f'{{target="{escaped(target.id)}"}}', _about(target, indicator, verdict)
    lines = {
        TARGET_INFO: _sample(TARGET_INFO, _labelled(TARGET_INFO, about), 1),
        TARGET_TILE_INFO: tile or _tile(target, indicator, verdict),
        TARGET_FORECAST: _forecast(own, verdict),
        TARGET_PERFORMANCE: _one_of(TARGET_PERFORMANCE, own, _STATUSES, verdict.performance),
        TARGET_DATA_STATE: _one_of(TARGET_DATA_STATE, own, _STATES, verdict.data_state),
        TARGET_URGENCY: _sample(TARGET_URGENCY, own, urgency(verdict, position)),
    }
    for metric, value in _VALUES.items():
        lines[metric] = _sample(metric, own, _in_few_digits(value(verdict)))
    for metric, day in _DAYS.items():
        second = first_second if metric.edge == "First" else last_second
        lines[metric] = _sample(metric, own, second(day(verdict), zone))
    return lines


def of_acknowledgement(target: Target, given: Acknowledgement | None, *, zone: tzinfo) -> Lines:
    """Return the line of until when somebody knows of a target's trouble; an empty one where nobody said so."""
    own = f'{{target="{escaped(target.id)}"}}'
    until = None if given is None else last_second(given.until, zone)
    return {TARGET_ACKNOWLEDGED_UNTIL: _sample(TARGET_ACKNOWLEDGED_UNTIL, own, until)}


def of_status_changes(target: Target, count: int) -> Lines:
    """Return the line of how many status changes of a target are kept."""
    own = f'{{target="{escaped(target.id)}"}}'
    return {TARGET_STATUS_CHANGES: _sample(TARGET_STATUS_CHANGES, own, count)}


def of_late(snapshot: Snapshot, zone: tzinfo, targets: Container[str]) -> Lines:
    """Return the lines of how long late figures of some targets have been due: they grow while verdicts stand."""
    now = snapshot.as_of.moment.timestamp()
    lines = []
    for name, verdict in snapshot.verdicts.items():
        due = first_second(verdict.next_release_due, zone) if verdict.data_state is DataState.LATE else None
        if due is not None and name in targets:
            lines.append(_sample(TARGET_LATE, f'{{target="{escaped(name)}"}}', now - due))
    return {TARGET_LATE: "".join(lines)}


def of_indicator(indicator: Indicator, figure: Figure | None, *, zone: tzinfo) -> Lines:
    """Return the lines of an indicator that no target is set on, with its latest figure."""
    own = f'{{indicator="{escaped(indicator.id)}"}}'
    about = (indicator.id, indicator.title.en, indicator.title.zh, indicator.unit)
    value, through = (figure.value, figure.period.end) if figure else (None, None)
    return {
        INDICATOR_INFO: _sample(INDICATOR_INFO, _labelled(INDICATOR_INFO, about), 1),
        INDICATOR_LATEST: _sample(INDICATOR_LATEST, own, value),
        INDICATOR_DATA_THROUGH: _sample(INDICATOR_DATA_THROUGH, own, last_second(through, zone)),
    }


def of_held(indicator: Indicator, count: int) -> Lines:
    """Return the line of how many readings of any indicator are held."""
    return {READINGS_HELD: _sample(READINGS_HELD, f'{{indicator="{escaped(indicator.id)}"}}', count)}


def of_snapshot(snapshot: Snapshot) -> Lines:
    """Return the lines of the snapshot itself."""
    values: dict[Metric, float] = {
        SNAPSHOT_TIMESTAMP: snapshot.taken_at.timestamp(),
        AS_OF_TIMESTAMP: snapshot.as_of.moment.timestamp(),
        CLOCK_SIMULATED: snapshot.simulated,
        TARGETS_FAILED: len(snapshot.failed),
    }
    return {metric: _sample(metric, "", value) for metric, value in values.items()}


def header(metric: Metric, *, openmetrics: bool = False) -> str:
    """Return the two lines that open a family; OpenMetrics names a counter there without its ending."""
    name = metric.name.removesuffix("_total") if openmetrics else metric.name
    said = metric.help.replace("\\", "\\\\").replace("\n", "\\n")
    return f"# HELP {name} {said}\n# TYPE {name} {metric.kind}\n"


def escaped(value: str) -> str:
    r"""Return a label's value as it stands between quotes.

    >>> print(escaped('a "quoted" C:\\path'))
    a \"quoted\" C:\\path
    """
    if "\\" in value:
        value = value.replace("\\", "\\\\")
    if '"' in value:
        value = value.replace('"', '\\"')
    return value.replace("\n", "\\n") if "\n" in value else value


def number(value: Decimal | float) -> str:
    """Return a value in digits: an exact one exactly.

    >>> number(Decimal("2.70E+5")), number(0.25), number(True)
    ('270000', '0.25', '1')
    """
    if isinstance(value, Decimal):
        return f"{value:f}"
    return repr(value) if isinstance(value, float) else str(int(value))


@lru_cache(maxsize=65536)
def first_second(day: date | None, zone: tzinfo) -> int | None:
    """Return when a day begins in a zone, in Unix seconds."""
    return None if day is None else int(datetime.combine(day, time.min, zone).timestamp())


@lru_cache(maxsize=65536)
def last_second(day: date | None, zone: tzinfo) -> int | None:
    """Return the last second of a day in a zone: the one before the next day begins."""
    if day is None:
        return None
    following = first_second(day + timedelta(days=1), zone)
    return None if following is None else following - 1


def _sample(metric: Metric, labels: str, value: Decimal | float | None) -> str:
    """Return the line of a sample; none when the value is unknown (or no number)."""
    if value is None or not isfinite(value):
        return ""
    return f"{metric.name}{labels} {number(value)}\n"


def _in_few_digits(value: Decimal | float | None) -> Decimal | float | None:
    """Return what is computed in as many digits as an estimate deserves; what is exact as it is."""
    return rounded(value) if isinstance(value, float) else value


def _labelled(metric: Metric, values: Iterable[str]) -> str:
    """Return the labels of a sample in their braces, `values` in the order of the metric's labels."""
    pairs = zip(metric.labels, values, strict=True)
    return "{" + ",".join(f'{name}="{escaped(value)}"' for name, value in pairs) + "}"


def _one_of(metric: Metric, own: str, values: tuple[tuple[object, str], ...], said: object) -> str:
    """Return a line for every value: 1 for the one said, 0 for the others."""
    start = f"{metric.name}{own[:-1]},"
    return "".join([f"{start}{label}}} {1 if value is said else 0}\n" for value, label in values])


def _forecast(own: str, verdict: Verdict) -> str:
    forecast, start = verdict.forecast, f"{own[:-1]},estimate="
    if forecast is None:
        return ""
    estimates = {"low": forecast.low, "median": forecast.median, "high": forecast.high}
    return "".join(
        _sample(TARGET_FORECAST, f'{start}"{name}"}}', told(value, verdict)) for name, value in estimates.items()
    )


def _about(target: Target, indicator: Indicator, verdict: Verdict) -> tuple[str, ...]:
    return (
        target.id,
        target.indicator,
        target.programme,
        indicator.measure.value,
        target.title.en,
        target.title.zh,
        target.short.en,
        target.short.zh,
        indicator.unit,
        target.owner.id,
        verdict.comparator.value,
    )


def _tile(target: Target, indicator: Indicator, verdict: Verdict) -> str:
    languages = [translator(language) for language in LANGUAGES]
    said = (say(verdict, indicator, _) for say in (card, outlook, brief_data_age) for _ in languages)
    words = (target.id, verdict.performance.value, *said)
    return _sample(TARGET_TILE_INFO, _labelled(TARGET_TILE_INFO, words), 1)
