"""Methods put to questions that time has answered: how good their probabilities and intervals were.

Brier, log loss, error of the total, coverage, calibration; two methods are compared by resampling series.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

import numpy as np
from pool_of_two import pool2_flow, pool2_level
from questions import MONTHS, Floats, Questions

from targetwatch.backtest import Bin, calibration, log_losses
from targetwatch.evaluation.forecast.pools import pool_flow, pooled, share_member
from targetwatch.evaluation.forecast.structural import structural_flow, structural_level

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from targetwatch.evaluation.forecast.prediction import Mixture

INTERVAL = np.array([0.1, 0.5, 0.9])
SURE, UNSURE = 0.99, 0.01
AT_ONCE = 400
RESAMPLES = 4000
CENTRAL_95 = (2.5, 97.5)


class PastAnswer(Protocol):
    """What a method says of each case: chances of totals, and quantiles."""

    def exceeding(self, totals: Floats) -> Floats:
        """Return P(total > each of `totals`), (cases, totals)."""
        ...

    def quantiles(self, probabilities: Floats) -> Floats:
        """Return the quantiles, (cases, probabilities)."""
        ...


@dataclass(frozen=True, slots=True)
class OneNumber:
    """A method that names one number and is sure of it: 0.99 or 0.01."""

    total: Floats

    def exceeding(self, totals: Floats) -> Floats:
        """Return 0.99 where the number reaches the total, else 0.01."""
        return np.where(self.total[:, None] >= totals, SURE, UNSURE)

    def quantiles(self, probabilities: Floats) -> Floats:
        """Return the number for every probability."""
        return np.repeat(self.total[:, None], len(probabilities), 1)


def run_rate(history: Floats, year_to_date: Floats) -> OneNumber:
    """Return the year to date carried on at its own rate."""
    del history
    return OneNumber(year_to_date.mean(1) * MONTHS)


def straight_line(history: Floats, known: Floats) -> OneNumber:
    """Return the level reached when the way since last December goes on at its own rate."""
    start = history[:, -1, -1]
    return OneNumber(start + (known[:, -1] - start) * MONTHS / known.shape[1])


def share(history: Floats, year_to_date: Floats) -> Mixture:
    """Return the share member alone."""
    return pooled([share_member(history, year_to_date)], year_to_date.sum(1))


FLOW_METHODS: Mapping[str, Callable[[Floats, Floats], PastAnswer]] = {
    "run_rate": run_rate,
    "share": share,
    "pool2": pool2_flow,
    "structural": structural_flow,
    "pool": pool_flow,
}
LEVEL_METHODS: Mapping[str, Callable[[Floats, Floats], PastAnswer]] = {
    "straight_line": straight_line,
    "pool2": pool2_level,
    "structural": structural_level,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Brier and log loss (clipped at half a per cent) of the probabilities; of the total, the mean error and coverage.

    `total_error` is the mean of |median / outcome - 1|; `coverage` how often the 80 % interval held the outcome;
    `calibration_error` the mean distance of a decile's probabilities from what came, weighted by its size.
    """

    count: int
    brier: float
    log_loss: float
    total_error: float
    coverage: float
    calibration_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthScore:
    """The score with so many months of the year known."""

    months_known: int
    score: Score


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One method's answers scored: overall, by month known, by decile; `series_log_loss` is each series' own mean."""

    measure: str
    method: str
    series_count: int
    series_years: int
    milliseconds_each: float
    score: Score
    by_month: tuple[MonthScore, ...]
    calibration: tuple[Bin, ...]
    series_log_loss: tuple[tuple[str, float, int], ...]
    """(name, summed log loss, probabilities) of each series."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The mean log loss of `method` minus that of `against`, with a 95 % interval by resampling series."""

    method: str
    against: str
    difference: float
    low: float
    high: float


def backtest(
    questions: Sequence[Questions], method: str, *, progress: Callable[[int, int], None] | None = None
) -> Result:
    """Return how `method` would have answered with 1 to 11 months known.

    `progress` is called with (answered, all) as the work goes on.

    Raises:
        SystemExit: no such method for the measure, or nothing to ask.
    """
    if not questions:
        raise SystemExit("no year with enough complete years before it, four complete years expected")
    measure = questions[0].measure
    methods = FLOW_METHODS if measure == "flow" else LEVEL_METHODS
    if method not in methods:
        raise SystemExit(f"method: {method!r} given, one of {', '.join(methods)} expected for a {measure}")
    total = sum(len(one.series) for one in questions) * (MONTHS - 1)
    done, seconds = 0, 0.0
    chances, intervals = [], []
    for one in questions:
        chance = np.empty((len(one.series), MONTHS - 1, one.goals.shape[1]))
        interval = np.empty((len(one.series), MONTHS - 1, INTERVAL.size))
        for cases in _slices(len(one.series)):
            for months in range(1, MONTHS):
                started = perf_counter()
                answer = methods[method](one.history[cases], one.year[cases, :months])
                chance[cases, months - 1] = _chances(answer, one, cases, months)
                interval[cases, months - 1] = answer.quantiles(INTERVAL)
                seconds += perf_counter() - started
            done += (cases.stop - cases.start) * (MONTHS - 1)
            if progress is not None:
                progress(done, total)
        chances.append(chance)
        intervals.append(interval)
    return _result(questions, method, np.concatenate(chances), np.concatenate(intervals), 1000 * seconds / total)


def compare(one: Result, other: Result, *, resamples: int = RESAMPLES, seed: int = 1) -> Comparison:
    """Return how much better (below zero) or worse `one` is than `other` on the same questions.

    Raises:
        SystemExit: they answered different questions.
    """
    names = [name for name, *_ in one.series_log_loss]
    if names != [name for name, *_ in other.series_log_loss]:
        raise SystemExit(f"compare: {one.method} and {other.method} answered different questions")
    difference = np.array(
        [
            first - second
            for (_, first, _), (_, second, _) in zip(one.series_log_loss, other.series_log_loss, strict=True)
        ]
    )
    count = np.array([count for *_, count in one.series_log_loss])
    chosen = np.random.default_rng(seed).integers(0, len(names), (resamples, len(names)))
    means = difference[chosen].sum(1) / count[chosen].sum(1)
    low, high = np.percentile(means, CENTRAL_95)
    return Comparison(
        method=one.method,
        against=other.method,
        difference=float(difference.sum() / count.sum()),
        low=float(low),
        high=float(high),
    )


def score(probability: Floats, attained: npt.NDArray[np.bool_], interval: Floats, outcome: Floats) -> Score:
    """Return the score of probabilities (..., g) and intervals (..., 3) of low, median, high about `outcome` (...)."""
    low, median, high = np.moveaxis(interval, -1, 0)
    bins = calibration(probability, attained)
    return Score(
        count=probability.size,
        brier=float(((probability - attained) ** 2).mean()),
        log_loss=float(log_losses(probability, attained).mean()),
        total_error=float(np.abs(median / outcome - 1).mean()),
        coverage=float(((low <= outcome) & (outcome <= high)).mean()),
        calibration_error=sum(abs(one.predicted - one.attained) * one.count for one in bins) / probability.size,
    )


def _slices(count: int) -> list[slice]:
    return [slice(start, min(start + AT_ONCE, count)) for start in range(0, count, AT_ONCE)]


def _chances(answer: PastAnswer, one: Questions, cases: slice, months: int) -> Floats:
    """Return the probabilities; a flow's goal that is reached already is certain for every method."""
    found = answer.exceeding(one.goals[cases])
    if one.measure != "flow":
        return found
    return np.where(one.year[cases, :months].sum(1)[:, None] >= one.goals[cases], 1.0, found)


def _result(
    questions: Sequence[Questions], method: str, chance: Floats, interval: Floats, milliseconds: float
) -> Result:
    outcome = np.concatenate([one.outcome for one in questions])[:, None].repeat(MONTHS - 1, 1)
    attained = np.concatenate([one.attained for one in questions])[:, None, :].repeat(MONTHS - 1, 1)
    losses = log_losses(chance, attained)
    by_series: dict[str, list[float]] = {}
    for name, loss in zip((name for one in questions for name in one.series), losses, strict=True):
        sums = by_series.setdefault(name, [0.0, 0])
        sums[0] += float(loss.sum())
        sums[1] += loss.size
    return Result(
        measure=questions[0].measure,
        method=method,
        series_count=len(by_series),
        series_years=len(outcome),
        milliseconds_each=milliseconds,
        score=score(chance, attained, interval, outcome),
        by_month=tuple(
            MonthScore(months_known=m + 1, score=score(chance[:, m], attained[:, m], interval[:, m], outcome[:, m]))
            for m in range(MONTHS - 1)
        ),
        calibration=calibration(chance, attained),
        series_log_loss=tuple((name, loss, int(count)) for name, (loss, count) in sorted(by_series.items())),
    )
