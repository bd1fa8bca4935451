"""The samples of a target, an indicator and the snapshot as lines of the text format, by metric.

That format is OpenMetrics too as far as it is used here, but for the header of a counter. An unknown value has no line.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from operator import attrgetter
from typing import TYPE_CHECKING

from targetwatch.evaluation.status import urgency
from targetwatch.metrics import names
from targetwatch.model import DataState, Performance, Verdict
from targetwatch.wording.card import brief_data_age, outlook
from targetwatch.wording.formats import rounded, told
from targetwatch.wording.translation import LANGUAGES, translator
from targetwatch.wording.verdict import card

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable
    from datetime import tzinfo

    from targetwatch.metrics.names import Metric
    from targetwatch.model import Acknowledgement, Figure, Indicator, Snapshot, Target

    Lines = dict[Metric, str]

_FIGURES = {field.name for field in fields(Verdict)}
_OWN = [one for one in names.TARGET_METRICS if one.labels == ("target",) and one.figure in _FIGURES]
"""The metrics that show a figure of the verdict under its own name."""
_VALUES: dict[Metric, Callable[[Verdict], Decimal | float | None]] = {
    **{one: attrgetter(one.figure) for one in _OWN if one.edge is None},
    names.TARGET_GOAL_UPPER: attrgetter("goal_upper"),
    names.TARGET_ACTUAL: lambda said: None if said.actual_value is None else told(said.actual_value, said),
    names.TARGET_EXPECTED: lambda said: None if said.expected_value is None else told(said.expected_value, said),
    names.TARGET_BUFFER: lambda said: None if said.buffer_days is None else said.buffer_days * _SECONDS_A_DAY,
}
_DAYS: dict[Metric, Callable[[Verdict], date | None]] = {one: attrgetter(one.figure) for one in _OWN if one.edge}
_STATUSES = tuple((status, f'status="{status.value}"') for status in Performance)
_STATES = tuple((state, f'state="{state.value}"') for state in DataState)
_SECONDS_A_DAY = 86400


def of_target(target: Target, indicator: Indicator, verdict: Verdict, position: int, *, zone: tzinfo) -> Lines:
    """Return the lines of a target with its verdict; `position` is its place among all, from 1."""
    own = f'{{target="{escaped(target.id)}"}}'
    about, words = _about(target, indicator, verdict), _words(target, indicator, verdict)
    lines = {
        names.TARGET_INFO: _sample(names.TARGET_INFO, _labelled(names.TARGET_INFO, about), 1),
        names.TARGET_TILE_INFO: _sample(names.TARGET_TILE_INFO, _labelled(names.TARGET_TILE_INFO, words), 1),
        names.TARGET_FORECAST: _forecast(own, verdict),
        names.TARGET_PERFORMANCE: _one_of(names.TARGET_PERFORMANCE, own, _STATUSES, verdict.performance),
        names.TARGET_DATA_STATE: _one_of(names.TARGET_DATA_STATE, own, _STATES, verdict.data_state),
        names.TARGET_URGENCY: _sample(names.TARGET_URGENCY, own, urgency(verdict, position)),
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
    return {names.TARGET_ACKNOWLEDGED_UNTIL: _sample(names.TARGET_ACKNOWLEDGED_UNTIL, own, until)}


def of_status_changes(target: Target, count: int) -> Lines:
    """Return the line of how many status changes of a target are kept."""
    own = f'{{target="{escaped(target.id)}"}}'
    return {names.TARGET_STATUS_CHANGES: _sample(names.TARGET_STATUS_CHANGES, own, count)}


def of_late(snapshot: Snapshot, zone: tzinfo, targets: Container[str]) -> Lines:
    """Return the lines of how long late figures of some targets have been due: they grow while verdicts stand."""
    now = snapshot.as_of.moment.timestamp()
    lines = []
    for name, verdict in snapshot.verdicts.items():
        due = first_second(verdict.next_release_due, zone) if verdict.data_state is DataState.LATE else None
        if due is not None and name in targets:
            lines.append(_sample(names.TARGET_LATE, f'{{target="{escaped(name)}"}}', now - due))
    return {names.TARGET_LATE: "".join(lines)}


def of_indicator(indicator: Indicator, figure: Figure | None, *, zone: tzinfo) -> Lines:
    """Return the lines of an indicator that no target is set on, with its latest figure."""
    own = f'{{indicator="{escaped(indicator.id)}"}}'
    about = (indicator.id, indicator.title.en, indicator.title.zh, indicator.unit)
    value, through = (figure.value, figure.period.end) if figure else (None, None)
    return {
        names.INDICATOR_INFO: _sample(names.INDICATOR_INFO, _labelled(names.INDICATOR_INFO, about), 1),
        names.INDICATOR_LATEST: _sample(names.INDICATOR_LATEST, own, value),
        names.INDICATOR_DATA_THROUGH: _sample(names.INDICATOR_DATA_THROUGH, own, last_second(through, zone)),
    }


def of_held(indicator: Indicator, count: int) -> Lines:
    """Return the line of how many readings of any indicator are held."""
    return {names.READINGS_HELD: _sample(names.READINGS_HELD, f'{{indicator="{escaped(indicator.id)}"}}', count)}


def of_snapshot(snapshot: Snapshot) -> Lines:
    """Return the lines of the snapshot itself."""
    values: dict[Metric, float] = {
        names.SNAPSHOT_TIMESTAMP: snapshot.taken_at.timestamp(),
        names.AS_OF_TIMESTAMP: snapshot.as_of.moment.timestamp(),
        names.CLOCK_SIMULATED: snapshot.simulated,
        names.TARGETS_FAILED: len(snapshot.failed),
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
        _sample(names.TARGET_FORECAST, f'{start}"{name}"}}', told(value, verdict)) for name, value in estimates.items()
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


def _words(target: Target, indicator: Indicator, verdict: Verdict) -> tuple[str, ...]:
    languages = [translator(language) for language in LANGUAGES]
    said = (say(verdict, indicator, _) for say in (card, outlook, brief_data_age) for _ in languages)
    return (target.id, verdict.performance.value, *said)
