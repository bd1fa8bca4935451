"""Measure totals as users meet them, from year-to-date sums alone: `python sums.py --beyond series.csv`.

Sums are known at the ends of months 2, 3, 6, 8 and 10, and those of none to three past years to the same evenings;
goals are last year's total and 5 and 10 % more. Each family's log loss and coverage of the 80 % interval, beside those
of the rule before (a scale that learned nothing from the year's own figures). Counts are forecast as counts.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from questions import flow_questions
from scipy.special import stdtr, stdtrit
from series import PUBLIC, beyond, family, flows

from targetwatch.evaluation.forecast import Evening, aim, is_count, predict_count, predict_total

if TYPE_CHECKING:
    from questions import MonthlySeries

    from targetwatch.evaluation.forecast.prediction import Prediction

KNOWN = (2, 3, 6, 8, 10)
GOALS = np.array([1.0, 1.05, 1.1])
CLIP = 0.005
INTERVAL = (0.1, 0.9)
OLD_SCALES = (
    np.array([0.254, 0.208, 0.178, 0.170, 0.153, 0.146, 0.153, 0.170, 0.208, 0.241, 0.281]),
    0.7 * np.array([0.197, 0.161, 0.153, 0.139, 0.139, 0.132, 0.132, 0.132, 0.139, 0.146, 0.170]),
    0.6 * np.array([0.170, 0.139, 0.132, 0.125, 0.125, 0.119, 0.119, 0.125, 0.132, 0.132, 0.153]),
)


def main() -> None:
    """Print a line for each family, and both sets."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--beyond", type=Path, help="the series that beyond.py writes")
    parser.add_argument("--most", type=int, help="so many series-years of a family at most, drawn at random")
    asked = parser.parse_args()
    families: dict[str, list[MonthlySeries]] = {} if asked.beyond is None else beyond(asked.beyond)
    for one in flows():
        families.setdefault(family(one.name), []).append(one)
    found = {name: _measured(series, asked.most) for name, series in families.items()}
    found = {name: scores for name, scores in found.items() if scores.size}
    for years in range(4):
        print(f"{years} past years: log loss and cover before, log loss and cover now")
        for name, scores in found.items():
            print(f"  {name:10} {len(scores):5} {_line(scores[:, years])}")
        for title, is_public in (("public", True), ("beyond", False)):
            chosen = [scores[:, years] for name, scores in found.items() if (name in PUBLIC) is is_public]
            if chosen:
                print(f"  {title:16} {_line(np.concatenate(chosen))}", flush=True)


def _line(scores: np.ndarray) -> str:
    before, covered, now, covers = np.nanmean(scores, (0, 1))
    return f"{before:.4f} {covered:.3f}   {now:.4f} {covers:.3f}   {now - before:+.4f}"


def _measured(series: list[MonthlySeries], most: int | None) -> np.ndarray:
    """Return (series-years, past years 0..3, months, (old loss, old cover, loss, cover))."""
    cases = [
        (history[-3:], year)
        for one in flow_questions(series)
        for history, year in zip(one.history, one.year, strict=True)
    ]
    if most is not None and len(cases) > most:
        chosen = np.random.default_rng(1).permutation(len(cases))[:most]
        cases = [cases[number] for number in chosen]
    return np.array(
        [[[_scores(past[3 - k :], past[-1], year, m) for m in KNOWN] for k in range(4)] for past, year in cases]
    )


def _scores(past: np.ndarray, last: np.ndarray, year: np.ndarray, months: int) -> tuple[float, ...]:
    so_far, total, goals = year[:months].sum(), year.sum(), last.sum() * GOALS
    pairs = [(float(one[:months].sum()), float(one[months:].sum())) for one in past]
    evenings = [
        Evening(float(m), float(year[:m].sum()), float(last[:m].sum()) if len(past) else None)
        for m in KNOWN
        if m <= months
    ]
    facts = {"actual": float(so_far), "months_known": float(months), "past": pairs, "evenings": evenings}
    known = [one.total for one in evenings] + [to_date + rest for to_date, rest in pairs]
    yearly = max([so_far * 12 / months, *(to_date + rest for to_date, rest in pairs)])
    wanted = aim("at_least", float(goals[0]), None, grows=True)
    counted = is_count(known, yearly=yearly)
    found = predict_count(wanted, **facts) if counted else predict_total(wanted, **facts)
    return (*_before(so_far, months, pairs, goals, total), *_now(found, goals, total, counted=counted))


def _now(found: Prediction | None, goals: np.ndarray, total: float, *, counted: bool) -> tuple[float, float]:
    if found is None:
        return np.nan, np.nan
    asked = np.ceil(goals) - 0.5 if counted else goals
    chance = found.answers.predicted.exceeding(asked[None] / found.unit)[0]
    low, _, high = (end * found.unit for end in found.answers.intervals[0])
    return _loss(chance, total >= goals), float(low <= total * (1 + 1e-12) and total * (1 - 1e-12) <= high)


def _before(
    so_far: float, months: int, pairs: list[tuple[float, float]], goals: np.ndarray, total: float
) -> tuple[float, float]:
    years = len(pairs)
    scale = OLD_SCALES[min(years, 2)][months - 1]
    if years:
        logs = np.log([rest / to_date for to_date, rest in pairs])
        start = np.log(pairs[-1][0])
        middle = start + 0.8 * (np.log(so_far) - start) + 0.7 * logs[-1] + 0.3 * logs.mean()
        if years > 1:
            scale = np.sqrt((scale**2 + (years - 1) * logs.var(ddof=1) * (1 + 1 / years)) / years)
    else:
        middle = np.log(so_far) + np.log((12 - months) / months)
    rest = goals - so_far
    z = (middle - np.log(np.where(rest > 0, rest, 1.0))) / scale
    away = abs(np.log(max(total - so_far, 1e-300)) - middle) / scale
    return _loss(np.where(rest > 0, stdtr(3, z), 1.0), total >= goals), float(away <= stdtrit(3, INTERVAL[1]))


def _loss(chance: np.ndarray, attained: np.ndarray) -> float:
    clipped = np.clip(chance, CLIP, 1 - CLIP)
    return float(-np.log(np.where(attained, clipped, 1 - clipped)).mean())


if __name__ == "__main__":
    main()
